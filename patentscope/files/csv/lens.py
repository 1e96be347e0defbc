"""The Lens, patent exports as CSV: the headers of 2015, 2021 and today, with all columns or some.

Lists are joined by `;;`. A party's country is never stated. Since 2021 exports give priorities' numbers without their
dates, and the earliest date apart. Those of today name the members of the simple family by their Lens IDs.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from patentscope.files.csv.columns import Columns, common, dated_priorities, parties, split, symbols, texts
from patentscope.files.csv.export import Form
from patentscope.files.csv.lens_shift import SHIFT
from patentscope.files.csv.numbers import joined, kind_of, office_of
from patentscope.files.csv.sheet import Header, Sheet, plainly
from patentscope.records.store import lists

_SEVERAL = ";;"
_ENDS_IN_KIND = r"[A-Z]\d?$"


def _numbers(sheet: Sheet) -> pa.Array:
    """Return publication numbers; office and kind from the columns beside where the number itself lacks them."""
    number, office, kind = (pc.fill_null(sheet.cells(name), "") for name in ("publication_number", "office", "kind"))
    number = pc.utf8_trim_whitespace(number)
    before = pc.if_else(pc.match_substring_regex(number, r"^\p{N}"), office, "")
    behind = pc.if_else(pc.match_substring_regex(number, _ENDS_IN_KIND), "", kind)
    return joined(pc.binary_join_element_wise(before, number, behind, ""))


def _columns(sheet: Sheet) -> Columns:
    numbers = _numbers(sheet)
    columns = common(sheet, numbers, _SEVERAL, lambda cells: parties(cells, _SEVERAL))
    columns.years = sheet.cells("year").dictionary_encode()
    priorities, columns.first = dated_priorities(sheet.cells("priority_numbers"), _SEVERAL)
    columns.arrays |= {
        "office": pc.coalesce(texts(sheet.cells("office")), office_of(numbers)),
        "kind": pc.coalesce(texts(sheet.cells("kind")), kind_of(numbers)),
        "priorities": priorities,
        "family_members": _members(texts(sheet.cells("family_members")), sheet.cells("lens_id")),
        "family_offices": symbols(sheet.cells("family_offices"), _SEVERAL),
    }
    return columns


def _members(cells: pa.Array, own: pa.Array) -> pa.Array:
    """Return whom each row names as its simple family, itself included; nobody where it names none."""
    named = pc.binary_join_element_wise(cells, pc.fill_null(own, ""), _SEVERAL)
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
        shift=SHIFT,
    ),
    columns=_columns,
    in_blocks=True,
    lacks=(
        "Lens exports have no country of applicant or inventor. Those of today name the members of each simple family, "
        "whether or not they are in the file; for older ones families are computed from the priorities."
    ),
)  # fmt: skip
