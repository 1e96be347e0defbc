"""A TOML document read as a whole: every fault is written down with its key, and reading goes on."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from typing import Any

from patentscope.errors import Fault

_LARGEST = 1e12
#: Writes a value as Python does, but for what is nested too deeply or too long to be read.
_SHORT = reprlib.Repr()
_SHORT.maxlist = _SHORT.maxdict = _SHORT.maxlevel = 20
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 200


class TomlReader:
    """Collects faults on the way; what it returns is only to be used where there were none."""

    def __init__(self) -> None:
        """Start without faults."""
        self.faults: list[Fault] = []

    def fault(self, where: str, found: object, expected: str) -> None:
        """Write down a fault: where it is, what was found, what would work."""
        self.faults.append(Fault(where, found if isinstance(found, str) else _SHORT.repr(found), expected))

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
