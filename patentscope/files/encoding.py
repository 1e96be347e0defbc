"""The encoding of a file's bytes, decided by evidence, and what had to be decided.

Exports come in UTF-8 and UTF-16, and, once a spreadsheet has saved them, in the code page of its owner's machine. A
byte order mark decides; else UTF-8 if it is valid; else the code page under which the non-ASCII characters look most
like text. Text that was once read in the wrong code page (`â€‚` for an en space) is mended where that can be told.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter

#: Gives a file's bytes anew at each call, in blocks that end at a line end.
Source = Callable[[], Iterator[bytes]]
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

# What Latin text is expected to hold beyond ASCII; a macron or a currency sign inside a name is a sign of misreading.
_LATIN = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿŠšŽžŒœŸ‘’“”–—…®™°µ±·×²³\u00a0")
_CONTINUATION = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\u0081\u008d\u008f\u0090\u009d" + "".join(map(chr, range(0xA0, 0xC0)))
_PLAUSIBLE = re.compile(
    r"[\u00a0-\u017f\u0370-\u04ff\u2000-\u206f\u20ac\u2100-\u214f\u3000-\u9fff\uac00-\ud7a3\uff00-\uffef]+"
)
_FOREIGN = re.compile(r"([a-z]?)([^\x00-\x7f]+)")


def _one_of(characters: Iterable[str]) -> bytes:
    """Return a regular expression for the UTF-8 of any one of *characters*."""
    by_lead: defaultdict[bytes, bytes] = defaultdict(bytes)
    for character in characters:
        *lead, last = character.encode()
        by_lead[bytes(lead)] += re.escape(bytes([last]))
    return b"(?:" + b"|".join(lead + b"[" + last + b"]" for lead, last in by_lead.items()) + b")"


# UTF-8 read as cp1252, in UTF-8 again: `Â` to `ô`, which all begin with the byte C3, and one to three after them.
_MORE = _one_of(_CONTINUATION)
_ONE_MISREAD = rb"\xc3(?:[\x82-\x9f]%b|[\xa0-\xaf]%b{2}|[\xb0-\xb4]%b{3})" % (_MORE, _MORE, _MORE)
_MISREAD = re.compile(_ONE_MISREAD + b"(?:" + _ONE_MISREAD + b")*")  # begins with a byte, for speed


def encoding_of(head: bytes, source: Source, *, is_utf8: bool, has_line_feeds: bool) -> tuple[str, dict[str, str]]:
    """Return a file's encoding, and what is to be said of it.

    Args:
        head: the file's first bytes.
        source: gives all of them.
        is_utf8: whether they are valid UTF-8.
        has_line_feeds: whether there is a line feed among them.
    """
    encoding = next((name for name, marks in _BYTE_ORDER_MARKS.items() if head.startswith(marks)), "")
    sample = head[:_SAMPLE]
    if not encoding and sample.count(0) > _MANY_NULS * len(sample):
        encoding = "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
    if encoding:
        damaged = sum(text.count("\ufffd") for text in texts(source, encoding))
        return encoding, {"unreadable bytes": f"{damaged} places are not valid {encoding}"} if damaged else {}
    if is_utf8:
        return "utf-8", {}
    damaged = foreign = 0
    for text in texts(source, "utf-8"):
        damaged += text.count("\ufffd")
        foreign += sum(character > "\x7f" for character in text)
    if damaged <= _FEW_DAMAGED * foreign:
        return "utf-8", {"unreadable bytes": f"{damaged} places are not valid utf-8, shown as \ufffd"}
    return _code_page(source, has_line_feeds=has_line_feeds)


def texts(source: Source, encoding: str, errors: str = "replace") -> Iterator[str]:
    """Yield a file's text in pieces, cut anywhere."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for block in source():
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def mended(block: bytes) -> tuple[bytes, int]:
    """Undo UTF-8 that was read as cp1252 (all in UTF-8), only where that gives characters such files hold; count it."""
    count = 0

    def undo(match: re.Match[bytes]) -> bytes:
        nonlocal count
        text = match[0].decode()
        raw = b"".join(character.encode("latin-1" if character < "\u0100" else "cp1252") for character in text)
        undone = raw.decode("utf-8", "replace")
        if _PLAUSIBLE.fullmatch(undone) is None:  # U+FFFD is not
            return match[0]
        count += 1
        return undone.encode()

    return _MISREAD.sub(undo, block), count


def _code_page(source: Source, *, has_line_feeds: bool) -> tuple[str, dict[str, str]]:
    """Choose among the code pages that spreadsheets save in; of equals, the one that goes with the line ends."""
    # Only old Macintosh software ends lines with CR.
    latin = ("cp1252", "mac_roman") if has_line_feeds else ("mac_roman", "cp1252")
    readings = []
    for name in (*latin, "gb18030", "shift_jis"):
        with contextlib.suppress(UnicodeDecodeError):
            pieces = [_plausible(text, name) for text in texts(source, name, "strict")]
            right, total = map(sum, zip(*pieces, strict=True))
            readings.append((right / max(total, 1), name))
    if not readings:
        return "cp1252", {"encoding": "none fits; unreadable bytes shown as \ufffd"}
    good, name = max(readings, key=itemgetter(0))
    how = "by the look of its non-ASCII characters"
    return name, {"encoding": how if good >= _SURE else f"{how}, unsure: only {good:.0%} of them look right"}


def _plausible(text: str, encoding: str) -> tuple[int, int]:
    """Return how many of the non-ASCII characters look like text, and how many there are."""
    good = total = 0
    latin = encoding in {"cp1252", "mac_roman"}
    for before, run in _FOREIGN.findall(text):
        total += len(run)
        if latin and _MISREAD.fullmatch(run.encode()) and mended(run.encode())[1]:
            good += len(run)
        elif latin and len(run) <= _LONGEST_RUN:
            # A capital inside a lower-case word is a sign of the wrong page.
            good += sum(1 for character in run if character in _LATIN and not (before and character.isupper()))
        elif not latin and len(run) > 1:
            good += sum(1 for character in run if _is_common(character, encoding))
    return good, total


def _is_common(character: str, encoding: str) -> bool:
    """Say whether a character is kana, East Asian punctuation or of the first level of its national standard."""
    if "\u3000" <= character <= "\u30ff" or "\uff00" <= character <= "\uff60":
        return True
    first = character.encode(encoding)[0]
    return character >= "\u4e00" and (0xB0 <= first <= 0xD7 if encoding == "gb18030" else 0x88 <= first <= 0x97)  # noqa: PLR2004
