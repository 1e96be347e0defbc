"""The real page in a real browser: every chart drawn, nothing on the console, nothing asked of any server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from patentscope.records import store
from patentscope.report.page import page as report
from patentscope.report.run_tables import RunTables

import browser
import page_checks
from browser import READY

if TYPE_CHECKING:
    from pathlib import Path

    from patentscope import Run
    from patentscope.provenance.run_folder import RunFolder

pytestmark = pytest.mark.browser


def test_charts_of_closed_parts_wait(opened: browser.Browser) -> None:
    """Before a part is opened only the readers' charts are alive, so that the page is ready early."""
    drawn = opened.value("[...document.querySelectorAll('.chart[data-drawn]')].map(box => box.id)")
    assert drawn == opened.value("[...document.querySelectorAll('main .chart')].map(box => box.id)")
    assert len(drawn) >= 2


def test_every_chart_is_drawn(unfolded: browser.Browser) -> None:
    """Each chart has an SVG with marks in it; none shows an error."""
    assert unfolded.value("window.__patentscope.errors") == []
    marks = unfolded.value(
        "[...document.querySelectorAll('.chart')]"
        ".map(box => [box.id, box.querySelectorAll('svg [class*=mark-] path').length])"
    )
    assert len(marks) > 10
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
    page_checks.unfold(opened)
    assert opened.value("document.documentElement.scrollWidth") <= width
    right = "[...document.querySelectorAll('.chart svg')].map(drawing => drawing.getBoundingClientRect().right)"
    assert max(opened.value(right)) <= width + 1
    assert opened.logged == []


def test_curve_follows_the_window(unfolded: browser.Browser) -> None:
    """A curve is drawn anew when the window gets narrow, and stays inside its box."""
    opened = unfolded
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
    opened_sample.value("document.getElementById('all-records').open = true")
    opened_sample.wait_for("document.getElementById('search-found').textContent")
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


def test_chart_that_fails_says_so(chromium: browser.Browser, sample_run: Run, tmp_path: Path) -> None:
    """A chart that can't be drawn leaves a visible message, never a blank."""
    text = sample_run.folder.file("report.html").read_text(encoding="utf-8")
    broken = text.replace('id="chart-flow-spec">', 'id="chart-flow-spec">!', 1)
    path = tmp_path / "broken.html"
    path.write_text(broken, encoding="utf-8")
    chromium.open(path.as_uri())
    chromium.wait_for(READY)
    page_checks.unfold(chromium)
    (error,) = chromium.value("window.__patentscope.errors")
    assert error.startswith("chart-flow:")
    assert "could not be drawn" in chromium.value("document.getElementById('chart-flow').innerText")


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
    page.write_text(report.make(RunTables.read(folder)).text, encoding="utf-8")
    chromium.logged.clear()
    chromium.open(page.as_uri())
    chromium.wait_for(READY)
    assert chromium.value("window.ran") is None
    assert chromium.value("document.querySelectorAll('#table-publications img, #table-publications b').length") == 0
    assert chromium.value("window.__patentscope")["errors"] == []
    assert chromium.logged == []
