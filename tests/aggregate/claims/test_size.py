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
from patentscope.aggregate.answers.verdict_words import SIZE_DEPENDS, SIZE_NOT_REPRODUCED, nearest_sentence

from patentscope.aggregate.answers.verdict import assess
from patentscope.aggregate.claims import size as measure
from patentscope.aggregate.claims.multiverse import Specified
from patentscope.aggregate.counts.tally import Tally
from patentscope.cli import main
from patentscope.cli.verbs_check import misread_lines
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
    """Return a specification that counts *tally* and passes every gate."""
    return Specified(claim, CONVENTION, tally, ())


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
    )


def test_a_share_counts_common_units_once() -> None:
    """Five families of CN and four of the US, one of them of both, are eight: CN has 5/8 of them, not 5/9."""
    known = [dated(f"CN11810000{i}A", applicants=["CN"]) for i in range(4)]
    known += [dated(f"US202490000{i}A1", applicants=["US"]) for i in range(2)]
    known += [dated("CN118200001A", applicants=["CN", "US"]), dated("US2024900009A1"), dated("EP4900001A1")]
    with make_landscape(known, query=replace(Query.parse(QUERY), axes=FAMILIES)) as land:
        entry = next(e for e in land.survey([SHARE], vary=False).curves["check"] if e.convention == CONVENTION)
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


#: 30 of 45 families are first filed in China (2/3, twice as many), 33 of 45 are owned there (33 / 15 = 2.2).
VERDICTS = {
    "share of CN > 60% in 2024": ("supported", "supported"),
    "share of CN among CN+US+AU+JP = 67% in 2024": ("supported", SIZE_DEPENDS),
    "share of CN = 73% in 2024": (SIZE_NOT_REPRODUCED, SIZE_DEPENDS),
    "share of CN > 80% in 2024": ("contradicted", "contradicted"),
    "share of CN < 80% in 2024": ("supported", "supported"),
    "share of CN = 30% in 2024": ("contradicted", "contradicted"),
    "CN > 1.9x US in 2024": ("supported", "supported"),
    "CN > 2x US in 2024": ("mixed", "mixed"),
    "CN = 2x US in 2024": ("supported", SIZE_DEPENDS),
    "CN < 1.9x US in 2024": ("contradicted", "contradicted"),
}


def test_verdicts_on_shares_and_multiples(land: Landscape) -> None:
    """Shares, multiples and limits, over and under: each claim has the verdict that the counts by hand give it."""
    claims = [parse_claim(text, name=text) for text in VERDICTS]
    curves = land.survey(claims, vary=False).curves
    for claim in claims:
        result = assess(claim, curves[claim.id], land.query.thresholds)
        verdicts = {entry["question"]: entry["verdict"] for entry in result["questions"]}
        assert (verdicts["invention"], verdicts["ownership"]) == VERDICTS[claim.id], claim.id


def test_a_share_s_figures_stand_beside_the_ratio_s(land: Landscape) -> None:
    """For a share, verdict.json has the ratio that it stands for, and by question the share with its bounds."""
    result = land.assess(parse_claim("share of CN = 63% in 2024"))
    assert (result["measure"], result["share_claimed"]) == ("share", 0.63)
    assert result["ratio_claimed"] == pytest.approx(0.63 / 0.37)
    base = {entry["question"]: entry["baseline"] for entry in result["questions"]}["ownership"]
    assert (base["left_n"], base["right_n"], base["overlap_n"]) == (33, 15, 3)
    assert (base["share"], base["share_low"], base["share_high"]) == (0.733333,) * 3
    assert base["ratio"] == 2.2
    limit = land.assess(parse_claim("share of CN > 60% in 2024"))
    assert (limit["says"], limit["ratio_claimed"], limit["nearest"]) == ("more", 1.5, [])


def test_nearest_reading_in_words(land: Landscape) -> None:
    """The nearest way to count is said in words, and whether it is near at all."""
    near = land.assess(parse_claim("CN > US by 100% in 2024"))["nearest_in_words"]
    assert near.startswith("A ratio of 2.00 appears if you count patent families by filing office, by ")
    far = land.assess(parse_claim("CN > US by 200% in 2024"))["nearest_in_words"]
    assert far.startswith("No admissible way to count comes near a ratio of 3.00; the nearest gives 2.33: ")
    assert land.assess(parse_claim("CN > US in 2024"))["nearest_in_words"] == ""


