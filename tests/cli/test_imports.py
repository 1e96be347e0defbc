"""What each command imports: nothing heavy that it doesn't use."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from places import ROOT
from worlds.sheets import LENS, lens, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from patentscope.provenance.run_folder import RunFolder

#: Libraries that take more than a few milliseconds to import, as they are named at import.
HEAVY = frozenset(
    {
        *("altair", "duckdb", "httpx", "jinja2", "joblib", "lxml", "numpy", "openpyxl", "pandas", "pyarrow", "pyspark"),
        *("python_calamine", "rich", "scipy", "scipy.sparse", "scipy.stats", "sklearn", "spacy", "vl_convert"),
        *("xlsxwriter", "google.cloud.bigquery"),
    }
)
TABLES = frozenset({"numpy", "pandas", "pyarrow"})
#: What the page is made with.
PAGE = TABLES | {"altair", "duckdb", "jinja2", "vl_convert", "xlsxwriter"}
SHIPPED = "queries/rare-earth-recycling.toml"
CLAIM = "CN > US in 2010"
#: By command what it may import of them. RUN is a finished run on the sample, LENS an exported file.
MAY: dict[str, frozenset[str]] = {
    "--help": frozenset(),
    "check --help": frozenset(),
    "verify RUN": frozenset(),
    "new heat-pumps --out OUT.toml": frozenset({"rich"}),
    "sources": TABLES | {"rich"},
    f"run {SHIPPED} --sample --out RUN": TABLES | {"rich"},
    "show RUN --side left": TABLES | {"duckdb", "rich"},
    "check RUN CLAIM": TABLES | {"duckdb", "rich"},
    "diff RUN RUN": TABLES | {"duckdb"},
    "report RUN": PAGE,
    "check LENS CLAIM --out OUT": PAGE | {"httpx", "rich"},
    "import LENS --out OUT.parquet": TABLES | {"rich"},
}
#: Carries out the command in its arguments and says which modules there are afterwards.
_CODE = """
import sys
from patentscope.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize("command", MAY)
def test_nothing_is_imported_that_is_not_used(command: str, copied: RunFolder, tmp_path: Path) -> None:
    """A command imports no heavy library but those that it needs; a run that stands unchanged carries nothing out."""
    export = tmp_path / "lens.csv"
    export.write_text(text_of(LENS, lens()), encoding="utf-8")
    named = {"RUN": str(copied.path), "CLAIM": CLAIM, "LENS": str(export)}
    words = [named.get(word, word.replace("OUT", str(tmp_path / "out"))) for word in command.split()]
    done = subprocess.run([sys.executable, "-c", _CODE, *words], capture_output=True, text=True, cwd=ROOT, check=True)
    assert set(done.stderr.split()) & HEAVY <= MAY[command]
