"""A claim's entry of verdict.json: what `verdict.assess` gives, and everything that shows an answer reads.

Counts are whole numbers, but for shared-out and audited ones. A figure that can't be worked out is None: a ratio beside
a right side of 0 above all, which is infinite. Measures that a claim may not have, its share, are keys that may be
missing.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

from patentscope.aggregate.answers.series import Series

SUPPORTED = "supported"
SIZE_DEPENDS = "direction right, size depends on the convention"
SIZE_NOT_REPRODUCED = "direction right, size not reproduced"
MIXED = "mixed"
CONTRADICTED = "contradicted"
OPEN = "open"
NOT_ASSESSABLE = "not assessable"
#: The questions that an answer needs, in the order in which a headline takes its figure.
MAIN_QUESTIONS = ("invention", "ownership", "market")


class Concern(TypedDict):
    """One thing that lowers certainty: *found* held against *needed*, and the points that it costs.

    `concern` is search, window, countries, publication, number, sight, topic, or unanswered. `side` is the worse side
    (`US+AU+JP`), None where the concern is of both. `documents` is the level of documents that the finding is of, where
    that is an earlier one than the figure's.
    """

    concern: str
    question: str
    side: str | None
    found: float | str | None
    needed: str
    points: int
    documents: str | None


class Stopped(TypedDict):
    """Why ways to count were stopped, and how many of a question's."""

    reason: str
    question: str
    n: int


class Figures(TypedDict):
    """What one specification counts for the claim; `imputed_here_n` is of the two sides, `imputed_n` of all."""

    spec_id: str
    way: str | None
    in_words: str
    unit: str
    documents: str
    basis: str
    date: str
    topic: str
    share_level: str
    is_audited: bool
    as_of: str
    left_n: float
    right_n: float
    overlap_n: float
    unknown_n: float
    imputed_n: float
    imputed_here_n: float
    ratio: float | None
    low: float | None
    high: float | None
    share: NotRequired[float | None]
    share_low: NotRequired[float | None]
    share_high: NotRequired[float | None]


class Question(TypedDict):
    """The answer to one question, from its distinct results; the figures are those of the result that is shown.

    `figure` is None, and with it all that is counted, where nothing is judged. `before_labels` are the classifier's own
    figures where `figure` is audited. `ahead` and `behind` are the first results (named ways first) that put the left
    side surely ahead and behind, which a mixed answer's headline names. The ends of ranges are over the distinct
    results; p10 and p90 leave a tenth of them out at each end.
    """

    question: str
    asks: str
    verdict: str
    certainty: str | None
    points: int | None
    results: int
    judged: int
    listed: int
    figure: Figures | None
    before_labels: NotRequired[Figures]
    ahead: Figures | None
    behind: Figures | None
    spec_id: str
    left_n: float | None
    right_n: float | None
    ratio: float | None
    low: float | None
    high: float | None
    min_ratio: float | None
    max_ratio: float | None
    p10_ratio: float | None
    p90_ratio: float | None
    share: NotRequired[float | None]
    share_low: NotRequired[float | None]
    share_high: NotRequired[float | None]
    min_share: NotRequired[float | None]
    max_share: NotRequired[float | None]
    p10_share: NotRequired[float | None]
    p90_share: NotRequired[float | None]
    share_ahead: float | None
    share_behind: float | None
    share_open: float | None
    share_near: float | None
    concerns: list[Concern]
    line: str


class Way(TypedDict):
    """A recognised way to count (`ways`), and where it puts the left side.

    `stands` is ahead, behind, level or open; None where the way is stopped or too little is left to tell.
    """

    way: str
    question: str
    spec_id: str
    in_words: str
    left_n: float
    right_n: float
    ratio: float | None
    share: NotRequired[float | None]
    points: int | None
    certainty: str | None
    stopped: bool
    reason: str
    judged: bool
    near: bool | None
    stands: str | None


class Near(TypedDict):
    """A judged result near the claimed size, and whether it is near enough."""

    spec_id: str
    question: str
    ratio: float | None
    share: NotRequired[float | None]
    left_n: float
    right_n: float
    near: bool
    in_words: str


class Misreading(TypedDict):
    """What a claim's figure is often taken for, counted over one question's results."""

    reading: str
    says: str
    measure: str
    ratio_or_share: float
    tolerance: float
    question: str
    near: int
    results: int
    nearest: Near | None


class Raise(TypedDict):
    """What would make the answer surer, and the command for it where there is one."""

    concern: str
    text: str
    command: str | None


class Card(TypedDict):
    """The figure to quote: the headline's, with how to see what is behind it."""

    question: str
    spec_id: str
    way: str | None
    figure: str
    left_n: float
    right_n: float
    ratio: float | None
    range: str
    certainty: str | None
    certainty_sum: str
    convention: str
    show: list[str]


#: `raise` is no name for an attribute.
_Raising = TypedDict("_Raising", {"raise": list[Raise]})


class Entry(_Raising):
    """A claim, its answer, and all that the answer rests on.

    `read_as` is the claim said back in full words; `unread` are the parts of the quote that are no part of the
    comparison, `topic_offered` the same as `--topic` takes them. `chip` is the answer in a few words, `sentence` the
    headline, `claimed_and_counted` the line under it, `certainty_in_words` the certainty with its sum and main reasons,
    `ways_in_words` where the recognised ways put the left side. `rests_on` names the questions that the overall answer
    rests on, in the headline's order. `as_said` is the headline's figure as seen on the day of the claim, None where
    that has no such row, or is of that day itself. `untold` are the units that the records can't tell, and why.
    `published` is what others counted, nearest topic first, `published_sentence` what that shows, `on_topic_sentence`
    what the records on topic have of each country in all years, where they can't answer the claim; `record_years` are
    then the first and the last year in which a record was published, else empty.
    """

    id: str
    quote: str
    read_as: str
    unread: list[str]
    topic_offered: str
    year: int | str
    years: list[int]
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
    certainty: str | None
    points: int | None
    scope: str
    rests_on: list[str]
    as_said: Figures | None
    chip: str
    sentence: str
    claimed_and_counted: str
    certainty_in_words: str
    ways_in_words: str
    card: Card | None
    concerns: list[Concern]
    stopped: list[Stopped]
    questions: list[Question]
    ways: list[Way]
    equal_readings: list[list[str]]
    nearest: list[Near]
    nearest_in_words: str
    misreadings: list[Misreading]
    thresholds: dict[str, float]
    untold: dict[str, str]
    published: list[Series]
    published_sentence: str
    on_topic_sentence: str
    record_years: list[int]
