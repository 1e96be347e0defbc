"""A query that nobody wrote: made for one claim, to count files as they were exported, or by a few words (a topic)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import chain, count

from patentscope.errors import Fault, QueryError
from patentscope.query.claim import YEARS_BEFORE, Claim
from patentscope.query.convention import AXES
from patentscope.query.echo import canonical
from patentscope.query.query import RECORDS, Query
from patentscope.query.term import ASIAN, LANGUAGES, fault_of

#: The reading by a topic's words.
WORDS = "words"
#: What such a query begins with.
_HEAD = "# Made by `patentscope check`, for one claim."
#: Levels that a query may ask for and none has by itself.
_OPTIONS = frozenset({"extended_family", "grant"})
#: The levels that a query has which doesn't choose any.
USUAL_AXES = {axis: tuple(level for level in levels if level not in _OPTIONS) for axis, levels in AXES.items()}
_MOST_PARTS = 60
_LONGEST_NAME = 40


def made_query(claim: Claim, *, name: str, title: str, topic: str = "") -> Query:
    """Return a query for *claim*: of every record that it is given, or of those of a *topic*.

    A topic is `rare earth, neodymium; recycl*`: each part between `;` must occur, as one of its alternatives between
    commas. The reading `words` asks that, and goes before `records`, which is then wider than the claim.

    Raises:
        QueryError: where the topic can't be read.
    """
    groups = _groups(topic) if topic else {}
    readings = {WORDS: {"all": [f"terms.{group}" for group in groups]}} if groups else {}
    tables: dict[str, Mapping[str, object]] = {
        # The charts begin where the searches do.
        "[scope]": {"years": [claim.years[0] - YEARS_BEFORE, claim.years[1]]},
        **{f"[topic.terms.{language}]": _of_language(groups, language) for language in LANGUAGES},
        "[topic]": {"wider": [RECORDS]} if groups else {},
        "[topic.readings]": {**readings, RECORDS: {"all": [RECORDS]}},
        "[axes]": USUAL_AXES,
        "[[claims]]": _stated(claim),
    }
    lines = [_HEAD, f"name = {_toml(name)}", f"title = {_toml(title)}"]
    for head, entries in tables.items():
        lines += ["", head, *(f"{_key(key)} = {_toml(value)}" for key, value in entries.items())] if entries else []
    return Query.parse("\n".join([*lines, ""]), name)


def is_made(text: str) -> bool:
    """Say whether the *text* of a query was made here."""
    return text.startswith(_HEAD)


def topic_of(query: Query) -> str:
    """Return the topic that a query was made for; empty for every record.

    >>> from patentscope.query.claim import parse_claim
    >>> claim = parse_claim("CN > US in 2024")
    >>> topic_of(made_query(claim, name="x", title="X", topic="rare earth, 稀土 ;recycl*"))
    'rare earth, 稀土; recycl*'
    """
    groups = dict.fromkeys(group for groups in query.terms.values() for group in groups)
    listed = [[term for groups in query.terms.values() for term in groups.get(group, ())] for group in groups]
    return "; ".join(map(", ".join, listed))


def title_of(files: Sequence[str], topic: str = "") -> str:
    """Return the title of such a query: its topic, else what it counts.

    >>> title_of(["lens.csv"]), title_of(["a.csv", "b.csv"], "rare earth, neodymium; recycl*")
    ('Patents in lens.csv', 'Patents on rare earth or neodymium and recycl*')
    """
    if topic:
        parts = [" or ".join(term.strip() for term in part.split(",")) for part in topic.split(";")]
        return f"Patents on {' and '.join(parts)}"
    return f"Patents in {files[0] if len(files) == 1 else f'{len(files)} files'}"


def name_of(files: Sequence[str]) -> str:
    """Return the name of a query that is made for *files*, names without folders: the first, and how many more.

    >>> name_of(["Lens Export (1).csv"]), name_of(["cn.csv", "us.csv"]), name_of(["专利.csv"])
    ('lens-export-1', 'cn-and-us', 'files')
    """
    first, *others = [_slug(file) for file in files] or [""]
    more = [] if not others else ["and", others[0] if len(others) == 1 else f"{len(others)}-more"]
    return "-".join(filter(None, [first[:_LONGEST_NAME].strip("-") or "files", *more]))[: _LONGEST_NAME + 20].strip("-")


def _slug(file: str) -> str:
    stem = file.rpartition(".")[0] or file
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", "-", plain.lower()).strip("-_")


def _groups(topic: str) -> dict[str, list[str]]:
    """Return a topic's parts, each by its first alternative.

    Raises:
        QueryError: naming every part that can't be read.
    """
    text = unicodedata.normalize("NFKC", topic)
    parts = [[term.strip() for term in part.split(",")] for part in text.split(";")]
    faults = [Fault("--topic", f"{len(parts)} parts", f"at most {_MOST_PARTS}")] if len(parts) > _MOST_PARTS else []
    for place, terms in enumerate(parts, start=1):
        if not any(terms):
            expected = 'words between the `;`, such as "rare earth; recycl*"'
            faults.append(Fault("--topic", f"nothing in part {place} of {len(parts)}", expected))
        elif not all(terms):
            faults.append(
                Fault("--topic", f"a comma without a word in {', '.join(terms)!r}", "words between the commas")
            )
        else:
            faults += [Fault("--topic", *fault) for fault in filter(None, map(fault_of, terms))]
    if faults:
        raise QueryError(f"the topic {topic!r}", faults)
    groups: dict[str, list[str]] = {}
    for terms in parts:
        names = chain(terms[:1], (f"{terms[0]} ({n})" for n in count(2)))
        groups[next(name for name in names if name not in groups)] = list(dict.fromkeys(terms))
    return groups


def _of_language(groups: Mapping[str, Sequence[str]], language: str) -> dict[str, list[str]]:
    """Return the terms of a *language*, by group, told by their script: kana is Japanese, other Han is Chinese."""
    told = {group: [term for term in terms if _language_of(term) == language] for group, terms in groups.items()}
    return {group: terms for group, terms in told.items() if terms}


def _language_of(term: str) -> str:
    if not ASIAN.search(term):
        return "en"
    return "ja" if re.search(r"[\u3040-\u30ff]", term) else "zh"


def _stated(claim: Claim) -> dict[str, object]:
    """Return a claim as a query states it; what is None is left out."""
    stated = {
        "id": claim.id,
        "quote": claim.quote,
        "says": canonical(claim),
        "said_on": claim.said_on,
        "tolerance": claim.tolerance,
    }
    return {key: value for key, value in stated.items() if value is not None}


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _toml(key)


def _toml(value: object) -> str:
    """Return a value as TOML has it."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(key)} = {_toml(entry)}' for key, entry in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if not isinstance(value, str):
        return str(value)
    # TOML has JSON's escapes, and wants this control character escaped as well.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
