"""The searches to paste into a site's own search box, as a person reads them on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patentscope.fetch.by_hand import Search
    from patentscope.query.query import Query


def search_lines(by_hand: list[Search], asked: Query | None, path: str) -> Iterator[str]:
    """Yield the searches to export by hand, ready to paste, what the exports lack, and the run that follows."""
    from patentscope.fetch.by_hand import ASK, SITES, years_to_export

    yield f"\n{ASK}"
    if asked is None:
        yield "  patentscope sources --query QUERY   (`patentscope new NAME` writes a query to start from)"
        return
    yield years_to_export(asked)
    for site in SITES:
        found = [search for search in by_hand if search.site == site.name]
        yield f"\n{site.name}: {site.address}\n  {site.remark}"
        yield f"  The export lacks: {site.lacks}."
        yield from (f"  {text}" for mark, text in site.unseen if any(mark in search.text for search in found))
        for search in found:
            which = f", search {search.number} of {search.of}" if search.of > 1 else ""
            yield f"\n{search.office}{which}, saved as {search.file}:\n{search.text}"
    files = " ".join(search.file for search in by_hand if search.site == SITES[0].name)
    yield f"\nThen: patentscope run {path} --input {files}"
