"""What a source writes in its own way, read as what it is, and counted."""

from __future__ import annotations

import pytest

from patentscope.records.intake import merge
from patentscope.records.offices import countries, country_named
from patentscope.records.store import to_table

from factories import make_publication

CODES = {
    "UK": "GB", "USA": "US", "U.S.A.": "US", "EL": "GR", "united states of america": "US", "Germany": "DE",
    "Republic of Korea": "KR", "South Korea": "KR", "P.R. China": "CN", "Taiwan": "TW", "Turkey": "TR", "cn": "CN",
}  # fmt: skip


@pytest.mark.parametrize(("text", "symbol"), [
    ("C22B 59/00 (2006.01)", "C22B59/00"),  # the IPC as offices print it
    ("C22B 59/00(2006.01)i", "C22B59/00"),
    ("C22B0059000000", "C22B59/00"),  # WIPO ST.8
    ("C22B0007006000", "C22B7/006"),
    ("H01M0010540000", "H01M10/54"),
    ("B09B0000000000", "B09B"),
    ("H01M  10/54", "H01M10/54"),  # PATSTAT and INPADOC: eight columns for subclass and main group
    ("H01M0010/54", "H01M10/54"),
])  # fmt: skip
def test_padded_and_dated_symbols_are_read(text: str, symbol: str) -> None:
    """A symbol with the IPC's edition behind it, or padded with blanks or zeros, is the symbol, and no gap."""
    found = merge([to_table([make_publication("EP1000001A1", cpc=(), ipc=(text,))])], most_bad=0.01)
    assert found.table.column("ipc").to_pylist() == [[symbol]]
    assert not [gap for gap in found.gaps if "symbol" in gap.reason]


def test_countries_by_name_are_read_and_counted() -> None:
    """`UK`, `USA`, `EL` and English names are read as codes, by publication counted; what names none stays unknown."""
    written = [*CODES, "Georgia", "European Union", None]
    made = [make_publication(f"EP{1000001 + place}A1", applicants=[name]) for place, name in enumerate(written)]
    made += [make_publication("US2020000001A1", applicants=["US", "Japan"], inventors=["USA", "JP"])]
    found = merge([to_table(made)], most_bad=0.01)
    by_number = {row["publication_number"]: row for row in found.table.to_pylist()}
    read = [by_number[one.publication_number]["applicants"][0]["country"] for one in made[:-1]]
    assert read == [*CODES.values(), None, None, None]
    last = by_number["US2020000001A1"]
    assert [party["country"] for role in ("applicants", "inventors") for party in last[role]] == [
        "US",
        "JP",
        "US",
        "JP",
    ]
    told = {(gap.reason, gap.country): gap.count for gap in found.gaps if "country" in gap.reason}
    named = "a country of {} written as a name or another code, read as its code"
    assert told[named.format("applicants"), "EP"] == len(CODES) - 1
    assert told[named.format("applicants"), "US"] == told[named.format("inventors"), "US"] == 1
    assert told["a country code of applicants that is none", "EP"] == 2


def test_a_null_party_stays_beside_a_named_country() -> None:
    """Names are read though a list holds a null, and no party moves to another publication."""
    table = to_table([make_publication("EP1000001A1", applicants=["Japan", "DE"]), make_publication("EP1000002A1")])
    rows = table.to_pylist()
    rows[0]["applicants"].insert(1, None)
    found = merge([table.from_pylist(rows, schema=table.schema)], most_bad=0.01).table.column("applicants").to_pylist()
    assert [[party["country"] for party in row] for row in found] == [["JP", "DE"], []]


def test_no_name_is_of_two_countries() -> None:
    """Every listed name gives one country, and a code is never taken for a name of another country."""
    assert not [code for code in countries() if country_named(code)]
    assert country_named("Congo") is None
