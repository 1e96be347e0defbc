"""What is asked for a symbol, by every source and site: itself and what stands under it in the scheme, nothing else.

Each search is read back by the rules of the language it is written in, over all symbols of the scheme.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.errors import QueryError
from patentscope.fetch.bigquery.sql import statement
from patentscope.fetch.by_hand import SITES
from patentscope.fetch.lens import query as lens
from patentscope.fetch.listing import Listed, lens_atoms, listed
from patentscope.fetch.ops import cql
from patentscope.fetch.surechembl import solr
from patentscope.fetch.uspto import query as uspto
from patentscope.query.query import Query
from patentscope.records.scheme import Scheme

from factories import query_text

ALL = tuple(one for one in Scheme.shipped().symbols.to_pylist() if "/" in one)
ESPACENET = next(site for site in SITES if site.name == "Espacenet")
GOOGLE = next(site for site in SITES if site.name == "Google Patents")
#: A search's symbols, in CPC and in IPC.
Found = tuple[set[str], set[str]]


def in_scheme(symbol: str) -> Listed:
    """Return what a symbol covers in the scheme that ships."""
    return listed(symbol, Scheme.shipped())


class Index:
    """The scheme's symbols as a service writes them."""

    def __init__(self, written: Callable[[str], str]) -> None:
        """Write every symbol with *written*."""
        self.entries = sorted((written(symbol), symbol) for symbol in ALL)

    def begin(self, text: str) -> set[str]:
        """Return the symbols whose writing begins with *text*."""
        first = bisect.bisect_left(self.entries, (text,))
        found = set()
        for written, symbol in self.entries[first:]:
            if not written.startswith(text):
                break
            found.add(symbol)
        return found

    def equal(self, text: str) -> set[str]:
        """Return the symbols that are written *text*."""
        first = bisect.bisect_left(self.entries, (text,))
        return {symbol for written, symbol in self.entries[first : first + 1] if written == text}

    def meet(self, pattern: str) -> set[str]:
        """Return the symbols that a word of a search finds: as it stands, or before a `*` what begins so."""
        bare = re.sub(r"\\(.)", r"\1", pattern)
        return self.begin(bare[:-1]) if bare.endswith("*") else self.equal(bare)


@cache
def plain() -> Index:
    """Return the symbols as they are."""
    return Index(str)


@cache
def padded() -> Index:
    """Return the symbols as the longest of IFI CLAIMS' words."""
    return Index(lambda symbol: re.sub(r"^(.{4})(\d+)/", lambda match: f"{match[1]}{match[2]:0>4}", symbol))


def columns(symbol: str) -> str:
    """Return a symbol with its main group in four columns."""
    return re.sub(r"^(.{4})(\d+)", lambda match: f"{match[1]}{match[2]:>4}", symbol)


@cache
def whole() -> Index:
    """Return the symbols as the USPTO's portal writes them."""
    return Index(columns)


@cache
def words() -> Index:
    """Return the symbols as the words that the portal's writing has, each with a blank behind it."""
    return Index(lambda symbol: " ".join([*re.findall(r"\w+", columns(symbol)), ""]))


@cache
def scheme() -> tuple[list[str], dict[str, int]]:
    """Return the symbols in the scheme's order, and their places."""
    symbols = Scheme.shipped().symbols.to_pylist()
    return symbols, {symbol: place for place, symbol in enumerate(symbols)}


def low(symbol: str) -> set[str]:
    """Return a symbol and the run of those that stand under it."""
    symbols, places = scheme()
    return {one for one in symbols[places[symbol] : Scheme.shipped().stop[places[symbol]]] if "/" in one}


def of_fields(atoms: Iterable[str], read: Callable[[str], set[str]], split: str = ":") -> Found:
    """Return what atoms of the form `field:value` find, by CPC and IPC."""
    found: Found = (set(), set())
    for atom in atoms:
        field, _, value = atom.partition(split)
        found[0 if "cpc" in field else 1].update(read(value))
    return found


