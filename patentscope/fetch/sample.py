"""The embedded sample: 233 real records compiled by hand from public pages; a convenience sample, never a census."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

import pyarrow as pa

from patentscope.provenance.ledger import Source
from patentscope.provenance.search import SAMPLE
from patentscope.records.publication import Party, Priority, Publication, split_number
from patentscope.records.reference import reference_rows
from patentscope.records.store import to_table

NAME = "sample"
#: Tokugan: how the Japanese office heads its own application numbers.
_JAPANESE_APPLICATION = "特願"


def read() -> tuple[pa.Table, Source]:
    """Return the sample's publications (`store.SCHEMA`) and where they came from."""
    digest = hashlib.sha256(_file("records.csv")).hexdigest()
    rows = reference_rows("sample/records")
    facts = _facts()
    del facts["labels_are_about"]
    source = Source(
        kind="embedded sample", sha256=digest, records=len(rows), rows=len(rows), status=SAMPLE, is_sample=True, **facts
    )
    return to_table(_publication(row, digest[:16]) for row in rows), source


def read_labels(classes: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the reader's label (`in`, `borderline`, `out`) by publication number.

    The labels answer one question. A query asks it if its *classes* (symbols by group) name those that the sidecar
    lists; for a query on another topic there are none.
    """
    if not set(_facts()["labels_are_about"]) <= {symbol for listed in classes.values() for symbol in listed}:
        return {}
    return {row["publication_number"]: row["label"] for row in reference_rows("sample/labels")}


def _file(name: str) -> bytes:
    return resources.files("patentscope").joinpath("data/sample", name).read_bytes()


def _facts() -> dict[str, Any]:
    return tomllib.loads(_file("source.toml").decode())


def _publication(row: Mapping[str, str], origin: str) -> Publication:
    """Return one row as a publication. A kind code that the compiler inferred is left out: it is a guess."""
    number = row["publication_number"]
    title, original = row["title"] or None, row["title_original"] or None
    return Publication(
        publication_number=number,
        office=row["office"] or None,
        kind=None if row["kind_inferred"] == "1" else split_number(number)[1],
        publication_date=_date(row["publication_date"]),
        filing_date=_date(row["filing_date"]),
        priority_date=_date(row["priority_date"]),
        application_number=_application_number(row["application_number"], row["office"]),
        priorities=tuple(map(Priority, _list(row["priority_numbers"].replace(_JAPANESE_APPLICATION, "JP")))),
        family_id=f"{NAME}:{row['family_group']}" if row["family_group"] else None,
        family_source="source" if row["family_group"] else None,
        title=title or original,
        title_language=("en" if title else row["language"]) or None,
        title_original=original if title and original != title else None,
        cpc=_list(row["cpc"]),
        ipc=_list(row["ipc"]),
        applicants=_parties(row["applicants"], row["applicant_countries"]),
        inventors=_parties(row["inventors"], row["inventor_countries"]),
        source=NAME,
        origin=origin,
    )


def _application_number(text: str, office: str) -> str | None:
    """Return an application number with its office's code; a page shows its own office's numbers without one."""
    number = text.replace(_JAPANESE_APPLICATION, "JP").strip()
    return f"{office}{number}" if number[:1].isdigit() else number or None


def _list(text: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in text.split(";") if entry.strip())


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _parties(names: str, countries: str) -> tuple[Party, ...]:
    """Pair names with countries where the page gave one for each; otherwise nobody's country is known."""
    listed, codes = _list(names), _list(countries)
    return tuple(map(Party, listed, codes if len(codes) == len(listed) else [None] * len(listed)))
