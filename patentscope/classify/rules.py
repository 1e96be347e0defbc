"""Weak labels: small opinions about a family that say yes, say no, or abstain.

Each rule is one sentence of the annotation rule (feed is waste AND an output is the material) turned into a test that
is meant to be right where it speaks, not to speak everywhere. Terms and classes are the query's; nothing here knows
which material is meant. After the labelling functions of snorkel (Ratner et al. 2017), without its label model: with
a dozen rules that share their words, independence would be a pretence, and a majority is easier to check.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from patentscope.classify.features import false_friends

if TYPE_CHECKING:
    from collections.abc import Callable

    Test = Callable[[pd.DataFrame], "pd.Series[bool]"]

YES, NO, ABSTAIN = 1, -1, 0
#: The one rule whose "no" is easy; the others' are near misses.
EASY = "rule_off_topic"


@dataclass(frozen=True)
class Rule:
    """One opinion: where *applies* is true of a family's features it votes *vote* (+1 or -1), else it abstains."""

    name: str
    vote: int
    why: str
    applies: Test

    @property
    def column(self) -> str:
        """The name of the rule's column in tables."""
        return f"rule_{self.name}"


def _says_waste(features: pd.DataFrame) -> pd.Series[bool]:
    return features["feed_waste"] | features["feed_by_product"]


def _is_material(features: pd.DataFrame) -> pd.Series[bool]:
    return features["material_terms"] | features["material_class"]


def _is_process(features: pd.DataFrame) -> pd.Series[bool]:
    return features["process_terms"] | features["process_class"] | _says_waste(features)


def _friend(features: pd.DataFrame, kind: str) -> pd.Series[bool]:
    """Say where false friend *kind* speaks and nothing else says waste, by words or by class."""
    found = features[f"friend_{kind}"] & ~_says_waste(features) & ~features["process_class"]
    return found & ~_is_material(features) if kind == "rare_metal" else found


def _primary(features: pd.DataFrame) -> pd.Series[bool]:
    return features["feed_primary"] & ~_says_waste(features)


def _is_misleading(features: pd.DataFrame) -> pd.Series[bool]:
    found = _primary(features)
    for kind in false_friends():
        found = found | _friend(features, kind)
    return found


def _classes_and_terms(features: pd.DataFrame) -> pd.Series[bool]:
    classes = features["material_class"] & features["process_class"]
    return classes & features["material_terms"] & features["process_terms"]


def _same_sentence(features: pd.DataFrame) -> pd.Series[bool]:
    return features["together"] & ~_is_misleading(features)


def _waste_feed(features: pd.DataFrame) -> pd.Series[bool]:
    return features["material_terms"] & features["feed_waste"]


def _no_process(features: pd.DataFrame) -> pd.Series[bool]:
    return features["is_readable"] & _is_material(features) & ~_is_process(features)


def _other_material(features: pd.DataFrame) -> pd.Series[bool]:
    return features["is_readable"] & _is_process(features) & ~_is_material(features) & ~features["carrier"]


def _off_topic(features: pd.DataFrame) -> pd.Series[bool]:
    return features["is_readable"] & ~_is_process(features) & ~_is_material(features) & ~features["carrier"]


def _false_friend_test(kind: str) -> Test:
    return lambda features: _friend(features, kind)


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Return all rules: those that say yes, those that say no, and one for each group of false friends."""
    return (
        Rule("classes_and_terms", YES, "classes and text both name material and recycling", _classes_and_terms),
        Rule("same_sentence", YES, "one sentence names both, and nothing misleads", _same_sentence),
        Rule("waste_feed", YES, "the material beside waste, scrap, spent or end-of-life things", _waste_feed),
        Rule("primary_feed", NO, "ore or another first source, and no waste", _primary),
        Rule("no_process", NO, "the material without a sign of recycling in text or class", _no_process),
        Rule("other_material", NO, "recycling without a sign of the material in text or class", _other_material),
        Rule("off_topic", NO, "neither the material nor recycling: an easy negative", _off_topic),
        *(Rule(kind, NO, why, _false_friend_test(kind)) for kind, why in false_friends().items()),
    )


def votes(features: pd.DataFrame) -> pd.DataFrame:
    """Return every rule's vote on every family: int8 +1, -1 or 0 (abstains), columns `rule_<name>`."""
    columns = {rule.column: rule.applies(features).to_numpy(bool) * rule.vote for rule in rules()}
    return pd.DataFrame(columns, index=features.index).astype("int8")


def weak_label(cast: pd.DataFrame) -> pd.Series[int]:
    """Return the majority of the votes *cast*: Int8 1 or 0, NA where none was cast or both sides are equal."""
    balance = cast.sum(axis=1)
    label = (balance > 0).astype("Int8")
    return label.mask(balance == 0).rename("weak_label")


def summary(cast: pd.DataFrame, truth: pd.Series[int] | None = None) -> pd.DataFrame:
    """Return how the rules behave: one row per rule.

    Columns: `rule` (its name), `vote`, `why`, `families` (on how many it votes), `coverage` (as a share), `overlap`
    (share on which another rule votes too), `conflict` (share on which another rule disagrees); and where *truth*
    (1, 0 or NA by family) is given, `judged` and `accuracy`, the share of its votes on judged families that are right
    (NA if none).
    """
    size = max(len(cast), 1)
    spoke = cast != ABSTAIN
    rows = []
    for rule in rules():
        here = spoke[rule.column]
        others = cast.drop(columns=rule.column)[here]
        row = {
            "rule": rule.name,
            "vote": rule.vote,
            "why": rule.why,
            "families": int(here.sum()),
            "coverage": here.sum() / size,
            "overlap": (others != ABSTAIN).any(axis=1).sum() / size,
            "conflict": (others == -rule.vote).any(axis=1).sum() / size,
        }
        if truth is not None:
            known = truth[here].dropna()
            row["judged"] = len(known)
            row["accuracy"] = float((known == (rule.vote == YES)).mean()) if len(known) else float("nan")
        rows.append(row)
    return pd.DataFrame(rows)
