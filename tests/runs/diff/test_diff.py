"""Two runs held against each other: what changed, and each change of a baseline given to its reason."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope import Query, Run, run, stages
from patentscope.aggregate.job import Job
from patentscope.cli import main
from patentscope.provenance.ledger import StageRecord
from patentscope.provenance.run_folder import RunFolder, find_run
from patentscope.query.convention import AXES, Convention
from patentscope.records import store
from patentscope.records.families import assign
from patentscope.runs.diff.answers import compare_answers
from patentscope.runs.diff.compare import compare
from patentscope.runs.diff.lines import answer_lines
from patentscope.runs.diff.reasons import Baseline, Changes, Counted, Decomposition
from patentscope.runs.diff.records import compare_records
from patentscope.runs.diff.topic import compare_topics

from factories import CLAIM, PLAIN, TODAY, day, make_landscape, make_publication, table_of

if TYPE_CHECKING:
    from pathlib import Path

    from patentscope import Publication

#: All four questions, by a handful of ways to count.
FEW = PLAIN.replace(
    "[[claims]]",
    """[axes]
unit = ["family", "application"]
basis = ["priority", "applicant", "inventor", "office"]
international = ["all", "two_offices"]
[[claims]]""",
)
OTHER_CLASS = ("C22B59/00", "C22B1/005")


def filed(number: str, **facts: Any) -> Publication:
    """Return a family of one publication, filed and published in 2024, the party of the office's country."""
    facts = {"filing_date": "2024-02-01", "publication_date": "2024-08-01", "applicants": [number[:2]], **facts}
    return make_publication(number, application_number=f"{number[:2]}2024{number[-7:-1]}", **facts)


def before() -> list[Publication]:
    """Return six families of CN, one of them off topic, one not yet published, and three of the US."""
    return [
        *(filed(f"CN11810000{i}A") for i in range(4)),
        filed("CN118100004A", cpc=OTHER_CLASS),
        filed("CN118100005A", publication_date="2025-12-01"),
        *(filed(f"US20249000{i:02d}A") for i in range(3)),
    ]


def after() -> list[Publication]:
    """Return the same a year later: one gone, three new, three corrected, one of these with a new member."""
    rows = {entry.publication_number: entry for entry in before()}
    del rows["CN118100000A"]
    changed = [
        filed("CN118100001A", cpc=("C22B59/00",)),
        filed("US2024900001A", applicants=["CN"]),
        filed("CN118100002A", title="Recycling of magnets"),
        *(filed(f"CN11820000{i}A") for i in range(2)),
        filed("CN118100003A", applicants=["US"]),
        make_publication(
            "EP4100003A1",
            priorities=[("CN2024100003", "2024-02-01")],
            filing_date="2025-01-10",
            publication_date="2025-09-01",
            applicants=["CN"],
        ),
    ]
    return list((rows | {entry.publication_number: entry for entry in changed}).values())


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """Two runs a year apart; the second one's query takes one more class for recycling."""
    folder = tmp_path_factory.mktemp("runs")
    other = FEW.replace('recycling = ["C22B7"]', 'recycling = ["C22B7", "C22B1/005"]')
    found = []
    for name, records, text, date in (
        ("a", before(), FEW, "2025-06-30"),
        ("b", after(), other.replace("exceeds_by = 0.73", "exceeds_by = 0.80"), "2026-06-30"),
    ):
        store.write(store.to_table(records), folder / f"{name}.parquet")
        source = [folder / f"{name}.parquet"]
        found.append(run(Query.parse(text), inputs=source, as_of=day(date), out=folder / name))
    return found[0], found[1]


@pytest.fixture(scope="module")
def found(runs: tuple[Run, Run]) -> dict[str, Any]:
    """What `diff` says of them, as JSON holds it."""
    text = json.dumps(compare(runs[0].folder, runs[1].folder))
    return dict(json.loads(text))


