"""The query as BigQuery is asked it: one SELECT over Google's patents table, which can also be run by hand.

A family is a candidate where its publications together meet a reading of the query, as the topic is decided later; all
its publications are asked for, so that members are complete. Of the user's text only letters, figures and the symbols'
slash enter the statement (`_words`, `listing.listed`): nothing in it could end a literal, so it needs no parameters,
and the text that is shown is the text that is billed.

The table's columns are those of Google's schema (google/patents-public-data, patents.publications). Abstracts, its
most expensive column, are neither searched nor asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from patentscope.fetch.askable import ENDINGS, askable, condition
from patentscope.fetch.listing import Listed, listed
from patentscope.files.tables.bigquery_row import WHOLE_FAMILIES
from patentscope.query.query import Query
from patentscope.query.term import ASIAN, parted

TABLE = "patents-public-data.patents.publications"
# The table has -1 for "no family"; such a publication is a family of its own.
_FAMILY = "IF(COALESCE(p.family_id, '') IN ('', '0', '-1'), p.publication_number, p.family_id)"
_RECORDS = f"""\
-- Families whose publications together meet a reading of the query, and every publication of these families.
WITH records AS (
  SELECT
    {_FAMILY} AS family,
    p.publication_date,
    ARRAY_CONCAT(
      ARRAY(SELECT c.code FROM UNNEST(p.cpc) AS c), ARRAY(SELECT c.code FROM UNNEST(p.ipc) AS c)
    ) AS codes,
    ARRAY(SELECT NORMALIZE(t.text, NFKC) FROM UNNEST(p.title_localized) AS t) AS titles
  FROM `{TABLE}` AS p
),
"""
_MEMBERS = f"""\
SELECT
  p.publication_number,
  p.application_number,
  p.country_code,
  p.kind_code,
  p.family_id,
  p.publication_date,
  p.filing_date,
  p.priority_date,
  p.title_localized,
  p.assignee_harmonized,
  p.inventor_harmonized,
  ARRAY(SELECT AS STRUCT c.code FROM UNNEST(p.cpc) AS c WITH OFFSET AS place ORDER BY place) AS cpc,
  ARRAY(SELECT AS STRUCT c.code FROM UNNEST(p.ipc) AS c WITH OFFSET AS place ORDER BY place) AS ipc,
  ARRAY(
    SELECT AS STRUCT c.application_number, c.filing_date
    FROM UNNEST(p.priority_claim) AS c WITH OFFSET AS place ORDER BY place
  ) AS priority_claim,
  TRUE AS {WHOLE_FAMILIES}
FROM `{TABLE}` AS p
WHERE {_FAMILY} IN (SELECT family FROM candidates)
"""


def statement(query: Query) -> str:
    """Return the SELECT whose rows are the query's pool of candidates with all members of their families.

    The classifier's own reading asks for nothing: it scores what the others bring. A reading without Y02 is asked like
    the same reading with Y02, of which it is a part.

    Raises:
        QueryError: where no reading can be asked.
    """
    readings = askable(query)
    members = dict.fromkeys(member for reading in readings for member in reading.members)
    names = {member: f"g{place}" for place, member in enumerate(members, start=1)}
    columns = ",\n".join(f"    {_group(query, member, name)}" for member, name in names.items())
    in_family = {member: f"LOGICAL_OR({name})" for member, name in names.items()}
    conditions: dict[str, list[str]] = {}
    for reading in readings:
        conditions.setdefault(condition(reading, in_family), []).append(reading.name)
    met = "\n      OR ".join(f"({wanted}) -- {', '.join(of)}" for wanted, of in conditions.items())
    return f"""\
{_RECORDS}found AS (
  SELECT
    family,
    publication_date,
{columns}
  FROM records
),
candidates AS (
  SELECT family
  FROM found
  GROUP BY family
  HAVING
    MAX(publication_date) >= {query.years[0]}0101
    AND (
      {met}
    )
)
{_MEMBERS}"""


def _group(query: Query, member: str, name: str) -> str:
    """Return the column that says whether a publication is in one group of classes or terms."""
    kind, group = member.split(".", 1)
    if kind == "classes":
        column, met = "codes", _classes(listed(symbol, query.scheme) for symbol in query.classes[group])
    else:
        column, met = "titles", _matches(_terms(query, group))
    # A group's name may hold anything; of it, too, only letters and figures enter.
    said = f"-- {kind}.{'_'.join(_words(group))}\n    "
    if not met:
        return f"{said}FALSE AS {name}"
    return f"{said}EXISTS (SELECT 1 FROM UNNEST({column}) AS x WHERE {' OR '.join(met)}) AS {name}"


def _classes(wanted: Iterable[Listed]) -> list[str]:
    """Return the conditions for a group's symbols, which the table writes without blanks; none where it has none."""
    wanted = list(wanted)
    stems = dict.fromkeys(one.stem for one in wanted if one.stem)
    alone = dict.fromkeys(f"'{symbol}'" for one in wanted for symbol in one.symbols)
    return [*_matches(f"^(?:{'|'.join(stems)})" if stems else ""), *([f"x IN ({', '.join(alone)})"] if alone else [])]


