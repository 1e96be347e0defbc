"""Application numbers in one form per office, whole columns at a time, so that the forms of one application are equal.

Blanks, punctuation, a check digit and a trailing kind letter go. International applications become
`WO<year><office><serial>`; EPODOC's long numbers (year and seven digits) become DOCDB's; where only the letter tells a
utility model or a provisional application from another of the same number, it stays. The forms are those of the EPO's
OPS Reference Guide, of recorded OPS answers that state both, of Lens, Google and Espacenet exports, and of office
records. What is in no known form stays as it is, so that it joins nothing but its like.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_PCT = r"^PCT(?P<office>[A-Z]{2})(?P<year>\d{4}|\d{2})(?P<serial>\d{5,6})$"
#: A short serial is told from the year by the stroke alone: PCT/CN2014/33.
_PCT_STROKE = r"^\s*PCT\W*(?P<office>[A-Z]{2})\W*(?P<year>\d{4}|\d{2})\s*[/\-]\s*(?P<serial>\d{1,6})\s*$"
_PCT_EPODOC = r"^(?P<office>[A-Z]{2})(?P<year>(?:19|20)\d{2})(?P<serial>\d+)W$"
#: Two figures of the year and five of the serial, until 2003.
_PCT_OLD = r"^(?P<office>[A-Z]{2})(?P<year>7[89]|[89]\d|0[0-3])(?P<serial>\d{5})W$"
_PCT_DOCDB = r"^WO(?P<year>\d{4})(?P<office>[A-Z]{2})(?P<serial>\d+)$"
_KIND = (r"^(..)([^/]*[\dX])[A-Z]\d?$", r"\1\2")
_Rules = tuple[tuple[str, str], ...]
#: A utility model of a series of its own, whose numbers are those of patent applications, too.
_MODEL = ((r"^(..)(\w*\d)U\d?$", r"\1\2/U"),)
#: What stands before or behind the number and tells applications apart, by office: pattern, replacement, in order.
_BEFORE_KIND: dict[str, _Rules] = {
    "AT": _MODEL,
    "ES": _MODEL,
    "JP": _MODEL,
    # In KIPO's own form 10 is a patent application, 20 one for a utility model.
    "KR": ((r"^KR10((?:19|20)\d{9})$", r"KR\1"), (r"^KR20((?:19|20)\d{9})$", r"KR\1U"), *_MODEL),
    # US serials without their series start again with each, so the year stays: DOCDB has it last, EPODOC first.
    "US": (
        (r"^US(19\d{2}|20\d{2})(\d{7})(P?)(?:[A-OQ-Z]\d?)?$", r"US\1/\2\3"),
        (r"^US(\d{1,6})(1[3-9]|[2-9]\d)(?:(P)|[A-OQ-V])\d?$", r"US19\2/\1\3"),
        (r"^US(\d{1,6})(0\d|1[0-2])(?:(P)|[A-OQ-V])\d?$", r"US20\2/\1\3"),
        (r"^(US\d{4}/)0+(\d)", r"\1\2"),
    ),
}
_ONE_ZERO = r"0(\d{6})(/U)?$"
_TWO_ZEROS = r"00(\d{5})(/U)?$"
#: What is left of a number without its kind code, by office. Most rules shorten EPODOC's year and seven figures.
_AFTER_KIND: dict[str, _Rules] = {
    **dict.fromkeys(("AU", "MX"), ((rf"^(..(?:19|20)\d\d){_ONE_ZERO}", r"\1\2"),)),
    **dict.fromkeys(("BG", "PL"), ((r"^(..)20(\d\d)0(\d{6})$", r"\1\3\2"),)),
    **dict.fromkeys(("EA", "ES", "RO", "ZA"), ((rf"^(..20\d\d){_TWO_ZEROS}", r"\1\2\3"),)),
    "BR": ((r"^BR(20[12]\d)([12])(\d{6})$", r"BR\20\1\3"),),
    "CA": ((r"^CA(?:19|20)\d\d([23]\d{6})$", r"CA\1"),),
    "CN": (
        (r"^CN((?:19|20)\d{10}|\d{8})[\dX]$", r"CN\1"),  # the check digit, where no full stop set it apart
        (r"^CN(?:19(\d\d)|20(0[0-2]))([1289])0(\d{5})$", r"CN\1\2\3\4"),
        # Of the seven figures of the serial one zero is left out: the first; since a million is reached, the second.
        (r"^(CN20(?:0[4-9]|1[0-5])[1289])(\d{6})$", r"\10\2"),
        (r"^(CN20(?:1[6-9]|[2-9]\d)[1289])(0\d{5})$", r"\10\2"),
        (r"^(CN20(?:2[1-9]|[3-9]\d)[1289]1)(\d{5})$", r"\10\2"),
    ),
    "DE": (
        (r"^DE(20(?:0[4-9]|[1-9]\d))([12])(\d{6})$", r"DE\20\1\3"),
        # Not of 2020: DE202010123456 is the utility model 20 2010 123456 as well.
        (r"^DE(20(?:0[4-9]|1\d|2[1-9]))(1[0-2]|20)(\d{6})$", r"DE\2\1\3"),
        (r"^DE(?:19(9[5-9])|20(0[0-3]))([12])0(\d{5})$", r"DE\3\1\2\4"),
        (r"^DE19(?:[0-8]\d|9[0-4])(\d{7})$", r"DE\1"),
    ),
    "EP": ((r"^EP(?:19|20)(\d\d)0(\d{6})$", r"EP\1\2"),),
    "FI": ((r"^(FI20\d\d)000(\d{4})$", r"\1\2"),),
    "FR": ((r"^FR(?:19(69|[7-9]\d)|20([0-6]\d))00(\d{5})$", r"FR\1\2\3"),),
    "GB": (
        (r"^GB(?:19(7[89]|[89]\d)|20(0\d))00(\d{5})$", r"GB\1\2\3"),
        (rf"^(GB20[1-9]\d){_TWO_ZEROS}", r"\1\2"),
    ),
    "JP": (
        (rf"^(JP20\d\d){_ONE_ZERO}", r"\1\2\3"),
        # Before 2000 DOCDB has the year last, in eight figures at most, and no zeros before the serial.
        (r"^JP19(\d\d)(\d{6,7})(/U)?$", r"JP:\2\1\3"),
        (r"^JP:0*", "JP"),
    ),
    "NL": ((r"^NL19(\d\d)00(\d{5})$", r"NL\1\2"),),
    "RU": ((rf"^(RU20\d\d){_ONE_ZERO}", r"\1\2"), (r"^RU19(\d\d)0(\d{6})$", r"RU\1\2")),
    "TW": (
        (r"^TW0(\d{8})$", r"TW\1"),
        # Years of the Republic, counted from 1912.
        *((rf"^TW{year}0(\d{{6}})$", rf"TW{year - 1911}\1") for year in range(1980, 2060)),
    ),
    "US": ((r"^US(?:19|20)\d\d(\d{8})$", r"US\1"),),  # the year before series and serial
}
#: A year of an emperor's reign before the serial: never the other way round, as DOCDB's old numbers are.
_REIGN = r"^(\s*JP\s*[HS]?\d{1,2})\s*-\s*(\d{1,6}\s*)$"
_LAST_YEAR_OF_TWO_DIGITS = "50"


def application_keys(numbers: pa.Array) -> pa.Array:
    """Return *numbers* (strings) each in one form; null, and what has no letter or figure, is null.

    >>> application_keys(pa.array(["PCT/US2015/040975", "WO2015US40975A", "US201414893611A"])).to_pylist()
    ['WO2015US40975', 'WO2015US40975', 'US14893611']
    >>> application_keys(pa.array(["CN201110053793.X", "CN201110053793XA", "EP20100188264"])).to_pylist()
    ['CN201110053793', 'CN201110053793', 'EP10188264']
    >>> application_keys(pa.array(["JP20140123456", "KR10-2014-0123456", "PCT/CN2014/33"])).to_pylist()
    ['JP2014123456', 'KR20140123456', 'WO2014CN33']
    """
    text = pc.utf8_upper(pc.utf8_normalize(numbers, form="NFKC"))
    text = pc.replace_substring_regex(text, r"(\d)\.[\dX][\s\p{Z}]*$", r"\1")
    bare = pc.replace_substring_regex(pc.replace_substring_regex(text, _REIGN, r"\1E\2"), r"[^A-Z0-9]", "")
    keys = _national(bare)
    # Few are international: only what may be is held against five patterns.
    may_be = pc.fill_null(pc.match_substring_regex(bare, r"^PCT|^WO|W$"), fill_value=False)
    text, bare = text.filter(may_be), bare.filter(may_be)
    international = [
        _international(text, _PCT_STROKE),
        _international(bare, _PCT),
        _international(bare, _PCT_EPODOC),
        _international(bare, _PCT_OLD),
        _international(pc.replace_substring_regex(bare, *_KIND), _PCT_DOCDB),
    ]
    keys = pc.replace_with_mask(keys, may_be, pc.coalesce(*international, keys.filter(may_be)))
    return pc.if_else(pc.equal(keys, ""), pa.scalar(None, pa.string()), keys)


def _national(bare: pa.Array) -> pa.Array:
    """Return the keys of national and regional numbers, EPODOC's as DOCDB has them."""
    marked = _ruled(bare, _BEFORE_KIND)
    return _ruled(pc.replace_substring_regex(marked, *_KIND), _AFTER_KIND)


def _ruled(numbers: pa.Array, by_office: dict[str, _Rules]) -> pa.Array:
    """Return *numbers* with each office's rules applied to its own."""
    office = pc.utf8_slice_codeunits(numbers, 0, 2)
    for name, rules in by_office.items():
        is_here = pc.fill_null(pc.equal(office, name), fill_value=False)
        here = numbers.filter(is_here)
        for pattern, left in rules if len(here) else ():
            here = pc.replace_substring_regex(here, pattern, left)
        numbers = pc.replace_with_mask(numbers, is_here, here)
    return numbers


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
