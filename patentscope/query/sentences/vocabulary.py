"""The words that a sentence's reader knows, what compares, is passed over, is refused."""

from __future__ import annotations

from patentscope.query.sentences.said import EQUAL, LESS, MORE
from patentscope.query.sentences.word_lists import TABLES, phrases, words

CROSSINGS = phrases("relations", "crossing")
#: What puts the side before it over, under or level with the side behind it.
RELATIONS = {
    **dict.fromkeys(phrases("relations", "more") | CROSSINGS, MORE),
    **dict.fromkeys(phrases("relations", "less"), LESS),
    **dict.fromkeys(phrases("relations", "equal"), EQUAL),
}
LEADS = phrases("relations", "lead")
LAGGING = words("relations", "lagging")
COMPARED = {**dict.fromkeys(words("degrees", "more"), MORE), **dict.fromkeys(words("degrees", "less"), LESS)}
AS_MANY = phrases("degrees", "as")
#: `Germany half that number`.
THAT_MANY = phrases("degrees", "that")
#: What sets one side, or its number of patents, against the other's.
VERSUS, WHILE = phrases("relations", "against"), words("relations", "while")
SHARES = words("shares", "nouns")
ACCOUNTS = phrases("shares", "nouns") | phrases("shares", "verbs")
ORIGINS = phrases("shares", "origins")
CLAIMED = words("shares", "claimed")
FILED = words("shares", "filed")
RIVALS = words("sides", "rivals")
ABROAD = words("sides", "abroad")
EACH, TOGETHER = words("sides", "each"), words("sides", "together")
ONE_BY_ONE = phrases("sides", "one_by_one")
PATENTS, OWNERS = words("passed_over", "patents"), words("passed_over", "owners")
WHOSE = words("passed_over", "whose")
#: Words that say that a number is compared, not a part taken: `half the number of`.
NUMBERS = words("passed_over", "numbers")
#: Words that tell that patents are compared.
NAMING = PATENTS | words("patents", "named")
BE = words("passed_over", "be")
SAYING_NOTHING = phrases("passed_over", "phrases")
PREPOSITIONS = words("passed_over", "prepositions")
_SMALL = words("passed_over", "verbs") | words("passed_over", "small") | PREPOSITIONS
FILLER = frozenset({*PATENTS, *OWNERS, *NUMBERS, *BE, *TOGETHER, *_SMALL})
#: That patents are what is counted: `filed`, `granted`.
FILES = words("patents", "files")
#: `patent grants` are patents, `patent attorneys` are not.
DOCUMENTS = words("patents", "documents")
#: Prepositions that make what follows a topic, in which names may stand: `for Parkinson's disease`.
TOPICAL = PREPOSITIONS - words("passed_over", "not_topical")
NO_TOPIC = words("topics", "never")
TOPICS = phrases("topics", "words")
#: Why each word makes the reader refuse.
REFUSED = {word.strip(): table["why"] for table in TABLES["refused"].values() for word in table["words"].split(",")}
DENIES, LARGE = TABLES["refused"]["denies"]["why"], TABLES["refused"]["large"]["why"]
#: Who says so.
SOURCES = frozenset(word for word, why in REFUSED.items() if why == TABLES["refused"]["source"]["why"])
