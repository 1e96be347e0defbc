"""A query's TOML read as a whole: every fault is written down with its key, and reading goes on."""

from __future__ import annotations

import datetime as dt
import re
import reprlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from patentscope.errors import Fault, QueryError
from patentscope.query.claim import Claim, faults_of_sides, faults_of_years, parse_claim
from patentscope.query.sentences.times import FIRST_YEAR, LAST_YEAR
from patentscope.query.term import LANGUAGES, fault_of
from patentscope.records import symbols

_LARGEST = 1e12
_OF_A_CLAIM = ("id", "quote", "source", "said_on", "tolerance")
#: What a claim says: in words, or in keys of its own.
_OF_ITS_WORDS = ("says", "year", "years", "left", "right", "exceeds_by")
#: Writes a value as Python does, but for what is nested too deeply or too long to be read.
_SHORT = reprlib.Repr()
_SHORT.maxlist = _SHORT.maxdict = _SHORT.maxlevel = 20
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 200


def _dated(text: str, said_on: dt.date | None) -> Claim:
    """Return the claim that *text* states, if it states the same one on any day on which it is read.

    Raises:
        QueryError: where it can't be read, or its years depend on the day.
    """
    claim = parse_claim(text, said_on=said_on)
    if said_on is None and claim.years != parse_claim(text, today=dt.date(LAST_YEAR, 12, 31)).years:
        first, last = claim.years
        expected = f"write `in {first}..{last}`, or add said_on, the day on which it was said"
        raise QueryError("the claim", [Fault("claim", "years that depend on the day on which it is read", expected)])
    return claim


def _unread(quote: str, said_on: dt.date | None) -> tuple[str, ...]:
    """Return the parts of a quote that are no part of its comparison, none where it can't be read."""
    try:
        return parse_claim(quote, said_on=said_on).unread
    except QueryError:
        return ()


