"""Documents dealt into folds, so that each is judged by a model that saw neither it nor its relatives."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
import pandas as pd

from patentscope.errors import NotEnoughEvidence
from patentscope.records.components import Integers, components

FOLDS = 5
LEAST_FOLDS = 2


def related(*keys: Sequence[str] | Sequence[bytes]) -> Integers:
    """Return a group number per document; two documents share one if any of *keys* is the same for both.

    Args:
        keys: one sequence per kind of relation (family, text), as long as there are documents; an empty key relates to
            nothing. Relations carry over: a family whose text is another's is one group with it.
    """
    columns = [pd.Series(list(kind), dtype=object) for kind in keys]
    codes = [pd.factorize(column.where(column.ne("")))[0] for column in columns]
    links = np.concatenate([code * len(keys) + place for place, code in enumerate(codes)])
    documents = np.tile(np.arange(len(keys[0])), len(keys))
    is_related = np.concatenate(codes) >= 0
    return components(documents[is_related], links[is_related], len(keys[0]))


def fold_of(y: Integers, groups: Integers, folds: int, seed: int) -> Integers:
    """Return each document's fold, 0 to *folds* - 1; a group is never parted, and each fold has its share of positives.

    Groups are dealt like cards: the positive ones first, the largest first, those alike in an order drawn with *seed*,
    each to the fold that has the fewest of its kind so far.
    """
    numbers = np.unique(groups, return_inverse=True)[1]
    sizes = np.bincount(numbers)
    positives = np.bincount(numbers, weights=y)
    lot = np.random.default_rng(seed).permutation(len(sizes))
    dealt = np.lexsort((lot, -sizes, -positives))
    fold = np.zeros(len(sizes), np.int64)
    # For the positive groups, and then for the others: what each fold holds so far.
    held = {True: [(0.0, place) for place in range(folds)], False: [(0.0, place) for place in range(folds)]}
    for group in dealt.tolist():
        hands, worth = (held[True], positives[group]) if positives[group] else (held[False], sizes[group])
        count, place = heapq.heappop(hands)
        heapq.heappush(hands, (count + float(worth), place))
        fold[group] = place
    return np.asarray(fold[numbers], np.int64)


def folds_for(y: Integers, groups: Integers, wanted: int = FOLDS) -> int:
    """Return how many folds the labels allow: *wanted*, or fewer where few groups carry one of the labels.

    Raises:
        NotEnoughEvidence: where all documents of a label are of one group, so that none could be held out.
    """
    distinct = min(len(np.unique(groups[y == sign])) for sign in (0, 1))
    if distinct < LEAST_FOLDS:
        raise NotEnoughEvidence(
            "the text model was not trained: all documents with one of the labels have the same text or are of one "
            "group, so none can be held out"
        )
    return min(wanted, distinct)
