"""A list of known documents is read whole: whatever saved it, and with nothing in it passed over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from patentscope.errors import FileFormatError
from patentscope.files import known_numbers

NUMBERS = ["US 2012/0057518 A1", "  cn-116904750-a  # the first", "EP2813585", "US20120057518A1", "no number", "XX123"]
TEXT = "\n".join(["# what we know", "", *NUMBERS, ""])


def written(path: Path, raw: bytes) -> Path:
    """Write *raw* and return its path."""
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.replace("\n", "\r\n").encode("utf-8-sig"),
        TEXT.replace("\n", "\r\n").encode("utf-16"),
        TEXT.replace("\n", "\r").encode(),
    ],
)
def test_numbers_are_read_in_any_form_and_encoding(tmp_path: Path, raw: bytes) -> None:
    """Marks, blanks, byte order marks, line ends of three kinds, comments: one list, with its line numbers."""
    entry = known_numbers.read(written(tmp_path / "known.txt", raw))
    table = known_numbers.normalised(entry["lines"])
    assert table["line"].tolist() == [3, 4, 5, 6, 7, 8]
    assert table["number"].tolist()[:2] == ["US 2012/0057518 A1", "cn-116904750-a"]
    normal = ["US2012057518A1", "CN116904750A", "EP2813585", "US2012057518A1", None, None]
    assert table["normal"].tolist() == normal
    assert entry["file"] == "known.txt"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xef\xbb\xbf# none yet\r\n", "found no line with a number; expected an office and a number"),
        (b"\n\nfirst\nsecond\n", "found 'first' in line 3; expected an office and a number, such as CN116904750A"),
        (b"", "found an empty file"),
    ],
)
def test_a_list_without_a_number_is_refused(tmp_path: Path, raw: bytes, message: str) -> None:
    """The error says where, what was found and what was expected."""
    with pytest.raises(FileFormatError, match=re.escape(message)):
        known_numbers.read(written(tmp_path / "known.txt", raw))


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    """A wrong path is said, not taken for an empty list."""
    with pytest.raises(FileFormatError, match=r"none\.txt: no such file"):
        known_numbers.read(tmp_path / "none.txt")
