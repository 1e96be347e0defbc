"""The search log: what each class symbol and each phrase of the query finds, and what it alone finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from patentscope.classify.class_symbols import NO_Y02, is_y02
from patentscope.classify.features import Found
from patentscope.classify.readings import in_topic
from patentscope.query.query import Query, Reading

COLUMNS = ("kind", "name", "symbol_or_term", "families", "only_here", "reading")


def search_log(
    query: Query, symbols: pd.DataFrame, found: Found, hits: pd.DataFrame, decided: pd.DataFrame
) -> pd.DataFrame:
    """Return `COLUMNS`: a row per reading, group that it asks, and symbol or phrase of the group.

    `families` are those on topic by the reading that the symbol (with all that stands under it) or the phrase meets;
    `only_here` those among them that would not be on topic without it. What the classifier says is left as it is: no
    model is trained again. Where a reading ignores Y02 symbols, they find nothing.

    Args:
        query: its readings and classes.
        symbols: from `ClassSymbols.met`, here and below one row per family.
        found: the phrases that each family uses.
        hits: from `class_symbols.class_hits`.
        decided: the table of a `Decision`.
    """
    rows: list[tuple[Any, ...]] = []
    for reading in query.readings:
        on = np.flatnonzero(in_topic([reading], hits, decided)[reading.name].fillna(value=False))
        for member in dict.fromkeys(reading.members):
            asks, _, group = member.partition(".")
            if asks == "classes":
                kind, (names, met) = "class", _classes(query.classes[group], symbols, reading, on)
            elif asks == "terms":
                kind, (names, met) = "term", _phrases(found, group, on)
            else:
                continue
            alone = (met.sum(axis=1) == 1) & _needs(reading, member, hits.iloc[on], decided.iloc[on])
            counts = zip(names, met.sum(axis=0).tolist(), met[alone].sum(axis=0).tolist(), strict=True)
            rows += [(kind, group, name, n, n_alone, reading.name) for name, n, n_alone in counts]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _classes(
    listed: Sequence[str], symbols: pd.DataFrame, reading: Reading, on: npt.NDArray[np.intp]
) -> tuple[list[str], npt.NDArray[np.bool_]]:
    """Return a group's symbols, and which of them each of the families *on* topic meets."""
    names = list(dict.fromkeys(listed))
    met = symbols[names].to_numpy(bool)[on]
    return names, met & [not (reading.without_y02 and is_y02(name)) for name in names]


def _phrases(found: Found, group: str, on: npt.NDArray[np.intp]) -> tuple[list[str], npt.NDArray[np.bool_]]:
    """Return a group's phrases in all languages, and which of them each of the families *on* topic uses."""
    places = [place for place, (name, _) in enumerate(found.phrases) if name == group]
    return [found.phrases[place][1] for place in places], found.hits[:, places][on].toarray()


def _needs(reading: Reading, member: str, hits: pd.DataFrame, decided: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which families, all on topic by *reading*, would not be if they did not meet its *member*."""
    asks, _, group = member.partition(".")
    if asks == "classes":
        hits = hits.assign(**{group: False, f"{group}{NO_Y02}": False})
    else:
        decided = decided.assign(**{f"terms_{group}": False})
    without: npt.NDArray[np.bool_] = in_topic([reading], hits, decided)[reading.name].fillna(value=False).to_numpy(bool)
    return ~without
