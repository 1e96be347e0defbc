"""What others counted, as a run's folder holds it: published.csv, and stated.csv of sources that were only asked."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from patentscope.provenance.run_folder import PUBLISHED, STATED, RunFolder
from patentscope.query import published
from patentscope.query.published import ASKED, NO, SAME, Published

_AT_LEAST = "at least "


def published_rows(folder: RunFolder) -> tuple[Published, ...]:
    """Return the rows of both tables of a run; none where it has neither."""
    stated: Iterator[Published] = iter(())
    if "stated" in folder.state:
        with folder.file(STATED).open(encoding="utf-8", newline="") as stream:
            stated = stated_rows(list(csv.DictReader(stream)), folder.state.get("stated_lacks", {}))
    theirs = published.read(folder.file(PUBLISHED)) if "published" in folder.state else ()
    return (*stated, *theirs)


def stated_rows(lines: Sequence[Mapping[str, str]], lacks: Mapping[str, Sequence[str]]) -> Iterator[Published]:
    """Yield a series for each source and part of stated.csv, by year; parts overlap, and are never added up.

    *lacks* are the offices that a source doesn't cover, by source.
    """
    years: dict[tuple[str, str, str], list[Mapping[str, str]]] = {}
    for line in lines:
        years.setdefault((line["source"], line["part"], line["year"]), []).append(line)
    for (source, part, year), rows in years.items():
        yield Published(
            series=f"{source}: {part}",
            topic=f"the search {part}",
            relation=SAME,
            question="market",
            unit="hit",
            convention=f"hits by office and year of publication, as {source} states them",
            years=(int(year), int(year)),
            counts={row["office"]: Fraction(row["stated"].removeprefix(_AT_LEAST)) for row in rows},
            total=None,
            codes_missing=NO,
            how_read=ASKED,
            author=source,
            title=f"asked on {max(row['asked_on'] for row in rows)}",
            at_least=frozenset(row["office"] for row in rows if row["stated"].startswith(_AT_LEAST)),
            lacks=tuple(lacks.get(source, ())),
        )
