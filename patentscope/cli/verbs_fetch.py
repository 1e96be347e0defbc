"""What `fetch` does: fill the cache, or only count, or print the SQL for BigQuery."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentscope.cli.printing import table_lines
from patentscope.cli.verb import CACHE, argument, date, verb
from patentscope.errors import UsageError

if TYPE_CHECKING:
    from patentscope.fetch.asking import Asking
    from patentscope.provenance.progress import Progress
    from patentscope.query.query import Query

_SPAN = re.compile(r"(\d{4})(?:\.\.(\d{4}))?")


def _years(text: str) -> tuple[int, int]:
    """Return a span of years, written `2010..2025` or `2024`."""
    match = _SPAN.fullmatch(text)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if first > last:
        raise argparse.ArgumentTypeError(f"{text!r}: expected years such as 2010..2025")
    return first, last


SHIPPED = "rare-earth-recycling"
QUERY = argument(
    "query", metavar="QUERY", help="a query file, or the name of one in ./queries or of one that ships; it comes first"
)
SOURCE = argument(
    "--source", metavar="NAME", nargs="+", action="extend", help="whom to ask (default: the query's own sources)"
)
FAMILIES = argument("--families", action="store_true", help="fetch all members of each family, too (ops)")
MOST_GIB = argument(
    "--most-gib", metavar="GIB", type=float, default=0.0, help="what bigquery may bill, in GiB (default: 0)"
)


@verb(
    "fetch",
    "fill the cache; say what is complete; continue where it stopped",
    QUERY,
    SOURCE,
    CACHE,
    FAMILIES,
    MOST_GIB,
    argument("--not-before", metavar="DATE", type=date, help="ask again what was answered before this date"),
    argument(
        "--count", metavar="OFFICE", nargs="+", action="extend", help="only count, by office and year: CN US JP AU"
    ),
    argument("--years", metavar="A..B", type=_years, help="with --count: these years, not the query's own"),
    argument("--sql", action="store_true", help="only print the SQL for BigQuery, to run it by hand"),
    examples=(
        f"fetch {SHIPPED} --source ops --count CN US JP AU",
        f"fetch {SHIPPED} --source surechembl --count CN US JP --years 2010..2025",
        f"fetch {SHIPPED} --source ops --families",
        f"fetch {SHIPPED} --source surechembl",
        f"fetch {SHIPPED} --sql",
    ),
    usage="%(prog)s QUERY [--source NAME ...] [options]",
)
def fetch(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `fetch`."""
    from patentscope.cli.progress import progress
    from patentscope.fetch.bigquery.sql import statement
    from patentscope.fetch.catalogue import Origins, gather
    from patentscope.provenance.ledger import as_json
    from patentscope.provenance.search import in_words
    from patentscope.query.edition import remarks
    from patentscope.query.query import Query

    query = Query.load(options.query)
    for remark in remarks(query):
        print(remark, file=sys.stderr)
    if options.years and not options.count:
        raise UsageError("--years goes with --count; a fetch of records takes its years from the query")
    if options.count:
        yield from _count(options, query)
        return
    if options.sql:
        sql = statement(query)
        yield {"sql": sql}
        yield sql.removesuffix("\n")
        return
    with progress() as tell:
        fetched = gather(query, _asking(options, tell), Origins(options.source or query.sources))
    yield [as_json(one.source) for one in fetched]
    for one in fetched:
        yield f"{in_words(as_json(one.source))}; {one.source.note}"
        for piece in one.source.slices:
            if piece["stated"] != piece["received"]:
                yield f"  {piece['part']} {piece['where']}: {piece['received']} of {piece['stated']}"


def _asking(options: argparse.Namespace, tell: Callable[[Progress], None]) -> Asking:
    from patentscope.fetch.asking import Asking

    asked = {name: getattr(options, name) for name in ("not_before", "families", "most_gib")}
    return Asking(Path(options.cache), **asked, progress=tell)


def _count(options: argparse.Namespace, query: Query) -> Iterator[Any]:
    """Give what sources state by search, office and year; nothing is pulled."""
    from patentscope.cli.progress import progress
    from patentscope.fetch.catalogue import count
    from patentscope.fetch.stated import place_of

    query = replace(query, years=options.years or query.years)
    sources = list(dict.fromkeys(options.source or query.sources))
    offices = list(dict.fromkeys(code.upper() for code in options.count))
    with progress() as tell:
        rows = count(query, _asking(options, tell), sources, offices)
    yield [row._asdict() for row in rows]
    cells = (
        (row.source, row.part, row.office, str(row.year), "at least" * row.is_at_least, row.stated, str(row.asked_on))
        for row in rows
    )
    yield from table_lines(cells, "source", "search", "office", "year", "", "hits", "asked on")
    for name in sources:
        yield f"kept in {place_of(Path(options.cache), query.name, name)}; `run` copies it as stated.csv"
