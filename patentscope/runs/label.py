"""Label sheets drawn from a run, and taken back into it: a reader's judgement, carried into the counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.aggregate.audit import agreement, labels, sampling, sheet
from patentscope.aggregate.audit.join import OTHER, by_first_office, stratified
from patentscope.aggregate.audit.reader import AUDIT, BY_OFFICE, SKIPPED, TRAIN, UNREAD, family_labels
from patentscope.aggregate.claims.summaries import named_countries
from patentscope.aggregate.stored import landscape, query_of
from patentscope.errors import NotEnoughEvidence, UsageError
from patentscope.provenance.hashes import hash_of
from patentscope.provenance.run_folder import RunFolder, code_hash
from patentscope.query.query import CLASSIFIER, Query, Reading
from patentscope.records import store
from patentscope.runs.evidence import PAGE


@dataclass(frozen=True)
class Drawn:
    """A sheet that was written: its rows, and by stratum how many families it has and how many were drawn."""

    path: Path
    rows: int
    years: tuple[int, int]
    strata: list[dict[str, Any]]


def draw(
    folder: RunFolder,
    out: Path,
    *,
    per_country: int,
    aim: str = AUDIT,
    seed: int = 0,
    years: tuple[int, int] | None = None,
) -> Drawn:
    """Draw simple families to label, and write them as a sheet.

    Drawn from: families visible at the data's own date, with a date of any kind in *years* (first and last), by default
    those of the query's claims. Countries are those that the claims name, by priority country, or for all families by
    the office of the first publication where too few have a priority country; all others are one group. For an `audit`
    they are drawn at random, and a larger draw with the same *seed* holds the smaller one; to `train`, those that the
    classifier is least sure of.

    Raises:
        UsageError: where every reading of the query has a scope, there is no classifier to train, or the numbers make
            no sense.
        NotEnoughEvidence: where there is no family to draw.
    """
    query, _ = query_of(folder)
    asking = _asked(query, aim)
    named = [year for claim in query.claims for year in claim.years] or list(query.years)
    span = years or (min(named), max(named))
    if per_country < 1 or span[0] > span[1]:
        raise UsageError(
            f"--per-country {per_country}, --years {span[0]} {span[1]}: expected at least 1, and first to last"
        )
    known = labels.stored(folder)
    families, by_office = _families(folder, query, span, f"in_topic_{asking.name}")
    if aim == TRAIN:
        families = families[families["has_text"] & ~families["family_id"].isin(known["family_id"])]
    if families.empty:
        raise NotEnoughEvidence(
            f"{folder.path}: no family to draw: none{' with a text and without a label' if aim == TRAIN else ''} has a "
            f"date in {span[0]}..{span[1]}; widen --years"
        )
    choose = sampling.draw_for_audit if aim == AUDIT else sampling.draw_for_training
    chosen = choose(families[["family_id", "country", "group", "score", "is_in"]], per_country, seed)
    if by_office and aim == AUDIT:
        chosen["stratum"] += BY_OFFICE
    design = chosen[["family_id", "stratum", "stratum_families"]].to_dict("list")
    facts = {"aim": aim, "years": f"{span[0]}..{span[1]}", "rows": len(chosen)}
    facts["draw"] = "D" + hash_of([seed, aim, list(span), design])
    # Labels that were applied before, for a larger draw of the same kind.
    given = known[known["aim"].eq(aim) & ~known["label"].isin([SKIPPED, UNREAD])].set_index("family_id")["label"]
    rows = [{**row, **facts, "label": given.get(row["family_id"], "")} for row in _described(folder, chosen)]
    sheet.write(out, rows)
    # A stratum for training is a country.
    size = families.groupby("group").size().to_dict()
    strata = [
        {"stratum": str(name), "families": int(part["stratum_families"].iloc[0] or size[str(name)]), "drawn": len(part)}
        for name, part in chosen.groupby("stratum", sort=True)
    ]
    return Drawn(out, len(rows), span, strata)


def _asked(query: Query, aim: str) -> Reading:
    """Return the reading that labels put right, or teach.

    Raises:
        UsageError: where there is none.
    """
    reading = query.audited
    if reading is None:
        raise UsageError(f"{query.name}: every reading of the topic has a scope; labels put one without a scope right")
    if aim == TRAIN and CLASSIFIER not in reading.members:
        raise UsageError(
            f"{query.name}: no reading of the topic asks the classifier, so there is nothing to teach; add "
            '`classifier = { all = ["classifier"] }` to [topic.readings] and run the query again'
        )
    return reading


def _families(folder: RunFolder, query: Query, span: tuple[int, int], answer: str) -> tuple[pd.DataFrame, bool]:
    """Return the families to draw from, and whether their country is that of the first office.

    Columns: family_id, country, group, score, is_in (the classifier's answer), has_text.
    """
    _, today = query_of(folder)
    with landscape(folder, query, today) as land:
        frame = land.families_in([span])
    scores = store.read(folder.file("scores.parquet")).to_pandas().set_index("family_id")
    frame = frame[frame["in_0"]].reset_index(drop=True)
    frame["score"] = frame["family_id"].map(scores["score"]).astype(float)
    frame["is_in"] = frame["family_id"].map(scores[answer].fillna(value=False)).astype(bool)
    frame["has_text"] = frame["family_id"].map(scores["has_text"]).astype(bool)
    readings = scores[[f"in_topic_{reading.name}" for reading in query.readings]].fillna(value=False)
    by_office = by_first_office(frame, frame["family_id"].map(readings.astype(bool).any(axis=1)))
    frame = stratified(frame, by_office=by_office)
    frame["group"] = frame["country"].where(frame["country"].isin(named_countries(query.claims)), OTHER)
    return frame, by_office


def _described(folder: RunFolder, chosen: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a sheet: what a reader needs of each family, and how it was drawn."""
    every = store.read(folder.file("publications.parquet"))
    wanted = pc.is_in(every.column("family_id"), pa.array(chosen["family_id"].tolist(), pa.string()))
    table = every.filter(wanted).to_pandas()
    table = table.sort_values(["publication_date", "publication_number"], na_position="last")
    members = {str(name): group.to_dict("records") for name, group in table.groupby("family_id", sort=False)}
    chances = [chance and f"{chance:.6f}" for chance in chosen["inclusion_probability"]]
    return [
        {str(name): value for name, value in row.items()} | _facts(members[str(row["family_id"])])
        for row in chosen.assign(inclusion_probability=chances).to_dict("records")
    ]


def _facts(members: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return what the documents of one family say, the English texts and the earliest documents first."""

    def texts(name: str, language: str) -> list[str]:
        given = [(one[name], one[language]) for one in members if isinstance(one[name], str)]
        return [text for text, tongue in sorted(given, key=lambda pair: pair[1] != "en")]

    def first(most: int, listed: Iterable[str]) -> str:
        return ", ".join(list(dict.fromkeys(listed))[:most])

    shown, *titles = texts("title", "title_language") or [""]
    originals = [one["title_original"] for one in members if isinstance(one["title_original"], str)]
    parties = (party for one in members for party in one["applicants"])
    numbers = [str(one["publication_number"]) for one in members]
    return {
        "title": shown,
        "title_original": " / ".join(text for text in dict.fromkeys([*originals, *titles]) if text != shown),
        "abstract": next(iter(texts("abstract", "abstract_language")), ""),
        "classes": first(40, (code for one in members for name in ("cpc", "ipc") for code in one[name])),
        "applicants": first(12, (f"{one['name']} ({one['country'] or 'country not stated'})" for one in parties)),
        "publications": " ".join(numbers),
        "page": PAGE.format(number=numbers[0]),
    }


def apply(folder: RunFolder, paths: Sequence[Path]) -> labels.Taken:
    """Take sheets back: check them, and store their labels in the run's folder. The counts are then to be done again.

    Raises:
        UsageError: where the run was made by another version, whose scores may be others.
        FileFormatError, NotEnoughEvidence: as `labels.take` does.
    """
    if folder.state["code"] != code_hash():
        raise UsageError(
            f"{folder.path}: made by another version of patentscope; run the query again, then apply the labels"
        )
    families = store.read(folder.file("scores.parquet")).column("family_id").to_pylist()
    taken = labels.take(paths, families, labels.stored(folder, AUDIT)["family_id"])
    labels.keep(folder, taken)
    return taken


def agree(first: Path, second: Path) -> dict[str, Any]:
    """Return how far two readers' sheets agree (`agreement.agreement`), and what they were.

    Raises:
        FileFormatError: where a sheet was changed.
        NotEnoughEvidence: where no family has a label in both.
    """
    tables = [_labels_of(path) for path in (first, second)]
    agreed = agreement.agreement(*tables)
    if not agreed["overall"]["families"]:
        raise NotEnoughEvidence(f"{first}, {second}: no family has a label in both; expected two readers' copies")
    return {"sheets": [first.name, second.name], **agreed}


def _labels_of(path: Path) -> pd.DataFrame:
    """Return a sheet's labels: key, country, label; a family that it labels in two ways is borderline."""
    rows = [(row.cells["key"], row.cells["country"], row.label or None) for row in sheet.read(path)]
    table = pd.DataFrame(rows, columns=["key", "country", "label"])
    label = family_labels(table["key"], table["label"])
    return table.assign(label=table["key"].map(label)).drop_duplicates("key")
