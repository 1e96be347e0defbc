"""`show`: what it lists adds up to the number that it is asked for."""

from __future__ import annotations

import json
import re
import shlex
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope import Query, Run, run
from patentscope.aggregate.counts.tally import on_side
from patentscope.cli import main, verbs_inspect
from patentscope.cli.answer_lines import with_names
from patentscope.errors import UsageError
from patentscope.records import store
from patentscope.runs import asked
from patentscope.runs.evidence import show

from factories import claim, make_publication, query_text
from shown import hold_figures, listed
from worlds.loaded import CLAIMS, OLD_CLAIMS, landscape
from worlds.world import make_rough_world, make_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from patentscope import Publication
    from patentscope.aggregate.claims.specified import Specified
    from patentscope.aggregate.landscape import Landscape

Counted = list[tuple["Landscape", "Specified"]]


@pytest.fixture(scope="module")
def counted() -> Iterator[Counted]:
    """Every specification of the claims about two made worlds, counted, with the world's landscape."""
    with landscape(make_world(1), stated=False) as land, landscape(make_rough_world(2), stated=False) as rough:
        yield [
            (scape, entry)
            for scape, claims in ((land, CLAIMS), (rough, OLD_CLAIMS))
            for answers in scape.survey(claims, vary=False).answers.values()
            for entry in answers.listed
        ]


@given(place=st.integers(0, 10**6))
def test_the_units_of_a_side_add_up_to_what_is_counted(place: int, counted: Counted) -> None:
    """For any specification of the curve and both sides, the units of the claim's years add up to it, exactly."""
    land, entry = counted[place % len(counted)]
    claim, convention = entry.claim, entry.convention
    rows = land.units(convention)
    rows = rows[rows["year"].between(*claim.years)]
    for side, n in ((claim.left, entry.tally.left), (claim.right, entry.tally.right)):
        parts = on_side(rows, convention.share, side, claim.left)
        assert sum(parts, Fraction(0)) == n, convention
        assert parts.index.is_unique
        assert all(0 < part <= 1 for part in parts)
        assert set(land.publications_behind(convention, list(parts.index))["unit"]) == set(parts.index)


@given(place=st.integers(0, 10**6), most=st.integers(0, 9))
def test_the_first_units_are_those_of_the_whole_list(place: int, most: int, counted: Counted) -> None:
    """Of any specification and years, the first few units are the first of all that count; each unit counts once."""
    land, entry = counted[place % len(counted)]
    years = entry.claim.years if place % 2 else None
    every = land.units(entry.convention)
    every = every[every["year"].between(*years)] if years else every
    parts = on_side(every, entry.convention.share, None)
    rows, n = land.first_units(entry.convention, years, most)
    assert n == sum(parts, Fraction(0))
    assert on_side(rows, entry.convention.share, None).equals(parts.head(most))


