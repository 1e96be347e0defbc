"""Nothing is judged by what it taught: folds, weights, thresholds and choices are made without it, and always alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score, roc_auc_score
from threadpoolctl import threadpool_limits

from patentscope.classify.evaluate.scores import Judged, calibration, measure
from patentscope.classify.evaluate.trial import cross_validate
from patentscope.classify.model import stack
from patentscope.classify.model.documents import Documents
from patentscope.classify.model.folds import fold_of, folds_for, related
from patentscope.classify.model.members import LEXICON
from patentscope.classify.model.vocabulary import Vocabulary
from patentscope.errors import NotEnoughEvidence


def corpus(size=240, seed=0, *, titles=True):
    """Return documents a third of which is on topic, with words that tell, most of the time; and their labels."""
    heads, bodies, y = texts(size, seed)
    return Documents.of(heads if titles else [""] * size, bodies), y


def texts(size=240, seed=0):
    """Return the titles, bodies and labels of the documents of `corpus`."""
    generator = np.random.default_rng(seed)
    y = (np.arange(size) % 3 == 0).astype(np.int64)
    telling = np.where(generator.random(size) < 0.85, y, 1 - y)
    filler = generator.integers(0, 60, (size, 12))
    bodies = [
        " ".join([*(f"word{n}" for n in row), "recycled magnet scrap" if mark else "sintered motor part"])
        for row, mark in zip(filler, telling, strict=True)
    ]
    heads = ["Recovery of metal" if mark else "Device for holding" for mark in telling]
    return heads, bodies, y


def counted(documents):
    """Return the documents' counts."""
    return Vocabulary.learn(documents).counts(documents)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 30)), min_size=10, max_size=200), st.integers(2, 5))
@settings(max_examples=100)
def test_folds_never_part_a_group(rows, folds):
    """Each group is in one fold, each row in one of them, and the same seed deals alike."""
    y, groups = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    fold = fold_of(y, groups, folds, seed=1)
    assert set(fold) <= set(range(folds))
    for group in set(groups):
        assert len(set(fold[groups == group])) == 1
    assert (fold == fold_of(y, groups, folds, seed=1)).all()


def test_folds_share_positives_and_rows():
    """Unrelated documents are dealt so evenly that folds differ by one positive and one other at most."""
    y = np.array([1] * 53 + [0] * 212)
    fold = fold_of(y, np.arange(len(y)), 5, seed=0)
    for sign in (0, 1):
        sizes = np.bincount(fold[y == sign], minlength=5)
        assert sizes.max() - sizes.min() <= 1
    assert (fold != fold_of(y, np.arange(len(y)), 5, seed=1)).any()


def test_relations_carry_over():
    """Equal texts in two families make one group of all their members; an empty key relates to nothing."""
    groups = related(["F1", "F1", "F2", "F2", "", ""], ["a", "b", "b", "c", "d", ""])
    assert len(set(groups[:4])) == 1
    assert len(set(groups.tolist())) == 3


def test_a_label_of_one_group_can_not_be_held_out():
    """Where all positives are of one family, there is no fold to be had, and that is said."""
    with pytest.raises(NotEnoughEvidence, match="none can be held out"):
        folds_for(np.array([1, 1, 0, 0]), np.array([0, 0, 1, 2]))
    assert folds_for(np.array([1, 1, 1, 0, 0, 0]), np.arange(6)) == 3


def test_a_wrong_label_is_not_learnt():
    """A document's held-out score comes from members without it: a label that contradicts its text doesn't show."""
    heads, bodies, y = texts()
    documents, truth = Documents.of(heads, bodies), np.array(["recycled" in body for body in bodies])
    trained = stack.train(counted(documents), y, np.arange(len(y)))
    wrong = truth != y
    assert wrong.sum() > 20
    assert roc_auc_score(truth[wrong], trained.held_out[wrong]) > 0.95


def test_same_scores_on_any_number_of_threads():
    """Scores are the same to the last digit on one thread and on two, with every kind of member."""
    heads, bodies, y = texts()
    counts = counted(Documents.of(heads, [f"{body} {' '.join(bodies[:4])}" for body in bodies]))
    counts[LEXICON] = sparse.csr_matrix(np.array([["scrap" in body] for body in bodies], np.float64))
    found = []
    for threads in (1, 2, 2):
        with threadpool_limits(threads):
            trained = stack.train(counts, y, np.arange(len(y)), seed=3)
            found.append((trained.unseen.tobytes(), trained.held_out.tobytes(), trained.scores(counts).tobytes()))
    assert found[0] == found[1] == found[2]
    assert [member.name for member in trained.members] == ["text", "words", "title", "lead", "trees"]


