"""Records made documents: what is one document, what it says, and that no order decides."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.records import intake, texts
from patentscope.records.documents import documents_of
from patentscope.records.intake_columns import stems_and_kinds
from patentscope.records.publication import Party, Priority, Publication
from patentscope.records.store import APART, to_table

from factories import day, make_publication


def merged(*publications: Publication) -> intake.Intake:
    """Return the intake of publications, all in one file."""
    return intake.merge([to_table(publications)], most_bad=0.0)


def numbers_of(*publications: Publication) -> list[str]:
    """Return the numbers of the documents that publications make."""
    numbers: list[str] = merged(*publications).table.column("publication_number").to_pylist()
    return numbers


def dated(number: str, date: str | None = None, **facts: object) -> Publication:
    """Return a publication of a date."""
    return make_publication(number, publication_date=date, **facts)


@pytest.mark.parametrize(
    ("bare", "date", "others", "joined"),
    [
        ("EP1820402", "2007-08-22", {"EP1820402A1": "2007-08-22", "EP1820402B1": "2009-01-07"}, "EP1820402A1"),
        ("EP1820402", "2009-01-07", {"EP1820402A1": "2007-08-22", "EP1820402B1": "2009-01-07"}, "EP1820402B1"),
        ("EP1820402", "2009-01-08", {"EP1820402B1": "2009-01-07", "EP1820402A1": "2007-08-22"}, "EP1820402A1"),
        ("EP1820402", None, {"EP1820402B1": "2009-01-07", "EP1820402A1": "2007-08-22"}, "EP1820402A1"),
        ("EP1820402", "2009-01-08", {"EP1820402B1": "2009-01-07"}, "EP1820402B1"),
        ("EP1820402", "2009-01-08", {"EP1820402B1": None, "EP1820402B2": "2011-01-07"}, "EP1820402B2"),
        ("WO 2015/123456", None, {"WO2015123456A1": None}, "WO2015123456A1"),
        ("US 2012/0057518", None, {"US2012057518A1": None}, "US2012057518A1"),
        ("EP1820402", None, {"EP1820403A1": None, "DE1820402A1": None, "EP11820402A1": None}, "EP1820402"),
    ],
)
def test_a_number_without_kind_joins_the_document_it_can_be(
    bare: str, date: str | None, others: dict[str, str | None], joined: str
) -> None:
    """It joins the one of its date, else the only one, else the earliest; only where no such number is, it stands."""
    title = "what only this record says"
    found = merged(dated(bare, date, title=title), *(dated(number, other) for number, other in others.items()))
    titles = {row["publication_number"]: row["title"] for row in found.table.to_pylist()}
    assert {number for number, said in titles.items() if said} == {joined}
    assert titles.keys() == {*others, joined}


def test_a_kind_in_a_column_of_its_own_is_the_documents() -> None:
    """A number without kind code beside a column with one is the same document as the number with both."""
    apart = dated("EP1820402", office="EP", kind="A1", title="what only this record says")
    assert numbers_of(apart, dated("EP1820402A1"), dated("EP1820402", kind="B1")) == ["EP1820402A1", "EP1820402B1"]


ONE = Publication(
    "EP1A1",
    filing_date=dt.date(2020, 1, 1),
    priority_date=dt.date(2020, 1, 2),
    priorities=(Priority("US1", dt.date(2020, 1, 2)), Priority("US2")),
    title="words",
    abstract="more words",
    cpc=("a", "b"),
    ipc=("c",),
    applicants=(Party("a", "b"), Party("c")),
    inventors=(Party("d"),),
)
OTHERS = [
    replace(ONE, filing_date=ONE.priority_date, priority_date=ONE.filing_date),
    replace(ONE, priorities=(Priority("US1"), Priority("US2", dt.date(2020, 1, 2)))),
    replace(ONE, priorities=ONE.priorities[::-1]),
    replace(ONE, priorities=ONE.priorities[:1]),
    replace(ONE, title=ONE.abstract, abstract=ONE.title),
    replace(ONE, cpc=("b", "a")),
    replace(ONE, cpc=("a",), ipc=("b", "c")),
    replace(ONE, cpc=("ab",)),
    replace(ONE, cpc=("a", "b", "b")),
    replace(ONE, cpc=ONE.ipc, ipc=ONE.cpc),
    replace(ONE, applicants=(Party("a"), Party("c", "b"))),
    replace(ONE, applicants=(Party("a", "b"), Party("c", "b"))),
    replace(ONE, applicants=(Party("b", "a"), Party("c"))),
    replace(ONE, applicants=ONE.inventors, inventors=ONE.applicants),
]


@settings(max_examples=25)
@given(st.lists(st.sampled_from([ONE, *OTHERS]), max_size=12), st.randoms())
def test_records_repeat_each_other_only_if_every_column_is_the_same(more: list[Publication], chance: Random) -> None:
    """What stands in another column, order or member makes another record, however many records there are."""
    records = [ONE, *OTHERS, *more]
    chance.shuffle(records)
    table = to_table(records)
    told = texts.keep(table.column("publication_number"), [table])
    repeats = documents_of(table.select(APART.names), told).repeats.tolist()
    assert [records[place] for place in repeats] == records
    assert len(set(repeats)) == len({*OTHERS, ONE})


def test_records_of_one_document_fill_each_others_gaps() -> None:
    """Each field is the fuller record's, where it says nothing the next one's; a language is that of its text."""
    full = dated(
        "CN118000001A",
        "2024-08-01",
        title="磁铁回收",
        filing_date="2024-01-02",
        ipc=("C22B59/00",),
        cpc=(),
        family_id="7",
        inventors=[None],
    )
    thin = dated(
        "CN118000001A",
        "2024-08-02",
        title_original="磁铁回收",
        title_language="en",
        abstract="Text.",
        cpc=("C22B7/00",),
    )
    thinner = dated("CN118000001", None, abstract="Another text.", abstract_language="en", applicants=["CN"], cpc=())
    found = merged(thinner, thin, full)
    (row,) = found.table.to_pylist()
    assert (row["publication_date"], row["filing_date"]) == (day("2024-08-01"), day("2024-01-02"))
    assert (row["title"], row["title_language"], row["title_original"]) == ("磁铁回收", None, None)
    assert (row["abstract"], row["abstract_language"]) == ("Text.", None)
    assert (row["cpc"], row["ipc"]) == (["C22B7/00"], ["C22B59/00"])
    assert row["applicants"] == [{"name": "applicants 0", "country": "CN"}]
    (loss,) = found.dropped
    assert (loss.reason, loss.country, loss.count) == (intake.MERGED, "CN", 2)
    assert (found.rows_in, found.table.num_rows, found.kept) == (3, 1, (1,))


def test_what_differs_is_counted_by_field() -> None:
    """Only what says another thing is a difference, one per document: no case, no form of a number, no order."""
    full = dated(
        *("US2020000001A1", "2020-01-02"),
        title="Magnet recycling",
        application_number="US 201414893611 A",
        cpc=("C22B59/00", "C22B7/00"),
        applicants=["US"],
        filing_date="2018-07-01",
    )
    like = replace(
        full, title="MAGNET  RECYCLING.", application_number="US14/893,611", cpc=full.cpc[::-1], filing_date=None
    )
    other = replace(like, title="Magnets", cpc=("C22B7/00",), applicants=(Party("Another"),))
    differ = [gap for gap in merged(full, like, like, other).gaps if "differ" in gap.reason]
    assert {(gap.reason.split()[-1], gap.country, gap.count, gap.first) for gap in differ} == {
        (field, "US", 1, ("US2020000001A1",)) for field in ("title", "cpc", "applicants")
    }
    assert not [gap for gap in merged(full, like, like).gaps if "differ" in gap.reason]


def test_named_members_add_up() -> None:
    """Whom two records of a document name is named by the document; offices that aren't stated come from numbers."""
    first = dated("EP1A1", family_members=("lens:1", "lens:2"), family_offices=("us", "EP"))
    second = dated("EP1A1", family_members=("EP 1 A1", "JP 2014-123456 A", "no number"))
    found = merged(first, second)
    (row,) = found.table.to_pylist()
    assert row["family_members"] == ["EP1A1", "JP2014123456A", "lens:1", "lens:2"]
    assert row["family_offices"] == ["EP", "JP", "US"]
    assert [gap.count for gap in found.gaps if gap.reason == "a family member that is no publication number"] == [1]


