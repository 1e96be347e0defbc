"""What the fuzzer starts from: small files and answers of every kind, made as the tests make them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import pyarrow as pa  # noqa: E402 - behind the tests' folder
import pyarrow.parquet as pq  # noqa: E402

from patentscope.aggregate.audit import sheet  # noqa: E402
from patentscope.records import store  # noqa: E402

from factories import QUERY, make_publication  # noqa: E402
from servers import lens, surechembl, uspto  # noqa: E402 - as the tests find them
from worlds import sheets, tables, xml_texts  # noqa: E402

FAULT = (
    '<fault xmlns="http://ops.epo.org"><code>SERVER.EntityNotFound</code><message>No results found</message></fault>'
)
CLAIMS = (
    "CN > US+AU+JP by 73% in 2024",
    "JP+KR < CN in 2015..2020",
    "CN > * in 2024",
    "CN > 2x US in 2024",
    "share of CN > 60% in 2024",
    "share of CN among CN+US+AU+JP = 63,5% in 2024",
    "CN about 1.5 times US in 2019-2020",
)
SYMBOLS = ("C22B7/006", "C22B 59/00=", "B09B", "Y02P  10/20", "С22B7", "C22B7/O0")


def csv_exports() -> list[bytes]:
    """Return exports of the four sites, in several encodings and separators."""
    texts = [
        sheets.text_of(sheets.GOOGLE, sheets.google(), sheets.google("US-8000000-B2"), above=sheets.SEARCH),
        sheets.text_of(sheets.LENS, sheets.lens()),
        sheets.text_of(sheets.ESPACENET, sheets.espacenet(), separator=";"),
        sheets.text_of(sheets.CLASSIC, ["A title", "CN1234567 (A)", "2019-01-02", "A [CN]", "B [US]", "C22B59/00"]),
        sheets.text_of(sheets.PATENTSCOPE, ["WO/2015/012345", "02.01.2015", "T", "US 62/1 02.01.2014", "C22B 7/00"]),
    ]
    return [
        *(text.encode() for text in texts),
        texts[0].encode("utf-16"),
        texts[1].replace("\n", "\r").encode("cp1252"),
    ]


def exchange_documents() -> list[bytes]:
    """Return answers of OPS and a DOCDB file."""
    family = xml_texts.OPS_HEAD + '<ops:patent-family total-result-count="1"><ops:family-member family-id="7">'
    family += xml_texts.document() + "</ops:family-member></ops:patent-family>" + xml_texts.OPS_TAIL
    return [xml_texts.answer(xml_texts.document()), xml_texts.docdb_file(2), family.encode(), FAULT.encode()]


def red_book() -> list[bytes]:
    """Return grants of two generations."""
    return [xml_texts.GRANT.format(number="08930553").encode() * 2, xml_texts.OLDER.encode()]


def bigquery_rows() -> list[bytes]:
    """Return rows as JSON lines, nested and flattened, and one list of them."""
    flat = {"publication_number": "CN-1-A", "country_code": "CN", "title": "T", "cpc": "C22B7/00;C22B59/00"}
    return [tables.lines(tables.NESTED, flat).encode(), json.dumps([tables.NESTED, flat]).encode()]


def parquet_files() -> list[bytes]:
    """Return our own parquet file."""
    rows = [make_publication(f"CN11800000{i}A", applicants=["CN"], publication_date="2020-01-01") for i in range(3)]
    with tempfile.TemporaryDirectory() as folder:
        store.write(store.to_table(rows), Path(folder) / "a.parquet")
        return [(Path(folder) / "a.parquet").read_bytes()]


def bigquery_parquet() -> list[bytes]:
    """Return BigQuery's table as parquet, with the levels that it puts around lists and without."""
    found = []
    for row in (tables.NESTED, tables.with_elements(tables.NESTED)):
        sink = io.BytesIO()
        pq.write_table(pa.Table.from_pylist([row]), sink)
        found.append(sink.getvalue())
    return found


def packed() -> list[bytes]:
    """Return a gzip, a zip, and a zip in a zip."""
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../a.xml", xml_texts.answer(xml_texts.document()))
        archive.writestr("tls211.csv", tables.TABLES["tls211_part01.csv"])
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("a.zip", inner.getvalue())
    return [gzip.compress(bigquery_rows()[0]), inner.getvalue(), outer.getvalue()]