class TomlReader:
    """Collects faults on the way; what it returns is only to be used where there were none."""

    def __init__(self) -> None:
        """Start without faults."""
        self.faults: list[Fault] = []

    def fault(self, where: str, value: object, expected: str) -> None:
        """Write down a fault: where it is, what was found, what would work."""
        self.faults.append(Fault(where, value if isinstance(value, str) else _SHORT.repr(value), expected))

    def get(self, table: Mapping[str, Any], where: str, key: str, kind: type, default: Any = None) -> Any:  # noqa: ANN401
        """Return *table*'s *key*, a fault where it is missing (without a default) or of another type."""
        names = {str: "text", int: "a whole number", list: "a list", dict: "a table", float: "a number"}
        place = f"{where}.{key}" if where else key
        if key not in table:
            if default is None:
                self.fault(place, "nothing", f"expected {names[kind]}")
            return kind() if default is None else default
        value = table[key]
        if kind is float and isinstance(value, (int, float)) and not isinstance(value, bool):
            # TOML has inf and nan, and whole numbers beyond any float: none of them is a size.
            if abs(value) < _LARGEST:
                return float(value)
            self.fault(place, str(value)[:40], "expected a number that something can be as large as")
            return 0.0
        if not isinstance(value, kind) or isinstance(value, bool):
            self.fault(place, value, f"expected {names[kind]}")
            return kind() if default is None else default
        return value

    def texts(self, value: object, where: str) -> tuple[str, ...]:
        """Return a list of texts, a fault for anything else."""
        if not isinstance(value, list) or not all(isinstance(entry, str) and entry.strip() for entry in value):
            self.fault(where, value, 'expected a list of texts, such as ["CN"]')
            return ()
        return tuple(entry.strip() for entry in value)

    def known(self, table: Mapping[str, Any], where: str, allowed: tuple[str, ...]) -> None:
        """Write down every key of *table* that is not *allowed*."""
        for key in table:
            if key not in allowed:
                self.fault(f"{where}.{key}" if where else key, "an unknown key", f"known here: {', '.join(allowed)}")

    def file(self, document: Mapping[str, Any], where: str, key: str) -> Path | None:
        """Return the file that the table *where* names by its only *key*."""
        table = self.get(document, "", where, dict, {})
        self.known(table, where, (key,))
        name = self.get(table, where, key, str, "")
        return Path(name) if name else None

    def years(self, value: object, where: str) -> tuple[int, int]:
        """Return a first and a last year; all of them, with a fault, where *value* is no such pair."""
        if not (isinstance(value, list) and len(value) == 2 and all(type(year) is int for year in value)):  # noqa: PLR2004
            self.fault(where, value, "expected [first, last], such as [2010, 2025]")
            return FIRST_YEAR, LAST_YEAR
        self.faults += faults_of_years(where, value[0], value[1])
        return value[0], value[1]

    def classes(self, table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """Return class symbols by group, as `[topic.classes]` has them."""
        groups = {}
        for group, value in table.items():
            groups[group] = self.texts(value, f"topic.classes.{group}")
            for symbol in groups[group]:
                wrong = symbols.fault_of(symbol)
                if wrong:
                    self.fault(f"topic.classes.{group}", repr(symbol), wrong)
        return groups

    def terms(self, table: Mapping[str, Any]) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return terms by language and group, as `[topic.terms]` has them."""
        self.known(table, "topic.terms", LANGUAGES)
        terms = {}
        for language in LANGUAGES:
            groups = self.get(table, "topic.terms", language, dict, {})
            terms[language] = {
                group: self.texts(value, f"topic.terms.{language}.{group}") for group, value in groups.items()
            }
            for group, listed in terms[language].items():
                wrong = filter(None, map(fault_of, listed))
                self.faults += [Fault(f"topic.terms.{language}.{group}", *fault) for fault in wrong]
        return terms

    def names(self, topic: Mapping[str, Any]) -> dict[str, str]:
        """Return what readers call the topic's readings, as `[topic.names]` has it."""
        names, readings = self.get(topic, "topic", "names", dict, {}), topic.get("readings")
        self.known(names, "topic.names", tuple(readings) if isinstance(readings, dict) else ())
        return {name: self.get(names, "topic.names", name, str) for name in names}

    def claims(self, value: object) -> tuple[Claim, ...]:
        """Return the tables headed `[[claims]]`."""
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.fault("claims", value, "expected tables headed [[claims]]")
            return ()
        claims = [self._claim(entry, f"claims[{place}]") for place, entry in enumerate(value)]
        seen: set[str] = set()
        for place, claim in enumerate(claims):
            if claim.id in seen:
                self.fault(f"claims[{place}].id", repr(claim.id), "each claim has an id of its own")
            seen.add(claim.id)
        return tuple(claims)

    def _claim(self, table: Mapping[str, Any], where: str) -> Claim:
        self.known(table, where, (*_OF_A_CLAIM, *_OF_ITS_WORDS))
        said_on = table.get("said_on")
        if said_on is not None and type(said_on) is not dt.date:
            self.fault(f"{where}.said_on", said_on, "expected a date without quotes, such as 2025-10-31")
            said_on = None
        tolerance = self.get(table, where, "tolerance", float) if "tolerance" in table else None
        if tolerance is not None and tolerance < 0:
            self.fault(f"{where}.tolerance", tolerance, "expected an absolute tolerance on the ratio, such as 0.10")
        name = self.get(table, where, "id", str)
        if name and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", name):
            self.fault(f"{where}.id", name, "expected letters, digits, - and _, such as china-73")
        said = self._said(table, where, said_on) or self._in_keys(table, where)
        return replace(
            said,
            id=name,
            quote=self.get(table, where, "quote", str),
            tolerance=tolerance,
            source=self.get(table, where, "source", str, ""),
            said_on=said_on,
        )

    def _said(self, table: Mapping[str, Any], where: str, said_on: dt.date | None) -> Claim | None:
        """Return the claim that `says` states, or its quote where no key says what is claimed; None where keys do."""
        keys = [key for key in _OF_ITS_WORDS if key in table and key != "says"]
        if "says" in table and keys:
            self.fault(where, f"both `says` and `{keys[0]}`", "one of them says it")
        if keys and "says" not in table:
            return None
        quote = self.get(table, where, "quote", str)
        key = "says" if "says" in table else "quote"
        try:
            claim = _dated(quote if key == "quote" else self.get(table, where, key, str), said_on)
        except QueryError as error:
            known = "; or give left, right and year" if key == "quote" else ""
            self.faults += [
                Fault(f"{where}.{key}", f"{one.found} ({one.where})", one.expected + known) for one in error.faults
            ]
            return Claim("", "", (FIRST_YEAR, LAST_YEAR), (), ())
        return claim if key == "quote" else replace(claim, unread=_unread(quote, said_on))

    def _in_keys(self, table: Mapping[str, Any], where: str) -> Claim:
        left, right = (self.texts(table.get(side, []), f"{where}.{side}") for side in ("left", "right"))
        self.faults += faults_of_sides(where, left, right)
        exceeds_by = self.get(table, where, "exceeds_by", float) if "exceeds_by" in table else None
        if exceeds_by is not None and exceeds_by <= -1:
            self.fault(f"{where}.exceeds_by", exceeds_by, 'expected more than -1; "by 73 %" is 0.73')
        return Claim("", "", self._claim_years(table, where), left, right, exceeds_by=exceeds_by)

    def _claim_years(self, table: Mapping[str, Any], where: str) -> tuple[int, int]:
        if "years" in table:
            if "year" in table:
                self.fault(where, "both `year` and `years`", "one of them says it")
            return self.years(table["years"], f"{where}.years")
        year = self.get(table, where, "year", int)
        if "year" in table and type(table["year"]) is int:
            self.faults += faults_of_years(f"{where}.year", year, year)
        return year, year
