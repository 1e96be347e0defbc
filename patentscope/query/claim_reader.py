"""The claims of a query file, and spans of years."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from patentscope.query.claim import FIRST_YEAR, LAST_YEAR, Claim, faults_of_sides, faults_of_years
from patentscope.query.toml_reader import TomlReader


class ClaimReader(TomlReader):
    """Reads what a query claims."""

    def years(self, value: object, where: str) -> tuple[int, int]:
        """Return a first and a last year; all of them, with a fault, where *value* is no such pair."""
        if not (isinstance(value, list) and len(value) == 2 and all(type(year) is int for year in value)):  # noqa: PLR2004
            self.fault(where, value, "expected [first, last], such as [2010, 2025]")
            return FIRST_YEAR, LAST_YEAR
        self.faults += faults_of_years(where, value[0], value[1])
        return value[0], value[1]

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
        known = ("id", "quote", "source", "said_on", "year", "years", "left", "right", "exceeds_by", "tolerance")
        self.known(table, where, known)
        said_on = table.get("said_on")
        if said_on is not None and type(said_on) is not dt.date:
            self.fault(f"{where}.said_on", said_on, "expected a date without quotes, such as 2025-10-31")
            said_on = None
        left, right = (self.texts(table.get(side, []), f"{where}.{side}") for side in ("left", "right"))
        self.faults += faults_of_sides(where, left, right)
        exceeds_by = self.get(table, where, "exceeds_by", float) if "exceeds_by" in table else None
        if exceeds_by is not None and exceeds_by <= -1:
            self.fault(f"{where}.exceeds_by", exceeds_by, 'expected more than -1; "by 73 %" is 0.73')
        tolerance = self.get(table, where, "tolerance", float, 0.10)
        if tolerance < 0:
            self.fault(f"{where}.tolerance", tolerance, "expected an absolute tolerance on the ratio, such as 0.10")
        name = self.get(table, where, "id", str)
        if name and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", name):
            self.fault(f"{where}.id", name, "expected letters, digits, - and _, such as china-73")
        return Claim(
            id=name,
            quote=self.get(table, where, "quote", str),
            years=self._claim_years(table, where),
            left=left,
            right=right,
            exceeds_by=exceeds_by,
            tolerance=tolerance,
            source=self.get(table, where, "source", str, ""),
            said_on=said_on,
        )

    def _claim_years(self, table: Mapping[str, Any], where: str) -> tuple[int, int]:
        if "years" in table:
            if "year" in table:
                self.fault(where, "both `year` and `years`", "one of them says it")
            return self.years(table["years"], f"{where}.years")
        year = self.get(table, where, "year", int)
        if "year" in table and type(table["year"]) is int:
            self.faults += faults_of_years(f"{where}.year", year, year)
        return year, year
