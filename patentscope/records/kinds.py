"""Kind codes (WIPO ST.16): what a document is (invention, utility model, design ...) and its stage.

The same code means different things at different offices and times: a US `A` before 2001 is a granted patent. The
rules are rows of `data/kinds.csv`, each with its reference; the most specific row wins (the office before `*`, the
whole code before a prefix). A separate search report is `other`: no document of its own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from patentscope.records.reference import reference_rows


@dataclass(frozen=True)
class Kind:
    """What a kind code says, and how sure that is.

    Attributes:
        document: invention, utility_model, design, plant, other or unknown.
        stage: application, grant, other or unknown.
        sources: how many public sources say so: none, one, or 2 for two and more, or an office's own page.
    """

    document: str
    stage: str
    sources: int


UNKNOWN_KIND = Kind("unknown", "unknown", 0)


@dataclass(frozen=True)
class _Rule:
    office: str
    kind: str
    first: dt.date
    last: dt.date
    says: Kind

    def rank(self, kind: str, date: dt.date | None) -> int:
        """Return how specific the rule is for this document of its office; 0 where it does not apply."""
        if self.is_bounded and (date is None or not self.first <= date <= self.last):
            return 0
        fit = self.fit(kind)
        return fit and 100 * (self.office != "*") + 2 * fit + self.is_bounded

    @property
    def is_bounded(self) -> bool:
        """Whether the rule holds for some dates only."""
        return self.first > dt.date.min or self.last < dt.date.max

    def fit(self, kind: str) -> int:
        """Return how much of the code the rule names; 0 where it names another."""
        if self.kind.endswith("*"):
            prefix = self.kind[:-1]
            return len(prefix) if kind.startswith(prefix) else 0
        return 50 if kind == self.kind else 0


@lru_cache(maxsize=1)
def _rules() -> dict[str, list[_Rule]]:
    rules: dict[str, list[_Rule]] = {}
    for row in reference_rows("kinds"):
        first = dt.date.fromisoformat(row["from"]) if row["from"] else dt.date.min
        last = dt.date.fromisoformat(row["to"]) if row["to"] else dt.date.max
        rule = _Rule(row["office"], row["kind"], first, last, Kind(row["document"], row["stage"], int(row["sources"])))
        rules.setdefault(row["office"], []).append(rule)
    return rules


def _candidates(office: str) -> list[_Rule]:
    rules = _rules()
    return [*rules.get(office, []), *rules.get("*", [])]


def turns(office: str | None, kind: str | None) -> list[dt.date]:
    """Return the days, in order, from which on `kind_of` may say something else of this office's *kind* code."""
    if not kind or not office:
        return []
    bounded = [rule for rule in _candidates(office) if rule.is_bounded and rule.fit(kind)]
    ends = {rule.last + dt.timedelta(days=1) for rule in bounded if rule.last < dt.date.max}
    return sorted({rule.first for rule in bounded} | ends)


@lru_cache(maxsize=65536)
def kind_of(office: str | None, kind: str | None, date: dt.date | None) -> Kind:
    """Return what a publication of *office* with this *kind* code and publication *date* is; unknown stays unknown."""
    if not kind or not office:
        return UNKNOWN_KIND
    best = max(_candidates(office), key=lambda rule: rule.rank(kind, date), default=None)
    return best.says if best and best.rank(kind, date) else UNKNOWN_KIND
