"""Completion: a real bash completes verbs, options, words and runs from the printed script."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from patentscope.cli import main
from patentscope.cli.completion import SHELLS, script
from patentscope.cli.parser import make_parser
from patentscope.sources.catalogue import NETWORK

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
