"""The reader's part in a browser: its first screen, its type, and how often it says a figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from patentscope import Run

    import browser

pytestmark = pytest.mark.browser

BOTH = ["opened", "opened_sample"]
_SHOWN = """[...document.querySelectorAll('main *')].filter(node => node.checkVisibility() && !node.closest('svg')
  && [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()))"""


@pytest.mark.parametrize("page", BOTH)
def test_first_screen_has_the_answer(page: str, request: pytest.FixtureRequest) -> None:
    """On 1280 x 800: claim, chip, headline, evidence, counts side by side, and the title of the first picture."""
    opened: browser.Browser = request.getfixturevalue(page)
    ends = opened.value(
        "['.claim', '.chip', 'h1', '.evidence', '.strip', '#years h2'].map(name =>"
        " [name, document.querySelector(name).getBoundingClientRect().bottom + window.scrollY])"
    )
    assert [name for name, bottom in ends if bottom > 800] == []


@pytest.mark.parametrize("page", BOTH)
def test_few_sizes_of_type(page: str, request: pytest.FixtureRequest) -> None:
    """The reader's part has at most eight sizes of type, at a desk and on a phone."""
    opened: browser.Browser = request.getfixturevalue(page)
    for width in (1280, 390):
        opened.size(width)
        sizes = opened.value(f"[...new Set({_SHOWN}.map(node => getComputedStyle(node).fontSize))]")
        assert len(sizes) <= 8, sizes


def test_a_pair_of_counts_stands_twice_at_most(opened: browser.Browser, made_run: Run) -> None:
    """In the fixed text: panel and quotation follow the reader's choices, charts and folded tables have their own."""
    (claim,) = made_run.verdicts
    text = opened.value(
        "(() => { const part = document.querySelector('.reader').cloneNode(true);"
        " part.querySelectorAll('.recount, .quote, details, svg, script').forEach(node => node.remove());"
        " return part.textContent; })()"
    )
    figure = claim["questions"][0]["figure"]
    for n in (figure["left_n"], figure["right_n"]):
        if n >= 100:
            assert len(re.findall(rf"(?<![\d,.]){n:,.0f}(?![\d,.])", text)) <= 2
