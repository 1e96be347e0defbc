"""Label sheets: drawn from a run, edited by a spreadsheet, taken back, and carried into the counts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from patentscope import Query, Run, pipeline
from patentscope.aggregate.audit import labels, sampling
from patentscope.aggregate.audit import sheet as label_sheet
from patentscope.aggregate.audit.agreement import LABELS, kappa
from patentscope.cli import main
from patentscope.errors import FileFormatError, NotEnoughEvidence, QueryError, UsageError
from patentscope.provenance.run_folder import FILES, find_run
from patentscope.runs import label as labelling
from patentscope.runs.evidence import check, show

from factories import TODAY
from shown import hold_figures
from worlds.label_world import TOPIC, fill_in, make_run, publications, read_sheet, true_ratio, write_sheet

TRUTH = publications()[1]


@pytest.fixture(scope="module")
def plain_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run on the made landscape, without labels."""
    return make_run(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def audited_run(plain_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same run with 100 labels a country applied."""
    folder = _copy(plain_run, tmp_path_factory.mktemp("audited"))
    sheet = folder.parent / "sheet.csv"
    labelling.draw(find_run(str(folder)), sheet, per_country=100)
    assert main(["label", "apply", str(folder), str(write_sheet(sheet, fill_in(sheet, TRUTH)))]) == 0
    return Run(find_run(str(folder)))


def _copy(done: Run, folder: Path) -> Path:
    shutil.copytree(done.path, folder / "run")
    return folder / "run"


def _drawn(done: Run, folder: Path, per_country: int = 20, **how: object) -> Path:
    """Draw a sheet from a run and return its path."""
    labelling.draw(done.folder, folder / "drawn.csv", per_country=per_country, **how)
    return folder / "drawn.csv"


def _take(done: Run, *paths: Path) -> labels.Taken:
    return labels.take(paths, done.publications["family_id"].unique())


def _audited(done: Run, question: str = "invention") -> dict:
    """Return the figure of a question, which labels correct."""
    (claim,) = done.verdicts
    figure = next(entry for entry in claim["questions"] if entry["question"] == question)["figure"]
    assert figure["is_audited"]
    return figure


def _points(done: Run, topic: str) -> set[int]:
    curve = done.curve
    return set(curve.loc[curve["topic"].eq(topic) & curve["question"].eq("invention"), "points"])


# ---- Drawing -------------------------------------------------------------------------------------------------------

stratum_sizes = st.lists(st.tuples(st.integers(1, 400), st.floats(0.1, 0.5)), min_size=1, max_size=6)


@settings(max_examples=60)
@given(stratum_sizes, st.integers(1, 300))
def test_a_larger_draw_holds_the_smaller(cells: list, total: int) -> None:
    """No stratum loses a label when there are more, none gets more than it has, and all are given out."""
    sizes, spreads = np.array([size for size, _ in cells]), np.array([spread for _, spread in cells])
    counts, more = (sampling.allocate(sizes, spreads, n) for n in (total, total + 1))
    assert counts.sum() == min(total, sizes.sum())
    assert (counts <= sizes).all()
    assert (more >= counts).all()


def test_neyman_gives_the_uncertain_more_and_nobody_nothing() -> None:
    """Of 200 labels a small stratum gets its 20; the rest go by size times spread, 500 to 105."""
    counts = sampling.allocate(np.array([1000, 60, 300]), np.array([0.5, 0.5, 0.35]), 200)
    assert (counts.tolist(), counts.sum()) == ([149, 20, 31], 200)


def _families(n: int = 300) -> pd.DataFrame:
    score = np.where(np.arange(n) % 10 == 0, np.nan, (np.arange(n) * 37 % 100) / 100)
    group = np.where(np.arange(n) < 15, "AU", np.where(np.arange(n) < 120, "US", "CN"))
    facts = {"family_id": [f"f{i}" for i in range(n)], "country": group, "group": group, "score": score}
    return pd.DataFrame(facts).assign(is_in=score >= 0.4)


def test_audit_draw_is_stratified_and_tells_its_chances() -> None:
    """A small country is taken whole; in each stratum the chance is drawn / all, and labels stand for all families."""
    found = sampling.draw_for_audit(_families(), 60, seed=3)
    assert found.groupby("group").size().to_dict() == {"AU": 15, "CN": 60, "US": 60}
    assert (found.loc[found["group"] == "AU", "inclusion_probability"] == 1).all()
    assert (1 / found["inclusion_probability"]).groupby(found["group"]).sum().round(6).to_dict() == {
        "AU": 15,
        "CN": 180,
        "US": 105,
    }
    assert {name.split(", ")[1] for name in found["stratum"]} == {
        "no score",
        "far below the threshold",
        "below the threshold",
        "above the threshold",
        "far above the threshold",
    }
    above = found["stratum"].str.contains("above")
    assert (above == found["is_in"]).all()


def test_draw_depends_on_the_seed_alone() -> None:
    """Another order of families gives the same rows in the same order; another seed gives others; 90 hold the 60."""
    families = _families()
    first = sampling.draw_for_audit(families, 60, seed=0)
    again = sampling.draw_for_audit(families.sample(frac=1, random_state=1), 60, seed=0)
    assert first["family_id"].tolist() == again["family_id"].tolist()
    assert set(first["family_id"]) != set(sampling.draw_for_audit(families, 60, seed=1)["family_id"])
    assert set(first["family_id"]) <= set(sampling.draw_for_audit(families, 90, seed=0)["family_id"])


def test_every_family_has_its_chance() -> None:
    """Over 100 seeds each family is drawn as often as its inclusion probability says, within what chance allows."""
    families = _families(60)
    found = pd.concat(sampling.draw_for_audit(families, 20, seed) for seed in range(100))
    share = found.groupby("family_id").size() / 100
    told = found.groupby("family_id")["inclusion_probability"].first()
    assert ((share - told).abs() < 4.5 * np.sqrt(told * (1 - told) / 100) + 1e-9).all()
    assert len(told) == len(families)


def test_training_draw_takes_the_least_certain_first() -> None:
    """For training the order is by the distance to the classifier's own threshold; no chance of being drawn is told."""
    families = _families().dropna()
    found = sampling.draw_for_training(families, 10, seed=0)
    doubt, everyones = ((table["score"] - 0.4).abs() for table in (found, families))
    assert doubt.is_monotonic_increasing
    for group, least in everyones.groupby(families["group"]):
        assert doubt[found["group"] == group].tolist() == least.nsmallest(10).tolist()
    assert set(found["inclusion_probability"]) == {""}


def test_without_priorities_a_draw_is_by_first_office(plain_run: Run, tmp_path: Path) -> None:
    """Where no family has a priority country, each falls in the stratum of its first office, none in `other`.

    The stratum's name says so under the row's checksum, `apply` writes it down, and labels are counted per country.
    """
    done = make_run(tmp_path, with_priorities=False)
    path = tmp_path / "sheet.csv"
    drawn = labelling.draw(done.folder, path, per_country=60)
    named = _drawn(plain_run, tmp_path, per_country=60)
    rows, before = read_sheet(path), read_sheet(named)
    sizes = [pd.Series([row["country"] for row in sheet]).value_counts().to_dict() for sheet in (rows, before)]
    assert sizes[0] == sizes[1] == {"CN": 60, "US": 60, "JP": 60, "AU": 28}
    assert all(row["stratum"].endswith(", by first office") for row in rows)
    assert not any("first office" in row["stratum"] for row in before)
    assert not any(entry["stratum"].startswith("other") for entry in drawn.strata)
    forged = [row | {"stratum": row["stratum"].removesuffix(", by first office")} for row in fill_in(path, TRUTH)]
    with pytest.raises(FileFormatError, match="changed since it was drawn"):
        _take(done, write_sheet(tmp_path / "forged.csv", forged))
    taken = labelling.apply(done.folder, [write_sheet(path, fill_in(path, TRUTH))])
    assert taken.record.notes["drawn by"] == "the office of each family's first publication"
    pipeline.count_again(done.folder)
    stage = done.folder.stage("counts")
    assert stage is not None
    assert stage["notes"]["labels"]["families that came after the draw"] == 0
    claim = json.loads(done.folder.file("verdict.json").read_text(encoding="utf-8"))["claims"][0]
    topics = [one for question in claim["questions"] for one in question["concerns"] if one["concern"] == "topic"]
    assert [(one["points"], one["found"]) for one in topics] == [(0, min(sizes[0].values()))] * len(topics) != []


def test_sheet_shows_what_a_reader_needs(plain_run: Run, tmp_path: Path) -> None:
    """A row has texts, classes, applicants, a public page and how it was drawn; the label is empty."""
    path = _drawn(plain_run, tmp_path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = read_sheet(path)
    assert tuple(rows[0]) == label_sheet.COLUMNS
    row = next(row for row in rows if row["country"] == "US" and "magnet scrap" in row["title"])
    assert (row["label"], row["aim"], row["years"]) == ("", "audit", "2024..2024")
    assert row["classes"] == "C22B59/00, C22B7/00"
    assert row["applicants"] == "applicants 0 (US)"
    assert row["page"] == f"https://patents.google.com/patent/{row['publications']}"
    share = int(row["stratum_drawn"]) / int(row["stratum_families"])
    assert float(row["inclusion_probability"]) == pytest.approx(share, abs=1e-6)
    assert [int(row["row"]) for row in rows] == list(range(1, len(rows) + 1))
    assert {number[2:6] for number in (row["publications"] for row in rows)} <= {"2023", "2024"}


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    """Text that a spreadsheet would carry out, or split at a semicolon and then carry out, comes as plain text."""
    title = '=HYPERLINK("http://x","y")'
    row = {"family_id": "=1", "title": title, "abstract": "a;=1+1\n\t+cmd", "title_original": "＝1", "rows": 1}
    label_sheet.write(tmp_path / "s.csv", [row])
    text = (tmp_path / "s.csv").read_text(encoding="utf-8-sig")
    assert ";" not in text
    (found,) = read_sheet(tmp_path / "s.csv")
    assert (found["title"], found["abstract"], found["title_original"]) == (f"'{title}", "a,=1+1 +cmd", "'＝1")
    assert not any(cell[:1] in set("=+-@") for cell in found.values())


# ---- Taking back ---------------------------------------------------------------------------------------------------


def _spoilt(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return rows as a spreadsheet may save them: columns moved and added, numbers reformatted, ids made numbers."""
    found = []
    for row in rows:
        changed = {name: row[name] for name in reversed(row)} | {"my remarks": "x"}
        changed["stratum_families"] = f"{int(row['stratum_families']):,}.00"
        changed["row"] = f"{row['row']}.0"
        changed["inclusion_probability"] = f"{float(row['inclusion_probability']):.2f}".replace(".", ",")
        changed["family_id"] = "2,0241E+11"
        changed["label"] = row["label"].upper() + " "
        found.append({name.upper(): cell for name, cell in changed.items()})
    return found


@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")])
def test_what_a_spreadsheet_does_is_undone(plain_run: Run, tmp_path: Path, separator: str, encoding: str) -> None:
    """Another separator and encoding, moved columns and reformatted numbers and ids give the same labels."""
    rows = fill_in(_drawn(plain_run, tmp_path), TRUTH)
    as_drawn = _take(plain_run, write_sheet(tmp_path / "a.csv", rows))
    spoilt = _take(plain_run, write_sheet(tmp_path / "b.csv", _spoilt(rows), separator=separator, encoding=encoding))
    pd.testing.assert_frame_equal(as_drawn.table, spoilt.table)
    assert set(as_drawn.table["label"]) == {"in", "out"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"label": "maybe"}, "label 'maybe'"),
        ({"stratum_families": "999"}, "changed since it was drawn"),
        ({"stratum": "CN, above"}, "changed since it was drawn"),
        ({"inclusion_probability": "0.9"}, "changed since it was drawn"),
        ({"aim": "train"}, "changed since it was drawn"),
        ({"key": "F000000000000"}, "changed since it was drawn"),
    ],
)
def test_a_changed_cell_is_named_by_line(plain_run: Run, tmp_path: Path, change: dict, words: str) -> None:
    """A label that is none, or a cell that tells how the row was drawn, is an error that names the line."""
    rows = fill_in(_drawn(plain_run, tmp_path), TRUTH)
    place = next(i for i, row in enumerate(rows) if float(row["inclusion_probability"]) < 0.5)
    rows[place] |= change
    with pytest.raises(FileFormatError, match=f"line {place + 2}: .*") as fault:
        _take(plain_run, write_sheet(tmp_path / "s.csv", rows))
    assert words in str(fault.value)
    assert "Only `label`" in str(fault.value)


def test_sheets_that_are_none_are_refused(plain_run: Run, tmp_path: Path) -> None:
    """A missing column, an empty file, no label at all, and a sheet of other records are errors that say what works."""
    rows = fill_in(_drawn(plain_run, tmp_path), TRUTH)
    without = [{name: cell for name, cell in row.items() if name != "check"} for row in rows]
    with pytest.raises(FileFormatError, match="found no column check"):
        _take(plain_run, write_sheet(tmp_path / "s.csv", without))
    (tmp_path / "e.csv").write_text("", encoding="utf-8")
    with pytest.raises(FileFormatError, match="empty file"):
        _take(plain_run, tmp_path / "e.csv")
    with pytest.raises(NotEnoughEvidence, match="no row has a label"):
        _take(plain_run, write_sheet(tmp_path / "n.csv", [row | {"label": ""} for row in rows]))
    with pytest.raises(FileFormatError, match=r"none of the .* is in this run"):
        labels.take([write_sheet(tmp_path / "o.csv", rows)], ["another family"])


def test_missing_rows_and_mixed_draws_are_refused(plain_run: Run, tmp_path: Path) -> None:
    """An audit needs all rows of one draw: left-out rows are named, sheets of two draws are not put together."""
    rows = fill_in(_drawn(plain_run, tmp_path), TRUTH)
    with pytest.raises(FileFormatError, match=r"2 of the draw's \d+ rows are missing \(row 1, 5\)"):
        _take(plain_run, write_sheet(tmp_path / "s.csv", [row for row in rows if row["row"] not in {"1", "5"}]))
    halves = [write_sheet(tmp_path / f"{i}.csv", rows[i::2]) for i in (0, 1)]
    assert len(_take(plain_run, *halves).table) == len(rows)
    other = fill_in(_drawn(plain_run, tmp_path, seed=1), TRUTH)
    with pytest.raises(FileFormatError, match="sheets of 2 draws"):
        _take(plain_run, halves[0], write_sheet(tmp_path / "other.csv", other))


def test_rows_without_a_label_are_skipped_or_unread(plain_run: Run, tmp_path: Path) -> None:
    """Behind the last label a row was not read; before it, it was passed over, which is said and counted."""
    rows = fill_in(_drawn(plain_run, tmp_path), TRUTH, lambda i, label: "" if i in {3, 7} or i >= 20 else label)
    taken = _take(plain_run, write_sheet(tmp_path / "s.csv", rows))
    counts = taken.table["label"].value_counts()
    assert (counts["skipped"], counts["unread"], len(taken.table)) == (2, len(rows) - 20, len(rows))
    told = {loss.reason: 0 for loss in taken.record.gaps}
    for loss in taken.record.gaps:
        told[loss.reason] += loss.count
    assert told == {"skipped: no label": 2, "unread: no label": len(rows) - 20}


def test_contradictions_are_borderline_and_counted(plain_run: Run, tmp_path: Path) -> None:
    """Two readers' copies: one label a family, borderline where they differ, and the ledger adds up."""
    path = _drawn(plain_run, tmp_path)
    first = write_sheet(tmp_path / "a.csv", fill_in(path, TRUTH))
    second = write_sheet(tmp_path / "b.csv", fill_in(path, TRUTH, lambda i, label: "borderline" if i < 4 else label))
    taken = _take(plain_run, first, second)
    record = taken.record
    assert (taken.table["label"] == "borderline").sum() == 4
    assert sum(loss.count for loss in record.gaps if "contradict" in loss.reason) == 4
    assert record.rows_in == 2 * record.rows_out == record.rows_out + sum(loss.count for loss in record.dropped)


# ---- Into the counts -----------------------------------------------------------------------------------------------


def test_labels_move_the_interval_to_the_truth(plain_run: Run, audited_run: Run) -> None:
    """The classifier counts twice as many Chinese families as others; the audit's interval holds the true ratio."""
    (before,), (after,) = plain_run.verdicts, audited_run.verdicts
    assert not any("before_labels" in entry for entry in before["questions"])
    audited = _audited(audited_run)
    curve = audited_run.curve
    naive = curve[curve["topic"].eq("classifier") & curve["spec_id"].ne("")].iloc[0]
    truth = true_ratio(TRUTH)
    assert (float(naive["ratio"]), truth) == (2, 1)
    assert audited["low"] < truth < audited["high"] < 2
    assert audited["ratio"] == pytest.approx(audited["left_n"] / audited["right_n"], abs=1e-6)
    for old, new in zip(before["questions"], after["questions"], strict=True):
        assert new["listed"] == old["listed"] * 3 / 2
        assert new["before_labels"]["ratio"] == 2
        assert (old["verdict"], new["verdict"]) == ("direction right, size not reproduced", "open")
        assert new["max_ratio"] < old["min_ratio"]


def test_audited_rows_of_the_curve(audited_run: Run) -> None:
    """Each convention has one more row, whose ratio is that of the audited totals, inside its bounds."""
    curve = audited_run.curve
    mine = curve[curve["topic"] == "classifier_audited"]
    assert len(mine) == (curve["topic"] == "classifier").sum() == len(curve) / 3
    assert (mine["reason"] == "").all()
    rest = curve[curve["topic"] != "classifier_audited"]
    assert rest["reason"].str.contains("definition error not measured").all()
    figures = mine[["left_n", "right_n", "ratio", "low", "high"]].astype(float)
    assert np.allclose(figures["ratio"], figures["left_n"] / figures["right_n"], atol=2e-6)
    assert ((figures["low"] < figures["ratio"]) & (figures["ratio"] < figures["high"])).all()


def test_ledger_holds_the_labels(audited_run: Run) -> None:
    """run.json says which sheets were taken, how many rows became labels, and the hash of labels.csv."""
    entry = audited_run.labels
    assert entry["notes"]["sheets"] == ["sheet.csv"]
    assert entry["rows_in"] == entry["rows_out"] == entry["notes"]["labels"]["audit"]
    stage = audited_run.folder.stage("counts")
    assert stage is not None
    assert stage["notes"]["labels"]["families read"] == entry["rows_out"]
    assert stage["notes"]["labels"]["families that came after the draw"] == 0


def test_a_later_run_keeps_the_labels_and_says_so(
    audited_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`run` again does nothing anew and counts with the labels; touched labels are refused; deleted ones are gone."""
    source, query = tmp_path / "world.parquet", tmp_path / "topic.toml"
    query.write_text(TOPIC, encoding="utf-8")
    shutil.copy(audited_run.path / "publications.parquet", source)
    made = make_run(tmp_path, "fresh")
    folder = _copy(made, tmp_path / "kept")
    sheet = _drawn(made, tmp_path, per_country=60)
    assert main(["label", "apply", str(folder), str(write_sheet(sheet, fill_in(sheet, TRUTH)))]) == 0
    verdict = (folder / "verdict.json").read_bytes()
    arguments = ["run", str(query), "--input", str(source), "--as-of", str(TODAY), "--out", str(folder)]
    assert main([*arguments, "--json"]) == 0
    found = capsys.readouterr()
    document = json.loads(found.out[found.out.index('{\n "run"') :])
    assert document["skipped"] == list(FILES)
    assert document["labels"]["notes"]["labels"]["audit"] > 100
    assert (folder / "verdict.json").read_bytes() == verdict
    assert main(arguments) == 0
    assert "Labels applied to this run before were kept" in capsys.readouterr().err
    text = (folder / "labels.csv").read_text(encoding="utf-8")
    (folder / "labels.csv").write_text(text.replace(",out,", ",in,", 1), encoding="utf-8")
    assert main(arguments) == 2
    assert "not as `label apply` left it" in capsys.readouterr().err
    (folder / "labels.csv").unlink()
    assert main(arguments) == 0
    assert (folder / "curve.csv").read_bytes() == (made.path / "curve.csv").read_bytes()


def test_reading_labels_writes_nothing(audited_run: Run, tmp_path: Path) -> None:
    """Where `apply` was killed before labels.csv was exchanged, the old labels are read and nothing is written."""
    path = _copy(audited_run, tmp_path)
    folder = find_run(str(path))
    old = folder.state["labels"]
    folder.state |= {"labels": {**old, "hash_out": "another"}, "labels_before": old}
    before = json.dumps(folder.state)
    assert labels.stored(folder).equals(labels.stored(audited_run.folder))
    assert labels.line_of(folder) == old
    assert json.dumps(folder.state) == before


def test_fewer_than_fifty_make_nothing_surer(plain_run: Run, audited_run: Run, tmp_path: Path) -> None:
    """With 40 labels a country the audited rows are as sure as the others, which stay as they were; with 100, surer."""
    folder = find_run(str(_copy(plain_run, tmp_path)))
    sheet = tmp_path / "s.csv"
    labelling.draw(folder, sheet, per_country=40)
    labelling.apply(folder, [write_sheet(sheet, fill_in(sheet, TRUTH))])
    done = pipeline.count_again(folder)
    assert not done.curve["stopped"].any()
    assert _points(done, "classifier_audited") == _points(done, "classifier") == _points(plain_run, "classifier")
    assert _points(audited_run, "classifier_audited") == {n - 1 for n in _points(plain_run, "classifier")}
    before, after = (
        Path(one, "curve.csv").read_text(encoding="utf-8").splitlines() for one in (plain_run.path, folder.path)
    )
    assert [line for line in after if "classifier_audited" not in line] == before
    assert folder.skipped == ["publications", "holdings", "classify"]


def test_borderline_counts_both_ways(plain_run: Run, tmp_path: Path) -> None:
    """Borderline labels count for half in the total, and widen the interval to hold it with all in and all out."""
    folder = find_run(str(_copy(plain_run, tmp_path)))
    sheet = tmp_path / "s.csv"
    labelling.draw(folder, sheet, per_country=300)
    rows = fill_in(sheet, TRUTH)
    ends = {}
    for judge in ("in", "out", "borderline"):
        read = [row | {"label": judge if "filler" in row["title"] else row["label"]} for row in rows]
        labelling.apply(folder, [write_sheet(sheet, read)])
        ends[judge] = check(folder, "CN > US+AU+JP in 2024")["questions"][0]["figure"]
    assert all(ends[judge]["low"] == ends[judge]["high"] == ends[judge]["ratio"] for judge in ("in", "out"))
    assert ends["out"]["ratio"] == true_ratio(TRUTH)
    both = ends["borderline"]
    assert both["left_n"] == (ends["in"]["left_n"] + ends["out"]["left_n"]) / 2
    assert (both["low"], both["high"]) == pytest.approx((ends["out"]["ratio"], ends["in"]["ratio"]), abs=1e-5)


def test_an_audited_figure_is_listed_as_the_classifier_has_it(
    audited_run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """An estimate has no list: `show` gives that of the classifier's own row, says so, and names both numbers."""
    assert hold_figures(audited_run.folder) >= 2
    spec = next(row["spec_id"] for _, row in audited_run.curve.iterrows() if row["topic"] == "classifier_audited")
    shown = show(audited_run.folder, spec=spec, side="left")
    assert (shown.is_audited, shown.convention.topic) == (True, "classifier")
    assert shown.after_labels != shown.n == len(shown.units)
    assert main(["show", str(audited_run.path), "--spec", spec, "--side", "left"]) == 0
    assert "This is the classifier's own list" in capsys.readouterr().out
    assert "classifier_audited" not in set(audited_run.counts["topic"])


def test_another_claim_is_audited_for_the_years_drawn(audited_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` uses the labels for 2024 and any countries; for another year the audited reading is stopped."""
    for text, is_audited in (("CN > US in 2024", True), ("CN > US in 2022", False)):
        assert main(["check", str(audited_run.path), text, "--json"]) == 0
        claim = json.loads(capsys.readouterr().out)
        assert claim["questions"][0]["figure"]["is_audited"] == is_audited
        reasons = {one["reason"] for one in claim["stopped"]}
        assert ("labels were drawn for 2024, not for 2022" in reasons) != is_audited


# ---- Training ------------------------------------------------------------------------------------------------------


def test_training_labels_teach_and_never_count(plain_run: Run, tmp_path: Path) -> None:
    """Labels of a training sheet change the classifier's scores, and add no audited reading."""
    folder = find_run(str(_copy(plain_run, tmp_path)))
    before = pd.read_parquet(folder.file("scores.parquet"))
    sheet = tmp_path / "t.csv"
    labelling.draw(folder, sheet, per_country=15, aim="train")
    rows = fill_in(sheet, TRUTH)
    assert {row["aim"] for row in rows} == {"train"}
    taken = labelling.apply(folder, [write_sheet(sheet, rows[::-1])])
    done = pipeline.count_again(folder)
    assert taken.record.notes["labels"] == {"train": len(rows)}
    after = pd.read_parquet(folder.file("scores.parquet"))
    assert not before["score"].equals(after["score"])
    card = json.loads(folder.file("classifier.json").read_text(encoding="utf-8"))["card"]
    assert card["n_taught"] == len(rows)
    assert set(done.curve["topic"]) == {"strict", "classifier"}
    assert folder.skipped == ["publications", "holdings"]


def test_the_two_aims_never_mix(plain_run: Run, tmp_path: Path) -> None:
    """A family of an audit is neither drawn for training nor trained on; a run holds both kinds side by side."""
    folder = find_run(str(_copy(plain_run, tmp_path)))
    lesson = tmp_path / "lesson.csv"
    labelling.draw(folder, lesson, per_country=10, aim="train")
    audit = tmp_path / "audit.csv"
    labelling.draw(folder, audit, per_country=100)
    labelling.apply(folder, [write_sheet(audit, fill_in(audit, TRUTH))])
    drawn = {row["key"] for row in read_sheet(audit)}
    both = {row["key"] for row in read_sheet(lesson)} & drawn
    assert both
    taken = labelling.apply(folder, [write_sheet(lesson, fill_in(lesson, TRUTH))])
    assert sum(loss.count for loss in taken.record.dropped) == len(both)
    table = labels.stored(folder)
    assert table["family_id"].is_unique
    assert set(table["aim"]) == {"audit", "train"}
    second = tmp_path / "second.csv"
    labelling.draw(folder, second, per_country=10, aim="train")
    assert not {row["key"] for row in read_sheet(second)} & {label_sheet.key_of(name) for name in table["family_id"]}


def test_a_larger_draw_comes_with_the_labels_applied(audited_run: Run, tmp_path: Path) -> None:
    """After 100 labels a country, a draw of 120 asks only for the new ones."""
    rows = read_sheet(_drawn(audited_run, tmp_path, per_country=120))
    given = [row for row in rows if row["label"]]
    assert len(given) == audited_run.labels["rows_out"]
    assert all(row["label"] == ("in" if TRUTH[row["publications"]] else "out") for row in given)


def test_the_samples_own_labels_are_no_audit(sample_run: Run, tmp_path: Path) -> None:
    """The embedded sample comes with one reader's labels; they add no reading, and put no count right.

    Even when its families are drawn and labelled, the sample stays a sample.
    """
    judged = json.loads(sample_run.folder.file("classifier.json").read_text(encoding="utf-8"))
    assert judged["labels"]
    assert "classifier_audited" not in set(sample_run.curve["topic"])
    assert not sample_run.folder.file("labels.csv").exists()
    folder = find_run(str(_copy(sample_run, tmp_path)))
    sheet = tmp_path / "s.csv"
    labelling.draw(folder, sheet, per_country=500)
    rows = [row | {"label": "in"} for row in read_sheet(sheet)]
    labelling.apply(folder, [write_sheet(sheet, rows)])
    alone, labelled = (check(one, "CN > US in 2010..2020") for one in (sample_run.folder, folder))
    listed = [[question["listed"] for question in claim["questions"]] for claim in (alone, labelled)]
    assert listed[1] == [n * 7 / 6 for n in listed[0]]
    assert (labelled["verdict"], {question["judged"] for question in labelled["questions"]}) == ("not assessable", {0})


def test_draws_that_make_no_sense_are_refused(
    plain_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No classifier in the query, no family in the years, nothing to draw, a file in the way: each says what works."""
    with pytest.raises(UsageError, match="expected at least 1"):
        labelling.draw(plain_run.folder, tmp_path / "s.csv", per_country=0)
    with pytest.raises(NotEnoughEvidence, match="widen --years"):
        labelling.draw(plain_run.folder, tmp_path / "s.csv", per_country=5, years=(1950, 1960))
    (tmp_path / "s.csv").write_text("labels", encoding="utf-8")
    assert main(["label", "draw", str(plain_run.path), "--per-country", "5", "--out", str(tmp_path / "s.csv")]) == 2
    assert "there is a file already" in capsys.readouterr().err
    with pytest.raises(QueryError, match="labels add this reading by themselves"):
        Query.parse(TOPIC.replace("classifier = {", "classifier_audited = {"))


# ---- Agreement -----------------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=2, max_size=80))
def test_kappa_is_cohens(pairs: list) -> None:
    """Kappa equals scikit-learn's, and lies in its interval."""
    table = np.array([[sum(pair == (one, other) for pair in pairs) for other in LABELS] for one in LABELS])
    value, low, high = kappa(table)
    if value is None:
        assert len({label for pair in pairs for label in pair}) == 1
        return
    first, second = zip(*pairs, strict=True)
    assert value == pytest.approx(cohen_kappa_score(first, second, labels=list(LABELS)), abs=1e-6)
    assert low <= value <= high


def test_kappas_interval_is_the_one_of_many_draws() -> None:
    """The interval agrees with resampling the families 4,000 times."""
    table = np.array([[60, 6, 4], [5, 20, 5], [3, 7, 90]])
    value, low, high = kappa(table)
    cells = np.random.default_rng(0).multinomial(200, table.ravel() / 200, 4000).reshape(-1, 3, 3)
    drawn = [kappa(cell)[0] for cell in cells]
    assert (low, value, high) == pytest.approx((np.quantile(drawn, 0.025), value, np.quantile(drawn, 0.975)), abs=0.015)


def test_perfect_agreement_on_few_is_no_proof() -> None:
    """Two readers alike on 50 families may still differ; one label throughout says nothing of agreement."""
    assert kappa(np.diag([25, 0, 25])) == (1, pytest.approx(0.857, abs=0.001), 1)
    assert kappa(np.diag([50, 0, 0])) == (None, None, None)


def test_agree_compares_two_sheets(plain_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`label agree` gives kappa overall and by country, and a table with borderline as a label of its own."""
    path = _drawn(plain_run, tmp_path)
    first = write_sheet(tmp_path / "a.csv", fill_in(path, TRUTH))
    judge = {0: "", 1: "borderline", 2: "borderline"}
    second = write_sheet(tmp_path / "b.csv", fill_in(path, TRUTH, judge.get))
    assert main(["label", "agree", str(first), str(second), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    overall = found["overall"]
    n = len(read_sheet(path))
    assert (overall["families"], overall["agreed"], found["only_first"], found["only_second"]) == (n - 1, n - 3, 1, 0)
    assert overall["table"]["in_borderline"] + overall["table"]["out_borderline"] == 2
    assert overall["low"] < overall["kappa"] < overall["high"] <= 1
    assert set(found["by"]) == {"CN", "US", "JP", "AU"}
    assert main(["label", "agree", str(first), str(second)]) == 0
    assert "kappa" in capsys.readouterr().out
    empty = write_sheet(tmp_path / "c.csv", read_sheet(path))
    assert main(["label", "agree", str(first), str(empty)]) == 1
    assert "no family has a label in both" in capsys.readouterr().err
