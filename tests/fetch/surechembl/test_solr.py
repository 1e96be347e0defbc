"""What SureChEMBL is asked in words, and how its own words are read: Solr text, class symbols, documents."""

from __future__ import annotations

import json

import pytest

from patentscope.errors import QueryError
from patentscope.fetch.surechembl import solr
from patentscope.fetch.surechembl.document import publication_of, symbol_of
from patentscope.query.query import Query

from places import QUERY as SHIPPED
from worlds.surechembl_search import SMALL

PADDED, PLAIN = (
    [solr.Spelling(name, padded, has_wildcards=True) for name in ("cpc", "ic")] for padded in (True, False)
)


@pytest.mark.parametrize("spellings", [PADDED, PLAIN], ids=["padded", "plain"])
def test_the_shipped_query_can_be_asked(spellings: list[solr.Spelling]) -> None:
    """Every search of the shipped query is well formed and short enough; classes and terms are both asked."""
    found = solr.searches(Query.load(SHIPPED), spellings)
    assert {name.partition("/")[0] for name, _ in found} == {"class_strict", "oecd_and_terms", "terms", "broad"}
    assert len(dict(found)) == len({search for _, search in found}) == len(found)


def test_a_long_list_is_asked_in_pieces() -> None:
    """Classes and terms too many for one address are asked in several searches that cover every pair of them."""
    words = [f"word{i:03d}" for i in range(150)]
    text = SMALL.replace('["rare earth"]', json.dumps(words)).replace('["recycle", "scrap"]', json.dumps(words[::-1]))
    parts = [search for name, search in solr.searches(Query.parse(text), PADDED) if name.startswith("terms/")]
    assert len(parts) > 1
    pairs = [{word for word in words if f"{word}*" in part.split(" AND ")[side]} for part in parts for side in (0, 1)]
    covered = {
        (one, other) for left, right in zip(pairs[::2], pairs[1::2], strict=True) for one in left for other in right
    }
    assert len(covered) == len(words) ** 2


@pytest.mark.parametrize(
    ("search", "word"),
    [
        ("foo:bar", "expected the fields"),
        ('ttl:"x', "odd number of quotes"),
        ("(ttl:x", "unbalanced"),
        ("ttl:稀土", "ASCII"),
        ("ttl:*", "begins with a wildcard"),
        ("ttl:x or ab:y", "small letters"),
        ("", "1 to 4000"),
    ],
)
def test_a_malformed_search_is_not_sent(search: str, word: str) -> None:
    """What the index would refuse or misread is refused here, with the reason."""
    with pytest.raises(QueryError, match=word):
        solr.check(search)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("C22B59/00", "C22B59/00"),
        ("C22B  59/00        20060101AFI20100101BHEP", "C22B59/00"),
        ("C22B00590021", "C22B59/0021"),
        ("C22B", "C22B"),
        ("rubbish", None),
        ("C22B59/00/00", None),
    ],
)
def test_symbols_are_read_as_they_are_written(text: str, symbol: str | None) -> None:
    """A symbol is read in each form that the index's documentation shows, and nothing else is taken for one."""
    assert symbol_of(text) == symbol


def test_an_unreadable_class_goes_on_as_it_is() -> None:
    """Classes that an answer does give are kept, and one that can't be read is left for the run to write down."""
    document = {
        "docId": "EP-1000000-B1",
        "metadata": {"cpc": ["C22B 59/00", "?"], "ic": "C22B0007006", "pd": "2024-05-02"},
    }
    found = publication_of(document, "surechembl", "x")
    assert found is not None
    assert (found.cpc, found.ipc) == (("C22B59/00", "?"), ("C22B7/006",))
    assert str(found.publication_date) == "2024-05-02"
