"""The heavy pass on BigQuery, against a server on loopback that runs its statements: figures, prices, leftovers."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot
from bigquery_engine_server import Warehouse, serve
from bigquery_server import Moods
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope import Query, Run, evidence, run
from patentscope.bigquery_client import VARIABLE
from patentscope.bigquery_engine import DATASET, BigQueryEngine
from patentscope.bigquery_price import GIB, LEAST, Allowance
from patentscope.cli import main
from patentscope.convention import AXES, reason_to_prune
from patentscope.counting import Landscape, first_conventions
from patentscope.engine import DuckEngine, open_engine
from patentscope.errors import FetchError, QuotaExceeded, Unauthorized, UsageError
from patentscope.multiverse import Specified
from patentscope.notice import Notice

from conftest import QUERY
from test_world import CLAIMS, landscape
from world import make_world

SNAPSHOT = Path(__file__).parent / "snapshots" / "bigquery.sql"
RENEW = "PATENTSCOPE_SNAPSHOT=1 python -m pytest tests/test_bigquery_engine.py -k snapshot"
#: A table's name in the dataset: the run, ours, and a number.
_NAME = re.compile(r"patentscope_[0-9a-f]{8}_(\w+?)_\d+\b")


@contextmanager
def warehouse(moods: Moods | None = None, dataset: str = "land") -> Iterator[Warehouse]:
    """Serve a dataset, name it in the environment, and take away whatever credentials this machine has."""
    with pytest.MonkeyPatch.context() as patch, serve(moods) as (base, state):
        for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT"):
            patch.delenv(name, raising=False)
        patch.setenv("NO_GCE_CHECK", "true")
        patch.setenv(VARIABLE, base)
        patch.setenv(DATASET, dataset)
        patch.setattr("time.sleep", lambda _: None)
        yield state


def allowed(gib: float = 1000.0, told: list[str] | None = None) -> Allowance:
    """Return an allowance that tells *told*."""
    return Allowance(int(gib * GIB), (told if told is not None else []).append)


@dataclass(frozen=True)
class Counted:
    """All that a small world's landscape was asked for, on one engine."""

    curve: list[Specified]
    frames: list[pd.DataFrame]


def counted(engine: str, allowance: Allowance | None = None) -> Counted:
    """Ask a small world's landscape for all that stages and verbs ask for; keep every frame on the way."""
    frames = []
    claim = replace(CLAIMS[0], said_on=None)
    with landscape(make_world(3, size=150), stated=True, axes=AXES, engine=engine, allowance=allowance) as land:
        ask = land.engine.frame

        def frame(sql: str) -> pd.DataFrame:
            frames.append(ask(sql))
            return frames[-1].copy()

        land.engine.frame = frame  # type: ignore[method-assign]
        curve = land.survey([claim], vary=False).curves[claim.id]
        frames += [land.holdings(), land.families_in([(2020, 2024), (2010, 2015)])]
        frames.append(land.engine.frame("select office, published, document from document order by pub"))
        first = [*first_conventions(land), *_others(land)]
        frames.append(land.counts(first)[0])
        for convention in first:
            units = land.units(convention)
            frames += [units, land.publications_behind(convention, units["unit"].unique().tolist())]
    return Counted(curve, frames)


def _others(land: Landscape) -> list[Any]:
    """Return a convention for every unit and basis, by other dates and levels than the questions' first ones."""
    first = first_conventions(land)[0]
    found = [
        replace(first, unit=unit, basis=basis, date=date, documents="grants", international="triadic")
        for unit in AXES["unit"]
        for basis, date in (("office", "publication"), ("inventor", "filing"))
    ]
    return [convention for convention in found if reason_to_prune(convention) is None]


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Counted, Counted, Warehouse, list[str]]]:
    """The same landscape asked on DuckDB and on BigQuery, the server, and what was told."""
    told: list[str] = []
    with warehouse() as state:
        yield counted("duckdb"), counted("bigquery", allowed(told=told)), state, told


# ---------------------------------------------------------------- what is said, and what comes of it


