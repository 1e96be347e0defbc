"""How an engine tells a query's candidates: SQL in DuckDB's dialect, in words that others can say, too.

Three names stand for tables: `world`, the collection as it is; `record`, its rows that have a number, with what they
are judged by; and `candidate`, the families that are candidates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentscope.classify.words.spellings import NOT_PLAIN, Expressions
from patentscope.classify.words.unicode_forms import marks
from patentscope.fetch.askable import askable, condition, stems
from patentscope.records.store import SCHEMA

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from patentscope.fetch.askable import Stem
    from patentscope.query.query import Query

#: In a row's symbols, which have one before each and after the last, so that an expression can ask for both ends.
_END = ";"


def record(present: frozenset[str]) -> str:
    """Return the view `record`, of a collection that has the columns *present*.

    Rows that state a family are together where they say so. Others are where they claim the same priorities, as
    written, or are the application that others claim, or have the same one.
    """
    number, application, family, office = (
        _text(name, present) for name in ("publication_number", "application_number", "family_id", "office")
    )
    claimed = _nothing()
    if "priorities" in present:
        bare = f"list_transform(priorities, lambda p: {_bare('p.number')})"
        keys = f"list_transform({bare}, lambda n: {_unchecked('n')})"
        claimed = f"nullif(array_to_string(list_sort(list_distinct({keys})), '+'), '')"
    published = "try_cast(publication_date as date)" if "publication_date" in present else _nothing("date")
    listed = [f"array_to_string(cast({name} as varchar[]), '{_END}')" for name in ("cpc", "ipc") if name in present]
    symbols = f"upper(regexp_replace({_joined(_END, listed)}, '[^0-9A-Za-z/{_END}]+', '', 'g'))"
    texts = [_text(name, present) for name in ("title", "title_original", "abstract")]
    return f"""
select {_own(present)},
    {number} as number,
    {office} as stated,
    {published} as published,
    coalesce({family}, {claimed}, nullif({_unchecked(_bare(application))}, ''), {number}) as family,
    case when {family} is null then 1 else 0 end as is_alone,
    concat('{_END}', {symbols}, '{_END}') as symbols,
    {_joined(" ", texts)} as texts
from world
where {number} is not null"""


def candidate(query: Query) -> str:
    """Return the one SELECT whose rows are the families that are candidates of *query*.

    No year is asked for: a query's years say what is counted, and drop no record.

    Raises:
        QueryError: where every reading is the classifier's.
    """
    readings = askable(query)
    members = dict.fromkeys(member for reading in readings for member in reading.members)
    names = {member: f"g{place}" for place, member in enumerate(members, start=1)}
    columns = ",\n    ".join(f"{_met(query, member)} as {name}" for member, name in names.items())
    in_family = {member: f"bool_or({name})" for member, name in names.items()}
    met = dict.fromkeys(condition(reading, in_family) for reading in readings)
    return f"""
select family
from (
    select family,
    {columns}
    from record
) judged
where {" or ".join(names.values())}
group by family
having {" or ".join(f"({wanted})" for wanted in met)}"""


def by_office(today: dt.date) -> str:
    """Return the SELECT of how many rows are a candidate's and how many are not, by office, with the first of each.

    `alone` is how many state no family, `latest` the latest date of publication that is not after *today*.
    """
    return f"""
select stated, shown, is_in, count(*) as n, min(number) as first, sum(is_alone) as alone,
    max(case when published <= date '{today}' then published end) as latest
from (
    select r.stated, substr(r.number, 1, 2) as shown, r.number, r.is_alone, r.published,
        case when c.family is null then 0 else 1 end as is_in
    from record r left join candidate c on c.family = r.family
) judged
group by stated, shown, is_in
order by stated, shown, is_in"""


def without_number(present: frozenset[str]) -> str:
    """Return the SELECT of how many rows have no publication number, by office."""
    number, office = _text("publication_number", present), _text("office", present)
    return f"""
select stated, count(*) as n
from (select {office} as stated, {number} as number from world) w
where number is null group by stated order by stated"""


def rows(present: frozenset[str]) -> str:
    """Return the SELECT of every row of the candidates, in those of our columns that are *present*."""
    return f"select {_own(present)} from record r join candidate c on c.family = r.family"


def _own(present: frozenset[str]) -> str:
    return ", ".join(name for name in SCHEMA.names if name in present)


def _nothing(kind: str = "varchar") -> str:
    return f"cast(null as {kind})"


def _text(name: str, present: frozenset[str]) -> str:
    """Return a column as text, an empty one as null."""
    return f"nullif(trim(cast({name} as varchar)), '')" if name in present else _nothing()


def _joined(separator: str, texts: list[str]) -> str:
    """Return *texts* as one, without those that are null."""
    return f"concat_ws('{separator}', {', '.join(texts)})" if texts else "''"


def _bare(number: str) -> str:
    """Return an application number in capitals, without blanks, marks and the letter of its kind."""
    capitals = f"upper(regexp_replace({number}, '[^0-9A-Za-z]+', '', 'g'))"
    return f"regexp_replace({capitals}, 'X?([A-WYZ][0-9]?)?$', '', 'g')"


def _unchecked(bare: str) -> str:
    """Return a number from `_bare` without the check digit that some write on Chinese ones."""
    is_checked = f"regexp_matches({bare}, '^CN((19|20)[0-9]{{11}}|[0-9]{{9}})$')"
    return f"case when {is_checked} then substr({bare}, 1, length({bare}) - 1) else {bare} end"


def _met(query: Query, member: str) -> str:
    """Return SQL that says whether a row may meet one group of classes or terms."""
    kind, group = member.split(".", 1)
    if kind == "classes":
        wanted = _classes(query.classes[group])
        return f"regexp_matches(symbols, '{wanted}')" if wanted else "false"
    found = Expressions.of(term for listed in query.terms.values() for term in listed.get(group, ()))
    others = [f"regexp_matches(texts, '{found.hidden}')"] if found.hidden else []
    if found.characters:
        others.append(f"regexp_matches(regexp_replace(texts, '{marks()}', '', 'g'), '{found.characters}')")
    # By cases, of which an engine tries the later only where it has to: most texts are plain.
    cases = [f"when regexp_matches(texts, '{found.words}') then true"] if found.words else []
    cases += [f"when regexp_matches(texts, '{NOT_PLAIN}') then {' or '.join(others)}"] if others else []
    return f"case {' '.join(cases)} else false end" if cases else "false"


def _classes(listed: Iterable[str]) -> str:
    """Return the expression for a group's symbols; empty where it has none."""
    found = dict.fromkeys(_symbol(stem) for symbol in listed for stem in stems(symbol))
    return f"{_END}(?:{'|'.join(found)})" if found else ""


def _symbol(stem: Stem) -> str:
    """Return what a record's symbol looks like, which may write a main group without its zeros."""
    if not stem.group:
        return stem.subclass
    group = f"{stem.subclass}{stem.group}"
    if not stem.subgroup:
        return f"{group}[/{_END}]"
    if not stem.is_alone:
        return f"{group}/{stem.subgroup}"
    return f"{group}(?:/{stem.subgroup}){'?' if set(stem.subgroup) == {'0'} else ''}{_END}"
