"""Publications as counting needs them: dates, kinds, families and parties, with numbers in place of names.

Everything that takes a rule of the trade to read (kind codes, numbers, parties) is read here, once. What is left are
narrow tables of whole numbers and dates, which any engine counts alike.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.aggregate.holdings.party_sets import PartySets
from patentscope.records.families import ONE_NUMBER
from patentscope.records.kinds import kind_of, turns
from patentscope.records.offices import office_codes

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from patentscope.records.families import Families

#: What a document is, as a number. One of unknown kind counts as an invention, and is in the ledger.
UNKNOWN_KIND, INVENTION, UTILITY_MODEL, OTHER_KIND = range(4)
_OTHER = ("design", "plant", "other")
_KINDS = {"unknown": UNKNOWN_KIND, "utility_model": UTILITY_MODEL} | dict.fromkeys(_OTHER, OTHER_KIND)
#: What is read of publications.parquet.
COLUMNS = ("office", "kind", "publication_date", "filing_date", "applicants", "inventors")


_MEMBERS = pa.schema([("family", pa.int32()), ("office", pa.string())])


@dataclass(frozen=True)
class Documents:
    """What counting reads of publications; each table is in memory, or a parquet file.

    Attributes:
        documents: one row per publication, in the order of the publications: pub (row number), office, application,
            family, extended (numbers of the names in alphabetical order), own_key (number of its application's
            normalised number), published, filed, claimed (its earliest priority in force, where that is dated), place
            (of its publication among all, in time, then by number; null for an undated one), document (see above),
            is_grant, kind_sources (`kinds.Kind.sources`), applicants, inventors (numbers of party sets), tells_family
            (whether its family is stated, or a number to compute one from), tells_application (whether its application
            is).
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
    codes, names = pd.factorize(units["family_id"], sort=True)
    family: NDArray[np.int32] = codes.astype(np.int32)
    members = families.members.assign(family=np.searchsorted(np.asarray(names), families.members["family_id"]))
    columns = {
        "pub": np.arange(len(units), dtype=np.int32),
        "office": publications.column("office"),
        "application": _numbers(units["application_id"]),
        "family": family,
        "extended": _numbers(units["extended_family_id"]),
        "own_key": key[count:].astype(np.int32),
        "published": _dates(published),
        "filed": _dates(filed),
        "claimed": _dates(first),
        "place": pa.array(_places(published), mask=published.isna().to_numpy()),
        "document": kinds["document"].map(_KINDS).fillna(INVENTION).to_numpy(np.int8),
        "is_grant": kinds["stage"].eq("grant").to_numpy(),
        "kind_sources": kinds["sources"].to_numpy(np.int8),
        **_told(publications, units["family_source"]),
    }
    for role in ("applicants", "inventors"):
        columns[role] = sets.of_lists(publications.column(role).combine_chunks())
    claims = _claims(families.priorities.assign(key=key[:count]), family, published)
    named = pa.Table.from_pandas(members[_MEMBERS.names], schema=_MEMBERS, preserve_index=False)
    return Documents(pa.table(columns), claims, sets, named)


def _told(publications: pa.Table, family_source: pd.Series) -> dict[str, pa.Array]:
    """Return which records say what their application is, and their family; a kind of number may say the first."""
    has_number = pc.is_valid(publications.column("application_number").combine_chunks())
    listed = publications.column("priorities").combine_chunks()
    claims = pc.is_in(pa.array(range(len(listed))), pc.list_parent_indices(listed).filter(_is_numbered(listed)))
    is_stated = pa.array(family_source.ne("computed").to_numpy(bool))
    is_one = pc.match_substring_regex(publications.column("publication_number").combine_chunks(), ONE_NUMBER)
    return {
        "tells_family": pc.or_(pc.or_(is_stated, claims), has_number),
        "tells_application": pc.or_(has_number, is_one),
    }


def _is_numbered(listed: pa.ListArray) -> pa.Array:
    return pc.is_valid(listed.flatten().field("number"))


def _numbers(names: pd.Series) -> NDArray[np.int32]:
    codes, _ = pd.factorize(names, sort=True)
    return codes.astype(np.int32)


def _dates(days: pd.Series) -> pa.Array:
    return pa.Array.from_pandas(days).cast(pa.date32())


def _places(published: pd.Series) -> NDArray[np.int32]:
    """Return each publication's place among all in time; those of one day in the order of their rows."""
    places = np.empty(len(published), np.int32)
    places[np.argsort(published.to_numpy(), kind="stable")] = np.arange(len(published))
    return places


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
    """Return each publication's document, stage and sources by `data/kinds.csv`, as `kinds.Kind` has them.

    *frame* has office, kind and publication_date. Offices use few codes, so each pair is looked up once, and where the
    rule depends on the date, once for each span of days in which it says the same.
    """
    classed = np.empty((len(frame), 3), dtype=object)
    dates = frame["publication_date"].to_numpy("datetime64[D]")
    for rows in frame.groupby(["office", "kind"], dropna=False, sort=False).indices.values():
        office, kind = (code if isinstance(code, str) else None for code in frame[["office", "kind"]].iloc[rows[0]])
        here = dates[rows]
        spans = np.searchsorted(np.array(turns(office, kind), "datetime64[D]"), here, side="right")
        spans[np.isnat(here)] = -1
        for span in np.unique(spans):
            of_span = rows[spans == span]
            date = dates[of_span[0]]
            classed[of_span] = astuple(kind_of(office, kind, None if np.isnat(date) else date.item()))
    return pd.DataFrame(classed, columns=["document", "stage", "sources"])
