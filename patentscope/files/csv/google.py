"""Google Patents, "Download (CSV)": numbers, names, titles and dates; no class, no country of a party, no family.

The first line may hold the search. Saved again by a spreadsheet, that line is often gone and dates have another order.
Names are joined by commas, so a comma inside a name can be told only before words like `Inc.`.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from patentscope.files.csv.columns import Columns, common, parties
from patentscope.files.csv.export import Form
from patentscope.files.csv.numbers import joined, plain
from patentscope.files.csv.sheet import Header, Sheet, plainly

_LEGAL_FORMS = (
    r", ((?:Inc|Ltd|LLC|L\.L\.C|LLP|LP|L\.P|Corp|Co|Company|Corporation|Incorporated|Limited|GmbH|AG|KG|S\.A|SA|"
    r"S\.A\.S|S\.R\.L|S\.p\.A|B\.V|N\.V|N\.A|PLC|Jr|Sr|II|III)\.?)(,|$)"
)
_KEPT_COMMA = "\x1f"
_EAST_ASIAN = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"


def _columns(sheet: Sheet) -> Columns:
    ids = sheet.cells("publication_number")
    numbers = joined(ids)
    columns = common(sheet, numbers, ",", _names)
    kinds = pc.extract_regex(pc.utf8_upper(plain(ids)), r"-(?P<kind>[A-Z]\d?)$")
    columns.arrays["kind"] = pc.struct_field(kinds, "kind")
    columns.arrays["title_language"] = _languages(sheet, columns.arrays["title"])
    return columns


def _search(above: list[list[str]]) -> tuple[str | None, None]:
    """Return the address of the search, from the line above the header; no file says how many hits there were."""
    # The address is not quoted, so that its own commas part it into cells; a spreadsheet adds empty ones.
    rows = (row[place:] for row in above for place, cell in enumerate(row) if cell.strip().startswith("http"))
    return next((",".join(cells).strip(" ,") for cells in rows), None), None


def _languages(sheet: Sheet, titles: pa.Array) -> pa.Array:
    """Return `en` where the result's link leads to the English page, whose title this is; else null."""
    english = pc.fill_null(pc.ends_with(sheet.cells("link"), "/en"), fill_value=False)
    foreign = pc.fill_null(pc.match_substring_regex(titles, _EAST_ASIAN), fill_value=True)
    return pc.if_else(pc.and_(english, pc.invert(foreign)), pa.scalar("en"), pa.scalar(None, pa.string()))


def _names(cells: pa.Array) -> pa.Array:
    """Split names at commas, but for those before a company's legal form."""
    marked = cells
    for _ in range(2):  # for `Co., Ltd., Inc.`: each match takes the comma that the next one starts with
        marked = pc.replace_substring_regex(marked, f"(?i){_LEGAL_FORMS}", rf"{_KEPT_COMMA} \1\2")
    listed = parties(marked, r",\s+")
    members = listed.flatten()
    names = pc.replace_substring(pc.struct_field(members, "name"), _KEPT_COMMA, ",")
    members = pa.StructArray.from_arrays([names, pc.struct_field(members, "country")], fields=list(members.type))
    return pa.ListArray.from_arrays(listed.offsets, members, type=listed.type)


FORM = Form(
    name="google_csv",
    title="a Google Patents export",
    header=Header(
        aliases={
            "publication_number": ("id",),
            **plainly("title", "priority_date", "publication_date", "grant_date"),
            "applicants": ("assignee", "assignees"),
            "inventors": ("inventor/author", "inventor"),
            "filing_date": ("filing/creation date", "filing date"),
            "link": ("result link",),
        },
        telltales=frozenset({"inventor/author", "filing/creation date", "result link", "representative figure link"}),
    ),
    columns=_columns,
    in_blocks=True,
    search=_search,
    lacks=(
        "Google Patents exports have no class, no abstract, no priority number, no family and no country of applicant "
        "or inventor: all of these are unknown here."
    ),
)
