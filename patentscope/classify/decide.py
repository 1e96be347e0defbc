"""Each simple family's topic, decided once on the union of its members' texts and classes: words, rules, label, score.

This is the door of the classifier. Its columns are facts and opinions, not the answer: which of them make a family on
topic is for the reading of the query to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from patentscope.classify.decision import Decision
from patentscope.classify.features import Seen, put_together, read_block, scopes, topic_of
from patentscope.classify.model import model
from patentscope.classify.model.documents import Documents
from patentscope.classify.texts import FamilyTexts, Rows
from patentscope.classify.weak_labels import EASY, NO, summary, votes, weak_label
from patentscope.engines.aside import Aside
from patentscope.engines.workers import dismiss, each
from patentscope.errors import NotEnoughEvidence

_DIGITS = 9


def decide(
    texts: FamilyTexts,
    terms: Mapping[str, Mapping[str, Sequence[str]]],
    class_hits: pd.DataFrame,
    *,
    taught: pd.Series[int] | None = None,
) -> Decision:
    """Decide the topic of families; the same input gives the same output, however many processes read it.

    Args:
        texts: The families' texts: all members' titles and abstracts; a family may have none.
        terms: The query's phrases, `terms[language][group]`.
        class_hits: bool, one row per family in the same order, one column per class group of the query.
        taught: A reader's labels to train on, by family, in the same order (1, 0 or NA); they go before what the rules
            say of a family.

    Raises:
        ValueError: The rows of *class_hits* are not those of *texts*.
        WriteError: The texts' tokens can't be put aside.
        WorkerLost: The system ended a process.
    """
    if not class_hits.index.equals(texts.family_id.index):
        raise ValueError("class_hits is not indexed like the families")
    try:
        seen = list(each(partial(_read, terms=terms, pair=topic_of(terms, class_hits)), texts.blocks))
        features, found = put_together(seen, terms, class_hits)
        cast = votes(features, topic_of(terms, class_hits)[1])
        label = weak_label(cast)
        lesson = _training_labels(label, cast)
        if taught is not None:
            lesson = taught.astype("Int64").set_axis(lesson.index).fillna(lesson)
        documents = [block.documents for block in seen]
        scored, why_not = _scored(documents, lesson, features["has_text"].to_numpy(bool))
    finally:
        dismiss()
    kept = ["script", "has_text", *(name for name in map(str, features) if name.startswith(("terms_", "feed_")))]
    table = pd.concat([features[kept], scopes(features), cast, label], axis=1)
    # Another processor's sums differ in the last digit: these digits are the same on all.
    table["score"] = np.round(scored.scores, _DIGITS) if scored else np.nan
    table["in_classifier"] = (table["score"] >= model.THRESHOLD).astype("boolean").mask(table["score"].isna())
    table.insert(0, "family_id", texts.family_id)
    return Decision(
        table=table,
        found=found,
        rules=summary(cast),
        trained=scored is not None,
        why_not=why_not,
        card=scored.card | _taught(taught) if scored else {},
    )


def _read(rows: Rows, terms: Mapping[str, Mapping[str, Sequence[str]]], pair: tuple[str, str]) -> Seen:
    """Read a block; where its texts were put aside, so are its tokens."""
    seen = read_block(rows.read(), terms, pair)
    return replace(seen, documents=Aside.put(seen.documents.get(), rows.aside))


def _taught(taught: pd.Series[int] | None) -> dict[str, int]:
    """Return what the model's card says of a reader's labels, where it was trained on any."""
    count = 0 if taught is None else int(taught.notna().sum())
    return {"n_taught": count} if count else {}


def _scored(
    blocks: Sequence[Aside[Documents]], labels: pd.Series[int], has_text: model.Bools
) -> tuple[model.Scored | None, str]:
    """Return the text model's scores, or None and the reason why there are none."""
    try:
        return model.score(blocks, labels, has_text=has_text), ""
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
