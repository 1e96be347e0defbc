"""Families that a source names by their members: who belongs together, and whose members have no record."""

from __future__ import annotations

import numpy as np

from patentscope.records import intake
from patentscope.records.families import Families, assign
from patentscope.records.publication import Publication
from patentscope.records.store import to_table

from factories import make_publication


def assigned(*publications: Publication, whole: bool = False) -> Families:
    """Return the families of publications that came in one file."""
    found = intake.merge([to_table(publications)], most_bad=0.0, whole=[whole])
    return assign(found.table, found.fetched)


def families_of(*publications: Publication) -> dict[str, tuple[str, str]]:
    """Return by publication number the simple family, and how it is known."""
    units = assigned(*publications).units
    rows = zip(units["publication_number"], units["family_id"], units["family_source"], strict=True)
    return {number: (family, source) for number, family, source in rows}


def member(number: str, *members: str, **facts: object) -> Publication:
    """Return a publication that names *members* of its family."""
    return make_publication(number, family_members=members, **facts)


def test_a_common_member_makes_one_family() -> None:
    """Records that name a member in common are one family, directly or through others, by their source's first id."""
    found = families_of(
        member("CN1A", "lens:b", "lens:c"),
        member("US1A1", "lens:c", "lens:d"),
        member("JP1A", "lens:d", "lens:a"),
        member("EP1A1", "lens:e"),
    )
    assert found == dict.fromkeys(("CN1A", "US1A1", "JP1A"), ("lens:a", "named")) | {"EP1A1": ("lens:e", "named")}


def test_records_that_are_named_by_their_numbers_are_one_family() -> None:
    """A number that a record names is that of the record with it, which need name nobody itself."""
    found = families_of(member("CN1A", "CN1A", "US 2015/0123456 A1", "JP9A"), make_publication("US20150123456A1"))
    assert found == dict.fromkeys(("CN1A", "US2015123456A1"), ("named:CN1A", "named"))


def test_docdb_says_otherwise() -> None:
    """A stated id is kept where a source names members of several; of one family alone it is all members'."""
    claim = [("DE102014000001", "2014-01-01")]
    apart = [
        member(f"{code}1A", "lens:a", family_id=stated) for code, stated in (("CN", "77"), ("JP", "78"), ("KR", None))
    ]
    assert [row[0] for row in families_of(*apart).values()] == ["77", "78", "lens:a"]
    together = [
        member("CN2A", "lens:b", family_id="79"),
        member("KR2A", "lens:b"),
        make_publication("US2A1", family_id="79"),
    ]
    assert families_of(*together) == {"CN2A": ("79", "source"), "KR2A": ("79", "named"), "US2A1": ("79", "source")}
    by_priority = [
        member("CN3A", "lens:c", priorities=claim),
        make_publication("US3A1", priorities=claim, family_id="80"),
    ]
    assert families_of(*by_priority) == {"CN3A": ("80", "named"), "US3A1": ("80", "source")}


def test_what_is_named_goes_before_what_is_computed() -> None:
    """Families that a source tells apart stay apart though they claim the same; others are computed, and join them."""
    claim = {"priorities": [("DE102014000001", "2014-01-01")]}
    found = families_of(
        member("CN1A", "lens:a", **claim),
        member("JP1A", "lens:b", **claim),
        member("KR1A", "lens:b", priorities=[("KR1020150000001", "2015-01-01")]),
        make_publication("US1A1", priorities=[("KR1020150000001", "2015-01-01")]),
    )
    assert found == {
        "CN1A": ("lens:a", "named"), "JP1A": ("lens:b", "named"), "KR1A": ("lens:b", "named"),
        "US1A1": ("lens:b", "computed"),
    }  # fmt: skip


def test_a_family_named_in_two_ways_is_joined_and_counted() -> None:
    """Two lists with a member in common are one family, and a remark; ids and numbers of one list are no two ways."""
    both = ("lens:a", "lens:b", "CN1A", "US1A1")
    alike = assigned(member("CN1A", *both), member("US1A1", "lens:a", "lens:b"), member("JP1A", "lens:z"))
    assert not alike.remarks
    found = assigned(member("CN1A", "lens:a", "lens:b"), member("US1A1", "lens:b"), member("JP1A", "lens:z"))
    assert set(found.units["family_id"]) == {"lens:a", "lens:z"}
    assert [(loss.country, loss.count, loss.first) for loss in found.remarks] == [
        ("CN", 1, ("CN1A",)),
        ("US", 1, ("US1A1",)),
    ]


def test_members_without_a_record_give_their_offices() -> None:
    """Named members without a dated record are at the offices that no record has, else at some of theirs."""
    day = {"publication_date": "2020-01-01"}
    found = assigned(
        member("CN1A", "lens:1", "lens:2", "lens:3", family_offices=("CN", "US", "EP"), **day),
        member("CN2A", "lens:4", "lens:5", family_offices=("CN",), **day),
        member("CN3A", "lens:6", family_offices=("CN",), **day),
        member("CN4A", "CN4A", "US4A1", **day),
        member("US4A1", **day),
        member("CN5A", "CN5A", "JP5A", **day),
        member("JP5A", "CN5A"),
        make_publication("KR6A", **day),
    )  # fmt: skip
    rows = found.members.replace({np.nan: None}).itertuples(index=False)
    assert sorted(map(tuple, rows), key=str) == [
        ("lens:1", "EP"), ("lens:1", "US"), ("lens:4", None), ("named:CN5A", "JP"),
    ]  # fmt: skip
    assert found.unknown_members == 1


def test_members_that_were_fetched_all_have_records() -> None:
    """Where a source gave whole families, nothing named is without a record, and no member is unknown."""
    day = {"publication_date": "2020-01-01"}
    found = assigned(member("CN1A", "lens:1", "lens:2", **day), make_publication("KR6A", **day), whole=True)
    assert found.members.empty
    assert found.unknown_members == 0
