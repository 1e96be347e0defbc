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

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from patentscope.classify.features import RECYCLING, WORKED_ON, false_friends, stated_feeds

YES, NO, ABSTAIN = 1, -1, 0
#: The one rule whose "no" is easy; the others' are near misses.
EASY = "rule_off_topic"
#: How the features from our own word lists begin.
_OWN_WORDS = ("feed_", "output_", "friend_", "beside_")


@dataclass(frozen=True)
class Rule:
    """One opinion: of the families that it speaks of it votes *vote* (+1 or -1), else it abstains.

    *process* is the only process that it is about; empty for a rule of any topic.
    """

    name: str
    vote: int
    why: str
    process: str = ""

    @property
    def column(self) -> str:
        """The name of the rule's column in tables."""
        return f"rule_{self.name}"


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Return all rules: those that say yes, those that say no, and one for each group of false friends."""
    return (
        Rule("classes_and_terms", YES, "classes and text both name material and process"),
        Rule("same_sentence", YES, "one sentence names both, and nothing misleads"),
        Rule("waste_feed", YES, "one sentence names the material and waste, scrap or a by-product", RECYCLING),
        Rule("output", YES, "that sentence also names a metal, compound, magnet or powder", RECYCLING),
        Rule("primary_feed", NO, "ore or another first source, and no waste", RECYCLING),
        Rule("no_process", NO, "the material without a sign of the process in text or class"),
        Rule("other_material", NO, "the process without a sign of the material in text or class"),
        Rule("off_topic", NO, "neither the material nor the process: an easy negative"),
        *(Rule(kind, NO, why, RECYCLING) for kind, why in false_friends().items()),
    )


def _speaking(seen: pd.DataFrame) -> dict[str, pd.Series[bool]]:
    """Return by rule which families it speaks of."""
    states_waste = seen[stated_feeds()].any(axis=1)
    says_waste = states_waste | seen[WORKED_ON]
    some_term = seen["material_terms"] | seen["process_terms"]
    both_terms = seen["material_terms"] & seen["process_terms"]
    is_material = seen["material_terms"] | seen["material_class"]
    is_process = seen["process_terms"] | seen["process_class"] | says_waste
    # A false friend speaks where a term of the query is there to be mistaken, and nothing says waste.
    mistaken = {"rare_metal": seen["process_terms"] & ~is_material, "ingredient": both_terms}
    misleading = {
        kind: seen[f"friend_{kind}"] & ~says_waste & ~seen["process_class"] & mistaken.get(kind, some_term)
        for kind in false_friends()
    }
    misleading["primary_feed"] = seen["feed_primary"] & ~says_waste
    # A title need not say where things come from; an abstract that doesn't is about separation in general.
    has_feed = states_waste | seen["carrier"] | ~seen["has_abstract"] | ~seen["is_recycling"]
    # An abstract names what is won; a title may leave it out, so it must name something else.
    names_other = seen["has_abstract"] | seen["output_other"] | ~seen["is_recycling"]
    without_material = seen["is_readable"] & ~is_material & ~seen["carrier"]
    return misleading | {
        "classes_and_terms": seen["material_class"] & seen["process_class"] & both_terms,
        "same_sentence": seen["together"] & has_feed & ~pd.DataFrame(misleading).any(axis=1),
        "waste_feed": seen["beside_feed"],
        "output": seen["beside_output"],
        "no_process": seen["is_readable"] & is_material & ~is_process,
        "other_material": without_material & is_process & names_other,
        "off_topic": without_material & ~is_process,
    }


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
    speaking = _speaking(seen)
    chosen = [rule for rule in rules() if rule.process in {"", process}]
    columns = {rule.column: speaking[rule.name].to_numpy(bool) * rule.vote for rule in chosen}
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
