"""The heavy pass on Spark, beside DuckDB's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
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
    from patentscope.aggregate.claims.specified import Specified

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
        return land.survey([claim], vary=False).answers[claim.id].listed


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A session of Spark's for many small statements: interpreted, since compiling each costs more than running it."""
    if shutil.which("java") is None:
        pytest.skip("no Java here, which Spark needs")
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    monkeypatch.setenv("SPARK_MASTER", "local[2]")  # so that the engine leaves this session's settings alone
    builder = SparkSession.builder.master("local[2]")
    settings = {
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.shuffle.partitions": "1",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    opened = builder.getOrCreate()
    yield
    opened.stop()


@pytest.mark.usefixtures("session")
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
