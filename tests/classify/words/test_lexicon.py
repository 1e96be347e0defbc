"""The lexicon takes what a reader would take, in three languages, and leaves the near misses."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.classify.words.lexicon import Lexicon
from patentscope.classify.words.tokens import characters_of, words_of
from patentscope.classify.words.writing_system import readable, scripts_of
from patentscope.errors import QueryError

TERMS = {
    "en": {
        "rare_earth": ["rare earth", "neodymium", "REE", "Nd-Fe-B", "lanthanide"],
        "recycling": ["recycle", "recover", "reutilize", "scrap", "used", "spent", "end-of-life", "sludge"],
    },
    "zh": {"rare_earth": ["稀土", "钕"], "recycling": ["回收", "再生", "废料"]},
    "ja": {"rare_earth": ["希土類", "テルビウム", "Nd-Fe-B系磁石"], "recycling": ["リサイクル", "使用済み"]},
}
LONGER = {"recycling": ["可再生"], "rare_earth": ["イッテルビウム"]}


@pytest.fixture(scope="module")
def lexicon():
    """The terms above, compiled once."""
    return Lexicon(TERMS, LONGER)


def found(lexicon, text):
    """Return the groups found in *text*."""
    row = lexicon.hits([text]).iloc[0]
    return {group for group in lexicon.groups if row[group]}


@pytest.mark.parametrize(
    "word",
    [
        *("recycle", "recycles", "recycled", "recycling", "Recycling", "RECYCLED"),
        *("recover", "recovers", "recovered", "recovering"),
        *("scrap", "scraps", "scrapped", "scrapping"),
        *("reutilize", "reutilized", "reutilizing", "sludge", "sludges"),
        *("end of life", "end-of-life", "End‐of‐Life", "end – of – life"),
    ],
)
def test_inflections(lexicon, word):
    """A term takes its inflections, in any case and with any hyphen, whether spaCy's table knows them or not."""
    assert found(lexicon, f"A method ({word}) of magnets.") == {"recycling"}


@pytest.mark.parametrize(
    "word", ["rare earth", "Rare Earths", "rare-earth", "RARE‑EARTH", "REEs", "Nd-Fe-B", "nd fe b"]
)
def test_material_in_every_spelling(lexicon, word):
    """Hyphen, blank, capitals and plural are the same term."""
    assert found(lexicon, f"Making {word}/metal") == {"rare_earth"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "unrecycled",
            "recoverable",
            "recycler",
            "recovery",
            "scrapbook",
        ),  # other words: a query lists them if wanted
        *("method using magnets", "use of magnets", "spending"),  # `used` and `spent` are adjectives of the trade
        *("rare, earth", "rare. Earth", "rear earth", "earthing of rare cables", "earth rare", "rare (earth)"),
        *("reed", "free", "degree", "lanthanidelike", "Nd-B-Fe"),
        *("</script><script>alert(1)</script>", "", " ", "..."),
    ],
)
def test_near_misses(lexicon, text):
    """Words that only look like a term, or whose parts are not adjacent, are left."""
    assert found(lexicon, text) == set()


def test_each_phrase_is_told_apart(lexicon):
    """Which phrases a text uses is told, each for itself, in every script; one inside a longer word is not used."""
    texts = ["Rare earths of scrap, recycled", "从稀土废料中回收钕", "可再生", "", "scrap and scrap"]
    found = lexicon.found(words_of(texts), characters_of(texts)).toarray()
    used = [{lexicon.phrases[place][1] for place in np.flatnonzero(row)} for row in found]
    assert used == [{"rare earth", "scrap", "recycle"}, {"稀土", "废料", "回收", "钕"}, set(), set(), {"scrap"}]


def test_participle_takes_itself_only(lexicon):
    """A term written as a participle takes that form, else `used` would take every "using"."""
    assert found(lexicon, "used magnets") == {"recycling"}
    assert found(lexicon, "spent catalysts") == {"recycling"}


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("一种从钕铁硼废料中回收稀土的方法", {"rare_earth", "recycling"}),
        ("稀 土", {"rare_earth"}),
        ("土稀", set()),
        ("可再生能源", set()),  # renewable energy
        ("可再生能源用再生稀土", {"rare_earth", "recycling"}),
        ("希土類磁石のリサイクル方法", {"rare_earth", "recycling"}),
        ("ﾘｻｲｸﾙ", {"recycling"}),  # half-width kana
        ("使用済みＮｄ－Ｆｅ－Ｂ系磁石", {"rare_earth", "recycling"}),  # wide letters
        ("イッテルビウム", set()),  # ytterbium is not terbium
        ("テルビウム", {"rare_earth"}),
        ("リサイタル", set()),  # a recital
        ("NdFeB磁体 rare earth 回收", {"rare_earth", "recycling"}),  # both scripts in one title
        ("Recycling稀土", {"rare_earth", "recycling"}),
    ],
)
def test_chinese_and_japanese(lexicon, text, groups):
    """Chinese and Japanese are matched by character in whatever text holds them; longer words shield their parts."""
    assert found(lexicon, text) == groups


