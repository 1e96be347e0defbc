"""What must hold of every count, whatever the records: on made-up worlds, all conventions at once."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope import Query, run
from patentscope.aggregate.claims import verdict
from patentscope.aggregate.claims.multiverse import list_specifications
from patentscope.aggregate.counts.tally import by_country
from patentscope.query.claim import Claim
from patentscope.query.convention import AXES, Convention
from patentscope.query.query import Thresholds
from patentscope.records import intake, store

from factories import CLAIM, QUERY, TODAY, make_landscape, make_publication
from worlds.loaded import landscape
from worlds.world import OFFICES, Doc, World, make_world

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from patentscope.aggregate.claims.multiverse import Specified
    from patentscope.aggregate.landscape import Landscape

seeds = st.integers(0, 10**6)
PAIR = Claim("pair", "", (2022, 2025), ("CN", "JP"), ("US", "EP", "KR"))
UNITS = ("family", "application", "publication", "extended_family")


def convention(**choices: Any) -> Convention:
    """Return a convention of the world's, families by applicant where nothing else is said."""
    base = {"topic": "wide", "unit": "family", "basis": "applicant", "share": "whole", "date": "priority"}
    levels = {**base, "documents": "inventions+utility_models", "international": "all", "as_of": TODAY}
    return Convention(**{**levels, **choices})


def totals(land: Landscape, chosen: Convention, *, shares: Sequence[str] = ("whole",)) -> list[dict[str, Fraction]]:
    """Return the units of each country, all years taken together, for several ways to share them."""
    rows = land.units(chosen)
    found = []
    for share in shares:
        sums: dict[str, Fraction] = {}
        table = by_country(rows, share)
        for country, n in zip(table["country"], table["n"], strict=True):
            sums[country] = sums.get(country, Fraction(0)) + n
        found.append(sums)
    return found


def small(seed: int) -> World:
    """Return a world of some twelve inventions."""
    return make_world(seed, size=12)


# ---- sums ------------------------------------------------------------------------------------------------------------


@settings(max_examples=5, deadline=None)
@given(seeds)
def test_fractions_sum_to_the_units_and_are_no_more_than_whole_counts(seed: int) -> None:
    """For every unit and basis by party: fractions and first parties sum to the units, and whole counts are no less."""
    with landscape(small(seed), stated=False) as land:
        for unit in UNITS:
            for basis in ("applicant", "inventor"):
                chosen = convention(unit=unit, basis=basis)
                units = land.units(chosen)["unit"].nunique()
                whole, parts, first = totals(land, chosen, shares=("whole", "fractional", "first"))
                assert sum(parts.values(), Fraction(0)) == units
                assert sum(first.values(), Fraction(0)) == units
                assert set(parts) == set(whole)
                for country, n in parts.items():
                    assert n <= whole[country]
                    assert first.get(country, 0) <= whole[country]


@settings(max_examples=3, deadline=None)
@given(seeds)
def test_a_union_is_no_more_than_its_parts(seed: int) -> None:
    """Under every convention a side is at least each of its countries and at most their sum."""
    singles = [PAIR.__class__(f"{c}", "", PAIR.years, (c,), ("AU",)) for c in (*PAIR.left, *PAIR.right)]
    with landscape(small(seed), stated=False) as land:
        curves = land.survey([PAIR, *singles]).curves
    alone = {
        (claim.left[0], entry.convention.spec_id): entry.tally.left for claim in singles for entry in curves[claim.id]
    }
    for entry in curves["pair"]:
        for side, total in ((PAIR.left, entry.tally.left), (PAIR.right, entry.tally.right)):
            parts = [alone[code, entry.convention.spec_id] for code in side]
            assert max(parts) <= total <= sum(parts)
            if entry.convention.share != "whole":
                assert total == sum(parts)
        assert entry.tally.overlap <= min(entry.tally.left, entry.tally.right)


@settings(max_examples=3, deadline=None)
@given(seeds)
def test_relabelled_countries_have_relabelled_counts(seed: int) -> None:
    """With US and JP exchanged in every record, every convention counts the same for the claim with both exchanged."""
    swap = {"US": "JP", "JP": "US"}
    world = small(seed)
    # Kinds of documents mean other things at other offices: all are first publications here.
    docs = [
        replace(doc, kind="A", number=f"{doc.application}{place}A")
        for place, doc in enumerate(doc for doc in world.docs if doc.kind[0] == "A")
    ]
    if not docs:
        return
    claims = (
        Claim("a", "", (2022, 2025), ("US", "CN"), ("JP", "KR")),
        Claim("a", "", (2022, 2025), ("JP", "CN"), ("US", "KR")),
    )
    found = []
    for rows, claim in zip((docs, [_swapped(doc, swap) for doc in docs]), claims, strict=True):
        with landscape(_world(rows), stated=False) as land:
            found.append(
                {
                    e.convention.spec_id: e.tally
                    for e in land.survey([claim]).curves["a"]
                    # Which party of an extended family is its first is not defined: its families may be of one day.
                    if (e.convention.unit, e.convention.share) != ("extended_family", "first")
                }
            )
    assert found[0] == found[1]


