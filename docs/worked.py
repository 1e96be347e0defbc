"""Write the table of worked answers into METHODS.md from tests/answers: `python docs/worked.py`."""  # noqa: INP001 - a script, no package

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worlds.answer_text import Worked

_ROOT = Path(__file__).parent.parent
_HEAD = "| worked answer | shows | answer |\n|---|---|---|\n"


def table() -> str:
    """Return the table: each file, what it shows, and its answer with the certainty."""
    sys.path.insert(0, str(_ROOT / "tests"))
    from worlds import answer_text  # noqa: PLC0415 - found by the line above

    return _HEAD + "".join(
        _row(answer_text.read(path)) for path in sorted((_ROOT / "tests" / "answers").glob("*.claim"))
    )


def _row(worked: Worked) -> str:
    said = dict(worked.answer)
    certainty = "" if said["evidence"] == "none" else f"; {said['evidence'].rpartition(': ')[2]}"
    shows = "; ".join(re.sub(r"^\d+, ", "", line) for line in worked.shows)
    return f"| [{worked.name}](tests/answers/{worked.path.name}) | {shows} | {said['answer']}{certainty} |\n"


if __name__ == "__main__":
    page = _ROOT / "METHODS.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(_HEAD)
    page.write_text(before + table() + re.sub(r"\A(\|.*\n)*", "", rest), encoding="utf-8")
