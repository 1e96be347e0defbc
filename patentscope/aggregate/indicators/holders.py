"""Who owns each family, and which main groups of classes it is in, as pairs of whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from patentscope.aggregate.indicators.families import Families
from patentscope.records.owners import in_two_scripts
from patentscope.records.scheme import Scheme
from patentscope.records.sectors import SECTORS, named_owners

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """What families have: the `family` of each pair (its row), and the place in `names` of what it has."""

    family: Places
    held: Places
    names: tuple[str, ...]

    def has_any(self, count: int) -> NDArray[np.bool_]:
        """Return which of *count* families has any."""
        return np.bincount(self.family, minlength=count) > 0

    def of(self, chosen: NDArray[np.bool_]) -> Places:
        """Return how many of the *chosen* families have each of the names."""
        return np.bincount(self.held[chosen[self.family]], minlength=len(self.names))


def owners_of(
    families: Families, publications: pa.Table, aliases: Mapping[str, str]
) -> tuple[Pairs, NDArray[np.float64]]:
    """Return the owners of each family, joined, and what part of it each sector has.

    Any visible family may show that two names are one owner's, on topic or not.

    Args:
        families: whose owners are asked for.
        publications: applicants and inventors of every publication.
        aliases: the user's names, and what each is joined to.

    Returns:
        The pairs; and families x `SECTORS`: a family of several owners is shared out between them, and one without a
        named owner has nothing.
    """
    visible, mine = families.visible, families.publications
    parties = publications.select(["applicants", "inventors"])
    links = in_two_scripts(_of(visible, parties), visible["family"])
    documents = _of(mine, parties)
    named = named_owners(documents, mine["place"].to_numpy(), links, aliases).drop_duplicates(["family_id", "joined"])
    place, (codes, names) = named["family_id"].to_numpy(np.int64), pd.factorize(named["joined"], sort=True)
    sector = pd.Index(SECTORS).get_indexer(pd.Index(named["sector"]))
    shared = np.zeros((len(families.facts), len(SECTORS)))
    np.add.at(shared, (place, sector), 1 / np.bincount(place, minlength=len(shared))[place])
    return Pairs(place, codes.astype(np.int64), tuple(names)), shared


def groups_of(families: Families, publications: pa.Table, scheme: Scheme) -> Pairs:
    """Return the main groups (`C22B7`) of each family's symbols, CPC and IPC taken together, as *scheme* places them.

    A symbol that the scheme doesn't hold is of the group that it names; one of a subclass alone is of none.
    """
    mine, found = families.publications, []
    held = _of(mine, publications.select(["cpc", "ipc"]))
    for column in ("cpc", "ipc"):
        lists = held.column(column).combine_chunks()
        symbols = lists.flatten().dictionary_encode()
        groups = _main_groups(symbols.dictionary, scheme)[symbols.indices.to_numpy(zero_copy_only=False)]
        places = np.repeat(mine["place"].to_numpy(), np.diff(lists.offsets.to_numpy()))
        found.append(pd.DataFrame({"family": places, "group": groups}).drop_duplicates())
    table = pd.concat(found).drop_duplicates()
    table = table[table["group"].ne("")]
    codes, names = pd.factorize(table["group"], sort=True)
    return Pairs(table["family"].to_numpy(np.int64), codes.astype(np.int64), tuple(names))


def _of(chosen: pd.DataFrame, publications: pa.Table) -> pa.Table:
    """Return the rows of *publications* that are *chosen*, in order, in a fifth of the time of `take`."""
    here = np.zeros(publications.num_rows, bool)
    here[chosen["pub"].to_numpy()] = True
    return publications.filter(pa.array(here))


def _main_groups(symbols: pa.StringArray, scheme: Scheme) -> NDArray[np.object_]:
    """Return the main group of each symbol; empty for none."""
    stems = pc.list_element(pc.split_pattern(symbols, "/"), 0)
    own = pc.if_else(pc.match_substring(symbols, "/"), stems, "").to_numpy(zero_copy_only=False).astype(object)
    main = np.flatnonzero(pc.ends_with(scheme.symbols, "/00").to_numpy(zero_copy_only=False))
    rows = scheme.place(symbols).rows
    above = main[np.maximum(np.searchsorted(main, rows, side="right") - 1, 0)]
    is_under = (rows >= above) & (rows < scheme.stop[above]) & (own != "")
    own[is_under] = [str(scheme.symbols[row]).removesuffix("/00") for row in above[is_under].tolist()]
    return np.asarray(own, dtype=object)
