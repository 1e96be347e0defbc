"""What `run` and `report` do: count, judge the query's claims, and write the page."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from patentscope.cli.verb import CACHE, RUN, VERBOSE, argument, date, hits, verb
from patentscope.cli.verbs_fetch import FAMILIES, MOST_GIB, QUERY, SHIPPED, SOURCE
from patentscope.query.query import ENGINES

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
    argument("--stated-total", metavar="N", type=hits, help="hits that the sites state, for all inputs together"),
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
    argument("--engine", choices=ENGINES, help="what counts, and reads --candidates (default: as the query says)"),
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
    from patentscope.cli.record_lines import record_lines, tell_what_was_kept
    from patentscope.pipeline import run as carry_out
    from patentscope.query.query import Query

    query = Query.load(options.query)
    asked = {name: getattr(options, name) for name in _AS_GIVEN}
    with progress() as tell:
        done = carry_out(query, sources=options.source, inputs=options.input, **asked, progress=tell)
    kept = {"labels": done.labels} if done.labels else {}
    known = {"known": done.known} if done.known else {}
    yield {"run": str(done.path), "claims": done.verdicts, "skipped": done.folder.skipped, **kept, **known}
    yield from record_lines(done, query, verbose=options.verbose)
    yield from _known_lines(done.known) if known else []
    for claim in done.verdicts:
        named = {"query": options.query, "files": options.input or ()}
        yield from answer_lines(claim, options.out or query.name, **named, verbose=options.verbose)
    tell_what_was_kept(done)
    yield f"Report: {done.path / 'report.html'}"


def _address(text: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(text)
    if parts.scheme not in {"https", "http"} or not parts.hostname or any(mark.isspace() for mark in text):
        raise argparse.ArgumentTypeError(f"{text!r} is no address; write it like https://example.org/claim")
    return text


def _past(text: str) -> dt.date:
    day = date(text)
    if day > dt.date.today():  # noqa: DTZ011 - a day by the reviewer's own calendar
        raise argparse.ArgumentTypeError(f"{text} is still to come; a review is dated by the day on which it was made")
    return day


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
    argument("--open", action="store_true", help="open the page in your browser"),
    argument("--by", metavar="NAME", help="who reviews the claims, for claimreview.json; kept nowhere else"),
    argument("--url", metavar="URL", type=_address, help="where the review can be read"),
    argument("--reviewed", metavar="DATE", type=_past, help="the day of the review, its `datePublished`"),
    examples=(
        "report rare-earth-recycling --open",
        "report rare-earth-recycling --charts charts",
        'report rare-earth-recycling --by "The Daily" --url https://example.org/claim --reviewed 2026-11-27',
    ),
)
def report(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `report`."""
    import webbrowser

    from patentscope.provenance.run_folder import find_run
    from patentscope.report.page import stills

    folder = find_run(options.run)
    stills.begin()
    from patentscope.report.charts.all_charts import save_all
    from patentscope.report.papers.write import Review
    from patentscope.report.write import write_report

    with folder.alone():
        write_report(folder, Review(options.by, options.url, options.reviewed))
        folder.made_again("report")
    path = folder.file("report.html")
    saved = [str(chart) for chart in save_all(folder, Path(options.charts))] if options.charts else []
    if options.open and not webbrowser.open(path.resolve().as_uri()):
        print("No browser could be opened from here; open the page yourself.", file=sys.stderr)
    yield {"report": str(path), "bytes": path.stat().st_size, "charts": saved}
    yield f"Report: {path}"
    if saved:
        yield f"Charts: {len(saved)} files in {options.charts}"