SERIALS = st.sampled_from(["EP1000000", "EP1000001", "US2012057518", "US20120057518", "JP2014123456"])
RECORDS = st.builds(
    lambda serial, kind, **facts: Publication(serial + kind, **facts),
    serial=SERIALS,
    kind=st.sampled_from(["", "", "A1", "B1"]),
    publication_date=st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2020, 1, 4)),
    title=st.sampled_from([None, "one", "two"]),
    application_number=st.sampled_from([None, "EP1", "EP2"]),
    cpc=st.sampled_from([(), ("C22B7/00",), ("C22B59/00",)]),
    family_members=st.sampled_from([(), ("lens:1",), ("lens:2", "EP1000000A1")]),
)


@settings(max_examples=60)
@given(st.lists(RECORDS, min_size=1, max_size=9), st.randoms(use_true_random=False), st.integers(0, 9))
def test_no_order_decides(records: list[Publication], random: object, cut: int) -> None:
    """Records in another order, and in two files, make the same documents; none is there with and without a kind."""
    whole = merged(*records)
    random.shuffle(records)
    parts = intake.merge([to_table(records[:cut]), to_table(records[cut:])], most_bad=0.0)
    assert parts.table.equals(whole.table)
    assert sorted(parts.gaps, key=repr) == sorted(whole.gaps, key=repr)
    assert whole.rows_in == whole.table.num_rows + sum(loss.count for loss in whole.dropped)
    stems, kinds = stems_and_kinds(
        whole.table.column("publication_number").combine_chunks(), pa.nulls(len(whole.table))
    )
    known = {stem for stem, kind in zip(stems.to_pylist(), kinds.to_pylist(), strict=True) if kind}
    assert not {stem for stem, kind in zip(stems.to_pylist(), kinds.to_pylist(), strict=True) if not kind} & known
    assert whole.table.column("publication_number").to_pylist() == sorted(
        set(whole.table.column("publication_number").to_pylist())
    )
