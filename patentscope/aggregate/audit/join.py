"""Labels joined to the families of a run: whom a draw is made from, and what of a draw the data still hold.

Labels are of simple families, and are drawn by priority country. Where the records name it for too few, as exports
without priorities do, the whole draw is by the office of each family's first publication instead.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from patentscope.aggregate.audit.correct import LABELLED, Audit, Cover
from patentscope.aggregate.audit.estimator import Design
from patentscope.aggregate.audit.reader import BORDERLINE, BY_OFFICE, IN, LABELS, SKIPPED, UNREAD
from patentscope.aggregate.holdings.party_sets import PartySets
from patentscope.aggregate.holdings.tables import Vintage
from patentscope.engines.engine import Engine
from patentscope.records.offices import UNKNOWN

#: The group of the countries that a draw does not name.
OTHER = "other"
# A draw is by priority country where at least this part of the families on topic has one that is known.
_MOST_UNKNOWN = 0.5


def frame_of(
    engine: Engine, vintage: Vintage, sets: PartySets, names: pd.Series, spans: Sequence[tuple[int, int]]
) -> pd.DataFrame:
    """Return the simple families of a vintage, ordered by family_id; *names* are their ids by their numbers.

    Returns:
        family (its number); family_id; country (of the earliest priority, the first by code where ties give several;
        `unknown` for none); first_office (of its earliest publication, likewise); in_0, in_1, ...: whether the family
        has any date, of priority, filing or publication, in each of *spans*. Whatever date a unit counts by, a family
        outside a span adds nothing to its years.
    """
    test = " or ".join(
        f"coalesce(year({day}) between {{0}} and {{1}}, false)" for day in ("claimed", "filed", "published")
    )
    flags = "".join(
        f", max(case when {test.format(*span)} then 1 else 0 end) as in_{place}" for place, span in enumerate(spans)
    )
    frame = engine.frame(f"""
select d.*, h.priority_set, o.office as first_office
from (select family, min(place) as place{flags} from {vintage.documents} group by family) d
join {vintage.documents} o on o.place = d.place
join {vintage.holdings} h on h.family = d.family order by d.family""")
    sets_here = frame.pop("priority_set")
    frame = frame.drop(columns="place").fillna({"first_office": UNKNOWN})
    country = {number: sets.parties(number)[1] or UNKNOWN for number in sets_here.unique().tolist()}
    frame = frame.astype({f"in_{place}": bool for place in range(len(spans))})
    return frame.assign(family_id=names.to_numpy()[frame["family"]], country=sets_here.map(country))


def by_first_office(families: pd.DataFrame, on_topic: pd.Series) -> bool:
    """Say whether a draw is to be by first office: fewer than half of the families on topic have a priority country."""
    asked = families.loc[on_topic, "country"] if on_topic.any() else families["country"]
    return bool(asked.ne(UNKNOWN).mean() < _MOST_UNKNOWN)


def stratified(families: pd.DataFrame, *, by_office: bool) -> pd.DataFrame:
    """Return families (`frame_of`) whose `country` is the one that a draw goes by."""
    return families.assign(country=families["first_office"]) if by_office else families


def spans_of(labels: pd.DataFrame, spans: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the span of years that *labels* were drawn for, and *spans*, each once, in this order behind it."""
    first, last = (int(year) for year in str(labels["years"].iloc[0]).split(".."))
    return [(first, last), *dict.fromkeys(spans)]


