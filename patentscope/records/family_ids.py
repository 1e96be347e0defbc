"""The names of simple and extended families: as a source states them, else after the priorities that make them."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from patentscope.records.components import Integers, components
from patentscope.records.named_families import UNNAMED, Named

#: Between the numbers of a priority set written as text; in no application number.
SEPARATOR = "\x1f"
_LISTED_PRIORITIES = 3


def simple_ids(applications: Integers, given: pd.Series, sets: pd.Series) -> pd.Series:
    """Return simple family ids: the source's own; else that of the same application, or priority set; else computed."""
    set_codes, distinct = pd.factorize(sets)
    given = _across_sources(given, applications, set_codes)
    taken = set(given.dropna())
    names = _family_names(pa.array(distinct, pa.string()))
    if not taken:
        return pd.Series(names[set_codes], dtype=object)
    names = np.array([f"{name}*" if name in taken else name for name in names], dtype=object)
    computed = pd.Series(names[set_codes], dtype=object)
    stated = given[given.notna()]
    by_application = stated.groupby(applications[stated.index]).first()
    by_set = stated.groupby(set_codes[stated.index]).first()
    ids = given.astype(object)
    for other in (pd.Series(applications).map(by_application), pd.Series(set_codes).map(by_set), computed):
        ids = ids.where(ids.notna(), other.astype(object))
    return ids


def with_named(given: pd.Series, named: Named) -> pd.Series:
    """Return stated ids; where none is, that of the members that a source names, if it is one; else their own name.

    What states an id keeps it: where named members have several, DOCDB says otherwise than the source that names them.
    """
    family = pd.Series(named.of_row, index=given.index).where(named.of_row != UNNAMED)
    stated = given.groupby(family).agg(["nunique", "first"])
    names = pd.Series(named.names, dtype=object)
    names.update(stated.loc[stated["nunique"] == 1, "first"])
    return given.where(given.notna(), family.map(names).astype(object))


def _across_sources(given: pd.Series, applications: Integers, sets: Integers) -> pd.Series:
    """Return stated ids, those of different sources made one where they are of one application or priority set.

    Each source's ids have a form of their own (`lens:...`, `named:...`, DOCDB's numbers). What a source itself tells
    apart stays apart: ids are made one only where that takes in at most one of each source. DOCDB's number stands for
    them.
    """
    stated = given[given.notna()].astype(str)
    forms = stated.str.extract(r"^([a-z]+):", expand=False).fillna("")
    if forms.eq(forms.iloc[:1].squeeze()).all():
        return given
    codes, names = pd.factorize(stated, sort=True)
    rows = stated.index.to_numpy()
    links = np.concatenate([applications[rows], sets[rows] + applications.max() + 1])
    component = components(np.concatenate([codes, codes]), links, len(names))
    table = pd.DataFrame({"name": names, "component": component})
    table["form"] = table["name"].str.extract(r"^([a-z]+):", expand=False).fillna("")
    is_one = ~table.duplicated(["component", "form"], keep=False).groupby(table["component"]).transform("any")
    # DOCDB's own numbers have no form before them, so they come first.
    first = table.sort_values(["form", "name"]).groupby("component")["name"].transform("first")
    table["stands"] = table["name"].where(~is_one, first)
    unified = given.copy()
    unified.iloc[rows] = table["stands"].to_numpy()[codes]
    return unified


def _family_names(sets: pa.Array) -> NDArray[np.object_]:
    """Return the names of priority sets: all their numbers; of many the first, how many more, and a hash of all."""
    names: NDArray[np.object_] = pc.replace_substring(sets, SEPARATOR, "+").to_numpy(zero_copy_only=False)
    is_long = pc.greater_equal(pc.count_substring(sets, SEPARATOR), _LISTED_PRIORITIES)
    for place in np.flatnonzero(is_long.to_numpy(zero_copy_only=False)):
        first, *more = sets[int(place)].as_py().split(SEPARATOR)
        names[place] = f"{first}+{len(more)} ({hashlib.sha256(names[place].encode()).hexdigest()[:10]})"
    return names


def extended_ids(family: Integers, count: int, applications: Integers, pub: Integers, claimed: Integers) -> Integers:
    """Return extended families, each as the first of the simple ones that are linked through priorities.

    An application that somebody claims as a priority is itself linked, whether or not it claims one. *family*, one of
    *count* in the order of their names, and *applications* are each publication's own; *claimed* is the application of
    each priority in force, of *pub*.
    """
    nodes = np.concatenate([family, family[pub]])
    linked = np.concatenate([applications, claimed])
    component = components(nodes, linked, count)
    _, first, inverse = np.unique(component, return_index=True, return_inverse=True)
    return np.asarray(first[inverse][family], np.int64)
