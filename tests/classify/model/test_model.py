"""The text model: honest scores, the same ones every time, and a plain refusal where there is too little to learn."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from patentscope.classify.decide import decide
from patentscope.classify.model import model
from patentscope.classify.model.documents import Documents
from patentscope.classify.texts import FamilyTexts
from patentscope.engines.aside import Aside
from patentscope.errors import NotEnoughEvidence

TERMS = {
    "en": {"rare_earth": ["rare earth", "neodymium"], "recycling": ["recycle", "scrap"]},
    "zh": {"rare_earth": ["稀土"], "recycling": ["回收"]},
}
FEEDS = "magnet motor lamp battery phosphor catalyst glass alloy powder wheel disk fan".split()  # noqa: SIM905


def landscape(copies=3):
    """Return families on topic, hard and easy negatives, one without text, one with hostile text, and their classes."""
    rows = []
    for feed in FEEDS:
        for turn in range(copies):
            rows += [
                ([f"Recycling rare earth {feed} scrap by leaching, route {turn}", f"从{feed}回收稀土"], True, True),
                ([f"Sintered rare earth {feed} with high coercivity, grade {turn}"], True, False),
                ([f"Recycling of plastic from a {feed} housing, size {turn}"], False, True),
                ([f"Coffee brewer with {feed} sensor, model {turn}"], False, False),
            ]
    rows += [([], True, True), (["</script><script>alert(1)</script> rare earth"], True, True)]
    families = pd.DataFrame({"family_id": [f"F{i:04d}" for i in range(len(rows))], "texts": [row[0] for row in rows]})
    classes = pd.DataFrame([row[1:] for row in rows], columns=["rare_earth", "recycling"])
    return families, classes


def of_bodies(texts):
    """Return *texts* as a block of documents without titles."""
    return [Aside(Documents.of([""] * len(texts), texts))]


@pytest.fixture(scope="module")
def decision():
    """The landscape above, decided once."""
    families, classes = landscape()
    return decide(FamilyTexts.of(families), TERMS, classes)


def test_table(decision):
    """The table has a row per family and the columns that the readings and the report rely on."""
    table = decision.table
    assert table["family_id"].tolist() == [f"F{i:04d}" for i in range(146)]
    assert {"script", "has_text", "terms_rare_earth", "terms_recycling", "rule_same_sentence"} <= set(table)
    assert str(table["weak_label"].dtype) == "Int8"
    assert str(table["in_classifier"].dtype) == "boolean"
    assert str(table["rule_off_topic"].dtype) == "int8"
    assert table["script"].iloc[0] == "mixed"


def test_learns(decision):
    """On families that words can tell apart, the held-out scores do."""
    assert decision.trained
    assert decision.card["f1"] > 0.95
    on_topic = decision.table["in_classifier"].iloc[:144:4]
    assert on_topic.all()


def test_no_text_no_score(decision):
    """A family without text has no score and is neither in nor out; a hostile title is scored like any other."""
    silent, hostile = decision.table.iloc[144], decision.table.iloc[145]
    assert np.isnan(silent["score"])
    assert silent["in_classifier"] is pd.NA
    assert not silent["has_text"]
    assert 0 <= hostile["score"] <= 1


def test_card(decision):
    """The card counts its labels, names its limits, and is plain JSON; hard negatives are at least as many as easy."""
    card = json.loads(json.dumps(decision.card))
    labels = card["n_positive"], card["n_negative"], card["n_unlabelled"], card["n_without_text"]
    assert sum(labels) == card["families"] == 146
    assert (card["n_positive"], card["folds"], card["seed"], card["threshold"]) == (36, 5, 0, 0.5)
    assert card["limits"]


def test_easy_negatives_are_capped():
    """Of a hundred easy negatives and twelve hard ones, twelve of each are learnt from."""
    families, classes = landscape(1)
    keep = [i for i in range(48) if i % 4 in (0, 1)]
    extra = pd.DataFrame(
        {"family_id": [f"E{i:03d}" for i in range(100)], "texts": [[f"Tea pot {i}"] for i in range(100)]}
    )
    families = pd.concat([families.iloc[keep], extra], ignore_index=True)
    none = pd.DataFrame({"rare_earth": [False] * 100, "recycling": [False] * 100})
    classes = pd.concat([classes.iloc[keep], none], ignore_index=True)
    families = families.sort_values("family_id")
    card = decide(FamilyTexts.of(families), TERMS, classes.loc[families.index].reset_index(drop=True)).card
    assert (card["n_positive"], card["n_negative"]) == (12, 24)


def test_same_input_same_output(decision):
    """The same families give identical tables twice; read in blocks, each family has the same score."""
    families, classes = landscape()
    again = decide(FamilyTexts.of(families), TERMS, classes)
    pd.testing.assert_frame_equal(again.table, decision.table, check_exact=True)
    blocks = decide(FamilyTexts.of(families, 100), TERMS, classes)
    pd.testing.assert_frame_equal(blocks.table, decision.table, check_exact=True)
    assert again.card == blocks.card == decision.card


def test_too_few_labels():
    """Where the rules label fewer than ten families of a sign, nothing is trained and the reason is given."""
    families, classes = landscape(1)
    found = decide(FamilyTexts.of(families.iloc[:36]), TERMS, classes.iloc[:36])
    assert not found.trained
    assert found.why_not.startswith("the text model was not trained: the rules label 9 families")
    assert found.table["score"].isna().all()
    assert found.table["in_classifier"].isna().all()
    assert found.card == {}
    assert len(found.rules)


def test_no_families():
    """No families give an empty table with all its columns."""
    none = pd.DataFrame({"family_id": pd.Series([], dtype="str"), "texts": []})
    found = decide(FamilyTexts.of(none), TERMS, pd.DataFrame())
    assert len(found.table) == 0
    assert "score" in found.table
    assert not found.trained


def test_all_texts_equal():
    """Labels that all hang on one text are not enough evidence: nothing could be held out."""
    texts = ["recycling rare earth scrap"] * 20 + [f"coffee {i}" for i in range(20)]
    with pytest.raises(NotEnoughEvidence, match="the same text"):
        model.score(of_bodies(texts), pd.Series([1] * 20 + [0] * 20, dtype="Int8"))


def test_score_is_held_out():
    """A labelled family's score comes from a model without it: a label that contradicts its text is not learnt."""
    texts = [f"recycling scrap of {feed} {i}" for feed in FEEDS for i in (1, 2)]
    texts += [f"coffee brewer {feed} {i}" for feed in FEEDS for i in (1, 2)]
    labels = pd.Series([1] * 24 + [0] * 24, dtype="Int8")
    labels.iloc[0] = 0
    assert model.score(of_bodies(texts), labels).scores[0] > 0.5


