"""Fetching from The Lens, against a server on loopback that behaves and misbehaves like the real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from patentscope.errors import FetchError, QueryError, QuotaExceeded
from patentscope.fetch.asking import Asking
from patentscope.fetch.lens import query as lens_query
from patentscope.fetch.lens import source as lens
from patentscope.query.query import Query

from factories import CLASSIFIER, query_text
from places import QUERY as SHIPPED
from servers.lens import TOKEN, WALL, Lens, Record
from servers.post import Moods, serve
from worlds.asked import Skipping, ask

CLASSES = query_text("classes", sources=["lens"], years=[2020, 2022], readings=CLASSIFIER)
WORDS = query_text(
    "words",
    years=[2020, 2022],
    classes={"recycling": ["C22B7"]},
    terms={
        "en": {"rare_earth": ["rare earth", "neodymium"], "recycling": ["recycle"]},
        "zh": {"rare_earth": ["稀土"], "recycling": ["回收"]},
        "ja": {"rare_earth": ["希土"]},
    },
    readings={
        "strict": {},
        "either": {"all": ["terms.rare_earth"], "any": ["classes.recycling", "terms.recycling"]},
    },
)
BUSY = '{"reference": "r", "message": "Too many requests", "code": 429}'


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a token."""
    monkeypatch.delenv("LENS_TOKEN", raising=False)
    monkeypatch.setenv("LENS_API_TOKEN", TOKEN)


def records(count: int, first: int = 1, month: str = "2021-03") -> list[Record]:
    """Return made records of one month, spread over its days."""
    return [Record(f"{100000000 + first + i}", f"{month}-{1 + i % 28:02d}") for i in range(count)]


@pytest.fixture
def fetch(tmp_path: Path):
    """Give what fetches a query's pool from a base address, through a cache of this test's own."""
    return lambda base, text=CLASSES, **how: ask(lens, base, tmp_path / "cache", text, **how)


def numbers(found) -> list[str]:
    """Return the publication numbers that came, sorted."""
    return sorted(found.table.column("publication_number").to_pylist())


def test_across_the_wall_nothing_is_lost(fetch) -> None:
    """Over 10,000 hits, in years, in one year and in one month, every record comes once, and that is proof."""
    made = [*records(WALL + 150), *records(60, 20000, "2020-07"), *records(40, 30000, "2024-01")]
    with serve(Lens(made)) as (base, state):
        found = fetch(base)
    assert numbers(found) == sorted(f"CN{record.number}A" for record in made)
    assert found.source.status == "complete"
    assert found.rows_in == found.table.num_rows
    where = {piece["where"]: piece["received"] for piece in found.source.slices}
    assert (where["2020"], where["2021-03-28"], where["2021-04"], where["2023.."]) == (60, 362, 0, 40)
    assert [split["where"] for split in found.source.splits] == ["2021-03", "2021", "all"]
    assert all(split["stated"] == split["inside"] for split in found.source.splits)
    assert max(state.asked.values()) == 1
    assert all(question["from"] + question["size"] <= WALL for question in state.questions)


def test_classes_are_asked_by_cpc_and_by_ipc(fetch) -> None:
    """A record with either scheme's symbol is found, what stands under a subgroup too; Y tags are in no IPC."""
    text = CLASSES.replace('"C22B7"', '"Y02W30/50", "C04B18/04"').replace('"C22B59"', '"C22B"')
    made = [
        Record("1", "2021-01-01", cpc=("C22B59/00", "Y02W30/84")),
        Record("2", "2021-01-01", cpc=(), ipc=("C22B7/006", "C04B18/141")),
        Record("3", "2021-01-01", cpc=("C22B59/00", "C04B18/0418")),
        Record("4", "2021-01-01", cpc=("C22B7/00",)),
        Record("5", "2021-01-01", cpc=("C22B59/00",), ipc=("Y02W30/84",)),
    ]
    with serve(Lens(made)) as (base, _):
        assert numbers(fetch(base, text)) == ["CN1A", "CN2A", "CN3A"]


def test_words_are_asked_in_each_language(fetch) -> None:
    """A title in Chinese alone is found by Chinese words; classes among alternatives are asked in every language."""
    made = [
        Record("1", "2021-01-01", title="Recycling of neodymium", cpc=()),
        Record("2", "2021-01-01", title="", title_zh="稀土回收", cpc=()),
        Record("3", "2021-01-01", title="", title_zh="含稀土的渣", cpc=("C22B7/04",)),
        Record("4", "2021-01-01", title="Recycling of tin", title_zh="稀土", cpc=()),
        Record("5", "2021-01-01", title="Rare earths recovered", cpc=()),
    ]
    with serve(Lens(made)) as (base, state):
        found = fetch(base, WORDS)
    assert numbers(found) == ["CN1A", "CN1A", "CN2A", "CN2A", "CN3A"]
    parts = {piece["part"] for piece in found.source.slices}
    assert parts == {"terms/en", "terms/zh", "either/en", "either/zh", "either/ja"}
    assert {question["language"] for question in state.questions} == {"EN", "ZH", "JA"}


def test_the_shipped_query_can_be_asked() -> None:
    """The shipped query's readings are asked by class once and by words in all three languages."""
    found = dict(lens_query.searches(Query.load(SHIPPED)))
    words = {f"{reading}/{language}" for reading in ("terms", "oecd_and_terms") for language in ("en", "zh", "ja")}
    assert set(found) == words | {"class_strict", "broad"}


