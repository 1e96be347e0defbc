"""The classifier tried on a user's own labels: precision, recall, F1 and average precision, each with an interval.

What is measured is the whole procedure: a stack of text models trained, calibrated and given its threshold without
the documents that it is judged on (`classify.evaluate.trial`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from patentscope.classify.evaluate.examples import ANY, NO_LABEL, Example, Examples, Wanted, canonical, read_examples
from patentscope.classify.evaluate.remarks import remarks
from patentscope.classify.evaluate.scores import LEAST_OF_A_LABEL, Judged, calibration, measure
from patentscope.classify.evaluate.trial import cross_validate
from patentscope.classify.features import build_features, topic_groups
from patentscope.classify.model.folds import FOLDS, LEAST_FOLDS, related
from patentscope.classify.weak_labels import summary, votes
from patentscope.errors import NotEnoughEvidence, UsageError
from patentscope.provenance.progress import Progress
from patentscope.query.query import Query

Bools = np.typing.NDArray[np.bool_]

_MOST_VALUES = 100
NO_VALUE = "(empty)"
_LISTED = 12
_NOT_TERMS = [
    *("script", "has_text", "has_abstract", "is_readable"),
    *("material_class", "process_class", "material_terms", "process_terms"),
]


def evaluate(
    paths: Sequence[Path],
    wanted: Wanted,
    *,
    folds: int = FOLDS,
    seed: int = 0,
    query: Query | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> dict[str, Any]:
    """Return how well the classifier learns the labels in *paths*, all files pooled.

    Args:
        paths: CSV files, each with the wanted columns.
        wanted: which columns, and which label is the positive one.
        folds: of the outer and the inner cross-validation.
        seed: of folds, models and intervals.
        query: its terms become features of the model, and are measured as word lists of their own.
        progress: told what is being done.

    Raises:
        FileFormatError: a file can't be read.
        UsageError: a column is missing, no row has the positive label, or an option can't be carried out.
        NotEnoughEvidence: fewer than 10 rows with a text carry one of the labels, or none of them can be held out.
    """
    if folds < LEAST_FOLDS:
        raise UsageError(f"--folds {folds}: at least {LEAST_FOLDS} are needed, one to learn from and one to judge")
    examples = read_examples(paths, wanted)
    rows = examples.rows
    _check(examples, wanted)
    y = np.array([row.is_positive for row in rows], np.int64)
    groups = related([row.group for row in rows], [row.text for row in rows])
    features, lexicon = pd.DataFrame(), None
    if query is not None:
        texts = [[text for text in (row.title, row.body) if text] for row in rows]
        features, _ = build_features(texts, query.terms, pd.DataFrame(index=range(len(rows))))
        held = features.drop(columns=_NOT_TERMS)
        lexicon = sparse.csr_matrix(held.to_numpy(np.float64))
    trial = cross_validate(examples.documents, y, groups, lexicon=lexicon, folds=folds, seed=seed, progress=progress)
    progress(Progress("intervals"))
    judged = trial.judged
    results = {
        "overall": measure(judged, seed),
        "hard_negatives": _hard_negatives(rows, judged, wanted, seed),
        "by": {name: measure(judged.where(chosen), seed) for name, chosen in _parts(rows, wanted).items()},
        "rows": len(rows),
        "positives": int(y.sum()),
        "groups": int(groups.max()) + 1,
        "folds": trial.folds,
        "seed": seed,
        "labels": dict(Counter(row.label or NO_VALUE for row in rows).most_common(_MOST_VALUES)),
        "files": examples.files,
        "notes": remarks(examples, wanted, trial, folds),
        "calibration": calibration(judged),
        "model": trial.card(seed),
    }
    return results if query is None else {**results, **_words_alone(features, query, judged, seed)}


def _check(examples: Examples, wanted: Wanted) -> None:
    """Raise where fewer than 10 rows are positive or negative, or where an option can't be carried out on them."""
    rows, aside = examples.rows, examples.set_aside
    if not rows:
        why = ", ".join(f"{count} with {reason}" for reason, count in aside.items()) or "none at all"
        raise NotEnoughEvidence(f"no labelled text in any file; rows: {why}")
    positive = sum(row.is_positive for row in rows)
    negative = len(rows) - positive
    labels = Counter(row.label or NO_VALUE for row in rows).most_common(_LISTED)
    there = ", ".join(f"{label!r} ({count})" for label, count in labels)
    if not positive:
        raise UsageError(f"--positive {wanted.positive!r}: no row with a text has this label; labels there: {there}")
    if not negative:
        empty = f"; where an empty cell means off topic, say --positive '{ANY}'" if aside[NO_LABEL] else ""
        raise NotEnoughEvidence(f"one label only: {there}; rows that are off topic are needed too{empty}")
    if min(positive, negative) < LEAST_OF_A_LABEL:
        raise NotEnoughEvidence(
            f"{positive} positive and {negative} negative rows with a text; at least {LEAST_OF_A_LABEL} of each are "
            f"needed to learn and to judge; labels there: {there}"
        )
    values = len({row.by for row in rows})
    if wanted.hard[0] and not any(row.is_hard and not row.is_positive for row in rows):
        raise UsageError(f"--hard {'='.join(wanted.hard)}: no negative row with a text has this value")
    if wanted.by and values > _MOST_VALUES:
        raise UsageError(f"--by {wanted.by!r}: {values} different values; a column with at most {_MOST_VALUES} works")


