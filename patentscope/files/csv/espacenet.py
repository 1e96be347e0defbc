"""Espacenet exports, classic (to 2019) and current, in English, German, French or by position in other languages.

A row is an application or a family and may name several publications (`KR20140005697 (U); KR200476323 (Y1)`): each
becomes a publication of its own. Their numbers and dates are each sorted, not paired; they are paired by publication
level (WIPO ST.16: a first publication comes before a second), and stay undated where that doesn't tell.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from patentscope.files.csv.columns import Columns, common, dated_priorities, parties, texts
from patentscope.files.csv.export import Form
from patentscope.files.csv.numbers import is_publication_number, joined, kind_of
from patentscope.files.csv.sheet import Header, Sheet, name_of

_BRACKETED_KIND = re.compile(r"\s*\(([A-Z]\d?)\)")
_LEVELS = {"A": 1, "U": 1, "B": 2, "Y": 2, "C": 3, "Z": 3}
_KIND = re.compile(r"\d([A-Z])(\d?)$")
_SEVERAL = r"\s*[;\n]\s*"
_NO_TITLE = r"(?i)^(?:\[?no title(?: available)?\]?|kein titel verfügbar|(?:pas de titre|titre non) disponible)\.?$"
_TOTAL = re.compile(r"(?:\D{0,20}\s)?(\d[\d, ']*)\s+(?:treffer|results?|resultats?|resultados?|risultati)\b.*")
_TELLTALES = frozenset({
    "family number", "earliest priority", "earliest publication", "international classification",
    "cooperative patent classification", "patents cited in the search report",
    "familiennummer", "fruheste prioritat", "fruheste veroffentlichung", "internationale klassifikation",
    "internationale patentklassifikation", "gemeinsame patentklassifikation", "kooperative patentklassifikation",
    "numero de famille", "numero de la famille", "priorite la plus ancienne", "premiere priorite",
    "publication la plus ancienne", "premiere publication", "classification internationale",
    "classification internationale des brevets", "classification cooperative des brevets",
})  # fmt: skip
# The current interface's columns, the same in every language.
_ORDER = (
    "number", "title", "inventors", "applicants", "publication_number", "priority_date", "ipc", "cpc",
    "publication_date", "earliest_publication", "family_id",
)  # fmt: skip


def _by_position(row: list[str], above: list[list[str]]) -> dict[str, int] | None:
    """Find the columns of the current interface in a language that we don't have: its preamble and its order tell."""
    named = [cell for cell in row if cell.strip()]
    is_espacenet = any(cells and "espacenet" in cells[0].casefold() for cells in above)
    if is_espacenet and len(named) == len(_ORDER) and "CPC" in named:
        return {name: place for place, name in enumerate(_ORDER) if name not in {"number", "earliest_publication"}}
    return None


def _numbers_in(cell: str) -> list[str]:
    """Return the publication numbers in one cell, kind codes joined; a cell that is not a list of numbers is one."""
    tokens = [token for token in re.split(r"[;,\s]+", _BRACKETED_KIND.sub(r"\1", cell)) if token]
    return tokens if len(tokens) > 1 and all(map(is_publication_number, tokens)) else [_BRACKETED_KIND.sub(r"\1", cell)]


def _pair(numbers: list[str], dates: list[str]) -> list[str] | None:
    """Return the date of each of several publications of one application, or None where that can't be told.

    A single date is that of the first publication. Levels must differ: A1 and A2 at once tell nothing.
    """
    kinds = [_KIND.search(number) for number in numbers]
    if dates and len(dates) == len(numbers) and len(set(dates)) == 1:
        return dates
    if not all(kind and kind[1] in _LEVELS for kind in kinds):
        return None
    # A, A1 and A2 are each a first publication, A3 comes after, then B.
    keys = [(_LEVELS[kind[1]], max(int(kind[2] or 0), 1 + (kind[1] == "A"))) for kind in kinds if kind]
    if len(set(keys)) != len(keys):
        return None
    ranks = [sorted(keys).index(key) for key in keys]
    if len(dates) == 1:
        return [dates[0] if rank == 0 else "" for rank in ranks]
    return [sorted(dates)[rank] for rank in ranks] if len(dates) == len(numbers) else None


