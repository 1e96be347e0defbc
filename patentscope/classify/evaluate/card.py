"""The card of a cross-validation: what its stacks were made of, and how well their members did alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import sklearn

from patentscope.classify.model.card import recipe
from patentscope.classify.model.vocabulary import BLOCKS

if TYPE_CHECKING:
    from patentscope.classify.evaluate.trial import Trial


_LIMITS_OF_A_TRIAL = (
    "The figures are of texts like those in the files; a topic, office or language that they lack is another task.",
    "Readers disagree: what the labels have wrong counts as the model's error.",
    "A score is calibrated to the share of positives in the files.",
)


def card_of_trial(trial: Trial, seed: int) -> dict[str, Any]:
    """Return what the stacks of a cross-validation were made of, and how well their members did alone."""
    made = [recipe(stack, y) for stack, y in zip(trial.stacks, trial.taught, strict=True)]
    return {
        "model": "a stack of text models, trained anew in every fold",
        "stacks": dict(Counter(one["model"].removeprefix("stack: ") for one in made)),
        "members": {name: title for one in made for name, title in one["members"].items()},
        "alone": [one["alone"] for one in made],
        "calibrated": all(one["calibrated"] for one in made),
        "thresholds": [one["best_threshold"] for one in made],
        "blocks": list(BLOCKS.values()),
        "features": trial.features,
        "seed": seed,
        "sklearn": sklearn.__version__,
        "limits": list(_LIMITS_OF_A_TRIAL),
    }
