"""`python -m patentscope`."""

import sys

from patentscope.cli import main

sys.exit(main())
