"""Publications written to parquet and read again: nothing added, nothing lost, null stays null."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.records.intake import merge
from patentscope.records.publication import Party, Priority, Publication
from patentscope.records.store import SCHEMA, to_table, write

from factories import read_whole

# What a source can give: any text but the empty one and blanks at its ends, which are null and trimmed by contract,
# and entities, which are read as characters.
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="&"), min_size=1).filter(
    lambda text: text == text.strip()
)
CODE = st.sampled_from(["CN", "US", "JP", "AU", "EP", "WO", "SU"])
DATE = st.dates(dt.date(1836, 1, 1), dt.date(2100, 1, 1))


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    """Return *strategy*, or null."""
    return st.none() | strategy


PARTIES = st.lists(st.builds(Party, TEXT, maybe(CODE)), max_size=3).map(tuple)
PUBLICATIONS = st.builds(
    Publication,
    publication_number=TEXT,
    office=maybe(CODE),
    kind=maybe(st.sampled_from(["A", "A1", "B2", "U"])),
    publication_date=maybe(DATE),
    filing_date=maybe(DATE),
    priority_date=maybe(DATE),
    application_number=maybe(TEXT),
    priorities=st.lists(st.builds(Priority, TEXT, maybe(DATE)), max_size=3).map(tuple),
    family_id=maybe(TEXT),
    family_source=maybe(TEXT),
    title=maybe(TEXT),
    title_language=maybe(st.sampled_from(["en", "zh", "ja"])),
    title_original=maybe(TEXT),
    abstract=maybe(TEXT),
    abstract_language=maybe(st.just("en")),
    cpc=st.lists(TEXT, max_size=3).map(tuple),
    ipc=st.lists(TEXT, max_size=3).map(tuple),
    applicants=PARTIES,
    inventors=PARTIES,
    source=maybe(TEXT),
    origin=maybe(TEXT),
)


def publications_in(table: pa.Table) -> list[Publication]:
    """Return the rows of a table as publications."""
    members = {"applicants": Party, "inventors": Party, "priorities": Priority}
    return [
        Publication(
            **{
                name: tuple(members[name](**entry) for entry in value)
                if name in members
                else tuple(value)
                if isinstance(value, list)
                else value
                for name, value in row.items()
            }
        )
        for row in table.to_pylist()
    ]


@settings(max_examples=60)
@given(st.lists(PUBLICATIONS, max_size=5))
def test_publications_survive_parquet(publications: list[Publication]) -> None:
    """Whatever a publication holds comes back as it was, in its order: text of any script, null, empty lists."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.parquet"
        write(to_table(publications), path)
        table = read_whole(path)
    assert table.schema.equals(SCHEMA)
    assert publications_in(table) == publications


def test_struct_fields_in_another_order_are_matched_by_name(tmp_path: Path) -> None:
    """A file that writes country before name is read by name, and a field that it lacks is null."""
    swapped = pa.list_(pa.struct([("country", pa.string()), ("name", pa.string())]))
    bare = pa.list_(pa.struct([("name", pa.string())]))
    table = pa.table(
        {
            "publication_number": ["CN1A"],
            "applicants": pa.array([[{"country": "CN", "name": "某某"}]], swapped),
            "inventors": pa.array([[{"name": "李"}]], bare),
        }
    )
    pq.write_table(table, tmp_path / "p.parquet")
    (found,) = publications_in(read_whole(tmp_path / "p.parquet"))
    assert found.applicants == (Party("某某", "CN"),)
    assert found.inventors == (Party("李", None),)


def test_of_two_equally_full_records_the_order_of_files_does_not_decide() -> None:
    """The same two records of one number give the same one, whichever file comes first."""
    one, two = (to_table([Publication("CN1A", title=title)]) for title in ("one", "two"))
    tables = [merge(pair, most_bad=0.01).table for pair in ((one, two), (two, one))]
    assert tables[0].equals(tables[1])
