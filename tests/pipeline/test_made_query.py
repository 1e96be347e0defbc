"""A landscape counted by hand under a query that was made for a claim and a topic."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from patentscope import Query, Run, run
from patentscope.query.claim import parse_claim
from patentscope.query.made import made_query
from patentscope.records import store

from factories import make_publication

TOPIC = "rare earth, neodymium; recycl*"


def member(number: str, title: str, priority: str, **facts: object) -> object:
    """Return a publication of the family that claims *priority*, first filed on 1 February 2020."""
    usual = {"publication_date": "2021-08-01", "filing_date": "2020-02-01", "kind": number[-1]}
    return make_publication(
        number, title=title, office=number[:2], priorities=[(priority, "2020-02-01")], **usual | facts
    )


#: By family: CN with a US member, CN as a utility model, US, CN off the words, JP, US off the words.
RECORDS = [
    member("CN111A", "Recycling rare earths from magnets", "CN1"),
    member("US2021111A1", "Magnets", "CN1", kind="A1"),
    member("CN222U", "A recyclate of rare-earth alloys", "CN2"),
    member("US2021333A1", "Rare earth recycler", "US3", kind="A1"),
    member("CN444A", "A chair of recycled wood", "CN4"),
    member("JP2021555A", "Neodymium, recyclable", "JP5"),
    member("US2021666A1", "Neodymium pens", "US6", kind="A1"),
]


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The records above under the made query."""
    folder = tmp_path_factory.mktemp("made")
    store.write(store.to_table(RECORDS), folder / "records.parquet")
    query = made_query(parse_claim("CN > US+JP in 2020"), name="made", title="Made", topic=TOPIC)
    return run(query, inputs=[folder / "records.parquet"], complete=True, out=folder / "run")


@pytest.mark.parametrize(
    ("topic", "basis", "documents", "left", "right"),
    [
        ("words", "priority", "inventions", 1, 2),  # CN1 against US3 and JP5
        ("words", "priority", "inventions+utility_models", 2, 2),  # and CN2
        ("words", "office", "inventions", 1, 3),  # CN1 at the US office, too
        ("records", "priority", "inventions", 2, 3),  # and CN4 against US6
        ("records", "priority", "inventions+utility_models", 3, 3),
        ("records", "office", "inventions", 2, 4),
    ],
)
def test_both_definitions_are_counted_as_by_hand(
    counted: Run, topic: str, basis: str, documents: str, left: int, right: int
) -> None:
    """Families that hold a word of each part, and all families; the second is counted and shown, and never judged."""
    levels = {"unit": "family", "share": "whole", "date": "priority", "international": "all"}
    wanted = {**levels, "topic": topic, "basis": basis, "documents": documents}
    rows = counted.curve[(counted.curve[list(wanted)] == pd.Series(wanted)).all(axis=1)]
    assert [(float(row["left_n"]), float(row["right_n"])) for row in rows.to_dict("records")] == [(left, right)]
    if topic == "records":
        assert not rows["judged"].astype(str).str.lower().eq("true").any()


def test_a_family_has_a_word_of_each_part_wherever_its_members_hold_it(counted: Run) -> None:
    """The ledger counts families by definition; the search log says what each word finds, and finds alone."""
    notes = counted.folder.stage("classify")["notes"]  # type: ignore[index]
    assert (notes["families in words"], notes["families in records"]) == (4, 6)
    log = pd.read_csv(counted.path / "search-log.csv").set_index("symbol_or_term")
    assert log.loc["recycl*", ["families", "only_here"]].tolist() == [4, 4]
    assert log.loc["neodymium", ["families", "only_here"]].tolist() == [1, 1]


def test_the_page_speaks_of_the_topic_in_words(counted: Run) -> None:
    """No name of a definition stands where a reader looks, and there is no section of what was not asked for."""
    text = (counted.path / "report.html").read_text(encoding="utf-8")
    page = text[text.index("<main") : text.index("The query, verbatim")]
    assert "records with the topic&#39;s words" in page
    for absent in ("topic definition words", "topic definition records", 'id="model"', 'id="table-classes"'):
        assert absent not in page


def test_the_same_query_by_hand_says_the_same(counted: Run, tmp_path: Path) -> None:
    """A query file that somebody writes with these readings counts the same, figure by figure."""
    text = counted.folder.state["query"]["text"].partition("\n")[2]
    mine = run(Query.parse(text), inputs=[counted.path.parent / "records.parquet"], complete=True, out=tmp_path / "run")
    assert mine.curve.equals(counted.curve)
    assert mine.counts.equals(counted.counts)
