"""What a reader of an evaluation must be told beside its figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from patentscope.classify.evaluate.examples import ANY, Example, Examples, Wanted, canonical
from patentscope.classify.evaluate.trial import Trial
from patentscope.classify.words.writing_system import scripts_of

_TWO = 2
_EXAMPLES = 3
_LISTED = 12
_IN_WORDS = {"latin": "Latin", "han": "Chinese", "kana": "Japanese", "other": "another"}


def remarks(examples: Examples, wanted: Wanted, trial: Trial, folds: int) -> list[str]:
    """Return plain sentences: what was taken for what, what speaks against the labels, and what is not known."""
    rows = examples.rows
    sentences = [_labels(rows, wanted), _contradictions(rows), _repeats(rows), _scripts(rows)]
    if examples.positives_without_text:
        sentences.append(
            f"{examples.positives_without_text} rows with the positive label have no text and were set aside: recall "
            "is of positives that have one."
        )
    if trial.folds < folds:
        sentences.append(f"{trial.folds} folds in place of {folds}: so few unrelated texts carry one of the labels.")
    sentences.append(
        "A difference under 0.03 between two results on about a thousand rows is noise; intervals hold folds and "
        "labels fixed."
    )
    return [text for text in sentences if text]


def _labels(rows: Sequence[Example], wanted: Wanted) -> str:
    """Say which labels were taken for negative, where that is not plain."""
    others = Counter(row.label for row in rows if not row.is_positive)
    if wanted.positive == ANY:
        return f"{others.total()} rows with an empty label were taken for negative, as --positive '{ANY}' asks."
    if len({canonical(label) for label in others}) < _TWO:
        return ""
    listed = ", ".join(f"{label!r} ({count})" for label, count in others.most_common(_LISTED))
    return f"Every label but {wanted.positive!r} was taken for negative: {listed}. --leave-out sets one aside."


def _contradictions(rows: Sequence[Example]) -> str:
    """Say how many texts carry both labels. Their rows are kept: a reader's doubt is part of the task."""
    by_text: dict[str, list[Example]] = defaultdict(list)
    for row in rows:
        by_text[row.text].append(row)
    both = [same for same in by_text.values() if len({row.is_positive for row in same}) == _TWO]
    if not both:
        return ""
    first = "; ".join(" and ".join(row.where for row in same[:_TWO]) for same in both[:_EXAMPLES])
    return (
        f"{len(both)} texts are labelled positive in one row and not in another ({sum(map(len, both))} rows, all kept; "
        f"first: {first})."
    )


def _repeats(rows: Sequence[Example]) -> str:
    repeated = len(rows) - len({row.text for row in rows})
    return f"{repeated} rows repeat another row's text; equal texts are held out together." if repeated else ""


def _scripts(rows: Sequence[Example]) -> str:
    """Say in which scripts the texts are."""
    scripts = scripts_of([f"{row.title} {row.body}" for row in rows]).value_counts()
    names = {str(name): int(count) for name, count in scripts.items() if name != "none"}
    if len(names) == 1:
        return f"All texts are in {_IN_WORDS[next(iter(names))]} script; nothing is known of texts in other scripts."
    listed = ", ".join(f"{_IN_WORDS[name]} {count}" for name, count in names.items())
    return f"Texts by script: {listed}. The figures are of all together."