def zipped(data: bytes, name: str = "../a.dat") -> bytes:
    """Return a zip that holds *data* under a name."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return sink.getvalue()


def to_pack() -> list[bytes]:
    """Return files with a letter before each: in what it is to be packed."""
    files = [exchange_documents()[0], red_book()[0], bigquery_rows()[0], exchange_documents()[1]]
    return [letter + file for letter, file in zip((b"g", b"z", b"Z", b"G"), files, strict=True)]


def patstat() -> list[bytes]:
    """Return two tables of PATSTAT as one file: applications, and behind a form feed publications."""
    return ["\f".join(tables.TABLES[name] for name in ("tls211_part01.csv", "tls201_part01.csv")).encode()]


def lens_records() -> list[bytes]:
    """Return a page of The Lens."""
    records = [lens.Record(str(i), "2020-01-01", title_zh="方法", country="CN").as_json() for i in (1, 2)]
    return [json.dumps({"total": 2, "data": records}).encode()]


def uspto_pages() -> list[bytes]:
    """Return a page of the USPTO's portal."""
    return [
        json.dumps(
            {
                "count": 1,
                "patentFileWrapperDataBag": [uspto.Application("16123456", "2020-01-02", "2021-01-02").as_json()],
            }
        ).encode()
    ]


def surechembl_pages() -> list[bytes]:
    """Return a page of SureChEMBL."""
    documents = [surechembl.Record("CN-1-A", "20200101").as_json()]
    found = {"status": "OK", "data": {"results": {"total_hits": 1, "documents": documents}}}
    return [json.dumps(found).encode(), b'{"status": "ERROR", "error_message": "no"}']


def surechembl_batches() -> list[bytes]:
    """Return a batch of whole documents of SureChEMBL."""
    return [json.dumps({"status": "OK", "data": [surechembl.Record("CN-1-A", "20200101").as_whole()]}).encode()]


def sidecars() -> list[bytes]:
    """Return the page beside a kept answer, and the answer."""
    page = {"method": "GET", "url": "https://x/", "accept": "a", "status": 200, "headers": {"content-type": "a/b"}}
    return [json.dumps({**page, "fetched_at": "2026-01-02T03:04:05+00:00", "licence": "L", "sha256": "0"}).encode()]


def runs() -> list[bytes]:
    """Return a run.json with one stage."""
    stage = {"stage": "publications", "files": {"publications.parquet": "0"}, "hash_in": "1", "hash_out": "2"}
    return [
        json.dumps({"code": "c", "seal": "s", "stages": [stage], "sources": [], "labels": {"hash_out": "1"}}).encode()
    ]


def label_sheets() -> list[bytes]:
    """Return a sheet as it is drawn, and one in which a reader wrote."""
    drawn = {"stratum": "CN, on topic", "stratum_families": 10, "stratum_drawn": 2, "inclusion_probability": 0.2}
    rows = [
        {"family_id": f"F{i}", "aim": "audit", "country": "CN", "years": "2020..2024", "draw": "d", "rows": 2, **drawn}
        for i in (1, 2)
    ]
    with tempfile.TemporaryDirectory() as folder:
        sheet.write(Path(folder) / "a.csv", rows)
        text = (Path(folder) / "a.csv").read_bytes()
    return [text, text.replace(b'"1",""', b'"1","in"')]


def labelled() -> list[bytes]:
    """Return a file of labelled texts."""
    stream = io.StringIO()
    rows = [("text", "label", "group"), ("Rare earth magnets\nare recycled", "yes", "1"), ("A hinge", "no", "2")]
    csv.writer(stream).writerows(rows)
    return [stream.getvalue().encode(), stream.getvalue().replace(",", "\t").encode("utf-16")]


def queries() -> list[bytes]:
    """Return the queries that are shipped, and the tests' own."""
    return [QUERY.encode(), *(path.read_bytes() for path in sorted((ROOT / "queries").glob("*.toml")))]


def published() -> list[bytes]:
    """Return the tables of what others counted that are shipped, the beginning of each and the whole."""
    tables = [path.read_bytes() for path in sorted((ROOT / "queries").glob("*.csv"))]
    return [part for table in tables for part in (b"".join(table.splitlines(keepends=True)[:9]), table)]


def told() -> list[bytes]:
    """Return answers as `targets` gives them to manners: a byte for the status, headers, and the body."""
    ops = "X-Throttling-Control: idle (search=green:30)\nX-IndividualQuotaPerHour-Used: 5\nX-Rejection-Reason: x"
    lens = "x-rate-limit-remaining-request-per-minute: 0\nx-rate-limit-retry-after-seconds: 6\n"
    lens += "x-rate-limit-remaining-request-per-month: 3\nx-rate-limit-reset-date: 2026-01-02T00:00:00Z"
    bodies = ("{}", '{"total": 1, "data": []}', FAULT, '{"count": 1, "patentFileWrapperDataBag": []}')
    heads = ("\x00", f"\x02{ops}", f"\x04{lens}", "\x03Retry-After: 5", "\x05Retry-After: 9")
    return [f"{head}\n\n{body}".encode() for head in heads for body in bodies]