def _world(docs: list[Doc]) -> World:
    world = World(docs)
    names = set(world.family.values())
    world.topics = {"strict": names, "wide": names}
    return world


def _swapped(doc: Doc, swap: dict[str, str]) -> Doc:
    def code(text: str) -> str:
        return f"{swap.get(text[:2], text[:2])}{text[2:]}"

    def parties(listed: tuple[str | None, ...]) -> tuple[str | None, ...]:
        return tuple(country and swap.get(country, country) for country in listed)

    return replace(
        doc,
        number=code(doc.number),
        office=code(doc.office),
        application=code(doc.application),
        claims=tuple((code(key), date) for key, date in doc.claims),
        applicants=parties(doc.applicants),
        inventors=parties(doc.inventors),
    )


# ---- one record more, in another order, twice ------------------------------------------------------------------------


@settings(max_examples=5, deadline=None)
@given(seeds)
def test_an_unrelated_publication_never_lowers_a_whole_count(seed: int) -> None:
    """A publication that shares no priority with any other adds to the counts, for every unit and basis.

    One of a family that is there already may move it to another country or an earlier year, rightly.
    """
    world = small(seed)
    rng = random.Random(seed)  # noqa: S311 - a made-up record
    office = rng.choice(OFFICES)
    alone = f"{office}99000001"
    parties = (rng.choice(["CN", "US", None]),)
    more = replace(
        world.docs[0], number=f"{alone}A", office=office, kind="A", application=alone, claims=(), applicants=parties
    )
    chosen = [
        convention(unit=unit, basis=basis)
        for unit in UNITS
        for basis in ("office", "priority", "applicant", "inventor")
    ]
    without, with_it = (_counts(docs, chosen) for docs in (world.docs, [*world.docs, more]))
    for before, after in zip(without, with_it, strict=True):
        assert all(after.get(country, 0) >= n for country, n in before.items())
        assert sum(after.values()) >= sum(before.values())


@settings(max_examples=5, deadline=None)
@given(seeds)
def test_no_publication_lowers_an_office_s_count(seed: int) -> None:
    """With the families that a source states, any publication left out leaves every office with as many, or fewer."""
    world = small(seed)
    rng = random.Random(seed)  # noqa: S311 - one of a made-up world's records
    out = rng.choice(world.docs)
    fewer = [doc for doc in world.docs if doc is not out]
    if not fewer:
        return
    chosen = [
        convention(unit=unit, basis="office", date="publication") for unit in ("family", "application", "publication")
    ]
    without, with_it = (_counts(docs, chosen, stated=world.family) for docs in (fewer, world.docs))
    for before, after in zip(without, with_it, strict=True):
        assert all(after.get(country, 0) >= n for country, n in before.items())


def _counts(
    docs: list[Doc], chosen: list[Convention], *, stated: dict[str, str] | None = None
) -> list[dict[str, Fraction]]:
    """Return the whole counts by country of records that are all on topic; with families as stated, or computed."""
    rows = [_publication(doc, stated[doc.number] if stated else None) for doc in docs]
    with make_landscape(rows) as land:
        return [totals(land, replace(one, topic="strict"))[0] for one in chosen]


def _publication(doc: Doc, family: str | None = None) -> Any:
    return make_publication(
        doc.number,
        application_number=doc.application,
        filing_date=doc.filed,
        publication_date=doc.published,
        priorities=[(key, date.isoformat()) for key, date in doc.claims],
        applicants=doc.applicants,
        inventors=doc.inventors,
        family_id=family,
    )


def test_order_of_rows_and_files_and_duplicates_change_no_result(tmp_path: Path) -> None:
    """Two files, shuffled, the other first, with rows twice, give the same counts, curve and verdict, byte for byte."""
    rows = [_publication(doc) for doc in make_world(7, size=20).docs]
    rng = random.Random(0)  # noqa: S311 - an order
    half = len(rows) // 2
    shuffled = rng.sample(rows, len(rows))
    query = Query.parse(QUERY)
    found = []
    for name, files in (("a", (rows[:half], rows[half:])), ("b", (shuffled[half:] + shuffled[:5], shuffled[:half]))):
        paths = []
        for place, part in enumerate(files):
            paths.append(tmp_path / f"{name}{place}.parquet")
            store.write(store.to_table(part), paths[-1])
        done = run(query, inputs=paths, as_of=TODAY, out=tmp_path / name)
        names = ("counts.csv", "curve.csv", "sensitivity.csv", "influence.csv", "verdict.json", "scores.parquet")
        found.append({file: (done.path / file).read_bytes() for file in names})
    assert found[0] == found[1]


