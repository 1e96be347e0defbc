"""What the records on topic have of a claim's countries in all years, where they can't answer it for its own."""

from __future__ import annotations

from collections.abc import Mapping

from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.answers.words.claim_words import UNITS
from patentscope.query import side_names as sides
from patentscope.query.claim import Claim
from patentscope.query.convention import IN_WORDS, Convention
from patentscope.query.query import RECORDS
from patentscope.records.offices import UNKNOWN, countries

_MOST_NAMED = 4


def sentence(claim: Claim, counts: Mapping[str, float], convention: Convention, *, first: str, is_sample: bool) -> str:
    """Return how many units each country of a claim has in all years.

    Args:
        claim: the claim; where it is held against all other countries, those with the most stand for them.
        counts: units by country code.
        convention: how they are counted.
        first: the query's first topic definition; where they are counted by another, that is named.
        is_sample: they are of the embedded sample.
    """
    others = set(counts) & countries() - set(claim.left)
    most = sorted(others, key=lambda code: (-counts[code], code))[: _MOST_NAMED - 1]
    named = (*claim.left, *(most if sides.is_all_others(claim.right) else claim.right))
    unit = UNITS[convention.unit, convention.documents].partition(",")[0]
    how = f"all years together,{IN_WORDS['basis'][convention.basis]}"
    said = sides.listed([f"{sides.names_of([code])} {numbers.count(counts.get(code, 0))}" for code in named])
    on_topic = "" if convention.topic == RECORDS else " on topic"
    on_topic += f" (topic definition “{convention.topic}”)" if convention.topic != first else ""
    if unknown := counts.get(UNKNOWN):
        said += f"; {numbers.count(unknown)} more of unknown country"
    if not is_sample:
        return f"{unit[0].upper()}{unit[1:]}{on_topic} in these records, {how}: {said}."
    return f"{unit[0].upper()}{unit[1:]}{on_topic} in the sample's own records, {how}: {said}."
