"""A landscape with a reader's labels, small enough to be counted by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from patentscope.aggregate.claims.multiverse import Specified
from patentscope.query.convention import AXES
from patentscope.query.query import AUDITED, Query

from factories import CLAIM, QUERY, TODAY, make_landscape, make_publication, table_of

TWO_READINGS = QUERY.replace("[axes]", 'classifier = { all = ["classifier"] }\n[axes]')


BASE = {"unit": "family", "basis": "applicant", "share": "whole", "date": "priority", "documents": "inventions"}


def _landscape() -> list:
    """Return four families first filed in China, the first of them held with a US applicant, and two of the US."""
    rows = []
    for place in range(1, 7):
        office = "CN" if place < 5 else "US"
        rows.append(
            make_publication(
                f"{office}20240000{place}A1",
                application_number=f"{office}20241240000{place}",
                filing_date="2024-02-01",
                publication_date="2025-08-01",
                applicants=["CN", "US"] if place == 1 else [office],
            )
        )
    rows.append(
        make_publication(
            "US2025000001A1",
            application_number="US202519000001",
            priorities=[("CN202412400001", "2024-02-01")],
            filing_date="2025-01-20",
            publication_date="2025-09-01",
            applicants=["CN", "US"],
        )
    )
    return rows


#: The classifier takes the third, and the sixth, for off the topic.
MISSED = ("CN202400003A1", "US202400006A1")


#: (document, label, stratum, families in it, drawn from it)
LABELS = (
    ("CN202400001A1", "out", "CN, any score", 4, 2),
    ("CN202400003A1", "in", "CN, any score", 4, 2),
    ("US202400005A1", "in", "US, any score", 2, 2),
    ("US202400006A1", "in", "US, any score", 2, 2),
)


def _labels(rows: tuple = LABELS, years: str = "2024..2024", made: list | None = None) -> pd.DataFrame:
    """Return labels as a run's folder holds them."""
    table = table_of(made or _landscape())
    numbers = table.column("publication_number").to_pylist()
    family = dict(zip(numbers, table.column("family_id").to_pylist(), strict=True))
    found = pd.DataFrame(rows, columns=["document", "label", "stratum", "stratum_families", "stratum_drawn"])
    ids = found["document"].map(lambda number: family.get(number, number))
    return found.assign(family_id=ids, group=found["stratum"].str[:2], years=years)


def without_priorities() -> list:
    """Return the same six families as an export has them that states a priority date and no number of any kind."""
    return [
        replace(one, application_number=None, priorities=(), priority_date=dt.date(2024, 1, 15))
        for one in _landscape()[:6]
    ]


def counted(labels: pd.DataFrame, claim=CLAIM, made: list | None = None, **choices: str) -> Specified:
    """Count *claim* on the landscape, or on the one *made*, under one convention of the audited reading."""
    levels = BASE | choices
    axes = "\n".join(f'{axis} = ["{levels.get(axis, AXES[axis][0])}"]' for axis in AXES)
    query = Query.parse(TWO_READINGS.split("[axes]")[0] + "[axes]\n" + axes)
    with make_landscape(made or _landscape(), query=query, off_topic=MISSED, labels=labels) as land:
        listed = land.survey([claim], vary=False).answers[claim.id].listed
    (mine,) = [entry for entry in listed if entry.convention.topic == AUDITED and entry.convention.as_of == TODAY]
    return mine
