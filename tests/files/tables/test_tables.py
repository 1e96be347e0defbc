"""BigQuery exports and PATSTAT tables: every shape that an export can have, and nothing lost between them."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.errors import FileFormatError, RecordError
from patentscope.files import spool
from patentscope.files.import_files import import_files
from patentscope.files.recognise import read_file
from patentscope.files.tables import bigquery_export, patstat
from patentscope.records import store, texts

from worlds.tables import NESTED, TABLES, lines, with_elements

EXPECTED = {
    "publication_number": "CN116904750A",
    "office": "CN",
    "kind": "A",
    "publication_date": dt.date(2023, 10, 20),
    "filing_date": dt.date(2023, 7, 24),
    "priority_date": dt.date(2022, 5, 1),
    "application_number": "CN202310907250A",
    "priorities": [{"number": "US202263337000P", "date": dt.date(2022, 5, 1)}],
    "family_id": "88346107",
    "family_source": "source",
    "family_members": [],
    "family_offices": [],
    "title": "A method",
    "title_language": "en",
    "title_original": "一种方法",
    "abstract": "Words.",
    "abstract_language": "en",
    "cpc": ["C22B59/00", "C22B7/006"],
    "ipc": ["C22B59/00"],
    "applicants": [{"name": "UNIV JIANGXI, SCI & TECH", "country": "CN"}],
    "inventors": [{"name": "LI NING", "country": None}],
}
DATES = ("publication_date", "filing_date", "priority_date")


def saved(folder: Path, name: str, data: bytes | str) -> Path:
    """Write *data* and return its path."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def facts(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a row says, without where it came from."""
    return {name: value for name, value in row.items() if name not in {"source", "origin"}}


def test_json_lines_with_numbers_as_numbers_and_as_text(tmp_path: Path):
    """Integers as numbers or as text, ISO dates, a family number that is a number; plain, gzip, with a BOM."""
    as_text = NESTED | {name: str(NESTED[name]) for name in DATES}
    as_text["priority_claim"] = [NESTED["priority_claim"][0] | {"filing_date": "20220501"}]
    iso = NESTED | {"publication_date": "2023-10-20", "family_id": 88346107}
    text = lines(NESTED, as_text | {"publication_number": "CN-1-A"}, iso | {"publication_number": "CN-2-A"})
    for name, data in (
        ("a.json", text.encode()),
        ("a.json.gz", gzip.compress(text.encode())),
        ("bom", b"\xef\xbb\xbf" + text.encode()),
    ):
        path = saved(tmp_path, name, data)
        assert bigquery_export.recognises(data[:65536], path)
        found = bigquery_export.read(path)
        rows = found.table.to_pylist()
        assert [row["publication_number"] for row in rows] == ["CN116904750A", "CN1A", "CN2A"]
        for row in rows:
            assert facts(row) | {"publication_number": "CN116904750A"} == EXPECTED
        assert (found.rows_in, found.set_aside, found.format) == (3, [], "bigquery_export")
        assert rows[0]["origin"] == found.source.sha256[:16]


@pytest.mark.parametrize(
    ("said", "whole"), [((True, True), True), (("true", "true"), True), ((True, None), False), ((None, None), False)]
)
def test_families_are_whole_only_where_every_row_says_so(tmp_path: Path, said: tuple[Any, Any], whole: bool):
    """An export holds what its SQL matched; the column of our own SQL tells otherwise, in JSON lines and parquet."""
    rows = [NESTED | {"publication_number": f"CN-{i}-A", "whole_families": value} for i, value in enumerate(said)]
    found = bigquery_export.read(saved(tmp_path, "a.json", lines(*rows)))
    assert found.source.has_family_members is whole
    assert ("may be missing" in found.source.note) is not whole
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    assert bigquery_export.read(tmp_path / "a.parquet").source.has_family_members is whole


def test_a_json_list_and_a_zip(tmp_path: Path):
    """The console saves small results as one list; a large one comes in several files."""
    data = json.dumps([NESTED]).encode()
    path = saved(tmp_path, "list.json", data)
    assert bigquery_export.recognises(data, path)
    assert facts(bigquery_export.read(path).table.to_pylist()[0]) == EXPECTED
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("1.json", lines(NESTED))
        archive.writestr("2.json", lines(NESTED | {"publication_number": "CN-1-A"}))
    assert bigquery_export.read(packed).rows_in == 2


