"""Simple families that sources name by their members, and what is known of members of which there is no record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from patentscope.provenance.ledger import Loss, losses_of
from patentscope.records.components import Integers, Mask, components

#: A source's own id of a family member, behind the source's name; all others are publication numbers.
OWN_ID = r"^([a-z_]+):\S+$"
UNNAMED = -1


@dataclass(frozen=True)
class Named:
    """Families as sources name them.

    Attributes:
        of_row: the family of each publication; -1 where nobody names it.
        names: what each family is called: `lens:` and the first id where a source has ids of its own, else `named:` and
            the first publication number.
        remarks: publications whose family two sources, or two records, name differently.
    """

    of_row: Integers
    names: NDArray[np.object_]
    remarks: list[Loss]


def named_families(publications: pa.Table) -> Named:
    """Return the families of *publications* that name each other, or a common member, directly or through others."""
    numbers = publications.column("publication_number").combine_chunks()
    rows, members = _members(publications)
    encoded = members.dictionary_encode()
    codes, count = encoded.indices.to_numpy().astype(np.int64), len(encoded.dictionary)
    own = pc.index_in(numbers, encoded.dictionary).fill_null(UNNAMED).to_numpy().astype(np.int64)
    is_named = own != UNNAMED
    nodes = np.concatenate([codes, own[is_named]])
    links = np.concatenate([rows, np.flatnonzero(is_named)])
    component = components(nodes, links, count)
    of_row = np.full(len(numbers), UNNAMED, dtype=np.int64)
    of_row[links] = component[nodes]
    texts = encoded.dictionary.to_pandas().astype(object)
    texts = texts.where(texts.str.match(OWN_ID), "named:" + texts)
    table = pd.DataFrame({"component": component, "is_number": texts.str.startswith("named:"), "name": texts})
    first = table.sort_values(["is_number", "name"]).drop_duplicates("component").sort_values("component")
    return Named(of_row, first["name"].to_numpy(), _remarks(publications, of_row, rows, members))


def _members(publications: pa.Table) -> tuple[Integers, pa.Array]:
    """Return the row and the name of every member that a publication names."""
    listed = publications.column("family_members").combine_chunks()
    return np.repeat(np.arange(len(listed), dtype=np.int64), np.diff(listed.offsets.to_numpy())), listed.flatten()


def _forms(members: pa.Array) -> pd.Series:
    """Return whose ids members are; empty for publication numbers."""
    forms: pd.Series = members.to_pandas().astype(object).str.extract(OWN_ID, expand=False).fillna("")
    return forms


def _remarks(publications: pa.Table, of_row: Integers, rows: Integers, members: pa.Array) -> list[Loss]:
    """Return the publications of families whose records don't all name the same members, each form of ids for itself.

    A publication is a member of its own family, whether it says so or not.
    """
    table = pd.DataFrame({"row": rows, "form": _forms(members), "member": members.to_pandas()})
    own = table.loc[table["form"].eq(""), ["row", "form"]].drop_duplicates()
    own["member"] = publications.column("publication_number").to_pandas().to_numpy()[own["row"]]
    table = pd.concat([table, own]).drop_duplicates()
    table["family"] = of_row[table["row"]]
    keys = ["family", "form"]
    sizes = table.groupby([*keys, "row"]).size().groupby(keys).min()
    distinct = table.drop_duplicates([*keys, "member"]).groupby(keys).size()
    families = distinct.index[distinct > sizes].get_level_values("family")
    found = np.flatnonzero(np.isin(of_row, families.to_numpy(np.int64)))
    if not len(found):
        return []
    named = publications.select(["office", "publication_number"]).take(pa.array(found)).to_pandas()
    reason = "a family whose members are named differently, joined by those in common"
    return losses_of(reason, named["office"], named["publication_number"])


def without_record(publications: pa.Table, family: pd.Series, whole: Mask) -> pd.DataFrame:
    """Return the members that are named and of which there is no dated record: `family_id` and `office`.

    Of each family there is a row for each office that no record of it has; where all offices have one, a row without an
    office. *family* is each publication's family, *whole* says which publications' families were fetched as a whole.
    """
    if not pc.any(pc.not_equal(pc.list_value_length(publications.column("family_members")), 0)).as_py():
        return pd.DataFrame(columns=["family_id", "office"], dtype=object)
    codes, names = pd.factorize(family)
    is_dated = np.asarray(publications.column("publication_date").is_valid(), dtype=bool)
    listed = publications.column("family_offices").combine_chunks()
    rows = np.repeat(np.arange(len(listed)), np.diff(listed.offsets.to_numpy()))
    offices = pd.DataFrame({"family": codes[rows], "office": listed.flatten().to_pandas()}).drop_duplicates()
    held = pd.DataFrame({"family": codes, "office": publications.column("office").to_pandas()})[is_dated]
    lacking = offices.merge(held.drop_duplicates(), how="left", on=["family", "office"], indicator=True)
    lacking = lacking.loc[lacking["_merge"].eq("left_only"), ["family", "office"]]
    more = np.setdiff1d(_short(publications, codes, is_dated), lacking["family"])
    lacking = pd.concat([lacking, pd.DataFrame({"family": more, "office": None}, dtype=object)])
    lacking = lacking[~np.isin(lacking["family"].astype(np.int64), codes[whole])]
    found = pd.DataFrame({"family_id": names.to_numpy()[lacking["family"].astype(int)], "office": lacking["office"]})
    return found.sort_values(["family_id", "office"], ignore_index=True)


def _short(publications: pa.Table, codes: Integers, is_dated: Mask) -> Integers:
    """Return the families that name more members than they have dated records of.

    A source's own ids are no numbers: they are as many as the records that name some, or there are more members.
    """
    rows, members = _members(publications)
    table = pd.DataFrame({"family": codes[rows], "row": rows, "form": _forms(members), "member": members.to_pandas()})
    numbers = publications.column("publication_number").filter(pa.array(is_dated))
    absent = table["form"].eq("") & ~np.asarray(pc.is_in(members, numbers.combine_chunks()), dtype=bool)
    ids = table[table["form"].ne("")]
    named = ids.groupby(["family", "form"])["member"].nunique()
    naming = ids[is_dated[ids["row"]]].groupby(["family", "form"])["row"].nunique()
    short = named.index[named > naming.reindex(named.index, fill_value=0)].get_level_values("family")
    return np.unique(np.concatenate([table.loc[absent, "family"].to_numpy(), short.to_numpy(np.int64)]))
