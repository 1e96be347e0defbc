"""Worked answers as texts (`tests/answers/*.claim`): what is in the records, the claim, and the answer to expect.

A file begins with what the case shows, in sentences, and `shows:` names the clauses of the definitions that it needs.
Then come `key: value` lines up to `answer:`, which is the expected answer's first line; what follows is the answer's,
line by line. Under `families a year, FIRST to LAST:` (or `families in YEAR:`) each indented line is a group of
families: the office of their first filing, how many a year, and what some of them have (`_PHRASES`), a part of them
each (`5 % also at US JP, .35 each`) or all (`owned by US`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from worlds.answer_world import Group, Option

if TYPE_CHECKING:
    from pathlib import Path

_PHRASES = {
    r"also at (?P<names>[A-Z ]+?)(?:, (?P<number>[.\d]+) each)?": "also at",
    r"at (?P<names>[A-Z]+) only": "at only",
    r"granted": "granted",
    r"utility models": "utility models",
    r"without countries": "without countries",
    r"without abstracts": "without abstracts",
    r"without classes": "without classes",
    r"owned by (?P<names>[A-Z ]+)": "owned by",
    r"owned with (?P<names>[A-Z ]+)": "owned with",
    r"invented in (?P<names>[A-Z ]+)": "invented in",
    r"published after (?P<number>\d+) months": "published after",
    r"with a priority older by (?P<number>\d+) months": "with a priority older by",
    r"outside (?P<names>[a-z_0-9 ]+)": "outside",
}
_HEAD = re.compile(r"families (?:a year, (\d{4}) to (\d{4})|in (\d{4})):")
_GROUP = re.compile(r" +([A-Z]{2}) (\d+)(?:: (.*))?")
#: What may stand between the families and the answer.
KEYS = {
    "published",
    "data to",
    "search",
    "counted by",
    "topic",
    "labels",
    "said on",
    "not known",
    "threshold",
    "records",
    "claim",
}


@dataclass
class Worked:
    """A worked answer: `says` has the lines before the answer by key, `answer` the expected ones in their order."""

    path: Path
    head: str
    shows: list[str]
    groups: tuple[Group, ...]
    says: dict[str, str]
    answer: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem


def read(path: Path) -> Worked:
    """Return the worked answer of a file.

    Raises:
        ValueError: for a line that is none of the format, with its file and number.
    """
    head: list[str] = []
    shows: list[str] = []
    groups: list[Group] = []
    says: dict[str, str] = {}
    answer: list[tuple[str, str]] = []
    years: tuple[int, int] | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        key, _, value = line.partition(": ")
        span, group = _HEAD.fullmatch(line), _GROUP.fullmatch(line)
        if not line.strip():
            continue
        if span:
            years = (int(span[1] or span[3]), int(span[2] or span[3]))
        elif group and years and not answer:
            groups.append(Group(group[1], int(group[2]), years, _options(group[3], path, number)))
        elif key == "answer" or answer:
            answer.append((key, value))
        elif key == "shows":
            shows.append(value)
        elif key in KEYS and key not in says:
            says[key] = value
        elif not (shows or groups or says):
            head.append(line)
        else:
            message = f"{path.name}, line {number}: {line!r} is no line of a worked answer; see {__name__}"
            raise ValueError(message)
    return Worked(path, " ".join(head), shows, tuple(groups), says, answer)


def _options(text: str | None, path: Path, number: int) -> tuple[Option, ...]:
    found = []
    for entry in (text or "").split("; ") if text else ():
        part = re.match(r"([.\d]+) % ", entry)
        phrase = entry[part.end() :] if part else entry
        for pattern, what in _PHRASES.items():
            if match := re.fullmatch(pattern, phrase):
                named = match.groupdict()
                names = tuple((named.get("names") or "").split())
                found.append(
                    Option(float(part[1]) / 100 if part else 1.0, what, names, float(named.get("number") or 1))
                )
                break
        else:
            message = f"{path.name}, line {number}: {phrase!r} is no phrase of a group; see {__name__}"
            raise ValueError(message)
    return tuple(found)
