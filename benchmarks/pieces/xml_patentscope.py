"""OPS XML to publications: this program."""

import sys
from pathlib import Path

from rounds import report

from patentscope.files.xml.exchange import publications_of

XML = Path(sys.argv[1]).read_bytes()
report(lambda: len(publications_of(XML, source="bench", origin="bench")[0]), 10)
