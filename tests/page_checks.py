"""What every page must keep, in a browser that has it open: each check returns the faults that it finds, in words.

    assert page_checks.overlaps(page) == []

All look at the page as it stands: open the folded parts, or set width and theme, before.
"""

from __future__ import annotations

import base64
import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from places import ROOT

if TYPE_CHECKING:
    from browser import Browser

_SCRIPT = (ROOT / "tests" / "page_checks.js").read_text(encoding="utf-8")
#: What has to have a name of its own, by the browser's own tree for assistive technology.
_NAMED = {"button", "link", "textbox", "searchbox", "radio", "checkbox", "combobox", "slider", "spinbutton", "image"}
_MOST_STOPS = 400


def overlaps(page: Browser) -> list[str]:
    """Return the pairs of texts, labels of charts included, that lie over each other by more than 1.5 x 3 px."""
    return _asked(page, "overlaps()")


def outside(page: Browser) -> list[str]:
    """Return the texts that leave the page, and its width where it scrolls sideways."""
    return _asked(page, "outside()")


def pale(page: Browser) -> list[str]:
    """Return the texts whose contrast is under 4.5 to 1, from 24 px on under 3 to 1, each after its contrast."""
    return _asked(page, "pale()")


def small_targets(page: Browser) -> list[str]:
    """Return the controls that are under 24 px high or wide."""
    return _asked(page, "small()")


def headings(page: Browser) -> list[str]:
    """Return what is wrong with the order of the headings."""
    return _asked(page, "headings()")


def landmarks(page: Browser) -> list[str]:
    """Return what lies outside all landmarks, and a `main` that is missing or not alone."""
    return _asked(page, "landmarks()")


def nameless(page: Browser) -> list[str]:
    """Return the controls and pictures that say nothing to a screen reader."""
    page.send("Accessibility.enable")
    try:
        nodes = page.send("Accessibility.getFullAXTree")["nodes"]
    finally:
        page.send("Accessibility.disable")
    return [
        node["role"]["value"]
        for node in nodes
        if not node.get("ignored")
        and node["role"]["value"] in _NAMED
        and not node.get("name", {}).get("value", "").strip()
    ]


def keyboard(page: Browser) -> list[str]:
    """Return what the Tab key doesn't come to, and where one wouldn't see that it has."""
    _load(page)
    wanted = page.value("__checks.stops()")
    page.value("document.activeElement.blur()")
    reached, faults = [], []
    for _ in range(_MOST_STOPS):
        for kind in ("keyDown", "keyUp"):
            page.send("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        focused = page.value("__checks.focused()")
        if focused is None or (reached and focused["name"] == reached[0]):
            break
        reached.append(focused["name"])
        if not focused["ringed"]:
            faults.append(f"focus can't be seen: {focused['name']}")
    return [*(f"not reached: {name}" for name in wanted if name not in reached), *faults]


def layout_shift(page: Browser) -> float:
    """Return by how much the page moved under its reader since it was opened (Cumulative Layout Shift)."""
    _load(page)
    return float(page.value("__checks.shift()"))


def axe(page: Browser, *, exclude: str = "") -> list[str]:
    """Return the serious and critical faults that axe-core names, each with its first element; skip without axe."""
    package = importlib.util.find_spec("axe_playwright_python")
    if package is None or package.origin is None:
        pytest.skip("no axe-core here (pip install axe-playwright-python): the page was not looked over by it")
    page.value(Path(package.origin).with_name("axe.min.js").read_text(encoding="utf-8") + "; 0")
    left_out = f"'{exclude}'" if exclude else ""
    found: list[str] = page.value(
        f"axe.run({{exclude: [{left_out}]}}, {{resultTypes: ['violations']}}).then(result => result.violations"
        ".filter(fault => ['serious', 'critical'].includes(fault.impact))"
        ".map(fault => `${fault.id} (${fault.nodes.length}): ${fault.nodes[0].html.slice(0, 200)}`))"
    )
    return found


def printed(page: Browser) -> bytes:
    """Return the page as PDF, on A4."""
    made = page.send(
        "Page.printToPDF", preferCSSPageSize=True, printBackground=True, paperWidth=8.27, paperHeight=11.69
    )
    return base64.b64decode(made["data"])


def pages(pdf: bytes) -> int:
    """Return how many pages a PDF of Chromium's has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def unfold(page: Browser) -> None:
    """Open every folded part, and wait until its charts are drawn and its lists are filled."""
    page.value("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    page.wait_for(
        "[...document.querySelectorAll('.chart')].every(box => box.dataset.drawn || !box.checkVisibility()"
        " || window.__patentscope.errors.some(one => one.startsWith(box.id)))"
        " && [...document.querySelectorAll('.list output')].every(said => said.textContent)"
    )


def _asked(page: Browser, call: str) -> list[Any]:
    _load(page)
    return list(page.value(f"__checks.{call}"))


def _load(page: Browser) -> None:
    if not page.value("'__checks' in window"):
        page.value(f"{_SCRIPT}; 0")
