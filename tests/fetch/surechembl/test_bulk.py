"""Reading SureChEMBL's bulk file over HTTP ranges, against a server on loopback that counts the bytes it gives."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from patentscope.cli import main
from patentscope.errors import FetchError, NotCached, QueryError, UsageError
from patentscope.fetch.surechembl import bulk as surechembl_bulk
from patentscope.fetch.surechembl.rows import Wanted
from patentscope.provenance.progress import Progress
from patentscope.query.query import Query
from patentscope.records.imported import Imported
from patentscope.records.scheme import Scheme

from factories import claim, query_text
from servers.surechembl import serve_file
from worlds.asked import ask

QUERY = query_text(
    sources=["surechembl-bulk"],
    years=[2015, 2025],
    classes={"rare_earth": ["C22B59"], "recycling": ["C22B7", "Y02W30/84"]},
    terms={"en": {"rare_earth": ["rare earth", "NdFeB"], "recycling": ["recycle", "scrap"]}},
    claims=[claim(year=2020)],
    axes={"basis": ["office"], "date": ["publication"], "unit": ["publication", "family"]},
)
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("patent_number", pa.large_string()),
        ("country", pa.large_string()),
        ("publication_date", pa.date32()),
        ("family_id", pa.int64()),
        ("cpc", pa.list_(pa.string())),
        ("ipcr", pa.list_(pa.string())),
        ("ipc", pa.list_(pa.string())),
        ("ecla", pa.list_(pa.string())),
        ("assignee", pa.list_(pa.string())),
        ("title", pa.string()),
    ]
)
GROUPS, ROWS = 6, 500
_SYMBOLS = ("C22B  59/00        20130101", "C22B7/006", "Y02W  30/84", "C07D 487/04", "A61K31/00", "C22B70/00")
_TITLES = (
    "Recycling of rare earths from scrap",
    "Scrap of NdFeB magnets",
    "Pyrimidines",
    "Rare gas",
    "SCRAP OF RARE-EARTH ALLOYS",
    None,
)


def rows() -> list[dict]:
    """Return made rows of all kinds: candidates by class, by title, old ones, undated ones, and others."""
    pick = random.Random(7)  # noqa: S311 - seeded, and nothing to guard
    made = []
    for i in range(GROUPS * ROWS):
        office = pick.choice(("CN", "US", "JP", "EP", "WO"))
        date = dt.date(2010, 1, 1) + dt.timedelta(days=pick.randrange(5800))
        made.append(
            {
                "id": i,
                "patent_number": f"{office}-{10000000 + i}-A1",
                "country": office,
                "publication_date": dt.date(1, 1, 1) if i % 97 == 0 else date,
                "family_id": -1 if i % 11 == 0 else 500000 + i // 2,
                "cpc": None if i % 13 == 0 else pick.sample(_SYMBOLS, 2),
                "ipcr": pick.sample(_SYMBOLS[:2] + _SYMBOLS[3:], 1),
                # Never needed, and most of the file.
                "ipc": [pick.randbytes(300).hex()],
                "ecla": [pick.randbytes(300).hex()],
                "assignee": ["ACME", None, "ACME"] if i % 3 else [],
                "title": pick.choice(_TITLES),
            }
        )
    return made


def parquet_of(made: list[dict], schema: pa.Schema = SCHEMA) -> bytes:
    """Return rows as a parquet file of several row groups."""
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(made, schema=schema), stream, row_group_size=ROWS, compression="zstd")
    return stream.getvalue()


def expected(made: list[dict]) -> set[str]:
    """Return the numbers of the rows that the query wants, found the slow way."""
    found = set()
    for row in made:
        symbols = {text.split("2013")[0].replace(" ", "") for text in [*(row["cpc"] or ()), *row["ipcr"]]}
        title = (row["title"] or "").lower().replace("-", " ")
        covered = Scheme.shipped().covered
        by_class = covered(["C22B59"], symbols) and covered(["C22B7", "Y02W30/84"], symbols)
        by_title = ("rare earth" in title or "ndfeb" in title) and ("recycl" in title or "scrap" in title)
        if (by_class or by_title) and (row["publication_date"].year in {1, *range(2015, 2100)}):
            found.add(row["patent_number"].replace("-", ""))
    return found


@pytest.fixture(scope="module")
def made() -> list[dict]:
    """The rows of the made file."""
    return rows()


@pytest.fixture(scope="module")
def raw(made: list[dict]) -> bytes:
    """The made file."""
    return parquet_of(made)


def fetch(url: str, cache: Path, text: str = QUERY, **how: object) -> Imported:
    """Read the file at *url* for the small query."""
    return ask(surechembl_bulk, url, cache, text, **how)


def test_only_the_columns_needed_are_fetched(made: list[dict], raw: bytes, tmp_path: Path) -> None:
    """Every wanted row comes, every row was looked at, and far fewer bytes than the file has went over the line."""
    told: list[Progress] = []
    with serve_file(raw) as (url, state):
        found = fetch(url, tmp_path, progress=told.append)
    assert set(found.table.column("publication_number").to_pylist()) == expected(made)
    assert found.source.status == "complete"
    assert [piece["received"] for piece in found.source.slices] == [ROWS] * GROUPS
    assert found.source.splits == (
        {"part": "patents.parquet", "where": "all", "stated": len(made), "inside": len(made), "at_least": False},
    )
    assert state.served < len(raw) / 4
    footer = int.from_bytes(raw[-8:-4], "little") + 8
    stated = sum(
        column.total_compressed_size
        for group in range(GROUPS)
        for column in map(pq.read_metadata(io.BytesIO(raw)).row_group(group).column, range(len(SCHEMA)))
        if column.path_in_schema.split(".")[0] not in {"id", "ipc", "ecla"}
    )
    # What is asked for beyond the columns: the first bytes, the last ones, the footer, and small gaps.
    assert stated <= state.served - footer <= stated + GROUPS * 20_000
    assert f"{GROUPS} of them still to be read: {stated / 1e6:,.1f} MB" in told[0].what
    assert "release of 2026-09-08" in found.source.note
    assert "only documents from which chemistry was extracted" in found.source.note
    assert "no AU, KR, DE" in found.source.note


def test_rows_become_publications(made: list[dict], raw: bytes, tmp_path: Path) -> None:
    """Numbers, dates, families, classes and assignees are the file's; -1, year 1 and nulls say nothing."""
    with serve_file(raw) as (url, _):
        table = fetch(url, tmp_path).table
    by_number = {row["patent_number"].replace("-", ""): row for row in made}
    undated = familyless = 0
    for row in table.to_pylist():
        origin = by_number[row["publication_number"]]
        has_date = origin["publication_date"].year > 1
        undated += not has_date
        familyless += origin["family_id"] < 0
        assert row["publication_date"] == (origin["publication_date"] if has_date else None)
        assert row["family_id"] == (str(origin["family_id"]) if origin["family_id"] > 0 else None)
        assert row["cpc"] == [text.split("2013")[0].replace(" ", "") for text in origin["cpc"] or ()]
        assert row["applicants"] == ([{"name": "ACME", "country": None}] if origin["assignee"] else [])
        assert (row["office"], row["kind"], row["title"]) == (origin["country"], "A1", origin["title"])
    assert undated
    assert familyless


