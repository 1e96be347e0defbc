"""Every reader of what strangers write refuses or accounts for anything: a short, seeded part of what `fuzz/` does.

The inputs under `CRASHES` are what the fuzzer found, as short as they can be.
"""

from __future__ import annotations

import random

import pytest

from patentscope.errors import QueryError
from patentscope.query.claim import parse_claim
from patentscope.query.query import Query

import mutate
import seeds
import targets
from targets import TARGETS

ROUNDS = {"patstat": 4, "any file": 40, "containers": 40}
_MANY = b"9" * 5000
_DEEP = b"[" * 100_000
_HALF = rb"\ud800"
CRASHES: list[tuple[str, bytes]] = [
    ("query", b"years = " + _MANY),
    ("query", b"years = " + b"[" * 3000),
    *(("query", b"[scope]\nyears = " + b"[" * depth + b"]" * depth) for depth in (20, 100, 200, 300, 450, 600, 900)),
    *(("query", seeds.QUERY.replace("exceeds_by = 0.73", f"exceeds_by = {size}").encode()) for size in ("nan", "inf")),
    *(("query", seeds.QUERY.encode() + f"[thresholds]\n{name} = {value}\n".encode())
      for name in ("coverage", "candidates") for value in ("nan", "-inf", "1" + "0" * 400)),
    ("claim", "CN > ²x US in 2024".encode()),
    ("claim", b"CN > US in " + _MANY),
    ("claim", b"CN > US by " + _MANY + b"% in 2024"),
    ("exchange_xml", seeds.exchange_documents()[1].replace(b'sequence="1"', b'sequence="' + _MANY + b'"')),
    ("exchange_xml", seeds.exchange_documents()[1].replace(b'documents="2"', b'documents="' + _MANY + b'"')),
    ("answers of OPS", seeds.exchange_documents()[0].replace(b'count="1"', b'count="' + _MANY + b'"')),
    ("bigquery_export", seeds.bigquery_rows()[0].replace(b"A method", _HALF)),
    ("records of The Lens", seeds.lens_records()[0].replace(b"magnet", _HALF)),
    ("records of the USPTO", seeds.uspto_pages()[0].replace(b"magnet", _HALF)),
    ("pages of SureChEMBL", seeds.surechembl_pages()[0].replace(b"magnet", _HALF)),
    ("pages of SureChEMBL", b'{"data": {"results": {"total_hits": "' + _MANY + b'"}}}'),
    ("answers to manners", b"\x00\n\n" + _DEEP),
    ("answers to manners", b"\x03Retry-After: " + _MANY + b"\n\n"),
    ("answers to manners", b"\x04x-rate-limit-retry-after-seconds: nan\n\n"),
    ("answers to manners", b"\x04x-rate-limit-retry-after-seconds: inf\n\n"),
    ("kept answers", _DEEP),
    ("kept answers", b"[]"),
    ("kept answers", seeds.sidecars()[0].replace(b"200", b"1e999")),
    ("run.json", _DEEP),
    ("run.json", b"[]"),
    ("run.json", seeds.runs()[0].replace(b"publications.parquet", b"../" * 2000)),
    ("run.json", seeds.runs()[0].replace(b'"labels": {"hash_out": "1"}', b'"labels": "s"')),
    ("run.json", seeds.runs()[0].replace(b'"c"', b'"' + _HALF + b'"')),
]  # fmt: skip


@pytest.mark.parametrize("name", TARGETS)
def test_no_reader_crashes(name: str) -> None:
    """Seeds changed at random are read, or refused in our own words; what is read adds up."""
    target, chance = TARGETS[name], random.Random(name)  # noqa: S311 - seeded on purpose
    starts = target.seeds()
    assert any(targets.tried(target, data) for data in starts), "no seed is read at all"
    for _ in range(ROUNDS.get(name, 150)):
        targets.tried(target, mutate.mutated(chance.choice(starts), chance))


@pytest.mark.parametrize(("name", "data"), CRASHES)
def test_what_once_crashed_does_not(name: str, data: bytes) -> None:
    """Each of these ended in a traceback: numbers of thousands of digits, deep nesting, half characters, nan."""
    targets.tried(TARGETS[name], data)


def test_sizes_that_are_none_are_faults() -> None:
    """In a query, nan and inf are named with their key, like any other fault."""
    text = seeds.QUERY.replace("exceeds_by = 0.73", "exceeds_by = nan\ntolerance = inf")
    with pytest.raises(QueryError) as caught:
        Query.parse(text)
    assert {fault.where for fault in caught.value.faults} == {"claims[0].exceeds_by", "claims[0].tolerance"}


@pytest.mark.parametrize("name", ['name = "a\\n"', 'name = ".."', 'name = "a/b"', 'name = "a\\u0000"'])
def test_a_name_is_a_folders_name(name: str) -> None:
    """A query's name, under which its run is written, holds no line end, dot or separator."""
    with pytest.raises(QueryError, match="name"):
        Query.parse(seeds.QUERY.replace('name = "test"', name))


def test_a_separator_of_thousands_is_not_taken_for_a_decimal_comma() -> None:
    """`1,000%` could be one per cent or a thousand: it is refused; a decimal comma that can be nothing else is read."""
    with pytest.raises(QueryError, match="separator of thousands"):
        parse_claim("CN > US by 1,000% in 2024")
    assert parse_claim("CN > US by 73,5% in 2024").exceeds_by == 0.735
