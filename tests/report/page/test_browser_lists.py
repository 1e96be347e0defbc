"""The page's lists and tables in a real browser: what is dragged, typed and saved."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from patentscope.report.charts.curve import ranked

import browser

if TYPE_CHECKING:
    from patentscope import Run

pytestmark = pytest.mark.browser

CURVE = "document.getElementById('chart-curve-china-73-ownership')"
LIST = f"[...document.querySelectorAll('.list')].find(box => box.dataset.chart === {CURVE}.id)"


def dragged(page: browser.Browser, first: float, last: float) -> None:
    """Drag across the curve's points, from one share of their width to another."""
    page.value(f"{CURVE}.scrollIntoView({{behavior: 'instant'}})")
    left, top, width = page.value(
        f"(() => {{ const box = {CURVE}.querySelector('.concat_0_group path.background').getBoundingClientRect();"
        " return [box.left, box.top + box.height / 2, box.width]; })()"
    )
    ends = [left + width * first, left + width * last]
    page.send("Input.dispatchMouseEvent", type="mouseMoved", x=ends[0], y=top)
    page.send("Input.dispatchMouseEvent", type="mousePressed", x=ends[0], y=top, button="left", clickCount=1)
    for share in (0.3, 0.7, 1.0):
        place = ends[0] + (ends[1] - ends[0]) * share
        page.send("Input.dispatchMouseEvent", type="mouseMoved", x=place, y=top, button="left", buttons=1)
    page.send("Input.dispatchMouseEvent", type="mouseReleased", x=ends[1], y=top, button="left", clickCount=1)


def test_brush_filters_the_ways_to_count(unfolded: browser.Browser, made_run: Run) -> None:
    """What is dragged across a curve is what the list beneath shows: the ranks, and how many there are."""
    part = made_run.curve[made_run.curve["question"].eq("ownership")]
    table = ranked(part.astype({"reason": "str"}))
    dragged(unfolded, 0.25, 0.5)
    unfolded.wait_for(f"{LIST}.querySelector('[name=to]').value")
    first, last = (int(unfolded.value(f"{LIST}.querySelector('[name={name}]').value")) for name in ("from", "to"))
    assert first == pytest.approx(len(table) * 0.25, abs=len(table) * 0.02)
    assert last == pytest.approx(len(table) * 0.5, abs=len(table) * 0.02)
    said = unfolded.value(f"{LIST}.querySelector('output').textContent")
    assert said.startswith(f"{last - first + 1} of {len(part)} ways to count are selected")
    assert unfolded.value(f"{LIST}.querySelector('details').open")
    unfolded.value(
        f"(() => {{ const order = {LIST}.querySelector('[name=order]'); order.value = 'rank';"
        " order.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )
    chosen = table[table["rank"].between(first, last)]
    listed = unfolded.value(f"[...{LIST}.querySelectorAll('tbody th')].map(cell => cell.firstChild.nodeValue)")
    assert listed == list(chosen["spec_id"].head(len(listed)))
    assert len(listed) == min(50, len(chosen))
    assert unfolded.logged == []


def test_typed_ranks_and_words_filter_as_well(unfolded: browser.Browser) -> None:
    """Without a mouse: typed ranks pale the other points, words narrow the list, and all come back."""
    everything = unfolded.value(f"{LIST}.querySelector('output').textContent")
    typed = "(() => {{ const field = {box}.querySelector('[name={name}]'); field.value = '{value}';"
    typed += " field.dispatchEvent(new Event('input', {{bubbles: true}})); }})()"
    for name, value in (("from", 3), ("to", 12)):
        unfolded.value(typed.format(box=LIST, name=name, value=value))
    pale = f"{CURVE}.querySelectorAll('.points_0_marks path[opacity=\"0.25\"]').length"
    unfolded.wait_for(f"{pale} > 0")
    drawn = unfolded.value(f"{CURVE}.querySelectorAll('.points_0_marks path').length")
    assert 0 < drawn - unfolded.value(pale) <= 10
    assert unfolded.value(f"{LIST}.querySelectorAll('tbody tr').length") == 10
    unfolded.value(typed.format(box=LIST, name="words", value="no choice says this"))
    assert "no way to count is like that" in unfolded.value(f"{LIST}.querySelector('tbody').textContent")
    unfolded.value(f"{LIST}.querySelector('[type=reset]').click()")
    unfolded.wait_for(f"{LIST}.querySelector('output').textContent === {everything!r}")
    assert unfolded.logged == []


def test_every_way_to_count_is_in_its_list(unfolded: browser.Browser, made_run: Run) -> None:
    """By claim and question the page holds as many ways to count as curve.csv, and finds any of them by its id."""
    frame = made_run.curve
    said = unfolded.value(
        "Object.fromEntries([...document.querySelectorAll('.list')]"
        ".map(box => [box.dataset.claim + ' ' + box.dataset.question, box.querySelector('output').textContent]))"
    )
    for (claim, question), part in frame.groupby(["claim_id", "question"]):
        assert said[f"{claim} {question}"].startswith(f"All {len(part):,} ways to count are listed below")
    wanted = str(frame.loc[frame["question"].eq("ownership"), "spec_id"].iloc[-1])
    unfolded.value(
        f"(() => {{ const field = {LIST}.querySelector('[name=words]'); field.value = '{wanted}';"
        " field.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )
    heads = f"[...{LIST}.querySelectorAll('tbody th')].map(cell => cell.firstChild.nodeValue)"
    assert unfolded.value(heads) == [wanted]


def saved(page: browser.Browser, table: str) -> str:
    """Press the button that saves a table, and return what it would save; nothing is written."""
    return str(
        page.value(
            "(() => { const made = []; const old = URL.createObjectURL;"
            " URL.createObjectURL = blob => { made.push(blob); return 'data:,'; };"
            f" document.querySelector('{table}').closest('.scroll').nextElementSibling.querySelector('button').click();"
            " URL.createObjectURL = old; return made[0].text(); })()"
        )
    )


def test_every_table_can_be_saved_from_the_page(unfolded: browser.Browser) -> None:
    """Each table outside the lists has a button; what it saves has the table's rows, numbers plain, formulas inert."""
    without = unfolded.value(
        "[...document.querySelectorAll('table[id]')].filter(table => !table.closest('.list')"
        " && !table.closest('.scroll').nextElementSibling.querySelector('button')).map(table => table.id)"
    )
    assert without == []
    unfolded.value("document.querySelector('#table-readings tbody th').textContent = '=1+1'")
    rows = list(csv.reader(io.StringIO(saved(unfolded, "#table-readings"), newline="")))
    assert len(rows) == unfolded.value("document.querySelector('#table-readings').rows.length")
    assert rows[1][0] == "'=1+1"
    assert all(row[2].isdigit() for row in rows[1:])
    assert unfolded.logged == []