def test_titles_and_leads_are_views_where_documents_have_them():
    """Where the titles alone tell, the stack does; titles are no view without titles, nor leads without more text."""
    generator = np.random.default_rng(0)
    y = np.arange(200) % 2
    bodies = [" ".join(f"word{n}" for n in generator.integers(0, 30, 150)) + " recovery device" for _ in y]
    titled = Documents.of(["recovery" if sign else "device" for sign in y], bodies)
    trained = stack.train(counted(titled), y, np.arange(200))
    assert [member.name for member in trained.members] == ["text", "words", "title", "lead"]
    assert f1_score(y, trained.held_out >= trained.threshold) > 0.95
    bare = stack.train(counted(corpus(titles=False)[0]), corpus()[1], np.arange(240))
    assert [member.name for member in bare.members] == ["text", "words"]


def test_every_text_has_a_score():
    """Texts of nothing, of marks, of unknown words, of every word there is, or of a million have scores from 0 to 1."""
    documents, y = corpus(titles=False)
    vocabulary = Vocabulary.learn(documents)
    trained = stack.train(vocabulary.counts(documents), y, np.arange(len(y)))
    odd = ["", "...", "稀土", "\x00\u202e<script>", " ".join(vocabulary.words), "recycled magnet scrap " * 333_333]
    scores = trained.scores(vocabulary.counts(Documents.of([""] * len(odd), odd)))
    assert ((scores >= 0) & (scores <= 1)).all()


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=40))
def test_threshold_has_the_highest_expected_f1(scores):
    """No cut of the ranking promises a higher F1 than the one at the threshold."""
    scores = np.array(scores)

    def expected(called):
        return 2 * scores[called].sum() / (called.sum() + scores.sum())

    found = expected(scores >= stack.threshold_of(scores))
    assert all(found >= expected(scores >= cut) - 1e-9 for cut in scores)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 5)), min_size=40, max_size=80))
@settings(max_examples=50)
def test_metrics_equal_scikit_learn(rows):
    """Metrics equal scikit-learn's, ties included, and lie in their intervals."""
    y, steps = (np.array(column) for column in zip(*rows, strict=True))
    scores, called = steps / 5, steps >= 3
    found = measure(Judged(y, scores, called, np.arange(len(y))), seed=0, draws=50)
    if "not_enough_evidence" in found:
        assert min(y.sum(), len(y) - y.sum()) < 10
        assert found["f1"]["value"] is None
        return
    assert found["f1"]["value"] == pytest.approx(f1_score(y, called), abs=1e-6)
    assert found["recall"]["value"] == pytest.approx(recall_score(y, called), abs=1e-6)
    if called.any():
        assert found["precision"]["value"] == pytest.approx(precision_score(y, called), abs=1e-6)
    assert found["average_precision"]["value"] == pytest.approx(average_precision_score(y, scores), abs=1e-6)


def test_intervals_are_of_groups():
    """Ten copies of every document make no interval narrower, because copies are drawn together."""
    generator = np.random.default_rng(0)
    y = np.arange(80) % 2
    scores = np.clip(y * 0.3 + generator.random(80) * 0.7, 0, 1)
    once = measure(Judged(y, scores, scores > 0.5, np.arange(80)), seed=0)
    tenfold = measure(Judged(*(np.tile(part, 10) for part in (y, scores, scores > 0.5, np.arange(80)))), seed=0)
    apart = measure(Judged(*(np.tile(part, 10) for part in (y, scores, scores > 0.5)), np.arange(800)), seed=0)
    assert tenfold["f1"] == once["f1"]
    assert apart["f1"]["high"] - apart["f1"]["low"] < 0.5 * (once["f1"]["high"] - once["f1"]["low"])
    assert once["f1"]["low"] < once["f1"]["value"] < once["f1"]["high"]


def test_calibration_counts_every_document():
    """The tenths of a calibration hold every document once, a score of 1 too."""
    found = calibration(Judged(np.array([1, 0, 1]), np.array([1.0, 0.0, 0.95]), np.array([True] * 3), np.arange(3)))
    assert [(part["from"], part["rows"]) for part in found["bins"]] == [(0.0, 1), (0.9, 2)]
    assert found["brier"] == pytest.approx(0.0025 / 3, abs=1e-6)


def test_cross_validation_finds_what_is_there_and_no_more():
    """F1 comes near what the words can tell (85 % of labels), and labels without a signal are not learnt."""
    heads, bodies, y = texts(480)
    documents, truth = Documents.of(heads, bodies), np.array(["recycled" in body for body in bodies])
    judged = cross_validate(documents, y, np.arange(480)).judged
    assert f1_score(y, judged.called) == pytest.approx(f1_score(y, truth), abs=0.05)
    shuffled = np.random.default_rng(5).permutation(y)
    nothing = cross_validate(documents, shuffled, np.arange(480)).judged
    assert average_precision_score(shuffled, nothing.scores) == pytest.approx(1 / 3, abs=0.08)
