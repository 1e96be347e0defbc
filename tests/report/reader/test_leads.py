"""Leads in what, and who owns it: what the blocks say is what indicators.csv and the records hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import pytest

from patentscope.aggregate.indicators.table import COLUMNS
from patentscope.report.charts.applicants import names
from patentscope.report.charts.counted_families import counted
from patentscope.report.reader.leads import AHEAD, HIGHER, LEVEL, OPEN, UNCLEAR, leads
from patentscope.report.reader.owners import owners
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import Figure

if TYPE_CHECKING:
    from patentscope import Run
    from patentscope.aggregate.answers.entry import Entry


@pytest.fixture(scope="module")
def made(made_run: Run) -> RunTables:
    """The tables of the made run, of which ways to count are judged."""
    return RunTables.read(made_run.folder)


def with_figures(made: RunTables, *rows: tuple[str, str, float, float, float, int, float]) -> RunTables:
    """Return the run's tables with other indicators: name, side, value, low, high, n, coverage."""
    listed = [
        (name, side, f"{value:.6f}", f"{low:.6f}", f"{high:.6f}", str(n), f"{coverage:.6f}", "2021..2025", "", claim)
        for name, side, value, low, high, n, coverage in rows
        for claim in ([made.claims[0]["id"]] if side in {"left", "right"} else [""])
    ]
    return replace(made, indicators=pd.DataFrame(listed, columns=COLUMNS), kept={})


def both(name: str, left: float, right: float, n: int = 1000) -> list[tuple[str, str, float, float, float, int, float]]:
    """Return an indicator of both sides of which everything is known."""
    return [(name, side, value, value, value, n, 1.0) for side, value in (("left", left), ("right", right))]


def block(tables: RunTables, **changes: Any) -> dict[str, Any]:
    """Return the block of the first claim."""
    found = leads(tables, cast("Entry", {**tables.claims[0], **changes}))
    assert found is not None
    return found


#: Two rows that no title speaks of, so that a block has three.
MORE = [*both("granted", 0.9, 0.6), *both("joint", 0.01, 0.05)]
MORE_NAMES = ["Granted somewhere", "Owners in two countries or more"]


