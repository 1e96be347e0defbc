"""WIPO PATENTSCOPE exports: numbers without kind codes, IPC but no CPC, and `NA` for what is not there."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.files.csv.columns import Columns, common, parties, priorities
from patentscope.files.csv.export import Form
from patentscope.files.csv.numbers import joined
from patentscope.files.csv.sheet import Header, Sheet, plainly

_FRIDAY = 4
_FEW = 20
_MOST = 0.8
_NOTHING = "NA"
_DATE = r"\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?|\d\d\.\d\d\.\d{4}"
_NUMBER_DATE_OFFICE = re.compile(rf"\s*(\S.*?)\s+({_DATE})\s+([A-Z]{{2}})\s*(?:,\s|$)")
_OFFICE_DATE_NUMBER = re.compile(r"\s*([A-Z]{2})\s+(\d{8})\s+(\S.*?)\s*(?:,\s+(?=[A-Z]{2}\s+\d{8}\s)|$)")
_INTERNATIONAL = re.compile(r"[A-Z]{2}\d")


def _claimed(cell: str) -> list[tuple[str, str]] | None:
    """Return (number with office, date) for each priority of a cell, or None where it isn't understood.

    >>> _claimed("[60/225,166 14.08.2000 US, US04039581 2004-11-24T23:59:59.000Z WO]")
    [('US60/225,166', '14.08.2000'), ('PCT/US04039581', '2004-11-24')]
    """
    text = cell.strip().removeprefix("[").removesuffix("]")
    for pattern, places in ((_OFFICE_DATE_NUMBER, (3, 2, 1)), (_NUMBER_DATE_OFFICE, (1, 2, 3))):
        claimed, end = [], 0
        while match := pattern.match(text, end):
            number, date, office = (match[place] for place in places)
            if " , " in number:
                return None
            international = office in {"WO", "IB"} and _INTERNATIONAL.match(number)
            prefix = "PCT/" if international else "" if number.startswith(office) else office
            claimed.append((prefix + number, date.partition("T")[0]))
            end = match.end()
        if claimed and end == len(text):
            return claimed
    return None


def _read_priorities(cells: list[str]) -> tuple[pa.Array, pa.Array, dict[str, str]]:
    """Return the priorities, the earliest date of each row, and a note on cells that were not understood."""
    known = {cell: _claimed(cell) for cell in set(cells) if cell.strip() not in {"", _NOTHING}}
    entries = [known.get(cell, []) for cell in cells]
    lost = entries.count(None)
    notes = {"no priorities read": f"{lost} rows whose priority data are in no known form"} if lost else {}
    claims = [claim for entry in entries for claim in entry or ()]
    rows = np.repeat(np.arange(len(cells)), [len(entry or ()) for entry in entries])
    numbers, dates = (pa.array([claim[place] for claim in claims], pa.string()) for place in (0, 1))
    return *priorities(numbers, dates, rows, len(cells)), notes


def _numbers(sheet: Sheet) -> pa.Array:
    """Return publication numbers, the office put before those that stand in a column beside it."""
    cells = zip(sheet.texts("publication_number"), sheet.texts("office"), strict=True)
    pairs = [(number.strip(), office.strip()) for number, office in cells]
    return joined([f"{office}{number}" if number[:1].isdigit() else number for number, office in pairs])


def _columns(sheet: Sheet) -> Columns:
    columns = common(sheet, _numbers(sheet), r"[;\n]", _names, none=_NOTHING)
    columns.arrays["priorities"], columns.first, columns.notes = _read_priorities(sheet.texts("priority_numbers"))
    return columns


def _weekdays(table: pa.Table) -> dict[str, str]:
    """Return a note where international applications, published on Thursdays, are dated on Fridays: a day too late."""
    dates = table.column("publication_date").filter(pc.equal(table.column("office"), "WO"))
    days = dates.drop_null()
    fridays = pc.sum(pc.equal(pc.day_of_week(days), _FRIDAY)).as_py() or 0
    if len(days) < _FEW or fridays < _MOST * len(days):
        return {}
    return {
        "days": (
            f"{fridays} of {len(days)} WO publication dates are Fridays, but WIPO publishes on Thursdays: the dates of "
            "this file seem a day late; they are left as they are"
        )
    }


def _names(cells: pa.Array) -> pa.Array:
    """Split names at semicolons.

    Where some have no blank behind them, one that has is inside a name: `CASPER; GARY;CASPER; JENNIFER`.
    """
    if pc.any(pc.match_substring_regex(cells, r";[^\s\p{Z}]")).as_py():
        cells = pc.replace_substring(cells, "; ", ", ")
    return parties(cells, r"[;\n]", none=_NOTHING)


FORM = Form(
    name="patentscope_csv",
    title="a WIPO PATENTSCOPE export",
    header=Header(
        aliases={
            "publication_number": ("publication number", "publication no"),
            **plainly("publication_date", "title", "abstract"),
            "application_number": ("application number", "application no"),
            "filing_date": ("application date", "filing date"),
            "office": ("country",),
            "ipc": ("ipc", "i p c"),
            "applicants": ("applicants", "applicant"),
            "inventors": ("inventors", "inventor"),
            "priority_numbers": ("priority data", "priorities data", "priorities"),
        },
        telltales=frozenset({
            "priority data", "priorities data", "fp image", "i p c", "application id", "national phase entries",
        }),
    ),
    columns=_columns,
    remarks=_weekdays,
    lacks=(
        "PATENTSCOPE exports have no kind code, so a grant can't be told from an application; no CPC, no family and no "
        "country of applicant or inventor."
    ),
)  # fmt: skip
