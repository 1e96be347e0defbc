"""What `show` prints: the number and what it counts, and the publications behind it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from patentscope.cli.printing import text_lines

if TYPE_CHECKING:
    from patentscope.runs.evidence import Evidence

_ONE = {"family": "invention", "application": "application", "publication": "publication"}
_DOCUMENTS = {
    "inventions": "{}",
    "inventions+utility_models": "{} (utility models included)",
    "grants": "granted {}",
}
_BASIS = {
    "office": "by office",
    "priority": "by country of first filing",
    "applicant": "by country of the owner",
    "inventor": "by country of the inventor",
}
_SHARE = {"whole": "", "fractional": ", shared out between parties", "first": ", for the party named first"}
_DATE = {"priority": "first filing", "filing": "filing", "publication": "first publication", "grant": "grant"}
_INTERNATIONAL = {
    "all": "",
    "two_offices": ", filed at two offices or more",
    "pct": ", with an international (PCT) application",
    "triadic": ", filed in Europe, Japan and the United States",
}


def shown_lines(shown: Evidence) -> Iterator[str]:
    """Yield what is listed, first the number."""
    from patentscope.aggregate.claims.stops import years_in_words
    from patentscope.query.convention import topic_in_words

    c = shown.convention
    when = ", all years" if shown.years is None else f" in {years_in_words(shown.years)}"
    yield from text_lines(f"{_number(shown)} {_units(shown)} of {_places(shown)}{when}")
    there = " there" if c.basis == "office" and c.date in {"publication", "grant"} else ""
    how = f"{_BASIS[c.basis]}{_SHARE[c.share]}{_INTERNATIONAL[c.international]}, by year of {_DATE[c.date]}{there}"
    yield from text_lines(f"Counted {how}; {topic_in_words(c.topic)}; as seen on {c.as_of} [{c.spec_id}]")
    if shown.is_audited:
        after = "" if shown.after_labels is None else f" After a reader's labels it is about {shown.after_labels:,.0f}."
        yield from text_lines(
            "This is the classifier's own list, before a reader's labels put the number right; "
            f"what they say of each invention is in labels.csv.{after}"
        )
    n = len(shown.publications)
    if n:
        is_cut = shown.countries is None and len(shown.units) < shown.n
        units = f"{'The first ' if is_cut else ''}{len(shown.units):,} {_units(shown, len(shown.units))}"
        if is_cut:
            yield "Too many to print here: --json lists all; --side or --country those of some countries."
        yield f"{units} in {n:,} publication{'s' * (n > 1)}:"
    yield from _publications(shown)


def _publications(shown: Evidence) -> Iterator[str]:
    """Yield each publication with its public page; what a unit adds before those of it, where units are shared out."""
    part_of = dict(zip(shown.units["unit"], shown.units["part"], strict=True))
    before = None
    for row in _rows(shown):
        if shown.convention.share == "fractional" and row["unit"] != before:
            part, before = part_of[row["unit"]], row["unit"]
            yield f"  counts {'once' if part == 1 else part}:"
        date = row["publication_date"] or "no date"
        yield f"  {row['publication_number']:<16}{date!s:<12}{row['family_id']}  {row['title'] or '(no title)'}"
        yield f"  {'':<16}{row['page']}"


def document_of(shown: Evidence) -> dict[str, Any]:
    """Return what `--json` prints; n is the sum of the parts under `counted`."""
    from dataclasses import asdict

    own = {"spec_id": shown.convention.spec_id, "question": shown.convention.question}
    return {
        **own,
        "convention": asdict(shown.convention),
        "n": _plain(shown.n),
        "country": shown.countries and "+".join(shown.countries),
        "year": _year(shown),
        "units": len(shown.units),
        "is_audited": shown.is_audited,
        "after_labels": shown.after_labels,
        "counted": [
            {"unit": unit, "part": _plain(part)} for unit, part in shown.units.itertuples(index=False, name=None)
        ],
        "publications": _rows(shown),
    }


def _rows(shown: Evidence) -> list[dict[Hashable, Any]]:
    """Return the publications with None where something is not known."""
    rows = shown.publications
    return rows.astype(object).where(rows.notna(), None).to_dict(orient="records")


def _plain(value: Fraction) -> int | float:
    """Return an exact number as JSON holds it: whole, or to six decimals."""
    return int(value) if value.denominator == 1 else round(float(value), 6)


def _number(shown: Evidence) -> str:
    from patentscope.aggregate.answers.words import number_words

    return number_words.count(float(shown.n))


def _units(shown: Evidence, n: float | None = None) -> str:
    """Return what is counted, in the number of *n*."""
    c = shown.convention
    one = _ONE.get(c.unit, "group of related inventions")
    many = "groups of related inventions" if c.unit == "extended_family" else f"{one}s"
    return _DOCUMENTS[c.documents].format(one if (shown.n if n is None else n) == 1 else many)


def _places(shown: Evidence) -> str:
    from patentscope.query import side_names
    from patentscope.records.offices import UNKNOWN

    if shown.countries is None:
        return "any country"
    if shown.countries == (UNKNOWN,):
        return "unknown country"
    return side_names.in_sentence(shown.countries)


def _year(shown: Evidence) -> int | str | None:
    """Return the years as verdict.json has those of a claim: 2024, or `1980..1999`; None for all."""
    if shown.years is None:
        return None
    first, last = shown.years
    return first if first == last else f"{first}..{last}"
