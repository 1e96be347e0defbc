"""Lens exports that a spreadsheet split at semicolons: every `;;` became an empty cell, and all cells behind it moved.

Priorities, symbols and family members are known by their shape, the link by its address. Parties are known only by how
many cells lie before the link; where that can be read in two ways they stay empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from patentscope.files.csv.sheet import HeaderAt, Shift

_LINK = re.compile(r"https?://(?:www\.)?lens\.org/")
_LENS_ID = re.compile(r"\d{3}-\d{3}-\d{3}-\d{3}-\d{2}[\dX]")
_OFFICE = re.compile(r"[A-Z]{2}")
_SYMBOL = re.compile(r"[A-HY]\d{2}[A-Z]\d{1,4}/\d{2,}")
_LISTS = {
    "priority_numbers": re.compile(r"[A-Z]{2} .*\d{8}"),
    "family_members": _LENS_ID,
    "family_offices": _OFFICE,
    "extended_members": _LENS_ID,
    "extended_offices": _OFFICE,
    "cpc": _SYMBOL,
    "ipc": _SYMBOL,
}
_ANCHORS = {"applicants", "inventors", "url"}


def is_moved(row: list[str], at: HeaderAt) -> bool:
    """Say whether cells lie beyond the header's last name, or a link in another column than the one for links."""
    if not at.places.keys() >= _ANCHORS:
        return False
    return any(row[at.named :]) or (not row[at.places["url"]].startswith("http") and any(map(_LINK.match, row)))


def realign(row: list[str], places: Mapping[str, int], width: int) -> tuple[list[str], bool] | None:
    """Return the cells under their header and whether the parties among them could be told, or None."""
    link = next((at for at, cell in enumerate(row) if _LINK.match(cell)), None)
    if link is None or not places.keys() >= _ANCHORS:
        return None
    made = [""] * width
    names = {place: name for name, place in places.items()}
    at = _walk(row[:link], made, range(places["applicants"]), names)
    if at > link:
        return None
    fields = places["url"] - places["applicants"]
    parties = _parties(row[at:link], fields)
    made[places["applicants"] : places["url"]] = parties or [""] * fields
    _walk(row, made, range(places["url"], max(places.values()) + 1), names, start=link)
    return made, parties is not None


def _walk(row: list[str], made: list[str], columns: range, names: Mapping[int, str], *, start: int = 0) -> int:
    """Fill *columns* one cell each, lists as far as their entries' shape goes; return where the next cell is."""
    at = start
    for column in columns:
        shape = _LISTS.get(names.get(column, ""))
        entries = row[at : at + 1]
        at += 1
        while shape and at + 1 < len(row) and not row[at] and shape.fullmatch(row[at + 1]) and entries[0]:
            entries.append(row[at + 1])
            at += 2
        text = ";;".join(entries)
        # A cell in quotation marks kept its `;;`, so its first entry tells.
        if names.get(column) in {"cpc", "ipc"} and text and not _SYMBOL.fullmatch(text.split(";;")[0].strip()):
            text, at = "", at - 1  # a cell of the next column: this list is not in the row
        made[column] = text
    return at


def _parties(cells: list[str], fields: int) -> list[str] | None:
    """Return *cells* as *fields* lists, or None where more than one reading is possible.

    >>> _parties(["KURT", "CHEN A", "", "LI B", ""], 3)
    ['KURT', 'CHEN A;;LI B', '']
    >>> _parties(["KURT", "", "CHEN A", "", "LI B"], 3) is None
    True
    """
    whole: list[str] = []
    for cell in cells:
        if cell.startswith(" ") and whole:  # split inside `TINGLEY, DANIEL A.`
            whole[-1] += f",{cell}"
        else:
            whole.append(cell)
    joins = [at for at in range(1, len(whole) - 1) if not whole[at] and whole[at - 1] and whole[at + 1]]
    wanted = (len(whole) - fields) / 2
    if wanted == 0:
        return whole
    if wanted != len(joins):
        return None
    for at in reversed(joins):
        whole[at - 1 : at + 2] = [f"{whole[at - 1]};;{whole[at + 1]}"]
    return whole


SHIFT = Shift("url", is_moved, realign)
