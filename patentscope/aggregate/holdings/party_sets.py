"""Whose a document is, as one number: parties are few kinds of lists, so each distinct list is kept once.

Two lists are one set where they name the same countries, as often, and the same country first: nothing that counts
can tell them apart.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.records.offices import UNKNOWN, countries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Key = tuple[tuple[tuple[str, int], ...], str]

#: The set of a document that names no party of known country.
SILENT = 0
#: Up to here, sums over all units that there can be fit a machine's integer; larger numbers of parties, which extended
#: families of very many come to, are Python's own.
_NARROW = 1 << 31
_MARK = ","


class PartySets:
    """Distinct sets of parties, each with a number from 1; `SILENT` names nobody."""

    def __init__(self) -> None:
        """Begin with no set."""
        self._keys: list[Key] = []
        self._places: dict[Key, int] = {}

    @classmethod
    def of_table(cls, table: pa.Table) -> PartySets:
        """Return what `table` gave."""
        sets = cls()
        columns = (table.column(name).to_pylist() for name in ("party_set", "country", "parties", "is_first"))
        for number, rows in groupby(zip(*columns, strict=True), itemgetter(0)):
            listed = list(rows)
            first = next(country for _, country, _, is_first in listed if is_first)
            if number != SILENT:
                sets._add((tuple((country, int(parties)) for _, country, parties, _ in listed), first))
        return sets

    def __len__(self) -> int:
        """Return how many there are, without the silent one."""
        return len(self._keys)

    def _add(self, key: Key) -> int:
        place = self._places.setdefault(key, len(self._keys) + 1)
        if place > len(self._keys):
            self._keys.append(key)
        return place

    def of_parties(self, parties: Mapping[str, int], first: str) -> int:
        """Return the number of the set with so many *parties* by country, of which *first* comes first."""
        return self._add((tuple(sorted(parties.items())), first)) if parties else SILENT

    def of_countries(self, codes: Sequence[str]) -> int:
        """Return the number of the set that names *codes*, in that order, once or more often."""
        return self.of_parties(Counter(codes), codes[0]) if codes else SILENT

    def of_lists(self, column: pa.ListArray) -> NDArray[np.int32]:
        """Return the set of every list of parties (structs with `country`); parties of unknown country are left out."""
        country = column.flatten().field("country")
        listed = pc.is_in(country, pa.array(sorted(countries()), country.type))
        known = pc.if_else(listed, country, "")
        offsets = column.offsets
        texts = pc.binary_join(pa.ListArray.from_arrays(pc.subtract(offsets, offsets[0]), known), _MARK)
        encoded = texts.dictionary_encode()
        named = ([code for code in text.split(_MARK) if code] for text in encoded.dictionary.to_pylist())
        numbers = np.array([*map(self.of_countries, named), SILENT], np.int32)
        return np.asarray(numbers[encoded.indices.to_numpy(zero_copy_only=False)], np.int32)

    def parties(self, number: int) -> tuple[dict[str, int], str]:
        """Return a set's parties by country, and the first country; nothing and "" for the silent one."""
        if number == SILENT:
            return {}, ""
        parties, first = self._keys[number - 1]
        return dict(parties), first

    def table(self) -> pa.Table:
        """Return one row per set and country: party_set, country, parties, known (in the whole set), is_first.

        The silent set has one row: `unknown`, with no parties. Numbers of parties are texts where some are too large.
        """
        rows: list[tuple[int, str, int, int, bool]] = [(SILENT, UNKNOWN, 0, 0, True)]
        for number, (listed, first) in enumerate(self._keys, start=1):
            together = sum(count for _, count in listed)
            rows += [(number, code, count, together, code == first) for code, count in listed]
        names = ("party_set", "country", "parties", "known", "is_first")
        place, country, parties, known, is_first = zip(*rows, strict=True)
        is_narrow = max(known) < _NARROW
        whole, kind = (int, pa.int64()) if is_narrow else (str, pa.string())
        types = (pa.int32(), pa.string(), kind, kind, pa.bool_())
        columns = [place, country, list(map(whole, parties)), list(map(whole, known)), is_first]
        return pa.table(columns, schema=pa.schema(zip(names, types, strict=True)))

    def weights(self, named: Sequence[str]) -> pd.DataFrame:
        """Return what a count needs of every set, row i for set i: c0, c1, ... , known, first.

        `c<i>` is how many parties are of the i-th *named* country, `known` how many are of any, `first` the place of
        the first country in *named*: -1 for another one, -2 for none. Numbers of parties are objects where some are too
        large for a machine's integer.
        """
        place = {code: i for i, code in enumerate(named)}
        totals = [0, *(sum(count for _, count in parties) for parties, _ in self._keys)]
        kind = object if max(totals) >= _NARROW else np.int64
        known = np.array(totals, kind)
        counts = np.zeros((len(self) + 1, len(named)), kind)
        first = np.full(len(self) + 1, NO_PARTY, np.int64)
        for row, (parties, leading) in enumerate(self._keys, start=1):
            for code, count in parties:
                if code in place:
                    counts[row, place[code]] = count
            first[row] = place.get(leading, OTHER_COUNTRY)
        frame = pd.DataFrame(counts, columns=[f"c{i}" for i in range(len(named))])
        return frame.assign(known=known, first=first)


#: Places of a set's first country that are none among the named ones.
OTHER_COUNTRY, NO_PARTY = -1, -2


def priority_sets(sets: PartySets, offices: Iterable[str]) -> pd.DataFrame:
    """Return for every office the set of the country of a priority there: office, priority_set, country_set.

    An office that is no country (EP, WO) is a place of first filing all the same, but tells of no party's country.
    """
    known = countries()
    rows = [
        (code, sets.of_countries([code]), sets.of_countries([code]) if code in known else SILENT)
        for code in sorted(offices)
    ]
    return pd.DataFrame(rows, columns=["office", "priority_set", "country_set"])
