"""Completion: real shells complete verbs, options, words, files and runs from the printed script."""

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

_BASH = """
source it.bash
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
name=$(complete -p patentscope); name=${name##*-F }; name=${name%% *}
"$name" patentscope "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""
_FISH = 'source it.fish; complete -C "$argv"'
_ZSH = "PROMPT='> '; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; print -n 'rea''dy'\n"


def verbs() -> dict[str, set[str]]:
    """Return every verb with its options, from the parser."""
    (action,) = [entry for entry in make_parser()._actions if entry.choices and entry.dest == "==SUPPRESS=="]
    return {
        verb: {option for entry in below._actions for option in entry.option_strings if option != "-h"}
        for verb, below in action.choices.items()
    }


def completed(shell: str, line: str, wanted: set[str], folder: Path) -> set[str]:
    """Return what a real *shell* offers at the end of *line*, in *folder*."""
    program = shutil.which(shell)
    if not program:
        pytest.skip(f"no {shell} on this machine")
    (folder / ("_patentscope" if shell == "zsh" else f"it.{shell}")).write_text(script(make_parser(), shell), "utf-8")
    if shell == "zsh":
        return on_terminal([program, "-f", "-i"], line, wanted, folder)
    command = [program, "--no-config", "-c", _FISH, line]
    if shell == "bash":
        command = [program, "--norc", "--noprofile", "-c", _BASH, "bash", *line.split(" ")]
    environment = os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder, env=environment)
    assert done.stderr == ""
    return {offer.split("\t")[0] for offer in done.stdout.splitlines()}


def on_terminal(command: list[str], line: str, wanted: set[str], folder: Path) -> set[str]:
    """Type *line* and two tabs into zsh on a terminal, and return those of the *wanted* words that it shows."""
    ours, theirs = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "dumb", "COLUMNS": "200"}
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=environment)
    os.close(theirs)
    try:
        os.write(ours, _ZSH.encode())
        assert shown(ours, {"ready"})
        os.write(ours, f"{line}\t\t".encode())
        return shown(ours, wanted)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def shown(terminal: int, wanted: set[str]) -> set[str]:
    """Return which of *wanted* come from *terminal*, as soon as all have, or after half a minute."""
    text, until = "", time.monotonic() + 30
    while not all(word in text for word in wanted) and time.monotonic() < until:
        if select.select([terminal], [], [], 0.2)[0]:
            text += os.read(terminal, 1 << 16).decode(errors="replace")
    return {word for word in wanted if word in text}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("", set(verbs())),
        *((f"{verb} --", verbs()[verb]) for verb in ("run", "fetch", "import", "show", "sources", "new")),
        ("run q.toml --source ", set(NETWORK)),
        ("completion ", set(SHELLS)),
        ("label ", {"draw", "apply", "agree"}),
        ("run m", {"mine.toml", "more.toml"}),
        ("run rare", {"rare-earth-recycling"}),
        ("check r", {"rare-earth-recycling", "runs"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes(shell: str, words: str, wanted: set[str], tmp_path: Path) -> None:
    """Verbs, a verb's own options and no others, words of a list, files, and queries and runs by name are offered."""
    (tmp_path / "runs" / "rare-earth-recycling").mkdir(parents=True)
    for name in ("mine.toml", "more.toml"):
        (tmp_path / name).touch()
    offered = completed(shell, f"patentscope {words}", wanted, tmp_path)
    assert offered >= wanted
    assert not words.endswith("--") or offered == wanted


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
