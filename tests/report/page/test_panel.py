"""How do you count? The panel in a real browser: every count, every choice, the words, the address, no script."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from patentscope import Run, run
from patentscope.aggregate.answers.words import number_words
from patentscope.query.query import Query
from patentscope.records import store
from patentscope.report.page import embed
from patentscope.report.reader import panel_words
from patentscope.report.wording import unbroken

import browser
from factories import claim, make_publication, query_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

pytestmark = pytest.mark.browser

AXES = {
    "unit": ["family", "publication", "extended_family"],
    "basis": ["priority", "applicant", "inventor", "office"],
    "share": ["whole", "fractional"],
    "date": ["priority", "grant"],
    "documents": ["inventions", "grants"],
    "international": ["all", "two_offices"],
}


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One run with four claims: of a ratio, a share, against a country without a patent, and one that is open.

    No owner is stated.
    """
    keys = dict.fromkeys(("exceeds_by", "year", "left", "right"))
    claims = [
        claim("ratio"),
        claim("of-two", **keys, says="share of CN among CN+US = 60 % in 2024"),
        claim("none", exceeds_by=None, right=["AU"], quote="China leads Australia"),
        claim("open", left=["KR"], right=["JP"], quote="Korea leads Japan by 73%"),
    ]
    records = [
        make_publication(
            f"{office}{2024000000 + place}A",
            publication_date=f"2024-0{1 + place % 9}-01",
            filing_date=f"2024-0{1 + place % 9}-01",
        )
        for office, n in (("CN", 120), ("US", 70), ("JP", 12), ("KR", 5))
        for place in range(n)
    ]
    # Filed before elsewhere, nobody knows where.
    records += [
        make_publication(
            f"BR{102024000000 + place}A2",
            publication_date="2024-05-01",
            filing_date="2024-05-01",
            priority_date="2024-02-01",
        )
        for place in range(20)
    ]
    folder = tmp_path_factory.mktemp("several")
    store.write(store.to_table(records), folder / "records.parquet")
    query = Query.parse(query_text("several", claims=claims, axes=AXES, years=[2020, 2024]))
    return run(query, inputs=[folder / "records.parquet"], complete=True, out=folder / "run")


@pytest.fixture
def opened_several(chromium: browser.Browser, several: Run) -> Iterator[browser.Browser]:
    """The page of the three claims."""
    _open(chromium, several)
    yield chromium
    assert chromium.logged == []


def _open(page: browser.Browser, made: Run, address: str = "") -> None:
    page.size(1280)
    page.dark(on=False)
    page.logged.clear()
    page.open("about:blank#")
    page.send("Page.navigate", url=made.folder.file("report.html").resolve().as_uri() + address)
    page.wait_for("window.__patentscope && window.__patentscope.ready")


def counted(page: browser.Browser, rows: pd.DataFrame) -> None:
    """Hold what the page counts for *rows* of curve.csv against them, to the sixth decimal."""
    asked = [[row["spec_id"], row["claim_id"]] for row in rows.to_dict(orient="records")]
    found = page.value(f"{json.dumps(asked)}.map(([spec, claim]) => window.patentscope.count(spec, claim))")
    for side in ("left", "right"):
        ours = [f"{way[side]:.6f}" for way in found]
        assert ours == [f"{float(n):.6f}" for n in rows[f"{side}_n"]]


def choose(page: browser.Browser, name: str, value: object) -> str:
    """Choose a level by its place, or a recognised way by its identifier, and return the sentence."""
    page.value(f"document.querySelector('[name={name}][value={json.dumps(str(value))}]').click()")
    return said(page)


def said(page: browser.Browser, what: str = "say") -> str:
    """Return what stands in one of the result's lines."""
    return str(page.value(f"document.getElementById('{what}').textContent")).replace("\u00a0", " ")


def test_every_way_of_the_sample_is_counted(opened_sample: browser.Browser, sample_run: Run) -> None:
    """Where nothing is judged, too, the page knows the counts of every row of curve.csv, and of no other identifier."""
    counted(opened_sample, sample_run.curve)
    assert opened_sample.value("window.patentscope.count('000000000000')") is None
    assert len(sample_run.curve) > 4000


