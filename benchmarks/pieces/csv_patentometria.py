"""An export to records: patentometria."""

import sys
from pathlib import Path

from core.parsers import parse_bytes
from rounds import report

report(lambda: len(parse_bytes(Path(sys.argv[1]).read_bytes(), None, "nucleo")[1]), 1)
