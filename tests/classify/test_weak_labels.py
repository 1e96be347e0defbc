"""Each rule takes what it should, leaves what it should, and leaves a near miss; together they make a weak label."""

from __future__ import annotations

import pandas as pd
import pytest

from patentscope.aggregate.audit.reader import family_labels
from patentscope.classify.features import LANGUAGES, build_features, false_friends, topic_groups, vocabulary
from patentscope.classify.weak_labels import rules, summary, votes, weak_label
from patentscope.cli.verbs_evaluate import rule_row
from patentscope.fetch.sample import read_labels
from patentscope.report.run_tables import RunTables
from patentscope.report.sections import records

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
    return votes(build_features([texts], TERMS, pd.DataFrame([classes]))[0]).iloc[0]


def label(text, classes=NEITHER):
    """Return the weak label of one family, None for NA."""
    value = weak_label(cast(text, classes).to_frame().T).iloc[0]
    return None if pd.isna(value) else int(value)


#: By rule, a line each in English, Chinese and Japanese: one text it takes, one it leaves, one near miss that it leaves
#: too; in brackets the classes of a family that has some. Nobody reads French here.
CASES = """
classes_and_terms
Recovery of rare earths [BOTH] | Recovery of copper [BOTH] | Recovery of rare earths [MATERIAL]
稀土的回收 [BOTH] | 铜的回收 [BOTH] | 稀土的回收 [MATERIAL]
希土類の回収 [BOTH] | 銅の回収 [BOTH] | 希土類の回収 [PROCESS]
same_sentence
Recovery of cerium | Cerium oxide | Heat is recovered. The catalyst holds cerium.
铈的回收 | 铈的氧化物 | 氢气被回收。催化剂含铈。
セリウムの回収 | セリウム酸化物 | 水素を回収する。触媒はセリウムを含む。
waste_feed
Treating neodymium scrap | Treating neodymium magnets | Waste water is treated with lanthanum
废稀土抛光粉的处理 | 稀土抛光粉的处理 | 用稀土处理废水
使用済みセリウム研磨材の処理 | セリウム研磨材の処理 | セリウムによる廃水の処理
output
Cerium oxide is won from sludge | Cerium is won from sludge | Sludge is treated. Cerium oxide is a polish.
由废渣制备氧化物稀土 | 由废渣提取稀土 | 处理废渣。稀土氧化物用于抛光。
廃材から希土類酸化物を得る | 廃材から希土類を得る | 廃材を処理する。希土類酸化物で磨く。
primary_feed
Recovering rare earths from monazite ore | Recovering rare earths from magnets | \
Recovering rare earths from ore processing waste
从稀土精矿中回收稀土 | 从磁体中回收稀土 | 从稀土精矿废渣中回收稀土
希土類鉱石からの回収 | 磁石からの希土類の回収 | 希土類鉱石の廃滓からの回収
no_process
Rare earth magnet [MATERIAL] | Rare earth magnet [BOTH] | Rare earth magnet scrap [MATERIAL]
稀土磁体 [MATERIAL] | 稀土磁体 [BOTH] | 稀土磁体废料 [MATERIAL]
希土類磁石 [MATERIAL] | 希土類磁石 [BOTH] | 使用済み希土類磁石 [MATERIAL]
other_material
Recycling of copper | Recycling of copper and cerium | Recycling of motors
铜的回收方法 | 铜和铈的回收方法 | 电机的回收方法
銅の回収方法 | 銅とセリウムの回収方法 | モータの回収方法
off_topic
Coffee machine | Cerium machine | Machine à café pour la maison
咖啡机 | 含铈咖啡机 | 废旧咖啡机
コーヒーメーカー | セリウムのコーヒーメーカー | コーヒーかすのスラッジ
signal
Clock recovery with a lanthanum laser | Recovery of lanthanum lasers | Signal recovery from neodymium scrap
用铈的信号再生装置 | 铈的再生装置 | 废铈的信号再生装置
希土類磁石を用いた磁気記録再生装置 | 希土類磁石の再生方法 | 使用済み希土類の情報再生装置
heat
Heat recovery unit with neodymium motor | Recovery of neodymium by heat | Heat recovery beside neodymium [PROCESS]
余热回收用稀土材料 | 加热回收稀土 | 废料余热回收用稀土
希土類を用いた蓄冷材 | 加熱による希土類の回収 | スクラップの希土類の熱回収
oil
Enhanced oil recovery with cerium salts | Recovery of cerium in oil | Oil recovery from spent cerium polish
含铈驱油剂的回收 | 油中铈的回收 | 含铈油田废渣的回收
セリウムを用いる油田 | 油中のセリウムの回収 | 油田のセリウムのスラッジ
fluid
Hydrogen recovery over cerium | Recovery of cerium with hydrogen | Hydrogen recovery beside cerium scrap
含铈膜的氢气回收装置 | 用氢气回收铈 | 废铈膜的氢气回收装置
セリウム膜による水素の回収 | 水素によるセリウムの回収 | 廃セリウム膜による水素の回収
regeneration
Regenerating a catalyst that contains cerium | Regenerating cerium polish | \
Regenerating a catalyst: spent FCC catalyst with cerium
铈基脱硝催化剂再生方法 | 铈基抛光粉再生方法 | 废旧铈基催化剂再生方法
セリウム触媒の再生 | セリウム研磨材の再生 | 使用済みセリウム触媒の再生
water
Phosphate removal by recoverable lanthanum clay | Removal of lanthanum by phosphate | \
Phosphate removal from lanthanum sludge
铈改性除磷材料 | 磷酸铈的回收 | 铈改性除磷材料的废渣
セリウムによるリン除去 | リン酸セリウムの回収 | セリウムスラッジのリン除去
ingredient
Recovery of light from a cerium doped crystal | A cerium doped crystal | \
Recovery of cerium from discarded doped crystals
铈掺杂晶体的再生 | 铈掺杂晶体 | 废旧铈掺杂晶体的回收
セリウムドープ結晶の再生 | セリウムドープ結晶 | 使用済みセリウムドープ結晶の回収
state
Bone regeneration with cerium | Cerium regeneration from bone | Bone regeneration: cerium waste is recycled
含铈骨再生材料 | 从骨中回收铈 | 含铈骨再生材料的废料
セリウムを含む骨再生材料 | 骨からのセリウムの回収 | 骨再生材料のセリウム屑
rare_metal
Recovery of rare metals | Recovery of metals | Recovery of rare metals and rare earths
稀有金属的回收 | 金属的回收 | 稀有金属和稀土的回收
レアメタルの回収 | 金属の回収 | レアメタルと希土類の回収
"""
#: By word list, in English, Chinese and Japanese: one text it takes / one near miss that it leaves.
WORDS = """
feed_end_of_life | End-of-life magnets / The data is discarded | 废旧磁体 / 废弃物 | 使用済み磁石 / 使用済み核燃料
feed_production_scrap | Grinding sludge of magnets / Grinding waste magnets | 磁体边角料 / 磁体边角 | \
磁石の研削屑 / 磁石の研削
feed_scrap | Magnet scraps / A scrapbook | 磁体废料 / 木屑 | 廃磁石 / 廃水
feed_waste | Industrial wastes / Waste heat | 固废 / 废水 | 産業廃棄物 / 廃止する
feed_by_product | Tailings of a mine / Slag removal | 赤泥 / 泥土 | 石炭灰 / スラグ除去装置
feed_primary | Rare earth ores / Core | 稀土精矿 / 稀土矿渣 | 鉱石 / 鉱物油
feed_reworked | Recycling magnets / The recycle gas | 磁体的拆解 / 磁体的分解 | 磁石のリサイクル / リサイタル
output_product | Oxides / Oxidation | 氧化物 / 氧化 | 酸化物 / 酸化
output_other | Copper / Copperhead | 铜 / 同 | ニッケル / ニッケ
"""