def test_parquet_nested_with_and_without_elements(tmp_path: Path):
    """Both ways in which BigQuery writes repeated fields into parquet."""
    for name, row in (("plain", NESTED), ("elements", {key: with_elements(value) for key, value in NESTED.items()})):
        path = tmp_path / f"{name}.parquet"
        pq.write_table(pa.Table.from_pylist([row]), path)
        assert bigquery_export.recognises(path.read_bytes()[:65536], path)
        found = bigquery_export.read(path)
        assert facts(found.table.to_pylist()[0]) == EXPECTED, name
        assert (found.encoding, found.rows_in) == ("binary", 1)


def test_parquet_that_is_our_own_is_not_taken(tmp_path: Path):
    """Neither our own parquet nor a Lens record is taken for an export."""
    path = tmp_path / "own.parquet"
    store.write(store.SCHEMA.empty_table(), path)
    assert not bigquery_export.recognises(path.read_bytes()[:65536], path)
    assert not bigquery_export.recognises(b'{"lens_id": "1", "publication_number": "EP 1"}', path)


def test_missing_values_are_null(tmp_path: Path):
    """0 is no date and -1 no family; office and kind come from the number; absent columns are named."""
    row = {"publication_number": "US-7650331-B1", "publication_date": 0, "filing_date": "0", "family_id": "-1"}
    found = bigquery_export.read(saved(tmp_path, "a.json", lines(row)))
    (only,) = found.table.to_pylist()
    assert (only["office"], only["kind"], only["family_id"], only["family_source"]) == ("US", "B1", None, None)
    assert (only["publication_date"], only["filing_date"], only["cpc"], only["applicants"]) == (None, None, [], [])
    assert "CPC" in found.source.note
    assert "CPC" in found.notes["columns absent"]


def test_flattened_rows_of_one_publication_are_joined(tmp_path: Path):
    """One row per class and applicant: the lists are united, the further rows counted."""
    flat = {"publication_number": "CN-1-A", "publication_date": 20240101, "title": "A method"}
    rows = [
        flat | {"cpc": "C22B59/00", "assignee_harmonized.name": "A", "assignee_harmonized.country_code": "CN"},
        flat | {"cpc": "C22B7/00", "assignee_harmonized.name": "B", "assignee_harmonized.country_code": "US"},
        {"publication_number": "CN-2-A", "cpc": "A61K31/00, A61K9/00", "assignee": "X, Y Ltd; Z"},
        flat | {"cpc": "C22B59/00", "filing_date": 20230101},
    ]
    found = bigquery_export.read(saved(tmp_path, "a.json", lines(*rows)))
    by_number = {row["publication_number"]: row for row in found.table.to_pylist()}
    assert (found.rows_in, found.table.num_rows, sum(loss.count for loss in found.set_aside)) == (4, 2, 2)
    first, second = by_number["CN1A"], by_number["CN2A"]
    assert (first["cpc"], first["filing_date"]) == (["C22B59/00", "C22B7/00"], dt.date(2023, 1, 1))
    assert first["applicants"] == [{"name": "A", "country": "CN"}, {"name": "B", "country": "US"}]
    assert second["cpc"] == ["A61K31/00", "A61K9/00"]
    assert [party["name"] for party in second["applicants"]] == ["X, Y Ltd", "Z"]


def test_joined_rows_are_duplicates_and_not_bad(tmp_path: Path):
    """Nine of ten rows repeat a publication: nothing is bad, and rows in = publications + duplicates + set aside."""
    rows = [{"publication_number": f"CN-{i}-A", "cpc_code": f"C22B59/{j:02}"} for i in (1, 2) for j in range(10)]
    path = saved(tmp_path, "a.json", lines(*rows))
    account = import_files([path], tmp_path / "out.parquet", form=None, most_bad=0.01)
    (file,) = account["files"]
    assert (file["rows_in"], file["publications"], file["duplicates"], file["set_aside"]) == (20, 2, 18, [])
    assert file["notes"]["joined rows"].startswith("18 ")


