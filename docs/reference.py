"""Write docs/reference.md from the docstrings of the public Python interface: `python docs/reference.py`."""  # noqa: INP001 - a script, no package

from __future__ import annotations

import inspect
import re
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import patentscope
from patentscope.report.charts import all_charts
from patentscope.report.run import Charts

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDTH = 100
_SECTIONS = {"Args:", "Attributes:", "Returns:", "Raises:"}
_HEAD = """# Reference

What `import patentscope` offers, from the docstrings. Written by `python docs/reference.py`; a test fails where it
has fallen behind. [METHODS.md](../METHODS.md) says what the numbers mean, [the tutorial](tutorial.md) how to get one.
"""


def reference() -> str:
    """Return the page."""
    parts = [_HEAD]
    for name in patentscope.__all__:
        thing = getattr(patentscope, name)
        parts.append(_class(name, thing) if inspect.isclass(thing) else _function(name, thing, "##"))
    parts.append(_class("Charts", Charts))
    parts.append("## patentscope.report.charts.all_charts\n\nThe same charts, from tables of your own.\n")
    parts += [_function(name, getattr(all_charts, name), "###") for name in all_charts.__all__]
    return "\n".join(parts)


def _class(name: str, thing: type) -> str:
    parts = [f"## {name}\n\n{prose(thing)}\n"]
    if is_dataclass(thing):
        listed = "\n".join(_field(entry) for entry in fields(thing) if not entry.name.startswith("_"))
        parts.append(f"Fields:\n\n{listed}\n")
    for key, member in vars(thing).items():
        if key.startswith("_") or not isinstance(member, (property, cached_property, classmethod)):
            if not key.startswith("_") and inspect.isfunction(member):
                parts.append(_function(f"{name}.{key}", member, "###"))
        elif isinstance(member, classmethod):
            parts.append(_function(f"{name}.{key}", member.__func__, "###"))
        else:
            parts.append(f"### {name}.{key}\n\n{prose(member)}\n")
    return "\n".join(parts)


def _field(entry: Field[Any]) -> str:
    default = "" if entry.default is MISSING else f" = `{entry.default!r}`"
    return f"- `{entry.name}`: `{entry.type}`{default}"


def _function(name: str, thing: Callable[..., object], level: str) -> str:
    return f"{level} {name}\n\n```python\n{signature(name, thing)}\n```\n\n{prose(thing)}\n"


def signature(name: str, thing: Callable[..., object]) -> str:
    """Return how *thing* is called: on one line where that fits, else one argument a line."""
    found = inspect.signature(thing)
    listed, is_named = [], False
    for one in found.parameters.values():
        if one.name in {"self", "cls"}:
            continue
        if one.kind is one.KEYWORD_ONLY and not is_named:
            is_named = True
            listed.append("*")
        default = "..." if callable(one.default) else repr(one.default)
        listed.append(f"{one.name}: {one.annotation}" + ("" if one.default is one.empty else f" = {default}"))
    end = f") -> {found.return_annotation}"
    line = f"{name}({', '.join(listed)}{end}"
    return line if len(line) <= _WIDTH else "\n".join([f"{name}(", *(f"    {entry}," for entry in listed), end])


def prose(thing: object) -> str:
    """Return a docstring in Google's style as Markdown: its sections as lists, its examples as code."""
    lines: list[str] = []
    in_section = False
    for line in (inspect.getdoc(thing) or "").splitlines():
        if line in _SECTIONS:
            in_section = True
            lines.append(f"**{line.removesuffix(':')}**\n")
        elif in_section and line.startswith(" " * 5):
            lines[-1] += f" {line.strip()}"
        elif in_section and line.startswith(" " * 4):
            name, colon, text = line.strip().partition(": ")
            lines.append(f"- `{name}`: {text}" if colon else f"- {name}")
        else:
            in_section = in_section and not line.strip()
            lines.append(line)
    return re.sub(r"(?m)^(>>> .*(?:\n.+)*)", r"```python\n\1\n```", "\n".join(lines).strip())


if __name__ == "__main__":
    Path(__file__).with_name("reference.md").write_text(reference(), encoding="utf-8")