def cases(rule, language):
    """Return the three texts of a rule in one language, each with its classes."""
    lines = CASES.split("\n")
    cells = lines[lines.index(rule) + 1 + LANGUAGES.index(language)].split(" | ")
    classes = {"BOTH": BOTH, "MATERIAL": MATERIAL, "PROCESS": PROCESS, "": NEITHER}
    return [(text, classes[named.rstrip("]")]) for text, _, named in (cell.partition(" [") for cell in cells)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [rule.name for rule in rules()])
def test_each_rule(name, language):
    """In each language a rule votes on the case it is for, and abstains on one it leaves and on a near miss."""
    rule = next(rule for rule in rules() if rule.name == name)
    takes, leaves, near_miss = cases(name, language)
    assert cast(*takes)[rule.column] == rule.vote
    assert cast(*leaves)[rule.column] == 0
    assert cast(*near_miss)[rule.column] == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("column", [f"{name}_{group}" for name in ("feed", "output") for group in vocabulary(name)])
def test_each_word_list(column, language):
    """In each language a list of feeds or outputs takes what it is for and leaves a near miss."""
    line = next(line for line in WORDS.splitlines() if line.startswith(f"{column} |"))
    pair = line.split(" | ")[1 + LANGUAGES.index(language)].split(" / ")
    features = build_features([[text] for text in pair], TERMS, pd.DataFrame([NEITHER] * 2))[0]
    assert features[column].tolist() == [True, False]


