"""What is fuzzed: every reader of what strangers write, each as a function of bytes.

A target may refuse its bytes with one of the program's own errors, or set records aside; anything else is a crash. What
a reader of files gives must also add up: rows in are publications and rows set aside, and the pipeline can take it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from patentscope.aggregate.audit import sheet
from patentscope.classify.evaluate.examples import Wanted, read_examples
from patentscope.errors import FileFormatError, PatentscopeError
from patentscope.fetch.cache import AnswerStore
from patentscope.fetch.lens import access as lens_manners
from patentscope.fetch.lens import record as lens_record
from patentscope.fetch.ops.access import OpsManners, fault_of
from patentscope.fetch.surechembl import contents, document
from patentscope.fetch.uspto import access as uspto_manners
from patentscope.fetch.uspto import record as uspto_record
from patentscope.files import recognise
from patentscope.files.tables.bigquery_row import publication_of as bigquery_row
from patentscope.files.xml import exchange as exchange_xml
from patentscope.files.xml import safe_xml
from patentscope.provenance.run_folder import RunFolder
from patentscope.provenance.writing import write_json
from patentscope.query import published
from patentscope.query.claim import parse_claim
from patentscope.query.query import Query
from patentscope.records import intake, symbols
from patentscope.records.families import assign
from patentscope.records.scheme import Scheme
from patentscope.records.store import to_table
from patentscope.records.texts import Texts
from patentscope.runs.verify import verify

import seeds

if TYPE_CHECKING:
    import pyarrow as pa

    from patentscope.provenance.ledger import Loss
    from patentscope.records.publication import Publication

_MERGED, _GROUPED = 5, 100
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in it has a name of its own
_PLACE = Path(tempfile.mkdtemp(prefix="patentscope-fuzz-", dir=_MEMORY if _MEMORY.is_dir() else None))
(_PLACE / "patstat").mkdir()
for _table in seeds.ROOT.glob("queries/*.csv"):  # a query's table stands beside it
    shutil.copy(_table, _PLACE)


@dataclass(frozen=True)
class Target:
    """One reader: what it is given, and what the fuzzer starts from."""

    read: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]


def tried(target: Target, data: bytes) -> bool:
    """Read *data*; say whether it was taken. What is no refusal of ours goes through to the caller: a crash."""
    try:
        target.read(data)
    except PatentscopeError as error:
        str(error).encode("utf-8", "backslashreplace")  # as it is printed
        return False
    return True


def _file(data: bytes, name: str = "fuzz.dat") -> Path:
    path = _PLACE / name
    path.write_bytes(data)
    return path


def _taken_in(records: pa.Table | tuple[pa.Table, Texts], set_aside: list[Loss], data: bytes) -> None:
    """Take publications in as a run does: merged for some inputs, and grouped into families for fewer: it is slow."""
    turn = zlib.crc32(data)
    if turn % _MERGED:
        return
    taken = intake.merge([records], most_bad=1.0, set_aside=set_aside)
    assert taken.rows_in == taken.table.num_rows + sum(loss.count for loss in taken.dropped)
    if turn % _GROUPED == 0:
        assign(taken.table)


def _publications(found: list[Publication], data: bytes) -> None:
    _taken_in(to_table(found), [], data)


def _reader(form: str | None, name: str = "fuzz.dat") -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        found = recognise.read_file(_file(data, name), form=form)
        aside = sum(loss.count for loss in found.set_aside)
        assert found.rows_in == found.table.num_rows + aside, (found.rows_in, found.table.num_rows, aside)
        _taken_in(found.records, found.set_aside, data)

    return read


def _containers(data: bytes) -> None:
    """Read what is changed inside a whole gzip, zip, zip of a zip, or zip of a gzip, as the first byte says."""
    way, inside = data[:1], data[1:]
    packed = {
        b"g": lambda: gzip.compress(inside, 1),
        b"z": lambda: seeds.zipped(inside),
        b"Z": lambda: seeds.zipped(seeds.zipped(inside), "a.zip"),
        b"G": lambda: seeds.zipped(gzip.compress(inside, 1)),
    }
    _reader(None)(packed[way]() if way in packed else data)


def _patstat(data: bytes) -> None:
    for place, part in enumerate(data.split(b"\f")[:4]):
        _file(part, f"patstat/{place}.csv")
    found = recognise.read_file(_PLACE / "patstat")
    assert found.rows_in == found.table.num_rows + sum(loss.count for loss in found.set_aside)


def _answers_of_ops(data: bytes) -> None:
    for read in (exchange_xml.total_of, exchange_xml.is_whole_family):
        with suppress(FileFormatError):
            read(data)
    found, _ = exchange_xml.publications_of(data, source="ops", origin="o")
    _publications(found, data)


def _json(data: bytes) -> Any:  # noqa: ANN401 - as JSON has it
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FileFormatError("no JSON") from error


def _objects(value: object) -> list[dict[str, Any]]:
    """Return every object in *value*, the outer ones first."""
    found, waiting = [], [value]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, dict):
            found.append(one)
        waiting += list(one.values()) if isinstance(one, dict) else one if isinstance(one, list) else []
    return found[:20]


def _lens(data: bytes) -> None:
    read = [lens_record.publication_of(one, "lens", "o") for one in _objects(_json(data))]
    _publications([one for one in read if one is not None], data)


def _uspto(data: bytes) -> None:
    _publications(
        [one for wrapper in _objects(_json(data)) for one in uspto_record.publications_of(wrapper, "u", "o")[0]], data
    )


def _bigquery(data: bytes) -> None:
    read = [bigquery_row(one, "bigquery", "o") for one in _objects(_json(data))]
    _publications([one for one in read if one is not None], data)


def _surechembl(data: bytes) -> None:
    document.is_page(data, or_refused=True)
    page = document.page_of(data)
    read = [document.publication_of(one, "surechembl", "o") for one in page.documents]
    _publications([one for one in read if one is not None], data)


def _batches(data: bytes) -> None:
    read = [contents.publication_of(one, "surechembl", "o") for one in document.batch_of(data)]
    _publications([one for one in read if one is not None], data)


def _manners(data: bytes) -> None:
    """Give every source's manners an answer whose first line are headers, and the rest the body."""
    head, _, body = data.partition(b"\n\n")
    status = (200, 400, 403, 404, 429, 503)[head[0] % 6] if head else 200
    pairs = [line.partition(b":")[::2] for line in head[1:].split(b"\n")]
    headers = [(name.strip(), value.strip()) for name, value in pairs if name.strip().isalnum() or b"-" in name]
    request = httpx.Request("GET", "https://ops.epo.org/3.2/family/x")
    for manners in (OpsManners("https://ops.epo.org/3.2"), lens_manners.manners(), uspto_manners.manners()):
        response = httpx.Response(status, headers=headers, content=body, request=request)
        manners.is_final(response)
        manners.is_sign_in_refused(response)
        manners.tries(response)
        fault_of(response)
        with suppress(PatentscopeError):
            manners.heed("search", response, 0.0)
            manners.seconds_to_wait("search", 0.0)