def test_a_thousand_ways_of_a_made_landscape(opened: browser.Browser, made_run: Run) -> None:
    """A thousand rows at random, shared-out counts among them, are counted as in curve.csv."""
    counted(opened, made_run.curve.sample(1000, random_state=5))


def test_each_claim_has_its_own_counts(opened_several: browser.Browser, several: Run) -> None:
    """Of three claims each is counted by its own sides; without a claim it is the one that is shown."""
    counted(opened_several, several.curve)
    first = several.curve[several.curve["claim_id"].eq("ratio")].iloc[0]
    shown = opened_several.value(f"window.patentscope.count({first['spec_id']!r})")
    assert shown == {"left": int(float(first["left_n"])), "right": int(float(first["right_n"]))}


def test_numbers_are_said_as_in_python(opened: browser.Browser) -> None:
    """Thousands of pairs, whole, shared out and at the edges, read the same in the page and in Python."""
    chance = random.Random(3)  # noqa: S311 - pairs of numbers
    edges = [
        (3, 8),
        (39, 20),
        (41, 20),
        (19, 20),
        (21, 20),
        (7, 8),
        (9, 4),
        (125, 1),
        (225, 100),
        (1, 8),
        (2, 5),
        (2, 13),
    ]
    pairs: list[tuple[float, float]] = [*edges, (0, 5), (5, 0), (0, 0)]
    pairs += [(chance.randint(1, 400), chance.randint(1, 400)) for _ in range(3000)]
    pairs += [(chance.randint(1, 10**6), chance.randint(1, 10**3)) for _ in range(500)]
    pairs += [(round(chance.uniform(0.01, 90), 6), round(chance.uniform(0.01, 90), 6)) for _ in range(1500)]
    script = embed.shipped("number_words.js")
    found = opened.value(
        f"(() => {{ {script}; return {json.dumps(pairs)}.map(([l, r]) => [compared(l, r, 'none', 'none of US'),"
        " joinedWords(compared(l, r, 'none', 'none of US'), 'Japan'), countInWords(l), countInWords(l, true),"
        " percentInWords(l / ((l + r) || 1))]); })()"
    )
    for (left, right), words in zip(pairs, found, strict=True):
        size = number_words.compared(left, right, none_right="none of US")
        mine = [size, number_words.joined(size, "Japan"), number_words.count(left)]
        mine += [number_words.count(left, is_audited=True), number_words.percent(left / ((left + right) or 1))]
        assert words == list(map(unbroken, mine)), (left, right)


def test_page_says_the_first_result_as_python_does(opened_several: browser.Browser, several: Run) -> None:
    """Before and after the script has run, the first result of each claim stands in the same words."""
    text = several.folder.file("report.html").read_text(encoding="utf-8")
    plain = opened_several.value(
        f"(() => {{ const page = new DOMParser().parseFromString({json.dumps(text)}, 'text/html');"
        " return ['say', 'how', 'unfair', 'n-l', 'n-r'].flatMap(id => ['', '-of-two', '-none', '-open']"
        ".map(claim => page.getElementById(id + claim).textContent)); })()"
    )
    shown = opened_several.value(
        "['say', 'how', 'unfair', 'n-l', 'n-r'].flatMap(id => ['', '-of-two', '-none', '-open']"
        ".map(claim => document.getElementById(id + claim).textContent))"
    )
    assert shown == plain
    assert [line.partition(":")[0] for line in plain[:2]] == [
        "China has 46\u00a0% more than the three",
        "China has 63\u00a0% of both together",
    ]
    assert plain[3].startswith("South Korea has 5 against 12, with 20 of unknown country: who leads can't be told (")
    assert plain[2] == "Australia has none, China 120."


