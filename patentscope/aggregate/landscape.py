"""A run's stored tables, ready to be counted: for the claims of its query, for any other claim, for one number.

The stages of a run, `check` and `show` all count through here, so that one number never has two sources.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Self

import pandas as pd

from patentscope.aggregate.answers import assess, results
from patentscope.aggregate.answers.entry import MAIN_QUESTIONS, Entry
from patentscope.aggregate.answers.results import Answers
from patentscope.aggregate.answers.words import on_topic_words, remedies
from patentscope.aggregate.audit import join as labelled
from patentscope.aggregate.claims import by_year, multiverse, summaries
from patentscope.aggregate.claims.multiverse import Basis
from patentscope.aggregate.claims.sight import NEEDS, Sight, needs
from patentscope.aggregate.claims.stops import DataLimits
from patentscope.aggregate.counts import tally, units
from patentscope.aggregate.holdings import attribute
from patentscope.aggregate.holdings.prepared import Stock, load
from patentscope.aggregate.holdings.tables import Units, Vintage
from patentscope.classify.readings import topic_bits
from patentscope.engines.engine import open_engine
from patentscope.errors import UsageError
from patentscope.query.claim import Claim
from patentscope.query.convention import LEVELS, Convention
from patentscope.query.made import is_made, topic_of
from patentscope.query.published import Published
from patentscope.query.query import AUDITED, Query


@dataclass(frozen=True)
class Survey:
    """Claims counted: by the claim's id its rows, judged, and what was pruned; the variants of all claims.

    `labels` is what became of a reader's labels, if there are any. `by_year` has the claims' ways by year
    (`by_year.BY_YEAR_COLUMNS`), where years were asked for.
    """

    answers: dict[str, Answers]
    variants: list[Answers]
    pruned: dict[str, Mapping[str, int]]
    labels: Mapping[str, int]
    by_year: pd.DataFrame


class Landscape:
    """Publications with their families and topic, loaded into an engine; use it in a `with` block."""

    def __init__(
        self,
        stock: Stock,
        scores: pd.DataFrame,
        query: Query,
        today: dt.date,
        limits: DataLimits,
        labels: pd.DataFrame | None = None,
        others: Sequence[Published] = (),
    ) -> None:
        """Load the tables, and see which units they can't tell (`untold`: why not, by unit).

        *scores* has one row per simple family, with `in_topic_<reading>` and `has_<need>` of `NEEDS`; *today* is the
        data's own date. *labels* are those of an audit (`labels.stored`), which add the reading `classifier_audited`.
        *others* is what others counted, which enters no count.
        """
        self.query, self.today, self.limits, self.others = query, today, limits, others
        self.bits = {reading.name: place for place, reading in enumerate(query.readings)}
        self.labels = labels if labels is not None and len(labels) and query.audited else None
        if self.labels is not None and query.audited:
            self.bits[AUDITED] = self.bits[query.audited.name]
        self.stock, self.sets = stock, stock.documents.sets
        self._vintages: dict[dt.date, Vintage] = {}
        self._tables: summaries.Tables | None = None
        self.wider = query.wider | ({AUDITED} if query.audited and query.audited.name in query.wider else set())
        self.equal_readings = equal_readings(scores, [reading.name for reading in query.readings])
        said = scores[[f"has_{need}" for need in NEEDS]].set_axis(list(NEEDS), axis=1)
        said = said.assign(topic=topic_bits(scores, query.readings))
        if not scores["family_id"].equals(stock.families):
            said = said.set_index(scores["family_id"]).reindex(stock.families, fill_value=0)
        said = said.astype("int64").reset_index(drop=True).rename_axis("family").reset_index()
        with ExitStack() as stack:
            self.engine = open_engine(query.engine)
            stack.enter_context(self.engine)
            load(self.engine, stock.documents)
            # One row per simple family: its number, an integer with one bit per reading, and what is known of it.
            self.engine.put("topic", said)
            self.sight = Sight(self.engine)
            self.untold = units.untold(self.engine)
            self._opened = stack.pop_all()

    @property
    def offices(self) -> frozenset[str]:
        """The offices of which the run holds any publication, of any kind and date."""
        return self.sight.offices

    def __enter__(self) -> Self:
        """Return the landscape itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the engine."""
        self._opened.close()

    def hold(self, as_of: dt.date) -> Vintage:
        """Return what was visible on *as_of*, worked out the first time that it is asked for."""
        if as_of not in self._vintages:
            self._vintages[as_of] = (
                attribute.held(self.engine, as_of, self.stock.held)
                if self.stock.held is not None and as_of == self.today
                else attribute.hold(self.engine, as_of, self.sets)
            )
        return self._vintages[as_of]

    def families_in(self, spans: Sequence[tuple[int, int]]) -> pd.DataFrame:
        """Return the simple families at the data's own date, and which of *spans* they are in (`join.frame_of`)."""
        return labelled.frame_of(self.engine, self.hold(self.today), self.sets, self.stock.families, spans)

    def survey(self, claims: Sequence[Claim], *, vary: bool = True, years: Sequence[int] = ()) -> Survey:
        """Count every claim under every specification, and its variants under each question's baseline.

        Without *vary* there are no variants. The claims' ways are counted in each of *years*, too (`by_year`). Tables
        that were made for earlier claims are used again where they do.
        """
        topics = list(self.bits)
        listed = {c.id: multiverse.list_specifications(c, self.query, topics, self.today, self.untold) for c in claims}
        variants = {claim.id: multiverse.variants(claim) if vary else [] for claim in claims}
        every = [*claims, *(variant for mine in variants.values() for variant in mine)]
        conventions = [convention for listing in listed.values() for convention in listing.conventions]
        made = self._tables_for(every, conventions, years)
        self.sight.shares(summaries.sides_of(every))
        answers = {claim.id: self._answers(claim, listed[claim.id].conventions, made) for claim in claims}
        first = {claim.id: self.first_conventions(claim, answers[claim.id]) for claim in claims if variants[claim.id]}
        others = [self._answers(variant, first[claim.id], made) for claim in claims for variant in variants[claim.id]]
        pruned = {name: listing.pruned for name, listing in listed.items()}
        yearly = by_year.by_year({c: listed[c.id].conventions for c in claims}, made, self.bits, self.today)
        return Survey(answers, others, pruned, made.audit.notes if made.audit else {}, yearly)

    def _answers(self, claim: Claim, conventions: Sequence[Convention], made: summaries.Tables) -> Answers:
        """Return *claim* counted under *conventions*, and what is judged of it."""
        thresholds = self.query.thresholds
        basis = Basis(self.bits, self.wider, self.limits, self.offices, self._sights, thresholds)
        return results.answers(multiverse.count(claim, conventions, made, basis), thresholds)

    def first_conventions(self, claim: Claim, answers: Answers) -> list[Convention]:
        """Return each question's convention of counts.csv: that of its figure, which a list stands behind."""
        rows = assess.baselines(answers, claim, self.query.thresholds, self._audits)
        return [row.convention for row in rows]

    def _sights(self, claim: Claim) -> dict[str, dict[str, tuple[float | None, float | None]]]:
        """Return, by topic and need of its reading, the share of each side's families that have it."""
        left, right = self.sight.shares(summaries.sides_of([claim]))
        asked = {reading.name: needs(reading, self.query) for reading in self.query.readings}
        if self.query.audited:
            asked[AUDITED] = asked[self.query.audited.name]
        return {topic: {need: (left[need], right[need]) for need in sorted(mine)} for topic, mine in asked.items()}

    @property
    def _audits(self) -> str | None:
        return self.query.audited.name if self.query.audited else None

    def _tables_for(
        self, claims: Sequence[Claim], conventions: Sequence[Convention], years: Sequence[int]
    ) -> summaries.Tables:
        """Return the tables that *conventions* need to count *claims*, made anew where the last ones don't do."""
        if self._tables is None or years or not self._tables.cover(claims, conventions):
            audit = None
            if self.labels is not None:
                spans = labelled.spans_of(self.labels, [claim.years for claim in claims])
                families, names = self.families_in(spans), self.stock.families
                audit = labelled.join(self.engine, names, families, self.labels, self.bits[AUDITED], spans)
            self._tables = summaries.make_tables(
                self.engine, self.sets, claims, conventions, self.today, self.hold, audit, years
            )
        return self._tables

    def assess(self, claim: Claim, answers: Answers | None = None, counts: pd.DataFrame | None = None) -> Entry:
        """Return one claim's entry as verdict.json has it.

        *answers* where it has been counted before; *counts* are the rows of counts.csv, for what is said of the records
        where they can't answer it.
        """
        entry = assess.assess(
            claim,
            answers or self.survey([claim], vary=False).answers[claim.id],
            self.query.thresholds,
            is_whole=not self.limits.search_points,
            equal_readings=self.equal_readings,
            audits=self._audits,
            untold=self.untold,
            others=self.others,
            on_topic=partial(self._on_topic, claim, counts),
            record_years=self._record_years,
        )
        if is_made(self.query.text):
            entry["raise"] = remedies.of_files(entry["raise"], claim, topic_of(self.query))
        return entry

    def _record_years(self) -> list[int]:
        """Return the first and the last year in which a record was published; nothing where none has a date."""
        ends = self.engine.frame("select min(published) as first, max(published) as last from document")
        return [end.year for end in ends.iloc[0].dropna()]

    def _on_topic(self, claim: Claim, counts: pd.DataFrame | None) -> str:
        """Return what counts.csv has of a claim's countries in all years, by the first main question that has any."""
        if counts is None:
            return ""
        for question in MAIN_QUESTIONS:
            rows = counts[counts["question"].eq(question) & ~counts["topic"].isin(self.query.wider)]
            sums = pd.to_numeric(rows["n"]).groupby(rows["country"]).sum()
            if sums.reindex([*claim.left, *claim.right]).sum():
                convention = Convention.of(rows.iloc[0].to_dict(), self.today)
                by_country = dict(zip(sums.index, sums.astype(float), strict=True))
                return on_topic_words.sentence(
                    claim, by_country, convention, first=self.query.readings[0].name, is_sample=self.limits.is_sample
                )
        return ""

    def units(self, convention: Convention, years: tuple[int, int] | None = None) -> pd.DataFrame:
        """Return the units behind a convention's counts, of *years* or of any (`units.unit_rows`).

        Raises:
            UsageError: as `first_units`.
        """
        return self.first_units(convention, years, None)[0]

    def first_units(
        self, convention: Convention, years: tuple[int, int] | None, most: int | None
    ) -> tuple[pd.DataFrame, int]:
        """Return the first *most* units behind a convention's counts, and how many there are (`units.unit_rows`).

        Raises:
            UsageError: for an audited total, which is an estimate and no list.
        """
        if convention.topic == AUDITED:
            raise UsageError(
                f"{AUDITED} is an estimate: no list of publications stands behind it. Ask for the same convention "
                "under the classifier's own reading; what the reader said of each labelled family is in labels.csv"
            )
        chosen = self.narrow(convention)
        return units.unit_rows(self.engine, chosen, convention, self.bits[convention.topic], self.sets, years, most)

    def narrow(self, convention: Convention) -> Units:
        """Return the units that are left to be counted under a convention, whatever their topic."""
        gathered = units.gather(self.engine, self.hold(convention.as_of), convention.unit)
        return units.narrow(self.engine, gathered, convention.documents, self.sets)

    def counts(self, conventions: Sequence[Convention]) -> tuple[pd.DataFrame, dict[str, int]]:
        """Return the rows of counts.csv, and by question how many units have no date and so are in no year.

        The rows hold every country and `unknown`, and every year, for each of *conventions*.
        """
        parts = []
        undated = {}
        for convention in conventions:
            chosen, bit = self.narrow(convention), self.bits[convention.topic]
            rows, undated[convention.question] = units.unit_totals(self.engine, chosen, convention, bit, self.sets)
            table = tally.by_country(rows, convention.share)
            whole = convention.share != "fractional"
            table["n"] = [str(int(n)) if whole else f"{float(n):.6f}" for n in table["n"]]
            levels = {**convention.levels(), "as_of": convention.as_of.isoformat()}
            parts.append(table.assign(question=convention.question, **levels))
        columns = ["country", "year", "n", "question", *LEVELS, "as_of"]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns), undated

    def publications_behind(self, convention: Convention, wanted: Sequence[int]) -> pd.DataFrame:
        """Return unit and pub (the row) of the publications of the units *wanted* of *convention*."""
        listed = pd.DataFrame({"unit": pd.Series(list(wanted), dtype="int64")})
        return units.publications_of(self.engine, self.hold(convention.as_of), convention, listed)


def equal_readings(scores: pd.DataFrame, names: Sequence[str]) -> list[list[str]]:
    """Return the readings that put the same families on topic, two or more together."""
    alike: dict[bytes, list[str]] = {}
    for name in names:
        alike.setdefault(scores[f"in_topic_{name}"].fillna(value=False).to_numpy(bool).tobytes(), []).append(name)
    return [group for group in alike.values() if len(group) > 1]
