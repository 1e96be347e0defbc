"""Ten complete years of filings at two offices, as many in each year, for whoever needs a claim that can be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factories import make_publication

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from patentscope import Publication


def filings(
    sizes: Mapping[str, int],
    applicants: Callable[[str, int], list[str | None]] = lambda office, _: [office],
    *,
    has_inventors: bool = True,
) -> list[Publication]:
    """Return what was first filed in each year from 2015 to 2024, by office; published at 18 months, parties stated."""
    return [
        make_publication(
            f"{office}{year}{place:06d}A",
            application_number=f"{office}{year}1{year % 100}{place:05d}",
            filing_date=f"{year}-03-01",
            publication_date=f"{year + 1}-09-01",
            applicants=applicants(office, place),
            inventors=[office] if has_inventors else [],
        )
        for year in range(2015, 2025)
        for office, size in sizes.items()
        for place in range(size)
    ]
