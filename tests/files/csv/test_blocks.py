"""Exports read in blocks: whatever their borders, and however each block is read, a file says the same."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patentscope.errors import FileFormatError
from patentscope.files import decode
from patentscope.files.csv import blocks
from patentscope.files.recognise import read_file

from worlds.sheets import ESPACENET, GOOGLE, LENS, PATENTSCOPE, espacenet, google, lens, text_of

#: What is put anywhere into a file: half of it makes a block irregular.
DAMAGE = st.sampled_from([
    '"', '""', ",", ";", "\n", "\r\n", "\r", "\x00", "Ã¼", "ü", "\ufeff", " ", "\u3000", "\n\n",
    ",,,\n", '"a\nb"', "31/12/99",
    "2/3/2020",
])  # fmt: skip
MADE = st.sampled_from([
    text_of(GOOGLE, *(google(f"US-{n}-A", title='of "rare"\nearths') for n in range(1, 9))),
    text_of(LENS, *(lens(f"US 2013/010{n} A1", Abstract="a, b;;c") for n in range(1, 9))),
    text_of(ESPACENET, *[espacenet()] * 4, separator=";"),
    text_of(PATENTSCOPE, *[["WO/2015/012345", "02.01.2015", "T", "US 62/1 02.01.2014", "C22B 7/00", "A;B"]] * 4),
])  # fmt: skip


def said(path):
    """Return all that a file says, or why it is refused."""
    try:
        found = read_file(path)
    except FileFormatError as error:
        return str(error)
    return found.table.to_pylist(), found.rows_in, found.encoding, found.set_aside, found.notes, found.source


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=MADE,
    damage=st.lists(st.tuples(st.floats(0, 1), DAMAGE), max_size=4),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    sizes=st.tuples(st.integers(1, 600), st.integers(1, 900)),
)
def test_borders_of_blocks_change_nothing(tmp_path, text, damage, encoding, sizes):
    """Read by a few bytes at a time, a file gives the publications, rows set aside and notes that it gives whole."""
    for place, piece in damage:
        at = int(place * len(text))
        text = text[:at] + piece + text[at:]
    path = tmp_path / "file.dat"
    path.write_bytes(text.encode(encoding))
    whole = said(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decode, "BLOCK", sizes[0])
        patch.setattr(blocks, "BLOCK", sizes[1])
        assert said(path) == whole


@pytest.mark.parametrize("fault", ['"never closed', "a,row,with,few", 'stray " mark,' * len(GOOGLE)])
def test_a_bad_row_is_named_by_its_line_wherever_it_stands(tmp_path, monkeypatch, fault):
    """One bad row among regular ones of several lines each is set aside with its line; every other row is read."""
    body = text_of(GOOGLE, *(google(f"US-{n}-A", title="two\nlines") for n in range(1, 101))).splitlines()
    monkeypatch.setattr(blocks, "BLOCK", 2000)
    path = tmp_path / "file.dat"
    path.write_text("\n".join([*body[:101], fault, *body[101:]]) + "\n", encoding="utf-8")
    found = read_file(path)
    assert found.table.num_rows == 100
    assert [loss.first[0].startswith("line 102") for loss in found.set_aside] == [True]


def test_moved_cells_in_the_last_block_are_put_back_in_all(tmp_path, monkeypatch):
    """That a spreadsheet split a file's lists may show in the last row only: then the whole file is read so."""
    monkeypatch.setattr(blocks, "BLOCK", 1000)
    split = lens("US 2013/999 A1", Priority_Numbers="US 62 P 20110102")
    at = LENS.index("Applicants")
    split[at : at + 3] = ["A", "B", "", "C", "https://lens.org/1"]
    rows = [lens(f"US 2013/1{n:02} A1") for n in range(40)]
    path = tmp_path / "file.dat"
    path.write_text(text_of([*LENS, "", ""], *([*row, "", ""] for row in rows), split), encoding="utf-8")
    found = read_file(path)
    assert "the cells of 41 rows were put back" in found.notes["cells moved"]
    assert [len(people) for people in found.table.column("inventors").to_pylist()] == [2] * 41
