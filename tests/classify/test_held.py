"""What the records of each family hold, whatever the query asks: abstracts, class symbols, symbols of the CPC."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.classify.class_symbols import ClassSymbols
from patentscope.classify.texts import family_texts
from patentscope.records import store
from patentscope.records.scheme import Scheme

from factories import make_publication, table_of

_RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["F1", "F2", "F3", "F4"]),
        st.sampled_from([None, "", "A magnet."]),
        st.sampled_from([(), ("C22B59/00",), ("C22B59/00", "Y02P10/20")]),
        st.sampled_from([(), ("C22B59/00",), ("G99Z1/00",)]),
    ),
    min_size=1,
    max_size=12,
)


@given(records=_RECORDS)
@settings(max_examples=40, deadline=None)
def test_a_family_holds_what_any_of_its_members_holds(
    records: list[tuple[str, str | None, tuple[str, ...], tuple[str, ...]]],
) -> None:
    """Empty abstracts are none; symbols that no query asks, and that the scheme doesn't hold, are symbols."""
    made = [
        make_publication(f"CN{place}A", family_id=family, title="T", abstract=abstract, cpc=cpc, ipc=ipc)
        for place, (family, abstract, cpc, ipc) in enumerate(records)
    ]
    table = table_of(made)
    family_id = table.column("family_id").to_pandas()
    with TemporaryDirectory() as folder:
        store.write(table, Path(folder) / "publications.parquet")
        with family_texts(Path(folder) / "publications.parquet", family_id) as families:
            pass
    held = ClassSymbols.of(table, Scheme.shipped()).held(family_id, families.family_id)
    found = {
        family: (bool(abstract), bool(symbol), bool(cpc))
        for family, abstract, symbol, cpc in zip(
            families.family_id, families.has_abstract, held["has_symbol"], held["has_cpc"], strict=True
        )
    }
    truth = {
        family: (
            any(one[1] for one in records if one[0] == family),
            any(one[2] or one[3] for one in records if one[0] == family),
            any(one[2] for one in records if one[0] == family),
        )
        for family, *_ in records
    }
    assert found == truth
