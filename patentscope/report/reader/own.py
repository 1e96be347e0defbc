"""What the records themselves have of a claim's countries, all years together, where they can't answer it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from patentscope.aggregate.answers.entry import MAIN_QUESTIONS, Entry
from patentscope.aggregate.answers.words import claim_words as words
from patentscope.aggregate.answers.words import number_words as numbers
from patentscope.aggregate.holdings.extended import STEP_PRIORITY_OFFICE
from patentscope.query import side_names as sides
from patentscope.query.convention import IN_WORDS, Convention
from patentscope.query.query import RECORDS
from patentscope.records.offices import UNKNOWN, countries, short_name
from patentscope.report.reader.topics import in_a_sentence, topic_names
from patentscope.report.run_tables import RunTables
from patentscope.report.wording import wording

_MOST_COUNTRIES = 4
#: What a word of the trade means, where a reader first meets it.
_MEANS = {"priority": " (where it was filed first)"}
#: What is said where not all owners' countries are stated.
_ELSE = ", or first filing where none is stated"
_BY = {"invention": "by first filing", "ownership": "by owner", "market": "by where it was published"}


def own(tables: RunTables, claim: Entry) -> dict[str, Any] | None:
    """Return the card of what the records on topic have of each country; None without any.

    Countries stand one by one: a sum would count what two of them share twice. `what` says how they are counted, what
    became of the rest, and what the other questions give.
    """
    for question in MAIN_QUESTIONS:
        sums = _sums(tables, question)
        named = _named(claim, sums)
        if any(sums[code] for code in named):
            said = wording(tables.untold)
            convention = tables.conventions[question]
            big, rest = _on_topic(tables, convention, sums, named)
            what = [_how(tables, claim, question), rest, _otherwise(tables, question, named)]
            return {
                "name": f"These records{': a sample' * tables.is_sample}, all years",
                "big": big,
                "side": "",
                "off": "",
                "pairs": bars([(_side(claim, code), short_name(code), sums[code]) for code in named]),
                "what": said(" ".join(filter(None, what))),
            }
    return None


def _sums(tables: RunTables, question: str) -> Counter[str]:
    """Return the units of a question by country, all years together; none by a wider definition of the topic."""
    rows = tables.counts[tables.counts["question"].eq(question) & ~tables.counts["topic"].isin(tables.query.wider)]
    return Counter(dict(rows.groupby("country")["n"].sum()))


def _named(claim: Entry, sums: Counter[str]) -> list[str]:
    """Return the claim's countries; where it is held against all others, those with the most stand for them."""
    if not sides.is_all_others(claim["right"]):
        return [*claim["left"], *claim["right"]]
    others = sorted(set(sums) & countries() - set(claim["left"]), key=lambda code: (-sums[code], code))
    return [*claim["left"], *others[: _MOST_COUNTRIES - 1]]


def _side(claim: Entry, code: str) -> str:
    return "left" if code in claim["left"] else "right"


def bars(given: Sequence[tuple[str, str, float]]) -> list[dict[str, Any]]:
    """Return counts, each with its side and name, as bars of one scale."""
    most = max(n for _, _, n in given) or 1
    return [
        {"side": side, "name": name, "n": numbers.count(n), "width": float(100 * n / most)} for side, name, n in given
    ]


def _on_topic(tables: RunTables, convention: Convention, sums: Counter[str], named: Sequence[str]) -> tuple[str, str]:
    """Return how many inventions, or publications, are on topic, and in a sentence those that no bar counts.

    Of another unit there is no such number, and the unit alone is given.
    """
    unit = words.UNITS[convention.unit, convention.documents]
    if unit not in {"inventions", "publications"} or convention.topic not in tables.records.readings:
        return f"{unit[0].upper()}{unit[1:]}", ""
    key = "pub" if unit == "publications" else tables.records.key
    n, dated = tables.records.row(f"""
select count(distinct d.{key}), count(distinct d.{key}) filter (d.published <= date '{tables.as_of}')
from document d join family f on f.family = d.family where {tables.records.on_topic(convention.topic)}""")
    undated = n - dated
    counted = sums.total()
    others = counted - sums[UNKNOWN] - sum(sums[code] for code in named)
    parts = [
        (undated, "has no publication date and isn't counted", "have no publication date and aren't counted"),
        (sums[UNKNOWN], "has no country", "have no country"),
        (others, "is of another", "are of others"),
        (n - undated - counted, "more enters no such count", "more enter no such count"),
    ]
    told = [f"{numbers.count(many)} {one if many == 1 else several}" for many, one, several in parts if many > 0]
    if counted > n - undated:
        told.append("one of several countries counts at each")
    on_topic = "" if convention.topic == RECORDS else " on topic"
    rest = f"{sides.listed(told)}." if told else ""
    return f"{n:,} {unit if n != 1 else unit.removesuffix('s')}{on_topic}", f"{rest[:1].upper()}{rest[1:]}"


def _how(tables: RunTables, claim: Entry, question: str) -> str:
    """Return by which definition of the topic, and by whose country, the bars count."""
    convention = tables.conventions[question]
    by = f"{IN_WORDS['basis'][convention.basis]}{_MEANS.get(convention.basis, '')}"
    if convention.topic in {RECORDS, tables.query.readings[0].name}:
        return f"Counted{by}."
    rows = tables.counts[tables.counts["question"].eq(question)]
    within = rows["year"].between(words.first_year(claim), words.last_year(claim))
    why = f", which find some of {words.years(claim)}" if rows.loc[within, "n"].sum() else ""
    return f"On topic by {in_a_sentence(topic_names(tables.query)[convention.topic])}{why}; counted{by}."


def _otherwise(tables: RunTables, question: str, named: Sequence[str]) -> str:
    """Return what the other main questions give of the same countries, by the same definition of the topic."""
    told = list(_other_counts(tables, question, named))
    said = "; ".join(told)
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _other_counts(tables: RunTables, question: str, named: Sequence[str]) -> Iterator[str]:
    for other in MAIN_QUESTIONS:
        convention = tables.conventions.get(other)
        if other == question or convention is None or convention.topic != tables.conventions[question].topic:
            continue
        sums = _sums(tables, other)
        counts = ", ".join(f"{short_name(code)} {numbers.count(sums[code])}" for code in named)
        fallen_back = _fallen_back(tables, convention, named)
        if fallen_back == 1 or (sums[UNKNOWN] and not any(sums[code] for code in named)):
            yield f"{_BY[other]}: no country is stated"
        elif any(sums[code] for code in named):
            yield f"{_BY[other]}{_ELSE * bool(fallen_back)}: {counts}"


def _fallen_back(tables: RunTables, convention: Convention, named: Sequence[str]) -> float:
    """Return of what part of the countries' units it isn't stated whose they are, so that the first filing tells."""
    among = tables.records.on_topic(convention.topic) if convention.topic in tables.records.readings else "true"
    codes = ", ".join(f"'{code}'" for code in named)
    (part,) = tables.records.row(f"""
select avg((h.how_known = {STEP_PRIORITY_OFFICE})::int) from holding h join family f on f.family = h.family
where h.basis = '{convention.basis}' and h.country in ({codes}) and {among} and h.how_known is not null""")
    return float(part or 0.0)