@settings(max_examples=20, deadline=None)
@given(seeds, st.randoms(use_true_random=False))
def test_of_two_records_the_fuller_is_kept_whatever_their_order(seed: int, order: random.Random) -> None:
    """A record that says less than another of the same number changes nothing, before it or after it."""
    rows = [_publication(doc) for doc in small(seed).docs]
    thin = [replace(row, inventors=(), cpc=(), priorities=()) for row in order.sample(rows, len(rows) // 2)]
    mixed = [*rows, *thin]
    order.shuffle(mixed)
    tables = [intake.merge([store.to_table(part)], most_bad=0.0).table for part in (rows, mixed)]
    assert tables[0].equals(tables[1])


# ---- families --------------------------------------------------------------------------------------------------------


def test_two_documents_of_one_application_are_one_everywhere() -> None:
    """CN A and CN B of one application are two publications, one application, one family; likewise US A1 and B2."""
    for office, kinds in (("CN", ("A", "B")), ("US", ("A1", "B2"))):
        rows = [
            make_publication(
                f"{office}{1180000 + place}{kind}",
                application_number=f"{office}18900001",
                filing_date="2024-01-01",
                publication_date=f"2025-0{place + 1}-01",
            )
            for place, kind in enumerate(kinds)
        ]
        with make_landscape(rows) as land:
            for unit, expected in (("publication", 2), ("application", 1), ("family", 1), ("extended_family", 1)):
                (found,) = totals(land, convention(topic="strict", unit=unit, basis="priority"))
                assert found == {office: expected}


# ---- verdicts --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def listed() -> list[Specified]:
    """The specifications of a claim on a world that is large enough to be judged."""
    with landscape(make_world(11, size=200), stated=True) as land:
        return land.survey([replace(CLAIM, right=("US", "JP"), years=(2023, 2024))]).curves["test"]


def _unordered(value: Any) -> Any:
    """Return a result without the order of its lists, and without the baseline: it is the first by the axes' order."""
    if isinstance(value, dict):
        return {name: _unordered(entry) for name, entry in value.items() if name != "baseline"}
    if isinstance(value, list):
        return sorted((_unordered(entry) for entry in value), key=repr)
    return value


@pytest.mark.parametrize("seed", range(3))
def test_order_and_repetition_of_specifications_change_no_verdict(listed: list[Specified], seed: int) -> None:
    """Shuffled, and with some of them listed again, the specifications give the same verdict, figures and gates."""
    order = random.Random(seed)  # noqa: S311 - an order
    claim, thresholds = listed[0].claim, Thresholds()
    result = verdict.assess(claim, listed, thresholds)
    assert any(entry["verdict"] != "not assessable" for entry in result["questions"])
    again = [*listed, *order.sample(listed, len(listed) // 3)]
    order.shuffle(again)
    assert _unordered(verdict.assess(claim, again, thresholds)) == _unordered(result)
    doubled = [*listed, *order.sample(listed, len(listed) // 3)]
    assert verdict.assess(claim, doubled, thresholds) == result


def test_levels_listed_twice_or_turned_round_are_the_same_specifications() -> None:
    """Equivalent levels and their order change which specifications there are in no way: same ids, each once."""
    query = Query.parse(QUERY)
    axes = {**query.axes, "date": AXES["date"], "documents": AXES["documents"]}
    turned = {axis: tuple(reversed(levels)) + levels for axis, levels in axes.items()}
    found = [
        list_specifications(CLAIM, replace(query, axes=each), ["strict"], TODAY).conventions for each in (axes, turned)
    ]
    ids = [[entry.spec_id for entry in conventions] for conventions in found]
    assert len(set(ids[0])) == len(ids[0])
    assert sorted(ids[0]) == sorted(ids[1])


def test_blank_codes_make_ownership_not_assessable() -> None:
    """With most Chinese codes blank, ownership is not assessed; by country of first filing the question is."""
    rows = []
    for year in range(2015, 2025):
        for office, size in (("CN", 60), ("US", 40)):
            rows += [
                make_publication(
                    f"{office}{year}{place:06d}A",
                    application_number=f"{office}{year}1{year % 100}{place:05d}",
                    filing_date=f"{year}-03-01",
                    publication_date=f"{year}-11-01",
                    applicants=["US"] if office == "US" else ["CN"] if place % 5 == 0 else [None],
                    inventors=[office],
                )
                for place in range(size)
            ]
    blank = [replace(row, inventors=()) for row in rows]
    query = replace(Query.parse(QUERY), axes={**AXES, "unit": ("family",), "basis": ("priority", "applicant")})
    with make_landscape(blank, query=query) as land:
        result = land.assess(CLAIM)
    verdicts = {entry["question"]: entry["verdict"] for entry in result["questions"]}
    assert verdicts["ownership"] == "not assessable"
    failed = {(row["gate"], row["question"], row["country"]) for row in result["gates"] if not row["passed"]}
    assert ("coverage", "ownership", "CN") in failed
    assert not any(gate == "coverage" and question == "invention" for gate, question, _ in failed)
    assert "records that state the applicants' or inventors' countries" in result["would_decide"]
