"""A page's own words, without units that its records can't tell: publications where they don't say what a family is."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from markupsafe import Markup

from patentscope.provenance.run_folder import RunFolder

_FAMILY = re.compile(r"\b(?:(?:simple|extended|patent) )?famil(y|ies)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\bapplication number\b", re.IGNORECASE)
_PER_CENT = re.compile(r"(?<=\d) %")
_OF_CHARTS = {"title", "text", "subtitle", "description"}


def untold_units(folder: RunFolder) -> dict[str, str]:
    """Return the units that a run's records can't tell, and why not."""
    entry = folder.stage("counts")
    found: dict[str, str] = entry["notes"]["units that the records can't tell"] if entry else {}
    return found


def wording(untold: Collection[str]) -> Callable[[str], str]:
    """Return what puts a text of ours into words that fit a run whose records can't tell the units *untold*.

    It is for our own words alone: titles, names and quotes of others stay as they are.
    """
    patterns = [(_FAMILY, "publication")] * ("family" in untold) + [(_NUMBER, "filing number")] * (
        "application" in untold
    )

    def said(text: str) -> str:
        for pattern, word in patterns:
            text = pattern.sub(lambda match, word=word: _like(match, word), text)  # type: ignore[misc]
        return text

    return said


def unbroken(shown: Any) -> Any:  # noqa: ANN401 - whatever a page shows
    """Return what a page shows with each per cent on the line of its figure; what is no text stays as it is."""
    if not isinstance(shown, str):
        return shown
    text = _PER_CENT.sub("\u00a0%", shown)
    return Markup(text) if isinstance(shown, Markup) else text  # noqa: S704 - it was markup before


def is_of(name: str, untold: Collection[str]) -> bool:
    """Say whether a figure's *name* is of units that the records can't tell."""
    return ("family" in untold and bool(_FAMILY.search(name))) or is_of_application(name, untold)


def is_of_application(name: str, untold: Collection[str]) -> bool:
    """Say whether what is named is of applications, which the records can't tell."""
    return "application" in untold and name.startswith("application")


def _like(match: re.Match[str], word: str) -> str:
    """Return *word* for what was matched, as a plural or with a capital where that is."""
    plural = f"{word}s" if match[0].lower().endswith("ies") else word
    return plural.capitalize() if match[0][0].isupper() else plural


def of_chart(spec: Any, said: Callable[[str], str]) -> Any:  # noqa: ANN401 - whatever a chart's specification holds
    """Return a chart's specification with every title in the words of *said*; its data stay as they are."""
    if isinstance(spec, list):
        return [of_chart(entry, said) for entry in spec]
    if not isinstance(spec, dict):
        return spec
    return {
        key: value
        if key == "datasets"
        else said(value)
        if key in _OF_CHARTS and isinstance(value, str)
        else [said(line) if isinstance(line, str) else of_chart(line, said) for line in value]
        if key in _OF_CHARTS and isinstance(value, list)
        else of_chart(value, said)
        for key, value in spec.items()
    }
