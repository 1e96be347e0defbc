"""What every page keeps, whatever its answer: read at any width, in light and dark, by eye, ear, key and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import browser
import page_checks

if TYPE_CHECKING:
    from patentscope import Run

pytestmark = pytest.mark.browser

#: A sample, whose claim can't be checked, and made records that answer it.
RUNS = ("sample_run", "made_run")


def shown(chromium: browser.Browser, run: Run, width: int, *, dark: bool = False) -> browser.Browser:
    """Return the browser with a run's page open at a width, its first charts drawn."""
    chromium.size(width)
    chromium.dark(on=dark)
    chromium.logged.clear()
    chromium.asked.clear()
    chromium.open(run.folder.file("report.html").resolve().as_uri())
    chromium.wait_for(browser.READY)
    return chromium


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280])
@pytest.mark.parametrize("name", RUNS)
def test_nothing_lies_over_anything_or_leaves_the_page(
    name: str, width: int, request: pytest.FixtureRequest, chromium: browser.Browser
) -> None:
    """At no width do two texts overlap or does one leave the page; charts take the places of stills without a jolt."""
    page = shown(chromium, request.getfixturevalue(name), width)
    assert page_checks.overlaps(page) == []
    assert page_checks.outside(page) == []
    assert page_checks.layout_shift(page) < 0.02
    assert page.logged == []
    assert len(set(page.asked)) == 1


@pytest.mark.parametrize("name", RUNS)
def test_readers_part_is_short(name: str, request: pytest.FixtureRequest, chromium: browser.Browser) -> None:
    """What is for specialists begins by 3,500 px on a desk and by 6,500 px on a phone, and is folded."""
    run = request.getfixturevalue(name)
    top = "document.getElementById('for-specialists').getBoundingClientRect().top + scrollY"
    for width, most in ((1280, 3500), (390, 6500)):
        page = shown(chromium, run, width)
        assert page.value(top) <= most
        assert page.value("document.documentElement.scrollHeight") - page.value(top) <= 1200
        assert page.value("document.querySelectorAll('details.part[open]').length") == 0


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", RUNS)
def test_everything_can_be_read_and_hit(
    name: str, request: pytest.FixtureRequest, chromium: browser.Browser, *, dark: bool
) -> None:
    """Folded or open, every text stands out from its ground, every control can be hit with a finger."""
    page = shown(chromium, request.getfixturevalue(name), 390, dark=dark)
    assert page_checks.pale(page) == []
    assert page_checks.small_targets(page) == []
    page_checks.unfold(page)
    assert page_checks.pale(page) == []
    assert page_checks.small_targets(page) == []
    assert page_checks.outside(page) == []


@pytest.mark.parametrize("name", RUNS)
def test_page_can_be_walked_by_ear_and_key(
    name: str, request: pytest.FixtureRequest, chromium: browser.Browser
) -> None:
    """Headings in order, all text in a landmark, every control named; Tab comes to everything, and one sees where."""
    page = shown(chromium, request.getfixturevalue(name), 1280)
    assert page_checks.headings(page) == []
    assert page_checks.landmarks(page) == []
    assert page_checks.nameless(page) == []
    assert page_checks.keyboard(page) == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", RUNS)
def test_axe_finds_no_serious_fault(
    name: str, request: pytest.FixtureRequest, chromium: browser.Browser, *, dark: bool
) -> None:
    """With every part open, axe-core names nothing serious or critical, in light and in dark.

    The publications are looked over on the sample's page, which has few; the answer on that of the made run.
    """
    page = shown(chromium, request.getfixturevalue(name), 1280, dark=dark)
    page_checks.unfold(page)
    assert page_checks.axe(page, exclude="" if name == "sample_run" else "#table-publications") == []


@pytest.mark.parametrize("name", RUNS)
def test_on_paper_it_takes_six_pages(name: str, request: pytest.FixtureRequest, chromium: browser.Browser) -> None:
    """Printed on A4 as it stands the page has at most six pages; parts that are open are printed, too."""
    page = shown(chromium, request.getfixturevalue(name), 1280)
    folded = page_checks.pages(page_checks.printed(page))
    assert 2 <= folded <= 6
    page.value("document.getElementById('method').open = true")
    assert page_checks.pages(page_checks.printed(page)) > folded


@pytest.mark.parametrize("name", RUNS)
def test_without_scripts_it_can_be_read(name: str, request: pytest.FixtureRequest, chromium: browser.Browser) -> None:
    """Without JavaScript nothing dead is shown: stills for charts, tables in parts that open, no control."""
    chromium.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.size(1280)
        chromium.open(request.getfixturevalue(name).folder.file("report.html").resolve().as_uri())
        shown_controls = "[...document.querySelectorAll('button, input, select')].filter(one => one.checkVisibility())"
        assert chromium.value(f"{shown_controls}.map(one => one.outerHTML.slice(0, 80))") == []
        assert chromium.value("[...document.querySelectorAll('main .still svg')].some(one => one.checkVisibility())")
        chromium.value("document.querySelectorAll('details').forEach(part => { part.open = true; })")
        assert chromium.value("[...document.querySelectorAll('table')].every(table => table.rows.length > 1)")
        assert page_checks.outside(chromium) == []
    finally:
        chromium.send("Emulation.setScriptExecutionDisabled", value=False)


def test_a_link_opens_the_part_it_leads_into(chromium: browser.Browser, sample_run: Run) -> None:
    """An address that ends in a part's id, or in that of anything within it, opens the part and shows it."""
    address = sample_run.folder.file("report.html").resolve().as_uri()
    for goal, part in (("curve", "curve"), ("table-publications", "all-records")):
        chromium.open("about:blank#")
        chromium.send("Page.navigate", url=f"{address}#{goal}")
        chromium.wait_for(f"document.getElementById('{part}') && document.getElementById('{part}').open")
    shown(chromium, sample_run, 1280).value("window.location.hash = 'table-sources'")
    chromium.wait_for("document.getElementById('method').open")
