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
    listed = _listed(publications)
    own = pc.index_in(numbers, listed.names).fill_null(UNNAMED).to_numpy().astype(np.int64)
    is_named = own != UNNAMED
    nodes = np.concatenate([listed.codes, own[is_named]])
    links = np.concatenate([listed.rows, np.flatnonzero(is_named)])
    component = components(nodes, links, len(listed.names))
    of_row = np.full(len(numbers), UNNAMED, dtype=np.int64)
    of_row[links] = component[nodes]
    texts = listed.names.to_pandas().astype(object)
    texts = texts.where(listed.forms != "", "named:" + texts)
    table = pd.DataFrame({"component": component, "is_number": listed.forms == "", "name": texts})
    first = table.sort_values(["is_number", "name"]).drop_duplicates("component").sort_values("component")
    return Named(of_row, first["name"].to_numpy(), _remarks(publications, of_row, listed, own))


@dataclass(frozen=True)
class _Listed:
    """Members as publications list them: the row and the code of each; by code its name, and whose id it is, if any."""

    rows: Integers
    codes: Integers
    names: pa.Array
    forms: NDArray[np.object_]


def _listed(publications: pa.Table) -> _Listed:
    column = publications.column("family_members").combine_chunks()
    rows = np.repeat(np.arange(len(column), dtype=np.int64), np.diff(column.offsets.to_numpy()))
    encoded = column.flatten().dictionary_encode()
    names = encoded.dictionary
    own = pc.match_substring_regex(names, OWN_ID)
    forms = pc.if_else(own, pc.replace_substring_regex(names, r":\S+$", ""), "").to_numpy(zero_copy_only=False)
    return _Listed(rows, encoded.indices.to_numpy().astype(np.int64), names, forms)


def _remarks(publications: pa.Table, of_row: Integers, listed: _Listed, own: Integers) -> list[Loss]:
    """Return the publications of families whose records don't all name the same members, each form of ids for itself.

    A publication is a member of its own family, whether it says so or not; *own* is its code among the members.
    """
    forms = pd.factorize(listed.forms)[0][listed.codes]
    table = pd.DataFrame({"row": listed.rows, "form": forms, "member": listed.codes})
    itself = table.loc[listed.forms[listed.codes] == "", ["row", "form"]].drop_duplicates()
    rows = itself["row"].to_numpy()
    itself["member"] = np.where(own[rows] == UNNAMED, len(listed.names) + rows, own[rows])
    table = pd.concat([table, itself]).drop_duplicates()
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
    listed = _listed(publications)
    numbers = publications.column("publication_number").filter(pa.array(is_dated)).combine_chunks()
    is_number = listed.forms == ""
    is_absent = is_number & ~np.asarray(pc.is_in(listed.names, numbers), dtype=bool)
    family = codes[listed.rows]
    table = pd.DataFrame({"family": family, "row": listed.rows, "member": listed.codes})
    ids = table.assign(form=pd.factorize(listed.forms)[0][listed.codes])[~is_number[listed.codes]]
    named = ids.groupby(["family", "form"])["member"].nunique()
    naming = ids[is_dated[ids["row"]]].groupby(["family", "form"])["row"].nunique()
    short = named.index[named > naming.reindex(named.index, fill_value=0)].get_level_values("family")
    return np.unique(np.concatenate([family[is_absent[listed.codes]], short.to_numpy(np.int64)]))
