"""Exports of search results as CSV: whatever was done to the file, no row is lost and no date is guessed."""

from __future__ import annotations

import csv
import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patentscope.errors import FileFormatError, UsageError
from patentscope.files import decode
from patentscope.files.csv import rows
from patentscope.files.recognise import FORMATS, read_file
from patentscope.records.intake import merge
from patentscope.records.store import write

from worlds.sheets import CLASSIC, ESPACENET, GOOGLE, LENS, PATENTSCOPE, SEARCH, espacenet, google, lens, text_of


@pytest.fixture
def read(tmp_path):
    """Write text or bytes to a file, whose name says nothing, and read it."""

    def reading(content, encoding="utf-8", **options):
        path = tmp_path / "file.dat"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        found = read_file(path, **options)
        assert found.rows_in == found.table.num_rows + sum(loss.count for loss in found.set_aside)
        return found

    return reading


def refusal(read, content, **options):
    """Return the message with which a file is refused."""
    with pytest.raises(FileFormatError) as error:
        read(content, **options)
    assert "file.dat" in str(error.value)
    return str(error.value)


def column(found, name):
    """Return one column as Python values."""
    return found.table.column(name).to_pylist()


# ---------------------------------------------------------------- bytes to rows


@pytest.mark.parametrize(
    ("name", "encoding", "said"),
    [
        ("Müller Käse", "utf-8", "utf-8"),
        ("Müller Käse", "utf-8-sig", "utf-8-sig"),
        ("Müller Käse", "utf-16", "utf-16"),
        ("Müller Käse", "utf-16-le", "utf-16-le"),
        ("Müller Käse", "utf-16-be", "utf-16-be"),
        ("Müller Käse ØSTERGAARD", "cp1252", "cp1252"),
        ("稀土永磁材料回收方法及装置", "gb18030", "gb18030"),
        ("希土類磁石のリサイクル方法および装置", "shift_jis", "shift_jis"),
    ],
)
def test_the_encoding_is_decided_by_the_bytes(read, name, encoding, said):
    """Whatever code page a spreadsheet saved in, the text is the same, and the encoding is said."""
    found = read(text_of(GOOGLE, *[google(f"CN-{i}-A", title=name) for i in range(100, 120)]), encoding)
    assert found.encoding == said
    assert set(column(found, "title")) == {name}


def test_old_macintosh_files_are_read_in_mac_roman(read):
    """CR line ends and Latin letters at their places in Mac OS Roman."""
    found = read(text_of(GOOGLE, google(assignee="Müller GmbH"), end="\r"), "mac_roman")
    assert (found.encoding, found.notes["line ends"]) == ("mac_roman", "CR")
    assert column(found, "applicants")[0][0]["name"] == "Müller GmbH"


def test_text_that_was_read_in_the_wrong_encoding_is_mended(read):
    """Espacenet's en space before `[PH]`, read as cp1252, is one again; a French capital before a blank stays."""
    found = read(text_of(ESPACENET, espacenet(Applicants="CO WARRENâ€‚[PH]", Title="QUALITÉ\u00a0: à « cuire »")))
    assert column(found, "applicants") == [[{"name": "CO WARREN", "country": "PH"}]]
    assert column(found, "title") == ["QUALITÉ\u00a0: à « cuire »"]
    assert found.notes["misread characters"].startswith("1 pieces")


