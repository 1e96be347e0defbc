"""Fetching from BigQuery, against a server on loopback that runs the SQL: the pool, its price, and what is kept."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.classify.words.lexicon import Lexicon
from patentscope.cli import main
from patentscope.errors import FetchError, NotCached, QueryError, QuotaExceeded, Unauthorized, UsageError
from patentscope.fetch.asking import Asking
from patentscope.fetch.bigquery import source as bigquery
from patentscope.fetch.bigquery.sql import statement
from patentscope.files.tables import bigquery_export
from patentscope.provenance.progress import Progress
from patentscope.query.query import Query, Reading
from patentscope.records.imported import Imported
from patentscope.records.scheme import Scheme

from factories import CLASSIFIER, query_text
from places import QUERY as SHIPPED
from servers.bigquery import Moods, State, row, serve
from worlds.asked import ask

BOTH = {"all": ["classes.rare_earth", "classes.recycling"]}
SMALL = query_text(
    sources=["bigquery"],
    years=[2020, 2025],
    classes={"rare_earth": ["C22B59", "C01F17/00="], "recycling": ["C22B7/006", "B09B", "Y02W30/50"]},
    terms={"en": {"rare_earth": ["rare earth", "REE"], "recycling": ["recycling"]}, "zh": {"rare_earth": ["稀土"]}},
    readings={
        "terms": {},
        "strict_no_y02": BOTH,
        "mixed": {"all": ["terms.rare_earth"], "any": ["terms.recycling", "classes.recycling"]},
        **CLASSIFIER,
    },
)
CANDIDATES = r"""
found AS (
  SELECT
    family,
    publication_date,
    -- classes.rare_earth
    EXISTS (SELECT 1 FROM UNNEST(codes) AS x WHERE REGEXP_CONTAINS(x, r'^(?:C22B59/)') OR x IN ('C01F17/00')) AS g1,
    -- classes.recycling
    EXISTS (SELECT 1 FROM UNNEST(codes) AS x WHERE REGEXP_CONTAINS(x, r'^(?:B09B)') OR x IN ('C22B7/006', 'C22B7/007', 'C22B7/008', 'Y02W30/50', …)) AS g2,
    -- terms.rare_earth
    EXISTS (SELECT 1 FROM UNNEST(titles) AS x WHERE REGEXP_CONTAINS(x, r'(?i)(?:^|\W)(?:rar\w*\W+earth\w*|REE(?:e?s)?\b)|稀土')) AS g3,
    -- terms.recycling
    EXISTS (SELECT 1 FROM UNNEST(titles) AS x WHERE REGEXP_CONTAINS(x, r'(?i)(?:^|\W)(?:recycl\w*)')) AS g4
  FROM records
),
candidates AS (
  SELECT family
  FROM found
  GROUP BY family
  HAVING
    MAX(publication_date) >= 20200101
    AND (
      (LOGICAL_OR(g1) AND LOGICAL_OR(g2)) -- strict, strict_no_y02
      OR (LOGICAL_OR(g3) AND (LOGICAL_OR(g4) OR LOGICAL_OR(g2))) -- mixed
    )
)
"""  # noqa: E501 - as it is printed
ROWS = [
    row("CN-1001-A", family_id="1", cpc=["C22B59/00"], publication_date=20190101),
    row("US-1002-B2", family_id="1", ipc=["C22B7/006"], assignee_harmonized=[]),
    row("JP-2001-A", family_id="2", title="Ｒａｒｅ earths from magnets", cpc=["B09B3/00"]),
    row("JP-2002-A", family_id="2"),
    row("AU-3001-A", family_id="3", cpc=["C22B59/00"]),
    row("DE-4001-A", family_id="-1", title="Recycled REEs"),
    row("DE-4002-A", family_id="-1"),
    row("KR-5001-A", family_id="5", cpc=["C22B59/00", "B09B3/00"], publication_date=20190101),
]
WANTED = {"CN1001A", "US1002B2", "JP2001A", "JP2002A", "DE4001A"}


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away whatever credentials this machine has."""
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", bigquery.CARD.variable):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "none"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")


def read(base: str, cache: Path, **how: Any) -> Imported:
    """Read the small query's pool from *base*, allowing what it costs unless *how* says otherwise."""
    return ask(bigquery, base, cache, SMALL, **{"most_gib": 3.0, **how})


