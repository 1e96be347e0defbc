"""Which families of a collection may meet a reading: their classes and terms, read and decided as a run does it.

In DuckDB the collection's files are `world`, its rows with what they are judged by `record`, the families `candidate`.
Each distinct symbol is held against the query's classes once. Texts stream through the lexicon a batch at a time, so
that memory does not grow with them; what stays is, for each family that meets anything, which groups it meets.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import pandas as pd
import pyarrow as pa

from patentscope.classify.class_symbols import NO_Y02, ClassSymbols, class_hits
from patentscope.classify.features import build_lexicon, sentences_of
from patentscope.classify.readings import in_topic
from patentscope.classify.words.lexicon import Lexicon
from patentscope.engines.duckdb import DuckEngine
from patentscope.fetch.askable import askable
from patentscope.query.query import SCOPES, Query
from patentscope.records import intake_columns
from patentscope.records.entities import in_characters
from patentscope.records.scheme import Scheme
from patentscope.records.store import SCHEMA

#: Texts that are read at once.
_BATCH = 20_000


def record(present: frozenset[str]) -> str:
    """Return the view `record`, of a collection that has the columns *present*; without a number there is no family.

    Rows that state a family are together where they say so, and those that name the same first member. Others are where
    they claim the same priorities, as written, or are the application that others claim, or have the same one.
    """

    def column(name: str, kind: str) -> str:
        return f"cast({name if name in present else 'null'} as {kind})"

    def text(name: str) -> str:
        return f"nullif(trim({column(name, 'varchar')}), '')"

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
    list_concat({column("cpc", "varchar[]")}, {column("ipc", "varchar[]")}) as symbols,
    [{text("title")}, {text("title_original")}, {text("abstract")}] as texts
from world"""


def make_candidates(engine: DuckEngine, query: Query) -> None:
    """Make the table `candidate` (family) of those in the view `record` whose members together may meet a reading.

    No year is asked for: a query's years say what is counted, and drop no record. A scope is not asked for either, so
    that the run can say which families leave it open.

    Raises:
        QueryError: where every reading is the classifier's.
    """
    if any(reading.takes_all for reading in query.readings):
        engine.make("candidate", "select distinct family from record where family is not null")
        return
    asked = askable(query)
    members = [member.split(".", 1) for reading in asked for member in reading.members]
    classes = {group: query.classes[group] for kind, group in members if kind == "classes"}
    terms = list(dict.fromkeys(f"terms_{group}" for kind, group in members if kind == "terms"))
    class_names = [group + suffix for group in classes for suffix in ("", NO_Y02)]
    # In SQL the groups are numbered: DuckDB takes `Ore` and `ore` for one name.
    by_class, by_term = [f"c{place}" for place in range(len(class_names))], [f"t{place}" for place in range(len(terms))]
    columns = [*by_class, *by_term]
    engine.connection.execute(f"create table met (family varchar, {', '.join(f'{name} boolean' for name in columns)})")
    if classes:
        _read_classes(engine, classes, query.scheme, by_class)
    if terms:
        _read_terms(engine, build_lexicon(query.terms), dict(zip(terms, by_term, strict=True)))
    together = ", ".join(f"coalesce(bool_or({name}), false) as {name}" for name in columns)
    engine.make("judged", f"select family, {together} from met group by family")
    patterns = engine.frame(f"select distinct {', '.join(columns)} from judged")
    hits, decided = patterns[by_class].set_axis(class_names, axis=1), patterns[by_term].set_axis(terms, axis=1)
    decided = decided.assign(**{f"scope_{scope}": True for scope in SCOPES})
    engine.put("wanted", patterns[in_topic(asked, hits, decided).any(axis=1).to_numpy(bool)])
    engine.make("candidate", f"select family from judged semi join wanted using ({', '.join(columns)})")


def _read_classes(
    engine: DuckEngine, classes: Mapping[str, Sequence[str]], scheme: Scheme, columns: Sequence[str]
) -> None:
    """Add to `met` which *classes* the symbols of each family meet, as `ClassSymbols.hits` says, in its order."""
    written = pa.array(engine.frame("select distinct unnest(symbols) as written from record")["written"], pa.string())
    rows = pd.Series(range(len(written)))
    each = pa.ListArray.from_arrays(pa.array(range(len(written) + 1), pa.int32()), written)
    symbols, _ = intake_columns.symbols(each)
    table = pa.table({"cpc": symbols, "ipc": pa.array([[]] * len(written), symbols.type)})
    met = ClassSymbols.of(table, scheme).met(rows, rows, chain.from_iterable(classes.values()))
    hits = class_hits(met, classes)
    arrays = [written, *(pa.array(hits[name]) for name in hits)]
    lookup = pa.Table.from_arrays(arrays, names=["written", *columns])
    engine.put("symbol", lookup.filter(pa.array(hits.any(axis=1))))
    engine.connection.execute(f"""
        insert into met by name
        select distinct family, {", ".join(columns)}
        from (select family, unnest(symbols) as written from record where family is not null)
        join symbol using (written)""")


def _read_terms(engine: DuckEngine, lexicon: Lexicon, columns: Mapping[str, str]) -> None:
    """Add to `met` which groups of terms each text holds; *columns* are those of `met` by the lexicon's groups."""
    texts = """
        select family, text from (select family, unnest(texts) as text from record where family is not null)
        where text is not null"""
    # A cursor of its own, because `met` is written to while texts are read.
    with engine.connection.cursor() as reader:
        for batch in reader.sql(texts).to_arrow_reader(_BATCH):
            encoded = batch.column("text").dictionary_encode()
            sentences, owners = sentences_of([in_characters(text).strip() for text in encoded.dictionary.to_pylist()])
            by_text = lexicon.hits(sentences)[list(columns)].rename(columns=columns).groupby(owners).any()
            codes = encoded.indices.to_numpy()
            rows = np.flatnonzero(by_text.any(axis=1).to_numpy()[codes])
            families = batch.column("family").take(pa.array(rows)).to_pylist()
            engine.connection.append("met", by_text.iloc[codes[rows]].assign(family=families), by_name=True)


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
group by all order by all"""


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
