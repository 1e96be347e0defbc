"""The Lens, patent exports as CSV: the headers of 2015, 2021 and today, with all columns or some.

Lists are joined by `;;`. A party's country is never stated. Since 2021 exports give priorities' numbers without their
dates, and the earliest date apart. Those of today name the members of the simple family by their Lens IDs.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from patentscope.files.csv.columns import Columns, common, dated_priorities, parties, split, symbols, texts
from patentscope.files.csv.export import Form
from patentscope.files.csv.lens_shift import put_back, realign
from patentscope.files.csv.numbers import joined, kind_of, office_of
from patentscope.files.csv.sheet import Header, Sheet, plainly
from patentscope.records.store import lists

_SEVERAL = ";;"
_ENDS_IN_KIND = re.compile(r"[A-Z]\d?$").search


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
    columns["family_members"] = _members(sheet.cells("family_members"), sheet.cells("lens_id"))
    columns["family_offices"] = symbols(sheet.cells("family_offices"), _SEVERAL)
    return columns, notes


def _members(cells: list[str], own: list[str]) -> pa.Array:
    """Return whom each row names as its simple family, itself included; nobody where it names none."""
    named = [f"{cell}{_SEVERAL}{mine}" if cell.strip() else "" for cell, mine in zip(cells, own, strict=True)]
    flat, rows = split(named, _SEVERAL)
    return lists(pc.binary_join_element_wise("lens:", flat, ""), rows, len(cells), pa.list_(pa.string()))


FORM = Form(
    name="lens_csv",
    title="an export of The Lens",
    header=Header(
        aliases={
            **plainly("kind", "publication_date", "application_number", "priority_numbers", "title", "abstract"),
            **plainly("applicants", "inventors", "url"),
            "publication_number": ("display key", "publication number"),
            "lens_id": ("lens id",),
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
        "Lens exports have no country of applicant or inventor. Those of today name the members of each simple family, "
        "whether or not they are in the file; for older ones families are computed from the priorities."
    ),
)  # fmt: skip