def numbers(found: Any) -> set[str]:
    """Return the publication numbers that came."""
    return set(found.table.column("publication_number").to_pylist())


def pages(state: State) -> list[str]:
    """Return the requests for rows that were made."""
    return [asked for asked in state.asked if "/queries/" in asked]


# ---------------------------------------------------------------- the statement


def test_the_statement_reads_like_the_query() -> None:
    """Groups by their names, symbols unspaced, as prefixes or listed, terms as expressions, readings as conditions."""
    sql = re.sub(r"('Y02W30/50')(, 'Y02W30/\d+')+", r"\1, …", statement(Query.parse(SMALL)))
    assert sql[sql.index("\nfound AS") : sql.index("SELECT\n  p.")] == CANDIDATES
    assert sql.count("`patents-public-data.patents.publications`") == 2
    assert "abstract" not in sql


@settings(max_examples=30)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=4), st.text(min_size=1))
def test_no_text_of_the_user_ends_a_literal(terms: list[str], group: str) -> None:
    """Whatever terms and a group's name hold, the statement around the expressions stays the same."""

    def skeleton(terms: list[str], group: str) -> str:
        reading = Reading("r", (f"terms.{group}",), ())
        query = replace(
            Query.parse(SMALL), terms={"en": {group: tuple(f"a{term}" for term in terms)}}, readings=(reading,)
        )
        return re.sub(r"-- terms\.\w*\n|r'[^'\\]*(?:\\[WwbD][^'\\]*)*'", "", statement(query))

    assert skeleton(terms, group) == skeleton(["x"], "y")


def test_a_term_without_a_letter_is_refused() -> None:
    """An empty expression would find everything; it is a fault of the query instead."""
    with pytest.raises(QueryError, match="expected a term with a letter"):
        statement(Query.parse(SMALL.replace('"recycling"]', '"--"]')))


def test_a_query_of_the_classifier_alone_asks_for_nothing() -> None:
    """There must be a reading to ask for."""
    text = SMALL[: SMALL.index("strict =")] + 'classifier = { all = ["classifier"] }\n'
    with pytest.raises(QueryError, match="only the classifier"):
        statement(Query.parse(text))


def test_the_shipped_query_can_be_run() -> None:
    """Every expression of the shipped query is one that RE2 takes."""
    assert State([*ROWS], Moods()).run(statement(Query.load(SHIPPED))).num_rows


ENDINGS = ("", "s", "es", "ies", "ed", "ing", "e", "y")
CODES = (
    "C22B59/00",
    "C22B7/00",
    "C22B7/006",
    "C22B70/00",
    "C01F17/00",
    "C01F17/10",
    "B09B3/00",
    "Y02W30/52",
    "Y02W30/62",
)


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "2", "3", "-1", None]),
            st.sampled_from([0, 20191231, 20200101]),
            st.lists(st.sampled_from(CODES), max_size=2),
            st.lists(st.sampled_from(CODES), max_size=2),
        ),
        min_size=1,
        max_size=10,
    )
)
def test_whole_families_come_where_their_classes_together_meet_a_reading(made: list[Any]) -> None:
    """A family comes with all its members, and none without: as `Scheme.covers` reads the union of its classes."""
    rows = [
        row(f"CN-{i}-A", family_id=family, publication_date=date, cpc=cpc, ipc=ipc)
        for i, (family, date, cpc, ipc) in enumerate(made)
    ]
    query = Query.parse(SMALL)
    families: dict[str, list[dict[str, Any]]] = {}
    for one in rows:
        own = one["family_id"] in {"-1", None}
        families.setdefault(one["publication_number"] if own else one["family_id"], []).append(one)
    expected = set()
    for members in families.values():
        codes = {entry["code"] for one in members for entry in (*one["cpc"], *one["ipc"])}
        is_met = all(Scheme.shipped().covered(query.classes[group], codes) for group in ("rare_earth", "recycling"))
        if is_met and max(one["publication_date"] for one in members) >= 20200101:
            expected |= {one["publication_number"] for one in members}
    found = State(rows, Moods()).run(statement(query))
    assert sorted(found.column("publication_number").to_pylist()) == sorted(expected)


