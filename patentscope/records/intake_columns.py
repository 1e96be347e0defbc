"""Columns of publications brought into one form, a whole column at a time: numbers, symbols, parties' countries.

What can't be read becomes null or goes; each function also says in which rows that happened.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.records.components import numbered
from patentscope.records.named_families import OWN_ID
from patentscope.records.offices import countries, country_named
from patentscope.records.publication import LONG_US
from patentscope.records.store import lists
from patentscope.records.symbols import normal_symbol

Rows = np.ndarray[Any, np.dtype[np.int64]]
_NOTHING = pa.scalar(None, pa.string())
# What Python's re takes for blanks and RE2 does not are control characters and the separators of Unicode.
_BETWEEN = r"[\s\x{B}\x{1C}-\x{1F}\x{85}\p{Z}./,\-]"
#: An office and a kind code as WIPO ST.3 and ST.16 have them; some offices write a kind of three characters.
OFFICE, KIND = "^[A-Z]{2}$", "^[A-Z][A-Z0-9]{0,2}$"
_NUMBER = r"^(?P<office>[A-Z]{2})[A-Z]{0,2}\d+(?P<kind>[A-Z]\d{0,2})?$"


def publication_numbers(numbers: pa.Array) -> pa.Array:
    """Return *numbers* as `publication.normal_publication_number` writes each of them."""
    bare = pc.utf8_upper(pc.replace_substring_regex(pc.utf8_normalize(numbers, form="NFKC"), _BETWEEN, ""))
    return pc.replace_substring_regex(bare, LONG_US, r"US\1\2\3")


def shown_in(numbers: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return the office and the kind code that each number shows, as `publication.split_number` finds them."""
    parts = pc.extract_regex(numbers, _NUMBER)
    has_office = pc.match_substring_regex(numbers, "^[A-Z]{2}[A-Z0-9]")
    office = pc.if_else(has_office, pc.utf8_slice_codeunits(numbers, 0, 2), _NOTHING)
    kind = pc.if_else(parts.is_valid(), pc.struct_field(parts, "kind"), _NOTHING)
    return office, pc.if_else(pc.equal(kind, ""), _NOTHING, kind)


