"""A claim's entry of verdict.json in a few words: what isn't named is that of the shipped claim, counted once."""

from __future__ import annotations

from typing import Any

from patentscope.aggregate.answers.entry import Concern, Entry, Figures, Near, Question, Way
from patentscope.query.convention import QUESTIONS


def make_figures(left: float, right: float, **given: Any) -> Figures:
    """Return what one specification counts."""
    ratio = left / right if right else None
    figures: dict[str, Any] = {
        "spec_id": "0123456789ab",
        "way": None,
        "in_words": "inventions by owner's country, by year of first filing",
        "unit": "family",
        "documents": "inventions",
        "basis": "priority",
        "date": "priority",
        "topic": "strict",
        "share_level": "whole",
        "is_audited": False,
        "as_of": "2026-06-30",
        "left_n": left,
        "right_n": right,
        "overlap_n": 0,
        "unknown_n": 0,
        "imputed_n": 0,
        "imputed_here_n": 0,
        "ratio": ratio,
        "low": ratio,
        "high": ratio,
    }
    return figures | given  # type: ignore[return-value]


def make_concern(concern: str, points: int, found: float | str | None = None, **given: Any) -> Concern:
    """Return a concern of where protection is sought."""
    row = {
        "concern": concern,
        "question": "market",
        "side": None,
        "found": found,
        "needed": "",
        "points": points,
        "documents": None,
    }
    return row | given  # type: ignore[return-value]


def make_question(question: str, verdict: str, figure: Figures | None = None, **given: Any) -> Question:
    """Return the answer to a question; without a figure nothing is judged."""
    ratio = figure["ratio"] if figure else None
    row: dict[str, Any] = {
        "question": question,
        "asks": QUESTIONS[question],
        "verdict": verdict,
        "certainty": None if verdict in {"open", "not assessable"} else "moderate",
        "points": 2,
        "results": 12,
        "judged": 12,
        "listed": 12,
        "figure": figure,
        "ahead": None,
        "behind": None,
        "spec_id": "0123456789ab",
        **{name: figure[name] if figure else None for name in ("left_n", "right_n", "ratio", "low", "high")},
        **dict.fromkeys(("min_ratio", "max_ratio", "p10_ratio", "p90_ratio"), ratio),
        **dict.fromkeys(("share_ahead", "share_behind", "share_open", "share_near"), 0.0),
        "concerns": [],
        "line": "",
    }
    return row | given  # type: ignore[return-value]


def make_way(way: str, stands: str | None, **given: Any) -> Way:
    """Return a recognised way to count; one that stands nowhere is stopped."""
    row = {"way": way, "question": "invention", "spec_id": "0123456789ab", "in_words": "patent families"}
    counted = {"left_n": 10, "right_n": 5, "ratio": 2.0, "points": 2, "certainty": "moderate", "judged": True}
    return row | counted | {"stopped": stands is None, "reason": "", "near": False, "stands": stands} | given  # type: ignore[return-value]


def make_near(left: float, right: float, *, near: bool) -> Near:
    """Return a result near the claimed size."""
    row = {"spec_id": "0123456789ab", "question": "market", "ratio": left / right, "left_n": left, "right_n": right}
    return row | {"near": near, "in_words": "inventions by owner's country, by year of first filing"}  # type: ignore[return-value]


def make_entry(verdict: str, *questions: Question, **given: Any) -> Entry:
    """Return a claim's entry, which rests on *questions* that are answered, or if none is on those that are open."""
    order = ("invention", "ownership", "market", "international")
    listed = sorted(questions, key=lambda one: order.index(one["question"]))
    answered = [one["question"] for one in listed if one["verdict"] not in {"open", "not assessable"}]
    rests = answered or [one["question"] for one in listed if one["verdict"] == "open"]
    entry: dict[str, Any] = {
        "id": "china-73",
        "quote": "China's patents outnumbered the combined total of the U.S., Australia, and Japan by 73%.",
        "read_as": "China compared with the United States, Australia and Japan together in 2024: 73 % more",
        "unread": [],
        "topic_offered": "",
        "year": 2024,
        "years": [2024, 2024],
        "left": ["CN"],
        "right": ["US", "AU", "JP"],
        "measure": "ratio",
        "says": "size",
        "ratio_claimed": 1.73,
        "tolerance": 0.1,
        "said_on": None,
        "source": "",
        "verdict": verdict,
        "certainty": None if verdict in {"open", "not assessable"} else "moderate",
        "points": 2,
        "scope": "world",
        "rests_on": rests,
        **dict.fromkeys(("chip", "sentence", "claimed_and_counted", "certainty_in_words", "ways_in_words"), ""),
        **dict.fromkeys(("published_sentence", "on_topic_sentence"), ""),
        "record_years": [],
        "card": None,
        "concerns": [],
        "stopped": [],
        "questions": list(questions),
        "ways": [],
        "equal_readings": [],
        "nearest": [],
        "published": [],
        "nearest_in_words": "",
        "raise": [],
        "misreadings": [],
        "thresholds": {"many": 100, "candidates": 30},
        "untold": {},
    }
    return entry | given  # type: ignore[return-value]