def test_ids_must_be_unique_and_rows_must_agree():
    """Two rows of one family, or classes of other families, are a fault of the caller and said so."""
    families, classes = landscape(1)
    with pytest.raises(ValueError, match="twice or out of order"):
        FamilyTexts.of(families.iloc[::-1])
    with pytest.raises(ValueError, match="twice or out of order"):
        FamilyTexts.of(pd.concat([families, families]))
    with pytest.raises(ValueError, match="indexed like"):
        decide(FamilyTexts.of(families), TERMS, classes.iloc[::-1])


def test_more_labels_than_are_learnt_from():
    """Of more labels than the limit, those drawn are learnt from and all are scored; the card counts the others."""
    few = 400
    size = model.MOST_LABELS + few
    texts = [f"scrap {i % 97}" if i % 2 else f"coffee {i % 89}" for i in range(size)]
    found = model.score(of_bodies(texts), pd.Series([i % 2 for i in range(size)], dtype="Int8"))
    assert found.card["n_not_learnt_from"] == few
    assert found.card["n_positive"] + found.card["n_negative"] == model.MOST_LABELS
    assert ((found.scores > 0.5) == np.arange(size) % 2).all()


def test_scores_are_probabilities():
    """Where a word marks two thirds of the positives and a third of the others, scores say two thirds and one third."""
    generator = np.random.default_rng(0)
    y = np.arange(600) % 2
    marked = generator.random(600) < np.where(y == 1, 2 / 3, 1 / 3)
    texts = [f"{'magnet' if mark else 'lamp'} number {i}" for i, mark in enumerate(marked)]
    found = model.score(of_bodies(texts), pd.Series(y, dtype="Int8"))
    assert found.card["calibrated"]
    assert found.scores[marked].mean() == pytest.approx(y[marked].mean(), abs=0.05)
    assert found.scores[~marked].mean() == pytest.approx(y[~marked].mean(), abs=0.05)
