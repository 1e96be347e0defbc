"""Workbooks: whatever a spreadsheet did with the table, its rows are those of the CSV file, and none is lost."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from patentscope.errors import FileFormatError
from patentscope.files.csv import workbook
from patentscope.files.recognise import read_file
from patentscope.records.families import assign
from patentscope.records.imported import Imported
from patentscope.records.intake import merge
from patentscope.records.publication import normal_publication_number

from places import REAL
from worlds.sheets import (
    ESPACENET,
    GOOGLE,
    INCOPAT,
    LENS,
    PATENTSCOPE,
    SEARCH,
    book,
    espacenet,
    google,
    incopat,
    lens,
    text_of,
)

Read = Callable[[bytes | str], Imported]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason=f"no real records at {REAL}")


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a file whose name says nothing, and read it."""

    def reading(content: bytes | str) -> Imported:
        path = tmp_path / "file.dat"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        imported = read_file(path)
        assert imported.rows_in == imported.table.num_rows + sum(loss.count for loss in imported.set_aside)
        return imported

    return reading


PATENTSCOPE_ROW = ["WO2015123456", "2015-08-20", "Pizza", "", "A21B1/00", "ACME;BETA", "ONE, A.", ""]


@pytest.mark.parametrize(
    ("header", "body", "above"),
    [
        (GOOGLE, [google(), google("US-2024000001-A1")], SEARCH),
        (LENS, [lens(), lens("EP 1000000 A1")], ()),
        (ESPACENET, [espacenet(), espacenet("EP1000000A1")], ()),
        (PATENTSCOPE, [PATENTSCOPE_ROW], ()),
    ],
    ids=["google", "lens", "espacenet", "patentscope"],
)
def test_a_workbook_holds_what_the_csv_file_does(header: list[str], body: list[list[str]], above: object, read) -> None:
    """Every format is read from a workbook as from CSV, what stands above its header too."""
    plain = read(text_of(header, *body, above=above))
    found = read(book(("Sheet1", [*above, header, *body])))
    assert found.format == plain.format
    assert found.encoding == "workbook"
    assert found.table.drop_columns(["origin"]).equals(plain.table.drop_columns(["origin"]))
    assert (found.source.search, found.source.status) == (plain.source.search, plain.source.status)


def test_dates_in_every_way_a_cell_holds_them(read: Read) -> None:
    """A date shown as one, as text, as a number of digits or of days is the same day, by either day 0; it is said."""
    day = dt.date(2024, 5, 17)
    rows = [
        incopat(f"CN11900000{i}A", **{"公开（公告）日": cell})
        for i, cell in enumerate((day, "2024-05-17", 20240517, 45429))
    ]
    found = read(book(("one", [INCOPAT, *rows])))
    assert set(found.table["publication_date"].to_pylist()) == {day}
    assert found.notes["day numbers"].startswith("1 dates")
    since_1904 = read(
        book(("one", [INCOPAT, incopat(**{"公开（公告）日": 45429 - 1462})]), formats={"date_1904": True})
    )
    assert since_1904.table["publication_date"].to_pylist() == [day]


def test_sheets_that_go_on_hidden_ones_and_others(read: Read) -> None:
    """Rows of a sheet with the same header follow; a hidden sheet and one of something else are named, not read."""
    first, second = [INCOPAT, incopat("CN1A")], [INCOPAT, incopat("CN2A"), incopat("")]
    hidden, other = [INCOPAT, incopat("CN3A")], [["a note"]]
    found = read(book(("a", first), ("b", second), ("c", hidden), ("d", other), hidden=("c",)))
    assert found.table["publication_number"].to_pylist() == ["CN1A", "CN2A"]
    assert found.set_aside[0].first == ("line 3 of b",)
    assert found.notes["hidden sheets"] == "not read: c"
    assert found.notes["sheets not read"] == "d: another header than a"


def test_merged_headers_and_empty_rows(read: Read, tmp_path: Path) -> None:
    """A title merged over the header, and cells that hold nothing but a format down to the last row, change nothing."""
    import xlsxwriter  # noqa: PLC0415 - here alone

    path = tmp_path / "m.xlsx"
    with xlsxwriter.Workbook(path) as written:
        page = written.add_worksheet()
        page.merge_range(0, 0, 0, len(INCOPAT) - 1, "All that was found")
        for at, row in enumerate([INCOPAT, incopat()], start=1):
            page.write_row(at, 0, [str(cell) for cell in row])
        bold = written.add_format({"bold": True})
        for at in range(3, 20_000):
            page.write_blank(at, 0, None, bold)
    found = read(path.read_bytes())
    assert found.table["publication_number"].to_pylist() == ["CN119176532A"]


