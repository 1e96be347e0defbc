"""Office and country codes (WIPO ST.3): which are countries, which are regional, and what each old one became."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from patentscope.records.reference import reference_rows

UNKNOWN = "unknown"


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    return {row["code"]: row["kind"] for row in reference_rows("offices")}


def countries() -> frozenset[str]:
    """Return the codes that can be a party's country: states, today's and former ones."""
    return frozenset(code for code, kind in _kinds().items() if kind in {"country", "former"})


#: Names that are also those of a part of another country, so that they tell none.
_AMBIGUOUS = frozenset({"georgia", "congo"})


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().replace(".", "").replace("\u2019", "'").split())


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    listed = [(row["name"], row["code"]) for row in reference_rows("offices") if row["code"] in countries()]
    others = [(row["name"], row["code"]) for row in reference_rows("country_names")]
    return {_plain(name): code for name, code in listed + others if _plain(name) not in _AMBIGUOUS}


def country_named(text: str) -> str | None:
    """Return the code of the country that *text* names, or another code for it; None for neither.

    >>> country_named("United States of America"), country_named("U.K."), country_named("EL"), country_named("Georgia")
    ('US', 'GB', 'GR', None)
    """
    return _codes_by_name().get(_plain(text))


#: Names that a sentence gives an article.
_WITH_ARTICLE = re.compile(
    r"^(United|British|US|Isle) |Republic|Islands|Netherlands|Territor|Union|Office|Organization|Institute|Bureau"
    r"|^(Bahamas|Comoros|Gambia|Maldives|Philippines|Vatican|Gulf patent office)$"
)


@lru_cache(maxsize=1)
def _printed() -> dict[str, str]:
    """Return each code's name as a newspaper prints it: the official one, where the table has no other, cut short."""
    return {row["code"]: row["printed"] or re.split(r" \(|;", row["name"])[0] for row in reference_rows("offices")}


def short_name(code: str) -> str:
    """Return the name of a country or an office, without article; an unlisted code stands for itself.

    >>> [short_name(code) for code in ("CN", "US", "KR", "EP", "WO")]
    ['China', 'United States', 'South Korea', 'European Patent Office', 'WIPO']
    """
    return _printed().get(code, code)


def office_name(code: str) -> str:
    """Return the same as a sentence has it.

    >>> [office_name(code) for code in ("CN", "US", "NL", "WO")]
    ['China', 'the United States', 'the Netherlands', 'WIPO']
    """
    name = short_name(code)
    return f"the {name}" if _WITH_ARTICLE.search(name) else name


def office_codes() -> frozenset[str]:
    """Return every listed office: countries, regional and international offices, and former ones."""
    return frozenset(_kinds())
