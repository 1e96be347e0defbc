"""The embedded sample: 233 real records compiled by hand from public pages; a convenience sample, never a census."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources

import pyarrow as pa

from patentscope.provenance.ledger import Source
from patentscope.records.publication import Party, Priority, Publication, split_number
from patentscope.records.store import to_table

NAME = "sample"
_JAPANESE_APPLICATION = "特願"


def read() -> tuple[pa.Table, Source]:
    """Return the sample's publications (`store.SCHEMA`) and where they came from."""
    folder = resources.files("patentscope").joinpath("data/sample")
    raw = folder.joinpath("records.csv").read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    facts = tomllib.loads(folder.joinpath("source.toml").read_text(encoding="utf-8"))
    rows = list(csv.DictReader(raw.decode("utf-8").splitlines()))
    source = Source(
        name=NAME,
        kind="embedded sample",
        title=facts["title"],
        retrieved=facts["retrieved"],
        licence=facts["licence"],
        sha256=digest,
        records=len(rows),
        note=facts["note"],
        is_sample=True,
    )
    return to_table(_publication(row, digest[:16]) for row in rows), source


def read_labels(classes: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the reader's label (`in`, `borderline`, `out`) by publication number.

    The labels answer one question. A query asks it if its *classes* (symbols by group) name those that the sidecar
    lists; for a query on another topic there are none.
    """
    folder = resources.files("patentscope").joinpath("data/sample")
    about = tomllib.loads(folder.joinpath("source.toml").read_text(encoding="utf-8"))["labels_are_about"]
    if not set(about) <= {symbol for listed in classes.values() for symbol in listed}:
        return {}
    text = folder.joinpath("labels.csv").read_text(encoding="utf-8")
    return {row["publication_number"]: row["label"] for row in csv.DictReader(text.splitlines())}


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
        priorities=tuple(Priority(entry) for entry in _priority_numbers(row["priority_numbers"])),
        family_id=f"{NAME}:{row['family_group']}" if row["family_group"] else None,
        family_source="source" if row["family_group"] else None,
        title=title or original,
        title_language=("en" if title else row["language"]) or None,
        title_original=original if title and original != title else None,
        cpc=tuple(_list(row["cpc"])),
        ipc=tuple(_list(row["ipc"])),
        applicants=_parties(row["applicants"], row["applicant_countries"]),
        inventors=_parties(row["inventors"], row["inventor_countries"]),
        source=NAME,
        origin=origin,
    )


def _priority_numbers(text: str) -> list[str]:
    """Return priority numbers; 特願 (tokugan) is how the Japanese office heads its own application numbers."""
    return [number.replace(_JAPANESE_APPLICATION, "JP") for number in _list(text)]


def _application_number(text: str, office: str) -> str | None:
    """Return an application number with its office's code; a page shows its own office's numbers without one."""
    number = text.replace(_JAPANESE_APPLICATION, "JP").strip()
    return f"{office}{number}" if number[:1].isdigit() else number or None


def _list(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(";") if entry.strip()]


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _parties(names: str, countries: str) -> tuple[Party, ...]:
    """Pair names with countries where the page gave one for each; otherwise nobody's country is known."""
    listed, codes = _list(names), _list(countries)
    if len(codes) != len(listed):
        codes = [""] * len(listed)
    return tuple(Party(name, code or None) for name, code in zip(listed, codes, strict=True))
