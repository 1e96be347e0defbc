"""A file's bytes made text: encoding and line ends decided by evidence, and said.

Exports come in UTF-8 and UTF-16, and, once a spreadsheet has saved them, in the code page of its owner's machine. A
byte order mark decides; else UTF-8 if it is valid; else the code page under which the non-ASCII characters look most
like text. Text that was once read in the wrong code page (`â€‚` for an en space) is mended where that can be told.
"""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import re
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from patentscope.errors import FileFormatError

LONGEST_LINE = 64 << 20
_BLOCK = 4 << 20
_BYTE_ORDER_MARKS = {
    "utf-8-sig": (codecs.BOM_UTF8,),
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}
_SAMPLE = 4096
_MANY_NULS = 0.2
_FEW_DAMAGED = 0.01
_SURE = 0.5
_LONGEST_RUN = 3  # Latin words have their accented letters apart
_MIXED_LINE_ENDS = 0.1

# What Latin text is expected to hold beyond ASCII; a macron or a currency sign inside a name is a sign of misreading.
_LATIN = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿŠšŽžŒœŸ‘’“”–—…®™°µ±·×²³\u00a0")
_CONTINUATION = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\u0081\u008d\u008f\u0090\u009d\u00a0-\u00bf"
_MISREAD = re.compile(f"(?:[Â-ß][{_CONTINUATION}]|[à-ï][{_CONTINUATION}]{{2}}|[ð-ô][{_CONTINUATION}]{{3}})+")
_MISREAD_FIRST = re.compile("[Â-ô]")
_PLAUSIBLE = re.compile(
    r"[\u00a0-\u017f\u0370-\u04ff\u2000-\u206f\u20ac\u2100-\u214f\u3000-\u9fff\uac00-\ud7a3\uff00-\uffef]+"
)
_FOREIGN = re.compile(r"([a-z]?)([^\x00-\x7f]+)")
_HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!doctype\s+html|<html|<head|<body)", re.IGNORECASE)


@dataclass(frozen=True)
class Decoded:
    """A file's text with line feeds as line ends, its encoding, the hash of its bytes, and what had to be decided."""

    text: str
    encoding: str
    sha256: str
    notes: dict[str, str]


def first_text(head: bytes) -> str:
    """Return the lines that a file starts with, as text, from its first bytes."""
    end = max(head.rfind(b"\n"), head.rfind(b"\r"))
    return _lines(_text(head[: end + 1] if end > 0 else head)[0])[0]


def decode(path: Path) -> Decoded:
    """Read *path* as text.

    Raises:
        FileFormatError: where the file is missing, empty, a web page, or has a line of more than 64 MB.
    """
    raw = _read(path)
    if len(raw) < _SAMPLE and not raw.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise FileFormatError(f"{path}: found an empty file; expected the rows of an export. Download it again")
    if _HTML.match(raw[:_SAMPLE]):
        raise FileFormatError(
            f"{path}: found a web page (HTML), expected CSV. A site sends one for an expired link or a login; "
            "open the search in a browser and use its own export button"
        )
    text, encoding, notes = _text(raw)
    if "\x00" in text:
        notes["NUL characters"] = f"{text.count(chr(0))} left out"
        text = text.replace("\x00", "")
    text, notes["line ends"] = _lines(text)
    text, mended = _mend(text)
    if mended:
        notes["misread characters"] = f"{mended} pieces that had been read in another encoding, mended"
    return Decoded(text, encoding, hashlib.sha256(raw).hexdigest(), notes)


def _read(path: Path) -> bytes:
    """Read a file's bytes, giving up on a line too long to be one before it fills the memory."""
    if not path.is_file():
        raise FileFormatError(f"{path}: no such file")
    blocks, since = [], 0
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(_BLOCK), b""):
            blocks.append(block)
            end = max(block.rfind(b"\n"), block.rfind(b"\r"))
            since = since + len(block) if end < 0 else len(block) - end
            if since > LONGEST_LINE:
                raise FileFormatError(
                    f"{path}: found a line of more than {LONGEST_LINE >> 20} MB, ending after byte "
                    f"{sum(map(len, blocks))}; expected the rows of an export. Is it a list of lines at all?"
                )
    return b"".join(blocks)


