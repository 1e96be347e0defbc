"""A file's bytes made text, in blocks of whole lines: encoding and line ends decided by evidence, and said.

Every file is gone through once for that evidence and its hash, and then read block by block as UTF-8, whatever it was.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from patentscope.errors import FileFormatError
from patentscope.files.encoding import Source, encoding_of, mended, texts

LONGEST_LINE = 64 << 20
BLOCK = 1 << 18  # what a processor's cache holds
_SAMPLE = 4096
_TOP = 1 << 18
_MIXED_LINE_ENDS = 0.1
_LF, _CR = b"\n", b"\r"
_HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!doctype\s+html|<html|<head|<body)", re.IGNORECASE)


@dataclass
class _Ends:
    """How lines end: line feeds, carriage returns, pairs of both; and NUL characters, which are left out."""

    feeds: int = 0
    returns: int = 0
    pairs: int = 0
    nuls: int = 0

    def pass_on(self, block: bytes) -> bytes:
        """Return *block*; its NUL characters are counted."""
        self.nuls += block.count(b"\x00") if 0 in block else 0
        return block

    def see(self, block: bytes) -> None:
        """Count the line ends of a block without NUL characters."""
        characters = np.frombuffer(block, np.uint8)
        self.feeds += int(np.count_nonzero(characters == _LF[0]))
        if _CR in block:
            places = np.flatnonzero(characters == _CR[0])
            self.returns += len(places)
            self.pairs += int(np.count_nonzero(characters[places[places < len(block) - 1] + 1] == _LF[0]))

    @property
    def in_place_of_return(self) -> bytes:
        """What stands for a CR: nothing before a line feed; a lone one among other line ends is damage in a cell."""
        lone = self.returns - self.pairs
        return b"" if not lone else b" " if self.feeds and lone < _MIXED_LINE_ENDS * self.feeds else _LF

    def notes(self) -> dict[str, str]:
        lone, pairs, feeds = self.returns - self.pairs, self.pairs, self.feeds
        name = "CRLF" if pairs and pairs == feeds else "mixed LF and CRLF" if pairs else "LF" if feeds else "CR"
        if self.in_place_of_return == b" ":
            name += f"; {lone} lone CR read as blanks"
        elif lone and feeds:
            name += " and CR"
        return {**({"NUL characters": f"{self.nuls} left out"} if self.nuls else {}), "line ends": name}


@dataclass
class Text:
    """A file's text: its encoding, the hash of its bytes, and what had to be decided.

    `notes` are whole once all `blocks` were read.
    """

    encoding: str
    sha256: str
    notes: dict[str, str]
    _utf8: Source = field(repr=False)
    _ends: _Ends

    def blocks(self) -> Iterator[bytes]:
        """Yield the text as UTF-8 with line feeds as line ends; each block, but for the last, ends with one."""
        pieces = 0
        for block in _at_line_feeds(self._with_line_feeds()):
            whole, count = mended(block)
            pieces += count
            yield whole
        if pieces:
            said = f"{pieces} pieces that had been read in another encoding, mended"
            self.notes["misread characters"] = said

    def whole(self) -> str:
        """Return all of it at once; for files that are small by their nature."""
        return b"".join(self.blocks()).decode()

    @cached_property
    def top(self) -> str:
        """What the text begins with: its first 256k characters."""
        top = b""
        for block in self.blocks():
            top += block
            if len(top) > 4 * _TOP:
                break
        return top.decode("utf-8", "replace")[:_TOP]

    def _with_line_feeds(self) -> Iterator[bytes]:
        replacement = self._ends.in_place_of_return
        for block in _without_nuls(self._utf8()):
            if _CR not in block:
                yield block
            else:
                joined = block.replace(b"\r\n", _LF) if replacement else block
                yield joined.replace(_CR, replacement)


def first_text(head: bytes) -> str:
    """Return the lines that a file starts with, as text, from its first bytes."""
    end = max(head.rfind(_LF), head.rfind(_CR))
    return _text(lambda: iter([head[: end + 1] if end > 0 else head])).top


def read_text(path: Path) -> Text:
    """Return *path* as a text to be read in blocks.

    Raises:
        FileFormatError: where the file is missing, empty, a web page, or has a line of more than 64 MB.
    """
    if not path.is_file():
        raise FileFormatError(f"{path}: no such file")
    with path.open("rb") as stream:
        head = stream.read(_SAMPLE)
    if len(head) < _SAMPLE and not head.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise FileFormatError(f"{path}: found an empty file; expected the rows of an export. Download it again")
    if _HTML.match(head):
        raise FileFormatError(
            f"{path}: found a web page (HTML), expected CSV. A site sends one for an expired link or a login; "
            "open the search in a browser and use its own export button"
        )
    return _text(partial(_raw, path))


def _text(source: Source) -> Text:
    """Go through a file for its evidence."""
    digest, head, is_utf8, has_line_feeds = hashlib.sha256(), b"", True, False
    for block in source():
        head += block[: max(_SAMPLE - len(head), 0)]
        digest.update(block)
        is_utf8 = is_utf8 and _is_utf8(block)
        has_line_feeds = has_line_feeds or _LF in block
    encoding, notes = encoding_of(head, source, is_utf8=is_utf8, has_line_feeds=has_line_feeds)
    utf8 = partial(_utf8, source, encoding, is_utf8=is_utf8)
    ends = _Ends()
    for block in _without_nuls(map(ends.pass_on, utf8())):
        ends.see(block)
    return Text(encoding, digest.hexdigest(), notes | ends.notes(), utf8, ends)


def _raw(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes in blocks that end at a line end, giving up on a line too long to be one."""
    read, rest = 0, b""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            read += len(block)
            end = _line_end(block)
            if end:
                yield rest + block[:end]
            rest = block[end:] if end else rest + block
            if len(rest) > LONGEST_LINE:
                raise FileFormatError(
                    f"{path}: found a line of more than {LONGEST_LINE >> 20} MB, ending after byte {read}; expected "
                    "the rows of an export. Is it a list of lines at all?"
                )
    if rest:
        yield rest


