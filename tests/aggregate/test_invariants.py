"""What must hold of every count, whatever the records: on made-up worlds, all conventions at once."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope import Query, run
from patentscope.aggregate.counts.tally import by_country
from patentscope.query.claim import Claim
from patentscope.query.convention import AXES, Convention
from patentscope.records import intake, store

from factories import QUERY, TODAY, make_landscape, make_publication
from worlds.loaded import landscape, publication_of
from worlds.world import OFFICES, Doc, World, make_world

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from patentscope.aggregate.landscape import Landscape

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


@pytest.fixture(scope="module")
def land() -> Iterator[Landscape]:
    """A made world's records, with the families that are computed."""
    with landscape(make_world(2, size=30), stated=False) as made:
        yield made


# ---- sums ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", UNITS)
def test_fractions_sum_to_the_units_and_are_no_more_than_whole_counts(land: Landscape, unit: str) -> None:
    """For every unit and basis by party: fractions and first parties sum to the units, and whole counts are no less."""
    for basis in ("applicant", "inventor"):
        chosen = convention(unit=unit, basis=basis)
        units = land.units(chosen)["unit"].nunique()
        whole, parts, first = totals(land, chosen, shares=("whole", "fractional", "first"))
        assert sum(parts.values(), Fraction(0)) == sum(first.values(), Fraction(0)) == units > 0
        assert set(parts) == set(whole)
        for country, n in parts.items():
            assert n <= whole[country]
            assert first.get(country, 0) <= whole[country]


def test_a_union_is_no_more_than_its_parts(land: Landscape) -> None:
    """Under every convention a side is at least each of its countries and at most their sum."""
    singles = [Claim(code, "", PAIR.years, (code,), ("AU",)) for code in (*PAIR.left, *PAIR.right)]
    answers = land.survey([PAIR, *singles], vary=False).answers
    alone = {
        (claim.left[0], entry.convention.spec_id): entry.tally.left
        for claim in singles
        for entry in answers[claim.id].listed
    }
    for entry in answers["pair"].listed:
        for side, total in ((PAIR.left, entry.tally.left), (PAIR.right, entry.tally.right)):
            parts = [alone[code, entry.convention.spec_id] for code in side]
            assert max(parts) <= total <= sum(parts)
            if entry.convention.share != "whole":
                assert total == sum(parts)
        assert entry.tally.overlap <= min(entry.tally.left, entry.tally.right)


def test_relabelled_countries_have_relabelled_counts() -> None:
    """With US and JP exchanged in every record, every convention counts the same for the claim with both exchanged."""
    swap = {"US": "JP", "JP": "US"}
    # Kinds of documents mean other things at other offices: all are first publications here.
    firsts = (doc for doc in make_world(1, size=30).docs if doc.kind[0] == "A")
    docs = [replace(doc, kind="A", number=f"{doc.application}{place}A") for place, doc in enumerate(firsts)]
    claim = Claim("a", "", (2022, 2025), ("US", "CN"), ("JP", "KR"))
    turned = replace(claim, left=("JP", "CN"), right=("US", "KR"))
    tallies = []
    for rows, one in ((docs, claim), ([_swapped(doc, swap) for doc in docs], turned)):
        with landscape(_world(rows), stated=False) as made:
            curve = made.survey([one], vary=False).answers["a"].listed
        # Which party of an extended family is its first is not defined: its families may be of one day.
        defined = [e for e in curve if (e.convention.unit, e.convention.share) != ("extended_family", "first")]
        tallies.append({entry.convention.spec_id: entry.tally for entry in defined})
    assert tallies[0] == tallies[1]
    assert any(tally.left and tally.right for tally in tallies[0].values())


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


@pytest.mark.parametrize("seed", range(2))
def test_an_unrelated_publication_never_lowers_a_whole_count(seed: int) -> None:
    """A publication that shares no priority with any other adds to the counts, for every unit and basis.

    One of a family that is there already may move it to another country or an earlier year, rightly.
    """
    world = make_world(seed, size=20)
    rng = random.Random(seed)  # noqa: S311 - a made-up record
    office = rng.choice(OFFICES)
    alone = f"{office}99000001"
    more = replace(world.docs[0], number=f"{alone}A", office=office, kind="A", application=alone, claims=())
    more = replace(more, applicants=(rng.choice(["CN", "US", None]),))
    chosen = [convention(unit=unit, basis=basis) for unit in UNITS for basis in AXES["basis"]]
    without, with_it = (_counts(docs, chosen) for docs in (world.docs, [*world.docs, more]))
    for before, after in zip(without, with_it, strict=True):
        assert all(after.get(country, 0) >= n for country, n in before.items())
        assert sum(after.values()) >= sum(before.values())


@pytest.mark.parametrize("seed", range(2))
def test_no_publication_lowers_an_office_s_count(seed: int) -> None:
    """With the families that a source states, any publication left out leaves every office with as many, or fewer."""
    world = make_world(seed, size=20)
    out = random.Random(seed).choice(world.docs)  # noqa: S311 - one of a made-up world's records
    chosen = [
        convention(unit=unit, basis="office", date="publication") for unit in ("family", "application", "publication")
    ]
    fewer = [doc for doc in world.docs if doc is not out]
    without, with_it = (_counts(docs, chosen, stated=world.family) for docs in (fewer, world.docs))
    for before, after in zip(without, with_it, strict=True):
        assert all(after.get(country, 0) >= n for country, n in before.items())


def _counts(
    docs: list[Doc], chosen: list[Convention], *, stated: dict[str, str] | None = None
) -> list[dict[str, Fraction]]:
    """Return the whole counts by country of records that are all on topic; with families as stated, or computed."""
    rows = [publication_of(doc, stated[doc.number] if stated else None) for doc in docs]
    with make_landscape(rows) as land:
        return [totals(land, replace(one, topic="strict"))[0] for one in chosen]


def test_order_of_rows_and_files_and_duplicates_change_no_result(tmp_path: Path) -> None:
    """Two files, shuffled, the other first, with rows twice, give the same counts, curve and verdict, byte for byte."""
    rows = [publication_of(doc) for doc in make_world(7, size=20).docs]
    rng = random.Random(0)  # noqa: S311 - an order
    half = len(rows) // 2
    shuffled = rng.sample(rows, len(rows))
    axes = [("unit", ["family"]), ("documents", ["inventions"]), ("international", ["all"])]
    text = QUERY
    for axis, levels in axes:
        text = re.sub(rf"(?m)^{axis} = .*$", f"{axis} = {json.dumps(levels)}", text)
    found = []
    for name, files in (("a", (rows[:half], rows[half:])), ("b", (shuffled[half:] + shuffled[:5], shuffled[:half]))):
        paths = []
        for place, part in enumerate(files):
            paths.append(tmp_path / f"{name}{place}.parquet")
            store.write(store.to_table(part), paths[-1])
        done = run(Query.parse(text), inputs=paths, as_of=TODAY, out=tmp_path / name)
        names = ("counts.csv", "curve.csv", "sensitivity.csv", "influence.csv", "verdict.json", "scores.parquet")
        found.append({file: (done.path / file).read_bytes() for file in names})
    assert found[0] == found[1]


@settings(max_examples=6)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_of_two_records_the_fuller_is_kept_whatever_their_order(seed: int, order: random.Random) -> None:
    """A record that says less than another of the same number changes nothing, before it or after it."""
    rows = [publication_of(doc) for doc in make_world(seed, size=12).docs]
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
