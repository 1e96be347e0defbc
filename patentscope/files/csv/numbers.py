"""Publication numbers as files write them, made office + serial + kind; what a spreadsheet did to them undone."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from patentscope.records.offices import office_codes

_SHAPE = r"^[A-Z]{2}[A-Z]{0,4}\d[A-Z0-9]{0,22}$"
_ONE = re.compile(r"\s*[A-Z]{2}[\s/-]?[A-Z]{0,4}[\s/-]?\d[\dA-Z\s/,-]{1,20}(?:\([A-Z]\d?\))?\s*")
_OFFICE_LETTERS = 2
# Offices whose first document is younger than 1970, kind codes with a digit (WIPO ST.16), and US patents since 1970.
_RECENT = r"^(?:CN|EP|WO|KR|TW|EA|AP|EM|HK|SG)|[A-Z]\d$|^JP[HR]|^US(?:3[5-9]|[4-9]\d|1\d\d|20\d\d)\d{5}"


def is_publication_number(cell: str) -> bool:
    """Say whether a whole cell reads as one publication number: `US 2013/0101709 A1`, `CN-116904750-A`."""
    return _ONE.fullmatch(cell) is not None and cell.strip()[:_OFFICE_LETTERS] in office_codes()


def plain(cells: Sequence[str] | pa.Array) -> pa.Array:
    """Return cells trimmed, without the `="..."` or leading apostrophe that keep a spreadsheet from counting them."""
    trimmed = pc.utf8_trim_whitespace(cells if isinstance(cells, pa.Array) else pa.array(cells, pa.string()))
    if pc.any(pc.match_substring_regex(trimmed, "^[='\"]")).as_py():
        trimmed = pc.replace_substring_regex(trimmed, '^(?:="|\'|")', "")
        trimmed = pc.utf8_rtrim(trimmed, '"')
    return trimmed


def joined(cells: Sequence[str] | pa.Array) -> pa.Array:
    """Return publication numbers in capitals without blanks and punctuation; null where a cell can't be one."""
    bare = pc.utf8_upper(pc.utf8_normalize(plain(cells), form="NFKC"))
    bare = pc.replace_substring_regex(bare, r"[\s\p{Z}./,\-_]", "")
    known = pc.is_in(pc.utf8_slice_codeunits(bare, 0, _OFFICE_LETTERS), pa.array(sorted(office_codes())))
    return pc.if_else(pc.and_(pc.match_substring_regex(bare, _SHAPE), known), bare, pa.scalar(None, pa.string()))


def office_of(numbers: pa.Array) -> pa.Array:
    """Return the office code with which each joined number starts."""
    return pc.utf8_slice_codeunits(numbers, 0, _OFFICE_LETTERS)


def are_recent(numbers: pa.Array) -> pa.Array:
    """Say of each joined number whether its document must be of 1970 or later."""
    return pc.fill_null(pc.match_substring_regex(numbers, _RECENT), fill_value=False)


def kind_of(numbers: pa.Array) -> pa.Array:
    """Return the kind code with which each joined number ends, null where it ends with a digit."""
    return pc.struct_field(pc.extract_regex(numbers, r"\d(?P<kind>[A-Z]\d?)$"), "kind")