def test_a_few_damaged_bytes_do_not_change_the_encoding(read):
    """One broken character in a UTF-8 file is one broken character."""
    raw = text_of(GOOGLE, *[google(f"CN-{i}-A", title="稀土回收") for i in range(100, 200)]).encode()
    found = read(raw.replace("稀".encode(), b"\xe7\xa8", 1))
    assert found.encoding == "utf-8"
    assert "1 places" in found.notes["unreadable bytes"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_line_ends_and_separators_are_found(read, end, separator):
    """Every line end with every separator gives the same rows, cells with line ends inside them too."""
    rows_ = [google(f"US-{i}-B2", title=f"First line{end}second; third, fourth") for i in range(100, 105)]
    found = read(text_of(GOOGLE, *rows_, separator=separator, end=end))
    assert column(found, "publication_number") == [f"US{i}B2" for i in range(100, 105)]
    assert column(found, "title")[0].split() == ["First", "line", "second;", "third,", "fourth"]


def test_a_nul_and_a_lone_carriage_return_are_no_line_ends(read):
    """A NUL is left out, a CR inside an LF file is a blank: neither splits a row."""
    body = [google(f"US-{i}-B2") for i in range(100, 130)]
    found = read(text_of(GOOGLE, *body).replace("A method", "A\x00 met\rhod", 1))
    assert found.table.num_rows == 30
    assert column(found, "title")[0] == "A met hod"
    assert found.notes["NUL characters"] == "1 left out"


def test_the_header_twice_is_set_aside_and_counted(read):
    """Two exports put behind each other: the second header is no record."""
    found = read(text_of(GOOGLE, google(), GOOGLE, google("US-1-A")))
    assert [(loss.reason, loss.count, loss.first) for loss in found.set_aside] == [("the header again", 1, ("line 3",))]
    assert found.table.num_rows == 2


def test_rows_of_another_width_are_mapped_safely_or_set_aside(read):
    """Empty cells at a row's end may be missing; a row whose dates moved is set aside with its line."""
    whole, moved = google(), google("US-2-A")
    found = read(text_of(GOOGLE, whole[:-1], [*whole, "", ""], moved[:2] + moved[3:], [*moved, "more"], ["x"]))
    assert found.table.num_rows == 2
    assert found.notes["short rows"].startswith("2 ")
    assert {(loss.reason, loss.first[0].split(":")[0]) for loss in found.set_aside} == {
        ("fewer cells than the header", "line 4"),
        ("more cells than the header", "line 5"),
        ("an unreadable publication number", "line 6"),
    }


def test_a_quotation_mark_never_closed_swallows_no_row(read):
    """The rows after it are read; only the damaged row is set aside."""
    lines = text_of(GOOGLE, *[google(f"US-{i}-B2", **{"inventor/author": "A. One"}) for i in range(100, 110)]).split(
        "\n"
    )
    lines[3] = lines[3].replace("A method ", '"A method ')
    found = read("\n".join(lines))
    assert found.table.num_rows == 9
    assert found.set_aside[0].reason == rows.NEVER_CLOSED
    assert found.set_aside[0].first[0].startswith("line 4: US-102-B2")


def test_a_line_end_inside_a_cell_is_no_damage(read):
    """A title over two lines, the publication number right behind it, is one row as its tool wrote it."""
    row = ["PIZZA\nBOX", "CA93181 (S)", "25/07/2014", "", "DOE", "", "", "", "", ""]
    found = read(text_of(CLASSIC, row, row))
    assert (column(found, "title"), found.set_aside) == (["PIZZA\nBOX"] * 2, [])


def test_a_file_cut_off_says_so(read):
    """The last row of a file that ends inside a cell, quoted or not, is set aside, whatever its number looks like."""
    whole = text_of(GOOGLE, google("US-100-B2"), google("US-12345678-B2", title="a, b"))
    for cut in (whole[: whole.index("345678")], whole[: whole.rindex('b"')]):
        found = read(cut)
        assert column(found, "publication_number") == ["US100B2"]
        assert found.set_aside[0].reason == rows.CUT_OFF


def test_rows_without_a_publication_number_are_bad_and_blank_ones_nothing(read):
    """They are set aside by reason, a number that a spreadsheet made a figure too; rows of separators are a note."""
    bad = [google(""), google("1.16905E+11"), google("see title")]
    found = read(text_of(GOOGLE, *bad, google(), [""] * 10, [], google("US-1-A")) + "\n\n")
    assert (found.rows_in, found.notes["blank rows"]) == (5, "4")
    assert {(loss.reason, loss.count) for loss in found.set_aside} == {
        ("no publication number", 1), ("an unreadable publication number", 2),
    }  # fmt: skip


def test_formulas_are_plain_text(read):
    """`=HYPERLINK` in a title stays as it is; `="..."` around a number goes."""
    found = read(text_of(GOOGLE, google('="US-10000000-B2"', title='=HYPERLINK("x")', assignee="@SUM(1)")))
    assert column(found, "publication_number") == ["US10000000B2"]
    assert column(found, "title") == ['=HYPERLINK("x")']
    assert column(found, "applicants")[0][0]["name"] == "@SUM(1)"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["empty"]),
        (b"\xef\xbb\xbf\r\n \n", ["empty"]),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", ["HTML", "export button"]),
        (b"PK\x03\x04rest of a workbook", ["CSV"]),
        (b"%PDF-1.7", ["PDF"]),
        (b"name,price\nspoon,3\n", ["name, price", *(form.title for form in FORMATS.values())]),
        (b"name,price\rspoon,3\r", ["name, price"]),
        (b"Lens ID,Title,Date Published,Publication Year,Source Title,ISSNs,Author/s\n", ["scholarly", "Patents"]),
        (b"Lens ID,Title,Jurisdiction,Kind,Applicants\n1,a,US,A,b\n", ["display key"]),
    ],
)
def test_other_files_are_refused_with_what_would_work(read, content, words):
    """A refusal names the file, what was found, what was expected and what would work."""
    message = refusal(read, content)
    for word in words:
        assert word in message


