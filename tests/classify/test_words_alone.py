"""Where no reading asks for the classifier or a scope, texts are read for the query's words alone, and say the same."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.classify import words_alone
from patentscope.classify.decide import decide
from patentscope.classify.readings import in_topic
from patentscope.classify.texts import FamilyTexts
from patentscope.query.asked import words_suffice
from patentscope.query.query import Query, Reading

TERMS = {
    "en": {"rare": ["rare earth", "neodymium"], "used": ["recycl*", "scrap"]},
    "zh": {"rare": ["稀土"], "used": ["再生"]},
    "ja": {},
}
_TEXTS = st.sampled_from(
    [
        "Rare earth from scrap.",
        "Recyclates; ore",
        "可再生能源",
        "稀土再生",
        "A chair",
        " ",
        "Neodymium, recycling",
        "鉄",
    ]
)


@settings(max_examples=40)
@given(st.lists(st.lists(_TEXTS, max_size=3), max_size=6))
def test_the_words_found_are_those_that_the_whole_classifier_finds(texts: list[list[str]]) -> None:
    """Columns, their order, scripts, words and phrases are the same; what was not looked at is null."""
    ids = pd.Series([f"F{place}" for place in range(len(texts))], dtype="str")
    families = FamilyTexts.of(pd.DataFrame({"family_id": ids, "texts": texts}))
    whole, alone = decide(families, TERMS, pd.DataFrame(index=ids.index)), words_alone.read(families, TERMS)
    assert list(alone.table) == list(whole.table)
    for name in ("family_id", "script", "has_text", "terms_rare", "terms_used"):
        assert alone.table[name].tolist() == whole.table[name].tolist()
    assert alone.found.phrases == whole.found.phrases
    assert (alone.found.hits != whole.found.hits).nnz == 0
    rest = alone.table.drop(columns=["family_id", "script", "has_text", "terms_rare", "terms_used"])
    assert rest.isna().to_numpy().all()
    assert not alone.trained


@pytest.mark.parametrize(
    ("members", "scope", "is_enough"),
    [(("terms.a",), "", True), (("records",), "", True), (("classifier",), "", False), (("records",), "+eol", False)],
)
def test_the_classifier_and_scopes_need_more_than_words(members: tuple[str, ...], scope: str, is_enough: bool) -> None:
    """Our own word lists and the text model are read for those readings that ask for them."""
    assert words_suffice([Reading(f"x{scope}", members, ())]) == is_enough


def test_every_record_is_on_topic_and_a_scope_narrows_even_that() -> None:
    """`records` takes each family; in `all` it adds nothing, in `any` it is enough, and a scope narrows it."""
    text = """
name = "x"
[topic.terms.en]
a = ["magnet"]
[topic.readings]
records = { all = ["records"] }
records_no_y02 = { all = ["records"] }
both = { all = ["records", "terms.a"] }
either = { any = ["records", "terms.a"] }
"records+eol" = { all = ["records"] }
"""
    families = pd.DataFrame({"family_id": ["A", "B", "C"], "texts": [["Old magnets, end-of-life"], ["A chair"], []]})
    query = Query.parse(text)
    hits = pd.DataFrame(index=families.index)
    met = in_topic(query.readings, hits, decide(FamilyTexts.of(families), query.terms, hits).table)
    assert met["records"].tolist() == met["records_no_y02"].tolist() == met["either"].tolist() == [True, True, True]
    assert met["both"].tolist() == [True, False, False]
    assert met["records+eol"].tolist()[0] is True
    assert met["records+eol"].isna().tolist() == [False, True, True]
