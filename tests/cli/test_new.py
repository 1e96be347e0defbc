"""`new`: a query to start from that works as it is, and spoils nothing."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest

from patentscope import Query, run
from patentscope.cli import main
from patentscope.cli.verbs_new import query_text
from patentscope.errors import QueryError, UsageError
from patentscope.query.convention import AXES
from patentscope.query.query import Thresholds
from patentscope.query.shipped import file_of, shipped
from patentscope.records import store

from factories import make_publication


def unknown_keys_are_answered_with(text: str, place: str) -> set[str]:
    """Return the keys that are known at a place of a query, as the fault of an unknown one lists them."""
    with pytest.raises(QueryError) as caught:
        Query.parse(text)
    (fault,) = [fault for fault in caught.value.faults if fault.where == place]
    return set(fault.expected.removeprefix("known here: ").split(", "))


def test_what_new_writes_is_a_query(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`new NAME` writes ./queries/NAME.toml, which loads at once under that name; the path alone is on stdout.

    `--json` prints one document with the file and the commands that come next.
    """
    monkeypatch.chdir(tmp_path)
    assert main(["new", "heat-pumps"]) == 0
    captured = capsys.readouterr()
    path = Path(captured.out.strip())
    assert path == Path("queries/heat-pumps.toml")
    query = Query.load(path)
    assert (query.name, query.title, len(query.claims)) == ("heat-pumps", "Heat pumps", 1)
    assert f"patentscope run {path}" in captured.err
    assert "@" not in path.read_text(encoding="utf-8")
    assert main(["new", "mine", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["query"] == "queries/mine.toml"
    assert all(command.startswith("patentscope ") for command in document["next"])


def test_what_comes_next_is_in_columns(tmp_path, monkeypatch, capsys) -> None:
    """However long the name, each command stands apart from what it does, and each sentence on a line of its own."""
    monkeypatch.chdir(tmp_path)
    assert main(["new", "recycling-of-lithium-ion-batteries-and-cells"]) == 0
    first, second, *steps = capsys.readouterr().err.splitlines()
    assert first.endswith(".")
    assert second.endswith("then:")
    assert len(steps) == 3
    assert all(len(re.split(r"\s{2,}", step.strip())) == 2 for step in steps)
    assert len({step.index(re.split(r"\s{2,}", step.strip())[1]) for step in steps}) == 1


def test_what_new_writes_runs(tmp_path: Path) -> None:
    """The example in it is counted and held against records without any change."""
    path = tmp_path / "mine.toml"
    assert main(["new", "mine", "--out", str(path)]) == 0
    rows = [make_publication("CN118000001A", title="热泵供暖系统", cpc=("F25B30/02", "F24D3/18"))]
    rows += [make_publication("DE102022000001A1", title="Heat pump for room heating", publication_date="2023-05-01")]
    store.write(store.to_table(rows), tmp_path / "in.parquet")
    done = run(Query.load(path), inputs=[tmp_path / "in.parquet"], out=tmp_path / "run")
    scores = store.read(done.folder.file("scores.parquet")).to_pandas()
    assert scores["in_topic_terms"].tolist() == [True, True]
    assert sorted(scores["in_topic_class_strict"]) == [False, True]
    assert [claim["verdict"] for claim in done.verdicts] == ["not assessable"]


def test_every_key_is_explained() -> None:
    """Every key that a query may have, every axis, every level and every threshold with its default stands in it."""
    text = query_text("mine")
    commented = re.sub(r"^# (?=[a-z_\[]+ ?[=\]])", "", text, flags=re.MULTILINE)
    for place, spoiled in {
        "unknown": text.replace('\nname = "', '\nunknown = 1\nname = "'),
        "scope.unknown": text.replace("[scope]\n", "[scope]\nunknown = 1\n"),
        "topic.unknown": text.replace("[topic.classes]\n", "[topic.unknown]\n[topic.classes]\n"),
        "topic.terms.unknown": text.replace("[topic.terms.en]\n", "[topic.terms.unknown]\n[topic.terms.en]\n"),
        "axes.unknown": text.replace("[axes]\n", "[axes]\nunknown = []\n"),
        "claims[0].unknown": text.replace("[[claims]]\nid", "[[claims]]\nunknown = 1\nid"),
        "topic.readings.broad.unknown": text.replace("{ any =", "{ unknown = 1, any ="),
    }.items():
        for key in unknown_keys_are_answered_with(spoiled, place):
            assert re.search(rf"(?<![\w-]){key}\b", text), (place, key)
    for levels in AXES.values():
        assert all(f'"{level}"' in text for level in levels)
    stated = dict(re.findall(r"^(\w+) = ([\d.]+) +# ", commented[commented.index("[thresholds]") :], re.MULTILINE))
    assert {name: float(value) for name, value in stated.items()} == asdict(Thresholds())


def test_commented_keys_are_right_too() -> None:
    """What is commented out can be put in as it stands."""
    text = query_text("mine").replace("# said_on", "said_on").replace("# exceeds_by", "exceeds_by")
    text = text.replace("# tolerance", "tolerance").replace("# [thresholds]", "[thresholds]")
    head, tail = text.split("[thresholds]")
    uncommented = re.sub(r"^# ", "", tail, flags=re.MULTILINE)
    query = Query.parse(f"{head}[thresholds]{uncommented}")
    assert (query.claims[0].ratio, query.claims[0].tolerance, str(query.claims[0].said_on)) == (1.73, 0.1, "2024-06-30")
    assert query.thresholds == Thresholds()


@pytest.mark.parametrize("name", shipped())
def test_a_copy_is_the_query_that_ships(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`new --from` copies a query and the tables that it names, byte for byte; then its name means the copy.

    Under another name it differs in that name alone.
    """
    monkeypatch.chdir(tmp_path)
    assert main(["new", "--from", name]) == 0
    assert main(["new", "mine", "--from", name, "--out", "here.toml"]) == 0
    model = shipped()[name]
    copies = sorted(Path("queries").iterdir())
    assert {path.name: path.read_bytes() for path in copies} == {
        path.name: path.read_bytes() for path in model.parent.glob(f"{name}.*")
    }
    assert file_of(name) == Path("queries") / f"{name}.toml"
    text = Path("here.toml").read_text(encoding="utf-8")
    assert text.replace('name = "mine"', f'name = "{name}"', 1) == model.read_text(encoding="utf-8")
    assert Query.load("here.toml").name == "mine"


def test_a_copy_spoils_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    """Two copies beside each other share an untouched table; one that was edited stays, and nothing else is written."""
    monkeypatch.chdir(tmp_path)
    model = "rare-earth-recycling"
    assert main(["new", "one", "--from", model]) == 0
    assert main(["new", "two", "--from", model]) == 0
    table = Path("queries") / f"{model}.published.csv"
    table.write_text("mine", encoding="utf-8")
    assert main(["new", "three", "--from", model]) == 2
    assert f"{table}: it is there already" in capsys.readouterr().err
    assert table.read_text(encoding="utf-8") == "mine"
    assert not Path("queries/three.toml").exists()


def test_a_name_stands_for_a_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file at the path goes first, then one of ./queries, then the one that ships; an unknown name lists these."""
    monkeypatch.chdir(tmp_path)
    name = "rare-earth-recycling"
    assert Query.load(name).title == "Recycling of rare earths"
    Path("queries").mkdir()
    Path("queries", f"{name}.toml").write_text(query_text("in-queries"), encoding="utf-8")
    assert Query.load(name).name == "in-queries"
    Path(name).write_text(query_text("at-the-path"), encoding="utf-8")
    assert Query.load(name).name == "at-the-path"
    with pytest.raises(QueryError, match=", ".join(shipped())):
        Query.load("rare-earths")
    with pytest.raises(QueryError, match="nothing at this path"):
        Query.load(f"elsewhere/{name}")


def test_new_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is there stays as it is, and the message says what works."""
    path = tmp_path / "mine.toml"
    path.write_text("mine", encoding="utf-8")
    assert main(["new", "mine", "--out", str(path)]) == 2
    assert path.read_text(encoding="utf-8") == "mine"
    assert "there already, and left as it is" in capsys.readouterr().err
    assert main(["new", "mine", "--out", str(path / "below.toml")]) == 2
    assert "can't be written" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["../up", "a/b", "/etc/passwd", "Heat", "a b", "a\n", "", ".", "é", 'a"', "a" * 65])
def test_a_name_is_no_path(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could lead out of the folder, or break the file, is refused before anything is written."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="expected small letters"):
        query_text(name)
    assert main(["new", name]) == 2
    assert list(tmp_path.iterdir()) == []
