"""The program in a process of its own, or in this one: started, waited for, and the files that it left."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from patentscope.cli import main

_MAIN = "import sys; from patentscope.cli import main; sys.exit(main(sys.argv[1:]))"


def start(folder: Path, *arguments: str, before: str = "", **environment: str) -> subprocess.Popen[str]:
    """Start the program in *folder*, in a process in which *before* is carried out first."""
    return subprocess.Popen(
        [sys.executable, "-c", before + _MAIN, *arguments],
        cwd=folder, env={**os.environ, **environment}, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ended(process: subprocess.Popen[str], code: int = 0) -> str:
    """Wait for the program, which must end with *code* and without a traceback; return what it said."""
    out, err = process.communicate(timeout=240)
    assert process.returncode == code, err
    assert "Traceback" not in err
    return out + err


def here(
    capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str, code: int = 0, **environment: str | None
) -> str:
    """Do in this process what `start` and `ended` do in another; a variable that is None is not set."""
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, value in environment.items():
            patch.delenv(name, raising=False) if value is None else patch.setenv(name, value)
        try:
            ended_with = main(list(arguments))
        except SystemExit as ended_by:
            ended_with = int(ended_by.code or 0)
    said = "".join(capsys.readouterr())
    assert ended_with == code, said
    return said


def files(folder: Path) -> dict[str, bytes]:
    """Return a run's files by name, clock times apart."""
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != "timings.json"}
