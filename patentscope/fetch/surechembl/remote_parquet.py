"""A parquet file on a web server, read by HTTP ranges: its footer first, then of each row group the columns wanted.

The file must stay the same while it is read: every answer's size, entity tag and date are held against the first one's.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import httpx
import pyarrow as pa
import pyarrow.parquet as pq

from patentscope.errors import FetchError
from patentscope.fetch.clock import Clock
from patentscope.fetch.http import connected, whole
from patentscope.provenance.addresses import address_without_secrets

_TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
_MOST_TRIES = 4
_MAGIC = b"PAR1"
_TAIL = 8  # the footer's length in four bytes, and the magic
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(frozen=True)
class Facts:
    """What tells a file from a later one at the same address."""

    size: int
    etag: str
    last_modified: str


class RemoteFile(io.RawIOBase):
    """A file on a web server that gives ranges of it, to be read by whoever knows which bytes belong together.

    Attributes:
        url: where it is.
        shown: the address without secrets.
        expected: the facts of the file that is meant; those of the first answer where none were given.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        """Prepare to ask; nothing is sent yet."""
        self.url = url
        self.shown = address_without_secrets(url)
        self._clock = clock
        self.expected: Facts | None = None
        self._client = connected(60.0)
        self._at = 0

    def facts(self) -> Facts:
        """Return the file's facts, asked for once with its first bytes.

        Raises:
            FetchError: as `span`.
        """
        while self.expected is None:
            self.span(0, len(_MAGIC))
        return self.expected

    def span(self, first: int, length: int) -> bytes:
        """Return *length* bytes from the byte *first* on.

        Raises:
            FetchError: where the server does not answer, knows no ranges, or has another file by now.
        """
        why = ""
        for tries in range(1, _MOST_TRIES + 1):
            if tries > 1:
                self._clock.sleep(2.0 ** (tries - 1))
            try:
                # Compressed in transit, the bytes would not be the file's.
                headers = {"Range": f"bytes={first}-{first + length - 1}", "Accept-Encoding": "identity"}
                with self._client.stream("GET", self.url, headers=headers) as response:
                    why = f"HTTP {response.status_code}"
                    if response.status_code not in _TRANSIENT:
                        self._check(response, first, length)
                        body = whole(response, self._clock, longest=600.0, most=length)
                        if len(body) == length:
                            return body
                        why = f"{len(body)} of {length} bytes"
            except httpx.TransportError as error:
                why = repr(error)
        raise FetchError(f"GET {self.shown}: no answer after {_MOST_TRIES} tries ({why})")

    def close(self) -> None:
        """Close the connection."""
        self._client.close()
        super().close()

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a byte of the file, and return its place."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.facts().size}[whence]
        self._at = start + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Return the next *size* bytes, no fewer, as `span` does."""
        first, self._at = self._at, self._at + size
        return self.span(first, size)

    def _check(self, response: httpx.Response, first: int, length: int) -> None:
        """Raise for an answer that is not the range asked for; its body is not read then, however long it is."""
        if response.status_code == httpx.codes.OK:
            raise FetchError(
                f"GET {self.shown}: the server ignores the Range header and would send the whole file; expected "
                "HTTP 206. Set the address of a server that gives ranges"
            )
        match = _RANGE.fullmatch(response.headers.get("content-range", ""))
        if response.status_code != httpx.codes.PARTIAL_CONTENT or match is None:
            raise FetchError(f"GET {self.shown}: HTTP {response.status_code}, expected 206 with a Content-Range")
        here = Facts(int(match[3]), response.headers.get("etag", ""), response.headers.get("last-modified", ""))
        if self.expected is None:
            self.expected = here
        if here != self.expected:
            raise FetchError(
                f"{self.shown}: the file is another one by now (found {here}; begun with {self.expected}). Begin "
                "anew with `patentscope fetch --not-before` and today's date"
            )
        if (int(match[1]), int(match[2])) != (first, first + length - 1):
            raise FetchError(f"GET {self.shown}: asked for {length} bytes from {first} on, got {match[0]}")


def footer_of(remote: RemoteFile) -> bytes:
    """Return a parquet file's footer, its length and magic behind it.

    Raises:
        FetchError: where the file is no parquet, besides what `RemoteFile.span` raises.
    """
    size = remote.facts().size
    tail = remote.span(max(0, size - _TAIL), min(size, _TAIL))
    length = int.from_bytes(tail[:4], "little") + _TAIL
    if not tail.endswith(_MAGIC) or length > size:
        raise FetchError(f"{remote.shown}: found {tail!r} at its end; expected a parquet file")
    return remote.span(size - length, length)


def bytes_of(metadata: pq.FileMetaData, group: int, columns: Collection[str]) -> int:
    """Return how many bytes of the file *columns* take in a row group."""
    stored = metadata.row_group(group)
    every = map(stored.column, range(stored.num_columns))
    return sum(one.total_compressed_size for one in every if one.path_in_schema.split(".")[0] in columns)


def read_row_group(remote: RemoteFile, metadata: pq.FileMetaData, group: int, columns: Sequence[str]) -> pa.Table:
    """Return *columns* of a row group; nothing else of the file is asked for.

    Raises:
        FetchError: where the bytes are no such columns, besides what `RemoteFile.span` raises.
    """
    try:
        file = pq.ParquetFile(remote, metadata=metadata, pre_buffer=True)
        return file.read_row_group(group, columns=list(columns), use_threads=False)
    except (OSError, pa.ArrowException) as error:
        why = str(error).splitlines()[0][:160]
        raise FetchError(f"{remote.shown}: row group {group} can't be read ({why})") from error
