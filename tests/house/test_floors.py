"""The structure of the house: imports only go down, files stay small."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

import patentscope

from places import ROOT

FILES = sorted((ROOT / "patentscope").rglob("*.py"))


def bodies(path: Path) -> list[tuple[str, int]]:
    """Return the functions of a file, each with how many lines its body has without its docstring."""
    functions = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.FunctionDef)]
    firsts = [node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0] for node in functions]
    return [(node.name, node.end_lineno - first.lineno + 1) for node, first in zip(functions, firsts, strict=True)]


def test_imports_only_go_down() -> None:
    """The contracts in pyproject.toml hold: floors, forbidden imports, no circles."""
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(command)], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_and_functions_stay_small(path: Path) -> None:
    """A file has at most 300 lines, a function body (without its docstring) at most 40."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    assert not [name for name, length in bodies(path) if length > 40]


def test_the_house_has_few_rooms_and_small_functions() -> None:
    """At most twelve folders and three modules of its own in the root; half of all functions are under ten lines."""
    root = ROOT / "patentscope"
    own = {"__init__.py", "__main__.py", "py.typed"}
    assert len([path for path in root.iterdir() if path.is_dir() and path.name != "__pycache__"]) <= 12
    assert len([path for path in root.iterdir() if path.is_file() and path.name not in own]) <= 3
    assert statistics.median(length for path in FILES for _, length in bodies(path)) < 10


def test_public_names_can_be_imported() -> None:
    """Every name of `__all__` is there, and none of them hides a module."""
    for name in patentscope.__all__:
        assert getattr(patentscope, name).__name__ == name
        assert not (ROOT / "patentscope" / f"{name}.py").exists()
    with pytest.raises(AttributeError, match="it has Claim"):
        patentscope.nothing  # noqa: B018