@pytest.mark.parametrize("suffix", ["json", "parquet"])
def test_a_large_export_is_imported_as_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str):
    """With its texts on disk, block by block, no row, entity or flattened half of a publication is lost or changed."""
    rows: list[dict[str, Any]] = []
    for i in range(300):
        row = NESTED | {"publication_number": f"CN-{1000 + i}-A", "application_number": f"CN-{i}-A"}
        row["abstract_localized"] = [{"language": "en", "text": f"Text {i} of R&amp;D."}]
        rows += [row | {"abstract_localized": [], "cpc": []}, row] if i % 3 == 0 else [row]
    path = tmp_path / f"a.{suffix}"
    if suffix == "json":
        path.write_text(lines(*rows), encoding="utf-8")
    else:
        pq.write_table(pa.Table.from_pylist(rows), path)
    out = tmp_path / "whole.parquet", tmp_path / "blocks.parquet"
    accounts = [import_files([path], out[0], form=None, most_bad=0)]
    for module, name, value in ((spool, "_MOST_IN_MEMORY", 1), (spool, "_BATCH", 40), (texts, "ROWS", 50)):
        monkeypatch.setattr(module, name, value)
    accounts.append(import_files([path], out[1], form=None, most_bad=0))
    assert [(one["publications"], one["files"][0]["duplicates"]) for one in accounts] == [(300, 100)] * 2
    table = pq.read_table(out[1])
    assert table.equals(pq.read_table(out[0]))
    found = {row["publication_number"]: (row["abstract"], row["cpc"]) for row in table.to_pylist()}
    assert found == {f"CN{1000 + i}A": (f"Text {i} of R&D.", EXPECTED["cpc"]) for i in range(300)}


def test_bad_rows_stop_an_import_whatever_is_joined(tmp_path: Path):
    """Joined rows neither hide bad ones nor are named among them."""
    rows = [{"publication_number": "CN-1-A", "cpc_code": f"C22B59/{j:02}"} for j in range(50)]
    path = saved(tmp_path, "a.json", lines(*rows) + "half a line\n")
    with pytest.raises(RecordError, match=r"^1 of 51 records are bad, .*; 1: a line that is no JSON") as caught:
        import_files([path], tmp_path / "out.parquet", form=None, most_bad=0.01)
    assert "joined" not in str(caught.value)


def test_lines_that_are_no_records_are_counted(tmp_path: Path):
    """Half a line, a list and a record without a number are set aside; an empty line is nothing."""
    data = lines(NESTED) + '{"publication_number": \n[1, 2]\n\n{"country_code": "CN"}\n' + lines(NESTED)[:200]
    found = bigquery_export.read(saved(tmp_path, "a.json", data))
    assert (found.rows_in, found.table.num_rows) == (5, 1)
    assert {loss.reason: loss.count for loss in found.set_aside} == {
        "a line that is no JSON": 2,
        "a row that is no record": 1,
        "no publication number": 1,
    }


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty file"),
        (b"PAR1garbage", "not a readable parquet"),
        (gzip.compress(lines(NESTED).encode() * 100)[:-40], "breaks off"),
        (b"[{]", "JSON list"),
        (b'{"publication_number": "' + b"x" * (17 << 20), "a line of over 16 MB"),
    ],
)
def test_exports_that_cannot_be_read(data: bytes, says: str, tmp_path: Path):
    """Exports that can't be read are refused."""
    with pytest.raises(FileFormatError, match=says):
        bigquery_export.read(saved(tmp_path, "bad", data))


_NUMBERS = st.one_of(st.none(), st.just(""), st.from_regex(r"(CN|US)-[1-9]\d{0,2}-[AB]\d?", fullmatch=True))


@settings(max_examples=40)
@given(
    st.lists(st.one_of(st.integers(), st.fixed_dictionaries({"publication_number": _NUMBERS})), min_size=1, max_size=12)
)
def test_no_row_of_an_export_is_lost(tmp_path_factory: pytest.TempPathFactory, rows):
    """Rows in = publications + set aside, and every number that was there is there."""
    path = saved(tmp_path_factory.mktemp("export"), "a.json", lines(*rows))
    found = bigquery_export.read(path)
    assert found.rows_in == len(rows) == found.table.num_rows + sum(loss.count for loss in found.set_aside)
    numbers = [
        row["publication_number"].replace("-", "")
        for row in rows
        if isinstance(row, dict) and row["publication_number"]
    ]
    assert set(found.table.column("publication_number").to_pylist()) == set(numbers)


def folder_of(folder: Path, *without: str) -> Path:
    """Write the tables but for *without*; return the folder."""
    for name, text in TABLES.items():
        if name not in without:
            saved(folder, name, text)
    return folder