def _hard_negatives(rows: Sequence[Example], judged: Judged, wanted: Wanted, seed: int) -> dict[str, Any]:
    """Return the metrics over positives and hard negatives alone.

    Hard are the rows that `--hard` names; else those of the negative label that is called positive most often, among
    labels of at least 10 rows. `by_label` has the positives against each negative label.
    """
    positive = judged.y == 1
    spelt: dict[str, str] = {}
    kinds = [spelt.setdefault(canonical(row.label), row.label or NO_VALUE) for row in rows]
    names = Counter(kind for kind, is_positive in zip(kinds, positive, strict=True) if not is_positive)
    kind = np.array(kinds)
    among = {name: positive | (kind == name) for name, _ in names.most_common(_MOST_VALUES)}
    parts = {name: measure(judged.where(chosen), seed) for name, chosen in among.items()}
    if wanted.hard[0]:
        hard, which = np.array([row.is_hard for row in rows], np.bool_) & ~positive, " = ".join(wanted.hard)
        metrics = measure(judged.where(positive | hard), seed)
    else:
        often = {name: judged.called[kind == name].mean() for name, size in names.items() if size >= LEAST_OF_A_LABEL}
        which = max(often, key=lambda name: (often[name], name)) if often else names.most_common(1)[0][0]
        hard, metrics = ~positive & (kind == which), parts[which]
    share = round(float(judged.called[hard].mean()), 6)
    only = " (the only negative label: these are all negatives)" if hard.sum() == (~positive).sum() else ""
    return {**metrics, "which": which + only, "called_positive": share, "by_label": parts}


def _parts(rows: Sequence[Example], wanted: Wanted) -> dict[str, Bools]:
    """Return for each value of `--by` which rows have it, the most frequent value first."""
    if not wanted.by:
        return {}
    value = np.array([row.by or NO_VALUE for row in rows])
    names = sorted(Counter(value.tolist()).items(), key=lambda item: (-item[1], item[0]))
    return {name: value == name for name, _ in names}


def _words_alone(features: pd.DataFrame, query: Query, judged: Judged, seed: int) -> dict[str, Any]:
    """Return how well each of the query's groups of terms does alone, and how the rules behave on these labels."""
    groups = list(dict.fromkeys(group for language in query.terms.values() for group in language))
    truth = pd.Series(judged.y, index=features.index, dtype="Int8")
    rules = summary(votes(features, topic_groups(groups)[1]), truth).astype(object)
    lists = {group: features[f"terms_{group}"].to_numpy(np.bool_) for group in groups}
    return {
        "word_lists": {
            name: measure(Judged(judged.y, held.astype(np.float64), held, judged.groups), seed)
            for name, held in lists.items()
        },
        "rules": rules.where(rules.notna(), None).to_dict(orient="records"),
    }
