"""What the records on topic have of a claim's countries in all years, where they can't answer it for its own."""

from __future__ import annotations

from collections.abc import Mapping

from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.answers.words.claim_words import UNITS
from patentscope.query import side_names as sides
from patentscope.query.claim import Claim
from patentscope.query.convention import IN_WORDS, Convention
from patentscope.records.offices import UNKNOWN

_MOST_NAMED = 4


def sentence(claim: Claim, counts: Mapping[str, float], convention: Convention, *, is_sample: bool) -> str:
    """Return how many units each country of a claim has in all years; empty where none has any.

    Args:
        claim: the claim; where it is held against all other countries, those with the most stand for them.
        counts: units by country code.
        convention: how they are counted.
        is_sample: they are of the embedded sample.
    """
    most = sorted(set(counts) - {*claim.left, UNKNOWN}, key=lambda code: (-counts[code], code))[: _MOST_NAMED - 1]
    named = (*claim.left, *(most if sides.is_all_others(claim.right) else claim.right))
    if not any(counts.get(code) for code in named):
        return ""
    unit = f" {UNITS[convention.unit, convention.documents].partition(',')[0]}"
    said = []
    for code in named:
        n = counts.get(code, 0)
        said.append(f"{sides.names_of([code])} {numbers.count(n) if n else 'none'}{unit if n else ''}")
        unit = "" if n else unit
    whose = "The sample's own records" if is_sample else "These records"
    how = IN_WORDS["basis"][convention.basis].removeprefix(" ")
    why = f"; too small and too selective to judge {claim.year_text.replace('..', ' to ')}" if is_sample else ""
    return f"{whose} on topic, all years together: {sides.listed(said)}, {how}{why}."
