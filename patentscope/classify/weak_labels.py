"""Weak labels: small opinions about a family that say yes, say no, or abstain.

Each rule is one sentence of the annotation rule (feed is waste AND an output is the material) turned into a test that
is meant to be right where it speaks, not to speak everywhere. Terms and classes are the query's; nothing here knows
which material is meant. After the labelling functions of snorkel (Ratner et al. 2017), without its label model: with
a dozen rules that share their words, independence would be a pretence, and a majority is easier to check.

A topic has two parts: a material and a process (a thing and what is done to it). Our own word lists, of feeds, of
outputs and of false friends, are about one process only, recycling; where the query's process is another, their rules
fall away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter

import pandas as pd

from patentscope.classify.features import RECYCLING, WORKED_ON, false_friends, stated_feeds

Test = Callable[[pd.DataFrame], "pd.Series[bool]"]

YES, NO, ABSTAIN = 1, -1, 0
#: The one rule whose "no" is easy; the others' are near misses.
EASY = "rule_off_topic"
#: How the features from our own word lists begin.
_OWN_WORDS = ("feed_", "output_", "friend_", "beside_")


@dataclass(frozen=True)
class Rule:
    """One opinion: where *applies* is true of a family's features it votes *vote* (+1 or -1), else it abstains.

    *process* is the only process that it is about; empty for a rule of any topic.
    """

    name: str
    vote: int
    why: str
    applies: Test
    process: str = ""

    @property
    def column(self) -> str:
        """The name of the rule's column in tables."""
        return f"rule_{self.name}"


def _states_waste(features: pd.DataFrame) -> pd.Series[bool]:
    return features[stated_feeds()].any(axis=1)


def _says_waste(features: pd.DataFrame) -> pd.Series[bool]:
    return _states_waste(features) | features[WORKED_ON]


def _is_material(features: pd.DataFrame) -> pd.Series[bool]:
    return features["material_terms"] | features["material_class"]


def _is_process(features: pd.DataFrame) -> pd.Series[bool]:
    return features["process_terms"] | features["process_class"] | _says_waste(features)


def _friend(features: pd.DataFrame, kind: str) -> pd.Series[bool]:
    """Say where false friend *kind* speaks, a term of the query is there to be mistaken, and nothing says waste."""
    found = features[f"friend_{kind}"] & ~_says_waste(features) & ~features["process_class"]
    if kind == "rare_metal":
        return found & features["process_terms"] & ~_is_material(features)
    if kind == "ingredient":
        return found & features["material_terms"] & features["process_terms"]
    return found & (features["material_terms"] | features["process_terms"])


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
    """A title need not say where things come from; an abstract that doesn't is about separation in general."""
    has_feed = _states_waste(features) | features["carrier"] | ~features["has_abstract"]
    return features["together"] & (has_feed | ~features["is_recycling"]) & ~_is_misleading(features)


def _no_process(features: pd.DataFrame) -> pd.Series[bool]:
    return features["is_readable"] & _is_material(features) & ~_is_process(features)


def _other_material(features: pd.DataFrame) -> pd.Series[bool]:
    """An abstract names what is won; a title may leave it out, so it must name something else."""
    found = features["is_readable"] & _is_process(features) & ~_is_material(features) & ~features["carrier"]
    return found & (features["has_abstract"] | features["output_other"] | ~features["is_recycling"])


def _off_topic(features: pd.DataFrame) -> pd.Series[bool]:
    return features["is_readable"] & ~_is_process(features) & ~_is_material(features) & ~features["carrier"]


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Return all rules: those that say yes, those that say no, and one for each group of false friends."""
    return (
        Rule("classes_and_terms", YES, "classes and text both name material and process", _classes_and_terms),
        Rule("same_sentence", YES, "one sentence names both, and nothing misleads", _same_sentence),
        Rule("waste_feed", YES, "one sentence names the material and waste, scrap or a by-product",
             itemgetter("beside_feed"), RECYCLING),
        Rule("output", YES, "that sentence also names a metal, compound, magnet or powder",
             itemgetter("beside_output"), RECYCLING),
        Rule("primary_feed", NO, "ore or another first source, and no waste", _primary, RECYCLING),
        Rule("no_process", NO, "the material without a sign of the process in text or class", _no_process),
        Rule("other_material", NO, "the process without a sign of the material in text or class", _other_material),
        Rule("off_topic", NO, "neither the material nor the process: an easy negative", _off_topic),
        *(Rule(kind, NO, why, partial(_friend, kind=kind), RECYCLING) for kind, why in false_friends().items()),
    )  # fmt: skip


def votes(features: pd.DataFrame, process: str = RECYCLING) -> pd.DataFrame:
    """Return every rule's vote on every family: int8 +1, -1 or 0 (abstains), columns `rule_<name>`.

    Args:
        features: from `build_features`.
        process: the query's group that names the process. For any other than recycling, only rules of any topic vote;
            for none (""), the topic's one group stands for both its parts.
    """
    seen = features.assign(is_recycling=process == RECYCLING)
    if process != RECYCLING:
        seen = seen.assign(**{str(name): False for name in seen if str(name).startswith(_OWN_WORDS)})
    if not process:
        seen = seen.assign(process_terms=seen["material_terms"], process_class=seen["material_class"])
    chosen = [rule for rule in rules() if rule.process in {"", process}]
    columns = {rule.column: rule.applies(seen).to_numpy(bool) * rule.vote for rule in chosen}
    return pd.DataFrame(columns, index=features.index).astype("int8")


def weak_label(cast: pd.DataFrame) -> pd.Series[int]:
    """Return the majority of the votes *cast*: Int8 1 or 0, NA where none was cast or both sides are equal."""
    balance = cast.sum(axis=1)
    label = (balance > 0).astype("Int8")
    return label.mask(balance == 0).rename("weak_label")


def summary(cast: pd.DataFrame, truth: pd.Series[int] | None = None) -> pd.DataFrame:
    """Return how the rules that voted behave: one row per rule.

    Columns: `rule` (its name), `vote`, `why`, `families` (on how many it votes), `coverage` (as a share), `overlap`
    (share on which another rule votes too), `conflict` (share on which another rule disagrees); and where *truth*
    (1, 0 or NA by family) is given, `judged` and `accuracy`, the share of its votes on judged families that are right
    (NA if none).
    """
    size = max(len(cast), 1)
    spoke = cast != ABSTAIN
    rows = []
    for rule in (rule for rule in rules() if rule.column in cast):
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