def test_statements_are_those_of_the_snapshot(both: tuple[Counted, Counted, Warehouse, list[str]]) -> None:
    """What a small world's survey says in BigQuery's dialect is as committed, and BigQuery's grammar takes it.

    After a change that is meant: PATENTSCOPE_SNAPSHOT=1 python -m pytest tests/test_bigquery_engine.py -k snapshot
    """
    shapes: dict[str, str] = {}
    for sql in both[2].did("run"):
        plain = _NAME.sub(r"\1", sql)
        shapes.setdefault(re.sub(r"\d+(, \d+)*", "0", plain), plain)
    said = [*shapes.values()]
    text = f"-- Statements that differ in numbers only are here once. Made by: {RENEW}\n\n" + ";\n\n".join(said) + ";\n"
    if os.environ.get("PATENTSCOPE_SNAPSHOT"):
        SNAPSHOT.parent.mkdir(exist_ok=True)
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert text == SNAPSHOT.read_text(encoding="utf-8")
    assert all(sqlglot.parse(sql, read="bigquery") for sql in said)
    assert not re.search(r"patentscope_|%|::|\bmin_by\b|\bbool_or\b", text)


def test_bigquery_counts_as_duckdb_does(both: tuple[Counted, Counted, Warehouse, list[str]]) -> None:
    """Every specification of all axes has the same figures, bounds and gates on BigQuery, to the last digit."""
    ours, theirs = both[0].curve, both[1].curve
    assert len(ours) > 300
    assert theirs == ours
    assert len({entry.tally.left for entry in ours}) > 10


def test_every_frame_is_duckdb_s(both: tuple[Counted, Counted, Warehouse, list[str]]) -> None:
    """Every frame has DuckDB's rows, in its order where one was asked for, and its kinds of columns.

    Integers are of one width here, and so are sums of them, which DuckDB gives as floats.
    """
    ours, theirs = both[0].frames, both[1].frames
    assert len(ours) == len(theirs) > 100
    for one, other in zip(ours, theirs, strict=True):
        assert list(one) == list(other)
        kinds = {name: (one[name].dtype.kind, other[name].dtype.kind) for name in one}
        assert all(a == b or (a, b) == ("f", "i") for a, b in kinds.values()), kinds
        by = list(one)
        pd.testing.assert_frame_equal(
            one.sort_values(by, ignore_index=True), other.sort_values(by, ignore_index=True), check_dtype=False
        )


def test_a_run_on_bigquery_writes_the_same_files(
    sample_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sample's run has the same results, no word of the tables in any file; what follows is asked of nobody."""
    text = QUERY.read_text(encoding="utf-8")
    with warehouse() as state:
        done = run(Query.parse(f'engine = "bigquery"\n{text}'), sample=True, most_gib=100, out=tmp_path / "out")
        assert state.tables == {}
        assert state.did("run")
        asked = len(state.asked)
        checked = evidence.check(done.folder, "CN > US+AU+JP by 73% in 2024")
        assert len(state.asked) == asked
    assert checked == evidence.check(sample_run.folder, "CN > US+AU+JP by 73% in 2024")
    for name in ("counts.csv", "curve.csv", "sensitivity.csv", "influence.csv", "verdict.json"):
        assert done.folder.file(name).read_bytes() == sample_run.folder.file(name).read_bytes(), name
    ours, theirs = (pq.read_table(one.folder.file("holdings.parquet")).to_pandas() for one in (sample_run, done))
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False)
    for path in (path for path in done.path.rglob("*") if path.is_file()):
        assert not _NAME.search(path.read_bytes().decode("utf-8", errors="replace")), path


VALUES = {
    "whole": (st.integers(-(2**62), 2**62), pa.int64()),
    "small": (st.integers(-128, 127), pa.int8()),
    "word": (st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), pa.string()),
    "truth": (st.booleans(), pa.bool_()),
    "day": (st.dates(), pa.date32()),
}


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_what_is_put_comes_back_as_from_duckdb(data: st.DataObject) -> None:
    """Tables of every type, with and without nulls and rows, come back with DuckDB's values and kinds of columns."""
    size = data.draw(st.integers(0, 4))
    columns = {
        name: pa.array(
            data.draw(
                st.lists(values | st.none() if data.draw(st.booleans()) else values, min_size=size, max_size=size)
            ),
            kind,
        )
        for name, (values, kind) in VALUES.items()
    }
    table = pa.table({"place": pa.array(range(size), pa.int32()), **columns})
    found = []
    with warehouse(Moods(page=3)), open_engine("bigquery", allowed()) as google, DuckEngine() as duck:
        for engine in (duck, google):
            engine.put("t", table)
            found.append(engine.frame("select * from t order by place"))
    # pandas has several types for words, and more than one for those that are not there.
    ours, theirs = (frame.assign(word=frame["word"].astype("str")) for frame in found)
    assert [kind.kind for kind in ours.dtypes] == [kind.kind for kind in theirs.dtypes]
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False)


