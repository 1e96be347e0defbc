"""Which families of a collection may meet a reading: their classes and terms, read and decided as a run does it.

In the engine the collection's files are `world`, its rows with what they are judged by `record`, the families
`candidate`. Each distinct symbol is held against the query's classes once. Texts stream through the lexicon a batch at
a time, on Spark where they lie, so that memory does not grow with them; what stays is, for each family that meets
anything, which groups it meets.
"""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

import numpy as np
import pandas as pd
import pyarrow as pa

from patentscope.classify.class_symbols import NO_Y02, ClassSymbols, class_hits
from patentscope.classify.features import build_lexicon, sentences_of
from patentscope.classify.readings import in_topic
from patentscope.engines.engine import Engine
from patentscope.fetch.askable import askable
from patentscope.query.query import SCOPES, Query
from patentscope.records import intake_columns
from patentscope.records.entities import in_characters
from patentscope.records.scheme import Scheme
from patentscope.records.store import SCHEMA

#: What is no part of a number or an office where it stands at an end; each engine's own idea of blanks is another.
_BLANKS = f"{string.whitespace}\xa0\u3000"
_WITH_FAMILY = "from record where family is not null"


def record(present: frozenset[str]) -> str:
    """Return the view `record`, of a collection that has the columns *present*; without a number there is no family.

    Rows that state a family are together where they say so, and those that name the same first member. Others are where
    they claim the same priorities, as written, or are the application that others claim, or have the same one.
    """

    def column(name: str, kind: str) -> str:
        return f"cast({name if name in present else 'null'} as {kind})"

    def text(name: str) -> str:
        return f"nullif(trim({column(name, 'varchar')}, '{_BLANKS}'), '')"

    def listed(name: str) -> str:
        return f"coalesce({column(name, 'varchar[]')}, cast([] as varchar[]))"

    named = "list_min(family_members)" if "family_members" in present else "null"
    claimed = "null"
    if "priorities" in present:
        bare = f"list_transform(priorities, lambda p: {_bare('p.number')})"
        keys = f"list_transform({bare}, lambda n: {_unchecked('n')})"
        claimed = f"nullif(array_to_string(list_sort(list_distinct({keys})), '+'), '')"
    number, family, application = text("publication_number"), text("family_id"), _bare(text("application_number"))
    stated = f"coalesce({family}, nullif({named}, ''), {claimed}, nullif({_unchecked(application)}, ''), {number})"
    return f"""
select {_own(present)},
    {number} as number,
    {text("office")} as stated,
    try_{column("publication_date", "date")} as published,
    case when {number} is not null then {stated} end as family,
    {family} is null and {named} is null as is_alone,
    list_concat({listed("cpc")}, {listed("ipc")}) as symbols,
    [{", ".join(column(name, "varchar") for name in ("title", "title_original", "abstract"))}] as texts
from world"""


def make_candidates(engine: Engine, query: Query) -> None:
    """Make the table `candidate` (family) of those in the view `record` whose members together may meet a reading.

    No year is asked for: a query's years say what is counted, and drop no record. A scope is not asked for either, so
    that the run can say which families leave it open.

    Raises:
        QueryError: where every reading is the classifier's.
    """
    if any(reading.takes_all for reading in query.readings):
        engine.make("candidate", f"select distinct family {_WITH_FAMILY}")
        return
    asked = askable(query)
    members = [member.split(".", 1) for reading in asked for member in reading.members]
    classes = {group: query.classes[group] for kind, group in members if kind == "classes"}
    terms = list(dict.fromkeys(f"terms_{group}" for kind, group in members if kind == "terms"))
    class_names = [group + suffix for group in classes for suffix in ("", NO_Y02)]
    # In SQL the groups are numbered: DuckDB takes `Ore` and `ore` for one name.
    by_class = {name: f"c{place}" for place, name in enumerate(class_names)}
    by_term = {name: f"t{place}" for place, name in enumerate(terms)}
    columns = [*by_class.values(), *by_term.values()]
    met = [_class_met(engine, classes, query.scheme, by_class)] if classes else []
    met += [_term_met(engine, query.terms, by_term)] if terms else []
    each = (f"coalesce(bool_or({name}), false) as {name}" for name in columns)
    rows = " union all ".join(f"select family, {_among(columns, own)} from {table}" for table, own in met)
    engine.make("judged", f"select family, {', '.join(each)} from ({rows}) met group by family")
    patterns = engine.frame(f"select distinct {', '.join(columns)} from judged").rename(
        columns={number: name for name, number in (by_class | by_term).items()}
    )
    decided = patterns[terms].assign(**{f"scope_{scope}": True for scope in SCOPES})
    is_wanted = in_topic(asked, patterns[class_names], decided).any(axis=1).to_numpy(bool)
    engine.put("wanted", patterns[is_wanted].set_axis(columns, axis=1))
    engine.make("candidate", f"select family from judged semi join wanted using ({', '.join(columns)})")


def _among(columns: Iterable[str], own: Iterable[str]) -> str:
    return ", ".join(name if name in own else f"cast(null as boolean) as {name}" for name in columns)


def _schema(key: str, columns: Iterable[str]) -> pa.Schema:
    return pa.schema([(key, pa.string()), *((name, pa.bool_()) for name in columns)])


