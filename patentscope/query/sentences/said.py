"""What a claim says once it is read, the same in the short grammar, and how one that can't be read fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

from patentscope.errors import Fault, QueryError
from patentscope.query.sentences.countries import grammar_name

EXAMPLES = (
    "`CN > US+AU+JP by 73% in 2024`, `JP+KR < CN in 2015..2020`, `CN > * in 2024` for all other countries, "
    "`CN > 2x US in 2024`, `share of CN > 60% in 2024` or `share of CN among CN+US+AU+JP = 63% in 2024`"
)
MORE, LESS, EQUAL = ">", "<", "="


@dataclass(frozen=True)
class Said:
    """What a claim says, word by word: nothing in it has been checked but the order of its parts.

    Attributes:
        left: codes; `*` for all others.
        right: likewise; empty for a share among all countries.
        sign: `>`, `<` or `=`.
        years: first and last.
        excess: 73 for `by 73%`.
        times: 2 for `2x`.
        percent: 60 for a share of 60 %; its claim's `right` is what stands behind `among`.
        unread: the parts of a sentence that are no part of the comparison.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    sign: str
    years: tuple[int, int]
    excess: float | None = None
    times: float | None = None
    percent: float | None = None
    unread: tuple[str, ...] = ()


def in_grammar(said: Said) -> str:
    """Return what is said in the short grammar, with full names.

    >>> in_grammar(Said(("CN",), ("US", "JP"), ">", (2024, 2024), excess=73.0))
    'China > United States + Japan by 73% in 2024'
    >>> in_grammar(Said(("CN",), (), ">", (2015, 2020), percent=60.0))
    'share of China > 60% in 2015..2020'
    """
    left = _side(said.left)
    if said.percent is not None:
        among = f" among {_side(said.right)}" if said.right else ""
        return f"share of {left}{among} {said.sign} {plain(said.percent)}% {when(said.years)}"
    times = "" if said.times is None else f"{plain(said.times)}x "
    by = "" if said.excess is None else f" by {plain(said.excess)}%"
    return f"{left} {said.sign} {times}{_side(said.right)}{by} {when(said.years)}"


def when(years: tuple[int, int]) -> str:
    """Return years as the short grammar has them."""
    first, last = years
    return f"in {first}" if first == last else f"in {first}..{last}"


def plain(number: float) -> str:
    """Return a number without an exponent and without zeros at its end."""
    text = format(Decimal(repr(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _side(codes: Sequence[str]) -> str:
    return "all other countries" if tuple(codes) == ("*",) else " + ".join(grammar_name(code) for code in codes)


def refuse(text: str, at: int, expected: str, *, found: str = "") -> NoReturn:
    """Raise that *text* can't be read from character *at* on (from 0), with what would work.

    Raises:
        QueryError: always.
    """
    rest = text[at:].strip()
    raise QueryError(
        f"the claim {shown(text)!r}",
        [Fault(f"claim, character {at + 1}", found or (repr(rest) if rest else "its end"), expected)],
    )


def asked(
    text: str, place: tuple[int, int], meanings: Sequence[tuple[str, Said]], *, why: str = "which is meant?"
) -> NoReturn:
    """Raise that *text* can be read in several ways, with each as a claim ready to paste.

    Args:
        text: the claim.
        place: where the words begin and end that can.
        meanings: what they may mean, and the claim then.
        why: what is asked.

    Raises:
        QueryError: always.
    """
    listed = [f"`{in_grammar(said)}`{f' ({meaning})' if meaning else ''}" for meaning, said in meanings]
    options = " or ".join(filter(None, (", ".join(listed[:-1]), listed[-1])))
    refuse(text, place[0], f"{why} {options}{'?' * why.endswith('is it')}", found=repr(text[place[0] : place[1]]))


def shown(text: str) -> str:
    """Return the text of a claim, cut short where it is very long."""
    most = 300
    return text if len(text) <= most else text[:most] + "..."
