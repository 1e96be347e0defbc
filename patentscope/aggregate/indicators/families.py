"""The families that indicators are of, one row each: those of the first topic definition at the data's own date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from patentscope.aggregate.holdings.documents import INVENTION, OTHER_KIND, UNKNOWN_KIND, UTILITY_MODEL
from patentscope.aggregate.landscape import Landscape
from patentscope.query.claim import ALL_OTHERS
from patentscope.records.offices import UNKNOWN

#: The five largest offices, in which the OECD looks for one at least of a family's two.
IP5 = ("CN", "EP", "JP", "KR", "US")
#: Steps of `attribute.HOW_KNOWN` that name an owner's country, not one that stands in for it.
_OWNERS_STATED = (1, 2, 3)
_TRIADIC = 4


@dataclass(frozen=True)
class Families:
    """What is known of each family.

    Attributes:
        facts: family (its number), first (the day of its first publication), offices (how many), is_abroad (two or
            more), is_ip5, is_triadic, is_granted, is_model (utility models and nothing else), is_joint (owners in two
            countries or more); knows_offices, knows_kinds, knows_owners: whether that is known.
        visible: pub (row of publications.parquet) and family of every visible publication, and place (row of *facts*,
            -1 for families that are not there).
        parties: by family which of the *named* countries, and how many at all, are those of its priority.
    """

    facts: pd.DataFrame
    visible: pd.DataFrame
    parties: pd.DataFrame
    named: tuple[str, ...]

    @property
    def publications(self) -> pd.DataFrame:
        """The visible publications of these families."""
        return self.visible[self.visible["place"].ge(0)]

    @property
    def countries(self) -> pd.Series:
        """How many families each named country has, the most first; those of several count with each."""
        held = self.parties[[f"c{place}" for place in range(len(self.named))]].gt(0).sum()
        return held.set_axis(self.named).sort_index().sort_values(ascending=False, kind="stable")

    def on_side(self, side: Sequence[str], left: Sequence[str] = ()) -> NDArray[np.bool_]:
        """Return which families are of a *side*, a union of countries; of `*` those of any that is not on the left."""
        others = tuple(side) == (ALL_OTHERS,)
        columns = [f"c{self.named.index(code)}" for code in (left if others else side) if code in self.named]
        here = self.parties[columns].sum(axis=1)
        return np.asarray((self.parties["known"] - here if others else here).gt(0))


def on_topic(land: Landscape) -> int:
    """Return how many families are of the first topic definition, whatever is counted of them."""
    count = land.engine.frame(f"select count(*) as n from topic where topic & {_bit(land)} <> 0")
    return int(count["n"].iloc[0])


def _bit(land: Landscape) -> int:
    return 1 << land.bits[land.query.readings[0].name]


def families(land: Landscape) -> Families:
    """Return the families of the first topic definition that are counted under some level of documents."""
    vintage, bit = land.hold(land.today), _bit(land)
    facts = land.engine.frame(_FACTS.format(visible=vintage.documents, holdings=vintage.holdings, bit=bit, ip5=IP5))
    flags = [name for name in facts.columns if name.startswith(("is_", "knows_"))]
    sets = land.sets.table().to_pandas()
    countries = sets[sets["country"].ne(UNKNOWN)].groupby("party_set")["country"].nunique()
    n = facts["applicant_set"].map(countries).fillna(0)
    facts = facts.assign(
        **{name: facts[name].eq(1) for name in flags},
        is_abroad=facts["offices"].ge(2),
        is_triadic=facts["international"].mod(2 * _TRIADIC).ge(_TRIADIC),
        is_joint=n.ge(2),
        knows_owners=facts["applicant_step"].isin(_OWNERS_STATED),
    )
    facts["is_ip5"] &= facts["is_abroad"]
    visible = land.engine.frame(f"select pub, family from {vintage.documents} order by pub")
    visible["place"] = pd.Index(facts["family"]).get_indexer(pd.Index(visible["family"]))
    named = tuple(sorted({*sets.loc[sets["party_set"].isin(facts["priority_set"]), "country"]} - {UNKNOWN}))
    parties = land.sets.weights(named).take(facts["priority_set"].to_numpy()).reset_index(drop=True)
    drop = ["priority_set", "applicant_set", "applicant_step", "international"]
    return Families(facts.drop(columns=drop), visible, parties, named)


# A family's offices are those of all its publications and of members without a record; what kinds those are, and when
# they were published, nobody says.
_FACTS = f"""
select t.family, d.first, o.offices, o.is_ip5, o.knows_offices, d.is_granted, d.is_model,
  case when n.family is null then d.knows_kinds else 0 end as knows_kinds,
  h.priority_set, h.applicant_set, h.applicant_step, h.international
from (select family from topic where topic & {{bit}} <> 0) t
join {{holdings}} h on h.family = t.family
join (
  select family, min(case when document <> {OTHER_KIND} then published end) as first,
    max(case when is_grant and document in ({UNKNOWN_KIND}, {INVENTION}) then 1 else 0 end) as is_granted,
    min(case when document = {UTILITY_MODEL} then 1 else 0 end) as is_model,
    min(case when document = {UNKNOWN_KIND} then 0 else 1 end) as knows_kinds
  from {{visible}} group by family
) d on d.family = t.family and d.first is not null
join (
  select family, count(distinct office) as offices, max(case when office in {{ip5}} then 1 else 0 end) as is_ip5,
    min(case when office is null then 0 else 1 end) as knows_offices
  from (
    select family, office from {{visible}}
    union all select family, office from named_member where office is not null
  ) m group by family
) o on o.family = t.family
left join (select distinct family from named_member) n on n.family = t.family
order by t.family
"""
