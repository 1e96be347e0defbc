"""The sites whose own search box a reader without any key can use: their search languages, and what their exports hold.

The languages are written as the sites' help pages and public examples show them; they were not tried against the sites
(docs/sources/files.md says what each rests on).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import quote_plus

from patentscope.fetch.askable import MOST_LETTERS, english_stem
from patentscope.fetch.listing import Listed, any_in_field, lens_atoms
from patentscope.query.term import parted


class Site(NamedTuple):
    """A site's search language, and the limits of its export.

    Attributes:
        name: the site.
        address: where the search is pasted, and into which *box* there.
        classes: writes what one class symbol of the query covers.
        any_class: writes `any of these symbols`, as `classes` wrote them.
        terms: writes `any of these terms in title or abstract`; a trailing `*` takes every word that begins so.
        office: asks for the publications of one office, as a pattern.
        since: asks for what was published in a year or later, as a pattern.
        joint: what joins these to the topic.
        beside: offices that are asked for beside the claim's own.
        is_whole: whether one search of all offices shows all members of a family, and an export of it may be large.
        rows: how many rows an export holds at most.
        export: how to export, and what to do with more rows than that.
        answers: which questions such an export can answer; after a semicolon, which it can't.
        lacks: what its export doesn't have.
        unseen: what to know of a search that holds the first of each pair.
        most: letters of a search once it stands in the site's address; a guess on the safe side, as no site names any.
        takes: whether a search has no more terms than the site takes.
    """

    name: str
    address: str
    box: str
    classes: Callable[[Listed], list[str]]
    any_class: Callable[[Sequence[str]], str]
    terms: Callable[[Sequence[str]], str]
    office: str
    since: str
    joint: str
    beside: tuple[str, ...]
    is_whole: bool
    rows: int
    export: str
    answers: str
    lacks: str
    unseen: tuple[tuple[str, str], ...] = ()
    most: int = MOST_LETTERS
    takes: Callable[[str], bool] = lambda _: True

    def fits(self, text: str) -> bool:
        """Say whether a search is short enough for an address."""
        return len(quote_plus(text)) <= self.most


#: Words that search languages take for their own.
_OPERATORS = frozenset({"AND", "OR", "NOT", "TO", "NEAR", "ADJ", "WITH", "SAME"})


def _written(term: str, joint: str) -> str:
    """Return a term as most sites take it: a word, or a phrase in quotes.

    In quotes a `*` means nothing, so a last word with one is asked for beside the words before it, with *joint*.
    """
    before, begins = parted(term)
    plain = " ".join(before.replace('"', " ").split())
    is_word = re.fullmatch(r"\w+", plain) and plain not in _OPERATORS
    asked = [*([plain if is_word else f'"{plain}"'] if plain else []), *([f"{begins}*"] if begins else [])]
    return asked[0] if len(asked) == 1 else f"({joint.join(asked)})"


def _google_classes(wanted: Listed) -> list[str]:
    """Return a symbol as Google Patents has it: what stands under it is asked for by `/low`."""
    return [f"CPC={wanted.full}{'' if wanted.is_alone else '/low'}"]


def _espacenet_classes(wanted: Listed) -> list[str]:
    """Return a symbol as Espacenet has it: `cl` is CPC and IPC; subclasses and main groups find what they hold.

    `/low` is for CPC alone, so what stands under a subgroup of the IPC is listed. Indexing codes under a main group
    (B29B2017/0089, under B29B17/00) are found by `/low`, too.
    """
    stem, in_ipc = wanted.stem.removesuffix("/"), wanted.in_ipc()
    if wanted.is_alone or (stem and not wanted.symbols):
        return [f'cl = "{stem or wanted.full}"']
    return [f'cpc = "{wanted.full}/low"', *(f'ipc = "{one}"' for one in ([stem] if in_ipc.stem else in_ipc.symbols))]


def _any(written: Sequence[str]) -> str:
    return f"({' OR '.join(written)})"


def _in_fields(title: str, abstract: str, joint: str) -> Callable[[Sequence[str]], str]:
    def written(terms: Sequence[str]) -> str:
        listed = " OR ".join(_written(term, joint) for term in terms)
        return f"({title}({listed}) OR {abstract}({listed}))"

    return written


def _espacenet_terms(terms: Sequence[str]) -> str:
    """Return terms as Espacenet has them; it finds words as they are written, so inflections are asked for by `*`."""
    words, phrases = [], []
    for term in terms:
        before, begins = parted(term)
        plain = " ".join(re.findall(r"\w+", before))
        if " " in plain or (plain and begins):
            phrases.append(f'(ta = "{plain}" AND ta = "{begins}*")' if begins else f'ta = "{plain}"')
        else:
            words.append(f"{begins}*" if begins else english_stem(plain) if plain.isascii() else plain)
    return _any([*([f'ta any "{" ".join(words)}"'] if words else []), *phrases])


#: Espacenet's older help: "Maximum of ten search terms per field. Maximum of 20 search terms and 19 operators."
_TERMS, _OF_A_FIELD = 20, 10
_COMPARED = re.compile(r'\b(cpc|ipc|cl|ta|pn|pd) (?:=|any|all|>=|<=) "([^"]*)"')


def _espacenet_takes(text: str) -> bool:
    """Say whether a search keeps Espacenet's limits; a phrase counts as so many terms as it has words.

    Terms are joined by one operator less than there are, so that their limit holds that of the operators, too.
    """
    terms = Counter[str]()
    for field, value in _COMPARED.findall(text):
        terms[field] += len(value.split())
    return terms.total() <= _TERMS and max(terms.values(), default=0) <= _OF_A_FIELD


_LENS_ROWS, _GOOGLE_ROWS, _ESPACENET_ROWS = 50_000, 1_000, 500
SITES = (
    Site(
        "Lens",
        "https://www.lens.org/lens/search/patent/structured",
        "Query text editor",
        lens_atoms,
        lambda written: f"({any_in_field(written)})",
        _in_fields("title:", "abstract:", " AND "),
        "jurisdiction:{office}",
        "date_published:[{first}-01-01 TO *]",
        joint=" AND ",
        beside=("WO", "EP"),
        is_whole=True,
        rows=_LENS_ROWS,
        export=(
            "Export, CSV, all fields: 50,000 rows at once with a free account, 1,000 without. With more results, "
            "export one year at a time: [{first}-01-01 TO {first}-12-31], and so on."
        ),
        answers=(
            "where protection is sought, where it was invented (by the country of the first filing), what was filed "
            "abroad; not who owns it"
        ),
        lacks="country of applicant and inventor, records of a family's members that don't match",
        unseen=(("title:", "Leave Stemming on (Query Tools). A `*` is held against stems: recycl*, not recycling*."),),
    ),
    Site(
        "Google Patents",
        "https://patents.google.com/advanced",
        "the first box",
        _google_classes,
        _any,
        _in_fields("TI=", "AB=", " "),
        "country:{office}",
        "after:publication:{first}0101",
        joint=" ",
        beside=(),
        is_whole=False,
        rows=_GOOGLE_ROWS,
        export=(
            "Add &dups=language to the page's address (or choose “Publication number” in the menu on duplicates above "
            "the list): else each family is listed only once. Then Download (CSV): 1,000 rows at once. With more "
            "results, download one year at a time: add before:publication:{behind}0101, and so on. Its number of "
            "results is a guess: give no `--stated-total`."
        ),
        answers="where protection is sought; not who owns it, where it was invented or what was filed abroad",
        lacks="class, country of applicant and inventor, abstract, family, priority number",
        unseen=(
            ("CPC=", "It has no class, so a hit of CPC= can't be seen to be on topic by classes; terms see its title."),
            (
                "AB=",
                "It has no abstract, so a hit of AB= alone can't be seen to be on topic; TI= alone finds what can.",
            ),
        ),
    ),
    Site(
        "Espacenet",
        "https://worldwide.espacenet.com/patent/search",
        "Advanced search, Query",
        _espacenet_classes,
        _any,
        _espacenet_terms,
        'pn = "{office}"',
        'pd >= "{first}-01-01"',
        joint=" AND ",
        beside=("WO", "EP"),
        is_whole=False,
        rows=_ESPACENET_ROWS,
        export=(
            "Download, CSV: 500 rows at once. With more results, download one year at a time: "
            'add AND pd <= "{first}-12-31", and so on.'
        ),
        answers=(
            "where protection is sought, and as far as countries are stated (often not for Japan) who owns it and "
            "where it was invented; not what was filed abroad"
        ),
        lacks="abstract, countries that the office doesn't give, records of a family's members that don't match",
        unseen=(
            (
                "ta ",
                "It has no abstract, so a hit by its abstract alone can't be seen to be on topic; ti finds what can.",
            ),
        ),
        takes=_espacenet_takes,
    ),
)
