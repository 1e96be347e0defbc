"""Files written as a whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from patentscope.errors import WriteError

#: What a spreadsheet may take for the start of a formula; the wide forms count where Japanese is typed.
_FORMULA = frozenset("=+-@＝＋－＠\t\r\n")


def make_folder(path: Path) -> None:
    """Make a folder, with those above it, where there is none.

    Raises:
        WriteError: where it can't be made, or a file stands in its place.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"{path}: can't be made a folder ({error.strerror or error}); name another place") from error


@contextmanager
def replaced(path: Path, part: str = "part") -> Iterator[Path]:
    """Give a temporary name to write to, then rename: a reader never sees half a file, nor does a full disk leave one.

    Raises:
        WriteError: in place of what the file system raises; what was at *path* before is still there.
    """
    temporary = path.with_name(f"{path.name}.{part}")
    try:
        yield temporary
        os.replace(temporary, path)  # noqa: PTH105 - the rename that is atomic on every platform
    except OSError as error:
        why = error.strerror or str(error)
        raise WriteError(
            f"{path}: can't be written ({why}). Make room, or name a place that can be written to; what was done "
            "before is kept, and the same command goes on from there"
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def spilled() -> Iterator[None]:
    """Say so where a temporary file can't be written to its end.

    Raises:
        WriteError: in place of what the file system raises.
    """
    try:
        yield
    except OSError as error:
        raise WriteError(
            f"{tempfile.gettempdir()}: a temporary file can't be written ({error.strerror or error}). Make room, or "
            "set TMPDIR to a folder that has some"
        ) from error


def write_text(path: Path, text: str) -> None:
    """Write *text* as a whole or not at all.

    Raises:
        WriteError: as `replaced`.
    """
    with replaced(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write *value* as JSON, dates as ISO text, keys in the order given."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False, default=str, allow_nan=False) + "\n")


def inert(text: str) -> str:
    """Return *text* with an apostrophe before it, where a spreadsheet would take it for a formula."""
    return f"'{text}" if text[:1] in _FORMULA else text
