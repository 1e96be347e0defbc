"""Shares, multiples and misreadings: counted exactly, whatever the sides have in common."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.aggregate.answers.entry import CONTRADICTED, MIXED, SIZE_DEPENDS, SUPPORTED
from patentscope.aggregate.claims import size as measure
from patentscope.aggregate.claims.specified import Specified
from patentscope.aggregate.counts.tally import Tally
from patentscope.cli import main
from patentscope.query.claim import Claim, parse_claim
from patentscope.query.convention import Convention
from patentscope.query.query import Query
from patentscope.report.sections.choices import misread_table

from factories import CLAIM, FAMILIES, QUERY, TODAY, make_landscape, make_publication
from worlds import audited
from worlds.filings import filings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentscope import Run
    from patentscope.aggregate.landscape import Landscape

SHARE = parse_claim("share of CN among CN+US = 63% in 2024")
CONVENTION = Convention("strict", "family", "applicant", "whole", "priority", "inventions", "all", TODAY)


def specified(tally: Tally, claim: Claim = SHARE) -> Specified:
    """Return a specification that counts *tally*."""
    return Specified(claim, CONVENTION, tally)


def tally_of(units: list[tuple[bool, bool, str]]) -> Tally:
    """Return the tally of units, each (on the left, on the right, how it is known)."""
    known = [unit for unit in units if unit[2] != "unknown"]
    seven = [unit for unit in known if unit[2] == "imputed"]
    return Tally(
        left=Fraction(sum(unit[0] for unit in known)),
        right=Fraction(sum(unit[1] for unit in known)),
        overlap=sum(unit[0] and unit[1] for unit in known),
        imputed=len(seven),
        unknown=len(units) - len(known),
        left_imputed=Fraction(sum(unit[0] for unit in seven)),
        right_imputed=Fraction(sum(unit[1] for unit in seven)),
        imputed_here=Fraction(sum(unit[0] or unit[1] for unit in seven)),
        left_old=Fraction(0),
        right_old=Fraction(0),
    )


def test_a_share_counts_common_units_once() -> None:
    """Five families of CN and four of the US, one of them of both, are eight: CN has 5/8 of them, not 5/9."""
    known = [dated(f"CN11810000{i}A", applicants=["CN"]) for i in range(4)]
    known += [dated(f"US202490000{i}A1", applicants=["US"]) for i in range(2)]
    known += [dated("CN118200001A", applicants=["CN", "US"]), dated("US2024900009A1"), dated("EP4900001A1")]
    with make_landscape(known, query=replace(Query.parse(QUERY), axes=FAMILIES)) as land:
        entry = next(e for e in land.survey([SHARE], vary=False).answers["check"].listed if e.convention == CONVENTION)
    t = entry.tally
    assert (t.left, t.right, t.overlap, t.imputed, t.unknown) == (5, 4, 1, 1, 1)
    assert measure.value(entry, "share") == Fraction(5, 8)
    assert measure.bounds(entry, "share") == (Fraction(5, 9), Fraction(7, 9))


def dated(number: str, **facts: object):
    """Return a publication first filed and published in 2024."""
    return make_publication(number, filing_date="2024-02-01", publication_date="2024-08-01", **facts)


unit = st.tuples(st.booleans(), st.booleans(), st.sampled_from(["known", "known", "imputed", "unknown"]))


@settings(max_examples=60)
@given(st.lists(unit, min_size=1, max_size=7))
def test_a_share_s_bounds_are_its_extremes(units: list[tuple[bool, bool, str]]) -> None:
    """Of all ways to give each unknown, and each imputed unit of the sides, to one side, none passes the bounds."""
    found = measure.bounds(specified(tally_of(units)), "share")
    sure = [unit[:2] for unit in units if unit[2] == "known" and any(unit[:2])]
    loose = [unit for unit in units if unit[2] == "unknown" or (unit[2] == "imputed" and any(unit[:2]))]
    shares = []
    for ways in product([(True, False), (False, True)], repeat=len(loose)):
        every = [*sure, *ways]
        if every:
            shares.append(Fraction(sum(left for left, _ in every), len(every)))
    assert found == ((min(shares), max(shares)) if shares else (None, None))


@settings(max_examples=60)
@given(st.lists(unit, min_size=1, max_size=12))
def test_a_share_of_sides_without_common_units_is_their_ratio(units: list[tuple[bool, bool, str]]) -> None:
    """Where no unit is on both sides, share = ratio / (1 + ratio), for the value and for both bounds."""
    entry = specified(tally_of([(left, right and not left, how) for left, right, how in units]))
    pairs = [(entry.ratio, measure.value(entry, "share"))]
    pairs += zip(entry.bounds, measure.bounds(entry, "share"), strict=True)
    for ratio, share in pairs:
        if ratio is not None:
            assert share == ratio / (1 + ratio)


@pytest.fixture(scope="module")
def land() -> Iterator[Landscape]:
    """Ten years of filings, CN 30 and US 15 a year, one in five of the latter owned by both, all parties stated."""

    def applicants(office: str, place: int) -> list[str | None]:
        return ["US", "CN"] if office == "US" and place % 5 == 0 else [office]

    with make_landscape(filings({"CN": 30, "US": 15}, applicants)) as made:
        yield made


#: 30 of 45 families are first filed in China (2/3, twice as many). Owned there are 33 against 15 (33 of 45), shared out
#: 31.5 against 13.5 (.7 of all), by the first owner 30 against 15.
VERDICTS = {
    "share of CN > 60% in 2024": (SUPPORTED, SUPPORTED),
    "share of CN among CN+US+AU+JP = 67% in 2024": (SUPPORTED, SUPPORTED),
    "share of CN = 73% in 2024": (CONTRADICTED, SUPPORTED),
    "share of CN > 80% in 2024": (CONTRADICTED, CONTRADICTED),
    "share of CN < 80% in 2024": (SUPPORTED, SUPPORTED),
    "share of CN = 30% in 2024": (CONTRADICTED, CONTRADICTED),
    "CN > 1.9x US in 2024": (SUPPORTED, SUPPORTED),
    "CN > 2x US in 2024": (MIXED, MIXED),
    "CN = 2x US in 2024": (SUPPORTED, SIZE_DEPENDS),
    "CN < 1.9x US in 2024": (CONTRADICTED, CONTRADICTED),
}


def test_verdicts_on_shares_and_multiples(land: Landscape) -> None:
    """Shares, multiples and limits, over and under: each claim has the verdict that the counts by hand give it."""
    for text, expected in VERDICTS.items():
        result = land.assess(parse_claim(text, name=text))
        verdicts = {entry["question"]: entry["verdict"] for entry in result["questions"]}
        assert (verdicts["invention"], verdicts["ownership"]) == expected, text


def test_a_share_s_figures_stand_beside_the_ratio_s(land: Landscape) -> None:
    """For a share, verdict.json has the ratio that it stands for, and by question the share with its bounds."""
    result = land.assess(parse_claim("share of CN = 63% in 2024"))
    assert (result["measure"], result["share_claimed"]) == ("share", 0.63)
    assert result["ratio_claimed"] == pytest.approx(0.63 / 0.37)
    owned = {entry["question"]: entry["figure"] for entry in result["questions"]}["ownership"]
    assert owned is not None
    assert (owned["way"], owned["left_n"], owned["right_n"], owned["overlap_n"]) == ("owners", 33, 15, 3)
    assert (owned["share"], owned["share_low"], owned["share_high"]) == (0.733333,) * 3
    assert owned["ratio"] == 2.2
    limit = land.assess(parse_claim("share of CN > 60% in 2024"))
    assert (limit["says"], limit["ratio_claimed"], limit["nearest"]) == ("more", 1.5, [])


def test_misreadings_are_counted_by_hand_for_each_question(land: Landscape) -> None:
    """Of "by 73 %", "73 % of" and "a share of 73 %" are counted over the distinct results: one of invention, three."""
    result = land.assess(CLAIM)
    by = {(row["reading"], row["question"]): row for row in result["misreadings"]}
    assert {reading for reading, _ in by} == {"73 % of", "73 % share"}
    counted = {key: (row["near"], row["results"]) for key, row in by.items() if key[1] != "market"}
    assert counted == {
        ("73 % of", "ownership"): (0, 3),
        ("73 % of", "invention"): (0, 1),
        ("73 % share", "ownership"): (2, 3),
        ("73 % share", "invention"): (0, 1),
    }
    nearest = by["73 % share", "ownership"]["nearest"]
    assert nearest is not None
    assert nearest["share"] == pytest.approx(33 / 45, abs=1e-6)
    assert land.assess(parse_claim("CN > 2x US in 2024"))["misreadings"] == []
    other = land.assess(parse_claim("CN > US by 150% in 2024"))["misreadings"]
    assert {row["reading"] for row in other} == {"150 % of"}


def test_an_audited_share_is_estimated_like_its_odds() -> None:
    """Without common units the labels' interval of a share is that of the ratio; with some, of left to right alone."""
    share = parse_claim("share of CN among CN+US+AU+JP = 63% in 2024", name="test")
    labels = audited._labels()
    ratio, part = (audited.counted(labels, claim, basis="priority") for claim in (CLAIM, share))
    ends = measure.bounds(part, "share")
    assert part.tally == ratio.tally
    assert measure.value(part, "share") == ratio.ratio / (1 + ratio.ratio)
    assert [float(end) for end in ends] == pytest.approx([float(end / (1 + end)) for end in ratio.bounds])
    rows = (("CN202400001A1", "in", "CN, any score", 4, 2), *audited.LABELS[1:])
    common = audited.counted(audited._labels(rows), share)
    t = common.tally
    assert t.overlap == 1
    low, high = measure.bounds(common, "share")
    assert low < measure.value(common, "share") == t.left / (t.left + t.right - t.overlap) < high


