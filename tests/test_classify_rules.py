"""Each rule takes what it should, leaves what it should, and leaves a near miss; together they make a weak label."""

from __future__ import annotations

import pandas as pd
import pytest

from patentscope.classify.features import build_features, false_friends, topic_groups, vocabulary
from patentscope.classify.rules import rules, summary, votes, weak_label

TERMS = {
    "en": {
        "rare_earth": ["rare earth", "neodymium", "cerium", "lanthanum"],
        "recycling": ["recycle", "recover", "recovery", "regenerate", "regeneration"],
        "carrier": ["fluorescent lamp"],
    },
    "zh": {"rare_earth": ["稀土", "铈"], "recycling": ["回收", "再生"]},
    "ja": {"rare_earth": ["希土類", "セリウム"], "recycling": ["リサイクル", "回収", "再生"]},
}
BOTH = {"rare_earth": True, "recycling": True}
MATERIAL = {"rare_earth": True, "recycling": False}
PROCESS = {"rare_earth": False, "recycling": True}
NEITHER = {"rare_earth": False, "recycling": False}


def cast(text, classes=NEITHER):
    """Return all rules' votes on one family."""
    texts = [text] if isinstance(text, str) else text
    return votes(build_features([texts], TERMS, pd.DataFrame([classes]))).iloc[0]


def label(text, classes=NEITHER):
    """Return the weak label of one family, None for NA."""
    value = weak_label(cast(text, classes).to_frame().T).iloc[0]
    return None if pd.isna(value) else int(value)