def test_a_query_without_anything_to_ask_is_refused() -> None:
    """Only the classifier's reading: an error, and no request."""
    text = CLASSES.replace('strict = { all = ["classes.rare_earth", "classes.recycling"] }\n', "")
    with pytest.raises(QueryError, match="only the classifier"):
        lens_query.searches(Query.parse(text))


def test_the_minutes_limit_is_waited_out(fetch) -> None:
    """A refusal by the minute is asked again after the named wait, and leaves no trace."""
    wait = {"x-rate-limit-retry-after-seconds": "7", "x-rate-limit-remaining-request-per-minute": "0"}
    moods = Moods(fail={2: (429, BUSY, wait), 3: (429, BUSY, {})})
    with serve(Lens(records(250), moods)) as (base, _):
        found = fetch(base)
    assert len(set(numbers(found))) == 250
    assert found.source.status == "complete"


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"x-rate-limit-remaining-request-per-month": "0", "x-rate-limit-reset-date": "2026-12-01T00:00:00Z"},
         "month is used up.*go on after 2026-12-01 00:00 UTC"),
        ({"x-rate-limit-remaining-record-per-month": "12", "x-rate-limit-reset-date": "1st of December"},
         r"month is used up.*go on after \d{4}-\d\d-\d\d \d\d:\d\d UTC.*'1st of December'"),
        ({"x-rate-limit-retry-after-seconds": "86400"}, r"too many requests.*after \d{4}-\d\d-\d\d \d\d:\d\d UTC"),
        ({}, r"too many requests.*go on after \d{4}-\d\d-\d\d \d\d:\d\d UTC.*lens\.org/lens/user/subscriptions"),
    ],
)  # fmt: skip
def test_a_met_quota_stops_with_the_time_and_goes_on_without_asking_twice(fetch, headers, said) -> None:
    """The fetch stops with the clock time at which to go on; going on asks only for what had not come."""
    moods = Moods(from_then=(3, (429, BUSY, headers)))
    with serve(Lens(records(450), moods)) as (base, state):
        with pytest.raises(QuotaExceeded, match=said):
            fetch(base)
        moods.from_then = None
        found = fetch(base)
    assert len(set(numbers(found))) == 450
    assert found.source.status == "complete"
    assert max(state.asked.values()) == 1


@pytest.mark.parametrize(
    ("nothing", "proven"),
    [
        (None, True),
        ((204, "", {}), True),
        ((404, "", {}), None),
        ((404, '{"reference": "r", "message": "No results", "code": 404}', {}), None),
    ],
)
def test_nothing_found_is_a_result(fetch, nothing, proven) -> None:
    """Every way to say nothing gives an empty table; nothing but 404 is no proof, for a wrong address says so too."""
    with serve(Lens([], Moods(), nothing)) as (base, _):
        found = fetch(base)
    assert found.table.num_rows == 0
    assert found.source.status == ("complete" if proven else "unknown")


def test_a_404_among_results_is_an_empty_slice(fetch) -> None:
    """Where other searches bring records, a 404 stands for an empty one, and the proof holds."""
    with serve(Lens([Record("1", "2021-01-01")], Moods(), (404, "", {}))) as (base, _):
        found = fetch(base, CLASSES.replace("strict =", 'nothing = { all = ["classes.none"] }\nstrict =').replace(
            "recycling =", 'none = ["B65H73"]\nrecycling =', 1
        ))  # fmt: skip
    assert numbers(found) == ["CN1A"]
    assert found.source.status == "complete"


def test_what_cannot_be_read_is_set_aside(fetch) -> None:
    """Records without a number are counted by reason; rows in are rows out and set aside; stubs are records."""
    made = [Record("1", "2021-01-01", is_stub=True), Record("2", "2021-01-01", is_nameless=True), *records(5, 3)]
    with serve(Lens(made)) as (base, _):
        found = fetch(base)
    assert [(loss.reason, loss.count) for loss in found.set_aside] == [("no publication number", 1)]
    assert found.rows_in == found.table.num_rows + 1 == 7
    assert found.source.status == "complete"
    assert "CN1A" in numbers(found)


def test_counts_are_stated_by_office_and_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each number is the total of one small question; where all is answered with 404, no zero is taken from it."""
    made = [Record(f"{100000000 + i}", f"{2020 + i % 3}-03-01", office=("CN", "US")[i % 2]) for i in range(60)]
    asking = Asking(tmp_path / "cache", clock=Skipping())
    with serve(Lens(made)) as (base, _):
        monkeypatch.setenv(lens.CARD.variable, base)
        rows = lens.count(Query.parse(CLASSES), asking, ["CN", "US", "JP"])
    assert {(row.office, row.year): row.stated for row in rows} == {
        (office, year): 0 if office == "JP" else 10 for office in ("CN", "US", "JP") for year in (2020, 2021, 2022)
    }
    with serve(Lens([], nothing=(404, "", {}))) as (base, _):
        monkeypatch.setenv(lens.CARD.variable, base)
        with pytest.raises(FetchError, match="no count is taken"):
            lens.count(Query.parse(CLASSES), Asking(tmp_path / "other", clock=Skipping()), ["CN"])
