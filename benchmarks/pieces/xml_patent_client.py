"""OPS XML to records: patent_client."""

import sys
from pathlib import Path

from patent_client._sync.epo.ops.published.model.biblio import BiblioResult
from rounds import report

XML = Path(sys.argv[1]).read_text(encoding="utf-8")
report(lambda: len(BiblioResult.model_validate(XML).documents), 5)