def test_our_own_parquet_is_read_whatever_its_bytes(read, tmp_path):
    """A parquet file of publications is read as one, a CR in it too."""
    path = tmp_path / "own.parquet"
    write(read(text_of(GOOGLE, *[google(f"CN-{i}-A", title=f"a{chr(13)}b {i}") for i in range(100, 200)])).table, path)
    found = read(path.read_bytes())
    assert (found.format, found.encoding, found.rows_in) == ("parquet", "binary", 100)


def test_endless_lines_and_cells_are_refused(read, monkeypatch):
    """Neither a line nor a cell may fill the memory; what other CSV readers of the process allow stays as it was."""
    limit = csv.field_size_limit()
    monkeypatch.setattr(decode, "LONGEST_LINE", 1 << 20)
    assert "line of more than" in refusal(read, text_of(GOOGLE, google()) + "x" * (2 << 20))
    monkeypatch.undo()
    monkeypatch.setattr(rows, "LARGEST_CELL", 1000)
    assert "line 3" in refusal(read, text_of(GOOGLE, google(), google("US-1-A", title="x" * 2000)))
    assert csv.field_size_limit() == limit


def test_a_format_can_be_named_and_must_exist(read):
    """`--format` forces a format; one in another is refused; a name that is none is a usage fault with all names."""
    assert read(text_of(GOOGLE, google()), form="google_csv").format == "google_csv"
    assert "Lens" in refusal(read, text_of(GOOGLE, google()), form="lens_csv")
    with pytest.raises(UsageError) as error:
        read(text_of(GOOGLE, google()), form="lens")
    assert all(name in str(error.value) for name in FORMATS)


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("cells", "expected", "order"),
    [
        (["5/13/2025", "1/2/2025"], ["2025-05-13", "2025-01-02"], "month first"),
        (["13/5/2025", "1/2/2025"], ["2025-05-13", "2025-02-01"], "day first"),
        (["1.2.2025", "3.4.2025"], ["2025-02-01", "2025-04-03"], "dots"),
        (["1/2/2025", "5/5/2025"], [None, "2025-05-05"], "stay null"),
        (["13/5/2025", "5/13/2025", "1/2/2025"], ["2025-05-13", "2025-05-13", None], "stay null"),
        (["2025-02-30", "20250513"], [None, "2025-05-13"], None),
        (["2025/05/13", "2025年5月13日"], ["2025-05-13", "2025-05-13"], None),
        (["13-May-25", "May 13, 2025"], ["2025-05-13", "2025-05-13"], None),
        (["5/13/25", "1/2/98"], ["2025-05-13", "1998-01-02"], "month first"),
        (["45000", "soon"], [None, None], None),
    ],
)
def test_the_order_of_day_and_month_is_decided_once_per_file(read, cells, expected, order):
    """By a value over 12, or by dots; what can't be told, or is impossible, is null and counted, never guessed."""
    body = [google(f"CN-{i}-A", publication_date=cell) for i, cell in enumerate(cells, start=100)]
    found = read(text_of(GOOGLE, *body))
    dates = [date and date.isoformat() for date in column(found, "publication_date")]
    assert dates == expected
    assert (order is None and "date order" not in found.notes) or order in found.notes["date order"]
    unread = expected.count(None)
    assert found.notes.get("no publication date read", "0 rows").startswith(f"{unread} rows")


