"""Publications as narrow tables: party sets, places in time, what a document is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.aggregate.counts.patterns import MOST_NAMED
from patentscope.aggregate.holdings.documents import INVENTION, OTHER_KIND, UNKNOWN_KIND, UTILITY_MODEL, prepare
from patentscope.aggregate.holdings.party_sets import NO_PARTY, OTHER_COUNTRY, SILENT, PartySets, priority_sets
from patentscope.aggregate.holdings.prepared import Stock
from patentscope.errors import UsageError
from patentscope.provenance.run_folder import RunFolder
from patentscope.query.convention import Convention
from patentscope.query.query import Query
from patentscope.records import store
from patentscope.records.families import assign

from factories import CLAIM, FAMILIES, QUERY, TODAY, make_landscape, make_publication, table_of

PARTY = store.SCHEMA.field("applicants").type
codes = st.lists(st.lists(st.sampled_from(["CN", "US", "JP", "EP", "??", None]), max_size=5), max_size=20)


@given(codes)
def test_a_party_set_says_all_that_counting_needs(lists: list[list[str | None]]) -> None:
    """Each list's set has its known countries as often as it names them, and the first; the rest is left out."""
    column = pa.array([[{"name": None, "country": code} for code in codes] for codes in lists], PARTY)
    sets = PartySets()
    numbers = sets.of_lists(column)
    for number, listed in zip(numbers, lists, strict=True):
        known = [code for code in listed if code in {"CN", "US", "JP"}]
        assert sets.parties(int(number)) == (dict(Counter(known)), known[0] if known else "")
    assert (numbers == SILENT).sum() == sum(not {"CN", "US", "JP"} & set(listed) for listed in lists)


@given(codes)
def test_party_sets_survive_their_table(lists: list[list[str | None]]) -> None:
    """Written as a table and read back, every set keeps its number and its parties."""
    sets = PartySets()
    sets.of_lists(pa.array([[{"name": None, "country": code} for code in codes] for codes in lists], PARTY))
    again = PartySets.of_table(sets.table())
    assert [again.parties(number) for number in range(len(sets) + 1)] == [
        sets.parties(number) for number in range(len(sets) + 1)
    ]


def test_a_slice_of_a_column_is_read_from_its_own_start() -> None:
    """A column that is part of a larger one gives the sets of its own rows."""
    column = pa.array([[{"name": None, "country": code}] for code in ("CN", "US", "JP")], PARTY)
    sets = PartySets()
    assert [sets.parties(int(number))[1] for number in sets.of_lists(column[1:])] == ["US", "JP"]


def test_weights_tell_named_countries_from_others() -> None:
    """A set's parties of named countries, all known ones, and whether its first is named, another, or none."""
    sets = PartySets()
    sets.of_countries(["US", "CN", "CN"])
    sets.of_countries(["DE"])
    weights = sets.weights(["CN", "US"])
    assert weights.to_numpy().tolist() == [[0, 0, 0, NO_PARTY], [2, 1, 3, 1], [0, 0, 1, OTHER_COUNTRY]]


def test_a_regional_office_is_a_priority_but_no_country() -> None:
    """EP is where a priority was filed, and says nothing of a party's country."""
    table = priority_sets(PartySets(), ["EP", "US"]).set_index("office")
    assert table.loc["EP", "priority_set"] != SILENT
    assert table.loc["EP", "country_set"] == SILENT
    assert table.loc["US", "priority_set"] == table.loc["US", "country_set"] != SILENT


def test_documents_are_dated_and_sorted_by_kind() -> None:
    """A place in time orders by day and then by number; an undated document has none; kinds are told apart."""
    rows = [
        make_publication("CN1A", publication_date="2024-05-01"),
        make_publication("CN2U", publication_date="1904-04-01"),
        make_publication("CN3S", publication_date="2024-05-01"),
        make_publication("CN4A", publication_date=None),
        make_publication("CN5", publication_date="2024-05-01"),
    ]
    table = table_of(rows)
    made = prepare(table, assign(table)).documents.to_pydict()
    kinds = dict(zip(table.column("publication_number").to_pylist(), made["document"], strict=True))
    assert [kinds[row.publication_number] for row in rows] == [
        INVENTION,
        UTILITY_MODEL,
        OTHER_KIND,
        INVENTION,
        UNKNOWN_KIND,
    ]
    assert made["place"] == [1, 0, 2, None, 3]