def test_terms_find_at_least_what_their_reading_finds() -> None:
    """A title in which the lexicon finds one of the shipped query's terms, whatever its form, is a candidate by it."""
    query = Query.load(SHIPPED)
    for group in ("rare_earth", "recycling"):
        terms = [term for listed in query.terms.values() for term in listed[group]]
        forms = [form for term in terms for ending in ENDINGS for form in (f"{term}{ending}", f"{term[:-1]}{ending}")]
        forms += [form.replace(" ", mark) for form in forms for mark in ("-", "\u2011") if " " in form]
        titles = [
            title.format(form) for form in dict.fromkeys(forms) for title in ("{} of magnets", "Using ({}), others")
        ]
        hits = Lexicon({"en": {group: terms}}).hits(titles)[group]
        alone = replace(query, readings=(Reading("r", (f"terms.{group}",), ()),))
        rows = [row(f"CN-{i}-A", title=title) for i, title in enumerate(titles)]
        found = State(rows, Moods()).run(statement(alone)).column("publication_number").to_pylist()
        missed = [titles[i] for i in hits.index[hits] if f"CN-{i}-A" not in {*found}]
        assert not missed
        assert hits.sum() > len(terms)


# ---------------------------------------------------------------- the price


def test_nothing_is_billed_without_the_users_word(tmp_path: Path) -> None:
    """The SQL and its price are told, by a free dry run; the fetch stops, and says what would allow it."""
    told: list[Progress] = []
    with serve(ROWS, Moods(size=400 << 30)) as (base, state), pytest.raises(UsageError) as caught:
        read(base, tmp_path, most_gib=399.9, progress=told.append)
    assert re.search(r"400\.00 GiB.*2\.44 USD.*allows 399\.9 GiB.*--most-gib 400;", str(caught.value))
    assert caught.value.exit_code == 2
    assert (state.dry_runs, state.jobs) == (1, {})
    assert [one.what for one in told if one.is_notice] == [statement(Query.parse(SMALL))]


def test_what_is_allowed_is_told_first_and_google_holds_to_it(tmp_path: Path) -> None:
    """With the user's word the price is told, and the job may not bill more than that word."""
    told: list[Progress] = []
    with serve(ROWS) as (base, state):
        read(base, tmp_path, most_gib=3.5, progress=told.append)
    (job,) = state.jobs.values()
    assert job["configuration"]["query"]["maximumBytesBilled"] == str(int(3.5 * (1 << 30)))
    notices = [one for one in told if one.is_notice]
    assert "3.00 GiB" in notices[1].what
    assert told.index(notices[1]) < next(i for i, one in enumerate(told) if one.unit == "rows")


def test_a_job_that_would_bill_more_is_stopped_by_google(tmp_path: Path) -> None:
    """Where the dry run was wrong the job fails unbilled, and a failed job is not gone on with."""
    with serve(ROWS, Moods(fail_job="bytesBilledLimitExceeded")) as (base, state):
        with pytest.raises(UsageError, match="Nothing was billed; allow more with --most-gib"):
            read(base, tmp_path)
        state.moods.fail_job = ""
        assert numbers(read(base, tmp_path)) == WANTED
    assert len(state.jobs) == 2


# ---------------------------------------------------------------- rows, kept and new


def test_families_come_whole_and_proven(tmp_path: Path) -> None:
    """All members of the candidates' families come, those of other years too; the job's total is the proof."""
    with serve(ROWS, Moods(page=2)) as (base, state):
        found = read(base, tmp_path)
    assert numbers(found) == WANTED
    assert (found.source.is_proven, found.source.has_family_members) == (True, True)
    assert [(piece["stated"], piece["received"]) for piece in found.source.slices] == [(5, 5)]
    assert "IFI CLAIMS" in found.source.licence
    assert "latest publication 2023-06-01" in found.source.note
    assert "titles only" in found.source.note
    assert len(pages(state)) == len(set(pages(state))) == 3
    by_number = {one["publication_number"]: one for one in found.table.to_pylist()}
    first = by_number["CN1001A"]
    assert (first["publication_date"], first["cpc"]) == (dt.date(2019, 1, 1), ["C22B59/00"])
    assert (first["family_id"], first["family_source"]) == ("1", "source")
    assert first["applicants"] == [{"name": "ACME", "country": "CN"}]
    assert first["priorities"] == [{"number": "JP2021001A", "date": dt.date(2021, 6, 1)}]
    assert by_number["DE4001A"]["family_id"] is None


