"""The search log: what each symbol and term of a query finds by each reading, and what it alone finds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from patentscope.classify.class_symbols import class_hits
from patentscope.classify.features import Found
from patentscope.classify.readings import in_topic
from patentscope.classify.search_log import search_log
from patentscope.provenance.ledger import StageRecord
from patentscope.provenance.run_folder import RunFolder
from patentscope.provenance.state import State
from patentscope.query.edition import edition
from patentscope.query.query import Query, Reading
from patentscope.records import store
from patentscope.stages import Job, classify

from factories import TODAY, make_publication, query_text, table_of

CLASSES = {"rare_earth": ["C22B59", "C01F17"], "recycling": ["C22B7", "Y02P10/20", "B09B"]}
TERMS = {
    "en": {"rare_earth": ["rare earth", "neodymium"], "recycling": ["recycle", "scrap"]},
    "zh": {"rare_earth": ["稀土"], "recycling": ["回收"]},
}
READINGS: dict[str, dict[str, list[str]]] = {
    "strict_no_y02": {"all": ["classes.rare_earth", "classes.recycling"]},
    "either": {"all": ["classes.rare_earth"], "any": ["classes.recycling", "terms.recycling"]},
    "terms+eol": {"all": ["terms.rare_earth", "terms.recycling"]},
}
PUBLICATIONS = [
    make_publication("CN118000001A", cpc=("C22B59/00", "C22B7/00")),
    make_publication("CN118000002A", cpc=("C22B59/00", "C01F17/00", "Y02P10/20")),
    # One family of two: what either of its documents holds is the family's.
    make_publication("CN118000003A", family_id="F3", cpc=("C01F17/13", "Y02P10/20")),
    make_publication("US2024000003A1", family_id="F3", cpc=("C01F17/00",), ipc=("C22B7/04",)),
    make_publication("US2024000004A1", cpc=("C22B59/10",), title="Recycling scrap of rare earth"),
    make_publication("CN118000005A", cpc=("C22B59/00", "C22B7/00"), title="从矿石中回收稀土"),
    make_publication("US2024000006A1", cpc=("H01F1/00",), title="Recycling end-of-life magnets of rare earth"),
]
#: By reading, kind and group: what each finds, and what it alone finds. Counted by hand, from the families above.
EXPECTED = {
    # F1, F2, F3, F5
    ("strict", "class", "rare_earth"): {"C22B59": (3, 2), "C01F17": (2, 1)},
    ("strict", "class", "recycling"): {"C22B7": (3, 2), "Y02P10/20": (2, 1), "B09B": (0, 0)},
    # F1, F3, F5: F2 is held by a Y02 symbol alone
    ("strict_no_y02", "class", "rare_earth"): {"C22B59": (2, 2), "C01F17": (1, 1)},
    ("strict_no_y02", "class", "recycling"): {"C22B7": (3, 3), "Y02P10/20": (0, 0), "B09B": (0, 0)},
    # F1 to F5; of F5 the class is not alone, because its title says the same, and the other way round
    ("either", "class", "rare_earth"): {"C22B59": (4, 3), "C01F17": (2, 1)},
    ("either", "class", "recycling"): {"C22B7": (3, 1), "Y02P10/20": (2, 1), "B09B": (0, 0)},
    ("either", "term", "recycling"): {"recycle": (1, 0), "scrap": (1, 0), "回收": (1, 0)},
    # F4, F5, F6
    ("terms", "term", "rare_earth"): {"rare earth": (2, 2), "neodymium": (0, 0), "稀土": (1, 1)},
    ("terms", "term", "recycling"): {"recycle": (2, 1), "scrap": (1, 0), "回收": (1, 1)},
    # F6: whether the scrap of F4 is old is open
    ("terms+eol", "term", "rare_earth"): {"rare earth": (1, 1), "neodymium": (0, 0), "稀土": (0, 0)},
    ("terms+eol", "term", "recycling"): {"recycle": (1, 1), "scrap": (0, 0), "回收": (0, 0)},
}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The search log of the families above, as the stage writes it."""
    text = query_text(classes=CLASSES, terms=TERMS, readings=READINGS).replace("terms+eol", '"terms+eol"')
    query = Query.parse(text)
    state = State(sources=[], code="", stages=[], scheme=edition(query))
    folder = RunFolder(tmp_path_factory.mktemp("log"), state)
    store.write(table_of(PUBLICATIONS), folder.file("publications.parquet"))
    classify(Job(folder, query, TODAY), StageRecord("classify", "simple family", ""))
    return pd.read_csv(folder.file("search-log.csv"))


def test_a_landscape_counted_by_hand(log: pd.DataFrame) -> None:
    """Every symbol and term of every group that a reading asks has its row, with the families counted by hand."""
    found: dict[tuple[Any, ...], dict[str, tuple[int, int]]] = {}
    for row in log.to_dict(orient="records"):
        group = found.setdefault((row["reading"], row["kind"], row["name"]), {})
        group[row["symbol_or_term"]] = (row["families"], row["only_here"])
    assert found == EXPECTED
    assert list(log) == ["kind", "name", "symbol_or_term", "families", "only_here", "reading"]
    assert not log.duplicated(["reading", "kind", "name", "symbol_or_term"]).any()


SYMBOLS = ("A01B1/00", "A01B3/00", "Y02P10/20", "B09B")
CASES = st.lists(st.tuples(*[st.booleans()] * 6), min_size=1, max_size=12)
ASKED = (
    Reading("all", ("classes.a", "classes.b"), ()),
    Reading("any", (), ("classes.a", "classes.b")),
    Reading("mixed_no_y02", ("classes.a",), ("classes.b", "terms.t")),
    Reading("terms", ("terms.t",), ("classifier", "classes.a")),
)


@given(CASES)
def test_alone_is_what_the_reading_loses_without_it(cases: list[tuple[bool, ...]]) -> None:
    """`only_here` is how many families leave a reading when the symbol or term is taken out of the query."""
    table = np.array(cases)
    symbols = pd.DataFrame(table[:, :4], columns=list(SYMBOLS))
    phrases = table[:, 4:]
    classes = {"a": SYMBOLS[:2], "b": SYMBOLS[2:]}
    found = Found((("t", "one"), ("t", "two")), sparse.csr_array(phrases))
    asked = Query.parse(query_text(classes={"a": list(SYMBOLS[:2]), "b": list(SYMBOLS[2:])}))
    query = Query(**{**vars(asked), "readings": ASKED})

    def sizes(without: str) -> dict[str, int]:
        kept = {group: [symbol for symbol in listed if symbol != without] for group, listed in classes.items()}
        words = phrases[:, [word != without for word in ("one", "two")]].any(axis=1)
        decided = pd.DataFrame({"terms_t": words, "in_classifier": table[:, 0]})
        return in_topic(ASKED, class_hits(symbols, kept), decided).sum().to_dict()

    decided = pd.DataFrame({"terms_t": phrases.any(axis=1), "in_classifier": table[:, 0]})
    log = search_log(query, symbols, found, class_hits(symbols, classes), decided)
    for row in log.to_dict(orient="records"):
        lost = sizes("")[row["reading"]] - sizes(row["symbol_or_term"])[row["reading"]]
        assert row["only_here"] == lost <= row["families"] <= sizes("")[row["reading"]]