def test_misreadings_stand_on_the_page_and_on_the_command_line(land: Landscape) -> None:
    """Each misreading is a row of the page's table, and a line of `check`, with how many come near by question."""
    result = land.assess(CLAIM)
    table = misread_table(result["misreadings"])
    assert table is not None
    assert [row[0]["text"] for row in table.rows] == [
        "China has 73 % as many as the United States, Australia and Japan together",
        "China has 73 % of the total of both sides",
    ]
    assert misread_table([]) is None


def test_check_takes_shares_and_a_tolerance(sample_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """`check --json` gives one claim object for a share, too; a tolerance that is none is refused."""
    run = str(sample_run.path)
    assert main(["check", run, "share of CN = 63% in 2010..2020", "--tolerance", "0.05", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["share_claimed"], result["tolerance"], result["verdict"]) == (0.63, 0.05, "not assessable")
    assert {"id", "quote", "year", "left", "right", "ratio_claimed", "concerns", "questions", "nearest"} <= set(result)
    with pytest.raises(SystemExit) as stopped:
        main(["check", run, "CN > US in 2020", "--tolerance", "-1"])
    assert stopped.value.code == 2


def test_a_year_that_is_not_over_costs_a_count_by_publication_two_points() -> None:
    """Of a year of which half is over, a count by publication has half; the year before is whole."""
    query = replace(Query.parse(QUERY), axes={**FAMILIES, "date": ("publication",)})
    found = {}
    for year in (2024, 2025):
        records = [
            make_publication(
                f"{office}{year}{n:06d}A",
                filing_date=f"{year - 1}-02-01",
                publication_date=f"{year}-03-{1 + n % 9:02d}",
                applicants=[office],
            )
            for office, many in (("CN", 40), ("US", 20))
            for n in range(many)
        ]
        with make_landscape(records, query=query, today=dt.date(2025, 6, 30)) as land:
            result = land.assess(parse_claim(f"CN > US in {year}"))
        found[year] = {
            (row["found"], row["points"])
            for question in result["questions"]
            for row in question["concerns"]
            if row["concern"] == "publication"
        }
    assert found == {2024: {(1.0, 0)}, 2025: {(round(181 / 365, 6), 2)}}