def _kept(data: bytes) -> None:
    """Read an entry of the cache whose sidecar is *data*; its hash is mended, so that what lies behind is reached."""
    store, body = AnswerStore(_PLACE, "kept", "L"), b"body"
    page = data.replace(b'"0"', json.dumps(hashlib.sha256(body).hexdigest()).encode())
    (_PLACE / "kept" / "00").mkdir(parents=True, exist_ok=True)
    (_PLACE / "kept" / "00" / "00.gz").write_bytes(gzip.compress(body))
    (_PLACE / "kept" / "00" / "00.json").write_bytes(page)
    found = store.get("00")
    assert found is None or (isinstance(found.status, int) and found.fetched_at.date())
    store.summary()


def _run(data: bytes) -> None:
    folder = _PLACE / "run"
    folder.mkdir(exist_ok=True)
    (folder / "run.json").write_bytes(data)
    RunFolder.open(folder)
    with suppress(PatentscopeError):
        RunFolder.existing(folder)
    verify(folder)


def _query(data: bytes) -> None:
    query = Query.load(_file(data))
    write_json(
        _PLACE / "claims.json", {"claims": [vars(claim) for claim in query.claims], "of": vars(query.thresholds)}
    )


def _claim(data: bytes) -> None:
    write_json(_PLACE / "claim.json", vars(parse_claim(data.decode("utf-8", "replace"))))


def _symbol(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    normal, fault = symbols.normal_symbol(text), symbols.fault_of(text)
    if fault is None:
        assert text.isascii()
        assert normal or text.endswith("="), text
    if normal is not None:
        assert normal == symbols.normal_symbol(normal), text
        assert Scheme.shipped().covers(normal, normal), text


def _xml(data: bytes) -> None:
    safe_xml.parsed(data, "here")


TARGETS: dict[str, Target] = {
    "query": Target(_query, seeds.queries),
    "published": Target(lambda data: void(published.read(_file(data))), seeds.published),
    "claim": Target(_claim, lambda: [claim.encode() for claim in seeds.CLAIMS]),
    "symbol": Target(_symbol, lambda: [symbol.encode() for symbol in seeds.SYMBOLS]),
    "any file": Target(
        _reader(None),
        lambda: [*seeds.csv_exports(), *seeds.exchange_documents(), *seeds.bigquery_rows(), *seeds.packed()],
    ),
    "lens_csv": Target(_reader("lens_csv"), seeds.csv_exports),
    "google_csv": Target(_reader("google_csv"), seeds.csv_exports),
    "espacenet_csv": Target(_reader("espacenet_csv"), seeds.csv_exports),
    "patentscope_csv": Target(_reader("patentscope_csv"), seeds.csv_exports),
    "exchange_xml": Target(_reader("exchange_xml"), seeds.exchange_documents),
    "uspto_xml": Target(_reader("uspto_xml"), seeds.red_book),
    "bigquery_export": Target(_reader("bigquery_export"), seeds.bigquery_rows),
    "parquet": Target(_reader("parquet"), seeds.parquet_files),
    "parquet of BigQuery": Target(_reader("bigquery_export"), seeds.bigquery_parquet),
    "containers": Target(_containers, lambda: [*seeds.packed(), *seeds.to_pack()]),
    "patstat": Target(_patstat, seeds.patstat),
    "answers of OPS": Target(_answers_of_ops, seeds.exchange_documents),
    "XML": Target(_xml, seeds.exchange_documents),
    "records of The Lens": Target(_lens, seeds.lens_records),
    "records of the USPTO": Target(_uspto, seeds.uspto_pages),
    "rows of BigQuery": Target(_bigquery, seeds.bigquery_rows),
    "pages of SureChEMBL": Target(_surechembl, seeds.surechembl_pages),
    "batches of SureChEMBL": Target(_batches, seeds.surechembl_batches),
    "answers to manners": Target(_manners, seeds.told),
    "kept answers": Target(_kept, seeds.sidecars),
    "run.json": Target(_run, seeds.runs),
    "label sheet": Target(lambda data: void(sheet.read(_file(data))), seeds.label_sheets),
    "labelled texts": Target(
        lambda data: void(read_examples([_file(data)], Wanted("text", "label", "yes", group="group"))), seeds.labelled
    ),
}


def void(_: object) -> None:
    """Take what a reader gives, and do nothing with it."""
