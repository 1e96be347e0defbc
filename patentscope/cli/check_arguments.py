"""What `check` was given: which of its arguments are files, a run, the claim; where that can't be, what would work."""

from __future__ import annotations

import argparse
import os.path
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from patentscope.errors import UsageError

if TYPE_CHECKING:
    from patentscope.query.claim import Claim

#: What says how files are to be counted, and nothing of a run that exists.
_OF_FILES = ("topic", "complete", "stated_total", "retrieved", "out")
_EXAMPLE = "CN > US+AU+JP by 73% in 2024"
_TOPIC = "rare earth; recycl*"
_ENDS_AS_A_FILE = re.compile(r"^[^<>=]*\.[A-Za-z]\w{1,7}$")


@dataclass(frozen=True)
class Asked:
    """What is to be checked: a claim in words, against files, or a run, or neither."""

    claim: str
    files: tuple[str, ...] = ()
    run: str = ""


def _line(options: argparse.Namespace, *given: str, complete: Sequence[str] | None = None) -> str:
    """Return a `check` line of what was *given* with the same options, as a shell takes it, to stand in a message."""
    from patentscope.query.commands import quoted

    said = {
        name: getattr(options, name) for name in ("topic", "stated_total", "retrieved", "out", "said_on", "tolerance")
    }
    kept = [part for name, value in said.items() if value is not None for part in (_option(name), str(value))]
    whole = options.complete if complete is None else complete
    kept += ["--complete", *whole] if whole is not None else []
    return f"\n  {' '.join(['patentscope check', *map(quoted, [*given, *kept])])}"


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _exists(path: str) -> bool:
    return os.path.exists(path)  # noqa: PTH110 - a claim may be longer than any path, and pathlib raises there


def asked(options: argparse.Namespace) -> Asked:
    """Return what `check` was asked for.

    Raises:
        UsageError: where that can't be told, or can't be; with a line that would work.
    """
    given = list(options.given)
    _refuse_swallowed(given, options)
    if not given:
        raise UsageError(
            f"nothing to check: name exported files, or a run, and then a claim, in quotes:"
            f"{_line(options, 'lens.csv', _EXAMPLE)}"
        )
    if options.topic is not None and not options.topic.strip():
        raise UsageError(f'--topic "": expected the words of the topic, such as "{_TOPIC}"')
    *before, claim = given
    if _is_place(claim):
        raise UsageError(_lacks_claim(before, claim, options))
    if len(before) == 1 and (_is_run(before[0]) or not _is_place(before[0])):
        if names := [_option(name) for name in _OF_FILES if getattr(options, name) is not None]:
            plain = argparse.Namespace(**{**vars(options), **dict.fromkeys(_OF_FILES)})
            raise UsageError(
                f"{', '.join(names)}: said of files to be counted; {before[0]} is a run, which is counted already. "
                f"To check the claim against it:{_line(plain, before[0], claim)}"
            )
        return Asked(claim, run=before[0])
    for one in before:
        _refuse_other(one, before, claim, options)
    return Asked(claim, files=tuple(before))


def _is_run(name: str) -> bool:
    return _exists(f"{name}/run.json") or _exists(f"runs/{name}/run.json")


def _is_place(text: str) -> bool:
    """Say whether a text names a file or a folder, be it there or not."""
    return _exists(text) or _is_run(text) or bool(_ENDS_AS_A_FILE.match(text))


def _refuse_swallowed(given: Sequence[str], options: argparse.Namespace) -> None:
    """Refuse a claim behind `--complete`, which takes as many names of files as follow."""
    complete = options.complete or []
    claims = [one for one in complete if not _is_place(one)]
    if not claims:
        return
    rest = [one for one in complete if _is_place(one)]
    files = list(dict.fromkeys([*given, *rest]))
    named = rest if given else []
    line = _line(options, *(files or ["lens.csv"]), claims[0], complete=named)
    raise UsageError(f"--complete {claims[0]!r}: --complete takes names of files; put the claim before it:{line}")