def test_a_stock_read_back_counts_the_same(tmp_path) -> None:
    """Written into a run's folder and read back, the tables and names are those that were made."""
    table = table_of([make_publication(f"CN{n}A", applicants=["CN", "US"][: n % 3]) for n in range(20)])
    families = assign(table)
    folder = RunFolder(tmp_path, {"stages": []})
    units = families.units[["publication_number", "family_id"]]
    store.write(pa.Table.from_pandas(units, preserve_index=False), folder.file("families.parquet"))
    made = Stock.of(table, families)
    made.write(folder)
    again = Stock.read(folder, made.families, is_held=False)
    assert store.read(again.documents.documents).equals(made.documents.documents)
    assert store.read(again.documents.claims).equals(made.documents.claims)
    assert again.documents.sets.table().equals(made.documents.sets.table())
    assert list(again.families) == list(made.families)
    assert list(again.numbers_of(np.arange(20)[::-1])) == list(made.numbers)[::-1]


def test_the_published_share_looks_at_all_units_on_topic() -> None:
    """The share of a year that is published is that of all units on topic under any reading, whichever is counted."""
    records = [
        make_publication(
            f"{office}{year}{n}A",
            priorities=[(f"{office}{year}9{n}", f"{year}-02-01")],
            filing_date=f"{year}-02-01",
            publication_date=f"{year + 1 + 3 * (n % 2)}-08-01",
        )
        for office in ("CN", "US")
        for year in range(2015, 2025)
        for n in range(4)
    ]
    query = Query.parse(QUERY)
    query = replace(query, axes={**query.axes, "documents": ("inventions",)})
    late = [replace(one, publication_number=f"{one.publication_number[:-1]}9A") for one in records[::2]]
    late = [replace(one, priorities=(), application_number=None, publication_date=TODAY) for one in late]
    kept = []
    for rows in (records, [*records, *late]):
        off = [one.publication_number for one in rows[len(records) :]]
        with make_landscape(rows, query=query, off_topic=off) as land:
            curve = land.survey([CLAIM], vary=False).answers["test"].listed
        kept.append({entry.convention: entry.visible for entry in curve})
    assert kept[0] == kept[1]
    assert any(found[0] not in {None, 1.0} for found in kept[0].values())


def test_a_further_claim_is_counted_from_the_same_tables() -> None:
    """A claim of the same sides and years is counted without another pass, to the same result as alone."""
    rows = [make_publication(f"{code}{n}A", applicants=[code]) for code in ("CN", "US") for n in range(12)]
    other = replace(CLAIM, id="other", exceeds_by=2.0)
    query = replace(Query.parse(QUERY), axes=FAMILIES)
    with make_landscape(rows, query=query) as land:
        land.survey([CLAIM], vary=False)
        made = land._tables
        again = land.survey([other], vary=False).answers["other"].listed
        assert land._tables is made
        units = land.units(Convention("strict", "family", "priority", "whole", "priority", "inventions", "all", TODAY))
    with make_landscape(rows, query=query) as fresh:
        alone = fresh.survey([other], vary=False).answers["other"].listed
        same = fresh.units(Convention("strict", "family", "priority", "whole", "priority", "inventions", "all", TODAY))
    assert [entry.tally for entry in again] == [entry.tally for entry in alone]
    assert units.equals(same)


def test_more_countries_than_bits_are_refused() -> None:
    """A claim that names more countries than can be counted at once is refused, and told how many can."""
    listed = sorted(np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
    many = tuple(a + b for a in listed for b in listed[:3])
    rows = [make_publication("CN1A")]
    with make_landscape(rows) as land, pytest.raises(UsageError, match=f"at most {MOST_NAMED}"):
        land.survey([replace(CLAIM, right=many)])
