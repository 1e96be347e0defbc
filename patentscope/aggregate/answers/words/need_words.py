"""What a claim's left side would need for the claim to hold, and how a count stands to that."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor
from typing import Any

from patentscope.aggregate.answers.entry import Entry
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.query.claim import PARITY

_ROUNDING = 1e-9


def asked(claim: Entry) -> dict[str, Any]:
    """Return what a claim asks of its left side: `size` in words, `value` (None without one), and how it is meant.

    `says` is size, more or less; `is_reached` whether the limit itself will do; `margin` how near a size may lie.
    """
    value, tie = words.claimed_value(claim), PARITY[claim["measure"]]
    size = words.claimed(claim)
    return {
        "is_share": words.is_share(claim),
        "size": size,
        "value": None if claim["says"] != words.SIZE and value == tie else value,
        "says": claim["says"],
        "is_reached": size.startswith(("at least", "at most")),
        "margin": claim["tolerance"],
    }


def need(said: Mapping[str, Any], right: float, both: float) -> int | None:
    """Return how many the left side needs, or may have at most, for the claim to hold; None where it names no size.

    Args:
        said: what the claim asks (`asked`).
        right: units of the right side.
        both: those of them that are of the left side, too.
    """
    value = said["value"]
    if value is None or not right or (said["is_share"] and value >= 1):
        return None
    exact: float = value / (1 - value) * (right - both) if said["is_share"] else value * right
    if said["says"] == words.LESS:
        return floor(exact + _ROUNDING) if said["is_reached"] else ceil(exact - _ROUNDING) - 1
    if said["says"] == words.MORE and not said["is_reached"]:
        return floor(exact + _ROUNDING) + 1
    return ceil(exact - _ROUNDING)


def need_in_words(said: Mapping[str, Any], left: float, right: float, both: float) -> str:
    """Return the same as a sentence that knows what the left side has; empty without a size."""
    wanted = need(said, right, both)
    if wanted is None:
        return ""
    n = numbers.count(wanted)
    measured = left / (left + right - both) if said["is_share"] else left / right
    if said["says"] == words.SIZE and abs(measured - said["value"]) <= said["margin"] + _ROUNDING:
        return f"That is the claimed size, or nearly ({n}, dashed)."
    if said["says"] == words.LESS:
        return f"For {said['size']} {said['it']} may have at most {n} (dashed)."
    if left >= wanted:
        return f"For {said['size']} {n} would do (dashed)."
    return f"For {said['size']} {said['it']} would need {n} (dashed)."
