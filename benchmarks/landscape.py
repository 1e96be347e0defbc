"""Made publications of a realistic shape, seeded: families across offices, silent parties, text with Zipf's words.

    python benchmarks/landscape.py 1000000 made.parquet [--seed 0] [--abstracts]

Shares, lags and family sizes are set by hand after published statistics of the kind (half of the filings are Chinese
and stay at home; a third of US, JP and EP families go abroad); no record stands for a real document. Members of a
family share its title and abstract, as a grant does its application's, but for some of those abroad.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from patentscope.records.store import SCHEMA

BATCH = 100_000
#: Office of first filing: share of families, share that goes abroad, share of parties without a country.
ORIGINS = {
    "CN": (0.52, 0.05, 0.60),
    "US": (0.14, 0.45, 0.03),
    "JP": (0.14, 0.35, 0.30),
    "KR": (0.09, 0.25, 0.35),
    "DE": (0.06, 0.50, 0.10),
    "AU": (0.02, 0.40, 0.30),
    "FR": (0.03, 0.55, 0.10),
}
ABROAD = ("US", "EP", "WO", "JP", "CN", "KR", "AU")
WORDS = 30_000
FIRST_YEAR, YEARS = 2006, 20
#: The share of publications abroad whose texts are not the family's own.
REWORDED = 0.3
TOPICS = (
    "rare earth",
    "neodymium",
    "magnet",
    "recycling",
    "recovery",
    "scrap",
    "waste",
    "leaching",
    "battery",
    "alloy",
)
CLASSES = ("C22B59/00", "C22B7/00", "C01F17/00", "H01F1/053", "H01M10/54", "Y02P10/20", "B09B3/00", "G06F17/00")
_SYLLABLES = ("ka", "ro", "mi", "ten", "sol", "ver", "al", "pro", "ti", "on", "ex", "mag", "lu", "den", "ser", "ic")

Draws = np.random.Generator
Numbers = np.ndarray[Any, np.dtype[np.int64]]


def vocabulary() -> pa.Array:
    """Return the words, the commonest first; topical terms lie among the first thousand."""
    count = len(_SYLLABLES)
    words = [
        "".join(_SYLLABLES[(rank // count**place) % count] for place in range(2 + rank % 3))
        + ("s" if rank % 5 == 0 else "")
        for rank in range(WORDS)
    ]
    for place, term in enumerate(TOPICS):
        words[20 + place * 97] = term
    return pa.array(words)


def texts(draw: Draws, words: pa.Array, count: int, shortest: int, longest: int) -> pa.Array:
    """Return *count* texts whose words are drawn by Zipf's law."""
    lengths = draw.integers(shortest, longest + 1, count)
    weights = 1 / np.arange(1, len(words) + 1) ** 1.05
    ranks = np.searchsorted(np.cumsum(weights) / weights.sum(), draw.random(int(lengths.sum())))
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), words.take(pa.array(ranks))), " ")


def _family_texts(
    draw: Draws, words: pa.Array, family: Numbers, own: np.ndarray[Any, np.dtype[np.bool_]], lengths: tuple[int, int]
) -> pa.Array:
    """Return each publication's text: its family's, but words of its own where *own* says so."""
    shared = texts(draw, words, int(family.max()) + 1, *lengths).take(pa.array(family))
    return pc.replace_with_mask(shared, pa.array(own), texts(draw, words, int(own.sum()), *lengths))


def _parties(draw: Draws, origin: Numbers, most: int) -> pa.Array:
    """Return lists of up to *most* parties, mostly of the origin's country, silent as often as that office is."""
    lengths = draw.integers(1, most + 1, len(origin))
    home = np.repeat(origin, lengths)
    silent = np.array([share for _, _, share in ORIGINS.values()])[home] > draw.random(len(home))
    elsewhere = draw.random(len(home)) < 0.04
    country = np.where(elsewhere, draw.integers(0, len(ORIGINS), len(home)), home)
    codes = pa.array(list(ORIGINS)).take(pa.array(country))
    codes = pc.if_else(pa.array(silent), pa.scalar(None, pa.string()), codes)
    names = pc.binary_join_element_wise("COMPANY ", pa.array(draw.integers(0, 50_000, len(home))).cast(pa.string()), "")
    kind = SCHEMA.field("applicants").type
    members = pa.StructArray.from_arrays([names, codes], fields=list(kind.value_type))
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), members, type=kind)