def _lacks_claim(before: Sequence[str], last: str, options: argparse.Namespace) -> str:
    """Return what to say where a file or a run stands last, where the claim should."""
    claims = [one for one in before if not _is_place(one)]
    others = [one for one in (*before, last) if one not in claims]
    if claims:
        line = _line(options, *others, claims[0])
        return f"{last} stands last: the claim goes there, behind the files or the run:{line}"
    return f"{last} stands last, and no claim: add one, in quotes:{_line(options, *others, _EXAMPLE)}"


def _refuse_other(one: str, before: Sequence[str], claim: str, options: argparse.Namespace) -> None:
    """Refuse what is no file to count."""
    path = Path(one)
    others = [other for other in before if other != one]
    if _is_run(one):
        raise UsageError(
            f"{one} is a run, the rest are files: check the claim against one or the other:"
            f"{_line(options, one, claim)}{_line(options, *others, claim)}"
        )
    if not _exists(one):
        there = [str(other) for other in path.parent.iterdir() if other.is_file()] if path.parent.is_dir() else []
        near = get_close_matches(one, there, n=3, cutoff=0.8)
        if near:
            raise UsageError(f"{one}: no such file; did you mean {' or '.join(near)}?")
        if _ENDS_AS_A_FILE.match(one):
            search = _line(argparse.Namespace(**{**vars(options), **dict.fromkeys(_OF_FILES[1:])}), claim)
            raise UsageError(
                f"{one}: no such file; go to the folder that it is in, or name it with its folder. Where there is none "
                f"yet, this says what to search for and to export:{search}"
            )
        raise UsageError(f"{one}: no such file; the claim stands last, in quotes, as one argument")
    if path.suffix.lower() == ".toml":
        line = shlex.join(["patentscope", "run", one, "--input", *(others or ["lens.csv"])])
        raise UsageError(
            f"{one} is a query file, and `check` counts exported files. To count files by a query:\n  {line}"
        )


def lacks_topic(claim: Claim) -> str:
    """Return what to say of a claim without a file and without a topic to search for."""
    from patentscope.query.commands import check_line
    from patentscope.query.echo import topic_offered

    topic = topic_offered(claim.unread) or _TOPIC
    search, count = check_line(claim, topic), check_line(claim, "", "lens.csv")
    return (
        "no file to count, and nothing to search for. With the words of the topic, this prints the searches to make "
        f"(`;` between what must all occur, `,` between alternatives, `*` for any ending):\n  {search}\n"
        f"With exported files, this counts them:\n  {count}"
    )


def to_be_replaced(out: Path, said: Asked, options: argparse.Namespace) -> str:
    """Return the claim of the run that a folder holds, empty where there is none.

    Refused are a run of a query that somebody wrote, and a folder of other files, which those of a run could replace.

    Raises:
        UsageError: naming another folder.
    """
    from patentscope.provenance.run_folder import FILES, state_of
    from patentscope.query.made import is_made
    from patentscope.query.query import Query

    if not (out / "run.json").is_file():
        known = {"timings.json", *(name for names in FILES.values() for name in names)}
        names = sorted(path.name for path in out.iterdir()) if out.is_dir() else []
        if others := [name for name in names if name not in known and not name.startswith(".")]:
            below = argparse.Namespace(**{**vars(options), "out": str(out / "check")})
            line = _line(below, *said.files, said.claim)
            raise UsageError(
                f"{out} holds other files ({others[0]} ...), which a run could replace; name another:{line}"
            )
        return ""
    query = state_of(out).get("query", {})
    if not is_made(query.get("text", "")):
        elsewhere = argparse.Namespace(**{**vars(options), "out": f"{out}-check"})
        other = _line(elsewhere, *said.files, said.claim)
        raise UsageError(f"{out} holds a run of the query {query.get('name')}; name another folder:{other}")
    return Query.parse(query["text"], query["name"]).claims[0].quote
