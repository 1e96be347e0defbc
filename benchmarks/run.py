"""Every piece timed against the peers that do it, side by side in one run: `make peers`.

    python benchmarks/run.py [FILE ...]     OPS answers (.xml) and exports (.csv) to time on; made ones where none are
        --labelled LABELS.csv ...           labelled texts to try the classifier on; without, only its speed is measured

Peers are installed from the package index into build/peers, one environment each. All figures are CPU seconds of this
run on this machine, so that only the ratios mean anything elsewhere.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from classifier import compare
from material import ROWS, answer, export
from peers import OURS, Timing, pooled, timed

from patentscope.fetch.cache import AnswerStore

PASSES = 3
_XML = (
    ("lxml, parse only", OURS, "xml_lxml"),
    ("expat, read only", OURS, "xml_expat"),
    ("patentscope", OURS, "xml_patentscope"),
    ("patent-client-agents 0.31.0", "patent-client-agents==0.31.0", "xml_patent_client_agents"),
    ("epo-ops-cli 0.1.0", "epo-ops-cli==0.1.0", "xml_epo_ops_cli"),
    ("patent_client 5.0.19", "patent-client==5.0.19", "xml_patent_client"),
)
_CSV = (
    ("patentscope", OURS, "csv_patentscope"),
    ("patentometria 0.4.1", "patentometria==0.4.1", "csv_patentometria"),
)


def table(title: str, unit: str, entries: tuple[tuple[str, str, str], ...], path: Path, rows: int) -> None:
    """Print a table of *entries* timed on *path*; the ratio is to the first line's median."""
    passes: dict[str, list[Timing]] = {}
    for _ in range(PASSES):  # in turn, so that a busy moment of the machine doesn't fall on one of them alone
        for name, requirement, piece in entries:
            timing = timed(requirement, piece, str(path))
            if timing is not None:
                passes.setdefault(name, []).append(timing)
    found = [(name, pooled(timings)) for name, timings in passes.items()]
    print(f"\n{title}")
    print(f"  {'':<30}{unit + '/CPU s, best':>22}{'median':>10}{'ratio':>8}{'rows':>10}{'MB':>7}")
    for name, timing in found:
        ratio = timing.median / found[0][1].median
        lost = f"  {rows - timing.rows:,} of {rows:,} lost" if timing.rows < rows else ""
        print(
            f"  {name:<30}{timing.best:>22,.0f}{timing.median:>10,.0f}{ratio:>8.2f}{timing.rows:>10,}"
            f"{timing.peak_mb:>7,}{lost}"
        )


def kept_bytes(path: Path, folder: Path) -> float:
    """Return the bytes on disk per document of an OPS answer of 100, kept as the cache keeps it."""
    store = AnswerStore(folder, "bench", "none")
    question = {"method": "GET", "url": "https://ops.epo.org/3.2/", "accept": "application/xml"}
    store.put("0" * 64, question, 200, {"content-type": "application/xml"}, path.read_bytes())
    return sum(entry.stat().st_size for entry in folder.rglob("*") if entry.is_file()) / 100


def main(paths: list[Path], labelled: list[Path]) -> None:
    """Time every piece, and the classifier last."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = answer([path for path in paths if path.suffix == ".xml"], folder)
        size = written.stat().st_size / 100 / 1000
        table(f"OPS XML to publications, 100 documents of {size:.1f} kB", "documents", _XML, written, 100)
        print(f"  kept in the cache: {kept_bytes(written, folder / 'kept'):,.0f} bytes a document")
        for path in [path for path in paths if path.suffix == ".csv"] or [None]:
            made = export(path, folder)
            table(f"{made.name}, {ROWS:,} rows to publications", "rows", _CSV, made, ROWS)
            made.unlink()
    compare(labelled)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--labelled", nargs="*", type=Path, default=[])
    options = parser.parse_args()
    main(options.files, options.labelled)
