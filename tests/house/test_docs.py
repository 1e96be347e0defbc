"""The documents: every command in them works, every link leads somewhere, and what they say of the code is so."""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from patentscope import Run
from patentscope.aggregate.audit import labels
from patentscope.cli import main
from patentscope.cli.parser import make_parser
from patentscope.fetch import stated
from patentscope.fetch.catalogue import NETWORK
from patentscope.records.offices import office_codes
from patentscope.report import known

from places import ROOT
from worlds import sheets

TEXTS = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
}
#: Words in capitals that stand for a user's own file, run or number.
_PLACEHOLDER = re.compile(r"[A-Z]+(_[A-Z]+)*(\.\w+)?")
#: What to put in place of those that must be numbers or dates.
_NUMBERS = {"N": "5", "YEAR": "2024", "DATE": "2024-12-31", "SHARE": "0.01", "GIB": "1"}
#: Verbs that need what no test has: a network, exported files, labelled texts, two runs, sheets filled in by a reader.
_OUTSIDE = {"fetch", "import", "evaluate", "diff", "label apply", "label agree"}


def parsers() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of every verb, and of every part of a verb that has parts (`label draw`)."""

    def below(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for verb, child in action.choices.items():
                    yield f"{name} {verb}".strip(), child
                    yield from below(child, f"{name} {verb}")

    return dict(below(make_parser(), ""))


VERBS = parsers()


def examples(parser: argparse.ArgumentParser) -> list[str]:
    """Return the commands that a help ends with."""
    return [line.strip() for line in str(parser.epilog).splitlines() if line.startswith("  ")]


def blocks(text: str) -> str:
    """Return the code blocks of a Markdown text, one after the other."""
    return "\n".join(re.findall(r"^ *```\w*\n(.*?)^ *```", text, flags=re.MULTILINE | re.DOTALL))


def shown() -> dict[str, str]:
    """Return every command in the documents' code blocks and in the examples of the help, and where it stands."""
    lines = [(name, line) for name, text in TEXTS.items() for line in blocks(text).splitlines()]
    lines += [(f"{verb} --help", line) for verb, one in {"": make_parser(), **VERBS}.items() for line in examples(one)]
    places: dict[str, str] = {}
    for place, line in lines:
        if line.strip().startswith("patentscope "):
            text = re.split(r"\s{2,}", line.strip())[0]
            places[text] = f"{places[text]}, {place}" if text in places else place
    return places


def words_of(command: str) -> list[str]:
    """Return the words after `patentscope`, up to where a shell would take over."""
    words = shlex.split(command)[1:]
    ends = [place for place, word in enumerate(words) if word in {">", ">>", "|", "&&", "#"}]
    return words[: ends[0]] if ends else words


def verb_of(words: Sequence[str]) -> str:
    """Return the verb of a command, with its part where it has parts."""
    return next((name for name in (" ".join(words[:2]), words[0]) if name in VERBS), words[0])


SYNOPSES = {text: place for text, place in shown().items() if "[" in text}
COMMANDS = {text: place for text, place in shown().items() if "[" not in text}


def can_run(command: str) -> bool:
    """Say whether a command needs neither a network nor anything that a reader would have to bring."""
    words = words_of(command)
    if any(_PLACEHOLDER.fullmatch(word) and word not in office_codes() for word in words[1:]):
        return False
    return "--sample" in words if words[0] == "run" else "--sql" in words or verb_of(words) not in _OUTSIDE