def check_patstat(found: Any) -> None:
    """Hold the joined tables against what they say."""
    rows = found.table.to_pylist()
    assert [row["publication_number"] for row in rows] == ["CN102154553A", "CN102154553B", "WO2009111222A1", "EP77A1"]
    assert (found.rows_in, [(loss.country, loss.count) for loss in found.set_aside]) == (5, [("US", 1)])
    first, second, third, orphan = rows
    assert facts(first) == {
        "publication_number": "CN102154553A",
        "office": "CN",
        "kind": "A",
        "publication_date": dt.date(2011, 8, 17),
        "filing_date": dt.date(2011, 3, 1),
        "priority_date": dt.date(2005, 1, 1),
        "application_number": "CN201110053793A",
        "priorities": [
            {"number": "US2009012345W", "date": dt.date(2009, 5, 1)},
            {"number": "JP2005001A", "date": dt.date(2005, 1, 1)},
        ],
        "family_id": "500",
        "family_source": "source",
        "family_members": [],
        "family_offices": [],
        "title": "A method,\nof two lines",
        "title_language": "en",
        "title_original": None,
        "abstract": "Words.",
        "abstract_language": "en",
        "cpc": ["C22B59/00", "H04N19/103"],
        "ipc": ["C22B59/00"],
        "applicants": [{"name": 'X, "Y" LTD', "country": "CN"}, {"name": "Z", "country": None}],
        "inventors": [{"name": "Z", "country": None}, {"name": "V", "country": "US"}],
    }
    assert (second["kind"], second["cpc"]) == ("B", first["cpc"])
    assert (third["publication_date"], third["priority_date"]) == (None, dt.date(2008, 5, 2))
    assert (orphan["application_number"], orphan["family_id"], orphan["filing_date"]) == (None, None, None)
    assert found.notes["publications whose application is not in tls201"] == "1"
    assert found.notes["priorities whose application is not in tls201"] == "1"
    assert found.notes["parties whose person is not in tls206"] == "1"


def test_patstat_from_any_of_its_files_the_folder_and_a_zip(tmp_path: Path):
    """Parts, separators, column order and names of files differ; the publications do not."""
    folder = folder_of(tmp_path)
    for path in (folder, folder / "tls211_part01.csv", folder / "tls206_person.csv"):
        head = path.read_bytes() if path.is_file() else b""
        assert patstat.recognises(head, path)
        check_patstat(patstat.read(path))
    packed = tmp_path / "tables.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in TABLES.items():
            archive.writestr(f"../{name}", text)
        archive.writestr("readme.txt", "read me")
    assert patstat.recognises(packed.read_bytes(), packed)
    check_patstat(patstat.read(packed))


def test_a_patstat_folder_is_an_input_of_its_own(tmp_path: Path):
    """A folder is read like a file, and its hash is that of every table: a change in any of them is another input."""
    found = read_file(folder_of(tmp_path))
    check_patstat(found)
    assert (found.format, found.source.name) == ("patstat", tmp_path.name)
    again = read_file(tmp_path / "tls211_part01.csv")
    assert again.source.sha256 == found.source.sha256
    assert again.table.drop(["source"]).equals(found.table.drop(["source"]))
    saved(tmp_path, "tls203.csv", TABLES["tls203.csv"].replace("Words", "Others"))
    assert read_file(tmp_path).source.sha256 != found.source.sha256


def test_a_folder_without_patstat_tables_is_refused(tmp_path: Path):
    """A folder of something else is no input, and the error says what a folder may be."""
    saved(tmp_path, "a.csv", "name,price\nspoon,3\n")
    with pytest.raises(FileFormatError, match="found a folder, expected a file, or the folder of PATSTAT's tables"):
        read_file(tmp_path)


def test_patstat_gzip_and_tables_that_are_absent(tmp_path: Path):
    """Publications alone are read too; what is missing is said."""
    text = TABLES["tls211_part01.csv"].encode()
    path = saved(tmp_path, "tls211.csv.gz", gzip.compress(text))
    assert patstat.recognises(path.read_bytes(), path)
    found = patstat.read(path)
    assert found.table.column("publication_number").to_pylist() == ["CN102154553A", "CN102154553B"]
    assert "tls201" in found.notes["tables absent"]
    assert "tls224" in found.source.note
    assert found.table.column("applicants").to_pylist() == [[], []]


def test_patstat_without_publications_or_with_broken_rows(tmp_path: Path):
    """No tls211, a broken row and a missing file are errors that name them."""
    folder = folder_of(tmp_path, "tls211_part01.csv", "tls211_part02.csv")
    with pytest.raises(FileFormatError, match="expected tls211"):
        patstat.read(folder / "tls224.csv")
    saved(folder, "tls211.csv", TABLES["tls211_part01.csv"] + '16,"CN,1,2,3,4\n5')
    with pytest.raises(FileFormatError, match="PATSTAT table can't be read"):
        patstat.read(folder)
    with pytest.raises(FileFormatError):
        patstat.read(tmp_path / "missing.csv")
    assert not patstat.recognises(b"id,title,assignee\n", tmp_path / "x.csv")
    assert not patstat.recognises(b"", tmp_path / "x.csv")