def posted(symbol: str) -> set[str]:
    """Return what the EPO finds for a symbol: all of a subclass or main group, of a subgroup only itself."""
    if "/" in symbol:
        return plain().equal(symbol)
    return plain().begin(symbol if len(symbol) == 4 else f"{symbol}/")


def by_ops(symbol: str) -> Found:
    """Read CQL: `/low` is the run under a symbol."""
    return of_fields(
        cql.class_atoms(in_scheme(symbol)),
        lambda value: low(value.removeprefix("/low ")) if value.startswith("/low ") else posted(value),
        "=",
    )


def by_lens(symbol: str) -> Found:
    """Read Lucene's language."""
    return of_fields(lens_atoms(in_scheme(symbol)), plain().meet)


def by_solr(is_padded: bool) -> Callable[[str], Found]:
    """Read Solr in one spelling."""
    index = padded if is_padded else plain
    spellings = [solr.Spelling(name, is_padded, has_wildcards=True) for name in ("cpc", "ic")]
    return lambda symbol: of_fields(
        solr.class_atoms(in_scheme(symbol), spellings), lambda value: index().meet(value.strip('"'))
    )


def by_uspto(is_whole: bool) -> Callable[[str], Found]:
    """Read the portal's language, with symbols kept whole or cut into words; it has no IPC."""

    def read(value: str) -> set[str]:
        if is_whole:
            return whole().meet(value.strip('"'))
        if value.startswith('"'):
            return words().begin(" ".join([*re.findall(r"\w+", value), ""]))
        return words().meet(value) if "\\" not in value else set()

    return lambda symbol: (of_fields(uspto.class_atoms(in_scheme(symbol)), read)[0], set())


def by_bigquery(symbol: str) -> Found:
    """Read SQL: what begins so, and what is listed."""
    sql = statement(Query.parse(query_text(classes={"only": [symbol]})))
    (line,) = re.findall(r"WHERE (.*)\) AS g1", sql)
    begins = re.findall(r"\^\(\?:([^)]*)\)", line)
    found = set().union(*(plain().begin(one) for text in begins for one in text.split("|")))
    found |= set().union(*map(plain().equal, re.findall(r"'([A-Z]\d\d[A-Z][\d/]*)'", line)))
    return found, found


def by_google(symbol: str) -> Found:
    """Read Google's language, which has CPC only."""
    (atom,) = GOOGLE.classes(in_scheme(symbol))
    bare = atom.removeprefix("CPC=")
    full = bare.removesuffix("/low")
    if not bare.endswith("/low"):
        return plain().equal(full), set()
    return low(full) if "/" in full else plain().begin(full), set()


def by_espacenet(symbol: str) -> Found:
    """Read Espacenet's language: `cl` is both, `/low` the run under a symbol of the CPC."""
    found: Found = (set(), set())
    for atom in ESPACENET.classes(in_scheme(symbol)):
        field, value = re.fullmatch(r'(cl|cpc|ipc) = "([^"]+)"', atom).groups()  # type: ignore[union-attr]
        read = low(value.removesuffix("/low")) if value.endswith("/low") else posted(value)
        assert field == "cpc" or not value.endswith("/low")
        for place, scheme in enumerate(("cpc", "ipc")):
            found[place].update(read if field in {"cl", scheme} else ())
    return found


LANGUAGES = {
    "ops": by_ops, "lens": by_lens, "solr, padded": by_solr(is_padded=True), "solr, plain": by_solr(is_padded=False),
    "uspto, whole": by_uspto(is_whole=True), "uspto, words": by_uspto(is_whole=False), "bigquery": by_bigquery,
    "google": by_google, "espacenet": by_espacenet,
}  # fmt: skip
WITHOUT_IPC = {"uspto, whole", "uspto, words", "google"}
BOTH_IN_ONE = {"bigquery"}
ONLY_CPC = re.compile(r"Y|[A-H]\d\d[A-Z]2\d\d\d/")


