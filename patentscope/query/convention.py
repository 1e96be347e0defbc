"""One way of counting: ten named choices that make a specification."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

QUESTIONS = {
    "market": "where protection is sought",
    "ownership": "who owns it",
    "invention": "where it was invented",
    "international": "what was filed abroad",
}
_BASIS_QUESTION = {"office": "market", "applicant": "ownership", "inventor": "invention", "priority": "invention"}


@dataclass(frozen=True)
class Convention:
    """A way to count, the topic's reading and the vintage included; `as_of` is the date up to which records exist."""

    # An axis has its levels, the baseline first, and what each is in words.
    topic: str
    unit: str = field(
        metadata={
            "family": "inventions",
            "application": "applications",
            "publication": "publications",
            "extended_family": "groups of related inventions",
        }
    )
    basis: str = field(
        metadata={
            "priority": " by country of first filing",
            "applicant": " by owner's country",
            "inventor": " by inventor's country",
            "office": " by filing office",
        }
    )
    share: str = field(
        metadata={"whole": "", "fractional": ", shared out between parties", "first": ", first-named party"}
    )
    date: str = field(
        metadata={
            "priority": ", by year of first filing",
            "filing": ", by year of filing",
            "publication": ", by year of publication",
            "grant": ", by year of grant",
        }
    )
    documents: str = field(
        metadata={
            "inventions": "",
            "inventions+utility_models": ", with utility models",
            "grants": ", grants only",
        }
    )
    international: str = field(
        metadata={
            "all": "",
            "two_offices": ", at two offices or more",
            "pct": ", with an international (PCT) application",
            "triadic": ", triadic (EP, JP and US)",
        }
    )
    as_of: dt.date

    @classmethod
    def of(cls, row: Mapping[Any, Any], as_of: dt.date) -> Convention:
        """Return the convention that a row of a run's tables names, as of *as_of*."""
        return cls(**{name: str(row[name]) for name in LEVELS}, as_of=as_of)

    def levels(self) -> dict[str, str]:
        """Return its levels as a run's tables have them, by column and in their order; `as_of` stands apart."""
        return {name: getattr(self, name) for name in LEVELS}

    @property
    def question(self) -> str:
        """The question that a count by this convention answers."""
        return "international" if self.international != "all" else _BASIS_QUESTION[self.basis]

    @cached_property
    def spec_id(self) -> str:
        """A hash of the convention; equal ones have equal ids.

        Among granted documents the first publication *is* the grant, so these two dates make one specification.
        """
        date = "publication" if self.documents == "grants" and self.date == "grant" else self.date
        levels = (self.topic, self.unit, self.basis, self.share, date, self.documents, self.international)
        return hashlib.sha256("|".join((*levels, self.as_of.isoformat())).encode()).hexdigest()[:12]

    def in_words(self) -> str:
        """Return the convention as a phrase, for sentences and subtitles."""
        words = "".join(IN_WORDS[axis][getattr(self, axis)] for axis in AXES)
        return f"{words}, {topic_in_words(self.topic)}, as seen on {self.as_of.isoformat()}"


#: What the topic definitions of a query that nobody wrote (`query.made`) are, for readers.
TOPICS_IN_WORDS = {"records": "every record given", "words": "records with the topic's words"}
#: All that a convention chooses, in the order of the baseline's rule.
CHOICES = tuple(entry.name for entry in fields(Convention))
#: What each level is in words, per axis, as a phrase puts one behind the other.
IN_WORDS: dict[str, Mapping[str, str]] = {entry.name: entry.metadata for entry in fields(Convention) if entry.metadata}
#: The levels that exist, per axis; a query's first one is the baseline.
AXES = {axis: tuple(words) for axis, words in IN_WORDS.items()}
#: The columns of a run's tables that name a convention; `as_of` stands apart from them.
LEVELS = (*(axis for axis in AXES if axis != "international"), "topic", "international")


def topic_in_words(name: str) -> str:
    """Return a topic definition as a phrase puts it."""
    return TOPICS_IN_WORDS.get(name, f"topic definition {name}")


def reason_to_prune(convention: Convention) -> str | None:
    """Return why a combination of levels makes no sense, or None where it does (METHODS, section 6)."""
    by_party = convention.basis in {"applicant", "inventor"}
    if convention.share != "whole" and not by_party:
        return "an office or a priority country is not shared out between parties"
    if convention.unit == "publication" and convention.share == "fractional":
        return "publications of one filing repeat its parties"
    if convention.international != "all" and convention.basis == "office":
        return "a filter on several offices decides the count by office"
    if convention.international != "all" and convention.unit not in {"family", "extended_family"}:
        return "only a family can be international"
    if convention.date == "grant" and convention.documents != "grants":
        return "only granted documents have a grant date"
    return None


def combinations(
    topics: Sequence[str], axes: Mapping[str, Sequence[str]], as_of: Sequence[dt.date]
) -> Iterator[Convention]:
    """Yield every combination of levels, the first axis (topic) changing slowest."""
    for levels in itertools.product(topics, *(axes[name] for name in AXES)):
        for day in as_of:
            yield Convention.of(dict(zip(CHOICES, levels, strict=False)), day)
