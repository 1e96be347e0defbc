"""A made landscape whose truth is known, where the classifier does better by one country, and a reader who knows it."""

from __future__ import annotations

import csv
import datetime as dt
import random
from dataclasses import replace
from typing import TYPE_CHECKING

from patentscope import Query, Run, run
from patentscope.records import store

from factories import QUERY, TODAY, make_publication

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from patentscope import Publication

TOPIC = (
    QUERY.replace("[axes]", 'classifier = { all = ["classifier"] }\n[axes]')
    .replace('"whole", "fractional", "first"', '"whole", "fractional"')
    .replace('"inventions", "inventions+utility_models", "grants"', '"inventions"')
    .replace('"all", "two_offices", "pct", "triadic"', '"all"')
)
#: What a document says, its classes, and whether a reader finds it on topic.
KINDS = {
    "plain": ("Recycling of rare earth from waste magnet scrap", ("C22B59/00", "C22B7/00"), True),
    "odd": ("Hydrogen treatment of motors taken apart", ("H01F1/057",), True),
    "trap": ("Recycling of rare earth sludge as a filler", ("C22B59/00", "C22B7/00"), False),
    "ore": ("Leaching of rare earth ore with acid", ("C22B59/00",), False),
}
#: Families first filed in 2023, and as many in 2024, by country and kind.
SIZES = {
    "CN": {"plain": 60, "odd": 4, "trap": 24, "ore": 60},
    "US": {"plain": 20, "odd": 14, "trap": 2, "ore": 34},
    "JP": {"plain": 12, "odd": 10, "trap": 1, "ore": 20},
    "AU": {"plain": 6, "odd": 2, "trap": 1, "ore": 5},
}
_FILLERS = [
    "furnace",
    "reactor",
    "solvent",
    "column",
    "stirring",
    "drying",
    "washing",
    "cooling",
    "pressure",
    "vessel",
    "filter",
    "particle",
]


def publications() -> tuple[list[Publication], dict[str, bool]]:
    """Return the landscape, and by publication number whether it is on topic; every party is of the first country."""
    rows, truth = [], {}
    words = random.Random(1)  # noqa: S311 - fillers for texts
    for year in range(2015, 2025):
        for country, kinds in SIZES.items():
            names = [name for name, size in kinds.items() for _ in range(size if year > 2022 else max(size // 10, 1))]
            for i, kind in enumerate(names):
                text, classes, is_in = KINDS[kind]
                number = f"{country}{year}{i:06d}A"
                truth[number] = is_in
                rows.append(
                    make_publication(
                        number,
                        application_number=f"{country}{year}1{year % 100}{i:05d}",
                        filing_date=f"{year}-03-01",
                        publication_date=f"{year + 1}-06-01",
                        applicants=[country],
                        inventors=[country],
                        title=f"{text} with {' '.join(words.sample(_FILLERS, 4))}",
                        title_language="en",
                        cpc=classes,
                    )
                )
    return rows, truth


def true_ratio(truth: Mapping[str, bool]) -> float:
    """Return China over the others among on-topic families of 2024."""
    mine = [number for number, is_in in truth.items() if is_in and number[2:6] == "2024"]
    return sum(number[:2] == "CN" for number in mine) / sum(number[:2] != "CN" for number in mine)


def without_priorities(rows: Sequence[Publication]) -> list[Publication]:
    """Return publications as an export has them that states a priority date and no number of any kind."""
    return [replace(one, application_number=None, priority_date=one.filing_date - dt.timedelta(30)) for one in rows]


def make_run(folder: Path, name: str = "run", *, with_priorities: bool = True) -> Run:
    """Run the topic's query on the landscape."""
    rows, _ = publications()
    rows = rows if with_priorities else without_priorities(rows)
    source = folder / "world.parquet"
    if not source.exists():
        store.write(store.to_table(rows), source)
    return run(Query.parse(TOPIC), inputs=[source], as_of=TODAY, out=folder / name)


def read_sheet(path: Path) -> list[dict[str, str]]:
    """Return a sheet's rows."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write_sheet(path: Path, rows: list[dict[str, str]], *, separator: str = ",", encoding: str = "utf-8-sig") -> Path:
    """Save rows as a spreadsheet might."""
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    return path


def fill_in(
    path: Path, truth: Mapping[str, bool], judge: Callable[[int, str], str] | None = None
) -> list[dict[str, str]]:
    """Return a sheet's rows as a reader who knows the truth fills them in; *judge* may say otherwise for a row."""
    rows = read_sheet(path)
    for place, row in enumerate(rows):
        label = "in" if truth[row["publications"].split()[0]] else "out"
        row["label"] = judge(place, label) if judge else label
    return rows