def _matches(pattern: str) -> list[str]:
    return [f"REGEXP_CONTAINS(x, r'{pattern}')"] if pattern else []


def _terms(query: Query, group: str) -> str:
    """Return the expression for a group's terms in every language; empty where it has none."""
    terms = [term for listed in query.terms.values() for term in listed.get(group, ())]
    western = dict.fromkeys(term_pattern(term) for term in terms if not ASIAN.search(term))
    asian = dict.fromkeys("".join(_words(term)) for term in terms if ASIAN.search(term))
    # RE2's \b knows ASCII only, and a term may begin with another letter.
    parts = [rf"(?:^|\W)(?:{'|'.join(western)})", *asian] if western else [*asian]
    return f"(?i){'|'.join(parts)}" if parts else ""


def term_pattern(term: str) -> str:
    r"""Return a term as BigQuery's RE2 looks for it in titles: its words in a row, with their regular inflections.

    Wider than the term's own reading by lemmas, which comes later; `REE` alone takes no `reel`.

    >>> term_pattern("rare earth"), term_pattern("recycling"), term_pattern("REE"), term_pattern("Nd2Fe14B")
    ('rar\\w*\\W+earth\\w*', 'recycl\\w*', 'REE(?:e?s)?\\b', 'Nd2Fe14B\\b')
    >>> term_pattern("rare earth recover*")
    'rar\\w*\\W+earth\\w*\\W+recover\\w*'
    """
    start, begins = parted(term)
    if begins:
        return r"\W+".join([*(_word_pattern(word, 2) for word in _words(start)), rf"{begins}\w*"])
    words = _words(term)
    # A short stem finds too much alone, and hardly anything more beside the other words of a phrase.
    shortest, longest_acronym = (4, 3) if len(words) == 1 else (2, 2)
    *before, last = (_word_pattern(word, shortest) for word in words)
    if re.fullmatch(rf"[A-Za-z]{{1,{longest_acronym}}}", words[-1]):
        last = rf"{words[-1]}(?:e?s)?\b"
    elif last.isascii() and not last.endswith("*"):
        last = rf"{last}\b"
    return r"\W+".join([*before, last])


def _word_pattern(word: str, shortest: int) -> str:
    """Return a word without its ending, where the stem has at least *shortest* letters, and whatever may follow it."""
    if not re.fullmatch(r"[A-Za-z]{3,}", word):
        return word
    stems_of = (word[: -len(end)] for end in ENDINGS if word.lower().endswith(end))
    return rf"{next((stem for stem in stems_of if len(stem) >= shortest), word)}\w*"


def _words(text: str) -> list[str]:
    """Return the runs of letters and figures in *text*; no quote, backslash or mark is in any of them."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text))