def _text(raw: bytes) -> tuple[str, str, dict[str, str]]:
    """Return text, encoding and what is to be said of it."""
    encoding = next((name for name, marks in _BYTE_ORDER_MARKS.items() if raw.startswith(marks)), "")
    head = raw[:_SAMPLE]
    if not encoding and head.count(0) > _MANY_NULS * len(head):
        encoding = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    if encoding:
        text = raw.decode(encoding, "replace")
        damaged = text.count("\ufffd")
        return text, encoding, {"unreadable bytes": f"{damaged} places are not valid {encoding}"} if damaged else {}
    with contextlib.suppress(UnicodeDecodeError):
        return raw.decode("utf-8"), "utf-8", {}
    text = raw.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    if damaged <= _FEW_DAMAGED * sum(character > "\x7f" for character in text):
        return text, "utf-8", {"unreadable bytes": f"{damaged} places are not valid utf-8, shown as \ufffd"}
    return _code_page(raw)


def _code_page(raw: bytes) -> tuple[str, str, dict[str, str]]:
    """Choose among the code pages that spreadsheets save in; of equals, the one that goes with the line ends."""
    # Only old Macintosh software ends lines with CR.
    latin = ("cp1252", "mac_roman") if b"\n" in raw else ("mac_roman", "cp1252")
    readings = []
    for name in (*latin, "gb18030", "shift_jis"):
        with contextlib.suppress(UnicodeDecodeError):
            readings.append((_plausible(raw.decode(name), name), name))
    if not readings:
        return raw.decode("cp1252", "replace"), "cp1252", {"encoding": "none fits; unreadable bytes shown as \ufffd"}
    good, name = max(readings, key=itemgetter(0))
    how = "by the look of its non-ASCII characters"
    return (
        raw.decode(name),
        name,
        {"encoding": how if good >= _SURE else f"{how}, unsure: only {good:.0%} of them look right"},
    )


def _plausible(text: str, encoding: str) -> float:
    """Return the share of non-ASCII characters that look like text."""
    good = total = 0
    latin = encoding in {"cp1252", "mac_roman"}
    for before, run in _FOREIGN.findall(text):
        total += len(run)
        if latin and _MISREAD.fullmatch(run) and _mend(run)[1]:
            good += len(run)
        elif latin and len(run) <= _LONGEST_RUN:
            # A capital inside a lower-case word is a sign of the wrong page.
            good += sum(1 for character in run if character in _LATIN and not (before and character.isupper()))
        elif not latin and len(run) > 1:
            good += sum(1 for character in run if _is_common(character, encoding))
    return good / max(total, 1)


def _is_common(character: str, encoding: str) -> bool:
    """Say whether a character is kana, East Asian punctuation or of the first level of its national standard."""
    if "\u3000" <= character <= "\u30ff" or "\uff00" <= character <= "\uff60":
        return True
    first = character.encode(encoding)[0]
    return character >= "\u4e00" and (0xB0 <= first <= 0xD7 if encoding == "gb18030" else 0x88 <= first <= 0x97)  # noqa: PLR2004


def _lines(text: str) -> tuple[str, str]:
    """Make every line end a line feed; a lone CR among other line ends is no line end but damage in a cell."""
    windows, all_lf = text.count("\r\n"), text.count("\n")
    name = "CRLF" if windows and windows == all_lf else "mixed LF and CRLF" if windows else "LF" if all_lf else "CR"
    text = text.replace("\r\n", "\n")
    lone = text.count("\r")
    if lone and all_lf and lone < _MIXED_LINE_ENDS * all_lf:
        return text.replace("\r", " "), f"{name}; {lone} lone CR read as blanks"
    return text.replace("\r", "\n"), f"{name} and CR" if lone and all_lf else name


def _mend(text: str) -> tuple[str, int]:
    """Undo UTF-8 that was read as cp1252; only where that gives characters such files hold."""
    mended = 0
    if text.isascii():
        return text, mended

    def undo(match: re.Match[str]) -> str:
        nonlocal mended
        raw = b"".join(character.encode("latin-1" if character < "\u0100" else "cp1252") for character in match[0])
        undone = raw.decode("utf-8", "replace")
        if _PLAUSIBLE.fullmatch(undone) is None:  # U+FFFD is not
            return match[0]
        mended += 1
        return undone

    # Most lines are ASCII, or in scripts that such a misreading never gives: they aren't searched.
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if not line.isascii() and _MISREAD_FIRST.search(line):
            lines[place] = _MISREAD.sub(undo, line)
    return "\n".join(lines) if mended else text, mended
