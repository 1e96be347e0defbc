"""Counts without records: asked by office and year, kept as a table, resumed, and taken along by a run."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from patentscope import Query, run
from patentscope.cli import main
from patentscope.errors import FetchError, QueryError, UsageError
from patentscope.fetch import catalogue, stated
from patentscope.fetch.asking import Asking
from patentscope.fetch.surechembl import search as surechembl
from patentscope.runs.verify import verify

from factories import query_text
from servers.surechembl import Moods, Record, serve
from worlds.asked import Skipping
from worlds.surechembl_search import ASKED, SMALL

OFFICES = ("CN", "US", "JP")


def records(count: int, **fields: tuple[str, ...]) -> list[Record]:
    """Return made documents of three offices, spread over the years 2010 to 2025."""
    return [Record(f"{OFFICES[i % 3]}-{100000000 + i}-A", f"{2010 + i // 3 % 16}0612", **fields) for i in range(count)]


def count(base: str, cache: Path, text: str = SMALL, **how: object) -> list[stated.Stated]:
    """Ask SureChEMBL at *base* for counts; *how* is of `Asking`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(surechembl.CARD.variable, base)
        asking = Asking(cache, **{"clock": Skipping(), **how})
        return catalogue.count(Query.parse(text), asking, ["surechembl"], OFFICES)


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table of counts."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_forty_five_numbers_take_less_than_a_minute(tmp_path: Path) -> None:
    """Three offices and fifteen years are 45 questions beside the probes, under a minute at the service's own pace."""
    clock = Skipping()
    made = records(480)
    text = SMALL.replace("[2022, 2024]", "[2011, 2025]").replace("terms = {", "other = {").split("other =")[0]
    with serve(made) as (base, state):
        rows = count(base, tmp_path, text, clock=clock)
    expected = Counter((record.number[:2], int(record.published[:4])) for record in made)
    assert len(rows) == 45
    assert {(row.office, row.year): row.stated for row in rows} == {
        key: n for key, n in expected.items() if key[1] > 2010
    }
    assert sum(clock.waits) < 60
    assert state.requests <= 45 + 8
    assert max(state.asked.values()) == 1
    kept = table(stated.place_of(tmp_path, Query.parse(text).name, "surechembl"))
    assert [(row["office"], int(row["year"]), int(row["stated"])) for row in kept] == [row[2:5] for row in rows]
    assert tuple(kept[0]) == stated.COLUMNS
    assert {row["asked_on"] for row in kept} == {str(rows[0].asked_on)}


def test_a_count_that_was_cut_off_goes_on(tmp_path: Path) -> None:
    """After an outage the same command asks for what had not come; offline it gives the same; no half table is left."""
    with serve(records(200), Moods(fail=dict.fromkeys(range(20, 24), 503))) as (base, state):
        with pytest.raises(FetchError, match="HTTP 503"):
            count(base, tmp_path)
        assert not list(tmp_path.glob("counts/*"))
        rows = count(base, tmp_path)
    assert max(state.asked.values()) == 1
    assert count(base, tmp_path, offline=True) == rows


def test_what_can_be_asked_in_part_is_a_lower_bound(tmp_path: Path) -> None:
    """Without wildcards of classes every number is given as `at least`, in the table too."""
    with serve(records(200), Moods(without_wildcards=frozenset({"cpc"}))) as (base, _):
        rows = count(base, tmp_path)
    assert all(row.is_at_least for row in rows)
    kept = table(stated.place_of(tmp_path, Query.parse(SMALL).name, "surechembl"))
    assert all(row["stated"].startswith("at least ") for row in kept)


def test_a_reading_in_several_searches_is_left_out_and_told(tmp_path: Path) -> None:
    """Searches that overlap have no number in common: it is named, and none left is a fault of the query."""
    terms = {"rare_earth": [f"rare earth number {i}" for i in range(120)], "recycling": ["scrap"]}
    long = query_text(**{**ASKED, "terms": {"en": terms}})
    told: list[str] = []
    with serve(records(60)) as (base, _):
        rows = count(base, tmp_path, long, progress=lambda progress: told.append(progress.what))
        assert {row.part for row in rows} == {"strict/1"}
        assert any("can't be counted: terms" in text for text in told)
        only = query_text(**{**ASKED, "terms": {"en": terms}, "readings": {"strict": {}}})
        with pytest.raises(QueryError, match="can't be counted: terms"):
            count(base, tmp_path, only)


def test_no_zero_for_an_office_that_is_not_covered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An office that a source lacks, a source that can't count, and years without --count are refused before asking."""
    query = tmp_path / "q.toml"
    query.write_text(SMALL, encoding="utf-8")
    for words, why in (
        (["--source", "surechembl", "--count", "CN", "AU"], "--count AU"),
        (["--source", "uspto", "--count", "US"], "those that can: ops, lens, surechembl"),
        (["--source", "surechembl", "--years", "2010..2025"], "--years goes with --count"),
    ):
        assert main(["fetch", str(query), *words, "--cache", str(tmp_path)]) == 2
        assert why in capsys.readouterr().err


def test_a_run_takes_the_counts_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command keeps a table; a run copies it, seals it, and lets it go again when it is gone from the cache."""
    query, cache, out = tmp_path / "q.toml", tmp_path / "cache", tmp_path / "run"
    query.write_text(SMALL, encoding="utf-8")
    with serve(records(90)) as (base, _):
        monkeypatch.setenv(surechembl.CARD.variable, base)
        asked = ["fetch", str(query), "--source", "surechembl", "--count", "CN", "us", "--years", "2024..2025"]
        assert main([*asked, "--cache", str(cache)]) == 0
    kept = stated.place_of(cache, Query.load(query).name, "surechembl")
    assert {row["office"] for row in table(kept)} == {"CN", "US"}
    assert {row["year"] for row in table(kept)} == {"2024", "2025"}

    def state() -> dict[str, str]:
        run(Query.load(query), sample=True, cache=cache, out=out)
        files = verify(out)
        assert files["untouched"]
        return {row["file"]: row["state"] for row in files["files"]}

    assert state()["stated.csv"] == "as made"
    assert (out / "stated.csv").read_text(encoding="utf-8") == kept.read_text(encoding="utf-8")
    assert "stated" in {one["name"] for one in json.loads((out / "datapackage.json").read_text())["resources"]}
    kept.unlink()
    assert "stated.csv" not in state()
    kept.write_text("source,office\nx,CN\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"found|expected the columns"):
        state()