def test_two_digit_years_of_old_documents_are_not_guessed(read):
    """GB-123456-A may be of 1919 or of 2019: without a stated year its date stays null; a US patent's number tells."""
    numbers = ["GB-123456-A", "US-3982033-A", "US-1500000-A"]
    found = read(text_of(GOOGLE, *[google(number, publication_date="9/21/76") for number in numbers]))
    assert column(found, "publication_date") == [None, dt.date(1976, 9, 21), None]


@pytest.mark.parametrize(
    ("published", "filed", "year", "dates"),
    [
        ("21/09/38", "24/08/37", 1938, (dt.date(1938, 9, 21), dt.date(1937, 8, 24))),
        ("30/12/87", "29/12/85", 1986, (dt.date(1986, 12, 30), None)),
    ],
)
def test_lens_gives_the_century_of_two_digit_years(read, published, filed, year, dates):
    """The publication's year is stated, and no application is later than its publication.

    30/12/87 in 1986 is 30 December 1986: a week's year; an application of such a week, whose year can't be checked, is
    null.
    """
    cells = {"Publication_Date": published, "Publication_Year": str(year), "Application_Date": filed}
    found = read(text_of(LENS, lens(**cells, Earliest_Priority_Date="")))
    assert (*column(found, "publication_date"), *column(found, "filing_date")) == dates
    assert ("week years" in found.notes) is (dates[1] is None)


# ---------------------------------------------------------------- the four formats


@pytest.mark.parametrize("above", [(), SEARCH, (["sep=,"],)])
def test_google_with_and_without_its_first_line(read, above):
    """The search is kept as it stands; what the format lacks is null and said."""
    found = read(text_of(GOOGLE, google(), above=above))
    row = found.table.to_pylist()[0]
    assert (row["publication_number"], row["office"], row["kind"]) == ("CN116904750A", "CN", "A")
    assert (row["title"], row["title_language"]) == ("A method", "en")
    assert (row["cpc"], row["application_number"], row["family_id"]) == ([], None, None)
    assert row["inventors"] == [{"name": "A. One", "country": None}, {"name": "B. Two", "country": None}]
    assert "no class" in found.source.note
    assert not found.source.has_family_members
    assert found.source.search == ("https://patents.google.com/?q=(C22B59)" if above[:1] == SEARCH else None)


def test_google_names_keep_the_comma_before_a_legal_form(read):
    """`Acme Co., Ltd.` is one applicant; `清华大学, 北京衔远有限公司` are two."""
    found = read(text_of(GOOGLE, google(assignee="Acme Co., Ltd., Genentech, Inc., 清华大学, 北京衔远有限公司")))
    names = [party["name"] for party in column(found, "applicants")[0]]
    assert names == ["Acme Co., Ltd.", "Genentech, Inc.", "清华大学", "北京衔远有限公司"]


def test_a_title_not_in_english_is_not_said_to_be(read):
    """The English page may show the original title."""
    found = read(text_of(GOOGLE, google(title="一种稀土回收方法")))
    assert column(found, "title_language") == [None]


def test_an_address_with_commas_is_one(read):
    """Google does not quote the address: its own commas part it into cells, and a spreadsheet adds empty ones."""
    address = "https://patents.google.com/?q=(a)&country=US,CN"
    found = read(text_of(GOOGLE, google(), above=[["search URL:", *address.split(","), "", ""]]))
    assert found.source.search == address


