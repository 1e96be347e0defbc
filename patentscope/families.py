"""Publications to applications to simple and extended families.

A *simple family* holds the applications with the same set of priorities (EPO: DOCDB simple family); a document that
claims none has its own application as its priority, so a first filing and its follow-ups are one family. An
*extended family* links simple families that share a priority, directly or through others (EPO: INPADOC family).
A family that the source states is kept as stated; it is computed where the source gives none.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from patentscope.publication import application_key, office_of_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LISTED_PRIORITIES = 3


@dataclass(frozen=True)
class Families:
    """What `assign` found.

    Attributes:
        units: one row per publication, in the order given: publication_number, application_id, family_id,
            family_source (`source` or `computed`), extended_family_id.
        priorities: one row per publication and priority: `pub` (row number), `key` (the application number in one
            form, null where unknown), `office`, `date`, `is_entry` (false where only a priority *date* is stated).
    """

    units: pd.DataFrame
    priorities: pd.DataFrame


def assign(publications: pa.Table) -> Families:
    """Return every publication's application, simple family and extended family, and its effective priorities."""
    frame = publications.select(
        ["publication_number", "office", "application_number", "filing_date", "priority_date", "family_id"]
    ).to_pandas(date_as_object=False)
    texts = ["publication_number", "office", "application_number", "family_id"]
    frame[texts] = frame[texts].astype(object)
    frame["application"] = _application_ids(frame)
    priorities = _effective_priorities(publications, frame)
    sets = _priority_sets(frame, priorities)
    given = frame["family_id"].where(frame["family_id"].notna(), None)
    family = _simple(frame["application"], given, sets)
    units = pd.DataFrame(
        {
            "publication_number": frame["publication_number"],
            "application_id": frame["application"],
            "family_id": family,
            "family_source": np.where(given.notna(), "source", "computed"),
            "extended_family_id": _extended(family, priorities, frame["application"]),
        }
    )
    return Families(units, priorities)


def _application_ids(frame: pd.DataFrame) -> pd.Series:
    """Return each publication's application in one form; its own publication where no number is stated."""
    keys = pd.Series(
        {number: application_key(number) for number in frame["application_number"].dropna().unique()}, dtype=object
    )
    return frame["application_number"].map(keys).astype(object).fillna("publication:" + frame["publication_number"])


def _effective_priorities(publications: pa.Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the priorities in force: entries as claimed, else a bare date, else the document's own application.

    An entry goes before `priority_date`; an entry without a date takes it. A priority date that equals the filing
    date claims nothing; an earlier one without an entry is a claim whose application, and so office, is unknown.
    """
    listed = publications.column("priorities").combine_chunks()
    lengths = np.diff(listed.offsets.to_numpy())
    entries = pd.DataFrame(
        {
            "pub": np.repeat(np.arange(len(frame)), lengths),
            "number": listed.flatten().field("number").to_pandas().astype(object),
            "date": pd.to_datetime(listed.flatten().field("date").to_pandas()),
        }
    ).dropna(subset=["number"])
    distinct = pd.concat([entries["number"], frame["application_number"].dropna()]).unique()
    keys = {number: application_key(number) for number in distinct}
    offices = pd.Series({number: office_of_number(number) for number in distinct}, dtype=object)
    entries["key"], entries["office"] = entries["number"].map(keys), entries["number"].map(offices)
    entries["date"] = entries["date"].fillna(entries["pub"].map(frame["priority_date"]))
    entries["is_entry"] = True
    rest = frame.loc[~frame.index.isin(entries["pub"])]
    claims_unknown = rest["priority_date"].notna() & (
        rest["filing_date"].isna() | (rest["priority_date"] < rest["filing_date"])
    )
    bare, own = rest[claims_unknown], rest[~claims_unknown]
    parts = [
        entries[["pub", "key", "office", "date", "is_entry"]],
        pd.DataFrame(
            {"pub": bare.index, "key": None, "office": None, "date": bare["priority_date"], "is_entry": False}
        ),
        pd.DataFrame(
            {
                "pub": own.index,
                "key": own["application"],
                "office": own["application_number"].map(offices).astype(object).fillna(own["office"]),
                "date": own["filing_date"],
                "is_entry": True,
            }
        ),
    ]
    found = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return found.sort_values(["pub", "key"], kind="stable", ignore_index=True)


def _priority_sets(frame: pd.DataFrame, priorities: pd.DataFrame) -> pd.Series:
    """Return each publication's set of priority keys as sorted text, the same for all of an application's documents.

    A priority of unknown number makes the set the application's own: nothing else can be said to share it.
    """
    table = priorities.assign(application=priorities["pub"].map(frame["application"]))
    table["key"] = table["key"].fillna("unknown@" + table["application"])
    # A publication that shows none (its own application) adds nothing to what a sister publication claims.
    table["is_own"] = table["key"] == table["application"]
    claimed = table[~table["is_own"]]
    own = table[~table["application"].isin(claimed["application"])]
    pairs = pd.concat([claimed, own])[["application", "key"]].drop_duplicates().sort_values(["application", "key"])
    return frame["application"].map(pairs.groupby("application", sort=False)["key"].agg(tuple))


def _simple(applications: pd.Series, given: pd.Series, sets: pd.Series) -> pd.Series:
    """Return simple family ids: the source's own; else that of the same application, or priority set; else computed."""
    by_application = given.groupby(applications).first()
    by_set = given[given.notna()].groupby(sets[given.notna()]).first()
    names = {keys: _family_name(keys) for keys in sets.unique()}
    taken = set(given.dropna())
    computed = sets.map(names).map(lambda name: f"{name}*" if name in taken else name)
    found = given.astype(object)
    for other in (applications.map(by_application), sets.map(by_set), computed):
        found = found.where(found.notna(), other.astype(object))
    return found


def _family_name(keys: Sequence[str]) -> str:
    if len(keys) <= _LISTED_PRIORITIES:
        return "+".join(keys)
    return f"{keys[0]}+{len(keys) - 1} ({hashlib.sha256('+'.join(keys).encode()).hexdigest()[:10]})"


def _extended(family: pd.Series, priorities: pd.DataFrame, applications: pd.Series) -> pd.Series:
    """Return extended family ids: the first of the simple families that are linked through priorities.

    An application that somebody claims as a priority is itself linked, whether or not it claims one.
    """
    keys = priorities["key"].fillna("unknown@" + priorities["pub"].map(applications))
    nodes = pd.concat([family, priorities["pub"].map(family)], ignore_index=True)
    return family.map(_components(nodes, pd.concat([applications, keys], ignore_index=True)))


def _components(left: Iterable[str], right: Iterable[str]) -> dict[str, str]:
    """Return for every name on the left the alphabetically first left name that it is linked with through the right."""
    left_codes, names = pd.factorize(np.asarray(left, dtype=object), sort=True)
    right_codes, keys = pd.factorize(np.asarray(right, dtype=object))
    size = len(names) + len(keys)
    edges = coo_matrix(
        (np.ones(len(left_codes), dtype=np.int8), (left_codes, right_codes + len(names))), shape=(size, size)
    )
    component = connected_components(edges, directed=False)[1][: len(names)]
    first = pd.Series(names).groupby(component).transform("first")
    return dict(zip(names, first, strict=True))
