"""OPS XML to publications, against parsing alone, side by side in one process.

    python benchmarks/exchange_xml.py ANSWER.xml ...     files with OPS answers; made documents where none are named

Prints documents per second, best and median of 15 rounds, and the ratio to lxml's parse-only rate.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from statistics import median

from lxml import etree

from patentscope.files.exchange_xml import publications_of

ROUNDS = 15
DOCUMENTS = 100
_MADE = (
    '<exchange-document country="CN" doc-number="{n}" kind="A" family-id="{n}"><bibliographic-data>'
    '<publication-reference><document-id document-id-type="docdb"><country>CN</country><doc-number>{n}</doc-number>'
    "<kind>A</kind><date>20240315</date></document-id></publication-reference><patent-classifications>"
    + "".join(
        f'<patent-classification sequence="{i}"><classification-scheme office="EP" scheme="CPCI"/><section>C</section>'
        f"<class>22</class><subclass>B</subclass><main-group>{i}</main-group><subgroup>00</subgroup>"
        "<classification-value>I</classification-value></patent-classification>"
        for i in range(1, 30)
    )
    + "</patent-classifications><application-reference>"
    '<document-id document-id-type="epodoc"><doc-number>CN2023{n}</doc-number><date>20230102</date></document-id>'
    '</application-reference><invention-title lang="en">Recovery of rare earths</invention-title></bibliographic-data>'
    '<abstract lang="en"><p>{text}</p></abstract></exchange-document>'
)


def documents(paths: list[str]) -> list[bytes]:
    """Return the distinct biblio documents of OPS answers, or made ones."""
    if not paths:
        return [_MADE.format(n=100000000 + i, text="magnet scrap is leached " * 40).encode() for i in range(DOCUMENTS)]
    found: dict[bytes, None] = {}
    for path in paths:
        for match in re.findall(rb"<exchange-document .*?</exchange-document>", Path(path).read_bytes(), re.DOTALL):
            if b"application-reference" in match:
                found[match] = None
    return list(found)


def main(paths: list[str]) -> None:
    """Time both on the same documents, in turn."""
    body = b"".join((documents(paths) * DOCUMENTS)[:DOCUMENTS])
    xml = b'<exchange-documents xmlns="http://www.epo.org/exchange">' + body + b"</exchange-documents>"
    parse, read = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        etree.fromstring(xml)
        parse.append(time.perf_counter() - start)
        start = time.perf_counter()
        found, _ = publications_of(xml, source="bench", origin="bench")
        read.append(time.perf_counter() - start)
        assert len(found) == DOCUMENTS
    print(f"{DOCUMENTS} documents, {len(xml) / DOCUMENTS / 1000:.1f} kB each")
    for name, pick in (("best", min), ("median", median)):
        floor, ours = DOCUMENTS / pick(parse), DOCUMENTS / pick(read)
        print(f"{name:<8}parse only {floor:>8,.0f}/s   publications {ours:>8,.0f}/s   ratio {ours / floor:.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
