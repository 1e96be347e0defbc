"""One row of Google's patents table as a publication, however its export nested or flattened it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from patentscope.files.languages import Texts, english_first, original_of
from patentscope.files.written_date import compact_date
from patentscope.records.publication import Party, Priority, Publication


def _party_columns(role: str) -> frozenset[str]:
    """Return the columns that can hold the parties of a role: lists, or the fields of one party a row."""
    lists = (f"{role}_harmonized", role)
    return frozenset({*lists, *(f"{column}{dot}{part}" for column in lists for dot in "._" for part in _PARTY_FIELDS)})


_PARTY_FIELDS = ("name", "country_code")
_AS_NAMED = ("publication_number", "publication_date", "filing_date", "priority_date", "application_number")
#: What a publication needs: by fact, the columns that can hold it, nested or flattened.
COLUMNS: dict[str, frozenset[str]] = {
    **{name.replace("_", " "): frozenset({name}) for name in _AS_NAMED},
    "office": frozenset({"country_code"}),
    "kind code": frozenset({"kind_code"}),
    "priorities": frozenset({"priority_claim"}),
    "family": frozenset({"family_id"}),
    "title": frozenset({"title_localized", "title", "title_text", "title_language"}),
    "abstract": frozenset({"abstract_localized", "abstract", "abstract_text", "abstract_language"}),
    "CPC": frozenset({"cpc", "cpc_code", "cpc_codes"}),
    "IPC": frozenset({"ipc", "ipc_code", "ipc_codes"}),
    "applicants": _party_columns("assignee"),
    "inventors": _party_columns("inventor"),
}
#: Columns that no other format's rows have.
TELLTALES = frozenset({
    "country_code", "kind_code", "title_localized", "abstract_localized", "assignee_harmonized", "inventor_harmonized",
    "priority_claim", "application_number_formatted",
})  # fmt: skip
#: A column of our own SQL (`bigquery.sql`): true where every member of a row's family is in the result.
WHOLE_FAMILIES = "whole_families"
_NO_FAMILY = frozenset({"", "-1", "0"})
_LEVELS = frozenset({"list", "element", "item", "array"})
_PARTS = 3


def publication_of(row: Mapping[str, Any], source: str, origin: str) -> Publication | None:
    """Return *row* as a publication; None where it has no number."""
    parts = _word(row.get("publication_number")).split("-")
    number = "".join(parts)
    if not number:
        return None
    office = _word(row.get("country_code")) or (parts[0] if len(parts) > 1 else "")
    kind = _word(row.get("kind_code")) or (parts[-1] if len(parts) == _PARTS else "")
    priorities = _priorities(row)
    claimed = min((entry.date for entry in priorities if entry.date), default=None)
    family = _word(row.get("family_id"))
    has_family = family not in _NO_FAMILY
    titles = _texts(row, "title")
    language, title = english_first(titles)
    abstract_language, abstract = english_first(_texts(row, "abstract"))
    return Publication(
        publication_number=number,
        office=office or None,
        kind=kind or None,
        publication_date=date_of(row.get("publication_date")),
        filing_date=date_of(row.get("filing_date")),
        priority_date=date_of(row.get("priority_date")) or claimed,
        application_number=_word(row.get("application_number")).replace("-", "") or None,
        priorities=priorities,
        family_id=family if has_family else None,
        family_source="source" if has_family else None,
        title=title,
        title_language=language,
        title_original=original_of(titles, office),
        abstract=abstract,
        abstract_language=abstract_language,
        cpc=_codes(row, "cpc"),
        ipc=_codes(row, "ipc"),
        applicants=_parties(row, "assignee"),
        inventors=_parties(row, "inventor"),
        source=source,
        origin=origin,
    )


def date_of(value: object) -> dt.date | None:
    """Return a date written as 20241231, "20241231", "2024-12-31" or a date; None for 0 and for what is none."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, float) and value.is_integer():  # a column with gaps that passed through pandas
        value = int(value)
    return compact_date(re.sub(r"^(\d{4})-(\d\d)-(\d\d)([T ].*)?$", r"\1\2\3", _word(value)))


def _word(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def entries_of(value: object) -> list[Any]:
    """Return a repeated field's entries, whatever levels (`list`, `element`) its export put around them."""
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        if len(value) == 1 and (inner := next(iter(value))) in _LEVELS:
            return entries_of(value[inner])
        return [value]
    if isinstance(value, list | tuple):
        return [inner for entry in value for inner in entries_of(entry)]
    return [value]


def _texts(row: Mapping[str, Any], what: str) -> Texts:
    texts: Texts = []
    for column in (f"{what}_localized", what, f"{what}_text"):
        for entry in entries_of(row.get(column)):
            text = _word(entry.get("text") if isinstance(entry, dict) else entry)
            stated = entry.get("language") if isinstance(entry, dict) else row.get(f"{what}_language")
            if text:
                texts.append((_word(stated).lower() or None, text))
        if texts:
            break
    return texts


def _codes(row: Mapping[str, Any], scheme: str) -> tuple[str, ...]:
    columns = (scheme, f"{scheme}_code", f"{scheme}_codes")
    entries = [entry for column in columns for entry in entries_of(row.get(column))]
    texts = [entry.get("code") if isinstance(entry, dict) else entry for entry in entries]
    codes = ("".join(code.split()) for text in texts for code in re.split(r"[;,|]", str(text or "")))
    return tuple(dict.fromkeys(filter(None, codes)))


def _parties(row: Mapping[str, Any], role: str) -> tuple[Party, ...]:
    """Return the harmonized parties, which have countries, else the names as printed, which have none."""
    for column in (f"{role}_harmonized", role):
        entries = [entry for value in entries_of(row.get(column)) for entry in _one_or_more(value)]
        entries += [
            {part: row.get(f"{column}{dot}{part}") for part in _PARTY_FIELDS}
            for dot in "._"
            if row.get(f"{column}{dot}name")
        ]
        fields = [(_word(entry.get("name")), _word(entry.get("country_code")).upper()) for entry in entries]
        parties = tuple(Party(name, country or None) for name, country in fields if name or country)
        if parties:
            return parties
    return ()


def _one_or_more(value: object) -> list[dict[str, Any]]:
    """Return a nested party as it is, and text as the names that it lists; commas belong to names."""
    return [value] if isinstance(value, dict) else [{"name": name} for name in re.split(r"[;|]", str(value))]


def _priorities(row: Mapping[str, Any]) -> tuple[Priority, ...]:
    claims = []
    for entry in entries_of(row.get("priority_claim")):
        fields = entry if isinstance(entry, dict) else {"application_number": entry}
        number = _word(fields.get("application_number") or fields.get("publication_number")).replace("-", "")
        claims.append(Priority(number, date_of(fields.get("filing_date"))))
    return tuple(dict.fromkeys(claim for claim in claims if claim.number or claim.date))
