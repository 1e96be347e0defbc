"""What `run` and `report` do: count, judge the query's claims, and write the page."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentscope.cli.verb import CACHE, RUN, VERBOSE, argument, date, verb
from patentscope.cli.verbs_fetch import FAMILIES, MOST_GIB, QUERY, SHIPPED, SOURCE
from patentscope.query.query import ENGINES

if TYPE_CHECKING:
    from patentscope.report.run import Run

#: What `pipeline.run` takes under the name of its option.
_AS_GIVEN = (
    *("complete", "stated_total", "retrieved", "sample", "offline", "as_of"),
    *("families", "most_gib", "engine", "candidates", "known", "cache", "out"),
)

#: Known documents that are named where they are not in the records.
_NAMED = 10


@verb(
    "run",
    "count, judge the query's claims, and write the report",
    QUERY,
    argument("--sample", action="store_true", help="run on the embedded sample (233 real records)"),
    SOURCE,
    argument("--input", metavar="FILE", nargs="+", action="extend", help="exported files, in any format"),
    argument(
        "--complete", metavar="FILE", nargs="*", help="these inputs, or all, hold every hit of their search: your word"
    ),
    argument("--stated-total", metavar="N", type=int, help="hits that the sites state, for all inputs together"),
    argument("--retrieved", metavar="DATE", type=date, help="when the inputs were exported, if they don't say"),
    argument(
        "--candidates",
        action="store_true",
        help="from --input, parquet in our own columns, read only the families that may be on topic",
    ),
    argument("--known", metavar="NUMBERS.txt", help="numbers, one a line, of documents that a search should find"),
    CACHE,
    argument("--offline", action="store_true", help="ask nobody: answer from the cache, without a key"),
    argument("--out", metavar="DIR", help="the run's folder (default: ./runs/NAME)"),
    argument(
        "--as-of", metavar="DATE", type=date, help="count what was published by then (default: by the data's date)"
    ),
    argument("--engine", choices=ENGINES, help="where the heavy pass runs (default: as the query says)"),
    FAMILIES,
    MOST_GIB,
    VERBOSE,
    examples=(
        f"run {SHIPPED} --sample",
        f"run {SHIPPED} --input lens-cn.csv lens-us.csv lens-jp.csv lens-au.csv --out runs/lens",
        f"run {SHIPPED} --input lens-cn.csv --complete --stated-total 812 --retrieved 2026-11-27",
        f"run {SHIPPED} --input world.parquet --candidates --engine spark",
        f"run {SHIPPED} --input lens.csv --known numbers.txt",
        f"run {SHIPPED} --source ops --families",
        f"run {SHIPPED} --source ops --families --offline",
    ),
    # An option that takes several names would take the query, too, if it came last.
    usage="%(prog)s QUERY [--sample | --source NAME ... | --input FILE ...] [options]",
)
def run(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `run`."""
    from patentscope.cli.answer_lines import answer_lines
    from patentscope.cli.progress import progress
    from patentscope.pipeline import run as carry_out
    from patentscope.query.query import Query

    query = Query.load(options.query)
    asked = {name: getattr(options, name) for name in _AS_GIVEN}
    with progress() as tell:
        done = carry_out(query, sources=options.source, inputs=options.input, **asked, progress=tell)
    kept = {"labels": done.labels} if done.labels else {}
    known = {"known": done.known} if done.known else {}
    yield {"run": str(done.path), "claims": done.verdicts, "skipped": done.folder.skipped, **kept, **known}
    yield from _record_lines(done, verbose=options.verbose)
    yield from _known_lines(done.known) if known else []
    for claim in done.verdicts:
        named = {"query": options.query, "files": options.input or ()}
        yield from answer_lines(claim, options.out or query.name, **named, verbose=options.verbose)
    if done.folder.skipped:
        print(f"Unchanged, so not done again: {', '.join(done.folder.skipped)}", file=sys.stderr)
    if kept:
        aims = ", ".join(f"{n} for {aim}" for aim, n in done.labels["notes"]["labels"].items())
        print(f"Labels applied to this run before were kept, and counted with: {aims}", file=sys.stderr)
    yield f"Report: {done.path / 'report.html'}"


