"""`check` of exported files: from the files and a sentence to an answer, and what is said where that can't be."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from patentscope.cli import main
from patentscope.provenance.run_folder import RunFolder
from patentscope.query.made import is_made

from factories import QUERY
from worlds import sheets

CLAIM = "CN > US in 2020"


def lens(number: str, title: str, **cells: str) -> list[str]:
    """Return a row of a Lens export: a document of its own, filed and published in 2020."""
    office = number[:2]
    application = f"{office} 2020{number.split()[1][-6:]} A"
    own = {"Priority Numbers": "", "Application Number": application, "Application Date": "2020-01-02"}
    dates = {"Publication Date": "2020-06-01", "Publication Year": "2020", "Earliest Priority Date": "2020-01-02"}
    return sheets.lens(number, Title=title, URL=f"https://lens.org/{number}", **{**own, **dates, **cells})


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one export: five Chinese documents and four American ones, three of each on recycling."""
    rows = [lens(f"CN 11000000{n} A", "Recycling of rare earth magnets" if n < 3 else "A chair") for n in range(5)]
    rows += [lens(f"US 2020/000{n}123 A1", "Recyclate of rare earths" if n < 3 else "A pen") for n in range(4)]
    (tmp_path / "Lens Export.csv").write_text(sheets.text_of(sheets.LENS, *rows), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def entry_of(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    """Return what a command prints as JSON."""
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_files_and_a_claim_give_an_answer_and_a_run(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One command counts every record, prints the answer, and leaves a run that every other verb takes."""
    assert main(["check", "Lens Export.csv", CLAIM, "--complete"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("9 publications of 9 inventions; ")
    assert out.endswith("Report: runs/lens-export/report.html\n")
    assert "5 against 4" in out
    run = RunFolder.existing(desk / "runs" / "lens-export")
    assert is_made(run.state["query"]["text"])
    assert entry_of(capsys, "check", "lens-export", "US < CN in 2020")["verdict"]
    assert entry_of(capsys, "show", "lens-export", "--side", "left", "--question", "market")["n"] == 5
    for command in ("verify", "report"):
        assert main([command, "lens-export"]) == 0
    assert main(["label", "draw", "lens-export", "--per-country", "9", "--out", "sheet.csv"]) == 0
    sheet = (desk / "sheet.csv").read_text(encoding="utf-8-sig").splitlines()
    head, *rows = sheet
    (desk / "sheet.csv").write_text("\n".join([head, *(row.replace(',""', ',"in"', 1) for row in rows)]), "utf-8")
    assert main(["label", "apply", "lens-export", "sheet.csv"]) == 0
    assert "topic 1" not in capsys.readouterr().out.rpartition("Evidence: ")[2]


def test_a_topic_narrows_by_words(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counted are records that hold every part of the topic; all that were given are counted beside, never judged."""
    entry = entry_of(capsys, "check", "Lens Export.csv", CLAIM, "--topic", "rare earth, scandium; recycl*")
    assert {(one["left_n"], one["right_n"]) for one in entry["questions"] if one["judged"]} == {(3, 3)}
    run = RunFolder.existing(desk / "runs" / "lens-export")
    notes = run.stage("classify")["notes"]  # type: ignore[index]
    assert (notes["families in words"], notes["families in records"]) == (6, 9)
    assert main(["check", "Lens Export.csv", CLAIM, "--topic", "pizza"]) == 0
    said = capsys.readouterr()
    assert "None holds the words of the topic: pizza" in said.out
    assert "held the answer on" not in said.err
    assert main(["check", "Lens Export.csv", "US > CN in 2020"]) == 0
    assert f"runs/lens-export held the answer on “{CLAIM}”, which is replaced" in capsys.readouterr().err


def test_the_commands_that_it_prints_work_as_they_stand(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command under the answer is given again as printed, with a number for N; none asks for a query file."""
    assert main(["check", "Lens Export.csv", CLAIM, "--topic", "rare earth"]) == 0
    printed = [line.strip() for line in capsys.readouterr().out.splitlines() if line.strip().startswith("patentscope ")]
    assert any("--stated-total N --complete" in line for line in printed)
    assert any(line.startswith("patentscope show ") for line in printed)
    for line in printed:
        assert "QUERY" not in line
        assert main([{"N": "9", "SHEET.csv": "new.csv"}.get(word, word) for word in shlex.split(line)[1:]]) == 0, line


def test_options_may_stand_anywhere_and_a_claim_is_the_last_of_the_rest(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the files, between them and the claim, or behind it, an option says the same."""
    lines = (
        ["--topic", "rare earth", "Lens Export.csv", CLAIM],
        ["Lens Export.csv", "--topic", "rare earth", CLAIM],
        ["Lens Export.csv", CLAIM, "--topic", "rare earth"],
    )
    found = [entry_of(capsys, "check", *line) for line in lines]
    assert found[0] == found[1] == found[2]
    assert str(desk) not in json.dumps(found)


def test_the_day_of_a_claim_is_counted_too(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--said-on` goes with files and with a run; what was published later is not counted as of that day."""
    line = ["Lens Export.csv", CLAIM, "--said-on", "2020-05-01"]
    assert entry_of(capsys, "check", *line)["said_on"] == "2020-05-01"
    assert entry_of(capsys, "check", "lens-export", CLAIM, "--said-on", "2020-05-02")["said_on"] == "2020-05-02"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], 'patentscope check lens.csv "CN > US+AU+JP by 73% in 2024"'),
        (["Lens Export.csv"], 'patentscope check "Lens Export.csv" "CN > US'),
        ([CLAIM, "Lens Export.csv"], f'patentscope check "Lens Export.csv" "{CLAIM}"'),
        (["Lens Export.csv", "--complete", CLAIM], f'patentscope check "Lens Export.csv" "{CLAIM}" --complete'),
        (["--complete", "Lens Export.csv", CLAIM], f'patentscope check "Lens Export.csv" "{CLAIM}" --complete'),
        (["Lens Exprt.csv", CLAIM], "no such file; did you mean Lens Export.csv?"),
        (["lens.csv", CLAIM], f'and to export:\n  patentscope check "{CLAIM}"'),
        (["Lens Export.csv", "other.csv", CLAIM], "other.csv: no such file"),
        (["header.csv", CLAIM], "nothing holds more than its header"),
        (["Lens Export.csv", "CN", "in", "2020"], "CN: no such file; the claim stands last, in quotes"),
        (["q.toml", CLAIM], "patentscope run q.toml --input lens.csv"),
        (["theirs", CLAIM, "--topic", "x", "--out", "y"], "--topic, --out: said of files"),
        (["theirs", "Lens Export.csv", CLAIM], "theirs is a run, the rest are files"),
        (["nothing-here", CLAIM], "no run at this path or under ./runs; runs here: theirs"),
        (["empty.csv", CLAIM], "empty file"),
        (["text.csv", CLAIM], "no header known here"),
        ([".", CLAIM], "found a folder"),
        ([CLAIM], f'patentscope check "{CLAIM}" --topic '),
        ([CLAIM, "--topic", ";"], "nothing in part 1 of 2"),
        (["Lens Export.csv", CLAIM, "--topic", " "], "expected the words of the topic"),
        (["Lens Export.csv", "x" * 1000], "the claim"),
        (["Lens Export.csv", "--said-on", "2021-01-01"], "--said-on 2021-01-01"),
        (["Lens Export.csv", CLAIM, "--out", "runs/theirs"], "--out runs/theirs-check"),
        (["Lens Export.csv", CLAIM, "--out", "."], "--out check"),
    ],
)
def test_what_cant_be_checked_is_said_with_what_would_work(
    words: list[str], said: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A forgotten or swallowed claim, a swapped order, what is no export: one message, exit 1 or 2, nothing written."""
    (desk / "q.toml").write_text(QUERY, encoding="utf-8")
    (desk / "empty.csv").touch()
    (desk / "header.csv").write_text(sheets.text_of(sheets.LENS), encoding="utf-8")
    (desk / "text.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (desk / "runs" / "theirs").mkdir(parents=True)
    theirs = {"query": {"name": "theirs", "text": QUERY}, "stages": []}
    (desk / "runs" / "theirs" / "run.json").write_text(json.dumps(theirs), encoding="utf-8")
    before = {path: path.read_bytes() for path in (desk / "runs").rglob("*") if path.is_file()}
    capsys.readouterr()
    assert main(["check", *words]) in {1, 2}
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error
    assert {path: path.read_bytes() for path in (desk / "runs").rglob("*") if path.is_file()} == before


def test_without_a_file_the_searches_are_printed(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A claim and a topic give the searches to paste, and a line that counts the file that comes of them."""
    asked = entry_of(capsys, "check", CLAIM, "--topic", "rare earth; recycl*")
    assert asked["searches"]
    assert shlex.split(asked["next"])[-3:] == [CLAIM, "--topic", "rare earth; recycl*"]
    assert main(["check", CLAIM, "--topic", "rare earth; recycl*"]) == 0
    assert asked["next"] in capsys.readouterr().out
    assert not (desk / "runs").exists()


def test_a_list_of_a_thousand_rows_is_said_to_be_cut(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An export of just so many rows as a site gives at most is told, and how to go on."""
    rows = [lens(f"CN {110000000 + n} A", "A chair") for n in range(1000)]
    (desk / "all.csv").write_text(sheets.text_of(sheets.LENS, *rows), encoding="utf-8")
    assert main(["check", "all.csv", CLAIM]) == 0
    assert "cut: sites end their lists at this number" in capsys.readouterr().out
