"""A run's files held against the hashes that it wrote of them: what stands as it was made, and what was touched since.

A seal shows what was changed by accident or in passing. It is no signature: whoever rewrites every hash leaves no trace
here, but another run of the same query on the same cache gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from patentscope.errors import UsageError
from patentscope.provenance.hashes import hash_of_files
from patentscope.provenance.run_folder import FILES, code_hash, seal_of, state_of

AS_MADE, CHANGED, MISSING, UNKNOWN = "as made", "changed", "missing", "not of this run"
#: What a run's folder also holds: the clock, which is no result.
_BESIDE = {"run.json", "timings.json"}


def verify(path: Path) -> dict[str, Any]:
    """Return what became of each file of the run in *path*.

    Returns:
        `run`, `untouched` (true where every file is as made), `made_by_this_version`, and `files`: name, stage, state
        (`as made`, `changed`, `missing`, `not of this run`).

    Raises:
        UsageError: where there is no run.json to hold anything against.
    """
    try:
        state = state_of(path)
    except UsageError as error:
        raise UsageError(f"{path}: no run.json that can be read here, nothing to verify against: {error}") from error
    stages = {entry["stage"]: entry["files"] for entry in state["stages"]}
    sealed, code = state.get("seal"), state.get("code")
    rows = [{"file": "run.json", "stage": "", "state": AS_MADE if seal_of(state) == sealed else CHANGED}]
    for stage in FILES:
        for name, expected in stages.get(stage, dict.fromkeys(FILES[stage], "")).items():
            rows.append({"file": name, "stage": stage, "state": _state(path / name, expected)})
    labels = state.get("labels")
    if labels:
        rows.append({"file": "labels.csv", "stage": "labels", "state": _state(path / "labels.csv", labels["hash_out"])})
    known = {row["file"] for row in rows} | _BESIDE
    rows += [
        {"file": entry.name, "stage": "", "state": UNKNOWN}
        for entry in sorted(path.iterdir())
        if entry.is_file() and entry.name not in known
    ]
    touched = [row for row in rows if row["state"] in {CHANGED, MISSING}]
    return {
        "run": str(path),
        "untouched": not touched,
        "made_by_this_version": code == code_hash(),
        "files": rows,
    }


def _state(path: Path, expected: str) -> str:
    if not path.is_file():
        return MISSING
    return AS_MADE if hash_of_files([path]) == expected else CHANGED
