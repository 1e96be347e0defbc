"""How whole the search behind a run's documents is, over all its sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from patentscope import Query, run
from patentscope.aggregate.limits import limits_of
from patentscope.provenance.ledger import Source, as_json
from patentscope.provenance.search import COMPLETE, CUT, SAMPLE, UNKNOWN, wholeness
from patentscope.records.intake import merge
from patentscope.records.store import to_table

from factories import make_publication, query_text
from worlds.sheets import LENS, lens, text_of


def source(name: str, status: str, *, is_proven: bool = False, rows: int = 500, **facts: object):
    """Return a source of a run as run.json holds it."""
    said = {"status": status, "is_proven": is_proven, "rows": rows, **facts}
    return as_json(Source(name, "file", name, None, "none", "0" * 64, rows, **said))


SOURCES = [
    source("a.csv", COMPLETE, is_proven=True),
    source("b.csv", COMPLETE, says="user"),
    source("c.csv", UNKNOWN),
    source("d.csv", CUT, says="file"),
]
BY_WORD, NOBODY_SAYS = "complete, by the user's word alone", "not known whether the search is whole"
ENDS = "d.csv: 500 rows, cut: sites end their lists at this number"


@pytest.mark.parametrize(
    ("documents", "points", "is_whole", "found"),
    [
        ((100, 0, 0, 0), 0, True, "complete, proven"),
        ((961, 13, 13, 13), 0, True, "complete, proven"),
        ((950, 50, 0, 0), 1, True, f"{BY_WORD}: b.csv"),
        ((940, 40, 10, 10), 1, True, f"{BY_WORD}: b.csv"),
        ((940, 10, 40, 10), 1, False, f"{NOBODY_SAYS}: c.csv"),
        ((0, 951, 0, 49), 1, True, f"{BY_WORD}: b.csv"),
        ((951, 0, 0, 49), 0, True, "complete, proven"),
        ((950, 0, 0, 50), 2, False, ENDS),
    ],
)
def test_a_twentieth_of_the_documents_decides(
    documents: tuple[int, ...], points: int, is_whole: bool, found: str
) -> None:
    """The most points that a twentieth or more of the documents can't avoid."""
    entries = [{"sources": [place], "documents": n} for place, n in enumerate(documents) if n]
    whole = wholeness(SOURCES, entries)
    assert (whole.points, whole.is_whole, whole.found) == (points, is_whole, found)


def test_a_document_has_the_best_of_its_sources() -> None:
    """What a proven search found too is not in doubt, nor what a user calls complete, though another file is cut."""
    both = [{"sources": [0, 3], "documents": 90}, {"sources": [1, 2, 3], "documents": 10}]
    assert wholeness(SOURCES, both).found == f"{BY_WORD}: b.csv"


def test_one_source_is_not_named_unless_it_is_cut() -> None:
    """Where all sources are alike, the phrase stands alone; of cut ones the largest is named, with its total."""
    assert wholeness(SOURCES[1:2], []).found == BY_WORD
    assert wholeness(SOURCES[2:3], []).found == NOBODY_SAYS
    assert wholeness([source("sample", SAMPLE)], []).found == NOBODY_SAYS
    many = [SOURCES[0], *(source(f"{place}.csv", UNKNOWN) for place in range(4))]
    assert wholeness(many, []).found == f"{NOBODY_SAYS}: 4 of 5 sources"
    several = [source("e.csv", CUT, says="file", rows=2_740, stated_total=2_770), SOURCES[3]]
    assert wholeness(several, []).found == "e.csv: 2,740 of 2,770 stated rows, cut (2 sources are cut)"


def test_documents_are_counted_by_the_tables_that_have_them() -> None:
    """Each document once, under all tables with a record of it; a document twice in one table is in that one."""
    held = [["CN1A", "CN2A", "CN3A", "CN3A"], ["CN2A"], ["CN3A", "CN4A"], ["CN2A", "CN5A"]]
    tables = [to_table([make_publication(number) for number in numbers]) for numbers in held]
    assert merge(tables, most_bad=0.0).found_in == {(0,): 1, (2,): 1, (3,): 1, (0, 2): 1, (0, 1, 3): 1}
    assert merge([to_table([])], most_bad=0.0).found_in == {}


def test_the_user_s_word_on_the_same_records_counts(tmp_path: Path) -> None:
    """A run again with `--complete` knows it, though no record changed, and reads none of them again."""
    path = tmp_path / "lens.csv"
    path.write_text(text_of(LENS, *[lens(f"US {9_000_000 + i} B2") for i in range(3)]), encoding="utf-8")
    query = Query.parse(query_text(years=[2010, 2025]))
    asked: dict[str, Any] = {"inputs": [path], "out": tmp_path / "run", "cache": tmp_path / "cache"}
    limits = limits_of(run(query, **asked).folder, query)
    assert (limits.search_points, limits.is_whole, limits.search_found) == (1, False, NOBODY_SAYS)
    again = run(query, **asked, complete=True)
    limits = limits_of(again.folder, query)
    assert (limits.search_points, limits.is_whole, limits.search_found) == (1, True, BY_WORD)
    assert again.folder.skipped == ["publications", "holdings", "classify"]
    proven = limits_of(run(query, **asked, complete=True, stated_total=3).folder, query)
    assert (proven.search_points, proven.is_whole, proven.search_found) == (0, True, "complete, proven")
