"""The Lens, patent exports as CSV: the headers of 2015, 2021 and today, with all columns or some.

Lists are joined by `;;`. A party's country is never stated. Since 2021 exports give priorities' numbers without their
dates, and the earliest date apart.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from patentscope.files.csv.columns import Columns, common, dated_priorities, parties, texts
from patentscope.files.csv.export import Form
from patentscope.files.csv.lens_shift import put_back, realign
from patentscope.files.csv.numbers import joined, kind_of, office_of
from patentscope.files.csv.sheet import Header, Sheet, plainly

_SEVERAL = ";;"
_ENDS_IN_KIND = re.compile(r"[A-Z]\d?$").search
_NO_TEXT = pa.scalar(None, pa.string())


def _numbers(sheet: Sheet) -> pa.Array:
    """Return publication numbers; office and kind from the columns beside where the number itself lacks them."""
    stated = sheet.cells("publication_number")
    offices, kinds = sheet.cells("office"), sheet.cells("kind")
    return joined(
        [
            f"{office if number[:1].isdigit() else ''}{number}{'' if _ENDS_IN_KIND(number) else kind}"
            for number, office, kind in zip(map(str.strip, stated), offices, kinds, strict=True)
        ]
    )


def _columns(sheet: Sheet) -> Columns:
    numbers = _numbers(sheet)
    years = [int(cell) if cell.isdecimal() else None for cell in sheet.cells("year")]
    columns, notes = common(sheet, numbers, _SEVERAL, lambda cells: parties(cells, _SEVERAL), years=years)
    columns["office"] = pc.coalesce(texts(sheet.cells("office")), office_of(numbers))
    columns["kind"] = pc.coalesce(texts(sheet.cells("kind")), kind_of(numbers))
    columns["priorities"], first = dated_priorities(sheet.cells("priority_numbers"), _SEVERAL)
    columns["priority_date"] = pc.coalesce(columns["priority_date"], first)
    if "priority_numbers" not in sheet.places and "family_members" in sheet.places:
        columns["family_id"] = _families(sheet.cells("family_members"))
        columns["family_source"] = pc.if_else(pc.is_valid(columns["family_id"]), "source", _NO_TEXT)
        notes["family"] = "no priority numbers in the file: the simple family is known by the first of its Lens IDs"
    return columns, notes


def _families(cells: list[str]) -> pa.Array:
    """Return a family's name from its members.

    Where priorities are there, families are computed from those instead: they are then the same as those of records
    from elsewhere.
    """
    names = {cell: min(filter(None, map(str.strip, cell.split(_SEVERAL))), default=None) for cell in set(cells)}
    return pa.array([f"lens:{name}" if (name := names[cell]) else None for cell in cells], pa.string())


FORM = Form(
    name="lens_csv",
    title="an export of The Lens",
    header=Header(
        aliases={
            **plainly("kind", "publication_date", "application_number", "priority_numbers", "title", "abstract"),
            **plainly("applicants", "inventors", "url"),
            "publication_number": ("display key", "publication number"),
            "office": ("jurisdiction",),
            "year": ("publication year",),
            "filing_date": ("application date",),
            "priority_date": ("earliest priority date",),
            "family_members": ("simple family members",),
            "family_offices": ("simple family member jurisdictions",),
            "extended_members": ("extended family members",),
            "extended_offices": ("extended family member jurisdictions",),
            "cpc": ("cpc classifications",),
            "ipc": ("ipcr classifications", "ipc classifications"),
        },
        telltales=frozenset({
            "lens id", "display key", "jurisdiction", "cpc classifications", "ipcr classifications",
            "simple family size", "simple family members", "extended family size",
        }),
        realign=realign,
    ),
    columns=_columns,
    prepare=put_back,
    lacks=(
        "Lens exports have no country of applicant or inventor, and no family number: families are computed from the "
        "priorities."
    ),
)  # fmt: skip