@pytest.mark.parametrize("engine", ["duckdb", "bigquery"])
def test_names_mean_what_was_given_last(engine: str, tmp_path: Path) -> None:
    """Tables, files, views on views, and others under a name that was taken: as on DuckDB, and nothing is left."""
    pq.write_table(pa.table({"n": pa.array([1, 2, 3], pa.int8())}), tmp_path / "three.parquet")
    with warehouse() as state:
        with open_engine(engine, allowed()) as used:
            used.take("three", tmp_path / "three.parquet")
            used.view("more", "select n + 1 as n from three")
            used.view("most", "select n + 1 as n from more m where m.n > 2")
            used.make(
                "kept", "with more_still as (select n from most) select s.n from more_still s join more m on m.n = s.n"
            )
            assert used.frame("select n from kept union all select n from most order by n")["n"].tolist() == [4, 4, 5]
            used.put("three", pd.DataFrame({"n": [10], "day": pd.to_datetime(["2024-02-29"])}))
            assert used.frame("select n from most")["n"].tolist() == [12]
            assert used.frame("select n, day from three where day <= cast('2024-02-29' as date)")["n"].tolist() == [10]
            used.view("kept", "select max(n) as n from more")
            assert used.frame("select n from kept")["n"].tolist() == [11]
            used.make("more", "select 7 as n")
            assert used.frame("select k.n, m.n as m from kept k join most m on m.n = k.n + 1").to_numpy().tolist() == [
                [7, 8]
            ]
            if engine == "bigquery":
                assert {_NAME.sub(r"\1", name) for name in state.tables} == {"three", "more"}
        assert state.tables == {}


def test_a_small_table_that_did_not_change_is_not_uploaded_again() -> None:
    """The same small table under the same name is there already; not so after anything else had that name."""
    small = pd.DataFrame({"n": [1, 2]})
    with warehouse() as state, open_engine("bigquery", allowed()) as engine:
        for loads in (1, 1):
            engine.put("t", small)
            assert len(state.did("load")) == loads
        engine.put("t", small.head(1))
        assert engine.frame("select n from t")["n"].tolist() == [1]
        engine.view("t", "select 3 as n")
        engine.put("t", small.head(1))
        assert len(state.did("load")) == 3
        engine.make("t", "select 4 as n")
        engine.put("t", small.head(1))
        assert engine.frame("select n from t")["n"].tolist() == [1]