def _class_met(
    engine: Engine, classes: Mapping[str, Sequence[str]], scheme: Scheme, columns: Mapping[str, str]
) -> tuple[str, list[str]]:
    """Make `class_met`: which *classes* the symbols of each family meet; *columns* are by the names of `class_hits`."""
    own = list(columns.values())
    work = partial(_symbols_met, classes=classes, scheme=replace(scheme, titles=None), columns=columns)
    distinct = f"select distinct written from (select unnest(symbols) as written {_WITH_FAMILY}) s"
    engine.spread("symbol", distinct, work, _schema("written", own))
    engine.view(
        "class_met",
        f"select family, {', '.join(own)} from (select family, unnest(symbols) as written {_WITH_FAMILY}) s "
        "join symbol using (written)",
    )
    return "class_met", own


def _symbols_met(
    batches: Iterable[pa.RecordBatch],
    *,
    classes: Mapping[str, Sequence[str]],
    scheme: Scheme,
    columns: Mapping[str, str],
) -> Iterator[pa.RecordBatch]:
    """Yield the symbols (`written`) that meet any of *classes*, and which, as `ClassSymbols.hits` says."""
    for batch in batches:
        written = batch.column("written").cast(pa.string())
        rows = pd.Series(range(len(written)))
        each = pa.ListArray.from_arrays(pa.array(range(len(written) + 1), pa.int32()), written)
        symbols, _ = intake_columns.symbols(each)
        table = pa.table({"cpc": symbols, "ipc": pa.array([[]] * len(written), symbols.type)})
        met = ClassSymbols.of(table, scheme).met(rows, rows, chain.from_iterable(classes.values()))
        hits = class_hits(met, classes)
        arrays = [written, *(pa.array(hits[name]) for name in columns)]
        made = pa.RecordBatch.from_arrays(arrays, schema=_schema("written", columns.values()))
        yield made.filter(pa.array(hits.any(axis=1)))


def _term_met(
    engine: Engine, terms: Mapping[str, Mapping[str, Sequence[str]]], columns: Mapping[str, str]
) -> tuple[str, list[str]]:
    """Make `term_met`: which groups of terms each text holds; *columns* are by the lexicon's groups."""
    own = list(columns.values())
    texts = f"select family, text from (select family, unnest(texts) as text {_WITH_FAMILY}) t where text is not null"
    engine.spread("term_met", texts, partial(_terms_met, terms=terms, columns=columns), _schema("family", own))
    return "term_met", own


def _terms_met(
    batches: Iterable[pa.RecordBatch],
    *,
    terms: Mapping[str, Mapping[str, Sequence[str]]],
    columns: Mapping[str, str],
) -> Iterator[pa.RecordBatch]:
    """Yield for each text that holds any term its `family`, and which groups of *terms* it holds."""
    lexicon = build_lexicon(terms)
    for batch in batches:
        encoded = batch.column("text").dictionary_encode()
        sentences, owners = sentences_of([in_characters(text).strip() for text in encoded.dictionary.to_pylist()])
        by_text = lexicon.hits(sentences)[list(columns)].groupby(owners).any()
        codes = encoded.indices.to_numpy()
        rows = np.flatnonzero(by_text.any(axis=1).to_numpy()[codes])
        hits = by_text.iloc[codes[rows]]
        family = batch.column("family").take(pa.array(rows)).cast(pa.string())
        arrays = [family, *(pa.array(hits[name].to_numpy()) for name in columns)]
        yield pa.RecordBatch.from_arrays(arrays, schema=_schema("family", columns.values()))


def by_office(today: dt.date) -> str:
    """Return the SELECT of how many rows there are by office, by whether they are a candidate's and have a number.

    `first` is the first of the numbers, `alone` how many rows with one state no family, `latest` the latest date of
    publication that is not after *today*.
    """
    return f"""
select r.stated, substr(r.number, 1, 2) as shown, r.number is not null as is_numbered, c.family is not null as is_in,
    count(*) as n, min(r.number) as first, count(r.number) filter (where r.is_alone) as alone,
    max(r.published) filter (where r.published <= date '{today}') as latest
from record r left join candidate c using (family)
group by all"""


def rows_of(present: frozenset[str]) -> str:
    """Return the SELECT of every row of the candidates, in those of our columns that are *present*."""
    return f"select {_own(present)} from record semi join candidate using (family)"


def _own(present: frozenset[str]) -> str:
    return ", ".join(name for name in SCHEMA.names if name in present)


def _bare(number: str) -> str:
    """Return an application number in capitals, without blanks, marks and the letter of its kind."""
    capitals = f"upper(regexp_replace({number}, '[^0-9A-Za-z]+', '', 'g'))"
    return f"regexp_replace({capitals}, 'X?([A-WYZ][0-9]?)?$', '', 'g')"


def _unchecked(bare: str) -> str:
    """Return a number from `_bare` without the check digit that some write on Chinese ones."""
    is_checked = f"regexp_matches({bare}, '^CN((19|20)[0-9]{{11}}|[0-9]{{9}})$')"
    return f"case when {is_checked} then substr({bare}, 1, length({bare}) - 1) else {bare} end"
