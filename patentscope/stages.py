"""What the stages of a run do: each takes the tables before it and writes its own, with a line in the ledger.

A line may come back from another process: it is what a stage returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.aggregate.answers import influence
from patentscope.aggregate.answers.curve import CURVE_COLUMNS, SENSITIVITY_COLUMNS, as_csv, curve
from patentscope.aggregate.audit import agreement, labels
from patentscope.aggregate.audit import reader as audit
from patentscope.aggregate.claims.by_year import years_asked
from patentscope.aggregate.holdings import attribute as attributed
from patentscope.aggregate.holdings import gaps
from patentscope.aggregate.holdings.prepared import HELD, HELD_SETS, Stock, load
from patentscope.aggregate.indicators import table as indicators
from patentscope.aggregate.job import Job
from patentscope.aggregate.stored import engine_of, landscape, query_conventions
from patentscope.classify import readings
from patentscope.classify.class_symbols import NO_Y02, ClassSymbols, class_hits
from patentscope.engines.engine import open_engine
from patentscope.engines.workers import begin
from patentscope.fetch import sample
from patentscope.provenance import search
from patentscope.provenance.ledger import StageRecord, losses_of
from patentscope.provenance.run_folder import KNOWN, RunFolder
from patentscope.provenance.writing import inert, write_json, write_text
from patentscope.query.asked import words_suffice
from patentscope.query.edition import same_scheme
from patentscope.query.query import Reading
from patentscope.records import intake, store
from patentscope.records.families import assign
from patentscope.records.imported import Imported, selection_notes

if TYPE_CHECKING:
    from patentscope.classify.decision import Decision
    from patentscope.classify.texts import FamilyTexts

#: What takes longest to load of all that reads texts.
_ENGLISH = "patentscope.classify.words.chunks:blank_english"


def take_in(job: Job, record: StageRecord, imported: list[Imported]) -> StageRecord:
    """Merge what sources and files gave, group it into families: publications.parquet and families.parquet.

    *imported* is empty after it, so that no table stays in memory beside what is made of it.
    """
    set_aside = [loss for one in imported for loss in one.set_aside]
    whole = [one.source.has_family_members for one in imported]
    tables = (imported.pop(0).records for _ in range(len(imported)))
    merged = intake.merge(tables, most_bad=job.query.thresholds.bad_records, set_aside=set_aside, whole=whole)
    record.rows_in, record.rows_out = merged.rows_in, merged.apart.num_rows
    table = merged.apart
    families = assign(table, merged.fetched)
    record.dropped, record.gaps = merged.dropped, merged.gaps + families.remarks
    units = families.units
    for name in ("family_id", "family_source"):
        place = store.APART.get_field_index(name)
        table = table.set_column(place, store.APART.field(name), pa.array(units[name]).cast(pa.string()))
    record.notes = {
        **families.notes(table.column("publication_date")),
        search.DOCUMENTS: [{"sources": held, "documents": n} for held, n in merged.found_in.items()],
        **selection_notes(job.folder.state["sources"]),
    }
    store.write(merged.blocks(table), job.folder.file("publications.parquet"), has_family_members=all(whole))
    columns = ["publication_number", "application_id", "family_id", "family_source", "extended_family_id"]
    named = {name: pa.array(units[name]).cast(pa.string()) for name in columns}
    store.write(pa.table(named), job.folder.file("families.parquet"))
    Stock.of(table, families).write(job.folder)
    return record


def attribute(job: Job, record: StageRecord) -> StageRecord:
    """Write whose each simple family is at the data's own date, and how that is known, for readers and for counting."""
    ids = pc.unique(store.read(job.folder.file("families.parquet"), ["family_id"]).column(0)).to_pandas()
    stock = Stock.read(job.folder, ids.sort_values(ignore_index=True), is_held=False)
    sets = stock.documents.sets
    with open_engine(engine_of(job.folder, job.query)) as engine:
        load(engine, stock.documents)
        vintage = attributed.hold(engine, job.today, sets)
        table = attributed.holdings(engine, vintage, sets, stock.families)
        rows = engine.frame(f"select {', '.join(gaps.COLUMNS)} from document order by pub")
        held = attributed.stored(engine, vintage)
    rows["number"] = stock.numbers_of(np.arange(len(rows), dtype=np.int32))
    record.rows_in = len(rows)
    undated = rows[rows["published"].isna()]
    later = rows[rows["published"] > pd.Timestamp(job.today)]
    record.rows_out = len(rows) - len(undated) - len(later)
    for reason, part in (("no publication date, so in no vintage", undated), (f"published after {job.today}", later)):
        record.dropped += losses_of(reason, part["office"], part["number"])
    record.gaps = gaps.of_kinds(rows, rows.drop(index=[*undated.index, *later.index])) + gaps.of_countries(table)
    for name, one in (("holdings.parquet", table), (HELD, held)):
        store.write(pa.Table.from_pandas(one, preserve_index=False), job.folder.file(name))
    store.write(sets.table(), job.folder.file(HELD_SETS))
    return record