@pytest.mark.parametrize(
    ("rows_", "status"), [(499, "unknown"), (500, "cut"), (999, "unknown"), (1000, "cut"), (1001, "unknown")]
)
def test_a_list_that_ends_where_sites_end_lists_is_cut(read, rows_, status):
    """Exactly 500, 1,000, 10,000 or 50,000 rows are a list that was cut, whatever the site; any other number is not."""
    made = (
        text_of(GOOGLE, *[google(f"US-{i}-B2") for i in range(1000, 1000 + rows_)]),
        text_of(LENS, *[lens(Display_Key=f"US {i} B2") for i in range(1000, 1000 + rows_)]),
    )
    for text in made:
        source = read(text).source
        assert (source.status, source.rows, source.stated_total, source.is_proven) == (status, rows_, None, False)


def test_lens_rows_become_publications(read):
    """Numbers joined, lists split at `;;`, priorities kept in order, no country invented."""
    row = read(text_of(LENS, lens())).table.to_pylist()[0]
    assert (row["publication_number"], row["office"], row["kind"]) == ("US20130101709A1", "US", "A1")
    assert [entry["number"] for entry in row["priorities"]] == ["US 201161550506 P", "US 201213657122 A"]
    assert row["priority_date"] == dt.date(2011, 10, 24)
    assert (row["cpc"], row["ipc"]) == (["C22B59/00", "C22B7/00"], ["C22B59/00"])
    assert [party["country"] for party in row["inventors"]] == [None, None]
    assert row["family_id"] is None


def test_lens_priorities_of_2015_carry_their_dates(read):
    """The date is the last word of each; the earliest is the priority date."""
    row = lens(Priority_Numbers="US 9 A 19910101;;DE 8 A 19900202", Earliest_Priority_Date="")
    found = read(text_of(LENS, row)).table.to_pylist()[0]
    assert found["priorities"][1] == {"number": "DE 8 A", "date": dt.date(1990, 2, 2)}
    assert found["priority_date"] == dt.date(1990, 2, 2)


def test_lens_with_trimmed_columns(read):
    """A number without them gets kind and office; members of the family are named by their Lens IDs, if any are."""
    header = ["Jurisdiction", "Kind", "Publication Number", "Title", "Simple Family Members"]
    body = [["US", "A1", "20130101709", "x", "1-2;;0-1"], ["JP", "A", "JP H0952208 A", "y", ""]]
    found = read(text_of(header, *body))
    assert column(found, "publication_number") == ["US20130101709A1", "JPH0952208A"]
    assert column(found, "family_members") == [["lens:1-2", "lens:0-1"], []]
    assert column(found, "family_id") == [None, None]


def test_lens_lists_split_by_a_spreadsheet_are_put_together(read):
    """Each `;;` became an empty cell: classes are known by shape, names by the cells before the link."""
    header = [*LENS, *[""] * 40]
    split = []
    for row in (lens(), lens("JP H0952208 A", Inventors="ONE A")):
        cells = []
        for cell in row:
            parts = cell.split(";;")
            cells += [parts[0], *[piece for part in parts[1:] for piece in ("", part)]]
        split.append(cells + [""] * (len(header) - len(cells)))
    ambiguous = lens("CN 1 A", Applicants="A", Inventors="")
    at = LENS.index("Applicants")
    cells = [*ambiguous[: at + 1], "", "B", "", *ambiguous[at + 1 :]]
    split.append(cells + [""] * (len(header) - len(cells)))
    # Priorities in this generation carry dates, which is what tells them from a title.
    text = text_of(header, *split).replace("US 201161550506 P", "US 201161550506 P 20111024")
    found = read(text.replace("US 201213657122 A,2011-10-24", "US 201213657122 A 20121022,2011-10-24"))
    first, _, third = found.table.to_pylist()
    assert first["cpc"] == ["C22B59/00", "C22B7/00"]
    assert first["ipc"] == ["C22B59/00"]
    assert [party["name"] for party in first["inventors"]] == ["RADER JEFF", "DOE JANE"]
    assert (third["applicants"], third["cpc"]) == ([], ["C22B59/00", "C22B7/00"])
    assert "parties of 1, which could be read in two ways" in found.notes["cells moved"]


