"""OPS XML to records: epo-ops-cli."""

import sys
from pathlib import Path

from epo_ops_cli.cli import _parse_search_docs
from rounds import report

XML = Path(sys.argv[1]).read_text(encoding="utf-8")
report(lambda: len(_parse_search_docs(XML)), 10)
