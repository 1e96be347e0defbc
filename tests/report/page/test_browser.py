"""The real page in a real browser: every chart drawn, nothing on the console, nothing asked of any server."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from patentscope.records import store
from patentscope.report.page import page as report

import browser
from browser import READY

if TYPE_CHECKING:
    from patentscope import Run
    from patentscope.provenance.run_folder import RunFolder

pytestmark = pytest.mark.browser


def test_every_chart_is_drawn(opened: browser.Browser) -> None:
    """Each chart has an SVG with marks in it; none shows an error."""
    state = opened.value("window.__patentscope")
    assert state["errors"] == []
    assert state["drawn"] == state["expected"] > 10
    marks = opened.value(
        "[...document.querySelectorAll('.chart')]"
        ".map(box => [box.id, box.querySelectorAll('svg [class*=mark-] path').length])"
    )
    assert [name for name, count in marks if not count] == []


def test_console_is_clean_and_nothing_leaves_the_page(opened: browser.Browser, made_run: Run) -> None:
    """The console has no line, and the only address ever asked for is the file itself."""
    assert opened.logged == []
    assert set(opened.asked) == {made_run.folder.file("report.html").resolve().as_uri()}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_scrolls_sideways(opened: browser.Browser, made_run: Run, width: int, *, dark: bool) -> None:
    """From a phone to a desk, light and dark: the page is as wide as its window, and so is every chart's box."""
    opened.size(width)
    opened.dark(on=dark)
    opened.open(made_run.folder.file("report.html").resolve().as_uri())
    opened.wait_for(READY)
    assert opened.value("document.documentElement.scrollWidth") <= width
    right = "[...document.querySelectorAll('.chart svg')].map(drawing => drawing.getBoundingClientRect().right)"
    assert max(opened.value(right)) <= width + 1
    assert opened.logged == []


def test_curve_follows_the_window(opened: browser.Browser) -> None:
    """A curve is drawn anew when the window gets narrow, and stays inside its box."""
    opened.size(400)
    fits = (
        "[...document.querySelectorAll('.chart[data-fit]')]"
        ".every(box => Math.abs(Number(box.dataset.width) - box.clientWidth) <= 8)"
    )
    opened.wait_for(fits)
    assert opened.value("document.documentElement.scrollWidth") <= 400


def type_into_filter(page: browser.Browser, words: str) -> int:
    """Type into the filter of the records and return how many are shown."""
    page.value(
        f"(() => {{ const field = document.getElementById('search'); field.value = {words!r};"
        " field.dispatchEvent(new Event('input')); })()"
    )
    return int(
        page.value("[...document.querySelectorAll('#table-publications tbody tr')].filter(row => !row.hidden).length")
    )


def test_search_finds_records(opened_sample: browser.Browser, sample_run: Run) -> None:
    """The filter finds a number, a Chinese word and two words at once, says how many, and shows all again."""
    publications = sample_run.publications
    everything = len(publications)
    number = str(publications["publication_number"].iloc[0])
    assert type_into_filter(opened_sample, number) == 1
    told = opened_sample.value("document.getElementById('search-found').textContent")
    assert told == f"1 of {everything} records shown"
    assert 0 < type_into_filter(opened_sample, "稀土") < everything
    assert 0 < type_into_filter(opened_sample, "RARE magnet") < everything
    assert type_into_filter(opened_sample, "no record says this") == 0
    assert type_into_filter(opened_sample, "") == everything


def test_links_resolve(opened: browser.Browser) -> None:
    """Every link within the page leads to something in it, and every other one to an https page, without a referrer."""
    assert (
        opened.value(
            "[...document.querySelectorAll('a[href^=\"#\"]')].map(link => link.hash.slice(1))"
            ".filter(name => !document.getElementById(name))"
        )
        == []
    )
    assert (
        opened.value(
            "[...document.querySelectorAll('a:not([href^=\"#\"])')].filter(link => link.protocol !== 'https:'"
            " || !link.rel.includes('noreferrer')).map(link => link.href)"
        )
        == []
    )


