"""How DuckDB reads a collection: its files as `world`, its rows with what they are judged by as `record`.

A third name stands for a table that `candidates` makes: `candidate`, the families that are candidates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from patentscope.records.store import SCHEMA


def world(files: Sequence[str]) -> str:
    """Return the view `world`, the rows of parquet *files*; a column that a file has not is null there."""
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    # A column is what the files hold, never a part of their path.
    return f"select * from read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


def record(present: frozenset[str]) -> str:
    """Return the view `record`, of a collection that has the columns *present*; without a number there is no family.

    Rows that state a family are together where they say so. Others are where they claim the same priorities, as
    written, or are the application that others claim, or have the same one.
    """

    def column(name: str, kind: str) -> str:
        return f"cast({name if name in present else 'null'} as {kind})"

    def text(name: str) -> str:
        return f"nullif(trim({column(name, 'varchar')}), '')"

    claimed = "null"
    if "priorities" in present:
        bare = f"list_transform(priorities, lambda p: {_bare('p.number')})"
        keys = f"list_transform({bare}, lambda n: {_unchecked('n')})"
        claimed = f"nullif(array_to_string(list_sort(list_distinct({keys})), '+'), '')"
    number, family, application = text("publication_number"), text("family_id"), _bare(text("application_number"))
    stated = f"coalesce({family}, {claimed}, nullif({_unchecked(application)}, ''), {number})"
    return f"""
select {_own(present)},
    {number} as number,
    {text("office")} as stated,
    try_{column("publication_date", "date")} as published,
    case when {number} is not null then {stated} end as family,
    {family} is null as is_alone,
    list_concat({column("cpc", "varchar[]")}, {column("ipc", "varchar[]")}) as symbols,
    [{text("title")}, {text("title_original")}, {text("abstract")}] as texts
from world"""


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


def rows(present: frozenset[str]) -> str:
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
