"""Each simple family's topic, decided once on the union of its members' texts and classes: words, rules, label, score.

This is the door of the classifier. Its columns are facts and opinions, not the answer: which of them make a family on
topic is for the reading of the query to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from patentscope.classify.decision import Decision
from patentscope.classify.features import build_features, clean_texts, scopes, topic_groups
from patentscope.classify.model import model
from patentscope.classify.model.vocabulary import Documents, documents_of
from patentscope.classify.weak_labels import EASY, NO, summary, votes, weak_label
from patentscope.errors import NotEnoughEvidence

_DIGITS = 9


def decide(
    families: pd.DataFrame,
    terms: Mapping[str, Mapping[str, Sequence[str]]],
    class_hits: pd.DataFrame,
    *,
    taught: pd.Series[int] | None = None,
) -> Decision:
    """Decide the topic of *families*; the same input gives the same output, whatever the order of its rows.

    Args:
        families: `family_id` (str, unique) and `texts` (list of str: all members' titles and abstracts; may be empty).
        terms: The query's phrases, `terms[language][group]`.
        class_hits: bool, indexed like *families*, one column per class group of the query.
        taught: A reader's labels to train on, by family, in the same order (1, 0 or NA); they go before what the rules
            say of a family.

    Raises:
        ValueError: A family id occurs twice, or the rows of *class_hits* are not those of *families*.
    """
    if families["family_id"].duplicated().any():
        raise ValueError("a family_id occurs twice; one row per simple family is expected")
    if not class_hits.index.equals(families.index):
        raise ValueError("class_hits is not indexed like families")
    order = np.argsort(families["family_id"].to_numpy(str), kind="stable")
    # Families mostly come in this order, and their texts may be too many to hold twice.
    is_sorted = bool((np.diff(order) > 0).all())
    texts = families["texts"] if is_sorted else families["texts"].iloc[order]
    features, found = build_features(texts, terms, class_hits.iloc[order])
    groups = [group for language in terms.values() for group in language]
    cast = votes(features, topic_groups((*groups, *class_hits.columns))[1])
    label = weak_label(cast)
    lesson = _training_labels(label, cast)
    if taught is not None:
        mine = taught.iloc[order].reset_index(drop=True)
        lesson = mine.astype("Int64").set_axis(lesson.index).fillna(lesson)
    scored, why_not = _scored(documents_of(map(clean_texts, texts)), lesson)
    kept = ["script", "has_text", *(name for name in map(str, features) if name.startswith(("terms_", "feed_")))]
    table = pd.concat([features[kept], scopes(features), cast, label], axis=1)
    # Another processor's sums differ in the last digit: these digits are the same on all.
    table["score"] = np.round(scored.scores, _DIGITS) if scored else np.nan
    table["in_classifier"] = (table["score"] >= model.THRESHOLD).astype("boolean").mask(table["score"].isna())
    table.insert(0, "family_id", families["family_id"].iloc[order].to_numpy())
    table.index = families.index[order]
    back = np.argsort(order)
    return Decision(
        table=table.iloc[back],
        found=replace(found, hits=found.hits[back]),
        rules=summary(cast),
        trained=scored is not None,
        why_not=why_not,
        card=scored.card | _taught(taught) if scored else {},
    )


def _taught(taught: pd.Series[int] | None) -> dict[str, int]:
    """Return what the model's card says of a reader's labels, where it was trained on any."""
    count = 0 if taught is None else int(taught.notna().sum())
    return {"n_taught": count} if count else {}


def _scored(documents: Documents, labels: pd.Series[int]) -> tuple[model.Scored | None, str]:
    """Return the text model's scores, or None and the reason why there are none."""
    try:
        return model.score(documents, labels), ""
    except NotEnoughEvidence as fault:
        return None, str(fault)


def _training_labels(label: pd.Series[int], cast: pd.DataFrame) -> pd.Series[int]:
    """Return *label* without the surplus of easy negatives: at most as many stay as there are hard ones.

    Else the model learns to tell the topic from the rest of the world, and not from its neighbours. Where there are
    hardly any hard ones, enough easy ones stay to train at all. Which ones stay is drawn, always alike.
    """
    is_easy = ((label == 0) & (cast[EASY] == NO)).fillna(value=False).to_numpy(bool)
    n_hard = int((label == 0).sum()) - int(is_easy.sum())
    easy = np.flatnonzero(is_easy)
    surplus = len(easy) - max(n_hard, model.LEAST_LABELS)
    if surplus <= 0:
        return label
    dropped = np.random.default_rng(0).choice(easy, surplus, replace=False)
    return label.mask(np.isin(np.arange(len(label)), dropped))
