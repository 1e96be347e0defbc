"""The words that a sentence's reader knows, from `data/claim_words.toml`: what compares, is passed over, is refused."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from patentscope.query.sentences.said import EQUAL, LESS, MORE

_TABLES: dict[str, Any] = tomllib.loads(
    resources.files("patentscope").joinpath("data/claim_words.toml").read_text(encoding="utf-8")
)


def _phrases(table: str, name: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words.split()) for words in _TABLES[table][name].split(","))


def _words(table: str, name: str) -> frozenset[str]:
    return frozenset(" ".join(phrase) for phrase in _phrases(table, name))


CROSSINGS = _phrases("relations", "crossing")
#: What puts the side before it over, under or level with the side behind it.
RELATIONS = {
    **dict.fromkeys(_phrases("relations", "more") | CROSSINGS, MORE),
    **dict.fromkeys(_phrases("relations", "less"), LESS),
    **dict.fromkeys(_phrases("relations", "equal"), EQUAL),
}
LAGGING = _words("relations", "lagging")
COMPARED = {**dict.fromkeys(_words("degrees", "more"), MORE), **dict.fromkeys(_words("degrees", "less"), LESS)}
AS_MANY = _phrases("degrees", "as")
SHARES = _words("shares", "nouns")
ACCOUNTS = _phrases("shares", "nouns") | _phrases("shares", "verbs")
ORIGINS = _phrases("shares", "origins")
FILED = _words("shares", "filed")
EACH, TOGETHER = _words("sides", "each"), _words("sides", "together")
ONE_BY_ONE = _phrases("sides", "one_by_one")
PATENTS, OWNERS = _words("passed_over", "patents"), _words("passed_over", "owners")
#: Words that say that a number is compared, not a part taken: `half the number of`.
NUMBERS = _words("passed_over", "numbers")
BE = _words("passed_over", "be")
FILLER = frozenset({*PATENTS, *OWNERS, *NUMBERS, *BE, *TOGETHER, *_words("passed_over", "verbs")}) | _words(
    "passed_over", "small"
)
PREPOSITIONS = _words("passed_over", "prepositions")
#: Prepositions that make what follows a topic, in which names may stand: `for Parkinson's disease`.
TOPICAL = PREPOSITIONS - _words("passed_over", "not_topical")
NO_TOPIC = _words("topics", "never")
TOPICS = _phrases("topics", "words")
#: Why each word makes the reader refuse.
REFUSED = {word.strip(): table["why"] for table in _TABLES["refused"].values() for word in table["words"].split(",")}
DENIES, LARGE = _TABLES["refused"]["denies"]["why"], _TABLES["refused"]["large"]["why"]
#: Who says so.
SOURCES = frozenset(word for word, why in REFUSED.items() if why == _TABLES["refused"]["source"]["why"])
