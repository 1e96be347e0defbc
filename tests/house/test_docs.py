"""The documents: every command that they show is one that works, every link leads somewhere, nothing is out of date."""

from __future__ import annotations

import argparse
import importlib.util
import re
import shlex
import shutil
import tomllib
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest

from patentscope import Run
from patentscope.cli import main
from patentscope.cli.parser import make_parser
from patentscope.fetch.catalogue import NETWORK
from patentscope.records.offices import is_office

from places import ROOT

README = ROOT / "README.md"
DOCUMENTS = [README, ROOT / "METHODS.md", *sorted((ROOT / "docs").rglob("*.md"))]
QUERIES = [ROOT / path for path in re.findall(r"\]\((queries/[\w-]+\.toml)\)", README.read_text(encoding="utf-8"))]
#: Words in capitals that stand for a user's own file, run or number.
_PLACEHOLDER = re.compile(r"[A-Z]+(_[A-Z]+)*(\.\w+)?")
#: What to put in place of those that must be numbers or dates.
_NUMBERS = {"N": "5", "YEAR": "2024", "DATE": "2024-12-31", "SHARE": "0.01", "GIB": "1"}
#: What a verb needs that no test has: another party, or files of the reader's own.
_OUTSIDE = {
    "fetch": "a network",
    "import": "exported files",
    "evaluate": "labelled texts",
    "diff": "two runs",
    "label apply": "a filled sheet",
    "label agree": "two readers' sheets",
}


@dataclass(frozen=True)
class Shown:
    """A command as a document shows it, without the words of explanation behind it."""

    place: str
    text: str

    @property
    def is_synopsis(self) -> bool:
        """Whether it says what may be written, and is not itself a command."""
        return "[" in self.text

    @property
    def words(self) -> list[str]:
        """The words after `patentscope`, up to where a shell would take over."""
        words = shlex.split(self.text)[1:]
        ends = [place for place, word in enumerate(words) if word in {">", ">>", "|", "&&", "#"}]
        return words[: ends[0]] if ends else words


def parsers() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of every verb, and of every part of a verb that has parts (`label draw`)."""

    def below(parser: argparse.ArgumentParser, name: str) -> dict[str, argparse.ArgumentParser]:
        found = {name.strip(): parser}
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for verb, child in action.choices.items():
                    found |= below(child, f"{name} {verb}")
        return found

    return {name: parser for name, parser in below(make_parser(), "").items() if name}


HELP = {"": make_parser(), **parsers()}


def examples(parser: argparse.ArgumentParser) -> list[str]:
    """Return the commands that a help ends with."""
    return [line.strip() for line in str(parser.epilog).splitlines() if line.startswith("  ")]


def blocks(text: str) -> str:
    """Return the code blocks of a Markdown text, one after the other."""
    return "\n".join(re.findall(r"^```\w*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL))


def shown() -> list[Shown]:
    """Return every command in the documents' code blocks, and in the examples of the help."""
    lines = [
        (str(path.relative_to(ROOT)), line)
        for path in DOCUMENTS
        for line in blocks(path.read_text(encoding="utf-8")).splitlines()
    ]
    lines += [(f"{verb} --help", line) for verb, entry in HELP.items() for line in examples(entry)]
    return [
        Shown(place, re.split(r"\s{2,}", line.strip())[0]) for place, line in lines if line.startswith("patentscope ")
    ]


def verb_of(words: list[str]) -> str:
    """Return the verb of a command, with its part where it has parts."""
    return next((name for name in (" ".join(words[:2]), words[0]) if name in parsers()), words[0])


COMMANDS = list(dict.fromkeys(command for command in shown() if not command.is_synopsis))
SYNOPSES = [command for command in shown() if command.is_synopsis]


def can_run(command: Shown) -> bool:
    """Say whether a command needs neither a network nor anything that a reader would have to bring."""
    words = command.words
    verb = verb_of(words)
    if any(_PLACEHOLDER.fullmatch(word) and not is_office(word) for word in words[1:]):
        return False
    if verb == "run":
        return "--sample" in words
    return "--sql" in words or verb not in _OUTSIDE