def test_a_cut_reading_goes_on_at_the_next_row_group(made: list[dict], raw: bytes, tmp_path: Path) -> None:
    """What was read before an outage is not asked for again, and together it is what one reading gives."""
    with serve_file(raw) as (url, state):
        state.fail = dict.fromkeys(range(7, 99), 503)
        with pytest.raises(FetchError, match="HTTP 503"):
            fetch(url, tmp_path)
        before = list(state.ranges)
        state.fail = {}
        found = fetch(url, tmp_path)
        # The row group in flight is begun again, and with it at most one of its ranges.
        assert len(state.ranges) - len(set(state.ranges)) <= 1
        assert 3 < len(before) < len(state.ranges)
        whole = fetch(url, tmp_path / "other")
    assert found.table.drop_columns("origin").equals(whole.table.drop_columns("origin"))
    assert set(found.table.column("publication_number").to_pylist()) == expected(made)
    assert found.source == whole.source


def test_outages_and_cut_lines_are_tried_again(made: list[dict], raw: bytes, tmp_path: Path) -> None:
    """A busy server and a line that breaks in the middle of a range leave no trace in the result."""
    with serve_file(raw) as (url, state):
        state.fail, state.cut = {2: 502, 6: 503}, {4, 8, 9}
        found = fetch(url, tmp_path)
    assert set(found.table.column("publication_number").to_pylist()) == expected(made)