def test_a_large_table_is_uploaded_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too large for one request goes by a resumable upload; a table without rows is not loaded at all."""
    monkeypatch.setattr("google.cloud.bigquery.client._MAX_MULTIPART_SIZE", 100)
    with warehouse() as state, open_engine("bigquery", allowed()) as engine:
        engine.put("t", pd.DataFrame({"n": range(1000)}))
        engine.put("none", pd.DataFrame({"n": pd.Series([], dtype="int64")}))
        assert engine.frame("select sum(n) as n from t")["n"].tolist() == [499500]
        assert len(engine.frame("select n from none")) == 0
        assert any("uploadType=resumable&upload_id" in asked for asked in state.asked)
        assert len(state.did("load")) == 1


# ---------------------------------------------------------------- what it costs


def test_the_price_is_shown_before_anything_runs(both: tuple[Counted, Counted, Warehouse, list[str]]) -> None:
    """Every statement is priced by a dry run before it is run, and none is run that was not."""
    _, _, state, told = both
    priced: list[str] = []
    for kind, sql in state.log:
        if kind == "dry run":
            priced.append(sql)
        elif kind == "run":
            assert priced == [sql]
            priced.clear()
    notices = [text for text in told if isinstance(text, Notice)]
    assert re.match(
        r"engine bigquery: the first statement bills 10\.0 MiB, .* at most 1,000\.00 GiB.*6\.10 USD.*local\.land",
        notices[0],
    )
    statements = len(state.did("run"))
    assert f"{statements} statements" in notices[1]
    assert sum(text.startswith("bigquery: statement ") for text in told) == statements - 1


def test_the_first_price_is_told_before_the_first_run() -> None:
    """When the notice comes, nothing has been run yet."""
    with warehouse() as state:
        seen: list[tuple[bool, int]] = []
        allowance = Allowance(GIB, lambda text: seen.append((isinstance(text, Notice), len(state.did("run")))))
        with open_engine("bigquery", allowance) as engine:
            engine.put("t", pd.DataFrame({"n": [1]}))
            engine.frame("select n from t")
    assert seen == [(False, 0), (True, 0), (True, 1)]


def test_what_small_tables_cost_is_counted() -> None:
    """At least 10 MB a table are counted, joined ones each, as Google bills them; a job's limit is what is left."""
    allowance = allowed(1.0)
    with warehouse() as state, open_engine("bigquery", allowance) as engine:
        engine.put("a", pd.DataFrame({"n": [1]}))
        engine.put("b", pd.DataFrame({"n": [1]}))
        engine.make("c", "select a.n from a join b on b.n = a.n")
        assert allowance.billed == 2 * LEAST
        engine.frame("select n from c")
        assert allowance.billed == 3 * LEAST
        runs = [job["configuration"]["query"] for job in state.jobs.values() if "query" in job["configuration"]]
        assert [int(job["maximumBytesBilled"]) for job in runs] == [GIB, GIB - 2 * LEAST]


def test_nothing_runs_beyond_the_allowance() -> None:
    """A statement that would bill more than is left is not run; the error says what would do, and tables are gone."""
    told: list[str] = []
    with warehouse() as state:
        with open_engine("bigquery", allowed(2.0, told)) as engine:
            engine.put("t", pd.DataFrame({"n": [1]}))
            state.size = 3 * GIB
            says = r"bill 3\.00 GiB.* allows 2\.00 GiB.*not run.*--most-gib 3; or `--engine duckdb"
            with pytest.raises(UsageError, match=says):
                engine.make("u", "select n from t")
        assert state.did("run") == []
        assert (len(state.did("dry run")), len(state.did("drop")), state.tables) == (1, 1, {})
    assert not any(isinstance(text, Notice) and "first statement" in text for text in told)


def test_a_landscape_that_can_t_be_paid_leaves_nothing() -> None:
    """The allowance ends in the middle, at loading or later: an error, and no table stays behind."""
    world = make_world(3, size=20)
    claim = replace(CLAIMS[0], said_on=None)
    for gib, said in ((0.001, "1.0 MiB"), (0.2, "204.8 MiB")):
        with warehouse() as state:
            with (
                pytest.raises(UsageError, match=f"allows {said}"),
                landscape(world, stated=True, engine="bigquery", allowance=allowed(gib)) as land,
            ):
                land.survey([claim], vary=False)
            assert state.did("load")
            assert state.tables == {}


@pytest.mark.parametrize("allowance", [None, Allowance()])
def test_without_an_allowance_nothing_is_sent(allowance: Allowance | None) -> None:
    """The default allows nothing: nobody is asked, and the error says what to say, and what works without."""
    with warehouse() as state:
        with pytest.raises(UsageError, match=r"allows 0 GiB, so nothing was uploaded.*--most-gib 20.*--engine duckdb"):
            open_engine("bigquery", allowance)
        assert state.asked == []


def test_the_command_line_bills_nothing_by_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`run --engine bigquery` without --most-gib ends with 2, says what is missing, and asks nobody."""
    with warehouse() as state:
        code = main(["run", str(QUERY), "--sample", "--engine", "bigquery", "--out", str(tmp_path / "out")])
        assert (code, state.asked) == (2, [])
    assert "--most-gib allows 0 GiB" in capsys.readouterr().err


def test_a_job_that_would_bill_more_is_stopped_by_google() -> None:
    """Where the dry run was wrong the job fails unbilled; the tables are dropped."""
    allowance = allowed(1.0)
    with warehouse(Moods(fail_job="bytesBilledLimitExceeded")) as state:
        with open_engine("bigquery", allowance) as engine:
            engine.put("t", pd.DataFrame({"n": [1]}))
            with pytest.raises(UsageError, match="Nothing was billed; allow more with --most-gib"):
                engine.make("u", "select n from t")
        assert (allowance.billed, state.tables) == (0, {})


# ---------------------------------------------------------------- what goes wrong


def test_tables_are_dropped_after_an_error() -> None:
    """An error of anybody's ends the block as it is, and no table stays behind."""
    with warehouse() as state:
        with pytest.raises(ZeroDivisionError):
            _fail(allowed())
        assert len(state.did("drop")) == 2
        assert state.tables == {}


