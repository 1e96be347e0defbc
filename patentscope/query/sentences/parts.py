"""The parts of a comparison that a sentence is cut into, each with a letter for its kind."""

from __future__ import annotations

from dataclasses import dataclass, field

from patentscope.query.sentences.amounts import Amount
from patentscope.query.sentences.sides import Side
from patentscope.query.sentences.times import Span

#: The symbols of the parts; `sizes`, `shares` and `turns` have the orders in which they make a comparison.
SIDE, RELATION, PASSIVE, LEAD = "S", "R", "P", "L"
COMPARED, THAN, AS_MANY, AS = "c", "t", "a", "A"
TIMES, PARTS, PERCENTS, RATIO_OF, BY, ACCOUNT, ORIGIN, AMONG = "m", "f", "p", "d", "b", "k", "o", "g"
#: A number of patents; what sets one side, or its number, against the other's; `for every`; `the ratio of`.
COUNT, VERSUS, WHILE, EVERY, RATIO = "n", "v", "w", "e", "q"


@dataclass(frozen=True)
class Item:
    """A part of a comparison: its symbol, its place among the tokens, and what it says.

    Attributes:
        number: of a number of patents the number; of `for every ten` ten.
    """

    symbol: str
    start: int
    end: int
    side: Side | None = None
    amount: Amount | None = None
    sign: str = ""
    number: float = 0.0


@dataclass
class Parts:
    """What a sentence holds.

    Attributes:
        items: the parts of the comparison, in their order.
        spans: years, with their places.
        fillers: places of words that say nothing of the comparison.
        others: places of words that are not known.
        each: the place of a word such as `both`, None for none.
        is_crossing: the left side is said to have been behind before.
    """

    items: list[Item] = field(default_factory=list)
    spans: list[tuple[int, Span]] = field(default_factory=list)
    fillers: set[int] = field(default_factory=set)
    others: set[int] = field(default_factory=set)
    each: int | None = None
    is_crossing: bool = False

    @property
    def symbols(self) -> str:
        """The items' symbols, one letter each."""
        return "".join(item.symbol for item in self.items)
