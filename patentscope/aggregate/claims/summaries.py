"""The small tables that specifications read: patterns, publication lags, and what labels put right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from patentscope.aggregate.audit import correct as audited
from patentscope.aggregate.audit.correct import Audit, AuditTables
from patentscope.aggregate.counts.patterns import Kinds, old_before, patterns
from patentscope.aggregate.counts.tally import PatternTable, Tally
from patentscope.aggregate.counts.units import gather, narrow
from patentscope.aggregate.holdings import vintage
from patentscope.aggregate.holdings.party_sets import PartySets
from patentscope.aggregate.holdings.tables import TOPIC, Vintage
from patentscope.engines.engine import Engine
from patentscope.query.claim import ALL_OTHERS, Claim
from patentscope.query.convention import Convention
from patentscope.query.query import AUDITED


@dataclass
class Tables:
    """The pattern tables and publication lags of a run: all that specifications need, whatever the data's size.

    `years` are counted one by one besides the claims' own *periods*, at the data's own date.
    """

    periods: tuple[tuple[int, int], ...]
    sides: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    patterns: dict[tuple[dt.date, str, str], PatternTable] = field(default_factory=dict)
    ages: tuple[tuple[int, dt.date], ...] = ()
    lags: dict[tuple[str, str], vintage.Lags] = field(default_factory=dict)
    audit: Audit | None = None
    audit_tables: dict[tuple[dt.date, str, str], AuditTables] = field(default_factory=dict)
    years: tuple[int, ...] = ()
    _shares: dict[tuple[object, ...], tuple[float | None, float | None]] = field(default_factory=dict)

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The periods of the tables at the data's own date: those of the claims, then the years."""
        return tuple(dict.fromkeys([*self.periods, *((year, year) for year in self.years)]))

    def cover(self, claims: Iterable[Claim], conventions: Iterable[Convention]) -> bool:
        """Say whether *claims* can be counted under *conventions* from these tables."""
        return all(
            claim.years in self.periods and {(claim.left, claim.left), (claim.right, claim.left)} <= set(self.sides)
            for claim in claims
        ) and all((c.as_of, c.unit, c.documents) in self.patterns for c in conventions)

    def counted(self, convention: Convention, bit: int, claim: Claim) -> tuple[Tally, audited.Widening]:
        """Return what *convention* counts for *claim*, put right by labels where its topic asks for that."""
        level, period = (convention.as_of, convention.unit, convention.documents), self.periods.index(claim.years)
        tally = self.patterns[level].tally(convention, bit, period, claim.left, claim.right)
        if self.audit is None or convention.topic != AUDITED:
            return tally, None
        return self.audit.correct(tally, self.audit_tables[level], convention, claim, period)

    def shares(
        self, convention: Convention, claim: Claim, year: int | None = None
    ) -> tuple[float | None, float | None]:
        """Return what part of both sides' units of a *year* is published; None where it can't be told.

        The year is the claim's last unless said, or one of `years`.

        By priority and filing date that is read off complete cohorts. By publication and grant date it is the part of
        the year that is over; the less of the two, where units have to become international.
        """
        year = claim.years[1] if year is None else year
        group = "office" if convention.basis == "office" else "priority"
        facts = (convention.unit, convention.documents, group, convention.international, convention.date)
        key = (*facts, convention.as_of, year, claim.left, claim.right)
        if key not in self._shares:
            self._shares[key] = self._share_of(convention, claim, year, group)
        return self._shares[key]

    def _share_of(
        self, convention: Convention, claim: Claim, year: int, group: str
    ) -> tuple[float | None, float | None]:
        over = None
        if convention.date in {"publication", "grant"}:
            over = vintage.part_over(year, convention.as_of)
            if convention.international == "all":
                return over, over
        lags = self.lags[convention.unit, convention.documents]
        date = "publication" if convention.date == "grant" else convention.date
        age = (year, convention.as_of)
        nothing = (0,) * (len(self.ages) + 1)

        def share(side: tuple[str, ...]) -> float | None:
            key = (group, convention.international, date, self.sides.index((side, claim.left)))
            units, *visible = lags.get(key, nothing)
            part = vintage.visible_share(units, visible[self.ages.index(age)], *age)
            return part if part is None or over is None else min(part, over)

        return share(claim.left), share(claim.right)


def named_countries(claims: Iterable[Claim]) -> list[str]:
    """Return the countries that any claim names, in a fixed order."""
    return sorted({code for claim in claims for code in (*claim.left, *claim.right)} - {ALL_OTHERS})


def sides_of(claims: Iterable[Claim]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return both sides of each claim, each with the claim's left one."""
    return [(side, claim.left) for claim in claims for side in (claim.left, claim.right)]


def make_tables(
    engine: Engine,
    sets: PartySets,
    claims: Sequence[Claim],
    conventions: Iterable[Convention],
    today: dt.date,
    hold: Callable[[dt.date], Vintage],
    audit: Audit | None = None,
    years: Sequence[int] = (),
) -> Tables:
    """Make the tables that *conventions* need to count *claims*: one pass per vintage, unit and documents level.

    *hold* gives the vintage of a date. At the date *today*, *years* are told apart besides. The lags of the units are
    made at the data's own date only. With an *audit*, whose labels are stored beside the engine's topics, its tables
    are made in the same pass.
    """
    named = named_countries(claims)
    periods = tuple(dict.fromkeys(claim.years for claim in claims))
    sides = tuple(dict.fromkeys(sides_of(claims)))
    asked = {(c.as_of, c.unit, c.documents) for c in conventions}
    dates = sorted({as_of for as_of, _, _ in asked})
    ages = [(year, as_of) for year in sorted({last for _, last in periods}) for as_of in dates]
    ages += [(year, today) for year in years]
    tables = Tables(periods, sides, ages=tuple(dict.fromkeys(ages)), audit=audit, years=tuple(years))
    old, kinds = old_before(engine), Kinds(engine, sets, named)
    needed = sorted({*asked, *((today, unit, documents) for _, unit, documents in asked)}, reverse=True)
    for (as_of, unit), levels in groupby(needed, key=lambda level: level[:2]):
        gathered = gather(engine, hold(as_of), unit, audited.LABELLED if audit else TOPIC, named)
        narrowed = {documents: narrow(engine, gathered, documents, sets) for _, _, documents in levels}
        spans = tables.spans if as_of == today else periods
        # Extended families are other holders under each level of documents.
        alike = [[one] for one in narrowed] if unit == "extended_family" else [[*narrowed]]
        for group in alike:
            units = [narrowed[documents] for documents in group]
            made = patterns(engine, units, kinds, spans, old)
            for documents, frame in zip(group, made, strict=True):
                table = frame
                if audit is not None:
                    table, tables.audit_tables[as_of, unit, documents] = audited.split(frame, named)
                tables.patterns[as_of, unit, documents] = PatternTable(table, named)
            if as_of == today:
                lags = vintage.lags(engine, units, sides, tables.ages, sets, named)
                tables.lags |= {(unit, documents): one for documents, one in zip(group, lags, strict=True)}
        engine.drop(*gathered.made, *(name for one in narrowed.values() for name in one.made))
    return tables