def test_rows_and_gaps(lexicon):
    """There is one row per text, in order; a missing text has no hits, and no texts give no rows."""
    hits = lexicon.hits([None, "rare earth", "", "recycling"])
    assert hits["rare_earth"].tolist() == [False, True, False, False]
    assert hits["recycling"].tolist() == [False, False, False, True]
    assert lexicon.hits([]).shape == (0, 2)
    assert hits.dtypes.map(str).unique().tolist() == ["bool"]


def test_neighbours_do_not_run_together(lexicon):
    """A phrase does not reach from one text into the next."""
    assert not lexicon.hits(["rare", "earth"]).to_numpy().any()


def test_shortcut_changes_nothing(lexicon):
    """Matching only the distinct reduced texts finds what a plain search of every text finds."""
    draw = random.Random(0)  # noqa: S311 - no secret
    words = ["rare", "earth", "neodymium", "nd", "fe", "b", "magnet", "of", "recycled", "end", "life", ","]
    texts = [" ".join(draw.choices(words, k=draw.randint(0, 9))) for _ in range(500)]
    phrases = {
        "rare_earth": ("rare earth", "neodymium", "nd fe b"),
        "recycling": ("recycled", "end of life"),
    }
    hits = lexicon.hits(texts)
    for group, listed in phrases.items():
        plain = [any(f" {phrase} " in f" {text} " for phrase in listed) for text in texts]
        assert hits[group].tolist() == plain


def test_phrase_without_letters_is_refused():
    """A term that could match nothing is named with its place."""
    with pytest.raises(QueryError, match=r"topic\.terms\.en\.rare_earth: found '-'"):
        Lexicon({"en": {"rare_earth": ["-"]}})


def test_scripts():
    """The script of a text is its letters', and a few Latin ones leave a Chinese title Chinese."""
    texts = ["Rare earths", "废FCC催化剂中稀土", "希土類の回収", "магниты", "123 </>", None]
    assert scripts_of(texts).tolist() == ["latin", "han", "kana", "other", "none", "none"]


def test_unreadable_texts():
    """French, German and Russian titles are known to be beyond the lexicon; English without stop words is not."""
    texts = [
        "Procédé de récupération des terres rares",
        "Verfahren zur Trennung",
        "магниты",
        "Grain engineering",
        "稀土",
    ]
    assert readable(words_of(texts), scripts_of(texts)).tolist() == [False, False, False, True, True]


@given(
    st.from_regex(r"[a-z]{3,6}", fullmatch=True), st.lists(st.from_regex(r"[a-z]{1,10}", fullmatch=True), max_size=6)
)
def test_a_term_that_is_left_open_takes_every_word_that_begins_so(begins: str, words: list[str]) -> None:
    """A text is met if one of its words begins so, in any case; the same words before it keep a phrase to a row."""
    text = " ".join(words).title()
    met = any(word.startswith(begins) for word in words)
    single = Lexicon({"en": {"open": [f"{begins}*"]}})
    assert found(single, f"{text}.") == ({"open"} if met else set())
    phrase = Lexicon({"en": {"open": [f"rare earth {begins}*"]}})
    assert found(phrase, f"rare-earths {text}") == ({"open"} if words and words[0].startswith(begins) else set())
    assert not found(phrase, f"rare earth: {text}")


def test_an_open_term_stands_beside_lemmas() -> None:
    """A word that an open term takes is still taken by its lemma, and what shields a term shields an open one."""
    both = Lexicon({"en": {"open": ["recycl*"], "lemma": ["recycle"]}}, {"open": ["recycling rate"]})
    assert found(both, "Recycling of magnets") == {"open", "lemma"}
    assert found(both, "recyclates") == {"open"}
    assert found(both, "The recycling rate") == {"lemma"}
