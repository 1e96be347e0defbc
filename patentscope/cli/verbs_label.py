"""What `label` does: draw families for a reader, take the sheets back, hold two readers against each other."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from patentscope.cli.printing import table_lines
from patentscope.cli.verb import RUN, argument, verb
from patentscope.errors import UsageError

LABEL = "have families labelled by a reader, and carry the labels into the counts"


@verb(
    "label draw",
    "draw families to label, and write them as a sheet for a spreadsheet",
    RUN,
    argument("--per-country", metavar="N", type=int, required=True, help="families per country that the claims name"),
    argument("--out", metavar="SHEET.csv", required=True, help="the sheet to write"),
    argument(
        "--aim",
        choices=["audit", "train"],
        default="audit",
        help="audit: at random, to put counts right (default); train: the least certain, to teach the classifier",
    ),
    argument("--seed", metavar="N", type=int, default=0, help="of the draw; a larger draw holds the smaller"),
    argument("--years", metavar="YEAR", nargs=2, type=int, help="first and last year (default: the claims' own)"),
    examples=(
        "label draw rare-earth-recycling --per-country 100 --out sheet.csv",
        "label draw rare-earth-recycling --per-country 50 --aim train --years 2015 2024 --out teach.csv",
    ),
)
def draw(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `label draw`."""
    from patentscope.provenance.run_folder import find_run
    from patentscope.runs.label import draw as draw_sheet

    out = Path(options.out)
    if out.exists():
        raise UsageError(f"{out}: there is a file already, and it may hold a reader's work; name another")
    if not out.parent.is_dir():
        raise UsageError(f"{out}: there is no folder {out.parent}; make it first")
    years = (options.years[0], options.years[1]) if options.years else None
    run = find_run(options.run)
    sheet = draw_sheet(run, out, per_country=options.per_country, aim=options.aim, seed=options.seed, years=years)
    facts = {"sheet": str(sheet.path), "aim": options.aim, "seed": options.seed, "years": list(sheet.years)}
    yield {**facts, "rows": sheet.rows, "strata": sheet.strata}
    first, last = sheet.years
    yield f"{sheet.rows} families to label ({options.aim}) in {sheet.path}, with a date in {first}..{last}:"
    yield from table_lines(((row["stratum"], row["drawn"], "of", row["families"]) for row in sheet.strata), indent=2)
    line = shlex.join(["patentscope", "label", "apply", options.run, str(sheet.path)])
    yield f"Fill in the column `label` with in, borderline or out (the rule is in METHODS.md). Then:\n  {line}"


@verb(
    "label apply",
    "take sheets back, and count again with their labels",
    RUN,
    argument("sheets", metavar="SHEET.csv", nargs="+", help="all sheets of an aim; they replace its labels so far"),
    examples=("label apply rare-earth-recycling sheet.csv",),
)
def apply(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `label apply`."""
    from patentscope.cli.answer_lines import answer_lines
    from patentscope.cli.progress import progress
    from patentscope.pipeline import count_again
    from patentscope.provenance.run_folder import find_run
    from patentscope.runs.label import apply as take_back

    folder = find_run(options.run)
    taken = take_back(folder, [Path(name) for name in options.sheets])
    with progress() as tell:
        done = count_again(folder, tell)
    yield {"run": str(done.path), "labels": done.labels, "claims": done.verdicts, "skipped": folder.skipped}
    record = taken.record
    aims = ", ".join(f"{n} for {aim}" for aim, n in record.notes["taken"].items())
    yield f"{record.rows_in} rows = {record.rows_out} kept ({aims}) + {record.rows_in - record.rows_out} left out"
    for word, entries in (("left out", record.dropped), ("kept", record.gaps)):
        for reason in dict.fromkeys(loss.reason for loss in entries):
            by = ", ".join(f"{loss.country} {loss.count}" for loss in entries if loss.reason == reason)
            yield f"  {word}: {reason} ({by})"
    for claim in done.verdicts:
        yield from answer_lines(claim, options.run, verbose=False)
    yield f"Report: {done.path / 'report.html'}"


@verb(
    "label agree",
    "compare two readers' sheets: Cohen's kappa",
    argument("first", metavar="SHEET_A", help="one reader's sheet"),
    argument("second", metavar="SHEET_B", help="the other reader's"),
    examples=("label agree first-reader.csv second-reader.csv",),
)
def agree(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `label agree`."""
    from patentscope.runs.label import agree as compare

    agreement = compare(Path(options.first), Path(options.second))
    yield agreement
    parts = {"overall": agreement["overall"], **agreement["by"]}
    yield from table_lines(
        (name, f"{part['agreed']} of {part['families']} families alike", _kappa(part)) for name, part in parts.items()
    )
    names = ("in", "borderline", "out")
    table = agreement["overall"]["table"]
    rows = ((f"first reader: {one}", *(table[f"{one}_{other}"] for other in names)) for one in names)
    yield from table_lines(rows, "second reader:", *names)
    only, other, neither = (agreement[name] for name in ("only_first", "only_second", "neither"))
    yield f"Labelled by the first reader only: {only}, by the second only: {other}, by neither: {neither}"


def _kappa(part: dict[str, Any]) -> str:
    if part["kappa"] is None:
        return "kappa not defined (one label throughout)"
    return f"kappa {part['kappa']:.2f} ({part['low']:.2f} to {part['high']:.2f})"
