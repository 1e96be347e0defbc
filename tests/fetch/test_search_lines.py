"""What a file says of its own search: in words, and held against the searches that a query prints."""

from __future__ import annotations

from itertools import permutations
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.fetch import by_hand
from patentscope.fetch.search_lines import Printed, in_words
from patentscope.query.query import Query

from places import QUERY

SHIPPED = Query.load(QUERY)
PRINTED = Printed(SHIPPED)


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("?q=~patent%2fUS20180069262A1%2fen", "similar to US20180069262A1"),
        ("?similar=US20180069262A1&num=100", "similar to US20180069262A1"),
        (
            "?q=(~patent/US1A+OR+~patent/US2A1)&before=priority:20120101",
            "(similar to US1A OR similar to US2A1), before priority 2012-01-01",
        ),
        (
            "?q=%28wearable+device%29&assignee=Acme%20Co&country=US,CN&after=filing:20240101&sort=new",
            "(wearable device), assignee Acme Co, country US,CN, after filing 2024-01-01",
        ),
        ("?q=%E7%A8%80%E5%9C%9F", "稀土"),
        ("", "https://patents.google.com/"),
        ("?q=" + "a" * 400, "a" * 300 + " …"),
    ],
)
def test_an_address_of_google_in_words(search: str, words: str) -> None:
    """Percent signs are decoded, parameters named, similar documents named as such, what is only display left out."""
    assert in_words(f"https://patents.google.com/{search}") == words


@given(st.text())
def test_no_line_is_a_fault(text: str) -> None:
    """Whatever stands in a file has words, and is none of the query's searches."""
    for search in (text, f"https://{text}", f"https://[{text}", f"https://patents.google.com/?q={text}"):
        assert isinstance(in_words(search), str)
        assert PRINTED.holds(search) is False


@pytest.mark.parametrize(
    "line",
    [
        '364 Treffer gefunden für ta = "solid state"',
        '1.364 Treffer gefunden für ta = "solid state"',
        '12,364 results found for ta = "solid state"',
        '1 364 résultats trouvés pour ta = "solid state"',
        'About 10,000 results found in the Worldwide database for ta = "solid state"',
    ],
)
def test_espacenet_s_line_in_words(line: str) -> None:
    """Of the line with the total, what was asked."""
    assert in_words(line) == 'ta = "solid state"'


def _google(text: str) -> list[str]:
    """Return the addresses that a search pasted into Google's box may end in."""
    asked, _, ends = text.rpartition(" country:")
    office, after = ends.replace("after:", "").split()
    pairs = [f"country={office}", f"after={after}", "dups=language"]
    return [
        f"?q={quote_plus(text)}",
        f"?q={quote(asked)}&{'&'.join(pairs)}&num=100",
        *(f"?{'&'.join(order)}&q={quote(asked)}" for order in permutations(pairs)),
    ]


@pytest.mark.parametrize("readings", [(), ("terms",), ("class_strict", "terms"), (by_hand.ALL,)])
def test_a_search_that_is_printed_is_found_again(readings: tuple[str, ...]) -> None:
    """Whatever readings are asked for, each printed search is one of the query's, as Google and Espacenet write it."""
    for search in by_hand.searches(SHIPPED, readings):
        if search.site == "Lens":
            continue  # an export of it says nothing of its search
        if search.site == "Google Patents":
            lines = [f"https://patents.google.com/{one}" for one in _google(search.text)]
        else:
            lines = [
                f"87 results found for {search.text}",
                f"Treffer: 1.087 Treffer gefunden für {search.text.upper()}",
            ]
        assert all(PRINTED.holds(line) is True for line in lines), search.file


@pytest.mark.parametrize(
    ("search", "offices"),
    [
        ('87 results found for ta = "solid state" AND pn = "US"', {"US"}),
        ("87 results found for pn = us and ta = magnet", {"US"}),
        ('87 results found for ta = magnet OR pn = "US"', set()),
        ('87 results found for ta = magnet NOT pn = "US"', set()),
        ('87 results found for pn = "US4000000"', set()),
        ("https://patents.google.com/?q=magnet&country=US,CN", {"US", "CN"}),
        ("https://patents.google.com/?q=(magnet)+country:JP", {"JP"}),
        ("https://patents.google.com/?q=magnet&country=XX", set()),
        ("https://patents.google.com/?q=magnet", set()),
    ],
)
def test_the_offices_that_a_search_is_narrowed_to(search: str, offices: set[str]) -> None:
    """Those that a search names and that nothing else in it widens; none where it can't be told."""
    assert PRINTED.offices(search) == offices


def test_another_year_is_told_from_another_search() -> None:
    """None where only dates differ; False for another office, fewer symbols, a narrower search, another one."""
    text = next(s.text for s in by_hand.searches(SHIPPED) if (s.site, s.office) == ("Espacenet", "CN"))
    line = f"87 results found for {text}"
    assert PRINTED.holds(line) is True
    assert PRINTED.holds(line.replace("2010", "2012")) is None
    assert PRINTED.holds(f'{line} AND pd <= "2019-12-31"') is None
    others = [
        line.replace('"CN"', '"DE"'),
        line.replace("C22B59", "C22B60"),
        f"{line} AND in = smith",
        line.replace(" AND ", " OR ", 1),
        "87 results found for ta = pizza",
        "https://patents.google.com/?q=~patent%2fUS20180069262A1",
    ]
    assert [PRINTED.holds(other) for other in others] == [False] * len(others)
    text = next(s.text for s in by_hand.searches(SHIPPED) if (s.site, s.office) == ("Google Patents", "CN"))
    one_year = f"https://patents.google.com/?q={quote(text)}&before=publication:20200101"
    assert PRINTED.holds(one_year) is None
    narrowed = f"https://patents.google.com/?q={quote(text)}"
    assert PRINTED.holds(narrowed) is True
    assert PRINTED.holds(f"{narrowed}&language=ENGLISH") is False
