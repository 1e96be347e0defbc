"""incoPat's exports, as workbooks or CSV: Chinese headers, countries of parties, and families by their members.

A family's number (`DocDB同族ID`) is incoPat's own for what it could not find in DOCDB, so it is not read; the members
of the simple family (`简单同族`) are. CPC is missing for whole offices.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from patentscope.files.csv.columns import Columns, common, dated_priorities, split, texts
from patentscope.files.csv.export import Form
from patentscope.files.csv.numbers import joined, kind_of, office_of
from patentscope.files.csv.sheet import Header, Sheet, name_of
from patentscope.records.offices import countries
from patentscope.records.publication import Party
from patentscope.records.store import SCHEMA, lists

_SEVERAL = r"\s*;\s*"
_LISTED = re.compile(r"\s*[;；]\s*")
_COUNTRIES = re.compile(r"\s*[,，;；]\s*")
_CODE_AT_END = re.compile(r"(?:^|\s)([A-Z]{2})$")
_NO_TEXT = pa.scalar(None, pa.string())


def _parties(names: Sequence[str], stated: Sequence[str], addresses: Sequence[str]) -> tuple[pa.Array, int]:
    """Return lists of parties with their countries, and of how many rows it can't be told whose country is which.

    A country is a party's own where there is one for each party, in the addresses (`Foshan CN`) or in the column of
    countries, or where one country stands for all of them.
    """
    rows, unclear = [], 0
    for cell, said, written in zip(names, stated, addresses, strict=True):
        parties = [" ".join(name.split()) for name in _LISTED.split(cell.strip()) if name.strip()]
        by_address = [one[1] for one in map(_CODE_AT_END.search, _LISTED.split(written.strip())) if one]
        told = [one for one in _COUNTRIES.split(said.strip()) if one]
        own: Sequence[str | None] = [None] * len(parties)
        if len(by_address) == len(parties) and countries().issuperset(by_address):
            own = by_address
        elif len(told) in {1, len(parties)}:
            own = told if len(told) == len(parties) else told * len(parties)
        else:
            unclear += bool(told)
        rows.append([vars(Party(*pair)) for pair in zip(parties, own, strict=True)])
    return pa.array(rows, SCHEMA.field("applicants").type), unclear


def _members(cells: pa.Array) -> pa.Array:
    """Return the members of each row's simple family, as publication numbers."""
    flat, rows = split(cells, _SEVERAL)
    return lists(flat, rows, len(cells), pa.list_(pa.string()))


def _texts(sheet: Sheet, what: str, own: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return the English text of each row, else its original one; the language, where that is known; the original.

    The Chinese text of a document from elsewhere is incoPat's translation: it stands in where nothing else does.
    """
    english, chinese, other = (texts(sheet.cells(f"{what}_{language}")) for language in ("en", "zh", "other"))
    is_chinese = pc.equal(own, "CN")
    original = pc.if_else(is_chinese, chinese, other)
    text = pc.coalesce(english, original, chinese)
    in_chinese = pc.and_(pc.is_valid(chinese), pc.or_(is_chinese, pc.is_null(other)))
    language = pc.if_else(pc.is_valid(english), "en", pc.if_else(in_chinese, "zh", _NO_TEXT))
    return text, language, pc.if_else(pc.is_valid(english), original, _NO_TEXT)


def _columns(sheet: Sheet) -> Columns:
    numbers = joined(sheet.cells("publication_number"))
    office = office_of(numbers)
    columns = common(sheet, numbers, _SEVERAL, texts)
    for role in ("applicants", "inventors"):
        cells = (sheet.texts(name) for name in (role, f"{role}_countries", f"{role}_addresses"))
        columns.arrays[role], unclear = _parties(*cells)
        if unclear:
            said = f"{unclear} rows name several for another number of {role}: left unknown"
            columns.notes[f"countries of {role}"] = said
    priorities, columns.first = dated_priorities(sheet.cells("priority_numbers"), _SEVERAL)
    title, title_language, original = _texts(sheet, "title", office)
    abstract, abstract_language, _ = _texts(sheet, "abstract", office)
    columns.arrays |= {
        "kind": pc.coalesce(texts(sheet.cells("kind")), kind_of(numbers)),
        "title": title,
        "title_language": title_language,
        "title_original": original,
        "abstract": abstract,
        "abstract_language": abstract_language,
        "priorities": priorities,
        "family_members": _members(sheet.cells("family_members")),
    }
    return columns


_ALIASES = {
    "publication_number": ("公开（公告）号", "公开公告号"),
    "kind": ("文献种类代码",),
    "publication_date": ("公开（公告）日", "公开公告日"),
    "filing_date": ("申请日",),
    "priority_date": ("最早优先权日",),
    "application_number": ("申请号",),
    "priority_numbers": ("优先权信息",),
    "family_members": ("简单同族",),
    "title_en": ("标题 (英文)",),
    "title_zh": ("标题 (中文)",),
    "title_other": ("标题（小语种原文）",),
    "abstract_en": ("摘要 (英文)",),
    "abstract_zh": ("摘要 (中文)",),
    "abstract_other": ("摘要（小语种原文）",),
    "cpc": ("CPC",),
    "ipc": ("IPC",),
    "applicants": ("申请人",),
    "applicants_countries": ("申请人国家/地区",),
    "applicants_addresses": ("申请人地址",),
    "inventors": ("发明人",),
    "inventors_countries": ("发明人国家/地区",),
    "inventors_addresses": ("发明人地址（原始）",),
}
_TELLTALES = ("链接到incoPat", "标题（小语种原文）", "合享价值度", "简单同族", "公开国别", "标准化申请人")
FORM = Form(
    name="incopat",
    title="an export of incoPat",
    header=Header(
        aliases={name: tuple(map(name_of, aliases)) for name, aliases in _ALIASES.items()},
        telltales=frozenset(map(name_of, _TELLTALES)),
    ),
    columns=_columns,
    lacks=(
        "incoPat exports have no CPC for whole offices; where parties are of several countries, they may not say whose "
        "is which."
    ),
)