def test_offline_replays_byte_for_byte(raw: bytes, tmp_path: Path) -> None:
    """With the server gone the kept rows give the same; a row group that is not kept is named."""
    with serve_file(raw) as (url, _):
        found = fetch(url, tmp_path)
    again = fetch(url, tmp_path, offline=True)
    assert again.table.equals(found.table)
    assert again.source == found.source
    for sidecar in (tmp_path / "surechembl-bulk").glob("*/*.json"):
        if json.loads(sidecar.read_text(encoding="utf-8"))["accept"] == "row group 3":
            sidecar.unlink()
    with pytest.raises(NotCached, match="row group 3 of http"):
        fetch(url, tmp_path, offline=True)


def test_a_server_without_ranges_is_refused(raw: bytes, tmp_path: Path) -> None:
    """A server that would send the whole file is named as such, before its body is read."""
    with serve_file(raw) as (url, state):
        state.ignores_range = True
        with pytest.raises(FetchError, match="ignores the Range header"):
            fetch(url, tmp_path)
        assert state.requests == 1


def test_another_file_is_not_mixed_in(raw: bytes, tmp_path: Path) -> None:
    """A file that changed since the first request stops the reading; begun anew, all of it is of one file."""
    tomorrow = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=1)
    with serve_file(raw) as (url, state):
        state.fail = dict.fromkeys(range(7, 99), 503)
        with pytest.raises(FetchError, match="HTTP 503"):
            fetch(url, tmp_path)
        state.fail, state.etag = {}, '"two"'
        with pytest.raises(FetchError, match=r"another one by now.*--not-before"):
            fetch(url, tmp_path)
        first = len(state.ranges)
        found = fetch(url, tmp_path, not_before=tomorrow)
        assert len(state.ranges) - first >= GROUPS + 3
    assert found.source.status == "complete"


def test_other_questions_are_not_answered_from_what_is_kept(raw: bytes, tmp_path: Path) -> None:
    """What was kept for one query's classes and terms does not serve another query's."""
    with serve_file(raw) as (url, _):
        first = fetch(url, tmp_path)
        other = QUERY.replace('"C22B59"', '"C07D487"').replace('"rare earth", "NdFeB"', '"pyrimidine"')
        second = fetch(url, tmp_path, other)
    assert first.table.num_rows
    assert second.source.sha256 != first.source.sha256
    assert not second.table.equals(first.table)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda made: pa.Table.from_pylist(made, schema=SCHEMA).drop_columns(["ipcr"]), "no column ipcr; found id"),
        (
            lambda made: pa.Table.from_pylist(
                [{**row, "cpc": "C22B59/00"} for row in made], schema=_with("cpc", pa.string())
            ),
            "columns of other types",
        ),
        (
            lambda made: pa.Table.from_pylist([{**row, "cpc": [f"#{row['id']}"]} for row in made], schema=SCHEMA),
            r"500 of 500 distinct symbols in the column `cpc` are none, such as '#0'",
        ),
    ],
)
def test_a_file_of_another_make_is_refused(change, word: str, tmp_path: Path) -> None:
    """Missing columns, other types and symbols that nobody can read are errors, never an empty result."""
    stream = io.BytesIO()
    pq.write_table(change(rows()), stream, row_group_size=ROWS)
    with serve_file(stream.getvalue()) as (url, _), pytest.raises(FetchError, match=word):
        fetch(url, tmp_path)


