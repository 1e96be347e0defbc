"""The sides of a claim as texts name them: in a sentence, with articles; or short, with plus signs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from patentscope.query.claim import ALL_OTHERS
from patentscope.records.offices import office_name, short_name

_OTHERS = "all other countries"


def listed(names: Sequence[str], joined_by: str = "and") -> str:
    """Return names as an enumeration: `A, B and C`."""
    return f" {joined_by} ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def names_of(codes: Iterable[str], joined_by: str = "and") -> str:
    """Return countries by name: `the United States, Australia or Japan`."""
    return listed([office_name(code) for code in codes], joined_by)


def in_sentence(codes: Sequence[str]) -> str:
    """Return a side in a sentence.

    >>> in_sentence(["US", "AU", "JP"]), in_sentence(["CN"]), in_sentence(["*"])
    ('the United States, Australia and Japan together', 'China', 'all other countries')
    """
    if is_all_others(codes):
        return _OTHERS
    return names_of(codes) + " together" * (len(codes) > 1)


def none_of(codes: Sequence[str]) -> str:
    """Return what a side without any is said to have.

    >>> none_of(["AU"]), none_of(["US", "JP"])
    ('none of Australia', 'none of the United States or Japan')
    """
    return f"none of {'the other countries' if is_all_others(codes) else names_of(codes, 'or')}"


def short(codes: Sequence[str]) -> str:
    """Return a side where room is short.

    >>> short(["US", "AU", "JP"]), short(["*"])
    ('United States + Australia + Japan', 'all other countries')
    """
    return _OTHERS if is_all_others(codes) else " + ".join(short_name(code) for code in codes)


def was(codes: Sequence[str]) -> str:
    """Return the verb that agrees with a side: China was; China and Japan together were."""
    return "were" if is_plural(codes) else "was"


def present(codes: Sequence[str]) -> str:
    """Return the same in the present: China is; China and Japan together are."""
    return "are" if is_plural(codes) else "is"


def is_plural(codes: Sequence[str]) -> bool:
    """Say whether a side takes a verb in the plural."""
    return len(codes) > 1 or is_all_others(codes)


def is_all_others(codes: Sequence[str]) -> bool:
    """Say whether a side is every country that is not on the left."""
    return tuple(codes) == (ALL_OTHERS,)