def _prepare(sheet: Sheet) -> Sheet:
    """Make one row for each publication that a row names."""
    rows: list[int] = []
    named: list[str] = []
    dated: list[str | None] = []
    several = undated = 0
    pairs = zip(sheet.texts("publication_number"), sheet.texts("publication_date"), strict=True)
    for row, (cell, date_cell) in enumerate(pairs):
        numbers = _numbers_in(cell)
        dates = re.split(r"[;\s]+", date_cell.strip()) if date_cell.strip() else []
        paired = dates[:1] if len(numbers) == 1 and len(dates) == 1 else _pair(numbers, dates)
        several += len(numbers) > 1
        rows += [row] * len(numbers)
        named += numbers
        dated += [date or None for date in paired or [""] * len(numbers)]
        undated += sum(bool(dates) and not date for date in dated[len(dated) - len(numbers) :])
    columns = {name: cells.take(pa.array(rows, pa.int64())) for name, cells in sheet.columns.items()}
    columns["publication_number"] = pa.array(named, pa.string())
    if "publication_date" in columns:
        columns["publication_date"] = pa.array(dated, pa.string())
    lines, further = [sheet.lines[row] for row in rows], len(rows) - len(sheet)
    notes = {}
    if several:
        notes["rows of several publications"] = (
            f"{several} of {sheet.rows_in_file} rows name {several + further} publications between them; each "
            f"counts as a row of its own, {sheet.rows_in_file + further} in all"
        )
    if undated:
        notes["undated further publications"] = f"{undated}: the row's dates can't be told apart, or are fewer"
    return Sheet(columns, lines, sheet.rows_in_file, further, sheet.tally, sheet.notes | notes)


def _columns(sheet: Sheet) -> Columns:
    numbers = joined(sheet.cells("publication_number"))
    columns = common(sheet, numbers, _SEVERAL, lambda cells: parties(cells, _SEVERAL, has_country=True))
    priorities, columns.first = dated_priorities(sheet.cells("priority_numbers"), _SEVERAL)
    title = columns.arrays["title"]
    nothing = pc.fill_null(pc.match_substring_regex(title, _NO_TITLE), fill_value=False)
    # Padded with zeros here, but nowhere else: the same DOCDB family must have the same number.
    family = texts(pc.utf8_ltrim(pc.utf8_trim_whitespace(sheet.cells("family_id")), "0"))
    columns.arrays |= {
        "kind": kind_of(numbers),
        "priorities": priorities,
        "title": pc.if_else(nothing, pa.scalar(None, pa.string()), title),
        "family_id": family,
        "family_source": pc.if_else(pc.is_valid(family), "source", pa.scalar(None, pa.string())),
    }
    return columns


def _search(above: list[list[str]]) -> tuple[str | None, int | None]:
    """Return the line of the search and its total (`364 results found for ...`); else all that stands above."""
    lines = [cell.strip() for row in above for cell in row if cell.strip()]
    for line in lines:
        if match := _TOTAL.fullmatch(name_of(line)):
            return line, int(re.sub(r"\D", "", match[1]))
    return "; ".join(lines) or None, None


FORM = Form(
    name="espacenet_csv",
    title="an Espacenet export",
    header=Header(
        aliases={
            "publication_number": ("publication number", "publication numbers", "veroffentlichungsnummer",
                                   "numero de publication"),
            "title": ("title", "titel", "titre"),
            "inventors": ("inventors", "inventor", "erfinder", "inventeurs", "inventeur"),
            "applicants": ("applicants", "applicant", "anmelder", "demandeurs", "demandeur"),
            "publication_date": ("publication date", "veroffentlichungsdatum", "veroffentlichungstag",
                                 "date de publication"),
            "priority_date": ("earliest priority", "fruheste prioritat", "priorite la plus ancienne",
                              "premiere priorite"),
            "ipc": ("ipc", "international classification", "international patent classification", "cib",
                    "internationale klassifikation", "internationale patentklassifikation",
                    "classification internationale", "classification internationale des brevets"),
            "cpc": ("cpc", "cooperative patent classification", "gemeinsame patentklassifikation",
                    "kooperative patentklassifikation", "classification cooperative des brevets"),
            "application_number": ("application number", "anmeldenummer", "numero de demande", "numero de depot"),
            "filing_date": ("date of application", "application date", "filing date", "anmeldedatum", "anmeldetag",
                            "date de depot", "date de la demande"),
            "priority_numbers": ("priority number", "priority numbers", "prioritatsnummer", "prioritatsnummern",
                                 "numero de priorite", "numeros de priorite"),
            "family_id": ("family number", "familiennummer", "numero de famille", "numero de la famille"),
            "abstract": ("abstract", "zusammenfassung", "abrege"),
        },
        telltales=_TELLTALES,
        by_position=_by_position,
    ),
    columns=_columns,
    prepare=_prepare,
    search=_search,
    lacks=(
        "Espacenet exports have no abstract; the current ones have no application number, no filing date and no "
        "priority number, but the family; a country of applicant or inventor is often not stated."
    ),
)  # fmt: skip