def test_a_formula_without_a_result_is_said(read: Read) -> None:
    """A formula is read as what the spreadsheet stored; where that is nothing, the cell is empty and is counted."""
    stored = book(("one", [INCOPAT, incopat(), incopat("CN2A", 申请号='="CN1"&"2"')]))
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(stored)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.infolist():
            new.writestr(part, old.read(part).replace(b"</f><v>0</v>", b"</f><v></v>"))
    found = read(made.getvalue())
    assert found.table["application_number"].to_pylist() == ["CN202411227129.6", None]
    assert found.notes["formulas"].startswith("1 formulas have no stored result")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (OLE + bytes(4096), ("can't be read", "save it as .xlsx or CSV")),
        (OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le"), ("has a password", "save it without one")),
        (book(("one", [INCOPAT, incopat()]))[:-300], ("zip archive",)),
        (book(("one", [["", ""], ["a", "b"], ["1", "2"]])), ("a workbook with no header known here", "'a, b'")),
    ],
    ids=["damaged", "password", "cut", "other"],
)
def test_what_can_t_be_read_is_refused(content: bytes, words: tuple[str, ...], read: Read) -> None:
    """A refusal names the file, what was found and what would work."""
    with pytest.raises(FileFormatError, match=r"file\.dat") as error:
        read(content)
    assert [word for word in words if word not in str(error.value)] == []


def test_one_that_unpacks_to_too_much_is_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook is read whole, so what it unpacks to has a limit, which the refusal names."""
    monkeypatch.setattr(workbook, "MOST_BYTES", 1000)
    with pytest.raises(FileFormatError, match=r"unpacks to .* Save its sheet as CSV"):
        read(book(("one", [INCOPAT, incopat()])))


def test_incopat_says_whose_country_is_whose(read: Read) -> None:
    """A country is a party's own where each has one, or one stands for all; where it can't be told, it is unknown."""
    cases = [
        ({"申请人": "A; B", "申请人国家/地区": "中国"}, [("A", "CN"), ("B", "CN")]),
        ({"申请人": "A; B", "申请人国家/地区": "日本, 美国"}, [("A", "JP"), ("B", "US")]),
        (
            {"申请人": "A; B", "申请人国家/地区": "中国", "申请人地址": "Foshan CN ;  Kyoto JP"},
            [("A", "CN"), ("B", "JP")],
        ),
        ({"申请人": "A; B; C", "申请人国家/地区": "日本, 美国"}, [("A", None), ("B", None), ("C", None)]),
        ({"申请人": "A Co.,  Ltd.", "申请人国家/地区": ""}, [("A Co., Ltd.", None)]),
        ({"申请人": ""}, []),
    ]
    rows = [incopat(f"CN11900000{i}A", **cells) for i, (cells, _) in enumerate(cases)]
    found = read(book(("one", [INCOPAT, *rows])))
    table = merge([found.table], most_bad=0.0).table
    parties = [[(one["name"], one["country"]) for one in row] for row in table["applicants"].to_pylist()]
    assert parties == [expected for _, expected in cases]
    assert found.notes["countries of applicants"].startswith("1 rows")


def test_incopat_s_texts_and_families(read: Read) -> None:
    """English first, then the original; a translation only where there is nothing else. Members name the family."""
    rows = [
        incopat("CN1A"),
        incopat(
            "WO2025000001A1", 简单同族="CN1A; WO2025000001A1", **{"标题 (英文)": "", "标题（小语种原文）": "Verfahren"}
        ),
        incopat("JP2A", 简单同族="JP2A", 申请号="JP2024000002", 优先权信息="", **{"标题 (英文)": ""}),
    ]
    table = merge([read(book(("one", [INCOPAT, *rows]))).table], most_bad=0.0).table
    titles = zip(*(table[name].to_pylist() for name in ("title", "title_language", "title_original")), strict=True)
    assert list(titles) == [("A method", "en", "一种方法"), ("一种方法", "zh", None), ("Verfahren", None, None)]
    assert table["family_offices"].to_pylist() == [["CN", "WO"], ["JP"], ["CN", "WO"]]
    units = assign(table).units
    assert units["family_id"].nunique() == 2
    assert set(units["family_source"]) == {"named"}


@pytest.mark.real
@needs_real
def test_incopat_s_own_families() -> None:
    """Of the real export no row is lost, and incoPat's own simple families are met, all members being there."""
    path = REAL / "incopat" / "export_2024.xlsx"
    imported = read_file(path)
    assert (imported.format, imported.rows_in, imported.table.num_rows, imported.source.status) == (
        "incopat", 500, 500, "cut",
    )  # fmt: skip
    units = assign(merge([imported.table], most_bad=0.0).table).units
    rows = next(iter(workbook.read_book(path).sheets.values()))
    number, family = rows[0].index("公开（公告）号"), rows[0].index("简单同族ID")
    theirs = {normal_publication_number(row[number]): row[family] for row in rows[1:]}
    pairs = set(zip(units["family_id"], units["publication_number"].map(theirs), strict=True))
    assert len(pairs) == len({ours for ours, _ in pairs}) == len({own for _, own in pairs}) == 205


@pytest.mark.real
@needs_real
@pytest.mark.parametrize("name", ["lens/export_2024.csv", "espacenet/export_2025_german.csv"])
def test_real_exports_saved_as_workbooks(name: str, read: Read) -> None:
    """A real export that a spreadsheet saved as a workbook gives the same publications."""
    path = REAL / name
    plain = read_file(path)
    text = path.read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if "german" in name else ","))
    found = read(book(("one", rows), formats={"strings_to_formulas": False, "strings_to_urls": False}))
    columns = ["origin", "source"]
    assert found.table.drop_columns(columns).equals(plain.table.drop_columns(columns))
    assert found.set_aside == plain.set_aside
