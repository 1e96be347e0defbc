"""The card of a text model: what it is made of, what it learnt from, and how far it may be trusted."""

from __future__ import annotations

from typing import Any

import sklearn
from sklearn.metrics import average_precision_score, f1_score

from patentscope.classify.model.members import Labels
from patentscope.classify.model.stack import Stack
from patentscope.classify.model.vocabulary import BLOCKS, Vocabulary


def recipe(stack: Stack, y: Labels) -> dict[str, Any]:
    """Return what a stack is made of that was trained on labels *y*, in plain values that JSON can hold.

    `alone` is each member's average precision on documents not seen; `best_threshold` is the one of the highest
    expected F1.
    """
    return {
        "model": "stack: " + " + ".join(member.name for member in stack.members),
        "members": {member.name: member.title for member in stack.members},
        "alone": {
            member.name: round(float(average_precision_score(y, margins)), 6)
            for member, margins in zip(stack.members, stack.unseen.T, strict=True)
        },
        "calibrated": stack.is_calibrated,
        "best_threshold": round(stack.threshold, 6),
        "folds": stack.folds,
    }


def card_of(stack: Stack, vocabulary: Vocabulary, y: Labels, threshold: float, seed: int) -> dict[str, Any]:
    """Return what a reader must know of a model that was trained on weak labels.

    `threshold` is the one that is used, at which `f1` is measured.
    """
    return {
        **recipe(stack, y),
        "blocks": list(BLOCKS.values()),
        "features": vocabulary.width,
        "n_positive": int(y.sum()),
        "n_negative": int(len(y) - y.sum()),
        "scored_by": "machines that did not see it; a family without a label by the mean of the machines of all folds",
        "threshold": threshold,
        "f1": round(float(f1_score(y, stack.held_out >= threshold)), 6),
        "average_precision": round(float(average_precision_score(y, stack.held_out)), 6),
        "seed": seed,
        "sklearn": sklearn.__version__,
        "limits": [
            "The labels are weak: votes of rules over classes and words, not judgements of readers.",
            "F1 and average precision say how well text predicts those votes, not how well it predicts the topic.",
            "A score is calibrated, if at all, to the share of positives among the weak labels, not in the world.",
            "Families in languages other than English, Chinese and Japanese are scored by pieces of words alone.",
            "Families without any text have no score.",
        ],
    }