def test_lines_are_those_of_by_year(opened: browser.Browser, made_run: Run) -> None:
    """The small lines of the chosen way have by-year.parquet's counts; other ways say why they have none."""
    card = made_run.verdicts[0]["card"]
    table = store.read(made_run.folder.file("by-year.parquet")).to_pandas()
    mine = table[table["spec_id"].eq(card["spec_id"])].sort_values("year")
    most = mine[["left_n", "right_n"]].to_numpy().max()
    heights = opened.value(
        "['left', 'right'].map(side => { const box = document.querySelector('#count .by-year');"
        " const line = box.querySelector('polyline.' + side);"
        " const solid = line ? line.getAttribute('points').split(' ').map(p => Number(p.split(',')[1])) : [];"
        " return solid.concat([...box.querySelectorAll('circle.open.' + side)].map(c => +c.getAttribute('cy'))); })"
    )
    part = mine[["left_published", "right_published"]].min(axis=1)
    mine = mine[mine["year"].le(2024) | (mine[["left_n", "right_n"]].sum(axis=1).gt(0) & ~part.lt(0.1))]
    for side, drawn in zip(("left_n", "right_n"), heights, strict=True):
        assert np.allclose(drawn, 62 - mine[side] / most * 62, atol=0.06)
    choose(opened, "as_of", 1)
    assert "only for counts of whole patents" in opened.value("document.querySelector('#count .none').textContent")
    assert opened.value("document.querySelector('#count .by-year svg').style.visibility") == "hidden"


def test_arrow_keys_recount(opened: browser.Browser) -> None:
    """With the keyboard alone: an arrow on a choice recounts, and the radio that is reached is chosen."""
    before = said(opened, "how")
    opened.value("document.querySelector('[name=unit]:checked').focus()")
    for kind in ("keyDown", "keyUp"):
        opened.send("Input.dispatchKeyEvent", type=kind, key="ArrowRight", code="ArrowRight", windowsVirtualKeyCode=39)
    assert said(opened, "how") != before
    assert said(opened, "how").startswith("Applications, ")
    assert opened.value("document.activeElement.checked")


def test_address_keeps_the_choice(opened: browser.Browser, made_run: Run) -> None:
    """A choice stands in the address; opened from it, by anyone, the page shows the same count again."""
    choose(opened, "unit", 2)
    sentence, address = said(opened), opened.value("location.hash")
    spec_id = address.removeprefix("#count=")
    row = made_run.curve[made_run.curve["spec_id"].eq(spec_id)].iloc[0]
    assert row["unit"] == "publication"
    _open(opened, made_run, address)
    assert said(opened) == sentence
    opened.value("location.hash = ''; document.getElementById('again').click()")
    assert said(opened) != sentence
    assert opened.value("document.getElementById('again').hidden")
    opened.value(f"location.hash = '{address}'")
    opened.wait_for(f"document.getElementById('say').textContent === {unbroken(sentence)!r}")


def test_address_names_the_claim(opened_several: browser.Browser, several: Run) -> None:
    """With several claims, the address says which one is counted, and shows that one."""
    opened_several.value("document.querySelector('[name=unit-of-two][value=\"1\"]').click()")
    address = opened_several.value("location.hash")
    assert address.startswith("#count=of-two/")
    sentence = said(opened_several, "say-of-two")
    _open(opened_several, several, address)
    assert said(opened_several, "say-of-two") == sentence
    visible = "document.getElementById('count-of-two').getClientRects().length"
    assert opened_several.value(visible) == 1


def test_impossible_pairs_give_way(opened: browser.Browser) -> None:
    """What can't be combined is off, and says with what it can; else the latest choice stays, and another goes back."""
    off = "document.querySelector('[data-axis=share] .off').textContent"
    assert opened.value("[...document.querySelectorAll('[name=share]')].map(one => one.disabled)") == [
        False,
        True,
        True,
    ]
    assert opened.value(off) == "Split, First named: only with “Owner's country” or “Inventor's country”."
    choose(opened, "basis", 1)
    assert opened.value(off) == ""
    choose(opened, "share", 1)
    assert "shared ones split" in said(opened, "how")
    choose(opened, "basis", 3)
    assert "by the office where they are filed" in said(opened, "how")
    assert "shared ones split" not in said(opened, "how")
    assert said(opened, "set-back") == (
        "Set back, as it can't be combined with this: shared between countries (Counts for each)."
    )
    choose(opened, "topic", 1)
    assert said(opened, "set-back") == ""