@pytest.fixture(scope="module")
def desk(sample_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader has it who ran the sample once: the run under its name, exported files, and no query."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(sample_run.path, folder / "runs" / "rare-earth-recycling")
    for name in ("lens.csv", "google.csv"):
        (folder / name).write_text(sheets.text_of(sheets.LENS, sheets.lens()), encoding="utf-8")
    return folder


def test_every_command_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    """Every command parses, placeholders included: its verb, its options and the number of its arguments are right."""
    for command, place in COMMANDS.items():
        try:
            assert make_parser().parse_args([_NUMBERS.get(word, word) for word in words_of(command)]).command
        except SystemExit:
            pytest.fail(f"{place}: {command}\n{capsys.readouterr().err}")
    pages = set(", ".join(COMMANDS.values()).split(", "))
    assert {"README.md", "docs/tutorial.md", *(name for name in TEXTS if name.startswith("docs/sources/"))} <= pages
    assert len(COMMANDS) > 50


@pytest.mark.parametrize("command", list(SYNOPSES))
def test_a_synopsis_names_what_is_there(command: str) -> None:
    """A synopsis names an existing verb, options that it has, and no argument in capitals that it hasn't."""
    words = re.sub(r"[\[\]|]|\.\.\.", " ", command).split()[1:]
    verb = VERBS[verb_of(words)]
    assert {word for word in words if word.startswith("--")} <= {o for a in verb._actions for o in a.option_strings}
    named = [str(action.metavar) for action in verb._actions if not action.option_strings and action.metavar]
    arguments = {word for metavar in named for word in re.findall(r"[A-Z][\w.]*", metavar)}
    first = re.split(r"[\[\"]|--", command)[0].split()[1 + len(verb_of(words).split()) :]
    assert {word for word in first if word.isupper()} <= arguments


@pytest.mark.parametrize("command", list(filter(can_run, COMMANDS)))
def test_a_command_that_needs_nothing_does_what_it_says(
    command: str, desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command that needs no network is run on the sample, and succeeds."""
    monkeypatch.chdir(desk)
    before = {*Path().glob("*")}
    assert main(words_of(command)) == 0, capsys.readouterr().err
    for made in {*Path().glob("*.*"), *Path("queries").glob("*")} - before:
        made.unlink()
    out = capsys.readouterr().out
    assert out
    assert not out.startswith("0 for "), "an example that shows nothing"


def test_what_is_not_run_needs_something() -> None:
    """What the test above leaves out asks a network, or holds a placeholder or a file that only a reader has."""
    for command in COMMANDS:
        words = words_of(command)
        own = any(_PLACEHOLDER.fullmatch(word) for word in words)
        asks = "--source" in words or "--input" in words or verb_of(words) in _OUTSIDE
        assert can_run(command) or own or asks or words[0] == "run", command


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_has_help_and_a_place_in_the_readme(verb: str) -> None:
    """Each verb is explained in the help and shown in the README's code; so is every option in the help."""
    text, parser = blocks(TEXTS["README.md"]), VERBS[verb]
    first, *parts = verb.split()
    assert re.search(rf"^ *patentscope {first}\b", text, flags=re.MULTILINE), f"README.md shows no {verb}"
    assert all(part in text for part in parts)
    assert examples(parser)
    assert all(example.startswith(f"patentscope {verb}") for example in examples(parser))
    assert parser.format_help()
    for action in parser._actions:
        assert action.help or isinstance(action, argparse._SubParsersAction), action
    (listed,) = [action for action in make_parser()._actions if isinstance(action, argparse._SubParsersAction)]
    assert {entry.dest for entry in listed._choices_actions if entry.help} == set(listed.choices)


def test_every_link_leads_somewhere_and_every_page_is_linked() -> None:
    """Relative links lead to files and headings that exist, all others are https; the README leads to every page."""
    reached: set[str] = set()
    waiting = ["README.md"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        for target in re.findall(r"\]\(([^)\s]+)\)", TEXTS[name]):
            if target.startswith("https://"):
                continue
            page, _, heading = target.partition("#")
            path = ((ROOT / name).parent / page).resolve() if page else ROOT / name
            assert path.is_file(), f"{name}: {target}"
            linked = str(path.relative_to(ROOT))
            assert not heading or heading in headings(TEXTS[linked]), f"{name}: {target}"
            if linked in TEXTS and linked not in reached:
                waiting.append(linked)
    assert set(TEXTS) == reached


def headings(text: str) -> set[str]:
    """Return the names under which a page's headings can be linked to, as GitHub makes them."""
    written = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in written}


def test_every_source_has_a_page_with_its_names() -> None:
    """Each source's page gives the names that `--source` and the environment take."""
    pages = {name: TEXTS[f"docs/sources/{name.split('-')[0]}.md"] for name in NETWORK}
    for name in NETWORK:
        assert f"`{name}`" in pages[name]
        assert f"`{name}`" in TEXTS["README.md"]
    assert all(key in pages[name] for name, card in NETWORK.items() for names in card.key_names for key in names)


def described(heading: str) -> dict[str, str]:
    """Return what docs/run-folder.md says of each column or key below a heading: its name and its line."""
    below = TEXTS["docs/run-folder.md"].split(f"# {heading}\n")[1]
    text = re.split(r"^##", below, maxsplit=1, flags=re.MULTILINE)[0]
    return dict(re.findall(r"^\| `([^`]+)` \|(.*)\|$", text, flags=re.MULTILINE))


@pytest.mark.parametrize(
    "name", re.findall(r"^## (\S+\.(?:csv|parquet))$", TEXTS["docs/run-folder.md"], flags=re.MULTILINE)
)
def test_columns_are_as_documented(sample_run: Run, name: str) -> None:
    """docs/run-folder.md names every column of a run's tables, in their order; `<group>` stands for a query's names."""
    path = sample_run.folder.file(name)
    optional = {"labels.csv": labels._COLUMNS, "known.csv": known.COLUMNS, "stated.csv": stated.COLUMNS}
    if name in optional:  # a run that nobody labelled, that was given no list, with no counts kept, has none
        columns = list(optional[name])
    else:
        columns = pq.read_schema(path).names if path.suffix == ".parquet" else list(pd.read_csv(path, nrows=0))
    forms = [(column, re.sub("<CODE>", "[A-Z]{2}", column)) for column in described(name)]
    families = [(re.sub(r"<\w+>", r"\\w[\\w+]*", form), column) for column, form in forms]
    named = [next((text for form, text in families if re.fullmatch(form, column)), column) for column in columns]
    assert list(dict.fromkeys(named)) == list(described(name))


@pytest.mark.parametrize(
    "heading", re.findall(r"^##+ (\S+\.json(?:: .+)?)$", TEXTS["docs/run-folder.md"], flags=re.MULTILINE)
)
def test_keys_are_as_documented(sample_run: Run, made_run: Run, heading: str) -> None:
    """docs/run-folder.md names every key of a run's JSON files; one that may be missing is said to be `Only` there."""
    name, _, parts = heading.partition(": ")
    run = made_run if name == "verdict.json" else sample_run  # the sample has no answer
    objects: list[Any] = [json.loads(run.folder.file(name).read_text(encoding="utf-8"))]
    for part in re.findall(r"\w+", parts):
        objects = [entry for one in objects for entry in one[part]]
    keys = set(chain.from_iterable(objects))
    known = described(heading)
    assert keys <= set(known)
    assert {key for key, text in known.items() if not text.strip().startswith("Only ")} <= keys


def test_files_of_a_run_are_documented(sample_run: Run) -> None:
    """Every file of a run has its line in docs/run-folder.md's first table."""
    listed = re.findall(r"^\| \[?([\w.-]+\.\w+)[\]|(  ]", TEXTS["docs/run-folder.md"], flags=re.MULTILINE)
    made = {path.name for path in sample_run.path.iterdir() if path.is_file()}
    assert set(listed) == made | {"labels.csv", "known.csv", "stated.csv"}


def test_tables_in_the_engine_are_documented() -> None:
    """docs/engine-tables.md names every table that the aggregation makes in the engine."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "patentscope/aggregate").rglob("*.py"))
    made = set(re.findall(r"engine\.(?:make|view|put|take)\(\s*\"(\w+)\"", source))
    for names in re.findall(r"for table in \(([^)]+)\)", source):
        made |= {f"{name}_<" for name in re.findall(r"\w+", names)}
    assert made <= set(re.findall(r"`(\w+<?)", TEXTS["docs/engine-tables.md"]))
    assert len(made) > 20


def test_what_the_papers_name_is_there() -> None:
    """Every module and test that a page names exists; ARCHITECTURE has every folder, and METHODS' sections."""
    files = [path.relative_to(ROOT).as_posix() for place in ("patentscope", "tests", "benchmarks", "fuzz", "docs")
             for path in (ROOT / place).rglob("*.*")]  # fmt: skip
    for name, text in TEXTS.items():
        for path in re.findall(r"(?<![\w/.-])(\w[\w/.-]*\.(?:py|j2))\b", text):
            assert "NAME" in path or any(f"/{file}".endswith(f"/{path}") for file in files), f"{name}: {path}"
        for path, test in re.findall(r"(tests/[\w/]+\.py)::(\w+)", text):
            assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), f"{name}: {test}"
    tree = blocks(TEXTS["ARCHITECTURE.md"])
    folders = [path for path in (ROOT / "patentscope").rglob("*") if path.is_dir() and (path / "__init__.py").is_file()]
    assert all(re.search(rf"\b{folder.name}/", tree) for folder in folders)
    sections = re.findall(r"^## (\d+)\. ", TEXTS["METHODS.md"], flags=re.MULTILINE)
    assert re.findall(r"^\| (\d+) ", TEXTS["ARCHITECTURE.md"], flags=re.MULTILINE) == sections


def texts(picture: Path) -> list[str]:
    """Return the words and figures that a picture shows."""
    return re.findall(r"<text[^>]*>([^<]+)</text>", picture.read_text(encoding="utf-8"))


def test_the_picture_is_one_that_the_program_makes(made_run: Run, tmp_path: Path) -> None:
    """The README's picture is a chart of the made run as it is drawn now, small, and without a path of a machine."""
    import vl_convert  # noqa: PLC0415 - as in the package

    picture = ROOT / "docs" / "picture.svg"
    (name,) = re.findall(r"charts/([\w-]+)\.svg docs/picture.svg", (ROOT / "Makefile").read_text(encoding="utf-8"))
    chart = made_run.charts.counted(name.removeprefix("counted-"))
    (tmp_path / "drawn.svg").write_text(vl_convert.vegalite_to_svg(json.dumps(chart.to_dict())), encoding="utf-8")
    assert texts(picture) == texts(tmp_path / "drawn.svg"), "run: make docs"
    assert picture.stat().st_size < 150_000
    assert not re.search(r"/(home|root|mnt|Users|tmp)/", picture.read_text(encoding="utf-8"))
    assert re.findall(r"!\[([\d,]+) ways .*\]\(docs/picture.svg\)", TEXTS["README.md"]) == [
        texts(picture)[-1].split()[0]
    ]


def test_every_dependency_has_its_reason() -> None:
    """ARCHITECTURE.md names every package that is installed, and none that isn't."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = dict(project["optional-dependencies"])
    tools = extras.pop("dev")
    wanted = {re.split(r"[<>=\[]", entry)[0] for entry in [*project["dependencies"], *chain(*extras.values())]}
    text = TEXTS["ARCHITECTURE.md"].split("## What it is built on")[1].split("\n## ")[0]
    table = "".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| ")).replace(", ", " ")
    named = {word.lower() for word in re.sub(r"\(.*?\)", " ", table).split()}
    assert named - {"dependency"} == {name.lower() for name in wanted}
    for entry in tools:
        assert re.split(r"[<>=\[]", entry)[0] in text


def test_the_reference_is_what_the_docstrings_say() -> None:
    """docs/reference.md is as `python docs/reference.py` writes it now, and has every public name."""
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = TEXTS["docs/reference.md"]
    assert module.reference() == written, "run: python docs/reference.py"
    assert re.findall(r"^## (\w+)$", written, flags=re.MULTILINE)[:6] == module.patentscope.__all__


def test_pages_are_short_and_name_no_machine() -> None:
    """The README has at most 200 lines; no page names a path of somebody's machine."""
    assert len(TEXTS["README.md"].splitlines()) <= 200
    for name, text in TEXTS.items():
        assert not re.search(r"(?<![\w.:/-])/(work|tmp|home|root|mnt|Users)/", text), name
