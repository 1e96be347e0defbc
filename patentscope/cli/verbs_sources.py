"""What `sources` does: list who can be asked, and the searches to export by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from patentscope.cli.verbs import print_json

if TYPE_CHECKING:
    import argparse

    from patentscope.fetch.by_hand import Search

#: What is shown without `--query`, in a clone; the package alone brings no queries, but `new` writes one.
_SHIPPED = "queries/rare-earth-recycling.toml"


def sources(options: argparse.Namespace) -> int:
    """Carry out `sources`."""
    from dataclasses import asdict  # noqa: PLC0415

    from patentscope.fetch.by_hand import searches  # noqa: PLC0415
    from patentscope.fetch.catalogue import catalogue  # noqa: PLC0415
    from patentscope.query.query import Query  # noqa: PLC0415

    found = catalogue(Path(options.cache))
    query = options.query or (_SHIPPED if Path(_SHIPPED).is_file() else "")
    by_hand = searches(Query.load(query), options.reading or ()) if query else []
    if options.json:
        print_json([*found, {"name": "by hand", "searches": [asdict(search) for search in by_hand]}])
        return 0
    for source in found:
        print(source["name"])
        for name in ("covers", "needs", "set_up", "kept", "licence", "how"):
            if source[name]:
                print(f"  {name.replace('_', ' '):<8}{source[name]}")
    print_by_hand(by_hand, query)
    return 0


def print_by_hand(by_hand: list[Search], query: str) -> None:
    """Print the searches to export by hand, ready to paste, what the exports lack, and the run that follows."""
    from patentscope.fetch.by_hand import ASK, SITES  # noqa: PLC0415

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