def stems_and_kinds(numbers: pa.Array, stated: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return what stands before the kind code in *numbers*, and the kind: as the number shows it, else as *stated*.

    What is no office and serial, whether a kind code follows or not, is left whole and without a kind.
    """
    _, shown = shown_in(numbers)
    stems = pc.if_else(shown.is_valid(), pc.replace_substring_regex(numbers, r"[A-Z]\d{0,2}$", ""), numbers)
    is_bare = pc.match_substring_regex(numbers, r"^[A-Z]{2,4}\d+$")
    return stems, pc.coalesce(shown, pc.if_else(is_bare, stated, _NOTHING))


def codes(stated: pa.Array, shown: pa.Array, shape: str) -> tuple[pa.Array, Rows]:
    """Return *stated* codes in capitals without blanks, and what the number shows where none of that *shape* is stated.

    The rows are those in which something else was stated.
    """
    bare = pc.utf8_upper(pc.utf8_trim_whitespace(stated))
    is_code = pc.fill_null(pc.match_substring_regex(bare, shape), fill_value=False)
    is_none = pc.and_(pc.fill_null(pc.not_equal(bare, ""), fill_value=False), pc.invert(is_code))
    return pc.if_else(is_code, bare, shown), np.flatnonzero(is_none.to_numpy(zero_copy_only=False))


def _flat(column: pa.ListArray) -> tuple[pa.Array, Rows]:
    """Return a list column's values, and the row of each."""
    lengths = np.diff(column.offsets.to_numpy())
    return column.flatten(), np.repeat(np.arange(len(column), dtype=np.int64), lengths)


def symbols(column: pa.ListArray) -> tuple[pa.ListArray, Rows]:
    """Return class symbols in one form, each once per row, and the rows in which one was none."""
    values, rows = _flat(column)
    encoded = values.dictionary_encode()
    forms = pa.array([normal_symbol(text) for text in encoded.dictionary.to_pylist()], pa.string()).dictionary_encode()
    numbers = forms.indices.take(encoded.indices)
    is_known = numbers.is_valid().to_numpy(zero_copy_only=False)
    place = numbers.filter(pa.array(is_known)).to_numpy().astype(np.int64)
    kept = rows[is_known]
    first = _firsts(kept * max(len(forms.dictionary), 1) + place)
    chosen = forms.dictionary.take(pa.array(place[first]))
    return lists(chosen, kept[first], len(column), column.type), np.unique(rows[~is_known])


def _firsts(keys: Rows) -> Rows | slice:
    """Return the places of *keys* that did not occur before; in most columns nothing occurs twice."""
    ordered = np.sort(keys)
    if not (ordered[1:] == ordered[:-1]).any():
        return slice(None)
    return np.sort(np.unique(keys, return_index=True)[1])


def named_countries(column: pa.ListArray) -> tuple[pa.ListArray, Rows]:
    """Return parties with codes for countries written by name or otherwise (UK), and the rows in which that was so."""
    values, rows = _flat(column)
    written = values.field("country").dictionary_encode()
    forms = [text and country_named(text) for text in written.dictionary.to_pylist()]
    codes_read = pa.array(forms, pa.string()).take(written.indices)
    is_read = pc.and_(values.is_valid(), codes_read.is_valid())
    if not pc.any(is_read).as_py():
        return column, np.empty(0, np.int64)
    members = pa.StructArray.from_arrays(
        [values.field("name"), pc.coalesce(codes_read, values.field("country"))],
        fields=list(column.type.value_type),
        mask=values.is_null(),
    )
    found = rows[is_read.to_numpy(zero_copy_only=False)]
    return lists(members, rows, len(column), column.type), np.unique(found)


def members(column: pa.ListArray) -> tuple[pa.ListArray, Rows]:
    """Return named family members in one form, each once per row, and the rows in which one could not be read.

    What a source calls its members (`lens:173-916-513-011-404`) stays as it is; all others are publication numbers.
    """
    values, rows = _flat(column)
    encoded = values.dictionary_encode()
    text = pc.utf8_trim_whitespace(encoded.dictionary)
    number = publication_numbers(text)
    number = pc.if_else(pc.match_substring_regex(number, "^[A-Z]{2}[A-Z0-9]*\\d[A-Z0-9]*$"), number, _NOTHING)
    form = pc.if_else(pc.match_substring_regex(text, OWN_ID), text, number)
    return _readable(encoded.indices, form, rows, column)


def offices(column: pa.ListArray) -> tuple[pa.ListArray, Rows]:
    """Return office codes in capitals, each once per row, and the rows in which one was none."""
    values, rows = _flat(column)
    encoded = values.dictionary_encode()
    code = pc.utf8_upper(pc.utf8_trim_whitespace(encoded.dictionary))
    form = pc.if_else(pc.match_substring_regex(code, OFFICE), code, _NOTHING)
    return _readable(encoded.indices, form, rows, column)


def _readable(indices: pa.Array, forms: pa.Array, rows: Rows, column: pa.ListArray) -> tuple[pa.ListArray, Rows]:
    """Return the *forms* of each row that are not null, each once, in order; and the rows in which one is.

    *indices* are places in *forms*.
    """
    places, names = numbered(forms)
    of_value = np.append(places, -1)[indices.fill_null(len(forms)).to_numpy()]
    is_known = of_value >= 0
    return _listed(of_value[is_known], rows[is_known], names, len(column)), np.unique(rows[~is_known])


def _each_once(values: pa.Array, rows: Rows, count: int) -> pa.ListArray:
    """Return the *values* of each of *count* rows, each once and in order."""
    places, names = numbered(values)
    return _listed(places, rows, names, count)


def _listed(places: Rows, rows: Rows, names: pa.Array, count: int) -> pa.ListArray:
    """Return the *names* at the *places* of each of *count* rows, each once and in order."""
    size = max(len(names), 1)
    keys = rows * size
    keys += places
    keys.sort()
    keys = keys[np.diff(keys, prepend=-1) > 0]  # np.unique hashes, which takes ten times as long
    return lists(names.take(pa.array(keys % size)), keys // size, count, pa.list_(pa.string()))


def member_offices(stated: pa.ListArray, named: pa.ListArray) -> pa.ListArray:
    """Return the offices of family members: as *stated*; where nothing is, as the numbers of the *named* show."""
    values, rows = _flat(stated)
    numbers, owners = _flat(named)
    is_silent = np.diff(stated.offsets.to_numpy()) == 0
    wanted = is_silent[owners] & ~pc.match_substring_regex(numbers, OWN_ID).to_numpy(zero_copy_only=False)
    if not wanted.any():
        return stated
    shown = pc.utf8_slice_codeunits(numbers.filter(pa.array(wanted)), 0, 2)
    return _each_once(pa.concat_arrays([values, shown]), np.concatenate([rows, owners[wanted]]), len(stated))


def added_up(column: pa.ListArray, order: Rows, groups: Rows) -> pa.ListArray:
    """Return what the rows in *order* list, for each of their *groups* (numbered from 0, one for each row)."""
    count = int(groups[-1]) + 1 if len(groups) else 0
    if count == len(order):
        return column.take(pa.array(order))
    values, rows = _flat(column)
    group = np.empty(len(column), dtype=np.int64)
    group[order] = groups
    return _each_once(values, group[rows], count)


def parties(column: pa.ListArray) -> tuple[pa.ListArray, Rows]:
    """Return parties with country codes in capitals, and the rows in which a code was of no country: it is null."""
    values, rows = _flat(column)
    present = values.is_valid()
    values, rows = values.filter(present), rows[present.to_numpy(zero_copy_only=False)]
    code = pc.utf8_upper(pc.utf8_trim_whitespace(values.field("country")))
    is_country = pc.is_in(code, pa.array(sorted(countries())))
    is_none = pc.and_(pc.fill_null(pc.not_equal(code, ""), fill_value=False), pc.invert(is_country))
    members = pa.StructArray.from_arrays(
        [values.field("name"), pc.if_else(is_country, code, _NOTHING)], fields=list(column.type.value_type)
    )
    lost = rows[is_none.to_numpy(zero_copy_only=False)]
    return lists(members, rows, len(column), column.type), np.unique(lost)


def without_country(column: pa.ListArray) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Say of each row whether no party in it has a country."""
    values, rows = _flat(column)
    named = values.field("country").is_valid().to_numpy(zero_copy_only=False) & values.is_valid().to_numpy(
        zero_copy_only=False
    )
    silent: np.ndarray[Any, np.dtype[np.bool_]] = np.bincount(rows[named], minlength=len(column)) == 0
    return silent
