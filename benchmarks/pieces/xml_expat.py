"""OPS XML read by expat and nothing more: the floor of a reader that builds no tree."""

import sys
from pathlib import Path
from xml.parsers import expat

from rounds import report

XML = Path(sys.argv[1]).read_bytes()


def documents() -> int:
    """Read the answer and count its documents."""
    found = 0

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal found
        found += name.endswith("exchange-document")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(XML, True)
    return found


report(documents, 10)
