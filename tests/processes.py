"""The program in a process of its own: started, waited for, and the files that it left."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


def files(folder: Path) -> dict[str, bytes]:
    """Return a run's files by name, clock times apart."""
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name != "timings.json"}
