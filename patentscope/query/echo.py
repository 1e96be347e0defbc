"""A claim said back: in the short grammar, in full words, and what of a sentence could be its topic."""

from __future__ import annotations

import re

from patentscope.query import side_names
from patentscope.query.claim import ALL_OTHERS, SHARE, Claim
from patentscope.query.sentences.counts import is_count
from patentscope.query.sentences.said import EQUAL, LESS, MORE, Said, in_grammar, plain
from patentscope.query.sentences.tokens import WORD, tokens_of
from patentscope.query.sentences.vocabulary import FILLER, NO_TOPIC, PREPOSITIONS, SOURCES

_NAMED_TIMES = {1.0: "as many", 2.0: "twice as many", 0.5: "half as many"}
_DOUBLE = 2
_PREPOSITION = re.compile(rf"\b(?:{'|'.join(sorted(PREPOSITIONS))})\b", re.IGNORECASE)
_OR = re.compile(r"\b(?:and|or)\b|[,/&]", re.IGNORECASE)
#: "recycling" has nine letters, "mining", whose stem begins too many other words, six.
_SHORTEST_ACTIVITY = 8
_ADVERB = re.compile(r"^(?!assembly|supply|fly|anomaly).*ly$")


def canonical(claim: Claim) -> str:
    """Return a claim in the short grammar, with full names and explicit years.

    Read again it is the same claim, but for its quote, its date and what was not read.
    """
    sign = LESS if claim.is_below else MORE
    if claim.measure == SHARE:
        value = claim.share if claim.limit is None else claim.limit
        among = () if claim.right == (ALL_OTHERS,) else (*claim.left, *claim.right)
        percent = round((value or 0) * 100, 7)
        return in_grammar(Said(claim.left, among, EQUAL if claim.limit is None else sign, claim.years, percent=percent))
    sides = (claim.left, claim.right)
    if claim.limit is not None:
        return in_grammar(Said(*sides, sign, claim.years, times=claim.limit))
    if claim.exceeds_by is None:
        return in_grammar(Said(*sides, sign, claim.years))
    if 0 < claim.exceeds_by < 1:
        return in_grammar(Said(*sides, MORE, claim.years, excess=round(claim.exceeds_by * 100, 7)))
    return in_grammar(Said(*sides, EQUAL, claim.years, times=claim.ratio))


def echo(claim: Claim) -> str:
    """Return a claim in full words: sides, years and size.

    `China compared with the United States, Australia and Japan together in 2024: 73 % more, which is 1.73 times as
    many`; `China's share of all countries' patents in 2024: more than 60 %`.
    """
    first, last = claim.years
    when = f"in {first}" if first == last else f"from {first} to {last}"
    left, right = (side_names.in_sentence(side) for side in (claim.left, claim.right))
    if claim.measure == SHARE:
        whole = "of all countries" if claim.right == (ALL_OTHERS,) else f"of {_together(claim)}"
        share = _limited(claim, _percent(claim.share or claim.limit or 0))
        return f"the share of {left} in the patents {whole} {when}: {share}"
    return f"{left} compared with {right} {when}: {_size(claim)}"


def _together(claim: Claim) -> str:
    return side_names.in_sentence((*claim.left, *claim.right))


def _limited(claim: Claim, size: str) -> str:
    if claim.limit is None:
        return size
    return f"{'less' if claim.is_below else 'more'} than {size}"


def _percent(part: float) -> str:
    return f"{round(part * 100, 2):g} %"


def _size(claim: Claim) -> str:
    """Return what the claim says of the ratio, a percentage also as a multiple."""
    value = claim.ratio if claim.limit is None else claim.limit
    if value is None:
        return "more"
    if claim.limit == 1:
        return "fewer" if claim.is_below else "more"
    times = _NAMED_TIMES.get(value) or f"{plain(round(value, 3))} times as many"
    if claim.limit is not None or value in _NAMED_TIMES or value > _DOUBLE:
        return _limited(claim, times)
    excess = round((value - 1) * 100, 2)
    return f"{abs(excess):g} % {'more' if excess > 0 else 'fewer'}, which is {times}"


def topic_offered(unread: tuple[str, ...]) -> str:
    """Return the unread parts of a sentence as `--topic` takes them, empty where none can be a topic.

    Parts between prepositions must all occur, and so must an activity at a part's end, by its stem; what `and` or `or`
    joins are alternatives. Words of every sentence on patents are left out.

    >>> topic_offered(("in rare earth recycling",)), topic_offered(("for batteries and fuel cells",))
    ('rare earth; recycl*', 'batteries, fuel cells')
    """
    phrases = [phrase for phrase in unread if not _is_source(phrase) and not is_count(tokens_of(phrase))]
    parts = [part for phrase in phrases for part in _PREPOSITION.split(phrase)]
    return "; ".join(dict.fromkeys(filter(None, map(_terms, parts))))


def _is_source(phrase: str) -> bool:
    """Say whether a part names who says so: `according to WIPO`, `Figures from WIPO show that`."""
    found = {token.key for token in tokens_of(phrase)}
    return "according" in found or bool(found & SOURCES)


def _terms(part: str) -> str:
    """Return one part as terms: alternatives with commas, or a term and the stem of an activity with a semicolon."""
    named = [_words(each) for each in _OR.split(part)]
    terms = [words for words in named if words]
    if len(terms) != 1:
        return ", ".join(" ".join(words) for words in terms)
    *first, last = terms[0]
    if last.endswith("ing") and len(last) >= _SHORTEST_ACTIVITY:
        return "; ".join(filter(None, (" ".join(first), f"{last.removesuffix('ing')}*")))
    return " ".join(terms[0])


def _words(text: str) -> list[str]:
    """Return the words that tell of a topic, without marks."""
    words = [token for token in tokens_of(text) if token.kind == WORD and token.key not in FILLER | NO_TOPIC]
    return [token.text.replace("'", "").replace("’", "") for token in words if not _ADVERB.search(token.key)]
