"""Every importer, on any cells and values at all: rows in are publications and rows set aside, and a run takes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patentscope.errors import FileFormatError
from patentscope.fetch.lens.record import publication_of as lens_record
from patentscope.fetch.surechembl.document import publication_of as surechembl_document
from patentscope.fetch.uspto.record import publications_of as uspto_record
from patentscope.files.recognise import read_file
from patentscope.files.tables.bigquery_row import publication_of as bigquery_row
from patentscope.records import intake, store

from seeds import lens_records, surechembl_pages, uspto_pages
from worlds.tables import NESTED, TABLES, with_elements
from worlds.xml_texts import BIBLIO, GRANT, OLDER, answer, document

FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
#: Text of any script, half characters apart, and what the formats give a meaning to.
WORDS = st.text(max_size=20) | st.sampled_from([
    "CN-116904750-A", "US 2012/0057518 A1", "2024-01-02", "31/12/99", "C22B 59/00", ";;", '"', "\n", "A [CN]", "0",
    "\x00",
])  # fmt: skip
VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)


def taken(path: Path) -> int:
    """Read a file, hold its account, take its publications in, and return how many rows there were."""
    found = read_file(path)
    assert found.rows_in == found.table.num_rows + sum(loss.count for loss in found.set_aside)
    merged = intake.merge([found.records], most_bad=1.0, set_aside=found.set_aside)
    assert merged.rows_in == merged.table.num_rows + sum(loss.count for loss in merged.dropped)
    return found.rows_in


def changed(value: Any, data: st.DataObject) -> Any:
    """Return a JSON value with some of its parts changed for others, or left out."""
    if data.draw(st.integers(0, 9)) == 0:
        return data.draw(VALUES)
    if isinstance(value, dict):
        return {name: changed(entry, data) for name, entry in value.items() if data.draw(st.integers(0, 9))}
    return [changed(entry, data) for entry in value] if isinstance(value, list) else value


@FEW
@given(data=st.data())
def test_any_values_in_bigquery_rows(tmp_path: Path, data: st.DataObject) -> None:
    """A row of BigQuery's with any of its values changed for anything is a publication or set aside."""
    rows = [NESTED, changed(NESTED, data), changed(with_elements(NESTED), data)]
    path = tmp_path / "a.json"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert taken(path) == len(rows)


@FEW
@given(data=st.data())
def test_any_values_in_records_of_the_network(data: st.DataObject) -> None:
    """A record of any source with any of its values changed for anything gives what a run can take, or none."""
    wrapper = json.loads(uspto_pages()[0])["patentFileWrapperDataBag"][0]
    found = [
        *uspto_record(
            {"applicationNumberText": "16", **{key: changed(wrapper[key], data) for key in wrapper}}, "u", "o"
        )[0],
        surechembl_document(
            changed(json.loads(surechembl_pages()[0])["data"]["results"]["documents"][0], data), "s", "o"
        ),
    ]
    record, row = changed(json.loads(lens_records()[0])["data"][0], data), changed(NESTED, data)
    found += [lens_record(record, "l", "o")] if isinstance(record, dict) else []
    found += [bigquery_row(row, "b", "o")] if isinstance(row, dict) else []
    publications = [one for one in found if one is not None]
    assert intake.merge([store.to_table(publications)], most_bad=1.0).rows_in == len(publications)


@FEW
@given(words=st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12), min_size=4))
def test_any_text_in_xml(tmp_path: Path, words: list[str]) -> None:
    """In exchange documents and both generations of Red Book, any text in any element leaves every document counted."""
    texts = iter(words * 500)

    def other(xml: str) -> str:
        parts = xml.split(">")
        swapped = [
            f"{escape(next(texts))}<{part.partition('<')[2]}"
            if part.partition("<")[0].strip() and place % 3 == 0
            else part
            for place, part in enumerate(parts[:-1])
        ]
        return ">".join([*swapped, parts[-1]])

    for name, raw, count in (
        ("a.xml", answer(document(inside=other(BIBLIO)), document("2")), 2),
        ("b.xml", GRANT.format(number="1").encode() + other(GRANT.format(number="2")).encode(), 2),
        ("c.xml", OLDER.encode() + OLDER.replace("RE045678", escape(words[0].replace("&", ""))).encode(), 2),
    ):
        (tmp_path / name).write_bytes(raw)
        try:
            assert taken(tmp_path / name) == count
        except FileFormatError as error:
            assert str(tmp_path / name) in str(error)  # noqa: PT017 - a refusal is as good as an account


@settings(FEW, max_examples=8)
@given(data=st.data())
def test_any_cells_in_patstat(tmp_path: Path, data: st.DataObject) -> None:
    """Cells of PATSTAT's tables changed for anything leave every row of publications counted, or the file refused."""
    for name, text in TABLES.items():
        lines = [line.split(",") for line in text.split("\n") if '"' not in line and "," in line]
        for line in lines[1:]:
            if data.draw(st.booleans()):
                line[data.draw(st.integers(0, len(line) - 1))] = data.draw(WORDS)
        (tmp_path / name).write_text("\n".join(map(",".join, lines)) + "\n", encoding="utf-8", newline="\n")
    try:
        taken(tmp_path)
    except FileFormatError as error:
        assert str(tmp_path) in str(error)  # noqa: PT017 - as above


@FEW
@given(data=st.data())
def test_any_columns_in_parquet(tmp_path: Path, data: st.DataObject) -> None:
    """A parquet file in our columns with values of any type is read, or refused with the column's name."""
    kinds = st.sampled_from([WORDS, st.integers(-5, 10**8), st.floats(), st.dates(), st.lists(WORDS, max_size=2)])
    columns = {"publication_number": st.lists(WORDS, min_size=3, max_size=3)}
    for name in data.draw(st.lists(st.sampled_from(store.SCHEMA.names), max_size=5)):
        columns[name] = st.lists(data.draw(kinds), min_size=3, max_size=3)
    frame = pd.DataFrame({name: data.draw(values) for name, values in columns.items()})
    frame.to_parquet(tmp_path / "a.parquet")
    try:
        assert taken(tmp_path / "a.parquet") == 3
    except FileFormatError as error:
        assert "a.parquet" in str(error)  # noqa: PT017 - as above