@pytest.fixture(scope="module")
def desk(sample_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader has it who ran the sample once: the queries, and the run under its name."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "queries").mkdir()
    for query in QUERIES:  # and none that a reader of the README has made since
        shutil.copy(query, folder / "queries")
    shutil.copytree(sample_run.path, folder / "runs" / "rare-earth-recycling")
    return folder


def test_there_are_commands() -> None:
    """The tests below have something to test, in the README as in every page."""
    assert len(COMMANDS) > 60
    pages = {command.place for command in COMMANDS}
    assert {"docs/tutorial.md", *(f"docs/sources/{path.name}" for path in (ROOT / "docs/sources").iterdir())} <= pages


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"{command.place}: {command.text[:60]}")
def test_a_command_that_is_shown_can_be_given(command: Shown, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command parses, placeholders included: its verb, its options and the number of its arguments are right."""
    try:
        options = make_parser().parse_args([_NUMBERS.get(word, word) for word in command.words])
    except SystemExit:
        pytest.fail(f"{command.place}: {command.text}\n{capsys.readouterr().err}")
    assert options.command


@pytest.mark.parametrize("command", SYNOPSES, ids=lambda command: f"{command.place}: {command.text[:60]}")
def test_a_synopsis_names_what_is_there(command: Shown) -> None:
    """A synopsis names an existing verb, options that it has, and no argument in capitals that it hasn't."""
    words = re.sub(r"[\[\]|]|\.\.\.", " ", command.text).split()[1:]
    verb = parsers()[verb_of(words)]
    options = {option for action in verb._actions for option in action.option_strings}
    assert {word for word in words if word.startswith("--")} <= options
    arguments = {str(action.metavar) for action in verb._actions if not action.option_strings and action.metavar}
    first = re.split(r"[\[\"]|--", command.text)[0].split()[1 + len(verb_of(words).split()) :]
    assert {word for word in first if word.isupper()} <= arguments


@pytest.mark.parametrize("command", [one for one in COMMANDS if can_run(one)], ids=lambda command: command.text[:70])
def test_a_command_that_needs_nothing_does_what_it_says(
    command: Shown, desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command that needs no network is run on the sample, and succeeds."""
    monkeypatch.chdir(desk)
    for leftover in {*Path().glob("*.*"), *Path("queries").iterdir()} - {Path("queries", one.name) for one in QUERIES}:
        leftover.unlink()
    assert main(command.words) == 0, capsys.readouterr().err
    out = capsys.readouterr().out
    assert out
    assert not out.startswith("0 for "), "an example that shows nothing"


def test_what_is_not_run_needs_something() -> None:
    """What the test above leaves out asks a network, or holds a placeholder or a file that only a reader has."""
    for command in COMMANDS:
        if not can_run(command):
            words = command.words
            own = any(_PLACEHOLDER.fullmatch(word) for word in words)
            asks = "--source" in words or "--input" in words or verb_of(words) in _OUTSIDE
            assert own or asks or verb_of(words) == "run", command


@pytest.mark.parametrize("verb", sorted(parsers()))
def test_every_verb_has_help_and_a_place_in_the_readme(verb: str) -> None:
    """Each verb is explained in the help and shown in the README's code; so is every option in the help."""
    text = blocks(README.read_text(encoding="utf-8"))
    verb_itself, *parts = verb.split()
    assert re.search(rf"^patentscope {verb_itself}\b", text, flags=re.MULTILINE), f"README.md shows no {verb}"
    assert all(part in text for part in parts)
    parser = parsers()[verb]
    assert examples(parser)
    assert all(example.startswith(f"patentscope {verb}") for example in examples(parser))
    assert parser.format_help()
    for action in parser._actions:
        assert action.help or isinstance(action, argparse._SubParsersAction), action
    (listed,) = [action for action in make_parser()._actions if isinstance(action, argparse._SubParsersAction)]
    assert {entry.dest for entry in listed._choices_actions if entry.help} == set(listed.choices)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    """Every relative link leads to an existing file; every other one is https."""
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if not target.startswith("#"):
            assert target.startswith("https://") or (path.parent / target.split("#")[0]).is_file(), target


def test_every_page_is_linked() -> None:
    """No page is left that nobody can find: each is linked from the README, or from a page that is."""
    reached, waiting = set(), [README]
    while waiting:
        path = waiting.pop()
        if path in reached or path.suffix != ".md":
            continue
        reached.add(path)
        targets = re.findall(r"\]\(([^)\s#]+)", path.read_text(encoding="utf-8"))
        waiting += [(path.parent / target).resolve() for target in targets if not target.startswith("https://")]
    assert {path for path in DOCUMENTS if path not in reached} == set()


def test_every_source_has_a_page_with_its_names() -> None:
    """Each source's page gives the names that `--source` and the environment take."""
    text = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "sources").glob("*.md")}
    for name, source in NETWORK.items():
        page = text[name.split("-")[0]]
        assert f"`{name}`" in page
        assert all(key in page for names in source.CARD.key_names for key in names)


@pytest.fixture(scope="module")
def drawn(sample_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all charts, as `patentscope report --charts` saves them."""
    folder = tmp_path_factory.mktemp("charts")
    assert main(["report", str(sample_run.path), "--charts", str(folder)]) == 0
    return folder


def texts(picture: Path) -> list[str]:
    """Return the words and figures that a picture shows."""
    return re.findall(r"<text[^>]*>([^<]+)</text>", picture.read_text(encoding="utf-8"))


def test_the_picture_is_one_that_the_program_makes(drawn: Path) -> None:
    """The README's picture is a chart of the sample as it is drawn now, small, and with no path of a machine in it."""
    picture = ROOT / "docs" / "picture.svg"
    (name,) = re.findall(r"charts/([\w-]+\.svg) docs/picture.svg", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert texts(picture) == texts(drawn / name), "run: make docs"
    assert picture.stat().st_size < 150_000
    assert not re.search(r"/(home|root|mnt|Users|tmp)/", picture.read_text(encoding="utf-8"))
    readme = README.read_text(encoding="utf-8")
    assert re.findall(r"!\[([\d,]+) ways .*\]\(docs/picture.svg\)", readme) == [texts(picture)[-1].split()[0]]


def test_every_dependency_has_its_reason() -> None:
    """The README names every package that is installed, and none that isn't."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = dict(project["optional-dependencies"])
    tools = extras.pop("dev")
    wanted = {re.split(r"[<>=\[]", entry)[0] for entry in [*project["dependencies"], *chain(*extras.values())]}
    text = README.read_text(encoding="utf-8").split("## What it is built on")[1]
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
    written = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert module.reference() == written, "run: python docs/reference.py"
    assert re.findall(r"^## (\w+)$", written, flags=re.MULTILINE)[:6] == module.patentscope.__all__


def test_no_machine_path_is_shown() -> None:
    """No page names a path of somebody's machine."""
    for path in DOCUMENTS:
        assert not re.search(r"(?<![\w.:/-])/(work|tmp|home|root|mnt|Users)/", path.read_text(encoding="utf-8"))
