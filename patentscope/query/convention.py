"""One way of counting: ten named choices that make a specification."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

#: The levels that exist, per axis; a query's first one is the baseline.
AXES: dict[str, tuple[str, ...]] = {
    "unit": ("family", "application", "publication", "extended_family"),
    "basis": ("priority", "applicant", "inventor", "office"),
    "share": ("whole", "fractional", "first"),
    "date": ("priority", "filing", "publication", "grant"),
    "documents": ("inventions", "inventions+utility_models", "grants"),
    "international": ("all", "two_offices", "pct", "triadic"),
}
QUESTIONS = {
    "market": "where protection is sought",
    "ownership": "who owns it",
    "invention": "where it was invented",
    "international": "what was protected across borders",
}
_BASIS_QUESTION = {"office": "market", "applicant": "ownership", "inventor": "invention", "priority": "invention"}


@dataclass(frozen=True)
class Convention:
    """A way to count, the topic's reading and the vintage included; `as_of` is the date up to which records exist."""

    topic: str
    unit: str
    basis: str
    share: str
    date: str
    documents: str
    international: str
    as_of: dt.date

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
        parts = (self.topic, self.unit, self.basis, self.share, date, self.documents, self.international, self.as_of)
        text = "|".join(str(part) for part in parts)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def in_words(self) -> str:
        """Return the convention as a phrase, for sentences and subtitles."""
        unit = {
            "family": "patent families",
            "application": "applications",
            "publication": "publications",
            "extended_family": "extended families",
        }[self.unit]
        basis = {
            "office": "by filing office",
            "priority": "by country of first filing",
            "applicant": "by applicant's country",
            "inventor": "by inventor's country",
        }[self.basis]
        share = {"whole": "", "fractional": ", shared out by party", "first": ", first-named party"}[self.share]
        documents = {
            "inventions": "",
            "inventions+utility_models": ", with utility models",
            "grants": ", grants only",
        }[self.documents]
        international = {
            "all": "",
            "two_offices": ", at two offices or more",
            "pct": ", with an international (PCT) application",
            "triadic": ", triadic (EP, JP and US)",
        }[self.international]
        return (
            f"{unit} {basis}{share}, by {self.date} year{documents}{international}, topic {self.topic}, "
            f"as published by {self.as_of.isoformat()}"
        )


def reason_to_prune(convention: Convention) -> str | None:
    """Return why a combination of levels makes no sense, or None where it does (METHODS, section 6)."""
    by_party = convention.basis in {"applicant", "inventor"}
    if convention.share != "whole" and not by_party:
        return "an office or a priority country is not shared out between parties"
    if convention.unit == "publication" and convention.share == "fractional":
        return "publications of one application repeat its parties"
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
    names = ("unit", "basis", "share", "date", "documents", "international")
    for topic in topics:
        for unit, basis, share, date, documents, international in itertools.product(*(axes[name] for name in names)):
            for day in as_of:
                yield Convention(topic, unit, basis, share, date, documents, international, day)
