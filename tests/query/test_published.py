"""The table of what others counted: what a row may say, and every fault at once, with its line and column."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from patentscope.errors import QueryError
from patentscope.query.published import Published, read
from patentscope.query.query import Query

from factories import query_text
from places import QUERY, REAL
from worlds.others import HEADER, write_table

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = QUERY.with_suffix(".published.csv")


def faults(path: Path) -> list[str]:
    """Return what is wrong with the table at *path*."""
    with pytest.raises(QueryError) as caught:
        read(path)
    return [str(fault) for fault in caught.value.faults]


def test_a_row_is_read_as_it_stands(tmp_path: Path) -> None:
    """Counts are exact, a cell without a figure is no zero, a span has two ends, and what isn't said is not known."""
    said = {"years": "2010-2012", "CN": "12.5", "US": "0", "total": "30", "unit": "family"}
    [row] = read(write_table(tmp_path / "t.csv", said))
    assert row.counts == {"CN": Fraction(25, 2), "US": Fraction(0)}
    assert (row.years, row.total, row.question, row.codes_missing) == ((2010, 2012), 30, "", "unknown")
    assert [one.years for one in read(write_table(tmp_path / "t.csv", {"years": "2010..2012"}, {"years": "2013"}))] == [
        (2010, 2012),
        (2013, 2013),
    ]


def test_years_may_stand_under_either_name(tmp_path: Path) -> None:
    """`year` does as well as `years`; a row that fills both is a fault."""
    header = ["year" if name == "years" else name for name in HEADER]
    assert read(write_table(tmp_path / "t.csv", {"year": "2012"}, header=header))[0].years == (2012, 2012)
    both = write_table(tmp_path / "t.csv", {"year": "2012", "years": "2010-2012"}, header=[*HEADER, "year"])
    assert faults(both) == ["line 2, column years: found 2012 and 2010-2012; give `year` or `years`, not both"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"relation": "similar"}, "column relation: found 'similar'; expected one of same, narrower, neighbour, wider"),
        ({"relation": ""}, "column relation: found nothing; expected a text"),
        ({"how_read": "guessed"}, "column how_read: found 'guessed'; expected one of read, recounted, quoted, asked"),
        ({"question": "who"}, "column question: found 'who'; expected one of market, ownership, invention"),
        ({"codes_missing": "some"}, "column codes_missing: found 'some'; expected one of yes, no, unknown, or nothing"),
        ({"series": ""}, "column series: found nothing"),
        ({"author": ""}, "column author: found nothing"),
        ({"CN": "39,752"}, "column CN: found '39,752'; expected a count such as 39752"),
        ({"CN": "-3"}, "column CN: found '-3'"),
        ({"CN": "nan"}, "column CN: found 'nan'"),
        ({"CN": "1e9"}, "column CN: found '1e9'"),
        ({"total": "many"}, "column total: found 'many'"),
        ({"CN": "20", "US": "20.5", "total": "40"}, "column total: found 40, less than its parts, 40.5; a total is"),
        ({"years": "20th century"}, "column years: found '20th century'; expected a year such as 2012, or a span"),
        ({"years": "2012-2010"}, "column years: found 2012..2010; the first year goes first"),
        ({"years": "1066"}, "column years: found 1066; expected a year from 1790"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(tmp_path: Path, row: dict[str, str], fault: str) -> None:
    """What can't be read is a fault that says where it is, what was found and what would work."""
    [found] = faults(write_table(tmp_path / "t.csv", {"series": "good"}, row))
    assert found.startswith(f"line 3, {fault}")


def test_every_fault_is_listed_at_once(tmp_path: Path) -> None:
    """One reading names all that is wrong: columns, cells, rows of other lengths."""
    header = [name for name in HEADER if name != "unit"] + ["EU", "CN"]
    path = write_table(tmp_path / "t.csv", {"relation": "near", "CN": "x"}, header=header)
    path.write_text(path.read_text(encoding="utf-8") + "one,two\n", encoding="utf-8")
    found = faults(path)
    for part in (
        "line 1, column unit: found no such column",
        "line 1, column 'EU': found an unknown column; expected a two-letter country or office code",
        "line 1, column CN: found a column twice",
        "line 2, column relation",
        "line 2, column CN: found 'x'",
        f"line 3: found 2 cells; expected {len(header)}",
    ):
        assert any(one.startswith(part) for one in found), part


def test_a_series_has_one_row_a_year_and_one_topic(tmp_path: Path) -> None:
    """Two rows of a series and year, and rows that differ in topic or unit, are faults that name both lines."""
    rows = [{"years": "2010"}, {"years": "2011"}, {"years": "2010"}, {"years": "2012", "unit": "grant"}]
    [twice, other] = faults(write_table(tmp_path / "t.csv", *rows))
    assert twice.startswith("line 4, column series: found a second row of 's' in 2010, as in line 2; expected one row")
    assert other.startswith("line 5, column unit: found 'grant', and in line 2, of the same series, ''")
    [undated] = faults(write_table(tmp_path / "t.csv", {}, {}))
    assert "a second row of 's' without a year" in undated


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "line 1, column series: found no such column"),
        (",".join(HEADER).encode(), "line 1: found no row below the columns"),
        (b"\xff\xfe", "file: found 'utf-8' codec"),
        (b'a,"b', "CSV: found unexpected end of data"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, raw: bytes, fault: str) -> None:
    """An empty file, one without rows, another encoding, an open quote: each is a plain fault."""
    (tmp_path / "t.csv").write_bytes(raw)
    assert faults(tmp_path / "t.csv")[0].startswith(fault)