def _members(draw: Draws, families: int) -> tuple[Numbers, Numbers, Numbers, Numbers, np.ndarray[Any, Any]]:
    """Return family, origin, office, stage (0 application, 1 grant) and whether a utility model, by publication."""
    shares = np.array([share for share, _, _ in ORIGINS.values()])
    origin = draw.choice(len(ORIGINS), families, p=shares / shares.sum())
    offices = list(dict.fromkeys([*ORIGINS, *ABROAD]))
    places = [(np.arange(families), np.array([offices.index(code) for code in ORIGINS])[origin])]
    abroad = draw.random(families) < np.array([share for _, share, _ in ORIGINS.values()])[origin]
    for code in ABROAD:
        goes = np.flatnonzero(abroad & (draw.random(families) < 0.28))
        goes = goes[np.array(list(ORIGINS))[origin[goes]] != code]
        places.append((goes, np.full(len(goes), offices.index(code))))
    family, office = (np.concatenate([pair[place] for pair in places]) for place in (0, 1))
    granted = np.flatnonzero(draw.random(len(family)) < 0.4)
    stage = np.concatenate([np.zeros(len(family), dtype=np.int64), np.ones(len(granted), dtype=np.int64)])
    family, office = np.concatenate([family, family[granted]]), np.concatenate([office, office[granted]])
    model = (office == offices.index("CN")) & (stage == 0) & (draw.random(len(family)) < 0.25)
    order = np.argsort(family, kind="stable")
    return family[order], origin[family[order]], office[order], stage[order], model[order]


def table(draw: Draws, words: pa.Array, first: int, count: int, *, abstracts: bool) -> pa.Table:
    """Return one batch of *count* publications, its families numbered from *first* on."""
    family, origin, office, stage, model = (column[:count] for column in _members(draw, count))
    offices = pa.array(list(dict.fromkeys([*ORIGINS, *ABROAD])))
    code = offices.take(pa.array(office))
    years = FIRST_YEAR + np.sort(draw.integers(0, YEARS, family.max() + 1))[family]
    priority = (years - 1970) * 365 + (years - 1969) // 4 + draw.integers(0, 365, count)[family]
    is_home = np.array([offices.to_pylist().index(name) for name in ORIGINS])[origin] == office
    filing = priority + np.where(is_home, 0, draw.integers(300, 366, count))
    published = filing + np.where(stage == 1, 900, 0) + draw.gamma(8, 55, count).astype(np.int64)
    serial = pa.array(100_000_000 + first + np.arange(count)).cast(pa.string())
    number = pc.utf8_lpad(pa.array(first + family).cast(pa.string()), 9, "0")
    kind = np.where(model, "U", np.where(stage == 1, "B2", "A1"))
    home = pa.array(list(ORIGINS)).take(pa.array(origin))
    claimed = pc.binary_join_element_wise(home, pa.array(years).cast(pa.string()), number, "")
    own = pc.binary_join_element_wise(code, pa.array(years + 1).cast(pa.string()), number, "")
    day = [pa.array(days, pa.int32()).cast(pa.date32()) for days in (published, filing, priority)]
    prio_type = SCHEMA.field("priorities").type
    entries = pa.StructArray.from_arrays([claimed, day[2]], fields=list(prio_type.value_type))
    reworded = ~is_home & (draw.random(count) < REWORDED)
    picks = draw.integers(0, len(CLASSES), (count, 2)).ravel()
    symbols = pa.ListArray.from_arrays(
        pa.array(np.arange(0, 2 * count + 1, 2, dtype=np.int32)), pa.array(CLASSES).take(pa.array(picks))
    )
    columns = {
        "publication_number": pc.binary_join_element_wise(code, serial, pa.array(kind), ""),
        "office": code,
        "kind": pa.array(kind),
        "publication_date": day[0],
        "filing_date": day[1],
        "priority_date": day[2],
        "application_number": pc.if_else(pa.array(is_home), claimed, own),
        "priorities": pa.ListArray.from_arrays(pa.array(np.arange(count + 1, dtype=np.int32)), entries, type=prio_type),
        "title": _family_texts(draw, words, family, reworded, (5, 14)),
        "title_language": pa.repeat("en", count),
        "cpc": symbols,
        "applicants": _parties(draw, origin, 2),
        "inventors": _parties(draw, origin, 4),
        "source": pa.repeat("made", count),
    }
    if abstracts:
        abstract = _family_texts(draw, words, family, reworded, (80, 160))
        columns |= {"abstract": abstract, "abstract_language": pa.repeat("en", count)}
    arrays = [columns[field.name] if field.name in columns else pa.nulls(count, field.type) for field in SCHEMA]
    return pa.Table.from_arrays([array.cast(f.type) for array, f in zip(arrays, SCHEMA, strict=True)], schema=SCHEMA)


def tables(count: int, *, seed: int = 0, abstracts: bool = False) -> Iterator[pa.Table]:
    """Yield batches with *count* publications in all; the same for the same seed."""
    words = vocabulary()
    for first in range(0, count, BATCH):
        draw = np.random.default_rng([seed, first])
        yield table(draw, words, first, min(BATCH, count - first), abstracts=abstracts)


def write(path: Path, count: int, *, seed: int = 0, abstracts: bool = False) -> None:
    """Write *count* publications as parquet in our own columns."""
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for batch in tables(count, seed=seed, abstracts=abstracts):
            writer.write_table(batch)


if __name__ == "__main__":
    chosen = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 0
    write(Path(sys.argv[2]), int(sys.argv[1]), seed=chosen, abstracts="--abstracts" in sys.argv)
