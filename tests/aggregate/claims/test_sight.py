"""What readings need of a record, and how much of that each side's records hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.aggregate.claims.sight import needs
from patentscope.query.query import Query, Reading

from factories import TERMS, make_landscape, make_publication, query_text

ASKED = Query.parse(
    query_text(
        "sight",
        classes={"plain": ["C22B59"], "tagged": ["C22B7", "Y02P10/20"]},
        terms={"en": TERMS},
        readings={"classifier": {"all": ["classifier"]}},
    )
)


@pytest.mark.parametrize(
    ("name", "every", "some", "found"),
    [
        ("words", ("terms.rare_earth",), (), {"abstract"}),
        ("model", ("classifier",), (), {"abstract"}),
        ("plain", ("classes.plain",), (), {"symbol"}),
        ("tagged", ("classes.tagged",), (), {"cpc"}),
        ("tagged_no_y02", ("classes.tagged",), (), {"symbol"}),
        ("both", ("classes.plain", "classes.tagged"), (), {"symbol", "cpc"}),
        ("mixed", ("classes.plain",), ("terms.recycling", "classes.tagged"), {"symbol", "cpc", "abstract"}),
        ("plain+eol", ("classes.plain",), (), {"symbol", "abstract"}),
        ("records", ("records",), (), set()),
    ],
)
def test_a_reading_needs_what_it_asks(
    name: str, every: tuple[str, ...], some: tuple[str, ...], found: set[str]
) -> None:
    """Words, the classifier and scopes need an abstract, classes a symbol, Y02 one of the CPC; all records nothing."""
    assert needs(Reading(name, every, some), ASKED) == found


RECORDS = [
    make_publication("CN1A", family_id="A", abstract="A magnet.", cpc=(), ipc=("C22B59/00",)),
    make_publication("US2B2", family_id="A", cpc=(), publication_date="2024-05-01"),
    make_publication("CN3U", family_id="B", cpc=("C22B59/00",)),
    make_publication("JP4S", family_id="C", cpc=()),
    make_publication("EP5A1", family_id="D", cpc=("Y02P10/20",), abstract="A motor."),
]


def _thirds(abstract: int, symbol: int, cpc: int, of: int) -> dict[str, float]:
    return {"abstract": abstract / of, "symbol": symbol / of, "cpc": cpc / of}


@pytest.mark.parametrize(
    ("side", "left", "found"),
    [
        (("CN",), ("CN",), _thirds(1, 2, 1, of=2)),
        (("US", "AU", "JP"), ("CN",), _thirds(1, 1, 0, of=2)),
        (("*",), ("CN",), _thirds(2, 2, 1, of=3)),
        (("*",), ("CN", "US"), _thirds(1, 1, 1, of=2)),
        (("AU",), ("CN",), dict.fromkeys(("abstract", "symbol", "cpc"))),
        (("*",), ("CN", "US", "JP", "EP"), dict.fromkeys(("abstract", "symbol", "cpc"))),
    ],
)
def test_a_side_holds_what_any_member_of_its_families_holds(
    side: tuple[str, ...], left: tuple[str, ...], found: dict[str, float | None]
) -> None:
    """Families with a publication of any kind and date at the side's offices together; none where there is none."""
    with make_landscape(RECORDS) as land:
        assert land.sight.shares([(side, left)]) == [found]
        assert land.sight.shares([(side, left)]) == [found]
        assert land.offices == {"CN", "US", "JP", "EP"}


_RECORD = st.tuples(
    st.sampled_from(["F1", "F2", "F3", "F4", "F5"]),
    st.sampled_from(["CN", "US", "JP", "EP"]),
    st.sampled_from([None, "An abstract."]),
    st.sampled_from([(), ("C22B59/00",)]),
    st.sampled_from([(), ("C22B59/00",)]),
)
_SIDE = st.lists(st.sampled_from(["CN", "US", "JP", "AU"]), min_size=1, max_size=3, unique=True).map(tuple)


@given(records=st.lists(_RECORD, min_size=1, max_size=12), side=_SIDE | st.just(("*",)), left=_SIDE)
@settings(max_examples=30, deadline=None)
def test_shares_are_those_of_sets_of_families(
    records: list[tuple[str, str, str | None, tuple[str, ...], tuple[str, ...]]],
    side: tuple[str, ...],
    left: tuple[str, ...],
) -> None:
    """Whatever the records, each share is that of two sets of families."""
    made = [
        make_publication(f"{office}{place}A", family_id=family, abstract=abstract, cpc=cpc, ipc=ipc)
        for place, (family, office, abstract, cpc, ipc) in enumerate(records)
    ]
    mine = {row[0] for row in records if (row[1] not in left if side == ("*",) else row[1] in side)}
    holding = {
        "abstract": {row[0] for row in records if row[2]},
        "symbol": {row[0] for row in records if row[3] or row[4]},
        "cpc": {row[0] for row in records if row[3]},
    }
    with make_landscape(made) as land:
        [found] = land.sight.shares([(side, left)])
    assert found == {need: len(mine & its) / len(mine) if mine else None for need, its in holding.items()}
