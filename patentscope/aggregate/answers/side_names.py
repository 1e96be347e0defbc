"""The sides of a claim as texts name them: in a sentence, with articles; or short, with plus signs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from patentscope.query.claim import ALL_OTHERS
from patentscope.records.offices import printed_name

_OTHERS = "all other countries"
#: Names that a sentence gives an article.
_WITH_ARTICLE = re.compile(
    r"^(United|British|US|Isle) |Republic|Islands|Netherlands|Territor|Union|Office|Organi[sz]ation|Institute|Bureau"
    r"|^(Bahamas|Comoros|Gambia|Maldives|Philippines|Vatican|Gulf patent office)$"
)


def country(code: str) -> str:
    """Return one country or office as a sentence names it.

    >>> [country(code) for code in ("CN", "US", "NL", "WO")]
    ['China', 'the United States', 'the Netherlands', 'WIPO']
    """
    name = printed_name(code)
    return f"the {name}" if _WITH_ARTICLE.search(name) else name


def listed(names: Sequence[str], last: str = "and") -> str:
    """Return names as an enumeration: `A, B and C`."""
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def in_sentence(codes: Sequence[str]) -> str:
    """Return a side in a sentence.

    >>> in_sentence(["US", "AU", "JP"]), in_sentence(["CN"]), in_sentence(["*"])
    ('the United States, Australia and Japan together', 'China', 'all other countries')
    """
    if is_all_others(codes):
        return _OTHERS
    return listed([country(code) for code in codes]) + " together" * (len(codes) > 1)


def none_of(codes: Sequence[str]) -> str:
    """Return what a side without any is said to have.

    >>> none_of(["AU"]), none_of(["US", "JP"])
    ('none of Australia', 'none of the United States or Japan')
    """
    return f"none of {_OTHERS if is_all_others(codes) else listed([country(code) for code in codes], 'or')}"


def short(codes: Sequence[str]) -> str:
    """Return a side where room is short.

    >>> short(["US", "AU", "JP"]), short(["*"])
    ('United States + Australia + Japan', 'all other countries')
    """
    return _OTHERS if is_all_others(codes) else " + ".join(printed_name(code) for code in codes)


def was(codes: Sequence[str]) -> str:
    """Return the verb that agrees with a side: China was; China and Japan together were."""
    return "were" if is_plural(codes) else "was"


def present(codes: Sequence[str]) -> str:
    """Return the same in the present: China is; China and Japan together are."""
    return "are" if is_plural(codes) else "is"


def possessive(codes: Sequence[str]) -> str:
    """Return a side as the owner of what follows: China's; of several, the whole side's."""
    name = in_sentence(codes).removesuffix(" together")
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def is_plural(codes: Sequence[str]) -> bool:
    """Say whether a side takes a verb in the plural."""
    return len(codes) > 1 or is_all_others(codes)


def is_all_others(codes: Sequence[str]) -> bool:
    """Say whether a side is every country that is not on the left."""
    return tuple(codes) == (ALL_OTHERS,)
