"""A claim's entry of verdict.json: what `verdict.assess` gives, and everything that shows a verdict reads.

Measures that a claim may not have, its share above all, are keys that may be missing; a figure that could not be
worked out is None.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict


class Figures(TypedDict):
    """One specification's figures."""

    spec_id: str
    ratio: float | None
    low: float | None
    high: float | None
    left_n: float
    right_n: float
    overlap_n: float
    unknown_n: float
    share: NotRequired[float | None]
    share_low: NotRequired[float | None]
    share_high: NotRequired[float | None]
    in_words: str


class AuditedFigures(Figures):
    """The figures of an audited specification, and why it may not count."""

    admissible: bool
    reason: str


class Question(TypedDict):
    """The verdict on one question, over its admissible specifications."""

    question: str
    asks: str
    verdict: str
    specifications: int
    listed: int
    median_ratio: float | None
    min_ratio: float | None
    max_ratio: float | None
    median_share: NotRequired[float | None]
    min_share: NotRequired[float | None]
    max_share: NotRequired[float | None]
    share_left_ahead: float | None
    share_at_claimed_size: float | None
    baseline: Figures | None
    audited: NotRequired[AuditedFigures]


class Gate(TypedDict):
    """One gate, for one question and side: the worst that was found, and how many specifications it stopped."""

    gate: str
    question: str
    country: str | None
    found: float | str | None
    needed: str
    passed: bool
    stopped: int
    of: int


class Near(TypedDict):
    """A specification near a figure, and whether it is near enough."""

    spec_id: str
    ratio: NotRequired[float | None]
    share: NotRequired[float | None]
    near: NotRequired[bool]
    in_words: str


class Misreading(TypedDict):
    """What a claim's figure is often taken for, counted for one question."""

    reading: str
    says: str
    measure: str
    ratio_or_share: float
    tolerance: float
    question: str
    near: int
    specifications: int
    nearest: Near | None


class Illustrated(TypedDict):
    """What the rule would read for one question, were the records no sample."""

    question: str
    listed: int
    specifications: int
    median_ratio: float | None
    reads: str


class Illustration(TypedDict):
    """Why a claim is shown without being judged, and what the rule would read."""

    note: str
    questions: list[Illustrated]


class Entry(TypedDict):
    """A claim, its verdict, and all that the verdict rests on."""

    id: str
    quote: str
    year: int | str
    left: list[str]
    right: list[str]
    measure: str
    says: str
    ratio_claimed: float | None
    share_claimed: NotRequired[float]
    tolerance: float
    said_on: str | None
    source: str
    verdict: str
    gates: list[Gate]
    questions: list[Question]
    nearest: list[Near]
    misreadings: list[Misreading]
    thresholds: dict[str, float]
    illustration: NotRequired[Illustration]
    sentence: str
    nearest_in_words: str
    would_decide: list[str]