def test_weaker_and_stopped_counts_say_why(
    opened: browser.Browser, opened_several: browser.Browser, made_run: Run
) -> None:
    """Less sure counts are marked and give their reason beneath; a stopped one can't be chosen, and says why not."""
    opened_several.wait_for("window.__patentscope.done")
    stopped = opened_several.value("document.querySelector('[data-axis=basis] .off').textContent")
    told = "Owner's country: no owner's country is stated. Inventor's country: no inventor's country is stated."
    assert stopped == told
    dates = opened_several.value("document.querySelector('[data-axis=date] .off').textContent")
    assert dates == "Granted: only with “Granted only”."
    _open(opened, made_run)
    choose(opened, "topic", 5)
    assert said(opened, "unfair") == "Not a fair count: this topic takes in more than the claim speaks of."
    assert opened.value("document.querySelector('[name=topic]:checked').parentElement.querySelector('.weak') !== null")


def test_button_gives_the_claimed_size_or_says_that_none_does(opened: browser.Browser, made_run: Run) -> None:
    """The button leads to the fair count nearest to the claim, and says so where it isn't near; the other one back."""
    nearest = min(made_run.verdicts[0]["nearest"], key=lambda one: not one["near"])
    first = said(opened)
    opened.value("document.getElementById('give').click()")
    assert opened.value("location.hash") == f"#count={nearest['spec_id']}"
    words = "a count that gives" if nearest["near"] else "the count nearest to"
    assert said(opened, "give") == f"Show {words} 73 % more"
    assert said(opened, "set-back") == (
        "" if nearest["near"] else "No fair count gives 73 % more: this is the nearest."
    )
    opened.value("document.getElementById('again').click()")
    assert said(opened) == first


def test_quotation_follows(opened: browser.Browser) -> None:
    """What there is to quote changes with the choice, with how it was counted, and comes back with the first count."""
    before = said(opened, "quote-count"), said(opened, "quote-from")
    choose(opened, "unit", 2)
    left, right = said(opened, "n-l"), said(opened, "n-r")
    text = said(opened, "quote-count")
    assert "ounted as publications, China was " in text
    assert (
        f"{left}, against {right} for the United States, Australia and Japan together. The claim says 73 % more."
        in text
    )
    assert said(opened, "quote-from").startswith("Counted: publications, by the country")
    opened.value("document.getElementById('again').click()")
    assert (said(opened, "quote-count"), said(opened, "quote-from")) == before


def test_what_unknown_countries_decide_is_never_told_as_sure(opened_several: browser.Browser, several: Run) -> None:
    """Such a count has "?" on its button, hatched bars, no colour; sentence and quote give both ends."""
    rows = several.curve[several.curve["claim_id"].eq("open") & several.curve["unknown_n"].astype(float).gt(0)]
    row = rows[rows["judged"].eq("true") | rows["stopped"].eq("false")].iloc[0]
    opened_several.value(f"location.hash = '#count=open/{row['spec_id']}'")
    opened_several.wait_for("document.querySelector('.reader:not(.away)').dataset.claim === 'open'")
    left, right, unknown = (int(float(row[name])) for name in ("left_n", "right_n", "unknown_n"))
    ends = number_words.span(left / (right + unknown), (left + unknown) / right)
    what = f"with {unknown} of unknown country: who leads can't be told ({ends})."
    assert said(opened_several, "say-open") == f"South Korea has {left} against {right}, {what}"
    assert said(opened_several, "quote-count-open").endswith(f"{what} The claim says 73 % more.")
    assert "Evidence: " not in said(opened_several, "quote-from-open")
    button = "document.querySelector('#choices-open [name^=basis]:checked').parentElement.querySelector('.n')"
    assert opened_several.value(f"[{button}.textContent, {button}.dataset.side]") == ["?", ""]
    most = max(left, right) + unknown
    for side, n in (("left", left), ("right", right)):
        shown = opened_several.value(f"document.querySelector('#count-open .length.{side} s').style.width")
        solid = opened_several.value(f"document.querySelector('#count-open .length.{side} i').style.width")
        assert float(shown.removesuffix("%")) == pytest.approx(unknown / most * 100, abs=0.1)
        assert float(solid.removesuffix("%")) == pytest.approx(n / most * 100, abs=0.1)
    assert opened_several.value("document.querySelector('#count-open .length em').hidden")


