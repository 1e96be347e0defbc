"""What `run` and `report` do: count, judge the query's claims, and write the page."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentscope.cli.verb import CACHE, RUN, argument, date, verb
from patentscope.cli.verbs_check import claim_lines
from patentscope.cli.verbs_fetch import FAMILIES, MOST_GIB, QUERY, SHIPPED, SOURCE
from patentscope.query.query import ENGINES

if TYPE_CHECKING:
    from patentscope.report.run import Run

#: What `pipeline.run` takes under the name of its option.
_AS_GIVEN = ("sample", "offline", "as_of", "families", "most_gib", "engine", "candidates", "cache", "out")


@verb(
    "run",
    "count, judge the query's claims, and write the report",
    QUERY,
    argument("--sample", action="store_true", help="run on the embedded sample (233 real records)"),
    SOURCE,
    argument("--input", metavar="FILE", nargs="+", help="exported files, in any format"),
    argument(
        "--candidates",
        action="store_true",
        help="from --input, parquet in our own columns, read only the families that may be on topic",
    ),
    CACHE,
    argument("--offline", action="store_true", help="ask nobody: answer from the cache, without a key"),
    argument("--out", metavar="DIR", help="the run's folder (default: ./runs/NAME)"),
    argument(
        "--as-of", metavar="DATE", type=date, help="count what was published by then (default: by the data's date)"
    ),
    argument("--engine", choices=ENGINES, help="where the heavy pass runs (default: as the query says)"),
    FAMILIES,
    MOST_GIB,
    examples=(
        f"run {SHIPPED} --sample",
        f"run {SHIPPED} --input lens-cn.csv lens-us.csv lens-jp.csv lens-au.csv --out runs/lens",
        f"run {SHIPPED} --input world.parquet --candidates --engine spark",
        f"run {SHIPPED} --source ops --families",
        f"run {SHIPPED} --source ops --families --offline",
    ),
    # An option that takes several names would take the query, too, if it came last.
    usage="%(prog)s QUERY [--sample | --source NAME ... | --input FILE ...] [options]",
)
def run(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `run`."""
    from patentscope.cli.progress import progress
    from patentscope.pipeline import run as carry_out
    from patentscope.query.query import Query

    query = Query.load(options.query)
    asked = {name: getattr(options, name) for name in _AS_GIVEN}
    with progress() as tell:
        done = carry_out(query, sources=options.source, inputs=options.input, **asked, progress=tell)
    kept = {"labels": done.labels} if done.labels else {}
    yield {"run": str(done.path), "claims": done.verdicts, "skipped": done.folder.skipped, **kept}
    yield from _record_lines(done)
    for claim in done.verdicts:
        yield from claim_lines(claim)
    if done.folder.skipped:
        print(f"Unchanged, so not done again: {', '.join(done.folder.skipped)}", file=sys.stderr)
    if kept:
        aims = ", ".join(f"{n} for {aim}" for aim, n in done.labels["notes"]["labels"].items())
        print(f"Labels applied to this run before were kept, and counted with: {aims}", file=sys.stderr)
    yield f"Report: {done.path / 'report.html'}"


def _record_lines(done: Run) -> Iterator[str]:
    """Yield how many records a run is on, and how many families (or publications) each reading puts on topic."""
    from patentscope.report.wording import untold_units

    taken, classified = (done.folder.state["stages"][place] for place in (0, 1))
    tells_families = "family" not in untold_units(done.folder)
    prefix = "families in " if tells_families else "publications in "
    on_topic = {key.removeprefix(prefix): n for key, n in classified["notes"].items() if key.startswith(prefix)}
    by_reading = ", ".join(f"{reading} {n:,}" for reading, n in on_topic.items())
    if "rows of the collection" in taken["notes"]:
        rows, kept = (taken["notes"][f"rows of {what}"] for what in ("the collection", "candidate families"))
        yield f"{rows:,} rows in the collection, {kept:,} of them of families that may meet a reading of the query"
    families = f" in {classified['rows_in']:,} simple families" if tells_families else ""
    yield f"{taken['rows_out']:,} publications{families}; on topic: {by_reading}"
    if not any(on_topic.values()):
        yield "  None is on topic: look at the classes and terms of the query, and at what was searched for."
    yield ""


@verb(
    "report",
    "write the page again, from a finished run",
    RUN,
    argument("--charts", metavar="DIR", help="save every chart there, too, as SVG and PNG"),
    examples=("report rare-earth-recycling", "report rare-earth-recycling --charts charts"),
)
def report(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `report`."""
    from patentscope.provenance.run_folder import find_run
    from patentscope.report.charts.all_charts import save_all
    from patentscope.report.write import write_report

    folder = find_run(options.run)
    write_report(folder)
    path = folder.file("report.html")
    saved = [str(chart) for chart in save_all(folder, Path(options.charts))] if options.charts else []
    yield {"report": str(path), "bytes": path.stat().st_size, "charts": saved}
    yield f"Report: {path}"
    if saved:
        yield f"Charts: {len(saved)} files in {options.charts}"
