"""What a run is on, as a person reads it on a terminal: its records, their date, and whether the searches are whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patentscope.query.query import Query
    from patentscope.report.run import Run


def record_lines(done: Run, query: Query, *, verbose: bool) -> Iterator[str]:
    """Yield how many records a run of *query* is on, how many on topic, of which date, and if all is there."""
    from patentscope.provenance.search import told, told_together
    from patentscope.provenance.state import dated
    from patentscope.query.made import is_made, topic_of
    from patentscope.report.wording import untold_units

    stages = {entry["stage"]: entry for entry in done.folder.state["stages"]}
    taken, classified = stages["publications"], stages["classify"]
    tells_families = "family" not in untold_units(done.folder)
    prefix = "families in " if tells_families else "publications in "
    on_topic = {key.removeprefix(prefix): n for key, n in classified["notes"].items() if key.startswith(prefix)}
    if "rows of the collection" in taken["notes"]:
        rows, kept = (taken["notes"][f"rows of {what}"] for what in ("the collection", "candidate families"))
        yield f"{rows:,} rows in the collection, {kept:,} of them of inventions that may be on topic"
    inventions = f" of {classified['rows_in']:,} inventions" if tells_families else ""
    first = next(iter(on_topic.values()), 0)
    of_these = "" if query.readings[0].takes_all else f", {first:,} of them on topic"
    yield f"{taken['rows_out']:,} publications{inventions}{of_these}; {dated(done.folder.state)}"
    if not taken["rows_out"]:
        yield "  There is no record to count: see whether the search found anything, and export it again."
    elif not first and is_made(query.text):
        yield f"  None holds the words of the topic: {topic_of(query)}. Use other words, or leave out --topic."
    elif not any(on_topic.values()):
        yield "  None is on topic: look at the classes and terms of the query, and at what was searched for."
    if verbose:
        yield f"On topic by definition: {', '.join(f'{name} {n:,}' for name, n in on_topic.items())}"
    yield from told(done.folder.state) if verbose else told_together(done.folder.state)
    yield ""


def tell_what_was_kept(done: Run) -> None:
    """Say on stderr which stages were not done again, and which labels were counted with."""
    if done.folder.skipped:
        print(f"Unchanged, so not done again: {', '.join(done.folder.skipped)}", file=sys.stderr)
    if done.labels:
        aims = ", ".join(f"{n} for {aim}" for aim, n in done.labels["notes"]["labels"].items())
        print(f"Labels applied to this run before were kept, and counted with: {aims}", file=sys.stderr)
