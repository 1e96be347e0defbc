"""The official list of another edition: read whole, and refused where it is cut, unsorted or no list at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from patentscope.errors import FileFormatError
from patentscope.records.scheme import Scheme

from worlds.title_lists import GROUPS, sections, write_list


@pytest.mark.parametrize("name", ["CPCTitleList202605.zip", "CPCTitleList202605", "list.txt"])
def test_another_edition_is_read_from_zip_folder_or_one_file(name: str, tmp_path: Path) -> None:
    """All three forms of the list give the same tree, the titles, and where it came from."""
    if name.endswith(".txt"):
        path = tmp_path / name
        path.write_bytes(("\ufeff" + "".join(sections().values())).replace("\n", "\r\n").encode())
    else:
        path = write_list(tmp_path / name, sections())
    scheme = Scheme.read(path)
    assert scheme.edition == ("list.txt" if name.endswith(".txt") else "2026.05")
    assert scheme.file == name
    assert len(scheme.sha256) == 64
    assert scheme.under("C22B7") == ("C22B7/00", "C22B7/001", "C22B7/005", "C22B7/02", "C22B2007/04")
    assert scheme.under("C22B7/001") == ("C22B7/001", "C22B7/005")
    assert scheme.title("C22B7") == "Title of C22B7/00"
    assert scheme.title("C22B8") == ""
    assert scheme.nearest("H01M10/54") == "H"


def changed(*rows: tuple[str, str]) -> dict[str, str]:
    """Return the small list with *rows* at the end of C22B."""
    return sections((*GROUPS, *rows))


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({**sections(), "D": ""}, "found no section D"),
        ({key: text for key, text in sections().items() if key in "CG"}, "found no section A, B, D, E, F, H, Y"),
        (
            {**sections(), "C": "".join(sections()["C"].splitlines(keepends=True)[:-3])},
            "section C ends in C22B, not C99Z",
        ),
        (
            {**sections(), "C": sections()["C"][:-20]},
            r"section-C.*line 13: found 'C99Z1/00.*expected symbol, level and",
        ),
        (changed(("C22B60/02", "1")), r"line 11: found 'C22B60/02.*can't stand after C22B59/10"),
        (changed(("C22B59/30", "3")), r"line 11: found 'C22B59/30.*expected a row of level 2 before it"),
        (changed(("C22B59/00", "0")), "found C22B59/00 twice"),
        (changed(("C22B59/05", "1")), r"can't stand after C22B59/10: expected the rows in the scheme's own order"),
        (changed(("C22C1/00", "0")), r"C22C1/00.*can't stand after C22B59/00"),
        (changed(("C01", "")), r"C01.*can't stand after C22"),
        (changed(("D22", "")), r"D22.*can't stand after C22"),
        (changed(("C22B61/00", "")), r"C22B61/00.*without a level is a section, a class or a subclass"),
        (changed(("C22B", "1")), "a row with a level is a group"),
        (changed(("C22B61/00", "1")), "level 0 is that of main groups"),
        (changed(("C22B61/00", "zero")), "expected symbol, level and title"),
        (changed(("C", "")), "section C a second time"),
        ({**sections(), "C": "C22B7/00\t0\tNo section above it\n"}, "expected a row of its section"),
    ],
)
def test_a_list_that_is_cut_or_unsorted_is_refused(texts: dict[str, str], words: str, tmp_path: Path) -> None:
    """Each fault is named with file, line, what was found and what was expected."""
    path = write_list(tmp_path / "CPCTitleList202605.zip", texts)
    with pytest.raises(FileFormatError, match=words) as error:
        Scheme.read(path)
    assert "CPCTitleList202605.zip" in str(error.value)


def test_files_of_two_editions_are_refused(tmp_path: Path) -> None:
    """Sections of different dates are no edition."""
    path = write_list(tmp_path / "list", {key: text for key, text in sections().items() if key != "A"})
    (path / "cpc-section-A_20220801.txt").write_text(sections()["A"], encoding="utf-8")
    with pytest.raises(FileFormatError, match=r"several editions \(2022.08, 2026.05\)"):
        Scheme.read(path)


def test_a_damaged_zip_and_what_is_no_list_are_refused(tmp_path: Path) -> None:
    """Half a zip, one with a wrong byte, bytes that are no text, an empty folder, a missing path: a plain error."""
    whole = write_list(tmp_path / "list.zip", sections()).read_bytes()
    middle = whole.index(b"Title of C22B7/001")
    files = {
        "half.zip": whole[: len(whole) // 2],
        "wrong.zip": whole[:middle] + b"\x00" + whole[middle + 1 :],
        "bytes.txt": b"\xff\xfe\x00A",
        "empty.txt": b"",
        "symbols-only.txt": b"A\nA01\nA01B\n",
    }
    (tmp_path / "folder").mkdir()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    for name in (*files, "folder", "missing.zip"):
        with pytest.raises(FileFormatError, match=r"CPCTitleList202605\.zip|symbol, level and title"):
            Scheme.read(tmp_path / name)