def test_an_abstract_says_more_than_a_title():
    """Of an abstract, silence is an answer: no feed of waste is then none, and no material is then another one."""
    long = " The steps are those that any reader of such texts has seen before." * 8
    assert cast("Recovery of cerium")["rule_same_sentence"] == 1
    assert cast(f"Recovery of cerium.{long}")["rule_same_sentence"] == 0
    assert cast(f"Recovery of cerium.{long} The feed is a spent polish.")["rule_same_sentence"] == 1
    assert cast("Recycling of motors")["rule_other_material"] == 0
    assert cast(f"Recycling of motors.{long}")["rule_other_material"] == -1


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
    features = build_features([["Reuse of lithium"]], terms, pd.DataFrame([{"lithium": False, "reuse": False}]))[0]
    assert votes(features).iloc[0]["rule_same_sentence"] == 1
    assert topic_groups(["recycling", "lithium"]) == ("lithium", "recycling")
    assert topic_groups(["lithium"]) == ("lithium", "")
    assert topic_groups([]) == ("", "")


def test_no_groups_at_all():
    """A query without terms or classes gives rows without opinions on the topic, and no crash."""
    features = build_features([["Coffee"], []], {}, pd.DataFrame(index=range(2)))[0]
    assert votes(features)["rule_off_topic"].tolist() == [-1, 0]


def test_scripts_of_families():
    """A family in two scripts is mixed, and one without text has none."""
    features = build_features([["Magnet", "磁石の"], ["磁体"], []], TERMS, pd.DataFrame([NEITHER] * 3))[0]
    assert features["script"].tolist() == ["mixed", "han", "none"]
    assert features["has_text"].tolist() == [True, True, False]


def test_summary():
    """Coverage, overlap, conflict and accuracy are counted by hand on four families."""
    texts = [["Recovering cerium"], ["Recovering cerium scrap"], ["Coffee"], ["Recovering cerium from ores"]]
    classes = pd.DataFrame([NEITHER, NEITHER, NEITHER, BOTH])
    table = summary(votes(build_features(texts, TERMS, classes)[0]), pd.Series([1, 0, 0, pd.NA], dtype="Int8"))
    by_rule = table.set_index("rule")
    together = by_rule.loc["same_sentence"]
    assert (together["families"], together["coverage"], together["overlap"]) == (2, 0.5, 0.25)
    assert (together["judged"], together["accuracy"]) == (2, 0.5)
    assert by_rule.loc["classes_and_terms", "conflict"] == 0.25
    assert by_rule.loc["primary_feed", "conflict"] == 0.25
    assert by_rule.loc["off_topic", "accuracy"] == 1
    assert pd.isna(by_rule.loc["oil", "accuracy"])
    assert "accuracy" not in summary(votes(build_features(texts, TERMS, classes)[0]))


def test_the_page_shows_the_rules(sample_run):
    """The page's table has each rule with its vote, reason and shares, and how often it is right of those labelled."""
    tables = RunTables.read(sample_run.folder)
    table = records.classifier(tables)["rules"]
    assert table.head == ["rule", "says", "families", "coverage", "overlap", "conflict", "labelled", "right"]
    rows = {row[0]["text"]: row for row in table.rows}
    assert set(rows) == {rule.name for rule in rules()}
    assert rows["waste_feed"][0]["more"] == next(rule.why for rule in rules() if rule.name == "waste_feed")
    assert (rows["waste_feed"][1], rows["primary_feed"][1]) == ("in", "out")
    publications = pd.read_parquet(sample_run.folder.file("publications.parquet"))
    numbers = publications["publication_number"].map(read_labels(tables.query.classes))
    theirs = family_labels(publications["family_id"], numbers)
    scores = pd.read_parquet(sample_run.folder.file("scores.parquet"))
    spoke = scores.loc[scores["rule_waste_feed"].eq(1), "family_id"]
    judged = theirs[theirs.index.isin(spoke) & theirs.ne("borderline")]
    assert rows["waste_feed"][6:] == [str(len(judged)), f"{judged.eq('in').mean():.0%}"]
    assert "sample's labelled families" in table.note


def test_rules_as_text():
    """The table in words has one row a rule, with a dash where nothing was judged."""
    texts = [["Recovering cerium"], ["Coffee"]]
    cast = votes(build_features(texts, TERMS, pd.DataFrame([NEITHER, NEITHER]))[0])
    table = summary(cast, pd.Series([1, 0], dtype="Int8")).astype(object)
    rows = {row[0]: row for row in map(rule_row, table.where(table.notna(), None).to_dict(orient="records"))}
    assert len(rows) == len(rules())
    assert rows["same_sentence"] == ("same_sentence", "in", 1, "50.0%", "0.0%", "0.0%", "100.0%")
    assert rows["oil"][-1] == "-"


def test_word_lists_are_complete():
    """Every group of our own lists says why it is there, in three languages, and repeats no word."""
    for name in ("feed", "output", "false_friends"):
        for group, entry in vocabulary(name).items():
            assert entry["why"], group
            for language in ("en", "zh", "ja"):
                assert len(set(entry[language])) == len(entry[language]), (group, language)
    assert "longer_words" not in false_friends()