def test_a_second_fetch_costs_nothing_and_offline_needs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept rows answer without the server, without the extra, and without the user's word; a lost page is missed."""
    with serve(ROWS, Moods(page=2)) as (base, state):
        found = read(base, tmp_path)
        asked = len(state.asked)
        read(base, tmp_path, most_gib=0.0)
        assert len(state.asked) == asked
    monkeypatch.setitem(sys.modules, "google.cloud.bigquery", None)
    again = read(base, tmp_path, offline=True, most_gib=0.0)
    assert again.table.equals(found.table)
    assert again.source == found.source
    kept = sorted((tmp_path / "bigquery").glob("*/*.json"), key=lambda path: "startIndex=2" in path.read_text())
    kept[-1].unlink()
    with pytest.raises(NotCached, match="--source bigquery"):
        read(base, tmp_path, offline=True)


@pytest.mark.parametrize("lost", range(2, 9))
def test_a_fetch_cut_short_anywhere_goes_on_with_the_same_job(tmp_path: Path, lost: int) -> None:
    """Whichever request fails, the job is run and paid for once, and every page is asked for once."""
    with serve(ROWS, Moods(page=2, fail={lost: (400, "invalid")})) as (base, state):
        try:
            read(base, tmp_path)
        except FetchError as error:
            assert "as told: invalid" in str(error)  # noqa: PT017 - the last requests may be none
        found = read(base, tmp_path)
    assert numbers(found) == WANTED
    assert found.source.status == "complete"
    assert len(state.jobs) == 1
    assert len(state.results) == 1


def test_a_job_that_google_forgot_is_priced_anew(tmp_path: Path) -> None:
    """After a day Google has no rows: the rest needs a new job, and so the user's word again."""
    with serve(ROWS, Moods(page=2, fail={5: (400, "invalid")})) as (base, state):
        with pytest.raises(FetchError, match="invalid"):
            read(base, tmp_path)
        state.moods.forget = True
        with pytest.raises(UsageError, match="allows 0 GiB"):
            read(base, tmp_path, most_gib=0.0)
        assert state.dry_runs == 2
        state.moods.forget = False
        state.jobs.clear()
        state.results.clear()
        assert numbers(read(base, tmp_path)) == WANTED


def test_old_rows_are_fetched_anew(tmp_path: Path) -> None:
    """With a date after the kept rows' a new job is run; offline they still serve."""
    tomorrow = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=1)
    with serve(ROWS) as (base, state):
        first = read(base, tmp_path)
        read(base, tmp_path, not_before=tomorrow)
        assert len(state.jobs) == 2
        found = read(base, tmp_path, not_before=tomorrow, offline=True)
        assert len(state.jobs) == 2
    assert numbers(found) == WANTED
    assert found.source.sha256 != first.source.sha256


def test_a_total_that_lies_is_no_proof(tmp_path: Path) -> None:
    """Where fewer rows come than were stated the fetch is not proven complete, kept or new."""
    with serve(ROWS, Moods(lie=2)) as (base, _):
        for offline in (False, True):
            found = read(base, tmp_path, offline=offline)
            assert (found.source.is_proven, numbers(found)) == (False, WANTED)


def test_nothing_found_is_a_result(tmp_path: Path) -> None:
    """No row is an empty table, proven complete."""
    with serve([row("AU-3001-A")]) as (base, _):
        found = read(base, tmp_path)
        again = read(base, tmp_path, offline=True)
    assert (found.table.num_rows, found.source.is_proven) == (0, True)
    assert again.source == found.source


def test_the_result_saved_by_hand_reads_the_same(tmp_path: Path) -> None:
    """`--sql`, run in the console and saved as JSON lines, gives the same publications as the fetch, families whole."""
    with serve(ROWS) as (base, state):
        fetched = read(base, tmp_path)
    rows = state.run(statement(Query.parse(SMALL))).to_pylist()
    path = tmp_path / "export.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    found = bigquery_export.read(path)
    theirs, ours = (one.table.drop(["source", "origin"]).sort_by("publication_number") for one in (found, fetched))
    assert theirs.equals(ours)
    assert found.source.has_family_members


# ---------------------------------------------------------------- what goes wrong


def test_an_outage_is_waited_out(tmp_path: Path) -> None:
    """A busy server is asked again, and leaves no trace in the result."""
    with serve(ROWS, Moods(fail={1: (503, "backendError"), 4: (503, "backendError")})) as (base, state):
        found = read(base, tmp_path)
    assert (numbers(found), found.source.is_proven, len(state.jobs)) == (WANTED, True, 1)