def _record_lines(done: Run, *, verbose: bool) -> Iterator[str]:
    """Yield how many records a run is on, how many are on topic, of which date, and whether the searches are whole."""
    from patentscope.provenance.search import told, told_together
    from patentscope.provenance.state import dated
    from patentscope.report.wording import untold_units

    taken, classified = (done.folder.state["stages"][place] for place in (0, 1))
    tells_families = "family" not in untold_units(done.folder)
    prefix = "families in " if tells_families else "publications in "
    on_topic = {key.removeprefix(prefix): n for key, n in classified["notes"].items() if key.startswith(prefix)}
    if "rows of the collection" in taken["notes"]:
        rows, kept = (taken["notes"][f"rows of {what}"] for what in ("the collection", "candidate families"))
        yield f"{rows:,} rows in the collection, {kept:,} of them of inventions that may be on topic"
    inventions = f" of {classified['rows_in']:,} inventions" if tells_families else ""
    first = next(iter(on_topic.values()), 0)
    yield f"{taken['rows_out']:,} publications{inventions}, {first:,} of them on topic; {dated(done.folder.state)}"
    if not any(on_topic.values()):
        yield "  None is on topic: look at the classes and terms of the query, and at what was searched for."
    if verbose:
        yield f"On topic by definition: {', '.join(f'{name} {n:,}' for name, n in on_topic.items())}"
    yield from told(done.folder.state) if verbose else told_together(done.folder.state)
    yield ""


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise argparse.ArgumentTypeError(f"{text!r} is no address; write it like https://example.org/claim")
    return text


def _known_lines(known: Mapping[str, Any]) -> Iterator[str]:
    """Yield how many known documents are in the records, and by which reading; say which lines are no number."""
    for line in known["wrong"]:
        print(f"{known['file']}, line {line['line']}: {line['number']!r} is no publication number", file=sys.stderr)
    n = known["documents"]
    by_reading = ", ".join(f"{reading} {found:,} ({found / n:.0%})" for reading, found in known["readings"].items())
    yield f"{known['found']:,} of {n:,} known documents are in the records; on topic: {by_reading}"
    if known["not_found"]:
        more = len(known["not_found"]) - _NAMED
        named = ", ".join(known["not_found"][:_NAMED])
        yield f"  Not in the records: {named}{f' and {more:,} more' if more > 0 else ''}"
    yield "  Why each definition takes or leaves a document: known.csv"
    yield ""


@verb(
    "report",
    "write the page again, from a finished run",
    RUN,
    argument("--charts", metavar="DIR", help="save every chart there, too, as SVG and PNG"),
    argument("--by", metavar="NAME", help="who reviews the claims, for claimreview.json"),
    argument("--url", metavar="URL", type=_address, help="where the review can be read"),
    argument("--reviewed", metavar="DATE", type=date, help="the day of the review, its `datePublished`"),
    examples=(
        "report rare-earth-recycling",
        "report rare-earth-recycling --charts charts",
        'report rare-earth-recycling --by "The Daily" --url https://example.org/claim --reviewed 2026-11-27',
    ),
)
def report(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `report`."""
    from patentscope.provenance.run_folder import find_run
    from patentscope.report.charts.all_charts import save_all
    from patentscope.report.papers.write import Review
    from patentscope.report.write import write_report

    folder = find_run(options.run)
    with folder.alone():
        write_report(folder, Review(options.by, options.url, options.reviewed))
        folder.made_again("report")
    path = folder.file("report.html")
    saved = [str(chart) for chart in save_all(folder, Path(options.charts))] if options.charts else []
    yield {"report": str(path), "bytes": path.stat().st_size, "charts": saved}
    yield f"Report: {path}"
    if saved:
        yield f"Charts: {len(saved)} files in {options.charts}"
