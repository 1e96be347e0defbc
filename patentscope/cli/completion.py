"""What `completion` does: print a script that lets a shell complete commands, options, files and runs.

The scripts are shtab's, made from the parser itself, so that they can't fall behind it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from patentscope.cli.verb import argument, verb
from patentscope.query.shipped import shipped

SHELLS = ("bash", "zsh", "fish")
_INSTALL = {
    "bash": "echo 'source <(patentscope completion bash)' >> ~/.bashrc",
    "zsh": 'patentscope completion zsh > "${fpath[1]}/_patentscope"',
    "fish": "patentscope completion fish > ~/.config/fish/completions/patentscope.fish",
}
#: A run is a folder anywhere, or a name under ./runs.
_RUNS = {
    "bash": "_patentscope_runs",
    "zsh": "_patentscope_runs",
    "fish": "(ls runs 2>/dev/null; __fish_complete_directories)",
    "preamble": {
        "bash": '_patentscope_runs() {\n  compgen -W "$(ls runs 2>/dev/null)" -- "$1"\n  compgen -d -- "$1"\n}',
        "zsh": "_patentscope_runs() {\n  local -a names=(runs/*(N/:t))\n  compadd -a names\n  _files -/\n}",
    },
}
#: A query is a file, or the name of one that ships.
_QUERIES = {
    "bash": "_patentscope_queries",
    "zsh": "_patentscope_queries",
    "fish": f"(string split ' ' '{' '.join(shipped())}'; __fish_complete_path)",
    "preamble": {
        "bash": f'_patentscope_queries() {{\n  compgen -W "{" ".join(shipped())}" -- "$1"\n  compgen -f -- "$1"\n}}',
        "zsh": f"_patentscope_queries() {{\n  compadd {' '.join(shipped())}\n  _files\n}}",
    },
}
#: What `check` takes: a run, or files.
_RUNS_AND_FILES = {
    "bash": "_patentscope_runs_and_files",
    "zsh": "_patentscope_runs_and_files",
    "fish": "(ls runs 2>/dev/null; __fish_complete_path)",
    "preamble": {
        "bash": '_patentscope_runs_and_files() {\n  _patentscope_runs "$1"\n  compgen -f -- "$1"\n}',
        "zsh": "_patentscope_runs_and_files() {\n  _patentscope_runs\n  _files\n}",
    },
}


@verb(
    "completion",
    "print a script that completes commands, for a shell",
    argument("shell", metavar="SHELL", choices=SHELLS, help=", ".join(SHELLS)),
    examples=(f"completion {shell}" for shell in SHELLS),
)
def completion(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `completion`."""
    text = script(options.parser, options.shell)
    yield {"shell": options.shell, "install": _INSTALL[options.shell], "script": text}
    yield text  # first: zsh wants to read what it is for in the first line
    yield f"# To have it in every new shell: {_INSTALL[options.shell]}"


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """Return the script that completes what *parser* reads, for *shell*, one of `SHELLS`; *parser* is marked for it."""
    import shtab

    from patentscope.fetch.catalogue import NETWORK
    from patentscope.files.recognise import FORMATS
    from patentscope.query.convention import QUESTIONS

    known = {"source": tuple(NETWORK), "format": tuple(FORMATS), "question": tuple(QUESTIONS)}
    paths: dict[str, Any] = {"FILE": shtab.FILE, "QUERY": _QUERIES, "SHEET": shtab.FILE, "DIR": shtab.DIRECTORY}
    paths |= {"RUN |": _RUNS_AND_FILES, "RUN": _RUNS}
    for action in _actions(parser):
        shown_as = str(action.metavar or "")
        fits = [what for kind, what in paths.items() if shown_as.startswith(kind)]
        if fits:
            action.complete = fits[0]  # type: ignore[attr-defined]
        elif action.dest in known:
            action.choices = known[action.dest]
    text: str = shtab.complete(parser, shell=shell)
    return text


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield every argument of *parser* and of the verbs below it."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no public way to list them
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            for below in action.choices.values():
                yield from _actions(below)
        else:
            yield action