def _fail(allowance: Allowance) -> None:
    """Make two tables, and fail."""
    with open_engine("bigquery", allowance) as engine:
        engine.put("t", pd.DataFrame({"n": [1]}))
        engine.make("u", "select n from t")
        engine.frame("select n from u")
        raise ZeroDivisionError


def test_tables_that_can_t_be_dropped_are_named() -> None:
    """Where Google refuses to drop them that is told, they expire by themselves, and no error is hidden by it."""
    told: list[str] = []
    with warehouse() as state:
        state.refuses_drops = True
        with pytest.raises(ZeroDivisionError):
            _fail(allowed(1.0, told))
        assert len(state.tables) == 2
    notices = [text for text in told if isinstance(text, Notice)]
    assert re.search(
        r"local\.land\.patentscope_\w{8}_\* are not dropped; they expire within a day; .*accessDenied", notices[1]
    )


@pytest.mark.parametrize("stated", ["", "a b", "p.d.t", "`land`", "land;drop", "Proj/land"])
def test_without_a_dataset_the_error_says_how_to_make_one(stated: str) -> None:
    """No dataset, or no name of one: how one is made and named, and what works without; nobody is asked."""
    with (
        warehouse(dataset=stated) as state,
        pytest.raises(UsageError, match=rf"{DATASET}.*bq mk --dataset PROJECT:patentscope.*--engine duckdb"),
    ):
        open_engine("bigquery", allowed())
    assert state.asked == []


def test_a_dataset_that_is_not_there_is_named() -> None:
    """The full name of what was looked for, and how it is made."""
    with (
        warehouse(dataset="sea") as state,
        pytest.raises(UsageError, match=r"local\.sea, which is not there\. .*bq mk --dataset local:sea"),
    ):
        open_engine("bigquery", allowed())
    assert len(state.asked) == 1


@pytest.mark.parametrize(
    ("status", "reason", "kind", "says"),
    [
        (401, "authError", Unauthorized, "--engine duckdb"),
        (403, "accessDenied", Unauthorized, r"refused \(403\).*--engine duckdb"),
        (403, "quotaExceeded", QuotaExceeded, "midnight Pacific time.*not done again"),
        (400, "invalidQuery", FetchError, "as told: invalidQuery$"),
    ],
)
@pytest.mark.parametrize("request_number", range(1, 8))
def test_what_google_refuses_is_said_in_our_words(
    request_number: int, status: int, reason: str, kind: type[FetchError], says: str
) -> None:
    """Whatever request is refused, each kind of refusal has its own error, with what works in spite of it."""
    with warehouse(Moods(fail={request_number: (status, reason)})) as state:
        with pytest.raises(kind, match=says) as caught:
            _fail(allowed())
        assert "SELECT" not in str(caught.value)
        assert state.tables == {}


@pytest.mark.parametrize("module", ["sqlglot", "google.cloud.bigquery"])
def test_without_the_extra_the_error_says_how_to_get_it(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No library: what to install, and what works without it."""
    with warehouse():
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(UsageError, match=r"pip install 'patentscope\[bigquery\]'.*--engine duckdb"):
            open_engine("bigquery", allowed())


def test_only_https_and_this_machine_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address in clear text that is not this machine's is refused by its variable's name."""
    monkeypatch.setenv(DATASET, "land")
    monkeypatch.setenv(VARIABLE, "http://bigquery.example.org/bigquery/v2")
    with pytest.raises(UsageError, match=f"{VARIABLE}: found"):
        open_engine("bigquery", allowed())


def test_the_engine_is_named_like_the_others() -> None:
    """The query and `open_engine` know it."""
    with warehouse(), open_engine("bigquery", allowed()) as engine:
        assert isinstance(engine, BigQueryEngine)
