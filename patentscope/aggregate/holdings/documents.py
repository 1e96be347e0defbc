"""Publications as counting needs them: dates, kinds, families and parties, with numbers in place of names.

Everything that takes a rule of the trade to read (kind codes, numbers, parties) is read here, once. What is left are
narrow tables of whole numbers and dates, which any engine counts alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from patentscope.aggregate.holdings.party_sets import PartySets
from patentscope.records.kinds import depends_on_date, kind_of
from patentscope.records.offices import office_codes

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from patentscope.records.families import Families

#: What a document is, as a number. One of unknown kind counts as an invention, and is in the ledger.
UNKNOWN_KIND, INVENTION, UTILITY_MODEL, OTHER_KIND = range(4)
_OTHER = ("design", "plant", "other")
_KINDS = {"unknown": UNKNOWN_KIND, "utility_model": UTILITY_MODEL} | dict.fromkeys(_OTHER, OTHER_KIND)
#: A document's place in time holds its day (since 1970) above these many values of its row: earlier, then lower rows.
ROWS = 1 << 31
#: What is read of publications.parquet.
COLUMNS = ("office", "kind", "publication_date", "filing_date", "applicants", "inventors")


_MEMBERS = pa.schema([("family", pa.int32()), ("office", pa.string())])


@dataclass(frozen=True)
class Documents:
    """What counting reads of publications; each table is in memory, or a parquet file.

    Attributes:
        documents: one row per publication, in the order of the publications: pub (row number), office, application,
            family, extended (numbers of the names in alphabetical order), own_key (number of its application's
            normalised number), published, filed, claimed (earliest priority in force, else filed), place (of its
            publication among all, in time; null for an undated one), document (see above), is_grant, applicants,
            inventors (numbers of party sets).
        claims: one row per simple family and priority: family, key (-1 where unknown), office (null where unknown),
            date, is_entry, rank (the lower, the earlier; an entry before a bare date), since (first publication that
            claims it).
        sets: the party sets.
        members: members of families that a source names and no dated record is of: family, office (null where they are
            at offices of the family's records).
    """

    documents: pa.Table | Path
    claims: pa.Table | Path
    sets: PartySets
    members: pa.Table | Path = field(default_factory=_MEMBERS.empty_table)


def prepare(publications: pa.Table, families: Families) -> Documents:
    """Return *publications* (sorted by number, with `store.SCHEMA`) with their *families*, ready to be counted."""
    sets = PartySets()
    units = families.units
    kinds = document_kinds(publications.select(["office", "kind", "publication_date"]).to_pandas(date_as_object=False))
    dates = publications.select(["publication_date", "filing_date"]).to_pandas(date_as_object=False)
    published, filed = (dates[name].astype("datetime64[us]") for name in dates)
    first = families.priorities.groupby("pub")["date"].min().reindex(range(len(units)))
    key, _ = pd.factorize(pd.concat([families.priorities["key"], units["application_id"]]), sort=True)
    count = len(families.priorities)
    rows = np.arange(len(units), dtype=np.int32)
    codes, names = pd.factorize(units["family_id"], sort=True)
    family: NDArray[np.int32] = codes.astype(np.int32)
    members = families.members.assign(family=np.searchsorted(names, families.members["family_id"]))
    columns = {
        "pub": rows,
        "office": publications.column("office"),
        "application": _numbers(units["application_id"]),
        "family": family,
        "extended": _numbers(units["extended_family_id"]),
        "own_key": key[count:].astype(np.int32),
        "published": _dates(published),
        "filed": _dates(filed),
        "claimed": _dates(first.fillna(filed)),
        "place": pa.array(_days(published) * ROWS + rows, mask=published.isna().to_numpy()),
        "document": kinds["document"].map(_KINDS).fillna(INVENTION).to_numpy(np.int8),
        "is_grant": kinds["stage"].eq("grant").to_numpy(),
    }
    for role in ("applicants", "inventors"):
        columns[role] = sets.of_lists(publications.column(role).combine_chunks())
    claims = _claims(families.priorities.assign(key=key[:count]), family, published)
    named = pa.Table.from_pandas(members[_MEMBERS.names], schema=_MEMBERS, preserve_index=False)
    return Documents(pa.table(columns), claims, sets, named)


def _numbers(names: pd.Series) -> NDArray[np.int32]:
    codes, _ = pd.factorize(names, sort=True)
    return codes.astype(np.int32)


def _dates(days: pd.Series) -> pa.Array:
    return pa.Array.from_pandas(days).cast(pa.date32())


def _days(dates: pd.Series) -> NDArray[np.int64]:
    """Return days since 1970, as far in the future as can be where there is no date."""
    days = (dates - pd.Timestamp("1970-01-01")).dt.days
    return np.asarray(days.fillna(10_000_000), np.int64)


def _claims(priorities: pd.DataFrame, family: NDArray[np.int32], published: pd.Series) -> pa.Table:
    """Return priorities by simple family (`Documents.claims`); what only undated publications claim is never seen."""
    pub = priorities["pub"].to_numpy()
    listed = priorities["office"].isin(office_codes())
    table = priorities.drop(columns="pub").assign(
        family=family[pub],
        office=priorities["office"].where(listed, ""),
        rank=_days(priorities["date"]) * 2 + ~priorities["is_entry"].astype(bool),
        since=published.to_numpy()[pub],
    )
    keys = ["family", "key", "office", "rank", "is_entry"]
    claims = table.dropna(subset=["since"]).groupby(keys, sort=True)[["date", "since"]].min().reset_index()
    return pa.table(
        {
            "family": claims["family"].to_numpy(np.int32),
            "key": claims["key"].to_numpy(np.int32),
            "office": pa.array(claims["office"].where(claims["office"].ne(""), None), pa.string()),
            "date": _dates(claims["date"]),
            "is_entry": claims["is_entry"].to_numpy(bool),
            "rank": claims["rank"].to_numpy(np.int64),
            "since": _dates(claims["since"]),
        }
    )


def levels(kinds: pd.DataFrame) -> dict[str, pd.Series]:
    """Return by level of documents which publications give a unit; one of unknown kind counts as an invention."""
    is_other = kinds["document"].isin(_OTHER)
    is_model = kinds["document"].eq("utility_model")
    return {
        "inventions": ~is_other & ~is_model,
        "inventions+utility_models": ~is_other,
        "grants": ~is_other & ~is_model & kinds["stage"].eq("grant"),
    }


def document_kinds(frame: pd.DataFrame) -> pd.DataFrame:
    """Return each publication's document (`invention`, ...) and stage (`grant`, ...) by `data/kinds.csv`.

    *frame* has office, kind and publication_date. Offices use few codes, so each pair is looked up once, and each date
    only where the rule depends on it.
    """
    classed = np.empty((len(frame), 2), dtype=object)
    for rows in frame.groupby(["office", "kind"], dropna=False, sort=False).indices.values():
        office, kind = (code if isinstance(code, str) else None for code in frame[["office", "kind"]].iloc[rows[0]])
        if depends_on_date(office, kind):
            codes, dates = pd.factorize(frame["publication_date"].iloc[rows], use_na_sentinel=False)
            kinds = [kind_of(office, kind, None if pd.isna(date) else date.date()) for date in dates]
            classed[rows] = np.array([[one.document, one.stage] for one in kinds], dtype=object)[codes]
        else:
            one = kind_of(office, kind, None)
            classed[rows] = (one.document, one.stage)
    return pd.DataFrame(classed, columns=["document", "stage"])