def classify(job: Job, record: StageRecord) -> StageRecord:
    """Decide for every simple family which readings of the topic it meets, and write what `run_folder.FILES` names."""
    # spaCy takes a second, and the stage may be skipped.
    from patentscope.classify.search_log import search_log  # noqa: PLC0415
    from patentscope.classify.texts import FAMILIES, family_texts  # noqa: PLC0415

    path, asked = job.folder.file("publications.parquet"), job.query.readings
    publications = store.read(path, ["publication_number", "office", "family_id"])
    family_id = publications.column("family_id").to_pandas()
    english = [_ENGLISH] if job.query.terms else []
    begin(-(-family_id.nunique() // FAMILIES), ("patentscope.classify.features", *english))
    with family_texts(path, family_id) as texts:
        symbols, held = _symbols_met(job, record, family_id, texts.family_id)
        hits = class_hits(symbols, job.query.classes)
        decision = _decision(job, texts, hits)
    decided = decision.table
    topic = readings.in_topic(asked, hits, decided).add_prefix("in_topic_")
    seen = pd.concat([texts.has_abstract, held], axis=1)
    scores = pd.concat([decided.drop(columns="in_classifier"), seen, hits.add_prefix("classes_"), topic], axis=1)
    record.rows_in = record.rows_out = len(scores)
    record.notes |= _sizes(asked, scores, family_id)
    silent = {"no text to classify": ~decided["has_text"].astype(bool)}
    for one in asked:
        if one.scope:
            silent[f"{one.name}: the texts leave its scope open"] = readings.scope_is_open(one, hits, decided)
    office = publications.column("office").to_pandas().groupby(family_id).min()
    for reason, mask in silent.items():
        names = texts.family_id[mask]
        record.gaps += losses_of(reason, names.map(office), names)
    store.write(pa.Table.from_pandas(scores, preserve_index=False), job.folder.file("scores.parquet"))
    log = search_log(job.query, symbols, decision.found, hits, decided)
    _write_csv(job.folder, "search-log.csv", log.map(_inert))
    card = {
        "trained": decision.trained,
        "why_not": decision.why_not,
        "card": decision.card,
        "rules": decision.rules.astype(object).where(decision.rules.notna(), None).to_dict(orient="records"),
        "labels": _labelled(job, scores, family_id, publications),
    }
    write_json(job.folder.file("classifier.json"), card)
    return record


def _decision(job: Job, texts: FamilyTexts, hits: pd.DataFrame) -> Decision:
    """Return what is said of each family, by no more than the readings ask."""
    from patentscope.classify import words_alone  # noqa: PLC0415 - as above

    if words_suffice(job.query.readings):
        return words_alone.read(texts, job.query.terms)
    from patentscope.classify.decide import decide  # noqa: PLC0415 - scikit-learn takes a second

    plain = hits[[name for name in hits.columns if not name.endswith(NO_Y02)]]
    taught = labels.of_aim(job.labels, audit.TRAIN).set_index("family_id")["label"]
    lesson = texts.family_id.map(taught.map({audit.IN: 1, audit.OUT: 0})).astype("Int64")
    return decide(texts, job.query.terms, plain, taught=lesson)


def _sizes(asked: Sequence[Reading], scores: pd.DataFrame, family_id: pd.Series) -> dict[str, int]:
    """Return how many families each reading takes in, and how many publications."""
    met = {reading.name: scores[f"in_topic_{reading.name}"].fillna(value=False).astype(bool) for reading in asked}
    families = {f"families in {name}": int(met[name].sum()) for name in met}
    publications = scores["family_id"].map(family_id.value_counts())
    return families | {f"publications in {name}": int(publications[rows].sum()) for name, rows in met.items()}


def _symbols_met(
    job: Job, record: StageRecord, family_id: pd.Series, families: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return which symbols of the query each family meets (`ClassSymbols.met`), and if it has any (`held`).

    Who holds them is noted.
    """
    publications = store.read(job.folder.file("publications.parquet"), ["cpc", "ipc"])
    symbols = ClassSymbols.of(publications, same_scheme(job.query, job.folder.state["scheme"]))
    listed = sorted({pattern for patterns in job.query.classes.values() for pattern in patterns})
    record.notes["publications by class"] = {pattern: int(symbols.holders([pattern]).sum()) for pattern in listed}
    record.gaps += symbols.gaps(family_id)
    return symbols.met(family_id, families, listed), symbols.held(family_id, families)


def _labelled(job: Job, scores: pd.DataFrame, family_id: pd.Series, publications: pa.Table) -> list[dict[str, Any]]:
    """Hold each reading against the sample's own labels, where the run is on the sample and asks what they answer.

    They are a convenience sample: they show where a reading errs, and never put a count right.
    """
    theirs = sample.read_labels(job.query.classes)
    if not theirs or not job.folder.is_sample:
        return []
    numbers = publications.column("publication_number").to_pandas()
    known = audit.family_labels(family_id, numbers.map(theirs))
    return agreement.against_labels(scores, known, [reading.name for reading in job.query.readings])


def count(job: Job, record: StageRecord) -> StageRecord:
    """List the specifications, count them, judge the claims, and write what `run_folder.FILES` names."""
    claims = job.query.claims
    folder = job.folder
    with landscape(folder, job.query, job.today) as land:
        survey, untold = land.survey(claims, years=years_asked(job.query.years, claims, job.today)), land.untold
        first = land.first_conventions(claims[0], survey.answers[claims[0].id]) if claims else []
        conventions = first or query_conventions(land)
        counts, undated = land.counts(conventions)
        record.notes = {
            "pruned": {name: dict(pruned) for name, pruned in survey.pruned.items()},
            "units that the records can't tell": untold,
            "undated units": undated,
            "baselines": {c.question: f"{c.in_words()} [{c.spec_id}]" for c in conventions},
        }
        if survey.labels:
            record.notes["labels"] = dict(survey.labels)
        entries = [land.assess(claim, survey.answers[claim.id], counts) for claim in claims]
        measured = indicators.of_run(folder, land, claims)
    rows = curve(survey.answers.values())
    record.rows_in = record.rows_out = len(rows)
    _write_csv(folder, "counts.csv", counts)
    write_text(folder.file("curve.csv"), as_csv(rows, CURVE_COLUMNS))
    store.write(pa.Table.from_pandas(survey.by_year, preserve_index=False), folder.file("by-year.parquet"))
    write_text(folder.file("sensitivity.csv"), as_csv(curve(survey.variants), SENSITIVITY_COLUMNS))
    judged = {name: [row for rows in one.judged.values() for row in rows] for name, one in survey.answers.items()}
    _write_csv(folder, "indicators.csv", indicators.as_text(measured))
    _write_csv(folder, "influence.csv", influence.table(judged))
    write_json(folder.file("verdict.json"), {"query": job.query.name, "as_of": str(job.today), "claims": entries})
    return record


def _inert(value: object) -> object:
    return inert(value) if isinstance(value, str) else value


def _write_csv(folder: RunFolder, name: str, table: pd.DataFrame) -> None:
    write_text(folder.file(name), table.to_csv(index=False, lineterminator="\n"))


def report(job: Job, record: StageRecord) -> StageRecord:
    """Hold the run against the documents that a searcher knows, if any, and write the page and what goes with it."""
    from patentscope.report.write import write_report  # noqa: PLC0415 - Altair takes half a second

    if "known" in job.folder.state:
        from patentscope.report import known  # noqa: PLC0415 - it comes with spaCy, too

        table = known.known(job.folder, job.query)
        _write_csv(job.folder, KNOWN, table.map(_inert))
        record.notes["known"] = known.summary(table, job.folder, job.query)
    write_report(job.folder)
    record.rows_in = record.rows_out = len(job.folder.names("report"))
    return record