#: rule: one (text, classes) it takes, one it leaves, one near miss that it leaves too.
CASES = {
    "classes_and_terms": (
        ("Recovery of rare earths", BOTH),
        ("Recovery of copper", BOTH),
        ("Recovery of rare earths", MATERIAL),
    ),
    "same_sentence": (
        ("Recovery of cerium", NEITHER),
        ("Cerium oxide", NEITHER),
        ("Heat is recovered. The catalyst holds cerium.", NEITHER),
    ),
    "waste_feed": (
        ("Treating neodymium magnet scrap", NEITHER),
        ("Treating neodymium magnets", NEITHER),
        ("Waste water is treated with lanthanum", NEITHER),
    ),
    "primary_feed": (
        ("Recovering rare earths from monazite ore", NEITHER),
        ("Recovering rare earths from magnets", NEITHER),
        ("Recovering rare earths from ore processing waste", NEITHER),
    ),
    "no_process": (
        ("Rare earth magnet", MATERIAL),
        ("Rare earth magnet", BOTH),
        ("Aimant à base de terres rares", MATERIAL),  # French: what it says is not known
    ),
    "other_material": (
        ("Recycling of copper", PROCESS),
        ("Recycling of cerium", PROCESS),
        ("Recycling of fluorescent lamps", PROCESS),  # a carrier of the material
    ),
    "off_topic": (
        ("Coffee machine", NEITHER),
        ("Cerium machine", NEITHER),
        ("Machine à café pour la maison", NEITHER),
    ),
    "signal": (
        ("Clock recovery with a lanthanum laser", NEITHER),
        ("Recovery of lanthanum lasers", NEITHER),
        ("Signal recovery from neodymium scrap", NEITHER),
    ),
    "heat": (
        ("Heat recovery unit with neodymium motor", NEITHER),
        ("Recovery of neodymium by heat", NEITHER),
        ("Heat recovery in recycling neodymium", PROCESS),
    ),
    "oil": (
        ("Enhanced oil recovery with cerium salts", NEITHER),
        ("Recovery of oil sludge with cerium", NEITHER),
        ("Oil recovery from spent cerium polish", NEITHER),
    ),
    "regeneration": (
        ("Regenerating a catalyst that contains cerium", NEITHER),
        ("Regenerating cerium polish", NEITHER),
        ("Regenerating a catalyst: spent FCC catalyst with cerium", NEITHER),
    ),
    "water": (
        ("Phosphate removal by recoverable lanthanum clay", NEITHER),
        ("Removal of lanthanum by phosphate", NEITHER),
        ("Phosphate removal from lanthanum sludge", NEITHER),
    ),
    "rare_metal": (
        ("Recovery of rare metals", NEITHER),
        ("Recovery of metals", NEITHER),
        ("Recovery of rare metals and rare earths", NEITHER),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_rule(name):
    """A rule votes on the case it is for, and abstains on the other two."""
    rule = next(rule for rule in rules() if rule.name == name)
    takes, leaves, near_miss = CASES[name]
    assert cast(*takes)[rule.column] == rule.vote
    assert cast(*leaves)[rule.column] == 0
    assert cast(*near_miss)[rule.column] == 0


def test_every_rule_has_its_cases():
    """No rule goes without an example, a counter-example and a near miss."""
    assert set(CASES) == {rule.name for rule in rules()}


@pytest.mark.parametrize(
    ("text", "rule", "vote"),
    [
        ("废稀土抛光粉的处理", "waste_feed", 1),
        ("用稀土处理废水", "waste_feed", 0),  # waste water
        ("从稀土精矿中回收稀土", "primary_feed", -1),
        ("从稀土废料中回收稀土", "primary_feed", 0),
        ("稀有金属的回收", "rare_metal", -1),
        ("稀土金属的回收", "rare_metal", 0),
        ("铈基脱硝催化剂再生方法", "regeneration", -1),
        ("铈基抛光粉再生方法", "regeneration", 0),
        ("使用済みセリウム研磨材", "waste_feed", 1),
        ("セリウムによる廃水の処理", "waste_feed", 0),
        ("レアメタルの回収", "rare_metal", -1),
        ("希土類の回収", "rare_metal", 0),
        ("希土類磁石を用いた磁気記録再生装置", "signal", -1),  # 再生: playback
        ("希土類磁石の再生方法", "signal", 0),
        ("希土類を用いた蓄冷材", "heat", -1),
    ],
)
def test_chinese_and_japanese(text, rule, vote):
    """The rules read Chinese and Japanese by character, and leave the near misses there too."""
    assert cast(text)[f"rule_{rule}"] == vote


@pytest.mark.parametrize(
    ("text", "classes", "expected"),
    [
        ("Recycling of neodymium magnet scrap", BOTH, 1),
        ("Processes for recovering rare earths from ores", MATERIAL, 0),
        ("Rare earth magnet", MATERIAL, 0),
        ("Recycling of copper", PROCESS, 0),
        ("Coffee machine", NEITHER, 0),
        ("Recovering cerium from ores", BOTH, None),  # the classes say yes, the ore says no
        ("Recycling of fluorescent lamps", NEITHER, None),
        ([], BOTH, None),
        ("</script><script>alert('rare earth')</script>", MATERIAL, 0),
    ],
)
def test_weak_label(text, classes, expected):
    """The label is the majority of the votes; a tie, or silence, is no label."""
    assert label(text, classes) == expected


def test_union_of_members():
    """A family is judged on all its members' texts, and two members' words do not make one sentence."""
    assert label(["Aimants", "Recovery of rare earths from scrap"]) == 1
    assert cast(["Cerium oxide", "A recycling plant"])["rule_same_sentence"] == 0


def test_any_topic():
    """Nothing is wired to rare earths: with other groups the first is the material and the next the process."""
    terms = {"en": {"lithium": ["lithium"], "reuse": ["reuse"]}}
    features = build_features([["Reuse of lithium"]], terms, pd.DataFrame([{"lithium": False, "reuse": False}]))
    assert votes(features).iloc[0]["rule_same_sentence"] == 1
    assert topic_groups(["recycling", "lithium"], "rare_earth", "recycling") == ("lithium", "recycling")
    assert topic_groups(["lithium"], "rare_earth", "recycling") == ("lithium", "")
    assert topic_groups([], "rare_earth", "recycling") == ("", "")


def test_no_groups_at_all():
    """A query without terms or classes gives rows without opinions on the topic, and no crash."""
    features = build_features([["Coffee"], []], {}, pd.DataFrame(index=range(2)))
    assert votes(features)["rule_off_topic"].tolist() == [-1, 0]


def test_scripts_of_families():
    """A family in two scripts is mixed, and one without text has none."""
    features = build_features([["Magnet", "磁石の"], ["磁体"], []], TERMS, pd.DataFrame([NEITHER] * 3))
    assert features["script"].tolist() == ["mixed", "han", "none"]
    assert features["has_text"].tolist() == [True, True, False]


def test_summary():
    """Coverage, overlap, conflict and accuracy are counted by hand on four families."""
    texts = [["Recovering cerium"], ["Recovering cerium scrap"], ["Coffee"], ["Recovering cerium from ores"]]
    classes = pd.DataFrame([NEITHER, NEITHER, NEITHER, BOTH])
    table = summary(votes(build_features(texts, TERMS, classes)), pd.Series([1, 0, 0, pd.NA], dtype="Int8"))
    by_rule = table.set_index("rule")
    together = by_rule.loc["same_sentence"]
    assert (together["families"], together["coverage"], together["overlap"]) == (2, 0.5, 0.25)
    assert (together["judged"], together["accuracy"]) == (2, 0.5)
    assert by_rule.loc["classes_and_terms", "conflict"] == 0.25
    assert by_rule.loc["primary_feed", "conflict"] == 0.25
    assert by_rule.loc["off_topic", "accuracy"] == 1
    assert pd.isna(by_rule.loc["oil", "accuracy"])
    assert "accuracy" not in summary(votes(build_features(texts, TERMS, classes)))


def test_word_lists_are_complete():
    """Every group of our own lists says why it is there, in three languages, and repeats no word."""
    for name in ("feed", "false_friends"):
        for group, entry in vocabulary(name).items():
            assert entry["why"], group
            for language in ("en", "zh", "ja"):
                assert len(set(entry[language])) == len(entry[language]), (group, language)
    assert "longer_words" not in false_friends()
