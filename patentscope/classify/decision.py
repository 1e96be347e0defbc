"""What is said of each family's topic, before any reading: its words, the rules, the text model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from patentscope.classify.features import Found


@dataclass(frozen=True)
class Decision:
    """What the classifier says of each family, and how it came to say so.

    `table` has one row per family in the caller's order: `family_id`; `script` (latin, han, kana, other, mixed, none);
    `has_text`; `terms_<group>`, `feed_<group>` (bool: the query's words and our own of feeds); `states_feed` (bool) and
    `scope_<scope>` (boolean, NA where open); `rule_<name>` (int8: 1, -1, 0 abstains); `weak_label` (Int8: 1, 0, NA);
    `score` (float, NaN if none); `in_classifier` (boolean: score >= .5, NA without a score).
    `found` is which of the query's phrases each family uses, in the same order.
    `rules` is how the rules behave, `card` the text model's card (empty if not trained), `why_not` why it was not.
    """

    table: pd.DataFrame
    found: Found
    rules: pd.DataFrame
    trained: bool
    why_not: str = ""
    card: dict[str, Any] = field(default_factory=dict)
