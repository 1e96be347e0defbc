"""The heavy pass on Spark, beside DuckDB's."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from patentscope.engines.duckdb import DuckEngine
from patentscope.engines.engine import open_engine
from patentscope.errors import QueryError
from patentscope.query.query import Query

from factories import QUERY
from worlds.loaded import CLAIMS, landscape
from worlds.world import make_world

if TYPE_CHECKING:
    from patentscope.aggregate.claims.multiverse import Specified

AXES = {
    "unit": ("family", "publication"),
    "basis": ("priority", "applicant", "inventor", "office"),
    "share": ("whole", "fractional", "first"),
    "date": ("priority", "publication"),
    "documents": ("inventions",),
    "international": ("all", "triadic"),
}


def counted(engine: str) -> list[Specified]:
    """Return a small world's specifications, counted on one engine."""
    claim = replace(CLAIMS[0], said_on=None)
    with landscape(make_world(3, size=150), stated=True, axes=AXES, engine=engine) as land:
        return land.survey([claim], vary=False).curves[claim.id]


@pytest.mark.skipif(shutil.which("java") is None, reason="no Java here, which Spark needs")
def test_spark_counts_as_duckdb_does() -> None:
    """Every specification has the same figures, bounds and gates on Spark as on DuckDB, to the last digit."""
    ours, theirs = counted("duckdb"), counted("spark")
    assert len(ours) > 40
    assert theirs == ours
    assert len({entry.tally.left for entry in ours}) > 10


def test_an_engine_is_named_in_the_query() -> None:
    """The query names its engine; another name is refused with those that there are."""
    assert Query.parse(QUERY).engine == "duckdb"
    assert Query.parse(f'engine = "spark"\n{QUERY}').engine == "spark"
    with pytest.raises(QueryError, match="expected one of duckdb, spark"):
        Query.parse(f'engine = "abacus"\n{QUERY}')
    with open_engine("duckdb") as engine:
        assert isinstance(engine, DuckEngine)