def test_misreadings_are_counted_by_hand_for_each_question(land: Landscape) -> None:
    """Of "by 73 %", "73 % of" and "a share of 73 %" are counted over the admissible specifications."""
    entries = [entry for entry in land.survey([CLAIM], vary=False).curves["test"] if entry.is_admissible]
    result = land.assess(CLAIM)
    by = {(row["reading"], row["question"]): row for row in result["misreadings"]}
    assert {reading for reading, _ in by} == {"73 % of", "73 % share"}
    for question in ("ownership", "invention"):
        mine = [e for e in entries if e.convention.question == question]
        shares = [float(e.tally.left / (e.tally.left + e.tally.right - e.tally.overlap)) for e in mine]
        share, ratio = by["73 % share", question], by["73 % of", question]
        assert share["specifications"] == ratio["specifications"] == len(mine) > 0
        assert share["near"] == sum(abs(value - 0.73) <= 0.02 for value in shares)
        assert ratio["near"] == 0
        assert share["nearest"]["share"] == pytest.approx(min(shares, key=lambda value: abs(value - 0.73)), abs=1e-6)
    assert by["73 % share", "ownership"]["near"] > 0
    assert land.assess(parse_claim("CN > 2x US in 2024"))["misreadings"] == []
    assert {row["reading"] for row in land.assess(parse_claim("CN > US by 150% in 2024"))["misreadings"]} == {
        "150 % of"
    }


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
        "CN is 73 % of US+AU+JP",
        "CN has 73 % of CN and US+AU+JP together",
    ]
    assert "“1.73 times as many as” says the same as “by 73 %”" in table.note
    by = {(row["reading"], row["question"]): row for row in result["misreadings"]}
    first, second = misread_lines(result)
    share = by["73 % share", "ownership"]
    assert first.startswith('Taken for "73 % of" (CN is 73 % of US+AU+JP): ')
    assert f"ownership {share['near']} of {share['specifications']}" in second
    assert misread_table([]) is None


def test_check_takes_shares_and_a_tolerance(sample_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """`check --json` gives one claim object for a share, too; a tolerance that is none is refused."""
    run = str(sample_run.path)
    assert main(["check", run, "share of CN = 63% in 2010..2020", "--tolerance", "0.05", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["share_claimed"], result["tolerance"], result["verdict"]) == (0.63, 0.05, "not assessable")
    assert {"id", "quote", "year", "left", "right", "ratio_claimed", "gates", "questions", "nearest"} <= set(result)
    assert main(["check", run, "share of CN = 63% in 2010..2020"]) == 0
    assert "No way to count is admissible" not in capsys.readouterr().out
    with pytest.raises(SystemExit) as stopped:
        main(["check", run, "CN > US in 2020", "--tolerance", "-1"])
    assert stopped.value.code == 2


def test_an_uncertain_estimate_does_not_give_the_claimed_size() -> None:
    """An estimate within the tolerance whose interval is too wide is the nearest, and said not to count as near."""
    one = {"spec_id": "a", "ratio": 1.7, "near": False, "in_words": "families"}
    result = {"measure": "ratio", "says": "size", "ratio_claimed": 1.73, "tolerance": 0.1, "nearest": [one]}
    assert "the nearest gives 1.70, too uncertain an estimate to count: families [a]" in nearest_sentence(result)
    other = {"spec_id": "b", "ratio": 1.8, "near": True, "in_words": "applications"}
    assert nearest_sentence(result | {"nearest": [one, other]}) == (
        "A ratio of 1.73 appears if you count applications: 1.80 [b]."
    )


def test_a_year_that_is_not_over_is_not_counted_by_publication() -> None:
    """Records of half a year are no count of the year by publication; those of the year before are one."""
    query = replace(Query.parse(QUERY), axes={**FAMILIES, "date": ("priority", "publication")})
    stopped = {}
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
        claim = parse_claim(f"CN > US in {year}")
        with make_landscape(records, query=query, today=dt.date(2025, 6, 30)) as land:
            curve = land.survey([claim], vary=False).curves[claim.id]
        reason = "whole year: 2025 is not over on 2025-06-30"
        stopped[year] = {entry.convention.date for entry in curve if reason in [one.reason for one in entry.findings]}
        assert {entry.convention.date for entry in curve} == {"priority", "publication"}
    assert stopped == {2024: set(), 2025: {"publication"}}
