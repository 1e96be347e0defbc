"""Tables of the page: plain rows, with each figure written in one way and each text made harmless to look at."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import pandas as pd

LONGEST_TITLE = 300
NOTHING = "–"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_KANA, _HAN = re.compile(r"[\u3040-\u30ff]"), re.compile(r"[\u3400-\u9fff]")
_HANGUL, _CYRILLIC = re.compile(r"[\uac00-\ud7af]"), re.compile(r"[\u0400-\u04ff]")
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$")


Cell: TypeAlias = "str | Mapping[str, str]"


@dataclass(frozen=True)
class Table:
    """One table: its caption, the heads of its columns, its rows. The first cell of a row is the row's head.

    A cell is a text, or a mapping with `text` and any of `href`, `lang`, `more` (small, beneath), `mark` (a class),
    `verbatim` (somebody else's words: their direction of writing is their own).
    `name` is the table's own on the page: its file's name, and its sheet's.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numeric: Collection[int] = ()
    note: str = ""
    name: str = ""


class Figure(str):
    """A figure as the page writes it, and the number that it stands for, which files are given instead."""

    __slots__ = ("value",)
    value: float

    def __new__(cls, text: str, value: float) -> Self:
        """Keep the number beside its text."""
        made = super().__new__(cls, text)
        made.value = value
        return made


def figure(value: Any) -> str:  # noqa: ANN401 - whatever a file may hold
    """Return a figure as the page writes it: thousands apart, three significant digits for what is no whole number."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - only NaN differs from itself
        return NOTHING
    if isinstance(value, str):
        return value or NOTHING
    if float(value) == int(value):
        return Figure(f"{int(value):,}", int(value))
    text = f"{float(value):,.3g}" if abs(value) < 1000 else f"{float(value):,.0f}"  # noqa: PLR2004 - digits
    return Figure(text, float(value))


def percent(value: float | None) -> str:
    """Return a share in percent."""
    return NOTHING if value is None else Figure(f"{value:.0%}", value)


def with_interval(value: float | None, low: float | None, high: float | None) -> str:
    """Return a share in percent with the ends of its interval."""
    return NOTHING if value is None else f"{percent(value)} ({percent(low)} to {percent(high)})"


def harmless(text: str) -> str:
    """Return *text* without control characters, which are no part of any title."""
    return text if text.isprintable() else _CONTROL.sub("\ufffd", text)


def shortened(text: str) -> str:
    """Return *text* fit for a cell; what is cut is said."""
    clean = harmless(text)
    if len(clean) <= LONGEST_TITLE:
        return clean
    return f"{clean[:LONGEST_TITLE]} … (cut here; {len(clean):,} characters in publications.parquet)"


def language_of(text: str, stated: str | None = None, office: str | None = None) -> str:
    """Return the language of *text* for its `lang` attribute: as stated, else by its script; empty if not known."""
    if stated and _LANGUAGE.match(stated):
        return stated.lower()
    for pattern, language in ((_KANA, "ja"), (_HANGUL, "ko"), (_CYRILLIC, "ru")):
        if pattern.search(text):
            return language
    if _HAN.search(text):
        return "ja" if office == "JP" else "zh"
    return ""


def crossed(
    caption: str,
    rows: pd.DataFrame,
    down: tuple[str, str, Sequence[str]],
    across: tuple[str, Mapping[Any, str]],
    *,
    note: str = "",
    name: str,
) -> Table:
    """Return *rows*, with their number in `n`, as a table of figures with row sums at the end; no record is a 0.

    *down* is the column that goes down, its head, its values in their order; *across* the one that goes across, and its
    values with their heads.
    """
    column, head, order = down
    cells = {(row[column], row[across[0]]): row["n"] for row in rows.to_dict(orient="records")}
    body = []
    for value in order:
        figures = [cells.get((value, other), 0) for other in across[1]]
        body.append([str(value), *(figure(count) for count in figures), figure(sum(figures))])
    heads = [head, *across[1].values(), "sum"]
    return Table(caption, heads, body, range(1, len(heads)), note, name)
