"""What `check` was given: which of its arguments are files, a run, the claim; where that can't be, what would work."""

from __future__ import annotations

import argparse
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
_OF_FILES = {
    "topic": "--topic",
    "complete": "--complete",
    "stated_total": "--stated-total",
    "retrieved": "--retrieved",
    "out": "--out",
}
_EXAMPLE = "CN > US+AU+JP by 73% in 2024"
_ENDS_AS_A_FILE = re.compile(r"^[^<>=]*\.[A-Za-z]\w{1,7}$")


@dataclass(frozen=True)
class Asked:
    """What is to be checked: a claim in words, against files, or a run, or neither."""

    claim: str
    files: tuple[str, ...] = ()
    run: str = ""


def check_line(*given: str) -> str:
    """Return a `check` line as a shell takes it, to stand in a message."""
    from patentscope.query.commands import quoted

    return f"\n  {' '.join(['patentscope check', *map(quoted, given)])}"


def asked(options: argparse.Namespace) -> Asked:
    """Return what `check` was asked for.

    Raises:
        UsageError: where that can't be told, or can't be; with a line that would work.
    """
    given = list(options.given)
    _refuse_swallowed(given, options.complete or [])
    if not given:
        raise UsageError(
            f"nothing to check: name exported files, or a run, and then a claim, in quotes:"
            f"{check_line('lens.csv', _EXAMPLE)}"
        )
    *before, claim = given
    if _is_place(claim):
        raise UsageError(_lacks_claim(before, claim))
    if len(before) == 1 and (_is_run(before[0]) or not _is_place(before[0])):
        if names := [name for option, name in _OF_FILES.items() if getattr(options, option) is not None]:
            raise UsageError(
                f"{', '.join(names)}: said of files to be counted; {before[0]} is a run, which is counted already. "
                f"To check the claim against it:{check_line(before[0], claim)}"
            )
        return Asked(claim, run=before[0])
    for one in before:
        _refuse_other(one, before, claim)
    return Asked(claim, files=tuple(before))


def _is_run(name: str) -> bool:
    return any((place / "run.json").is_file() for place in (Path(name), Path("runs") / name))


def _is_place(text: str) -> bool:
    """Say whether a text names a file or a folder, be it there or not."""
    return Path(text).exists() or _is_run(text) or bool(_ENDS_AS_A_FILE.match(text))


def _refuse_swallowed(given: Sequence[str], complete: Sequence[str]) -> None:
    """Refuse a claim behind `--complete`, which takes as many names of files as follow."""
    claims = [one for one in complete if not _is_place(one)]
    if not claims:
        return
    rest = [one for one in complete if _is_place(one)]
    files = list(dict.fromkeys([*given, *rest]))
    named = rest if given else []
    line = check_line(*(files or ["lens.csv"]), claims[0], "--complete", *named)
    raise UsageError(f"--complete {claims[0]!r}: --complete takes names of files; put the claim before it:{line}")


def _lacks_claim(before: Sequence[str], last: str) -> str:
    """Return what to say where a file or a run stands last, where the claim should."""
    claims = [one for one in before if not _is_place(one)]
    others = [one for one in (*before, last) if one not in claims]
    if claims:
        return f"{last} stands last: the claim goes there, behind the files or the run:{check_line(*others, claims[0])}"
    return f"{last} stands last, and no claim: add one, in quotes:{check_line(*others, _EXAMPLE)}"


def _refuse_other(one: str, before: Sequence[str], claim: str) -> None:
    """Refuse what is no file to count."""
    path = Path(one)
    others = [other for other in before if other != one]
    if _is_run(one):
        raise UsageError(
            f"{one} is a run, the rest are files: check the claim against one or the other:"
            f"{check_line(one, claim)}{check_line(*others, claim)}"
        )
    if not path.exists():
        there = [str(other) for other in path.parent.iterdir() if other.is_file()] if path.parent.is_dir() else []
        near = get_close_matches(one, there, n=3, cutoff=0.8)
        hint = f"did you mean {' or '.join(near)}?" if near else "the claim stands last, in quotes, as one argument"
        raise UsageError(f"{one}: no such file; {hint}")
    if path.suffix.lower() == ".toml":
        line = shlex.join(["patentscope", "run", one, "--input", *(others or ["lens.csv"])])
        raise UsageError(
            f"{one} is a query file, and `check` counts exported files. To count files by a query:\n  {line}"
        )


def lacks_topic(text: str, claim: Claim) -> str:
    """Return what to say of a claim without a file and without a topic to search for."""
    from patentscope.query.echo import topic_offered

    topic = topic_offered(claim.unread) or "rare earth; recycl*"
    search, count = check_line(text, "--topic", topic), check_line("lens.csv", text)
    return (
        "no file to count, and nothing to search for. With the words of the topic, this prints the searches to make "
        f"(`;` between what must all occur, `,` between alternatives, `*` for any ending):{search}\n"
        f"With exported files, this counts them:{count}"
    )


def refuse_to_replace(out: Path, files: Sequence[str], claim: str) -> None:
    """Refuse a folder that holds a run of a query that somebody wrote.

    Raises:
        UsageError: naming another folder.
    """
    from patentscope.provenance.run_folder import state_of
    from patentscope.query.made import is_made

    if (out / "run.json").is_file():
        query = state_of(out).get("query", {})
        if not is_made(query.get("text", "")):
            other = check_line(*files, claim, "--out", f"{out}-check")
            raise UsageError(f"{out} holds a run of the query {query.get('name')}; name another folder:{other}")
