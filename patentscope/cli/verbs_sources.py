"""What `sources` does: list who can be asked, and the searches to export by hand."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from patentscope.cli.printing import table_lines
from patentscope.cli.search_lines import ASK, site_lines
from patentscope.cli.verb import CACHE, argument, verb
from patentscope.query.shipped import shipped

_SHOWN = ("covers", "needs", "set_up", "kept", "licence", "how")


@verb(
    "sources",
    "list who can be asked, what each covers and needs, and what is kept of it",
    CACHE,
    argument("--query", metavar="QUERY", help="print the searches of this query, file or name, to export by hand, too"),
    argument(
        "--reading",
        metavar="NAME",
        nargs="+",
        action="extend",
        help="for these readings (default: the first; or `all`)",
    ),
    examples=("sources", "sources --query offshore-wind-foundations --reading class_strict terms"),
)
def sources(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `sources`."""
    from dataclasses import asdict

    from patentscope.fetch.by_hand import first_year, searches
    from patentscope.fetch.catalogue import catalogue
    from patentscope.query.commands import quoted
    from patentscope.query.edition import remarks
    from patentscope.query.query import Query

    known = catalogue(Path(options.cache))
    asked = Query.load(options.query) if options.query else None
    for remark in remarks(asked) if asked else ():
        print(remark, file=sys.stderr)
    by_hand = searches(asked, options.reading or ()) if asked else []
    years = {"publication_years_from": first_year(asked)} if asked else {}
    yield [*known, {"name": "by hand", **years, "searches": [asdict(search) for search in by_hand]}]
    for source in known:
        yield source["name"]
        yield from table_lines(((name.replace("_", " "), source[name]) for name in _SHOWN if source[name]), indent=2)
    yield f"\n{ASK}"
    if asked is None:
        yield f"  patentscope sources --query QUERY   (a file, or one that ships: {', '.join(shipped())};"
        yield "                                       `patentscope new NAME` writes a query to start from)"
        yield '  patentscope check "CLAIM" --topic "WORDS; WORDS"   (without a query)'
    elif by_hand:
        command = f"patentscope run {quoted(options.query)} --input {by_hand[0].file}"
        yield from site_lines(asked, by_hand, command=command)
