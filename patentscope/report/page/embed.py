"""The page's scripts: our own, and Vega's, which is packed, kept between runs, and let in by its hash alone."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert
from markupsafe import Markup

#: Inside a script block these could end it, or break a line of JavaScript.
_ESCAPES = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}
#: Where gzip's header names the system.
_SYSTEM = 9
#: Our own style sheets and our own script, in the order in which their parts are put together.
_SHEETS = ("tokens.css", "specialists.css", "reader.css", "panel.css", "leads.css", "charts.css")
_PARTS = (
    "charts.js",
    "slider.js",
    "save.js",
    "number_words.js",
    "recount.js",
    "panel_words.js",
    "panel.js",
    "lists.js",
    "take.js",
    "parts.js",
    "reader.js",
    "start.js",
)


@lru_cache(maxsize=1)
def bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script, shut up in a function so that its names stay its own.

    To put it together takes seconds, and for one version of vl-convert it is always the same: it is kept in the
    user's cache folder, with its hash. Where it can't be read or written there, or isn't whole, it is made anew.
    """
    path = kept_at() / f"vega-{version('vl-convert-python')}.js"
    with contextlib.suppress(OSError, ValueError):
        first, code = path.read_text(encoding="utf-8").split("\n", 1)
        if first == _head(code):
            return code
    code = f"(function(){{{vl_convert.javascript_bundle()}\n}})();"  # type: ignore[call-arg]  # its stub is too strict
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        part.write_text(f"{_head(code)}\n{code}", encoding="utf-8", newline="\n")
        part.replace(path)
    return code


def _head(code: str) -> str:
    return f"// sha256 {hashlib.sha256(code.encode()).hexdigest()}"


def kept_at() -> Path:
    """Return the folder for what is kept between runs: the platform's own place for caches."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "patentscope"
    given = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    return (Path(given) if given else Path.home() / ".cache") / "patentscope"


def own() -> str:
    """Return the page's own script: its parts in one function, so that they share names with each other alone."""
    parts = "\n".join(shipped(name) for name in _PARTS)
    return f'(function () {{\n"use strict";\n{parts}}})();'


def sheets() -> str:
    """Return the page's style sheets, one after the other."""
    return "\n".join(map(shipped, _SHEETS))


def zipped(text: str) -> str:
    """Return *text* as gzip in base64, the same for the same text; the page's `inflated` takes it apart."""
    raw = bytearray(gzip.compress(text.encode(), 9, mtime=0))
    raw[_SYSTEM] = 255  # unknown: what stands there differs between versions of Python
    return base64.b64encode(raw).decode()


def fingerprint(script: str) -> str:
    """Return what a content security policy needs to let *script* run."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def packed(columns: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Return columns of scalars with each one's distinct values once: a third of the size (see charts.js)."""
    distinct = {}
    for name, values in columns.items():
        places = {value: place for place, value in enumerate(dict.fromkeys(values))}
        distinct[name] = [list(places), [places[value] for value in values]]
    return {"packed": distinct, "rows": max(map(len, columns.values()), default=0)}


def by_column(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return rows as columns; what a row doesn't have is null."""
    return {name: [row.get(name) for row in rows] for name in dict.fromkeys(name for row in rows for name in row)}


def embedded(value: object) -> Markup:
    """Return *value* as JSON that can stand in a script block: nothing in it can end the block."""
    return Markup(as_json(value).translate(_ESCAPES))  # noqa: S704 - every character that HTML reads is escaped


def as_json(value: object) -> str:
    """Return *value* as JSON without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def templates() -> list[str]:
    """Return the names of all templates."""
    files = (file.name for file in resources.files("patentscope.report.page").iterdir())
    return sorted(name for name in files if name.endswith(".j2"))


def shipped(name: str) -> str:
    """Return the text of a file that lies beside this module."""
    return resources.files("patentscope.report.page").joinpath(name).read_text(encoding="utf-8")