@cache
def by_level() -> list[list[str]]:
    """Return the symbols by the number of those that they stand under, subclasses first."""
    symbols, _ = scheme()
    levels: dict[int, list[str]] = {}
    open_until: list[int] = []
    for place, stop in enumerate(Scheme.shipped().stop):
        while open_until and open_until[-1] <= place:
            open_until.pop()
        if len(symbols[place]) >= 4:
            levels.setdefault(len(open_until), []).append(symbols[place])
        open_until.append(stop)
    return [levels[level] for level in sorted(levels)]


def check(language: str, symbol: str) -> None:
    """Hold what a search finds against the scheme."""
    in_cpc, in_ipc = LANGUAGES[language](symbol)
    wanted = set(Scheme.shipped().under(symbol)) & {*ALL} if "/" in symbol else plain().begin(symbol)
    possible = {one for one in wanted if not ONLY_CPC.match(one)}
    assert in_cpc == wanted
    if language not in WITHOUT_IPC | BOTH_IN_ONE:
        assert {one for one in in_ipc if not ONLY_CPC.match(one)} == possible


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=20, deadline=None)
@given(symbol=st.sampled_from(range(len(by_level()))).flatmap(lambda level: st.sampled_from(by_level()[level])))
def test_a_search_covers_what_the_symbol_covers(language: str, symbol: str) -> None:
    """For symbols of every level, a search covers the symbol and what stands under it, and no other of the scheme."""
    check(language, symbol)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "symbol",
    [
        "B09B",
        "B29B17/00",
        "C22B7/00",
        "H01M4/36",
        "H01M10/54",
        "Y02E10/72",
        "B29B2017/001",
        "C01F17/00=",
        "G11B20/10527",
    ],
)
def test_what_digits_tell_wrongly(language: str, symbol: str) -> None:
    """Indexing codes under a main group, subgroups that digits don't show, a tag, and a symbol alone."""
    check(language, symbol)


def test_only_a_subclass_and_a_main_group_have_a_stem() -> None:
    """What begins like a subgroup need not stand under it, so a subgroup is always listed."""
    assert in_scheme("Y02E10/72").stem == ""
    assert "Y02E10/727" not in in_scheme("Y02E10/72").symbols
    assert (in_scheme("B29B17").stem, "B29B2017/0089" in in_scheme("B29B17").symbols) == ("B29B17/", True)
    assert in_scheme("B29B17").in_ipc().symbols == ()
    with pytest.raises(QueryError, match="C22B7/00"):
        in_scheme("nothing")


def test_a_search_of_a_thousand_symbols_is_cut() -> None:
    """A subgroup with more symbols than a search may hold is asked for in several that together name every one."""
    symbols, places = scheme()
    size = Scheme.shipped().stop - range(len(symbols))
    largest = max((one for one in symbols if "/" in one and not one.endswith("/00")), key=lambda one: size[places[one]])
    assert len(Scheme.shipped().under(largest)) > 1000
    query = Query.parse(query_text(classes={"only": [largest]}))
    for found, quote in ((lens.searches(query), ""), (uspto.searches(query), '"')):
        texts = [text.replace("\\", "") for _, text in found]
        assert len(texts) > 1
        assert len({name for name, _ in found}) == len(texts)
        for symbol in Scheme.shipped().under(largest):
            written = columns(symbol) if quote else symbol
            assert any(re.search(rf"{written}(?!\d)", text) for text in texts)


def test_another_edition_lists_its_own_symbols() -> None:
    """A query with an edition of its own has what stands under a symbol there, in every search."""
    shipped = Scheme.shipped()
    place = shipped.row("C04B18/0418")
    kept = pa.array([one for at, one in enumerate(shipped.symbols.to_pylist()) if at != place], pa.string())
    stops = np.delete(shipped.stop, place)
    other = replace(shipped, symbols=kept, stop=np.where(stops > place, stops - 1, stops))
    assert "C04B18/0418" in listed("C04B18/04", shipped).symbols
    assert "C04B18/0418" not in listed("C04B18/04", other).symbols
