"""Application numbers in one form per office, whole columns at a time, so that the forms of one application are equal.

Blanks, punctuation, a check digit and a trailing kind letter go. International applications become
`WO<year><office><serial>`; US numbers keep their series and serial; EPODOC's long EP numbers become the short ones.
The forms are those of the EPO's OPS Reference Guide, of Lens, Google and Espacenet exports, and of office records.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_PCT = r"^PCT(?P<office>[A-Z]{2})(?P<year>\d{4}|\d{2})(?P<serial>\d{5,6})$"
_PCT_EPODOC = r"^(?P<office>[A-Z]{2})(?P<year>\d{4})(?P<serial>\d+)W$"
_PCT_DOCDB = r"^WO(?P<year>\d{4})(?P<office>[A-Z]{2})(?P<serial>\d+)$"
#: What of a national number is not the number: pattern and what is left of it, in this order.
_NATIONAL = (
    (r"^(..)(.*[\dX])[A-Z]\d?$", r"\1\2"),  # a kind code
    (r"^US(?:19|20)\d{2}(\d{8})$", r"US\1"),  # EPODOC puts the year before series and serial
    (r"^EP(?:19|20)(\d{2})0(\d{6})$", r"EP\1\2"),
    (r"^CN((?:19|20)\d{10}|\d{8})[\dX]$", r"CN\1"),  # the check digit, where no full stop set it apart
)
_LAST_YEAR_OF_TWO_DIGITS = "50"


def application_keys(numbers: pa.Array) -> pa.Array:
    """Return *numbers* (strings) each in one form; null, and what has no letter or figure, is null.

    >>> application_keys(pa.array(["PCT/US2015/040975", "WO2015US40975A", "US201414893611A"])).to_pylist()
    ['WO2015US40975', 'WO2015US40975', 'US14893611']
    >>> application_keys(pa.array(["CN201110053793.X", "CN201110053793XA", "EP20100188264"])).to_pylist()
    ['CN201110053793', 'CN201110053793', 'EP10188264']
    """
    text = pc.utf8_upper(pc.utf8_normalize(numbers, form="NFKC"))
    text = pc.replace_substring_regex(text, r"(\d)\.[\dX][\s\p{Z}]*$", r"\1")
    bare = pc.replace_substring_regex(text, r"[^A-Z0-9]", "")
    national = bare
    for pattern, left in _NATIONAL:
        national = pc.replace_substring_regex(national, pattern, left)
    without_kind = pc.replace_substring_regex(bare, *_NATIONAL[0])
    international = [
        _international(bare, _PCT),
        _international(bare, _PCT_EPODOC),
        _international(without_kind, _PCT_DOCDB),
    ]
    keys = pc.coalesce(*international, national)
    return pc.if_else(pc.equal(keys, ""), pa.scalar(None, pa.string()), keys)


def _international(bare: pa.Array, pattern: str) -> pa.Array:
    """Return the keys of the numbers that are international in this form, null for the others."""
    match = pc.extract_regex(bare, pattern)
    office, year, serial = (_field(match, name) for name in ("office", "year", "serial"))
    is_short = pc.equal(pc.utf8_length(year), 2)  # PCT numbers had two-digit years until 2003
    century = pc.if_else(pc.greater(year, _LAST_YEAR_OF_TWO_DIGITS), "19", "20")
    year = pc.if_else(is_short, pc.binary_join_element_wise(century, year, ""), year)
    serial = pc.replace_substring_regex(serial, r"^0+(\d)", r"\1")
    return pc.binary_join_element_wise("WO", year, office, serial, "")


def _field(match: pa.Array, name: str) -> pa.Array:
    # A field of a null struct reads as what lies beneath it, so the struct's own nulls are put on.
    return pc.if_else(match.is_valid(), pc.struct_field(match, name), pa.scalar(None, pa.string()))


def offices_of_keys(keys: pa.Array) -> pa.Array:
    """Return the office codes with which keys are written, `WO` for international ones, null where there is none."""
    known: Any = pc.match_substring_regex(keys, r"^[A-Z]{2}[A-Z0-9]")
    return pc.if_else(known, pc.utf8_slice_codeunits(keys, 0, 2), pa.scalar(None, pa.string()))