def test_a_long_list_of_all_countries_is_cut_and_says_so(
    small_run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no country is asked for, the first units are printed under the whole number; `--json` lists every one."""
    monkeypatch.setattr(verbs_inspect, "_LISTED", 1)
    main(["show", str(small_run.path), "--json"])
    whole = json.loads(capsys.readouterr().out)
    main(["show", str(small_run.path)])
    lines = capsys.readouterr().out.splitlines()
    assert whole["n"] == whole["units"] > 1
    assert lines[0].startswith(f"{whole['n']} ")
    assert "--json lists all" in lines[2]
    assert lines[3].startswith("The first 1 ")


def family(name: str, *members: tuple[str, str], applicants: tuple[str | None, ...] = ()) -> list[Publication]:
    """Return the publications of one family, each a number and a day, with one priority."""
    return [
        make_publication(
            number,
            publication_date=day,
            family_id=name,
            applicants=applicants,
            application_number=f"{number[:2]}{name}",
            filing_date="2019-06-01",
        )
        for number, day in members
    ]


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run on three families, published in two years, one with two publications at one office and two owners."""
    folder = tmp_path_factory.mktemp("small")
    publications = [
        *family(
            "F1",
            *(("CN101A", "2020-03-01"), ("US20200101A1", "2021-03-01"), ("US11000101B2", "2022-03-01")),
            *(("JP2022000101A", "2022-05-01"),),
            applicants=("CN", "CN", "US"),
        ),
        *family("F2", ("CN102A", "2021-04-01"), ("AU2022000102A1", "2022-04-01"), applicants=("CN",)),
        *family("F3", ("JP2021000103A", "2021-01-01"), applicants=(None,)),
    ]
    store.write(store.to_table(publications), folder / "in.parquet")
    changes = {"year": None, "years": [2021, 2022], "said_on": None}
    axes = {
        "unit": ["family", "publication"],
        "basis": ["office", "applicant"],
        "share": ["whole", "fractional", "first"],
        "date": ["publication"],
    }
    query = query_text(claims=[claim("span", **changes), claim("one", year=2021, said_on=None)], axes=axes)
    return run(Query.parse(query), inputs=[folder / "in.parquet"], out=folder / "run")


def test_every_figure_is_that_of_its_list(small_run: Run) -> None:
    """Each question's figure, and each card's, is the sum of what `show` lists for it."""
    assert hold_figures(small_run.folder) >= 8


def test_every_row_of_the_curve_is_that_of_its_list(small_run: Run) -> None:
    """Both sides of each specification, claim by claim: n as curve.csv prints it, from as many units as are listed."""
    curve = small_run.curve
    for _, row in curve.iterrows():
        for side in ("left", "right"):
            shown = show(small_run.folder, claim=row["claim_id"], spec=row["spec_id"], side=side)
            assert float(shown.n) == pytest.approx(float(row[f"{side}_n"]), abs=1e-6), row["spec_id"]
            assert set(shown.publications["unit"]) == set(shown.units["unit"])
    assert set(curve["share"]) == {"whole", "fractional", "first"}
    assert set(curve["unit"]) == {"family", "publication"}


def test_a_side_is_a_union_over_its_years(small_run: Run) -> None:
    """A family at two offices of a side, in two years, counts once; at an office it is in its first year there."""
    market = {"question": "market"}
    shown = show(small_run.folder, side="right", **market)
    assert (shown.n, shown.years) == (3, (2021, 2022))
    assert listed(shown) == {"F1": 1, "F2": 1, "F3": 1}
    by_year = [show(small_run.folder, side="right", year=year, **market).n for year in (2021, 2022)]
    assert by_year == [2, 2], "F1 is at the US in 2021 and at JP in 2022: years don't add up"
    assert show(small_run.folder, country="US", year=2022, **market).n == 0
    assert show(small_run.folder, country="US", year=(2020, 2022), **market).n == 1
    assert show(small_run.folder, country="US + Japan+Australia", year=(2021, 2022), **market).n == 3
    numbers = set(shown.publications.loc[shown.publications["unit"].eq("F1"), "publication_number"])
    assert len(numbers) == 4
    assert show(small_run.folder, claim="one", side="right", **market).n == 2


def test_parts_of_a_shared_invention_are_listed(small_run: Run) -> None:
    """Shared out between its owners, a family counts a third here and two thirds there; one of unknown owner once."""
    ids = {
        (c.share, c.unit): name
        for name, c in asked.conventions(small_run.folder).items()
        if (c.basis, c.documents) == ("applicant", "inventions")
    }
    spec = ids["fractional", "family"]
    for country, parts in (("US", {"F1": Fraction(1, 3)}), ("CN", {"F1": Fraction(2, 3), "F2": 1})):
        shown = show(small_run.folder, country=country, spec=spec)
        assert (listed(shown), shown.n) == (parts, sum(parts.values()))
    assert show(small_run.folder, spec=spec).n == 3
    assert listed(show(small_run.folder, country="CN", spec=ids["first", "family"])) == {"F1": 1, "F2": 1}


def test_a_claim_in_words_has_sides_and_a_figure_too(small_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` prints a command for each side of its own claim, and `show` lists what that claim counts."""
    path = str(small_run.path)
    assert main(["check", path, "CN > US + JP in 2021..2022", "--json"]) == 0
    entry = json.loads(capsys.readouterr().out)
    assert entry["card"]
    for command, n in zip(entry["card"]["show"], (entry["card"]["left_n"], entry["card"]["right_n"]), strict=True):
        assert main([*shlex.split(with_names(command, {"RUN": [path]}))[1:], "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["n"] == n
    shown = show(small_run.folder, claim="CN > US + JP in 2021..2022", side="right")
    assert float(shown.n) == entry["card"]["right_n"]


def test_without_a_claim_there_are_countries_and_no_sides(small_run: Run, tmp_path: Path) -> None:
    """A query without a claim has counts to list, cell by cell; who asks for a side or a way hears what would work."""
    done = run(Query.parse(query_text()), inputs=[small_run.path.parent / "in.parquet"], out=tmp_path / "run")
    for _, row in done.counts.iterrows():
        asked_for = {"country": row["country"], "year": int(row["year"]), "question": row["question"]}
        assert float(show(done.folder, **asked_for).n) == float(row["n"])
    with pytest.raises(
        UsageError, match="no claim, so there are no sides; ask for --country CN, or write a claim: --c"
    ):
        show(done.folder, side="left")
    with pytest.raises(UsageError, match="--way owners: the query of this run has no claim"):
        show(done.folder, way="owners")
    assert show(done.folder, claim="CN > US in 2019", side="left").n == 2, "both were filed in 2019"


def test_the_first_line_says_the_number_and_what_it_counts(small_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Plain words and names of countries; nothing technical but the id."""
    assert main(["show", str(small_run.path), "--question", "market", "--side", "right"]) == 0
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert first == "3 inventions of the United States, Australia and Japan together in 2021 to 2022"
    assert re.fullmatch(r"Counted by office, by year of first publication there; .* \[[0-9a-f]{12}\]", second)


@pytest.mark.parametrize(
    ("asked_for", "words"),
    [
        ({"claim": "nobody"}, "--claim nobody: no claim of this run (it has span, one)"),
        ({"way": "nobody"}, "--way nobody: this run has "),
        ({"question": "fame"}, "--question fame: this run has market, ownership"),
        ({"spec": "zzz"}, "--spec zzz: 0 ways to count of this run"),
        ({"spec": ""}, "write more of it"),
        ({"country": "Atlantis"}, "--country Atlantis: expected a code such as CN"),
        ({"country": "CN", "side": "left"}, "ask for one of them"),
        ({"spec": "a", "way": "owners"}, "ask for one of them"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(small_run: Run, asked_for: dict[str, str], words: str) -> None:
    """A mistake names what was asked for, and what would work."""
    with pytest.raises(UsageError, match=re.escape(words)):
        show(small_run.folder, **asked_for)
