"""What an owner is: a company, a university or institute, a person; `unknown` where nothing shows it.

The words are rows of `data/sectors.csv`, each with its reference. A person is told by what documents say, never by the
look of a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.records.owner_names import in_words, script
from patentscope.records.owners import inventing, owners, parties
from patentscope.records.reference import reference_rows

PERSON, UNKNOWN = "person", "unknown"
SECTORS = ("company", "university or institute", PERSON, UNKNOWN)
#: A word of the list has at most so many parts.
_LONGEST = 6
_INITIALS = re.compile(r"(?: |^)[A-Z]{2}$")
_WITHOUT_BLANKS = ("Han", "kana", "Hangul")
_SHORT = {"(株)": "株式会社", "(有)": "有限会社", "(주)": "주식회사", "(유)": "유한회사"}


@lru_cache(maxsize=1)
def _words() -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]], tuple[frozenset[str], ...]]:
    """Return the words written with blanks, and those without: by position, sector by word; and parts that tell.

    Of the words with blanks, the parts are how those at the front begin, how those at the end end and how inner ones
    begin: a name without any of them there says nothing.
    """
    spaced: dict[str, dict[str, str]] = {"prefix": {}, "suffix": {}, "word": {}}
    close: dict[str, dict[str, str]] = {"prefix": {}, "suffix": {}, "word": {}}
    for row in reference_rows("sectors"):
        kind = close if script(row["word"]) in _WITHOUT_BLANKS else spaced
        kind[row["position"]][row["word"]] = row["sector"]
    parts = (("prefix", 0), ("suffix", -1), ("word", 0))
    return spaced, close, tuple(frozenset(word.split()[at] for word in spaced[position]) for position, at in parts)


def sector_of(name: str) -> str:
    """Return what the words of a name say: a company, a university or institute, or `unknown`.

    The longest word at an end decides, which is mostly the legal form (`大学科技有限公司` is a company); else the words
    inside, where all of them say the same.
    """
    spaced, close, (first, last, begins) = _words()
    if name.isascii():  # most names say nothing, in a fifth of the time
        words = in_words(name.strip()).split()
        if not words or (words[0] not in first and words[-1] not in last and begins.isdisjoint(words)):
            return UNKNOWN
    text = unicodedata.normalize("NFKC", name).strip()
    for short, form in _SHORT.items():
        text = text.replace(short, form)
    words = in_words(text).split()
    lengths = range(1, min(_LONGEST, len(words)) + 1)
    ends = {run: said for n in lengths if (said := spaced["prefix"].get(run := " ".join(words[:n])))}
    ends |= {run: said for n in lengths if (said := spaced["suffix"].get(run := " ".join(words[-n:])))}
    begun = [place for place, word in enumerate(words) if word in begins]
    runs = (" ".join(words[place : place + n]) for place in begun for n in lengths)
    inside = {spaced["word"][run] for run in runs if run in spaced["word"]}
    if script(text) in _WITHOUT_BLANKS:
        plain = re.sub(r"\s+", "", text)
        ends |= {word: said for word, said in close["prefix"].items() if plain.startswith(word)}
        ends |= {word: said for word, said in close["suffix"].items() if plain.endswith(word)}
        inside |= {said for word, said in close["word"].items() if word in plain}
    if ends:
        return ends[max(ends, key=lambda word: (len(word), word))]
    return inside.pop() if len(inside) == 1 else UNKNOWN


def sectors(listed: pd.DataFrame, documents: pa.Table) -> pd.Series:
    """Return the sector of each owner, row by row of its names.

    What the words of its names say, where they agree; else a person, where one of them is named as an inventor of the
    same document; else `unknown`. Two letters at the end may be initials (`Smith A.G.`): an inventor is a person there.

    Args:
        listed: name (as found), joined.
        documents: applicants and inventors of each, among them all that name these owners.
    """
    said = listed["name"].map(sector_of)
    named = zip(listed["name"].tolist(), said.tolist(), strict=True)
    ends = [word != UNKNOWN and _INITIALS.search(in_words(name)) is not None for name, word in named]
    initials = pd.Series(ends, said.index, dtype=bool)
    persons = _persons(listed["name"][said.eq(UNKNOWN) | initials], documents)
    said = said.mask(initials & persons.reindex(said.index, fill_value=False), UNKNOWN)
    told = said.where(said.ne(UNKNOWN)).groupby(listed["joined"])
    several = told.transform("nunique")
    is_person = persons.reindex(said.index, fill_value=False).groupby(listed["joined"]).transform("any")
    agreed = told.transform("first").where(several.eq(1))
    person = is_person & several.eq(0)
    return agreed.fillna(UNKNOWN).mask(person, PERSON).rename("sector")


def named_owners(
    documents: pa.Table, families: Sequence[object] | npt.NDArray[Any], links: pd.DataFrame, aliases: Mapping[str, str]
) -> pd.DataFrame:
    """Return who is named as applicant of which family.

    Args:
        documents: applicants and inventors of each.
        families: the family of each.
        links: `owners.in_two_scripts`.
        aliases: the user's names, and what each is joined to in the end.

    Returns:
        family_id, name (as found), joined, rule (`owners.owners`), sector; each once, in order.
    """
    named = parties(documents.column("applicants")).dropna()
    listed = owners(named["name"].unique().tolist(), links, aliases)
    listed = listed.assign(sector=sectors(listed, documents))
    family, ids = pd.factorize(np.asarray(families), sort=True)
    place = pc.index_in(pa.array(named["name"]), value_set=pa.array(listed["name"])).to_numpy(zero_copy_only=False)
    once = np.sort(pd.unique(family[named["place"]] * max(len(listed), 1) + place))
    of_family, of_name = np.divmod(once, max(len(listed), 1))
    found = listed.take(of_name).reset_index(drop=True)
    found.insert(0, "family_id", ids[of_family])
    return found


def _persons(names: pd.Series, documents: pa.Table) -> pd.Series:
    """Say of each name whether it is an applicant and an inventor of one document."""
    applicants = parties(documents.column("applicants"))
    places = applicants["place"][_among(applicants["name"], names)].unique()
    return pd.Series(_among(names, inventing(documents.take(places))["name"]), names.index)


def _among(names: pd.Series, others: pd.Series) -> npt.NDArray[np.bool_]:
    """Say of each name whether it is one of the *others*, in a tenth of the time that `Series.isin` takes."""
    values = pa.array(others.unique().tolist(), pa.large_string())
    return np.asarray(pc.is_in(pa.array(names, pa.large_string(), from_pandas=True), value_set=values))
