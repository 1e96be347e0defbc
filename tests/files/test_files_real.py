"""Every real export is read whole: no row refused, none lost. The files stand beside the checkout, never in it."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from patentscope.files.recognise import read_file

from places import REAL

pytestmark = [pytest.mark.real, pytest.mark.skipif(not REAL.is_dir(), reason=f"no real records at {REAL}")]

GOOGLE = [
    ("gp-search-20250612-003902.csv", 2171),
    ("gp-search-20251001-102423.first400.csv", 400),
    ("gp-search-20251001-102718.first400.csv", 400),
    ("gp-search-20251001-102842.first400.csv", 400),
]


@pytest.mark.parametrize(
    ("name", "form", "encoding", "rows"),
    [
        ("lens/export_2015.csv", "lens_csv", "mac_roman", 1000),
        ("lens/export_2021.csv", "lens_csv", "utf-8", 1000),
        ("lens/export_2024.csv", "lens_csv", "utf-8-sig", 86),
        *((f"google_patents/{name}", "google_csv", "utf-8", rows) for name, rows in GOOGLE),
        ("espacenet/export_2015.csv", "espacenet_csv", "mac_roman", 262),
        ("espacenet/export_2025_german.csv", "espacenet_csv", "utf-8", 418),
        ("patentscope/export_2015.csv", "patentscope_csv", "cp1252", 400),
    ],
)
def test_every_row_of_a_real_export_is_a_publication(name, form, encoding, rows):
    """Each real export is recognised, and every publication that its rows name is read."""
    found = read_file(REAL / name)
    assert (found.format, found.encoding, found.rows_in) == (form, encoding, rows)
    assert found.table.num_rows == rows
    assert found.set_aside == []
    assert found.table.column("publication_number").null_count == 0
    assert not found.source.has_family_members


@pytest.mark.parametrize("name", [name for name, _ in GOOGLE])
def test_google_dates_agree_with_the_numbers_beside_them(name):
    """With month and day in their places, no priority is later than its filing, and no filing than its publication."""
    table = read_file(REAL / "google_patents" / name).table
    for row in table.select(["priority_date", "filing_date", "publication_date"]).to_pylist():
        dates = [date for date in row.values() if date]
        assert dates == sorted(dates), row


def test_espacenet_publications_are_dated_by_their_level():
    """Of two publications in one row the earlier date is the first publication's: years in numbers agree."""
    table = read_file(REAL / "espacenet" / "export_2025_german.csv").table
    checked = 0
    for number, date in zip(
        *(table.column(name).to_pylist() for name in ("publication_number", "publication_date")), strict=True
    ):
        if match := re.fullmatch(r"(?:US|WO)(\d{4})\d{6}A1|KR(\d{4})\d{7}A|JP([SH])(\d\d)\d+[AU]", number):
            era = {"S": 1925, "H": 1988}
            year = int(match[1] or match[2] or 0) or era[match[3]] + int(match[4])
            assert date.year == year, number
            checked += 1
    assert checked > 50


def test_the_search_that_espacenet_states_is_kept():
    """Espacenet's preamble says what was asked, and how many hits there were."""
    found = read_file(REAL / "espacenet" / "export_2025_german.csv")
    assert found.source.search == '364 Treffer gefunden für nftxt = "machine vise" AND pd <= "2005-01-01"'
    assert (found.source.stated_total, found.source.rows, found.table.num_rows) == (364, 364, 418)


@pytest.mark.parametrize(
    ("name", "rows", "status"),
    [
        ("google_patents/gp-search-20250612-003902.csv", 2171, "unknown"),
        ("google_patents/gp-search-20251001-102423.first400.csv", 400, "unknown"),
        ("espacenet/export_2015.csv", 239, "unknown"),
        ("lens/export_2015.csv", 1000, "cut"),
        ("lens/export_2021.csv", 1000, "cut"),
        ("lens/export_2024.csv", 86, "unknown"),
        ("patentscope/export_2015.csv", 400, "unknown"),
    ],
)
def test_whether_a_list_is_cut_is_told_by_its_rows(name, rows, status):
    """Files that state no total: those of exactly 1,000 rows are cut, of all others nothing is known."""
    source = read_file(REAL / name).source
    assert (source.rows, source.stated_total, source.status) == (rows, None, status)


def test_google_s_first_line_is_the_search():
    """The address stands in the file as Google wrote it; a spreadsheet that saved the file again left it out."""
    folder = REAL / "google_patents"
    search = read_file(folder / "gp-search-20250612-003902.csv").source.search
    assert search.startswith("https://patents.google.com/?q=%28wearable+device%29+%28wearable+devices%29&country=US&")
    assert read_file(folder / "gp-search-20251001-102423.first400.csv").source.search is None


def test_a_lens_export_that_a_spreadsheet_split_is_put_back_under_its_header():
    """Classes and parties of the export of 2021 stand in columns far from their header's, and are found."""
    table = read_file(REAL / "lens" / "export_2021.csv").table
    first = table.slice(0, 1).to_pylist()[0]
    assert first["publication_number"] == "DE202006014498U1"
    assert first["cpc"] == ["E04F15/04", "B32B27/00", "E04F15/02033", "E04F15/02172", "E04F15/048"]
    assert first["ipc"] == ["E04F15/04", "A47G27/02", "B27M3/04"]
    by_number = {row["publication_number"]: row for row in table.to_pylist()}
    assert [party["name"] for party in by_number["US5547729A"]["applicants"]] == ["TINGLEY, DANIEL A."]
    assert len(by_number["US5744228A"]["priorities"]) == 2
    shapes = {
        bool(re.fullmatch(r"[A-HY]\d{2}[A-Z]\d{1,4}/\d+", symbol)) for row in table.to_pylist() for symbol in row["cpc"]
    }
    assert shapes == {True}


def test_the_lens_export_of_2015_counts_late_december_by_weeks():
    """30/12/87 with the publication year 1986 is 30 December 1986: US 4,632,836 was published then."""
    table = read_file(REAL / "lens" / "export_2015.csv").table
    dates = dict(
        zip(*(table.column(name).to_pylist() for name in ("publication_number", "publication_date")), strict=True)
    )
    assert dates["US4632836A"] == dt.date(1986, 12, 30)


def test_the_patentscope_export_is_said_to_be_a_day_late():
    """WIPO publishes on Thursdays; the export of 2015 has Fridays."""
    assert "a day late" in read_file(REAL / "patentscope" / "export_2015.csv").notes["days"]