def test_words_can_be_read_in_light_and_dark(opened: browser.Browser) -> None:
    """Body text, soft text and links stand out from their ground by at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    contrast = """(() => {
      const light = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number)
        .map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, place) => sum + v * [0.2126, 0.7152, 0.0722][place], 0);
      const ground = node => { for (; node; node = node.parentElement) {
        const colour = getComputedStyle(node).backgroundColor;
        if (!/, 0\\)$|transparent/.test(colour)) { return colour; } } return 'rgb(255,255,255)'; };
      const read = 'p, a, td, th, small, summary, .mark, figcaption, caption, li, dt, dd, h1, h2, h3';
      return [...document.querySelectorAll(read)]
        .filter(node => node.textContent.trim() && node.getClientRects().length)
        .map(node => { const pair = [light(getComputedStyle(node).color), light(ground(node))].sort((a, b) => b - a);
          return [(pair[0] + 0.05) / (pair[1] + 0.05), node.outerHTML.slice(0, 80)]; })
        .sort((a, b) => a[0] - b[0])[0]; })()"""
    for dark in (False, True):
        opened.dark(on=dark)
        worst, where = opened.value(contrast)
        assert worst >= 4.5, where


@pytest.mark.parametrize(("page", "dark"), [("opened_sample", False), ("opened_sample", True), ("opened", False)])
def test_axe_finds_no_serious_fault(page: str, request: pytest.FixtureRequest, *, dark: bool) -> None:
    """With every part unfolded, axe-core names nothing serious or critical, in light and in dark.

    The publications are looked over on the sample's page, which has few; the answer on that of the made run.
    """
    opened: browser.Browser = request.getfixturevalue(page)
    package = importlib.util.find_spec("axe_core_python")
    if package is None or package.origin is None:
        pytest.skip("no axe-core here (pip install axe-core-python): the page was not looked over by it")
    opened.dark(on=dark)
    opened.value("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    opened.value(Path(package.origin).with_name("axe.min.js").read_text(encoding="utf-8") + "; 0")
    # Between light and dark only colours differ.
    rules = "runOnly: ['color-contrast'], " if dark else ""
    left_out = "" if page == "opened_sample" else "'#table-publications'"
    found = opened.value(
        f"axe.run({{exclude: [{left_out}]}}, {{{rules}resultTypes: ['violations']}}).then(result => result.violations"
        ".filter(fault => ['serious', 'critical'].includes(fault.impact))"
        ".map(fault => [fault.id, fault.nodes.length, fault.nodes[0].html.slice(0, 200)]))"
    )
    assert found == []


def test_chart_that_fails_says_so(chromium: browser.Browser, sample_run: Run, tmp_path: Path) -> None:
    """A chart that can't be drawn leaves a visible message, never a blank."""
    text = sample_run.folder.file("report.html").read_text(encoding="utf-8")
    broken = text.replace('id="chart-published-spec">{', 'id="chart-published-spec">{,', 1)
    path = tmp_path / "broken.html"
    path.write_text(broken, encoding="utf-8")
    chromium.open(path.as_uri())
    chromium.wait_for(READY)
    state = chromium.value("window.__patentscope")
    assert state["drawn"] == state["expected"] - 1
    assert "could not be drawn" in chromium.value("document.getElementById('chart-published').innerText")


def test_hostile_titles_do_nothing(chromium: browser.Browser, copied: RunFolder) -> None:
    """Titles that hold scripts, handlers and marks of direction are read as text, and run nothing."""
    folder = copied
    table = store.read(folder.file("publications.parquet"))
    hostile = "</script><script>window.ran = 1</script><img src=x onerror='window.ran = 2'>\u202e <b>"
    titles = pa.array([hostile] * table.num_rows, pa.string())
    place, parties = (table.schema.get_field_index(name) for name in ("title", "applicants"))
    named = pa.array([[{"name": hostile, "country": None}]] * table.num_rows, table.schema.field(parties).type)
    table = table.set_column(place, "title", titles).set_column(parties, "applicants", named)
    store.write(table, folder.file("publications.parquet"))
    page = folder.file("hostile.html")
    page.write_text(report.make(folder).text, encoding="utf-8")
    chromium.logged.clear()
    chromium.open(page.as_uri())
    chromium.wait_for(READY)
    assert chromium.value("window.ran") is None
    assert chromium.value("document.querySelectorAll('#table-publications img, #table-publications b').length") == 0
    assert chromium.value("window.__patentscope")["errors"] == []
    assert chromium.logged == []


def test_keyboard_reaches_the_content(opened: browser.Browser) -> None:
    """The first stop of the Tab key is the link past the head of the page, and every scrolling box can be reached."""
    for kind in ("keyDown", "keyUp"):
        opened.send("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert opened.value("document.activeElement.className") == "skip"
    assert opened.value("[...document.querySelectorAll('.scroll')].every(box => box.tabIndex === 0)")
