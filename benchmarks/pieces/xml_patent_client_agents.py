"""OPS XML to records: patent-client-agents."""

import sys
from pathlib import Path

from patent_client_agents.epo_ops.parsing import parse_biblio_response
from rounds import report

XML = Path(sys.argv[1]).read_bytes()
report(lambda: len(parse_biblio_response(XML).documents), 10)