def _line_end(block: bytes) -> int:
    """Return where the last line of a block ends, 0 where none does; never between a CR and its line feed."""
    return block.rfind(_LF) + 1 or block.rfind(_CR, 0, len(block) - 1) + 1


def _is_utf8(block: bytes) -> bool:
    """Say whether bytes are valid UTF-8, as Arrow does, in a thirtieth of the time that decoding takes."""
    offsets = pa.py_buffer(np.array([0, len(block)], np.int32))
    try:
        pa.StringArray.from_buffers(1, offsets, pa.py_buffer(block)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _utf8(source: Source, encoding: str, *, is_utf8: bool) -> Iterator[bytes]:
    """Yield a file's text as UTF-8, cut anywhere."""
    if not is_utf8 or not encoding.startswith("utf-8"):
        yield from (text.encode("utf-8", "replace") for text in texts(source, encoding))
        return
    blocks = source()
    first = next(blocks, b"")
    yield first.removeprefix(b"\xef\xbb\xbf") if encoding == "utf-8-sig" else first
    yield from blocks


def _without_nuls(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield *blocks* without NUL characters, never cut between a CR and its line feed."""
    held = b""
    for block in itertools.chain(blocks, [b""]):
        whole = held + block.replace(b"\x00", b"")
        held = _CR if block and whole.endswith(_CR) else b""
        if piece := whole.removesuffix(held):
            yield piece


def _at_line_feeds(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield *blocks* cut anew, behind a line feed each but the last."""
    rest = b""
    for block in blocks:
        end = block.rfind(_LF) + 1
        if end:
            yield rest + block[:end]
        rest = block[end:] if end else rest + block
    if rest:
        yield rest