def join(
    engine: Engine,
    names: pd.Series,
    families: pd.DataFrame,
    labels: pd.DataFrame,
    bit: int,
    spans: Sequence[tuple[int, int]],
) -> Audit:
    """Join the labels of an audit to the engine's families, once, and return them as arrays.

    Args:
        engine: takes up `correct.LABELLED`.
        names: the simple families' ids, by their numbers.
        families: from `frame_of`, with *spans*.
        labels: as `labels.stored` gives them, those of an audit only, at least one.
        bit: the place of the reading that the labels put right.
        spans: from `spans_of`: the years of the draw, and those that claims will be counted for.
    """
    families = stratified(families, by_office=bool(labels["stratum"].str.endswith(BY_OFFICE).any()))
    country = families["country"]
    families = families.assign(group=country.where(country.isin(set(labels["group"])), OTHER))
    groups = sorted({*families["group"], *labels["group"]})
    design, group = _design(labels, families)
    read = labels[labels["label"].ne(UNREAD)]
    topic = _mark(engine, names, families, groups, read["family_id"])
    is_known = labels["family_id"].isin(families["family_id"])
    return Audit(
        design=design,
        low=np.asarray(read["label"].eq(IN), np.float64),
        high=np.asarray(read["label"].isin([IN, BORDERLINE, SKIPPED]), np.float64),
        is_in=((read["family_id"].map(topic).fillna(0).to_numpy(np.int64) >> bit) & 1).astype(bool),
        group=np.array([groups.index(name) for name in group], np.int64),
        groups=len(groups),
        covers=_covers(families, spans, read.loc[read["label"].isin(LABELS), "family_id"]),
        notes={
            "families drawn": len(labels),
            "families read": int(read["label"].ne(SKIPPED).sum()),
            "drawn families that are not in these data": int((~is_known).sum()),
            "families that came after the draw": int(design.families[labels["stratum"].nunique() :].sum()),
        },
    )


def _design(labels: pd.DataFrame, families: pd.DataFrame) -> tuple[Design, list[str]]:
    """Return the draw as it came back, and each stratum's group.

    Families that came after the draw had no chance of being drawn: those of a group are one more stratum, of which
    nobody read any. Drawn families that the data no longer hold add nothing, and stand for others that left.
    """
    strata = labels.groupby("stratum", sort=True)[["group", "stratum_families", "stratum_drawn"]].first()
    read = labels.loc[labels["label"].ne(UNREAD), "stratum"]
    count = read.value_counts().reindex(strata.index, fill_value=0)
    is_gone = ~labels["family_id"].isin(families["family_id"])
    gone = (labels["stratum_families"] / labels["stratum_drawn"])[is_gone].groupby(labels["group"][is_gone]).sum()
    then = strata.groupby("group")["stratum_families"].sum()
    now = families.loc[families["in_0"], "group"].value_counts()
    new = now.sub(then, fill_value=0).add(gone.round(), fill_value=0).astype(int)
    new = new[new > 0].sort_index()
    design = Design(
        stratum=np.asarray(strata.index.get_indexer(pd.Index(read)), np.int64),
        families=np.concatenate([strata["stratum_families"].to_numpy(np.int64), new.to_numpy(np.int64)]),
        read=np.concatenate([count.to_numpy(np.int64), np.zeros(len(new), np.int64)]),
    )
    return design, [*strata["group"], *new.index]


def _mark(
    engine: Engine, names: pd.Series, families: pd.DataFrame, groups: Sequence[str], labelled: pd.Series
) -> pd.Series:
    """Store `correct.LABELLED`, every family's topic with its group and its place among the labelled; return the topic.

    Only families with a date in the years of the draw have a group: no label speaks of the others.
    """
    table = engine.frame("select family, topic from topic order by family")
    inside = families[families["in_0"]]
    group = pd.Series([groups.index(name) + 1 for name in inside["group"]], inside["family_id"], "int64")
    label = pd.Series(np.arange(1, len(labelled) + 1), labelled.to_numpy())
    marks = {"country_group": group, "label": label}
    engine.put(
        LABELLED.table,
        table.assign(**{mark: names.map(places).fillna(0).astype("int64") for mark, places in marks.items()}),
    )
    return pd.Series(table["topic"].to_numpy(np.int64), index=names.to_numpy())


def _covers(families: pd.DataFrame, spans: Sequence[tuple[int, int]], read: pd.Series) -> dict[tuple[int, int], Cover]:
    """Return by span what was labelled, by the country that the draw went by."""
    is_read = families["family_id"].isin(read)
    covers = {}
    for place, span in enumerate(spans):
        inside = families[f"in_{place}"]
        counts = [families.loc[mask, "country"].value_counts().to_dict() for mask in (inside & is_read, inside)]
        covers[span] = Cover(spans[0], *counts)
    return covers