def test_a_query_names_its_table(tmp_path: Path) -> None:
    """The file stands beside the query; one that is missing, and a key that isn't known, are faults of the query."""
    path = tmp_path / "q.toml"
    path.write_text(query_text() + '[published]\nfile = "t.csv"\n', encoding="utf-8")
    with pytest.raises(QueryError, match=r"published.file: found nothing at .*t.csv; expected a CSV file"):
        Query.load(path)
    write_table(tmp_path / "t.csv", {})
    assert Query.load(path).published_file == tmp_path / "t.csv"
    path.write_text(query_text() + '[published]\ntable = "t.csv"\n', encoding="utf-8")
    with pytest.raises(QueryError, match=r"published.table: found an unknown key; known here: file"):
        Query.load(path)


# ---- the table that ships --------------------------------------------------------------------------------------------


def shipped(series: str) -> dict[tuple[int, int] | None, Published]:
    """Return the rows of a series of the shipped table by their years."""
    return {row.years: row for row in read(SHIPPED) if row.series == series}


def test_the_shipped_table_says_where_its_figures_are_from() -> None:
    """Every row has an author, a title, an address or a year, and says how it counts; the file is clean CSV."""
    raw = SHIPPED.read_bytes()
    assert raw.endswith(b"\n")
    assert b"\r" not in raw
    assert not re.search(rb"(?<![\w.:/-])/(work|tmp|home|root|mnt|Users)/|\.\./", raw)
    for row in read(SHIPPED):
        assert row.convention
        assert row.address or row.published
        assert row.counts or row.total or "anking only" in row.note


def test_a_zero_is_only_where_the_source_has_one() -> None:
    """A count that a source doesn't give is empty; the only zeros are those of the e-waste file, as recounted."""
    zeros = {row.series for row in read(SHIPPED) if 0 in row.counts.values()}
    assert zeros == {"wipo-ewaste-rare-earths"}


def test_counting_and_missing_codes_turn_the_sign() -> None:
    """One public sample gives 3.38 times by office and .22 by applicant as stored, marked as missing codes."""
    (office,), (applicant,) = (shipped(f"patlib-2025-{name}").values() for name in ("office", "applicant-as-stored"))
    ratios = [row.counts["CN"] / sum(row.counts[code] for code in ("US", "AU", "JP")) for row in (office, applicant)]
    assert [round(float(ratio), 2) for ratio in ratios] == [3.38, 0.22]
    assert (office.codes_missing, applicant.codes_missing) == ("no", "yes")


def test_offices_of_one_family_have_no_total() -> None:
    """Families that are counted at each of their offices add up to more than there are, so that no total is given."""
    (row,) = shipped("wipo-ewaste-office").values()
    assert row.total is None
    assert "no total" in row.note
    assert sum(row.counts.values()) > 319


@pytest.mark.real
def test_figures_by_year_are_those_that_were_transcribed() -> None:
    """Every figure of the series by year equals the transcription, year by year, and none of its rows is left out."""
    with (REAL / "published" / "counts_by_year.csv").open(encoding="utf-8", newline="") as stream:
        theirs = list(csv.DictReader(stream))
    ours = {series: shipped(series) for series in {row["series"] for row in theirs}}
    assert sum(map(len, ours.values())) == len(theirs)
    for row in theirs:
        mine = ours[row["series"]][int(row["year"]), int(row["year"])]
        assert mine.counts == {code: Fraction(row[code]) for code in ("CN", "US", "JP", "AU", "KR", "DE")}
        assert mine.total == Fraction(row["WORLD"])


def test_the_e_waste_series_adds_up() -> None:
    """Over its years the recounted series has 319 families: China 29, the United States 41, Japan 190, Australia 0."""
    rows = shipped("wipo-ewaste-rare-earths").values()
    sums = {code: sum(row.counts[code] for row in rows) for code in ("CN", "US", "JP", "AU", "DE")}
    assert sums == {"CN": 29, "US": 41, "JP": 190, "AU": 0, "DE": 21}
    assert sum(row.total for row in rows if row.total) == 319
