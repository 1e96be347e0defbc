"""The heavy pass on Spark, beside DuckDB's; and a collection that Spark reads where it lies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from patentscope.engines.duckdb import DuckEngine
from patentscope.engines.engine import open_engine
from patentscope.engines.spark import SparkEngine, _as_here
from patentscope.errors import FileFormatError, QueryError, UsageError
from patentscope.fetch.asking import Asking
from patentscope.fetch.collection.select import select
from patentscope.provenance.search import Search
from patentscope.query.query import Query
from patentscope.records import store

from factories import QUERY, make_publication
from worlds.loaded import CLAIMS, landscape
from worlds.topical import TOPIC_QUERY, topical
from worlds.world import make_world

if TYPE_CHECKING:
    from patentscope.aggregate.claims.specified import Specified
    from patentscope.records.imported import Imported

AXES = {
    "unit": ("family", "publication"),
    "basis": ("priority", "applicant", "inventor", "office"),
    "share": ("whole", "fractional", "first"),
    "date": ("priority", "publication"),
    "documents": ("inventions",),
    "international": ("all", "triadic"),
}
ON_SPARK = replace(TOPIC_QUERY, engine="spark")


def counted(engine: str) -> list[Specified]:
    """Return a small world's specifications, counted on one engine."""
    claim = replace(CLAIMS[0], said_on=None)
    with landscape(make_world(3, size=150), stated=True, axes=AXES, engine=engine) as land:
        return land.survey([claim], vary=False).answers[claim.id].listed


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """A session of Spark's for many small statements: interpreted, since compiling each costs more than running it.

    No more than a megabyte of what tasks return may come to this process.
    """
    if shutil.which("java") is None:
        pytest.skip("no Java here, which Spark needs")
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    builder = SparkSession.builder.master("local[2]")
    settings = {
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.shuffle.partitions": "1",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.maxResultSize": "1m",
        "spark.sql.session.timeZone": "UTC",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_MASTER", "local[2]")  # so that the engine leaves this session's settings alone
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        opened = builder.getOrCreate()
        yield opened
        opened.stop()


@pytest.mark.usefixtures("session")
def test_spark_counts_as_duckdb_does() -> None:
    """Every specification has the same figures, bounds and gates on Spark as on DuckDB, to the last digit."""
    ours, theirs = counted("duckdb"), counted("spark")
    assert len(ours) > 40
    assert theirs == ours
    assert len({entry.tally.left for entry in ours}) > 10


def result(found: Imported) -> list[Any]:
    """Return what a selection gives, but for the hash of what it was read from: rows in order, ledger, figures."""
    rows = sorted(found.table.to_pylist(), key=lambda row: (str(row["publication_number"]), str(row["title"])))
    return [rows, found.set_aside, found.rows_in, found.latest, replace(found.source, sha256="")]


@pytest.mark.usefixtures("session")
def test_spark_selects_what_duckdb_selects(tmp_path: Path) -> None:
    """From several files, nested, one of few columns, rows without a number among them: the same rows and account."""
    table = store.to_table([*topical(300), *(make_publication(number) for number in ("\u00a0", "", " \t"))])
    (tmp_path / "world" / "year=2020").mkdir(parents=True)
    search = Search("export.csv", rows=200, stated_total=200)
    store.write(table.slice(0, 200), tmp_path / "world" / "a.parquet", [search], has_family_members=False)
    few = table.slice(200).drop_columns(["ipc", "priorities", "source"])
    pq.write_table(few, tmp_path / "world" / "year=2020" / "b.parquet")
    ours, theirs = (
        select(query, [tmp_path / "world"], Asking(tmp_path / query.engine)) for query in (TOPIC_QUERY, ON_SPARK)
    )
    assert result(theirs) == result(ours)
    assert 50 < ours.table.num_rows < 250
    assert ours.rows_in == 303
    assert ours.source.made_of[0].stated_total == 200
    assert not ours.source.has_family_members
    again: list[str] = []
    kept = Asking(tmp_path / "spark", progress=lambda told: again.append(told.what))
    assert result(select(ON_SPARK, [f"file:{tmp_path}/world/*"], kept)) == [
        *result(ours)[:-1],
        replace(ours.source, sha256="", name="*", title=ours.source.title.replace("world", "*", 1)),
    ]
    assert not [line for line in again if "reading" in line]


def test_the_collection_does_not_come_here(session: Any, tmp_path: Path) -> None:
    """Of 4 MB of texts, where 1 MB may be brought in, the one candidate is: whatever else is asked stays with Spark."""
    places = np.arange(4000)
    letters = np.random.default_rng(0).integers(97, 123, (4000, 1000), np.uint8).view("S1000").ravel().astype(str)
    title = np.where(places == 7, "rare earths, recycled", "a chair")
    columns = {"publication_number": [f"US{place}A" for place in places], "title": title, "abstract": letters}
    pq.write_table(pa.table(columns), tmp_path / "world.parquet")
    with pytest.raises(Exception, match="maxResultSize"):
        session.read.parquet(str(tmp_path / "world.parquet")).toArrow()
    found = select(ON_SPARK, [tmp_path / "world.parquet"], Asking(tmp_path))
    assert found.table.column("publication_number").to_pylist() == ["US7A"]
    assert found.rows_in == 4000


@pytest.mark.usefixtures("session")
def test_a_worker_that_lacks_something_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is here and not there, and another version of the package: each is named, with what works."""
    only_here = ModuleType("only_here")
    exec("def work(batches):\n    yield from batches\n", vars(only_here))  # noqa: S102 - a module that no file holds
    monkeypatch.setitem(sys.modules, "only_here", only_here)
    with open_engine("spark") as engine:
        schema = pa.schema([("n", pa.int64())])
        for work, said in (
            (only_here.work, "no only_here. Every worker needs this version.*PYSPARK_PYTHON"),
            (partial(_as_here, iter, "of another version"), "another version of patentscope"),
        ):
            with pytest.raises(UsageError, match=said), engine.reading("world"):
                engine.spread("made", "select cast(1 as bigint) as n", work, schema)
        (tmp_path / "cut.parquet").write_bytes(b"PAR1" + bytes(100))
        with pytest.raises(FileFormatError, match=r"cut\.parquet: not a readable"):
            select(ON_SPARK, [tmp_path / "cut.parquet"], Asking(tmp_path))
        with pytest.raises(FileFormatError, match=r"none: can't be read.*does not exist"):
            select(ON_SPARK, [tmp_path / "none"], Asking(tmp_path))


def test_what_spark_lacks_here_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyspark, without Java, and over Spark Connect, the message says what to install or to name."""
    needed = r"pip install 'patentscope\[spark\]', and Java 17"
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "pyspark.sql", None)
        with pytest.raises(UsageError, match=f"pyspark.sql is not installed; it needs: {needed}"):
            open_engine("spark")
    code = "from patentscope.engines.engine import open_engine; open_engine('spark')"
    environment = {"PATH": "/nowhere", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert "UsageError: engine spark: no session" in done.stderr
    assert needed.replace("\\", "") in done.stderr
    connected = SparkEngine.__new__(SparkEngine)
    connected._session = SimpleNamespace()
    with pytest.raises(UsageError, match=r"over Spark Connect.*SPARK_MASTER"):
        connected.ends(["world"])


def test_an_engine_is_named_in_the_query() -> None:
    """The query names its engine; another name is refused with those that there are."""
    assert Query.parse(QUERY).engine == "duckdb"
    assert Query.parse(f'engine = "spark"\n{QUERY}').engine == "spark"
    with pytest.raises(QueryError, match="expected one of duckdb, spark"):
        Query.parse(f'engine = "abacus"\n{QUERY}')
    with open_engine("duckdb") as engine:
        assert isinstance(engine, DuckEngine)
