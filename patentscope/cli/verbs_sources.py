"""What `sources` does: list who can be asked, and the searches to export by hand."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from patentscope.cli.printing import print_json, print_table
from patentscope.cli.verb import CACHE, argument, verb
from patentscope.cli.verbs_fetch import SHIPPED

if TYPE_CHECKING:
    from patentscope.fetch.by_hand import Search

_SHOWN = ("covers", "needs", "set_up", "kept", "licence", "how")


@verb(
    "sources",
    "list who can be asked, what each covers and needs, and what is kept of it",
    CACHE,
    argument("--query", metavar="QUERY", help="print this query's searches to export by hand, too"),
    argument("--reading", metavar="NAME", nargs="+", help="for these readings (default: the first; or `all`)"),
    examples=("sources", "sources --query queries/offshore-wind-foundations.toml --reading class_strict terms"),
)
def sources(options: argparse.Namespace) -> int:
    """Carry out `sources`."""
    from dataclasses import asdict

    from patentscope.fetch.by_hand import searches
    from patentscope.fetch.catalogue import catalogue
    from patentscope.query.query import Query

    known = catalogue(Path(options.cache))
    query = options.query or (SHIPPED if Path(SHIPPED).is_file() else "")  # the package alone brings no queries
    by_hand = searches(Query.load(query), options.reading or ()) if query else []
    if options.json:
        print_json([*known, {"name": "by hand", "searches": [asdict(search) for search in by_hand]}])
        return 0
    for source in known:
        print(source["name"])
        print_table(((name.replace("_", " "), source[name]) for name in _SHOWN if source[name]), indent=2)
    _print_by_hand(by_hand, query)
    return 0


def _print_by_hand(by_hand: list[Search], query: str) -> None:
    """Print the searches to export by hand, ready to paste, what the exports lack, and the run that follows."""
    from patentscope.fetch.by_hand import ASK, SITES

    print(f"\n{ASK}")
    if not by_hand:
        print("  patentscope sources --query QUERY   (`patentscope new NAME` writes a query to start from)")
        return
    for site in SITES:
        print(f"\n{site.name}: {site.address}\n  {site.remark}\n  The export lacks: {site.lacks}.")
        for search in by_hand:
            if search.site == site.name:
                print(f"\n{search.office}, saved as {search.file}:\n{search.text}")
    files = " ".join(search.file for search in by_hand if search.site == SITES[0].name)
    print(f"\nThen: patentscope run {query} --input {files}")