@pytest.mark.parametrize(
    ("status", "reason", "kind", "says"),
    [
        (401, "authError", Unauthorized, "`--offline`"),
        (403, "accessDenied", Unauthorized, r"refused \(403\).*--sql"),
        (403, "quotaExceeded", QuotaExceeded, "midnight Pacific time.*is kept"),
        (400, "invalidQuery", FetchError, "as told: invalidQuery$"),
        (404, "notFound", FetchError, "as told: notFound$"),
    ],
)
def test_what_google_refuses_is_said_in_our_words(
    tmp_path: Path, status: int, reason: str, kind: type[FetchError], says: str
) -> None:
    """Each kind of refusal has its own error, with Google's words and what works in spite of it; no SQL in it."""
    with serve(ROWS, Moods(fail={1: (status, reason)})) as (base, _), pytest.raises(FetchError, match=says) as caught:
        read(base, tmp_path)
    assert isinstance(caught.value, kind)
    assert "SELECT" not in str(caught.value)


def test_without_the_extra_the_error_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No library: what to install, and what works without it."""
    monkeypatch.setitem(sys.modules, "google.cloud.bigquery", None)
    with pytest.raises(UsageError, match=r"pip install 'patentscope\[bigquery\]'.*--sql.*--input"):
        bigquery.read(Query.parse(SMALL), Asking(tmp_path))
    assert "missing" in bigquery.CARD.row(tmp_path)["set_up"]


def test_without_credentials_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials, a broken key file, no project: what to set, what works without, and never a secret."""
    with pytest.raises(Unauthorized, match=r"gcloud auth.*GOOGLE_APPLICATION_CREDENTIALS.*--sql") as caught:
        bigquery.read(Query.parse(SMALL), Asking(tmp_path))
    assert caught.value.exit_code == 3
    key = tmp_path / "key.json"
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))
    secrets = {"client_id": "planted-id", "client_secret": "planted-secret", "refresh_token": "planted-token"}
    for content in ({"type": "service_account", "private_key": "planted-key"}, {"type": "authorized_user", **secrets}):
        key.write_text(json.dumps(content), encoding="utf-8")
        with pytest.raises(Unauthorized, match="GOOGLE_CLOUD_PROJECT") as caught:
            bigquery.read(Query.parse(SMALL), Asking(tmp_path))
        assert "planted" not in str(caught.value)
    assert "GOOGLE_APPLICATION_CREDENTIALS is set" in bigquery.CARD.row(tmp_path)["set_up"]
    assert str(key) not in str(bigquery.CARD.row(tmp_path))


# ---------------------------------------------------------------- the command line


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Give what runs the program with the BigQuery at a base address, and returns its code and what it printed."""
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(base: str, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv(bigquery.CARD.variable, base)
        return main(arguments), *capsys.readouterr()

    return run


def test_the_command_line_shows_sql_and_price(command) -> None:
    """In a pipe too, `fetch` shows the SQL and its price on stderr, and the exit code says that nothing was fetched."""
    sql = statement(Query.parse(SMALL))
    with serve(ROWS) as (base, state):
        # The bare address is taken for the API's too.
        code, out, err = command(base.removesuffix("/bigquery/v2"), "fetch", "small.toml")
        assert (code, out, state.jobs) == (2, "", {})
        assert sql in err
        assert "--most-gib 3;" in err
        _, out, err = command(base, "fetch", "small.toml", "--most-gib", "3", "--json")
        assert "3.00 GiB" in err
        (source,) = json.loads(out)
        assert (source["records"], source["is_proven"]) == (5, True)
    assert command("http://127.0.0.1:9", "fetch", "small.toml", "--sql") == (0, sql, "")
    _, out, _ = command("http://127.0.0.1:9", "fetch", "small.toml", "--sql", "--json")
    assert json.loads(out) == {"sql": sql}


def test_a_run_on_kept_rows_needs_nobody(tmp_path: Path, command) -> None:
    """`run --offline` on kept rows takes them in, proven complete and with whole families."""
    with serve(ROWS) as (base, _):
        assert command(base, "fetch", "small.toml", "--most-gib", "3")[0] == 0
    code, _, err = command(base, "run", "small.toml", "--offline", "--out", "out")
    assert code == 0, err
    (source,) = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["sources"]
    assert (source["records"], source["is_proven"], source["has_family_members"]) == (5, True, True)