def test_a_size_that_is_reached_is_not_asked_for(opened: browser.Browser, made_run: Run) -> None:
    """At the claimed size, or nearly, the page says that; beyond it, how many would do; as Python puts it."""
    claim = made_run.verdicts[0]
    names = panel_words.names_said(claim)
    sure = made_run.curve["judged"].eq("true") & made_run.curve["low"].eq(made_run.curve["high"])
    rows = made_run.curve[sure].drop_duplicates("spec_id")
    counts = rows[["left_n", "right_n"]].astype(float)
    for reached in (
        (counts["left_n"] / counts["right_n"]).sub(1.73).abs().lt(0.1),
        counts.eval("left_n > 1.9 * right_n"),
    ):
        row = rows[reached].iloc[0]
        opened.value(f"location.hash = '#count={row['spec_id']}'")
        left, right, both = (float(row[name]) for name in ("left_n", "right_n", "overlap_n"))
        sentence = panel_words.result(names, left, right, both, is_audited=False).striptags()
        opened.wait_for(f"document.getElementById('say').textContent === {unbroken(sentence)!r}")
        assert "would need" not in sentence


def test_an_address_of_no_count_here_is_said(opened: browser.Browser) -> None:
    """An identifier that isn't on the page shows the first count, says so, and goes from the address."""
    first = said(opened)
    opened.value("location.hash = '#count=123456789abc'")
    opened.wait_for("document.getElementById('set-back').textContent !== ''")
    assert said(opened, "set-back").startswith("The address asks for a way to count that isn't on this page")
    assert said(opened) == first
    assert opened.value("location.hash") == ""


def test_no_line_breaks_between_figure_and_per_cent(opened: browser.Browser) -> None:
    """On the whole page, in what the scripts write too, a per cent stands on the line of its figure."""
    choose(opened, "unit", 2)
    assert opened.value("(document.body.innerText.match(/[0-9] %/g) || []).length") == 0
    assert opened.value("(document.body.innerText.match(/[0-9]\u00a0%/g) || []).length") > 20


def test_buttons_say_what_they_would_give(opened: browser.Browser) -> None:
    """Every button that can be pressed gives what it has promised, in the colour of whoever is ahead."""
    buttons = opened.value(
        "[...document.querySelectorAll('#choices fieldset input:enabled:not(:checked)')]"
        ".map(one => [one.name, one.value, one.parentElement.querySelector('.n').textContent,"
        " one.parentElement.querySelector('.n').dataset.side])"
    )
    assert len(buttons) > 15
    for name, value, promised, side in buttons:
        choose(opened, name, value)
        box = f"document.querySelector('[name={name}]:checked').parentElement.querySelector('.n')"
        assert opened.value(f"[{box}.textContent, {box}.dataset.side]") == [promised, side]
        left, right = (float(said(opened, one).replace(",", "")) for one in ("n-l", "n-r"))
        is_told = promised != "?"
        assert side == ("left" if left > right else "right" if left < right else "") * is_told
        opened.value("document.getElementById('again').click()")


def test_without_a_script_the_first_result_stands(chromium: browser.Browser, several: Run) -> None:
    """Without JavaScript there is no dead button: the first result, and each choice changed alone, as a table."""
    chromium.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.open(several.folder.file("report.html").resolve().as_uri())
        shown = chromium.value(
            "[...document.querySelectorAll('[data-panel] form, [data-panel] button, [data-panel] .by-year')]"
            ".filter(one => one.getClientRects().length).length"
        )
        assert shown == 0
        assert said(chromium).startswith("China has 46 % more than the three: ")
        assert chromium.value("document.querySelectorAll('[data-panel] .all tbody tr').length") > 10
    finally:
        chromium.send("Emulation.setScriptExecutionDisabled", value=False)
