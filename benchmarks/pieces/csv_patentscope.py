"""An export to publications: this program."""

import sys
from pathlib import Path

from rounds import report

from patentscope.files.recognise import read_file

report(lambda: read_file(Path(sys.argv[1])).table.num_rows, 1)
