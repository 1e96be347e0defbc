"""What the pieces are timed on: the user's own files, repeated to size, or made ones where none are given."""

from __future__ import annotations

import csv
import io
import itertools
import re
from pathlib import Path

import landscape
import pandas as pd
import pyarrow as pa

DOCUMENTS = 100
ROWS = 100_000
_DOCUMENT = re.compile(rb"<(?:\w+:)?exchange-document .*?</(?:\w+:)?exchange-document>", re.DOTALL)
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
    + '</patent-classifications><application-reference><document-id document-id-type="docdb"><country>CN</country>'
    "<doc-number>2023{n}</doc-number><kind>A</kind></document-id>"
    '<document-id document-id-type="epodoc"><doc-number>CN2023{n}</doc-number><date>20230102</date></document-id>'
    '</application-reference><invention-title lang="en">Recovery of rare earths</invention-title></bibliographic-data>'
    '<abstract lang="en"><p>{text}</p></abstract></exchange-document>'
)
_GOOGLE = "id,title,assignee,inventor/author,priority date,filing/creation date,publication date,grant date,result link"


def answer(paths: list[Path], folder: Path) -> Path:
    """Write one OPS answer of 100 biblio documents: the distinct ones in *paths*, repeated, or made ones."""
    found: dict[bytes, None] = {}
    for path in paths:
        for document in _DOCUMENT.findall(path.read_bytes()):
            if b"application-reference" in document:
                found[document] = None
    made = [_MADE.format(n=100000000 + i, text="magnet scrap is leached " * 40).encode() for i in range(DOCUMENTS)]
    documents = (list(found) or made) * DOCUMENTS
    body = b"".join(b"<exchange-documents>%s</exchange-documents>" % document for document in documents[:DOCUMENTS])
    written = folder / "answer.xml"
    written.write_bytes(
        b'<?xml version="1.0" encoding="UTF-8"?><ops:world-patent-data xmlns="http://www.epo.org/exchange" '
        b'xmlns:ops="http://ops.epo.org" xmlns:xlink="http://www.w3.org/1999/xlink"><ops:biblio-search '
        b'total-result-count="100"><ops:search-result>%s</ops:search-result></ops:biblio-search>'
        b"</ops:world-patent-data>" % body
    )
    return written


def lens(path: Path, rows: int) -> None:
    """Write a made export of the Lens, with the columns of today: *rows* publications with abstracts."""
    table = pa.concat_tables(landscape.tables(rows, abstracts=True))
    made = table.drop_columns(["priorities", "applicants", "inventors", "cpc"]).to_pandas()
    number = made["publication_number"].str.extract(r"^(..)(\d+)(\w+)$")
    serial = number[1].str.zfill(15)
    identity = serial.str[:3].str.cat([serial.str[i : i + 3] for i in range(3, 15, 3)], sep="-")
    claimed = [entries[0]["number"] for entries in table.column("priorities").to_pylist()]
    family = identity.groupby(claimed)
    people = {
        role: [";;".join(party["name"].upper() for party in row) for row in table.column(role).to_pylist()]
        for role in ("applicants", "inventors")
    }
    cells = {
        "#": range(1, rows + 1), "Jurisdiction": made["office"], "Kind": made["kind"],
        "Display Key": number[0] + " " + number[1] + " " + number[2], "Lens ID": identity,
        "Publication Date": made["publication_date"], "Publication Year": made["publication_date"].map(str).str[:4],
        "Application Number": made["application_number"], "Application Date": made["filing_date"],
        "Priority Numbers": claimed, "Earliest Priority Date": made["priority_date"], "Title": made["title"],
        "Abstract": made["abstract"], "Applicants": people["applicants"], "Inventors": people["inventors"],
        "URL": "https://lens.org/" + identity, "Document Type": "Patent Application",
        "Simple Family Size": family.transform("size"), "Simple Family Members": family.transform(";;".join),
        "CPC Classifications": [";;".join(row) for row in table.column("cpc").to_pylist()],
        "IPCR Classifications": [";;".join(row) for row in table.column("cpc").to_pylist()],
    }  # fmt: skip
    pd.DataFrame(cells).to_csv(path, index=False)


def export(path: Path | None, folder: Path) -> Path:
    """Write an export of 100,000 rows: those of *path*, repeated, or made ones in the shape of Google Patents."""
    if path is None:
        written = folder / "made.csv"
        rows = (
            f"CN-{110000000 + i}-A,Recovery of rare earths from magnet scrap {i},某某大学,李某,2020-01-02,2020-01-02,"
            f"2021-05-06,,https://patents.google.com/patent/CN{110000000 + i}A/en"
            for i in range(ROWS)
        )
        written.write_text("search URL:,https://patents.google.com/\n" + "\n".join([_GOOGLE, *rows]) + "\n", "utf-8")
        return written
    text = path.read_text(encoding="utf-8-sig")
    first = text.lstrip().splitlines()[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    rows_in = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(row)]
    header = next(
        place
        for place, row in enumerate(rows_in)
        if {"id", "Display Key", "Publication number", "Veröffentlichungsnummer"} & set(row)
    )
    written = folder / path.name
    with written.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=separator)
        writer.writerows(rows_in[: header + 1])
        writer.writerows(itertools.islice(itertools.cycle(rows_in[header + 1 :]), ROWS))
    return written
