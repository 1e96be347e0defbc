"""A stack of text models: their margins on documents they did not see are weighed against each other, and calibrated.

Wolpert 1992, "Stacked generalization". Weights, calibration and threshold are fitted to the labels that were held out
from the members; so a test by cross-validation has to go round all of this.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from patentscope.classify.model.folds import FOLDS, fold_of, folds_for
from patentscope.classify.model.margins import Blend, Floats, Margins, Scorer
from patentscope.classify.model.members import LEAD, LEXICON, TEXT, TITLE, TREES, WORDS, Labels, Member
from patentscope.classify.model.vocabulary import Counts
from patentscope.engines.workers import each

#: Below so many labels of either sign, a fitted calibration curve is more noise than cure.
LEAST_TO_CALIBRATE = 30
_SHRINKAGE = 0.1
_UNSHRUNK = 1e6
_HALF = 0.5


@dataclass(frozen=True)
class Stack:
    """A trained stack.

    Attributes:
        members: what was trained.
        unseen: each member's margins of the documents that it was trained on, each by the machine of the one fold that
            did not see it; a column per member. Other documents get the mean of the machines of all folds.
        held_out: the scores of the same documents, from those margins.
        threshold: the score from which on a document is called positive, so that F1 may be expected to be highest.
        is_calibrated: whether scores are probabilities; else they only rank.
        folds: how many the training documents were dealt into.
        scorer: gives documents that it was not trained on their scores.
    """

    members: tuple[Member, ...]
    unseen: Floats
    held_out: Floats
    threshold: float
    is_calibrated: bool
    folds: int
    scorer: Scorer

    def scores(self, counts: Counts) -> Floats:
        """Return the scores, 0 to 1, of documents that it was not trained on."""
        with threadpool_limits(1):
            return self.scorer.scores(counts)


def train(counts: Counts, y: Labels, groups: npt.NDArray[np.int64], seed: int = 0, folds: int = FOLDS) -> Stack:
    """Train and calibrate a stack of the members that the documents allow, dealt into at most *folds*.

    *counts* are those of a `Vocabulary`, with a query's terms as `lexicon` where there are any; documents of one of
    *groups* are held out together. Where there are other processes, members are trained side by side.

    Raises:
        NotEnoughEvidence: where no document of a label could be held out.
    """
    count = folds_for(y, groups, folds)
    fold = fold_of(y, groups, count, seed)
    members, is_enough = members_for(counts), bool(min(y.sum(), len(y) - y.sum()) >= LEAST_TO_CALIBRATE)
    views = [{name: one for name, one in counts.items() if name in (*member.blocks, LEXICON)} for member in members]
    taught = each(partial(_taught, y, fold, seed), list(zip(members, views, strict=True)))
    import sklearn.linear_model  # noqa: F401, PLC0415 - it takes a second, while others work

    margins, machines = zip(*taught, strict=True)
    with threadpool_limits(1):
        unseen = np.column_stack(margins)
        blend = _blended(unseen, y, is_enough=is_enough)
    scores = blend.scores(unseen)
    threshold = threshold_of(scores) if is_enough else _HALF
    return Stack(members, unseen, scores, threshold, is_enough, count, Scorer(machines, blend))


def _taught(y: Labels, fold: Labels, seed: int, task: tuple[Member, Counts]) -> tuple[Floats, Margins]:
    """Train one member."""
    member, counts = task
    # Sums over several threads differ in their last digits, and a tree may branch on those.
    with threadpool_limits(1):
        return member.train(counts, y, fold, seed)


def members_for(counts: Counts) -> tuple[Member, ...]:
    """Return the members that these documents allow.

    A view is one of its own where most documents have it and something beside it: a title, or a title and the words
    that lead a body. The trees need a query's terms.
    """
    names = ("words", "characters")
    whole, title, lead = (
        sum(np.diff(counts[f"{view}{name}"].indptr) for name in names) for view in ("", "title_", "lead_")
    )
    views = tuple(
        member
        for member, view in ((TITLE, title), (LEAD, lead))
        if ((view > 0) & (whole > view)).sum() * 2 > len(whole)
    )
    return (TEXT, WORDS, *views, *((TREES,) if LEXICON in counts else ()))


def _blended(margins: Floats, y: Labels, *, is_enough: bool) -> Blend:
    """Return how *margins*, one column per member, are best weighed; calibrated where there are enough labels.

    Calibration is Platt's sigmoid, with his targets just inside 0 and 1 (Platt 1999).
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above

    middle, spread = margins.mean(axis=0), margins.std(axis=0)
    spread[spread == 0] = 1
    blend = LogisticRegression(C=_SHRINKAGE).fit((margins - middle) / spread, y)
    weights = blend.coef_.ravel() / spread
    intercept = float(blend.intercept_[0] - (weights * middle).sum())
    if not is_enough:
        return Blend(weights, intercept)
    sums = (margins * weights).sum(axis=1) + intercept
    positives, negatives = int(y.sum()), int(len(y) - y.sum())
    target = np.where(y == 1, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    both = np.concatenate([np.ones(len(y), np.int64), np.zeros(len(y), np.int64)])
    curve = LogisticRegression(C=_UNSHRUNK).fit(
        np.concatenate([sums, sums]).reshape(-1, 1), both, sample_weight=np.concatenate([target, 1 - target])
    )
    slope, shift = float(curve.coef_[0, 0]), float(curve.intercept_[0])
    return Blend(weights * slope, intercept * slope + shift)


def threshold_of(scores: Floats) -> float:
    """Return the threshold at which F1 is expected to be highest, if *scores* are probabilities.

    It is smoother than the threshold that was best on the labels themselves, which is fitted to their noise.
    """
    falling = np.sort(scores)[::-1]
    expected = 2 * np.cumsum(falling) / (np.arange(1, len(falling) + 1) + falling.sum())
    best = int(np.argmax(expected))
    return float((falling[best] + falling[min(best + 1, len(falling) - 1)]) / 2)
