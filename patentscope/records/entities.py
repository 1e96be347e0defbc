"""HTML entities in texts, read as the characters that they stand for: `&#39;`, `&amp;`, `&le;`.

Only what ends in a semicolon and is a number or one of HTML's own names is an entity: `R&D;` and `&YU;` stay as they
are (https://html.spec.whatwg.org/multipage/named-characters.html). What was escaped twice (`&amp;#39;`) is read twice,
and no more often. Every kind of blank becomes one blank. Tags that come out of it and stand for an index, an exponent
or a paragraph (JP abstracts have `<P>`, `<SP>`) go, and what they hold stays, so that Nd&lt;sub&gt;2&lt;/sub&gt;Fe is
Nd2Fe. All other markup stays, as characters; so do tags in a text without entities.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from html.entities import html5
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Rows = np.ndarray[Any, np.dtype[np.int64]]
_ENTITY = r"&(?:amp;)?(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});"
_entity = re.compile(_ENTITY)
_tag = re.compile(r"</?(?:su?[bp]|(p|br))\s*/?>", re.IGNORECASE)


def characters(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, Rows]:
    """Return the texts of a column without entities, and the rows that had one; a chunk without any is not copied."""
    chunks, changed, start = [], [np.empty(0, np.int64)], 0
    for chunk in column.chunks:
        held = pc.fill_null(pc.match_substring_regex(chunk, _ENTITY), fill_value=False)
        written = chunk.filter(held)
        read = pa.array(map(in_characters, written.to_pylist()), pa.string())
        rows = np.flatnonzero(held.to_numpy(zero_copy_only=False))
        changed.append(start + rows[pc.not_equal(read, written).to_numpy(zero_copy_only=False)])
        chunks.append(pc.replace_with_mask(chunk, held, read) if len(rows) else chunk)
        start += len(chunk)
    return pa.chunked_array(chunks, column.type), np.concatenate(changed)


def in_characters(text: str) -> str:
    """Return one *text* without entities.

    >>> in_characters("Sanders&#39; R&amp;D; of Nd&lt;sub&gt;2&lt;/sub&gt;Fe, R&D;")
    "Sanders' R&D; of Nd2Fe, R&D;"
    """
    read = _entity.sub(lambda found: _character(found[0]), text)
    return text if read == text else _tag.sub(lambda tag: " " if tag[1] else "", read).strip()


@lru_cache(maxsize=4096)
def _character(entity: str) -> str:
    once = entity.removeprefix("&amp;")
    name = once.removeprefix("&")
    if name.startswith("#"):
        character = html.unescape(f"&{name}")
    elif name in html5:
        character = html5[name]
    else:
        return entity if once == entity else f"&{once}"
    return " " if character.isspace() else character