def reasons(found: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the decomposition by question and side."""
    return {(row["question"], row["side"]): row for row in found["reasons"]}


def test_records_are_new_gone_or_corrected(found: dict[str, Any]) -> None:
    """Every publication is told apart by its number, and a corrected one by the fields that changed."""
    records = found["records"]
    assert (records["in_a"], records["in_b"]) == (9, 11)
    assert (records["new"]["count"], records["new"]["by_office"]) == (3, {"CN": 2, "EP": 1})
    assert (records["gone"]["first"], records["gone"]["by_office"]) == (["CN118100000A"], {"CN": 1})
    corrected = records["corrected"]
    assert (corrected["count"], corrected["by_office"]) == (4, {"CN": 3, "US": 1})
    assert corrected["by_field"] == {"title": 1, "cpc": 1, "applicants": 2}
    first = corrected["first"][0]
    assert first["publication_number"] == "CN118100001A"
    assert first["fields"] == {"cpc": [["C22B59/00", "C22B7/00"], ["C22B59/00"]]}


def test_what_a_record_says_of_its_family_is_a_correction_and_what_follows_from_others_is_not() -> None:
    """A family id that the source changed is a correction; one computed anew, or another order of classes, is none."""
    stated = [filed(f"CN11810000{i}A", cpc=("C22B59/00", "C22B7/00"), source="x") for i in range(3)]
    tables = [
        store.to_table(
            [replace(row, family_source=how, **facts) for row, how, facts in zip(stated, source, changes, strict=True)]
        )
        for source, changes in (
            (("source", "computed", "source"), ({"family_id": "1"}, {"family_id": "2"}, {"family_id": "3"})),
            (
                ("source", "computed", "source"),
                (
                    {"family_id": "7"},
                    {"family_id": "8"},
                    {"family_id": "3", "cpc": ("C22B7/00", "C22B59/00"), "source": "y"},
                ),
            ),
        )
    ]
    corrected = compare_records(*tables)[1]["corrected"]
    assert [entry["publication_number"] for entry in corrected["first"]] == ["CN118100000A"]
    assert corrected["by_field"] == {"family_id": 1}


def test_each_change_has_its_reason_and_they_add_up(found: dict[str, Any]) -> None:
    """By first filing: two new, one gone, one corrected off topic, one by the rule, one by the date. By owner, more."""
    rows = reasons(found)
    invention = rows["invention", "left"]
    assert invention["n"] == [4, 6]
    assert invention["by_reason"] == {
        "new records": 2,
        "gone records": -1,
        "corrected records": -1,
        "changed rule": 1,
        "later date of the data": 1,
    }
    assert rows["invention", "right"]["by_reason"] == {}
    ownership = rows["ownership", "right"]
    assert ownership["by_reason"] == {"corrected records": -1, "several reasons at once": 1}
    assert ownership["first"]["several reasons at once"] == ["CN118100003A"]
    for row in found["reasons"]:
        assert sum(row["by_reason"].values()) == row["change"] == row["n"][1] - row["n"][0]
    assert len(found["reasons"]) == 2 * 4


def test_topic_tells_families_of_both_runs(found: dict[str, Any]) -> None:
    """One family joined the reading that is defined otherwise, and one whose classes were corrected left it."""
    (row,) = found["topic"]["readings"]
    assert (row["reading"], row["defined_otherwise"]) == ("strict", True)
    assert (row["joined"], row["left"]) == (1, 1)
    assert row["first_joined"] == ["CN2024100004"]
    assert row["first_left"] == ["CN2024100001"]


def test_rule_lists_what_was_asked_otherwise(found: dict[str, Any], runs: tuple[Run, Run]) -> None:
    """The query's parts that differ, the date and the sources are named with both values; what is the same isn't."""
    rule = found["rule"]
    assert {row["part"] for row in rule["query"]} == {"topic.classes.recycling", "claims.test.exceeds_by"}
    assert '+recycling = ["C22B7", "C22B1/005"]' in rule["query_diff"]
    assert rule["as_of"] == ["2025-06-30", "2026-06-30"]
    assert (rule["code"], rule["tool"], rule["versions"], rule["labels"]) == (None, None, {}, None)
    assert [row["only_in"] for row in rule["sources"]] == ["a", "b"]
    assert found["runs"]["a"]["run"] == str(runs[0].path)


def test_counts_and_curves_are_compared_choice_by_choice(found: dict[str, Any], runs: tuple[Run, Run]) -> None:
    """Cells are those of counts.csv, the largest change first; specifications at each run's own date are the same."""
    by_question = {row["question"]: row for row in found["counts"]}
    cells = by_question["invention"]["cells"]
    assert (cells[0]["country"], cells[0]["year"], cells[0]["a"], cells[0]["b"]) == ("CN", 2024, 4, 6)
    assert [abs(cell["change"]) for cell in cells] == sorted((abs(cell["change"]) for cell in cells), reverse=True)
    (curve,) = found["curves"]
    a, b = (done.curve for done in runs)
    # The second run's data are later than the day on which the claim was said, so it has that vintage, too.
    assert curve["specifications"] == [len(a), len(b)]
    assert curve["in_both"] == len(a) == len(b) / 2
    merged = a.merge(b[b["as_of"].eq("2026-06-30")], on=["question", *_LEVELS], suffixes=("_a", "_b"))
    moved = merged["ratio_a"].fillna(-1) != merged["ratio_b"].fillna(-1)
    assert curve["other_ratio"] == moved.sum() > 0


_LEVELS = ["topic", "unit", "basis", "share", "date", "documents", "international"]


def test_a_run_against_itself_has_no_change(runs: tuple[Run, Run], capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is new, gone, corrected or otherwise, and `diff` exits 0."""
    assert main(["diff", str(runs[0].path), str(runs[0].path)]) == 0
    out = capsys.readouterr().out
    assert out.count("  nothing\n") == 7
    assert main(["diff", str(runs[0].path), str(runs[0].path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert not any(row["by_reason"] for row in found["reasons"])
    assert not any(row["changed"] for row in found["verdicts"])


def test_diff_says_it_in_words(runs: tuple[Run, Run], capsys: pytest.CaptureFixture[str]) -> None:
    """The lines name each reason with its figure; what is no run is a usage fault."""
    assert main(["diff", str(runs[0].path), str(runs[1].path)]) == 0
    out = capsys.readouterr().out
    assert "test, where it was invented, CN: 4 -> 6 (+2): new records +2, gone records -1, corrected records -1" in out
    assert "topic.classes.recycling: ['C22B7'] -> ['C22B7', 'C22B1/005']" in out
    assert "strict, defined otherwise: 8 -> 9 families" in out
    assert main(["diff", str(runs[0].path), "no-such-run"]) == 2
    assert "no run at this path" in capsys.readouterr().err


def test_another_claim_or_baseline_is_the_rule_s_doing(tmp_path: Path) -> None:
    """Where the second query counts applications first, and the claim another side, the rule takes the difference."""
    twice = make_publication("US2025000009A1", priorities=[("CN2024100001", "2024-02-01")], filing_date="2024-12-01")
    records = [*before(), twice]
    store.write(store.to_table(records), tmp_path / "in.parquet")
    other = FEW.replace('unit = ["family", "application"', 'unit = ["application", "family"')
    other = other.replace('right = ["US", "AU", "JP"]', 'right = ["US"]').replace('id = "test"', 'id = "other"', 1)
    both = other.replace('id = "other"', 'id = "test"')
    done = [
        run(Query.parse(text), inputs=[tmp_path / "in.parquet"], as_of=TODAY, out=tmp_path / name)
        for name, text in (("a", FEW), ("b", both), ("c", other))
    ]
    found = compare(done[0].folder, done[1].folder)
    row = reasons(found)["market", "left"]
    assert row["baseline"][0].startswith("inventions")
    assert row["baseline"][1].startswith("applications")
    for row in found["reasons"]:
        assert row["by_reason"] == ({"changed rule": row["change"]} if row["change"] else {})
    found = compare(done[0].folder, done[2].folder)
    assert (found["only_in_a"], found["only_in_b"], found["reasons"]) == (["test"], ["other"], [])


def test_what_a_classifier_answers_otherwise_is_told_apart(tmp_path: Path, runs: tuple[Run, Run]) -> None:
    """Where records, query and program are the same and a family left the topic, the classification changed."""
    folder = tmp_path / "b"
    shutil.copytree(runs[0].path, folder)
    scores = store.read(folder / "scores.parquet").to_pandas()
    scores.loc[scores["family_id"].eq("CN2024100001"), "in_topic_strict"] = False
    store.write(pa.Table.from_pandas(scores, preserve_index=False), folder / "scores.parquet")
    again = RunFolder.existing(folder)
    query = Query.parse(again.state["query"]["text"])
    record = StageRecord("counts", "specification", "again")
    stages.count(Job(again, query, day("2025-06-30")), record)
    shutil.copy(runs[0].path / "report.html", folder)
    again.finish(record, time.monotonic())
    again.state["stages"].append(runs[0].folder.stage("report"))
    again.save()
    found = compare(runs[0].folder, find_run(str(folder)))
    assert reasons(found)["invention", "left"]["by_reason"] == {"changed classification": -1}
    (row,) = found["topic"]["readings"]
    assert (row["joined"], row["left"], row["defined_otherwise"]) == (0, 1, False)


# ---- whatever changes, the reasons add up ----------------------------------------------------------------------------

countries = st.lists(st.sampled_from(["CN", "US", "JP", "KR", None]), max_size=3)
record = st.tuples(st.integers(0, 3), countries, st.booleans(), st.booleans())
landscapes = st.dictionaries(st.integers(0, 11), record, min_size=1, max_size=10)
_OFFICES = ("CN", "US", "JP", "EP")


def _made(facts: dict[int, tuple[int, list[str | None], bool, bool]]) -> list[Publication]:
    """Return publications by serial; three in a row are one family, by the priority that they claim."""
    return [
        make_publication(
            f"{_OFFICES[office]}{1180000 + serial}A",
            application_number=f"{_OFFICES[office]}2024{serial:06d}",
            priorities=[(f"CN20249{serial // 3:05d}", "2024-01-15")],
            filing_date="2024-06-01",
            publication_date="2024-11-01" if is_early else "2026-01-05",
            applicants=parties,
            cpc=("C22B59/00", "C22B7/00") if is_on else ("C22B59/00",),
        )
        for serial, (office, parties, is_early, is_on) in facts.items()
    ]


def _counted(rows: list[Publication], today: Any, unit: str) -> Counted:
    """Return a landscape that counts by one unit, ready to be compared."""
    axes = {axis: levels[:1] for axis, levels in AXES.items()}
    axes |= {"unit": (unit,), "basis": ("applicant", "office"), "share": ("whole", "fractional")}
    off = [entry.publication_number for entry in rows if len(entry.cpc) == 1]
    land = make_landscape(rows, query=replace(Query.parse(PLAIN), axes=axes), today=today, off_topic=off)
    table = table_of(rows)
    published = table.column("publication_date").to_pandas().astype("datetime64[us]")
    numbers = table.column("publication_number").to_pandas().to_numpy()
    return Counted(land, assign(table).units.set_index("publication_number"), published.set_axis(numbers))


@settings(max_examples=12)
@given(landscapes, landscapes, st.sampled_from(["family", "application", "publication", "extended_family"]))
def test_reasons_add_up_exactly(one: dict, other: dict, unit: str) -> None:
    """Whatever is new, gone, corrected or seen later, the reasons sum to the change of either side."""
    rows = [_made(one), _made(other)]
    a, b = (_counted(entry, today, unit) for entry, today in zip(rows, (day("2025-06-30"), TODAY), strict=True))
    with a.land, b.land:
        tables = [table_of(entry) for entry in rows]
        topics, _ = compare_topics(
            *(_topic(table, counted) for table, counted in zip(tables, (a, b), strict=True)), set()
        )
        decomposition = Decomposition(a, b, Changes(compare_records(*tables)[0], topics, set()))
        curves = [
            {entry.convention: entry for entry in run.land.survey([CLAIM], vary=False).answers["test"].listed}
            for run in (a, b)
        ]
        for basis, share in (("applicant", "whole"), ("applicant", "fractional"), ("office", "whole")):
            if unit == "publication" and share == "fractional":
                continue
            base = []
            for run, curve in zip((a, b), curves, strict=True):
                convention = Convention("strict", unit, basis, share, "priority", "inventions", "all", run.land.today)
                tally = curve[convention].tally
                base.append(Baseline(CLAIM, convention, (tally.left, tally.right)))
            for row, place in zip(decomposition.of(*base), (0, 1), strict=True):
                change = base[1].sides[place] - base[0].sides[place]
                assert row["change"] == pytest.approx(float(change), abs=1e-6)
                assert sum(row["by_reason"].values()) == pytest.approx(float(change), abs=1e-5)
                assert "changed rule" not in row["by_reason"]
                if not {serial // 3 for serial in one} & {serial // 3 for serial in other}:
                    assert set(row["by_reason"]) <= {"new records", "gone records"}


def _topic(table: pa.Table, counted: Counted) -> tuple[pd.Series, pd.DataFrame]:
    family = pd.Series(table.column("family_id").to_pylist(), dtype=object)
    numbers = table.column("publication_number").to_pylist()
    is_on = pd.Series([len(row) > 1 for row in table.column("cpc").to_pylist()], dtype=bool)
    scores = pd.DataFrame({"family_id": family, "in_topic_strict": is_on}).groupby("family_id", as_index=False).min()
    return family.set_axis(numbers), scores


# ---- answers ---------------------------------------------------------------------------------------------------------


def answered(points: dict[str, tuple[int, object]], sides: tuple[float, float], **changes: Any) -> dict[str, Any]:
    """Return a claim's entry of verdict.json, with one question: its *points* by concern with what was found."""
    concerns = [
        {"concern": name, "question": "invention", "side": "US", "found": found, "needed": "at most 20 %", "points": n}
        for name, (n, found) in points.items()
    ]
    total = sum(n for n, _ in points.values())
    certainty = "moderate" if total < 3 else "low"
    figure = {"spec_id": "a", "left_n": sides[0], "right_n": sides[1], "ratio": round(sides[0] / sides[1], 6)}
    common = {"verdict": "contradicted", "certainty": certainty, "points": total, "concerns": concerns}
    question = {**common, "question": "invention", "results": 4, "judged": 9, "listed": 12, "figure": figure}
    way = {"way": "first_filings", **{name: figure[name] for name in ("left_n", "right_n", "ratio")}}
    entry = {"id": "test", **common, "card": figure, "sentence": f"China {sides[0]}.", "stopped": []}
    entry |= {"questions": [question | {"line": f"{sides[0]} against {sides[1]}"}]}
    return entry | {"ways": [way | {"points": total, "stands": "behind"}], **changes}


def test_an_answer_s_change_is_told_with_its_concerns() -> None:
    """A figure that moved, a concern that costs more, what is stopped now: each stands there with both values."""
    before = answered({"search": (1, "unknown"), "countries": (0, 0.1)}, (30, 100))
    stop = {"reason": "family members are not known", "question": "invention", "n": 5}
    after = answered({"search": (1, "unknown"), "countries": (2, 0.6)}, (36, 100), stopped=[stop])
    found = compare_answers([before], [after])
    overall, invention = found["verdicts"]
    assert (overall["question"], overall["a"], overall["b"], overall["changed"]) == (
        "overall",
        *["contradicted"] * 2,
        True,
    )
    assert (invention["certainty"], invention["points"]) == (["moderate", "low"], [1, 3])
    assert [figure["left_n"] for figure in invention["figure"]] == [30, 36]
    (concern,) = invention["concerns"]
    assert (concern["name"], concern["points"], concern["found"]) == ("countries", [0, 2], [0.1, 0.6])
    assert invention["stopped"] == [{"name": "family members are not known", "n": [None, 5]}]
    told = list(answer_lines(found))
    assert told == [
        "test, overall: contradicted (evidence: moderate) -> contradicted (evidence: low)",
        "  30 against 100 -> 36 against 100",
        "  countries: points 0 -> 2, found: 10 % -> 60 %, needed: at most 20 %",
        "  first filings: 30 against 100 -> 36 against 100, behind",
        "  before: China 30.",
        "  now: China 36.",
        "test, where it was invented: contradicted (evidence: moderate) -> contradicted (evidence: low)",
        "  30 against 100 -> 36 against 100",
        "  countries: points 0 -> 2, found: 10 % -> 60 %, needed: at most 20 %",
        "  stopped, because family members are not known: 0 -> 5 ways to count",
    ]


def test_an_answer_that_is_the_same_is_not_told() -> None:
    """Equal entries have no change in any part; a claim or a question of one run alone is named."""
    one = answered({"search": (1, "unknown")}, (30, 100))
    found = compare_answers([one], [one])
    assert not any(row["changed"] or row["concerns"] for row in found["verdicts"])
    assert list(answer_lines(found)) == []
    alone = compare_answers([one], [one | {"id": "other"}])
    assert (alone["verdicts"], alone["only_in_a"], alone["only_in_b"]) == ([], ["test"], ["other"])
    fewer = compare_answers([one], [one | {"questions": []}])
    assert (fewer["verdicts"][1]["a"], fewer["verdicts"][1]["b"]) == ("contradicted", None)
    assert "contradicted (evidence: moderate) -> not asked" in "\n".join(answer_lines(fewer))
