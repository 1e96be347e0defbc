"""The reader's part in a browser: its length, its first screen, its type, in print, and without a script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import page_checks
import pytest

if TYPE_CHECKING:
    from patentscope import Run

    import browser

pytestmark = pytest.mark.browser

BOTH = ["opened", "opened_sample"]
#: By width, where the part for specialists begins at the latest.
LONGEST = {1280: 3500, 390: 6500}
_TOP = "document.getElementById('{}').getBoundingClientRect().top + window.scrollY"
_SHOWN = """[...document.querySelectorAll('main *')].filter(node => node.checkVisibility() && !node.closest('svg')
  && [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()))"""


@pytest.mark.parametrize("page", BOTH)
def test_readers_part_is_short(page: str, request: pytest.FixtureRequest) -> None:
    """At a desk and on a phone the part for specialists begins by the limit; nothing scrolls sideways at any width."""
    opened: browser.Browser = request.getfixturevalue(page)
    for width in (320, 390, 768, 1024, 1280):
        opened.size(width)
        assert opened.value("document.documentElement.scrollWidth") <= width
        if width in LONGEST:
            assert opened.value(_TOP.format("for-specialists")) <= LONGEST[width]


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
    for width in LONGEST:
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


@pytest.mark.parametrize("page", BOTH)
def test_page_is_printed_on_six_sheets(page: str, request: pytest.FixtureRequest) -> None:
    """A4: the reader's part and the list of what is for specialists take six pages at most."""
    opened: browser.Browser = request.getfixturevalue(page)
    assert page_checks.pages(page_checks.printed(opened)) <= 6


def test_without_a_script_nothing_is_dead(chromium: browser.Browser, made_run: Run) -> None:
    """No button, slider or radio is shown; the answer, the stills and the folded tables are there."""
    chromium.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.size(1280)
        chromium.send("Page.navigate", url=made_run.folder.file("report.html").resolve().as_uri())
        chromium.wait_for("document.readyState === 'complete' && document.querySelector('h1') !== null")
        seen = "[...document.querySelectorAll('main {0}')].filter(node => node.checkVisibility()).length"
        assert chromium.value(seen.format("button")) == chromium.value(seen.format("input")) == 0
        assert chromium.value(seen.format("svg")) > 0
        assert chromium.value(seen.format("summary")) > 0
    finally:
        chromium.send("Emulation.setScriptExecutionDisabled", value=False)
