"""PATSTAT's tables: by which columns each is known, which are read, and how they are joined into publications."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

PUBLICATIONS = "tls211"
#: By which columns a table is known, wherever they stand and whatever its file is called, and what else is read.
COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "tls201": (
        ("appln_id", "appln_auth", "appln_nr"),
        ("appln_kind", "appln_filing_date", "receiving_office", "earliest_filing_date", "docdb_family_id"),
    ),
    "tls202": (("appln_id", "appln_title"), ("appln_title_lg",)),
    "tls203": (("appln_id", "appln_abstract"), ("appln_abstract_lg",)),
    "tls204": (("appln_id", "prior_appln_id"), ("prior_appln_seq_nr",)),
    "tls206": (("person_id", "person_name"), ("person_ctry_code",)),
    "tls207": (("person_id", "appln_id", "applt_seq_nr"), ("invt_seq_nr",)),
    "tls209": (("appln_id", "ipc_class_symbol"), ()),
    "tls211": (("pat_publn_id", "publn_auth", "publn_nr"), ("publn_kind", "appln_id", "publn_date")),
    "tls224": (("appln_id", "cpc_class_symbol"), ()),
    "tls225": (("docdb_family_id", "cpc_class_symbol"), ()),
}


def table_sql(name: str, files: Sequence[tuple[Path, str]]) -> str:
    """Return the statement that loads a table from its files, by column names; an absent column is null throughout."""
    columns = sum(COLUMNS[name], ())
    empty = ", ".join(f"null::varchar as {column}" for column in columns)
    parts = [f"select {empty} where false"]
    for file, separator in files:
        place = str(file).replace("'", "''")
        parts.append(
            f"select * from read_csv('{place}', header = true, all_varchar = true, delim = '{separator}', "
            "quote = '\"', escape = '\"', nullstr = '', max_line_size = 16777216)"
        )
    wanted = ", ".join(f"nullif(trim({column}), '') as {column}" for column in columns)
    return f"create table {name} as select {wanted} from ({' union all by name '.join(parts)})"


def _date(column: str) -> str:
    """Return the SQL of a date; 9999-12-31 is PATSTAT's word for "not known"."""
    written = f"coalesce(try_cast(left({column}, 10) as date), try_strptime({column}, '%Y%m%d')::date)"
    return f"case when year({written}) < 9999 then {written} end"


# An international application is filed under WO with its receiving office beside it; its number begins with that.
_NUMBER = (
    "case when appln_auth = 'WO' and receiving_office is not null and regexp_full_match(appln_nr, '\\d+') "
    "then receiving_office || appln_nr || 'W' else appln_auth || appln_nr || coalesce(appln_kind, '') end"
)
_PARTY = "{'name': person_name, 'country': upper(person_ctry_code)}"


def _parties(sequence: str, name: str) -> str:
    place = f"try_cast({sequence} as integer)"
    return f"list({_PARTY} order by {place}) filter (where {place} > 0) as {name}"


def _english(table: str, text: str) -> str:
    order = f"(lower({text}_lg) is distinct from 'en'), rowid"
    return (
        f"select appln_id, first({text} order by {order}) as words, first(lower({text}_lg) order by {order}) as lang "
        f"from {table} where {text} is not null group by appln_id"
    )


def _symbols(table: str, key: str, symbol: str) -> str:
    bare = f"regexp_replace({symbol}, '\\s', '', 'g')"
    symbols = f"list(distinct {bare} order by {bare}) as symbols"
    return f"select {key}, {symbols} from {table} where {symbol} is not null group by {key}"


def _strings(*lists: str) -> str:
    return f"coalesce({', '.join(lists)}, []::varchar[])"


_NO_PARTIES = "[]::struct(name varchar, country varchar)[]"
#: One row a publication, in tls211's order, with the columns of `store.SCHEMA`; parameters: the file's name and hash.
JOIN = f"""
with application as (
  select appln_id, {_NUMBER} as number, {_date("appln_filing_date")} as filed,
         {_date("earliest_filing_date")} as earliest,
         case when docdb_family_id not in ('0', '-1') then docdb_family_id end as family
  from tls201 where appln_id is not null qualify row_number() over (partition by appln_id order by rowid) = 1
), claimed as (
  select c.appln_id, min(a.filed) as first_date,
         list({{'number': a.number, 'date': a.filed}} order by try_cast(c.prior_appln_seq_nr as integer)) as priorities
  from tls204 c join application a on a.appln_id = c.prior_appln_id group by c.appln_id
), party as (
  select appln_id, {_parties("applt_seq_nr", "applicants")}, {_parties("invt_seq_nr", "inventors")}
  from tls207 join tls206 using (person_id) group by appln_id
), title as ({_english("tls202", "appln_title")}
), abstract as ({_english("tls203", "appln_abstract")}
), cpc as ({_symbols("tls224", "appln_id", "cpc_class_symbol")}
), family_cpc as ({_symbols("tls225", "docdb_family_id", "cpc_class_symbol")}
), ipc as ({_symbols("tls209", "appln_id", "ipc_class_symbol")}
)
select p.publn_auth || p.publn_nr || coalesce(p.publn_kind, '') as publication_number,
       p.publn_auth as office, p.publn_kind as kind,
       {_date("p.publn_date")} as publication_date, a.filed as filing_date,
       coalesce(claimed.first_date, a.earliest) as priority_date, a.number as application_number,
       coalesce(claimed.priorities, []::struct(number varchar, date date)[]) as priorities,
       a.family as family_id, case when a.family is not null then 'source' end as family_source,
       title.words as title, title.lang as title_language, null::varchar as title_original,
       abstract.words as abstract, abstract.lang as abstract_language,
       {_strings("cpc.symbols", "family_cpc.symbols")} as cpc, {_strings("ipc.symbols")} as ipc,
       coalesce(party.applicants, {_NO_PARTIES}) as applicants, coalesce(party.inventors, {_NO_PARTIES}) as inventors,
       ? as source, ? as origin
from tls211 p
  left join application a on a.appln_id = p.appln_id
  left join claimed on claimed.appln_id = p.appln_id
  left join party on party.appln_id = p.appln_id
  left join title on title.appln_id = p.appln_id
  left join abstract on abstract.appln_id = p.appln_id
  left join cpc on cpc.appln_id = p.appln_id
  left join family_cpc on family_cpc.docdb_family_id = a.family
  left join ipc on ipc.appln_id = p.appln_id
where p.publn_nr is not null and p.publn_auth is not null
order by p.rowid
"""
#: Publications that have no number: artificial applications, and damaged rows.
WITHOUT_NUMBER = (
    "select publn_auth, pat_publn_id from tls211 where publn_nr is null or publn_auth is null order by rowid"
)
#: What a partial extract leaves unsaid, by what it is.
GAPS = """
select 'publications whose application is not in tls201', count(*)
from tls211 where appln_id is null or appln_id not in (select appln_id from tls201 where appln_id is not null)
union all select 'priorities whose application is not in tls201', count(*)
from tls204 where prior_appln_id not in (select appln_id from tls201 where appln_id is not null)
union all select 'applications without a publication, no records', count(*)
from tls201 where appln_id not in (select appln_id from tls211 where appln_id is not null)
union all select 'parties whose person is not in tls206', count(*)
from tls207 where person_id not in (select person_id from tls206 where person_id is not null)
"""
