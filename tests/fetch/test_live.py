"""The sources themselves, asked over the network: `make live`. What has no key here is skipped, and says so.

A small question is put to each: it must be answered whole, by its own proof, and replayed offline without a key.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from patentscope.fetch.asking import Asking
from patentscope.fetch.catalogue import NETWORK, network
from patentscope.query.query import Query

from factories import query_text

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not os.environ.get("PATENTSCOPE_LIVE"), reason="only `make live` asks the real services"),
]

#: What must be set for a source to be asked: any one of these.
NEEDS = {
    "ops": ("EPO_OPS_KEY", "OPS_KEY"),
    "lens": ("LENS_API_TOKEN", "LENS_TOKEN"),
    "uspto": ("USPTO_ODP_API_KEY", "USPTO_API_KEY"),
    "bigquery": ("PATENTSCOPE_LIVE_GIB",),
}
SMALL = query_text(
    sources=["ops"],
    years=[2015, 2015],
    classes={"recycling": ["H01J9/52"]},
    terms={"en": {"rare_earth": ["europium"]}},
    readings={"strict": {}, "terms": {}, "classes": {"all": ["classes.recycling", "terms.rare_earth"]}},
)


@pytest.mark.parametrize("name", sorted(NETWORK))
def test_a_small_question_is_answered_whole_and_replayed(name: str, tmp_path: Path) -> None:
    """The service still answers as this program expects it to: complete by its own totals, and the same offline."""
    needs = NEEDS.get(name, ())
    if needs and not any(os.environ.get(variable) for variable in needs):
        pytest.skip(f"{name}: not asked, for {' or '.join(needs)} is not set")
    gib = float(os.environ.get("PATENTSCOPE_LIVE_GIB", "0"))
    query = Query.parse(SMALL)
    found = network(name).read(query, Asking(tmp_path, most_gib=gib))
    assert found.source.status == "complete", found.source.slices
    assert found.table.num_rows > 0
    again = network(name).read(query, Asking(tmp_path, offline=True))
    assert again.table.equals(found.table)