def test_espacenet_rows_of_several_publications_give_each(read):
    """Each publication is counted; dates go by publication level, and stay null where that can't tell."""
    body = [
        espacenet("KR100417073B1 \nKR20030062617A", Publication_date="2003-07-28 \n2004-02-05"),
        espacenet("EP0000002A1 \nEP0000002A2", Publication_date="2003-07-28 \n2004-02-05"),
        espacenet(),
    ]
    found = read(text_of(ESPACENET, *body))
    assert (found.rows_in, found.table.num_rows) == (5, 5)
    assert "2 of 3 rows name 4 publications" in found.notes["rows of several publications"]
    dates = dict(zip(column(found, "publication_number"), column(found, "publication_date"), strict=True))
    assert dates["KR20030062617A"] == dt.date(2003, 7, 28)
    assert dates["KR100417073B1"] == dt.date(2004, 2, 5)
    assert dates["EP0000002A1"] is None
    assert found.notes["undated further publications"].startswith("2:")


def test_espacenet_classic(read):
    """Kinds in brackets; the one date is the first publication's, whichever stands first."""
    row = [
        "PIZZA BOX", "KR101366928 (B1); KR20130135579 (A)", "11/12/2013", "", "CO WARREN\u2002[PH];  DOE",
        "B65D5/49; B65D85/36", "", "KR20120059275", "20120601", "KR20120059275 20120601; US20100880685 20100913",
    ]  # fmt: skip
    other = ["x", "CA93181 (S)", "25/07/2014", "", "", "", "", "", "", ""]
    found = read(text_of(CLASSIC, row, other)).table.to_pylist()
    assert [entry["publication_number"] for entry in found] == ["KR101366928B1", "KR20130135579A", "CA93181S"]
    assert [entry["publication_date"] for entry in found] == [None, dt.date(2013, 12, 11), dt.date(2014, 7, 25)]
    assert found[1]["filing_date"] == dt.date(2012, 6, 1)
    assert found[1]["priority_date"] == dt.date(2010, 9, 13)
    assert found[1]["applicants"] == [{"name": "CO WARREN", "country": "PH"}, {"name": "DOE", "country": None}]


def test_espacenet_current(read):
    """Class symbols without their offices, a country only where stated, the DOCDB family without padding."""
    row = read(text_of(ESPACENET, espacenet())).table.to_pylist()[0]
    assert row["cpc"] == ["B25B1/103", "B25B1/24"]
    assert row["ipc"] == ["B25B1/10", "B25B1/24"]
    assert [party["country"] for party in row["inventors"]] == ["US", "KR"]
    assert row["applicants"] == [{"name": "CHICK JAMES P", "country": None}]
    assert (row["family_id"], row["family_source"]) == ("25067405", "source")


@pytest.mark.parametrize(
    "names",
    [
        "Titel;Erfinder;Anmelder;Veröffentlichungsnummer;Priorität;IPC;CPC;Veröffentlichungsdatum;;Familiennummer",
        "Titre;Inventeurs;Demandeurs;Numéro de publication;Priorité;CIB;CPC;Date de publication;;Numéro de famille",
        "Título;Inventores;Solicitantes;Número de publicación;Prioridad;CIP;CPC;Publicado;Primera;Familia",
    ],
)
def test_espacenet_in_other_languages(read, names):
    """German and French by their names, any other by the preamble and the order of the columns."""
    above = [["Espacenet"], ["12 résultats trouvés pour ta = x"], [""]]
    found = read(
        text_of(
            ["No", *names.split(";"), ""], [*espacenet(Title="Pas de titre disponible"), ""], above=above, separator=";"
        )
    )
    row = found.table.to_pylist()[0]
    assert (row["publication_number"], row["publication_date"]) == ("US4750722A", dt.date(1988, 6, 14))
    assert (row["family_id"], row["title"]) == ("25067405", None)
    assert (found.source.status, found.source.says) == ("cut", "file")
    assert (found.source.search, found.source.stated_total, found.source.rows) == (above[1][0], 12, 1)


