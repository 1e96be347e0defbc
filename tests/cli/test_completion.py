"""Completion: real shells complete verbs, options, words and runs from the printed script."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from patentscope.cli import main
from patentscope.cli.completion import SHELLS, script
from patentscope.cli.parser import make_parser
from patentscope.fetch.catalogue import NETWORK

_ASK = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
name=$(complete -p patentscope); name=${name##*-F }; name=${name%% *}
"$name" patentscope "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def bash_script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script for bash, as a file."""
    path = tmp_path_factory.mktemp("shell") / "patentscope.bash"
    path.write_text(script(make_parser(), "bash"), encoding="utf-8")
    return path


def offered(path: Path, *words: str, folder: Path | None = None) -> set[str]:
    """Return what bash offers for the last of *words*, in *folder*."""
    bash = shutil.which("bash")
    assert bash
    command = [bash, "--norc", "--noprofile", "-c", _ASK, "bash", str(path), "patentscope", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder or path.parent)
    assert done.stderr == ""
    return set(done.stdout.split())


def verbs() -> dict[str, set[str]]:
    """Return every verb with its options, from the parser."""
    (action,) = [entry for entry in make_parser()._actions if entry.choices and entry.dest == "==SUPPRESS=="]
    return {
        verb: {option for entry in below._actions for option in entry.option_strings if option != "-h"}
        for verb, below in action.choices.items()
    }


def test_bash_completes_verbs(bash_script: Path) -> None:
    """All verbs are offered, and those that begin so after their first letters."""
    assert offered(bash_script, "") >= set(verbs())
    assert offered(bash_script, "so") == {"sources"}


@pytest.mark.parametrize("verb", ["run", "fetch", "import", "show", "sources", "new"])
def test_bash_completes_options(verb: str, bash_script: Path) -> None:
    """After a verb and two dashes, its own options are offered and no others."""
    assert offered(bash_script, verb, "--") == verbs()[verb]


def test_bash_completes_words(bash_script: Path) -> None:
    """Where there is a list of words it is offered: sources, shells, what `label` does."""
    assert offered(bash_script, "run", "q.toml", "--source", "") >= set(NETWORK)
    assert offered(bash_script, "completion", "") >= set(SHELLS)
    assert offered(bash_script, "label", "") >= {"draw", "apply", "agree"}


def test_bash_completes_files_and_runs(bash_script: Path, tmp_path: Path) -> None:
    """A query is completed from files, a run from the names under ./runs and from folders."""
    (tmp_path / "runs" / "rare-earth-recycling").mkdir(parents=True)
    (tmp_path / "mine.toml").touch()
    assert offered(bash_script, "run", "mi", folder=tmp_path) == {"mine.toml"}
    assert offered(bash_script, "check", "ra", folder=tmp_path) == {"rare-earth-recycling"}
    assert offered(bash_script, "show", "ru", folder=tmp_path) == {"runs"}


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_s_script_has_every_verb_and_option(shell: str) -> None:
    """No verb and no option is missing from a script; where the shell is installed, it can read it."""
    text = script(make_parser(), shell)
    for verb, options in verbs().items():
        assert verb in text
        assert all(option in text or option.removeprefix("--") in text for option in options)
    program = shutil.which(shell)
    if program:
        subprocess.run([program, "-n"], input=text, text=True, check=True, capture_output=True)


def test_fish_completes(tmp_path: Path) -> None:
    """A real fish offers verbs, a verb's options, words of a list, files and runs."""
    fish = shutil.which("fish")
    if not fish:
        pytest.skip("no fish on this machine")
    (tmp_path / "runs" / "rare-earth-recycling").mkdir(parents=True)
    (tmp_path / "mine.toml").touch()
    (tmp_path / "it.fish").write_text(script(make_parser(), "fish"), encoding="utf-8")

    def fishes(line: str) -> set[str]:
        command = [fish, "--no-config", "-c", 'source it.fish; complete -C "$argv"', line]
        environment = os.environ | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment)
        return {offer.split("\t")[0] for offer in done.stdout.splitlines()}

    assert fishes("patentscope ") == set(verbs())
    assert fishes("patentscope run --") == verbs()["run"] | {"--help"} - {"-h"}
    assert fishes("patentscope run q.toml --source ") >= set(NETWORK)
    assert "mine.toml" in fishes("patentscope run m")
    assert "rare-earth-recycling" in fishes("patentscope check r")
    assert fishes("patentscope label ") >= {"draw", "apply", "agree"}


_ZSH = """PROMPT='{ready}'; fpath=({folder} $fpath); autoload -Uz compinit; compinit -u -D; print -n 'rea''dy'
"""


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("patentscope ", sorted(verbs())),
        ("patentscope run --", sorted(verbs()["run"] - {"-h"})),
        ("patentscope run q.toml --source ", sorted(NETWORK)),
        ("patentscope completion ", list(SHELLS)),
        ("patentscope run m", ["mine.toml", "more.toml"]),
        ("patentscope check r", ["rare-earth-recycling", "runs"]),
    ],
)
def test_zsh_completes(line: str, wanted: list[str], tmp_path: Path) -> None:
    """A real zsh, on a terminal, offers the same."""
    zsh = shutil.which("zsh")
    if not zsh:
        pytest.skip("no zsh on this machine")
    (tmp_path / "runs" / "rare-earth-recycling").mkdir(parents=True)
    for name in ("mine.toml", "more.toml"):
        (tmp_path / name).touch()
    (tmp_path / "_patentscope").write_text(script(make_parser(), "zsh"), encoding="utf-8")
    ours, theirs = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "dumb", "COLUMNS": "200"}
    process = subprocess.Popen(
        [zsh, "-f", "-i"], stdin=theirs, stdout=theirs, stderr=theirs, cwd=tmp_path, env=environment
    )
    os.close(theirs)
    try:
        os.write(ours, _ZSH.format(ready="> ", folder=tmp_path).encode())
        assert "ready" in read_until(ours, ["ready"])
        os.write(ours, f"{line}\t\t".encode())
        offered_here = read_until(ours, wanted)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert all(word in offered_here for word in wanted), offered_here


def read_until(terminal: int, wanted: list[str]) -> str:
    """Return what comes from *terminal* until all words in *wanted* have come, or nothing has come for a while."""
    text = ""
    until = time.monotonic() + 30
    while not all(word in text for word in wanted) and time.monotonic() < until:
        if select.select([terminal], [], [], 0.2)[0]:
            text += os.read(terminal, 1 << 16).decode(errors="replace")
    return text


def test_completion_says_how_to_keep_it(capsys: pytest.CaptureFixture[str]) -> None:
    """The script ends with how to install it; `--json` gives both apart; an unknown shell is refused."""
    assert main(["completion", "bash"]) == 0
    assert "source <(patentscope completion bash)" in capsys.readouterr().out.splitlines()[-1]
    assert main(["completion", "zsh"]) == 0
    assert capsys.readouterr().out.startswith("#compdef patentscope\n")
    assert main(["completion", "fish", "--json"]) == 0
    assert "config/fish" in json.loads(capsys.readouterr().out)["install"]
    with pytest.raises(SystemExit):
        main(["completion", "csh"])
