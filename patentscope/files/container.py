"""The files inside a file: plain, gzip or zip, read as streams and never unpacked to where their names point.

Whatever the container holds, memory stays flat: nothing is read whole, and a stream that goes on for `MOST_BETWEEN`
bytes without a single record is refused, which is what stops a zip bomb.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import itertools
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import IO, Any

from patentscope.errors import FileFormatError

HEAD = 65536
#: The most bytes that one record may take; its tree takes several times as much memory.
MOST_BETWEEN = 32 << 20
_MOST_PACKED = 1100  # deflate's own limit is 1,032 to 1: a zip that states more holds the same bytes several times over
_MOST_NESTED = 50  # a zip inside a zip hardly gets smaller
_MOST_LOOKED_AT = 50
_DEEPEST = 2  # DOCDB deliveries are zips of zips
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"


class Member(io.RawIOBase):
    """One file inside a container: `stream` reads it, `where` names it in messages, as `a.zip: Root/a.xml`.

    What is read is counted: more than *most_between* bytes without `record_ended` are refused.
    """

    def __init__(self, where: str, packed: IO[bytes], most_between: int = MOST_BETWEEN) -> None:
        """Wrap *packed*, the bytes to read."""
        self.where = where
        self.stream = io.BufferedReader(self, HEAD)
        self._packed, self._most_between = packed, most_between
        self._offset = self._record_began = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - io's own type is private
        """Fill *buffer*, as far as there are bytes; return how many."""
        view, filled = memoryview(buffer), 0
        with unpacking(f"{self.where}: byte {self._offset}"):
            while filled < len(view) and (block := self._packed.read(len(view) - filled)):
                view[filled : filled + len(block)] = block
                filled += len(block)
        self._offset += filled
        if self._offset - self._record_began > self._most_between:
            raise FileFormatError(
                f"{self.where}: byte {self._record_began}: {self._most_between >> 20} MB without the end of a record; "
                "expected documents of a few MB at most. A zip bomb, or another kind of file"
            )
        return filled

    def head(self) -> bytes:
        """Return the first `HEAD` bytes, before anything else is read; `stream` still begins with them."""
        return self.stream.peek(HEAD)

    def record_ended(self) -> None:
        """Note that a record was found: the count of bytes without one starts anew."""
        self._record_began = self._offset


@contextlib.contextmanager
def unpacking(where: str) -> Iterator[None]:
    """Say in our words what a damaged container is.

    Raises:
        FileFormatError: in place of what gzip, zip and the file system raise.
    """
    try:
        yield
    except EOFError as error:
        raise FileFormatError(f"{where}: the compressed data breaks off; fetch the file again") from error
    except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error) as error:
        raise FileFormatError(f"{where}: damaged compressed data ({error})") from error
    except (RuntimeError, NotImplementedError) as error:  # zipfile's words for a password and for other methods
        raise FileFormatError(f"{where}: this zip can't be read ({error})") from error
    except OSError as error:
        raise FileFormatError(f"{where}: can't be read ({error.strerror or error})") from error


def members(path: Path, most_between: int = MOST_BETWEEN) -> Iterator[Member]:
    """Yield the files in *path*, each open until the next is asked for: itself, or those of a gzip or zip.

    More than *most_between* bytes without `record_ended` are refused.

    Raises:
        FileFormatError: where *path* is missing, empty, cut off or damaged, or states more than a zip can hold.
    """
    with unpacking(str(path)):
        if not path.is_file():
            raise FileFormatError(f"{path}: no such file")
        with path.open("rb") as stream:
            for where, member in _unpacked(stream, path.stat().st_size, str(path), depth=0):
                yield Member(where, member, most_between)


def _unpacked(stream: IO[bytes], size: int, where: str, depth: int) -> Iterator[tuple[str, IO[bytes]]]:
    magic = stream.read(len(_ZIP))
    stream.seek(0)
    if not magic and not depth:
        raise FileFormatError(f"{where}: an empty file")
    if magic.startswith(_GZIP):
        with gzip.GzipFile(fileobj=stream) as unpacked:
            yield where, unpacked  # type: ignore[misc]
    elif magic != _ZIP:
        yield where, stream
    elif depth >= _DEEPEST:
        raise FileFormatError(f"{where}: zips within zips within zips; expected at most one level. A zip bomb?")
    else:
        yield from _zipped(stream, size, where, depth)


def _zipped(stream: IO[bytes], size: int, where: str, depth: int) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(stream) as archive:
        entries = sorted((entry for entry in archive.infolist() if not entry.is_dir()), key=attrgetter("filename"))
        stated = sum(entry.file_size for entry in entries)
        if stated > _MOST_PACKED * size:
            raise FileFormatError(f"{where}: {size} bytes state {stated} bytes of content, more than a zip can hold")
        for entry in entries:
            # The name is only shown, never a path that is opened: "../../x" is harmless.
            name = f"{where}: {entry.filename.encode('ascii', 'backslashreplace').decode()}"
            with archive.open(entry) as unpacked:
                magic = unpacked.read(len(_GZIP))
                unpacked.seek(0)
                if entry.filename.lower().endswith(".zip"):
                    if entry.file_size > _MOST_NESTED * entry.compress_size:
                        raise FileFormatError(f"{name}: {entry.file_size} bytes in {entry.compress_size}: a bomb")
                    with tempfile.TemporaryFile() as copy:
                        shutil.copyfileobj(unpacked, copy, 1 << 20)
                        copy.seek(0)
                        yield from _unpacked(copy, entry.file_size, name, depth + 1)
                elif magic == _GZIP:
                    with gzip.GzipFile(fileobj=unpacked) as twice:
                        yield name, twice  # type: ignore[misc]
                else:
                    yield name, unpacked


def heads(head: bytes, path: Path) -> Iterator[bytes]:
    """Yield *head*, the first bytes of *path*, or, where it is a gzip or zip, those of the first files in it."""
    if not head.startswith((_GZIP, _ZIP)):
        yield head
        return
    with contextlib.suppress(FileFormatError):  # whoever reads the file says what is wrong with it
        for member in itertools.islice(members(path), _MOST_LOOKED_AT):
            yield member.head()