def test_patentscope(read):
    """`NA` is nothing; priorities take their office; a number takes the country beside it; blanks tell names apart."""
    rows_ = [
        ["US20090208610", "21.08.2009", "PIZZA", "[60/225,166 14.08.2000 US, US04039581 2004-11-24T23:59:59.000Z WO]",
         "A21D 13/00;A23L 1/16", "CASPER; GARY;CASPER; JENNIFER", "NA", "NA"],
        ["WO2010130259", "NA", "BOX", "[EP 20120626 12173640.9]", "NA", "EHRNO A/S", "Doe", "NA"],
        ["EP1", "01.02.2003", "BOX", "[what is this]", "NA", "NA", "NA", "NA"],
    ]  # fmt: skip
    found = read(text_of(PATENTSCOPE, *rows_))
    first, second, third = found.table.to_pylist()
    assert [entry["number"] for entry in first["priorities"]] == ["US60/225,166", "PCT/US04039581"]
    assert first["priority_date"] == dt.date(2000, 8, 14)
    assert [party["name"] for party in first["applicants"]] == ["CASPER, GARY", "CASPER, JENNIFER"]
    assert (first["inventors"], first["kind"]) == ([], None)
    assert second["priorities"] == [{"number": "EP12173640.9", "date": dt.date(2012, 6, 26)}]
    assert (second["publication_date"], third["priorities"]) == (None, [])
    assert found.notes["no priorities read"].startswith("1 rows")


def test_patentscope_today(read):
    """The current header has applications, countries and abstracts."""
    header = (
        "Application Id,Application Number,Application Date,Publication Number,Publication Date,Country,Title,I P C"
    )
    body = ["US73550613", "13657122", "22.10.2012", "20130101709", "25.04.2013", "US", "PIZZA", "A21D 13/00; A23L 1/16"]
    row = read(text_of(header.split(","), body)).table.to_pylist()[0]
    assert (row["publication_number"], row["filing_date"]) == ("US20130101709", dt.date(2012, 10, 22))
    assert row["ipc"] == ["A21D 13/00", "A23L 1/16"]


# ---------------------------------------------------------------- nothing is lost

CELLS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from([
    "", "CN-116904750-A", "US 5139758 A", "KR1 (U); KR2 (Y1)", "2020-01-02", "31/12/99", "C22B 59/00", "A [US]", "NA",
    '"', ";;", "\n",
])  # fmt: skip


@settings(max_examples=125, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    form=st.sampled_from([GOOGLE, LENS, ESPACENET, CLASSIC, PATENTSCOPE]),
    data=st.data(),
    separator=st.sampled_from([",", ";", "\t"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_no_row_is_lost_whatever_is_in_its_cells(read, form, data, separator, end):
    """Rows written by CSV's rules come back as publications or are set aside, one by one, and a run takes them in."""
    width = len(form)
    rows_ = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=8))
    found = read(text_of(form, *rows_, separator=separator, end=end, quoting=csv.QUOTE_ALL))
    filled = sum(any(cell.strip("\x00") for cell in row) for row in rows_)
    further = found.rows_in - filled
    assert further >= 0
    assert further == 0 or form in (ESPACENET, CLASSIC)
    merged = merge([found.table], most_bad=1.0, set_aside=found.set_aside)
    assert merged.rows_in == merged.table.num_rows + sum(loss.count for loss in merged.dropped)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(1, 9_999_999), min_size=1, max_size=20),
    st.integers(0, 400),
    st.sampled_from(['"', "\n", ",", "x"]),
)
def test_damage_at_one_place_costs_one_row_at_most_two(read, serials, place, damage):
    """A mark put anywhere below the header leaves every other row as it was."""
    head, body = text_of(GOOGLE), text_of([], *[google(f"CN-{serial}-A") for serial in serials])[1:]
    place = min(place, len(body))
    found = read(head + body[:place] + damage + body[place:])
    lost = {f"CN{serial}A" for serial in serials} - set(column(found, "publication_number"))
    assert len(lost) <= 2