def rows_of(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the rows of a block by what they measure."""
    return {row["name"]: row for group in found["groups"] for row in group["rows"]}


def test_the_rows_hold_the_figures_of_indicators_csv(made: RunTables) -> None:
    """Each figure shown, and in the table of all, is the side's own in indicators.csv."""
    found = block(made)
    mine = made.indicators[made.indicators["claim_id"].eq(made.claims[0]["id"])]
    value = {(row["indicator"], row["side"]): float(row["value"] or "nan") for row in mine.to_dict(orient="records")}
    rows = rows_of(found)
    words = {"Filed at two offices or more": "abroad", "Growth a year": "growth", "Granted somewhere": "granted"}
    shown = [(rows[name], indicator) for name, indicator in words.items() if name in rows]
    assert shown
    for row, indicator in shown:
        assert (row["left"].value, row["right"].value) == (value[indicator, "left"], value[indicator, "right"])
    table = found["table"]
    assert len(table.rows) == made.indicators["indicator"].nunique()
    of_left = table.head.index("China")
    by_name = {row[0]: row[of_left] for row in table.rows}
    assert by_name["Granted somewhere"].value == value["granted", "left"]
    counted = next(row for row in table.rows if row[0] == "Granted somewhere")[of_left + 1]
    (n,) = mine[mine["indicator"].eq("granted") & mine["side"].eq("left")]["n"]
    assert isinstance(counted, Figure)
    assert counted.value == int(n)


def test_ahead_is_said_only_where_more_is_more(made: RunTables) -> None:
    """Reach and growth are ahead, grants and shared owners higher; the bars are to one scale; the title says who."""
    found = block(
        with_figures(
            made,
            *both("growth", 0.2, -0.1),
            *both("abroad", 0.2, 0.5),
            *both("triadic", 0.01, 0.08),
            *both("granted", 0.9, 0.6),
            *both("joint", 0.01, 0.05),
        )
    )
    rows = rows_of(found)
    assert rows["Growth a year"]["who"] == f"China {AHEAD}"
    assert rows["Filed at two offices or more"]["who"] == f"The three {AHEAD}"
    assert rows["Granted somewhere"]["who"] == f"China {HIGHER}"
    assert rows["Owners in two countries or more"]["side"] == "right"
    assert rows["Filed at two offices or more"]["widths"] == [40.0, 100.0]
    assert found["title"] == "Leads in what? China leads in growth; the three lead in reach abroad"
    assert "1,000 and 1,000 inventions" in found["groups"][0]["about"]


@pytest.mark.parametrize(
    ("rows", "who", "title"),
    [
        (both("abroad", 0.5, 0.51), LEVEL, "Reach abroad is level"),
        (both("growth", 0.015, 0.01), LEVEL, "Growth is level"),
        (both("abroad", 0.2, 0.3, n=30), UNCLEAR, "No clear difference in reach abroad"),
        (both("growth", 0.05, -0.05, n=300), UNCLEAR, "No clear difference in growth"),
        (
            [("abroad", "left", 0.2, 0.1, 0.4, 1000, 0.7), ("abroad", "right", 0.5, 0.3, 0.6, 1000, 0.8)],
            OPEN,
            "Reach abroad can’t be told",
        ),
    ],
)
def test_neither_is_ahead_where_the_figures_do_not_show_it(
    made: RunTables, rows: list[Any], who: str, title: str
) -> None:
    """Values nearly alike are level; what chance could turn is not clear; what the unknown could turn can't be told."""
    found = block(with_figures(made, *rows, *MORE))
    row = next(iter(rows_of(found).values()))
    assert (row["who"], row["side"]) == (who, "")
    assert found["title"] == f"Leads in what? {title}"
    assert bool(row["known"]) == (who == OPEN)


def test_a_group_goes_to_the_side_that_leads_all_its_rows(made: RunTables) -> None:
    """Ahead in one row of the reach and behind in another is split."""
    found = block(with_figures(made, *both("abroad", 0.2, 0.5), *both("offices", 2.4, 1.5), *MORE))
    assert found["title"] == "Leads in what? Reach abroad is split"


def test_parts_are_named_by_official_titles(made: RunTables) -> None:
    """Of main groups those with a title are shown, where the sides differ most; the others stand in the table."""
    names = ("C22B59", "C22B7", "C01F17", "H01M10")
    rows = [row for place, name in enumerate(names) for row in both(f"specialisation:{name}", 2 + place, 1)]
    found = block(with_figures(made, *rows))
    assert list(rows_of(found)) == [
        "Compounds of rare earth metals",
        "Working up raw materials other than ores",
        "Obtaining rare earth metals",
    ]
    assert [row[0] for row in found["table"].rows][-1] == "Part: class H01M10"


def test_owners_of_unknown_kind_say_nothing_of_companies(made: RunTables) -> None:
    """Where most owners' kind isn't known, nothing is said of companies; else of how many it is known."""
    told = [*both("sector:company", 0.6, 0.3), *both("sector:unknown", 0.1, 0.1)]
    row = rows_of(block(with_figures(made, *told, *MORE)))["Owned by companies"]
    assert (row["side"], row["known"]) == ("left", "known of 90\u00a0% and 90\u00a0%")
    silent = [*both("growth", 0.1, 0.2), *both("sector:company", 0.3, 0.1), *both("sector:unknown", 0.6, 0.4)]
    assert list(rows_of(block(with_figures(made, *silent, *MORE)))) == ["Growth a year", *MORE_NAMES]


def test_what_cannot_be_said_is_left_out(made: RunTables, sample_run: Run) -> None:
    """A measure that one side lacks has no row; with under three there is no block, nor where nothing is judged."""
    three = [*both("growth", 0.1, 0.2), *both("abroad", 0.2, 0.5), *both("granted", 0.9, 0.6)]
    found = block(with_figures(made, *three, *both("joint", 0.1, 0.2)[:1], *both("triadic", 0, 0)))
    assert list(rows_of(found)) == ["Growth a year", "Filed at two offices or more", "Granted somewhere"]
    assert "owners in two" not in found["cannot"]
    assert leads(with_figures(made, *three[:4]), made.claims[0]) is None
    sample = RunTables.read(sample_run.folder)
    assert leads(sample, sample.claims[0]) is None
    assert owners(sample, sample.claims[0]) is None


def test_the_largest_owners_are_those_of_applicant_names(made: RunTables) -> None:
    """The seven largest, each with as many inventions as name it, its country and that country's side."""
    found = owners(made, made.claims[0])
    named = names(made)
    assert found is not None
    assert named is not None
    n = named[0].groupby("joined")["family_id"].nunique()
    assert len(found["rows"]) == min(7, len(n))
    assert [row["n"].value for row in found["rows"]] == sorted(n, reverse=True)[:7]
    side = {"China": "left", "United States": "right", "Japan": "right", "Australia": "right", "": "unknown"}
    for row in found["rows"]:
        assert row["n"].value == n[row["name"]]
        assert row["side"] == side.get(row["country"], "others")


def test_one_owner_leads_or_none_stands_out(made: RunTables) -> None:
    """A tenth of all, and twice as many as the next one, is to lead; less isn't."""
    held = counted(made, "ownership")
    assert held is not None
    every = held.families
    tenth = -(-every // 10)
    for n, leading in (((tenth, tenth // 2), True), ((tenth - 1, 1), False), ((tenth * 2, tenth + 1), False)):
        best = pd.DataFrame({"joined": ["A", "B"], "families": n, "names": [[("A", 30)], [("B", 10)]]})
        found = owners(replace(made, kept={"ranking": best}), made.claims[0])
        assert found is not None
        said = "A leads with" if leading else "No owner stands out: the largest has"
        assert found["title"] == f"{said} {n[0]:,} of {every:,}"


def test_the_page_has_both_blocks_once_per_claim(made_run: Run) -> None:
    """The page shows the title, every row, and a table of its own beside them."""
    page = made_run.folder.file("report.html").read_text(encoding="utf-8")
    assert page.count('id="leads"') == 1
    assert "Leads in what?" in page
    assert 'id="table-leads"' in page
    assert "What these can’t say" in page