def _with(name: str, kind: pa.DataType) -> pa.Schema:
    return SCHEMA.set(SCHEMA.get_field_index(name), pa.field(name, kind))


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    """A file that does not end as parquet does is named with its end."""
    with serve_file(b"PK" * 100) as (url, _), pytest.raises(FetchError, match="expected a parquet file"):
        fetch(url, tmp_path)


def test_rows_without_a_number_are_set_aside(tmp_path: Path) -> None:
    """A wanted row without a number is counted with its reason; rows in stay rows out and set aside."""
    made = [{**row, "title": "Scrap of NdFeB", "publication_date": dt.date(2020, 1, 1)} for row in rows()[:20]]
    made[4]["patent_number"] = None
    with serve_file(parquet_of(made)) as (url, _):
        found = fetch(url, tmp_path)
    assert [(loss.reason, loss.count) for loss in found.set_aside] == [("a document without a publication number", 1)]
    assert (found.table.num_rows, found.rows_in) == (19, 20)


def test_the_address_is_a_file_or_its_folder(raw: bytes, tmp_path: Path) -> None:
    """The variable may name the file or its folder, and nothing but https beyond this machine."""
    with serve_file(raw) as (url, _):
        found = fetch(url.rpartition("/")[0], tmp_path)
    assert found.table.num_rows
    with pytest.raises(UsageError, match="expected an https address"):
        fetch("http://example.org/patents.parquet", tmp_path)


def test_a_query_that_the_file_can_not_answer_is_refused(tmp_path: Path) -> None:
    """A query without classes and English terms asks for nothing in the file, and is told so."""
    text = (
        QUERY.split("[topic.classes]", maxsplit=1)[0]
        + '[topic.terms.ja]\nx = ["希土"]\n[topic.readings]\nx = { all = ["terms.x"] }\n'
    )
    with pytest.raises(QueryError, match="the file has classes and titles only"):
        fetch("http://127.0.0.1:9/patents.parquet", tmp_path, text)


def test_unread_symbols_are_counted() -> None:
    """Rows that hold what is no class symbol are counted, whether they are wanted or not."""
    made = [
        {**row, "cpc": ["C22B59/00", "?"] if i % 5 == 0 else ["C22B59/00", "A61K31/00"]}
        for i, row in enumerate(rows()[:50])
    ]
    _, unread = Wanted.by(Query.parse(QUERY)).rows(pa.Table.from_pylist(made, schema=SCHEMA))
    assert unread == 10


def test_from_the_command_line(
    made: list[dict], raw: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run tells the file's size first, takes in what matches, and refuses a claim with AU for its lack."""
    (tmp_path / "small.toml").write_text(QUERY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with serve_file(raw) as (url, _):
        monkeypatch.setenv(surechembl_bulk.CARD.variable, url)
        assert main(["run", "small.toml", "--out", "a"]) == 0
    assert f"{len(made):,} rows in {GROUPS} row groups" in capsys.readouterr().err
    (claim,) = json.loads((tmp_path / "a" / "verdict.json").read_text(encoding="utf-8"))["claims"]
    assert claim["verdict"] == "not assessable"
    assert "no source of this run covers Australia" in {row["reason"] for row in claim["stopped"]}
    state = json.loads((tmp_path / "a" / "run.json").read_text(encoding="utf-8"))
    assert next(stage for stage in state["stages"] if stage["stage"] == "publications")["rows_out"] == len(
        expected(made)
    )
    assert "no AU, KR, DE" in (tmp_path / "a" / "report.html").read_text(encoding="utf-8")
