"""The sides of a claim as texts name them: in a sentence, with articles; or short, with plus signs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from patentscope.query.claim import ALL_OTHERS
from patentscope.records.offices import office_name, short_name

_OTHERS = "all other countries"
_NUMBERS = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


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


def brief(codes: Sequence[str], other: Sequence[str] = ()) -> str:
    """Return a side in a sentence that comes after one which named it in full.

    Where the *other* side has as many countries, their number tells no side, and all are named again.

    >>> brief(["CN"]), brief(["US", "AU", "JP"]), brief(["US", "JP"], ["CN", "KR"]), brief(["*"])
    ('China', 'the three', 'the United States and Japan together', 'all others')
    """
    if is_all_others(codes):
        return "all others"
    if len(codes) == 1 or len(codes) == len(other):
        return in_sentence(codes)
    return f"the {in_words(len(codes))}"


def label(codes: Sequence[str], other: Sequence[str] = ()) -> str:
    """Return the same as the label of a bar or the head of a column.

    >>> label(["US"]), label(["US", "AU", "JP"]), label(["US", "JP"], ["CN", "KR"]), label(["*"])
    ('United States', 'The three', 'United States + Japan', 'All others')
    """
    if is_all_others(codes) or len(codes) not in {1, len(other)}:
        said = brief(codes, other)
        return f"{said[0].upper()}{said[1:]}"
    return short(codes)


def in_words(number: int) -> str:
    """Return a small number as a word, a larger one in figures.

    >>> in_words(1), in_words(6), in_words(13)
    ('one', 'six', '13')
    """
    return "one" if number == 1 else _NUMBERS[number] if 1 < number < len(_NUMBERS) else str(number)


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
