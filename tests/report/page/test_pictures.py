"""Pictures in a real browser: stills at once, alive when idle, of one size, without words upon words, saved whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from patentscope.report.charts.style import COLOURS

import page_checks
from browser import READY

if TYPE_CHECKING:
    from patentscope import Run

    import browser

pytestmark = pytest.mark.browser

HEADLINE, RESULTS = "headline-china-73", "results-china-73"
SIZES = "[...document.querySelectorAll('.picture')].map(box => box.getBoundingClientRect().height)"


def test_pictures_come_alive_without_a_shift(opened: browser.Browser) -> None:
    """Each picture that is seen is a still first; what takes its place has the same size, and nothing is displaced."""
    state = opened.value("window.__patentscope")
    assert state["errors"] == []
    assert state["first"] > 0
    assert 0 < state["ready"] <= state["done"]
    assert state["drawn"] == state["expected"] == 2
    pairs = opened.value(
        "[...document.querySelectorAll('.still[data-alive=yes]')]"
        ".map(still => [still, still.querySelector('.live svg')]"
        ".map(node => node.getBoundingClientRect()).map(box => [Math.round(box.width), Math.round(box.height)]))"
    )
    assert len(pairs) == 2
    assert all(still == live for still, live in pairs)
    alive = opened.value(SIZES)
    opened.value("document.querySelectorAll('.still').forEach(still => { delete still.dataset.alive; })")
    assert opened.value(SIZES) == alive
    assert opened.logged == []


@pytest.mark.parametrize("width", [1280, 900, 390])
@pytest.mark.parametrize("page", ["opened", "opened_sample"])
def test_no_words_lie_upon_others(page: str, width: int, request: pytest.FixtureRequest) -> None:
    """At every width the words of the picture that is shown are apart, in the still as in what takes its place."""
    found: browser.Browser = request.getfixturevalue(page)
    found.size(width)
    found.wait_for("[...document.querySelectorAll('.picture')].every(box => !box.checkVisibility() ||"
                   " [...box.querySelectorAll('.still')].some(still => still.checkVisibility()"
                   " && still.dataset.alive === 'yes'))")  # fmt: skip
    assert page_checks.overlaps(found) == []
    found.value("document.querySelectorAll('.still').forEach(still => { delete still.dataset.alive; })")
    found.value("document.querySelectorAll('.live').forEach(live => live.remove())")
    assert page_checks.overlaps(found) == []


def test_a_dot_gives_its_way_to_count(opened: browser.Browser, made_run: Run) -> None:
    """A click on a dot chooses a way that gives it, and the ring goes there."""
    found = opened.value(
        f"(() => {{ const dots = [...document.querySelectorAll('#chart-{RESULTS} .live path')]"
        ".filter(node => node.__data__ && node.__data__.datum && node.__data__.datum.spec_id);"
        " const dot = dots[Math.floor(dots.length / 2)];"
        " ['mousedown', 'mouseup', 'click'].forEach(kind => dot.dispatchEvent(new MouseEvent(kind, {bubbles: true})));"
        " return dot.__data__.datum; })()"
    )
    assert opened.value("location.hash") == f"#count={found['spec_id']}"
    row = made_run.curve.set_index("spec_id").loc[found["spec_id"]]
    assert [float(row["left_n"]), float(row["right_n"])] == [found["left"], found["right"]]
    ring = opened.value(f"[...document.querySelectorAll('#chart-{RESULTS} .live text')].map(node => node.textContent)")
    assert "your choice" in ring
    opened.value("history.replaceState(null, '', location.pathname)")


@pytest.mark.parametrize(
    ("page", "name"), [("opened", HEADLINE), ("opened", RESULTS), ("opened_sample", "published-2")]
)
def test_a_saved_picture_is_whole(page: str, name: str, request: pytest.FixtureRequest) -> None:
    """In the dark too the file is in light colours, with title, subtitle, source and date; a PNG is made of it."""
    found: browser.Browser = request.getfixturevalue(page)
    found.dark(on=True)
    picture = found.value(f"window.patentscope.picture('{name}')")
    box = found.value(f"({{...document.getElementById('chart-{name}').dataset}})")
    tree = etree.fromstring(picture["svg"].encode())
    assert (tree.get("width"), tree.get("height")) == (str(picture["width"]), str(picture["height"]))
    words = " ".join(" ".join(node.itertext()) for node in tree.iter())
    for part in (box["title"], box["subtitle"], "Source: ", box["source"]):
        assert set(re.sub(r"\s+", " ", part).strip().split()) <= set(words.split())
    assert "var(" not in picture["svg"]
    assert "color-mix" not in picture["svg"]
    colours = set(re.findall(r"#[0-9a-f]{6}\b", picture["svg"]))
    assert {COLOURS["paper"], COLOURS["left"], COLOURS["right"]} <= colours <= set(COLOURS.values())
    assert picture["file"] == f"patentscope-rare-earth-recycling-{name}"
    size = found.value(
        f"window.patentscope.png('{name}').then(blob => createImageBitmap(blob)).then(map => [map.width, map.height])"
    )
    assert size == [2 * picture["width"], 2 * picture["height"]]
    assert found.logged == []


def test_specialists_charts_wait_until_they_are_seen(opened: browser.Browser) -> None:
    """A chart in a folded part is drawn when the part opens; for paper nothing is drawn anew."""
    waiting = "[...document.querySelectorAll('.chart:not(.picture):not([data-drawn])')].length"
    before = opened.value(waiting)
    assert before > 5
    opened.value("window.dispatchEvent(new Event('beforeprint'))")
    opened.value("document.querySelectorAll('#for-specialists details').forEach(part => { part.open = true; })")
    opened.value("new Promise(go => setTimeout(go, 300))")
    assert opened.value(waiting) == before
    opened.value("window.dispatchEvent(new Event('afterprint'))")
    opened.wait_for(f"{waiting} === 0")
    assert opened.value("window.__patentscope.errors") == []


def test_one_slider_reads_all_published_counts(opened_sample: browser.Browser) -> None:
    """A year gives both sides' counts in every small chart; a series that ends earlier stays at its last whole year."""
    read = "[...document.querySelectorAll('.reading')].map(node => node.textContent)"
    assert opened_sample.value(read) == [
        "2010 (last whole year): China 5, The three 29",
        "2020: China 16,499, The three 3,678",
        "2020: China 9,894, The three 2,603",
    ]
    opened_sample.value(
        "(() => { const slider = document.querySelector('.slide input'); slider.value = 2000;"
        " slider.dispatchEvent(new Event('input')); })()"
    )
    assert opened_sample.value(read)[1] == "2000: China 515, The three 3,896"
    shown = opened_sample.value("document.querySelector('.slide output').textContent")
    assert shown == "2000"


def test_without_scripts_the_stills_are_there(opened: browser.Browser, made_run: Run) -> None:
    """Without JavaScript the stills and their tables stand, and no control that would do nothing."""
    opened.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        opened.open(made_run.folder.file("report.html").resolve().as_uri())
        shown = "[...document.querySelectorAll('.picture .still svg')].filter(node => node.checkVisibility()).length"
        assert opened.value(shown) == 2
        assert (
            opened.value("[...document.querySelectorAll('[data-save]')].some(node => node.checkVisibility())") is False
        )
    finally:
        opened.send("Emulation.setScriptExecutionDisabled", value=False)
    opened.open(made_run.folder.file("report.html").resolve().as_uri())
    opened.wait_for(READY)
