"""Whether each search is whole: by what fetches prove, by what files say of themselves, by what the user says of them.

A file's own line on its search counts for as much as a word of the user's only where `sources --query` prints that
search for this query; else it is told what the file is a search for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from patentscope.errors import UsageError
from patentscope.fetch.search_lines import Printed, in_words, is_once_a_family
from patentscope.provenance.ledger import Source
from patentscope.provenance.search import COMPLETE, CUT, FILE, USER, Search
from patentscope.query.query import Query
from patentscope.records.imported import Imported
from patentscope.records.offices import office_codes, short_name

#: Of more offices only the first are named.
_MOST_OFFICES = 4


@dataclass(frozen=True)
class Said:
    """What the user says of the input files.

    Attributes:
        complete: which of them hold all that their search found: True or an empty list for all of them.
        stated_total: how many hits the sites state, for all of them together.
        retrieved: the day on which they were retrieved, for those that do not say.
    """

    complete: Sequence[Path | str] | bool | None = None
    stated_total: int | None = None
    retrieved: dt.date | None = None

    def check(self, files: Sequence[Path | str]) -> None:
        """Hold what is said against the input *files*.

        Raises:
            UsageError: where there are none to say it of, or it can't be true.
        """
        given = {
            "--complete": self.complete not in (None, False),
            "--stated-total": self.stated_total is not None,
            "--retrieved": self.retrieved is not None,
        }
        if not files and any(given.values()):
            names = " and ".join(name for name, is_given in given.items() if is_given)
            raise UsageError(f"{names} speaks of exported files, and there are none: name them with `--input`")
        if self.stated_total is not None and self.stated_total < 0:
            raise UsageError(f"--stated-total {self.stated_total}: expected the number of hits that the site states")
        today = dt.datetime.now(tz=dt.UTC).date()
        if self.retrieved and self.retrieved > today:
            raise UsageError(f"--retrieved {self.retrieved} is after today, {today}")
        there = {Path(file).resolve() for file in files}
        unknown = [str(name) for name in self.named if Path(name).resolve() not in there]
        if unknown:
            raise UsageError(
                f"--complete {' '.join(unknown)}: not among the input files, which are {', '.join(map(str, files))}"
            )

    @cached_property
    def named(self) -> Sequence[Path | str]:
        """The files said to be complete by name."""
        return [] if isinstance(self.complete, bool) or self.complete is None else self.complete

    def is_complete(self, file: Path | str) -> bool:
        """Say whether *file* is said to hold all that its search found."""
        if self.complete is None or self.complete is False:
            return False
        return not self.named or Path(file).resolve() in {Path(name).resolve() for name in self.named}


def judged(query: Query, imported: Sequence[Imported], files: Sequence[Path | str], said: Said) -> list[Imported]:
    """Return *imported* with what is known of each search, and the day on which the user says files were retrieved.

    What comes from *files* stands in their order, or is one collection that they make up. Where the topic is looked for
    by words, it is told which offices' records have titles only.
    """
    inputs = [one.source for one in imported if one.source.kind == "file"]
    short = None if said.stated_total is None else said.stated_total - sum(source.rows for source in inputs)
    each = [said.is_complete(file) for file in files]
    words = iter(each if len(inputs) == len(files) else [all(each)])
    total = said.stated_total if len(inputs) == 1 else None
    printed = Printed(query) if any(source.search for source in inputs) else None
    found = [
        _judged(one, _Word(next(words), said, short, total, printed)) if one.source.kind == "file" else one
        for one in imported
    ]
    found = _with_others_missing(found, printed) if printed else found
    by_words = any(member.startswith("terms.") for member in query.readings[0].members)
    return list(map(_with_titles_only, found)) if by_words else found


@dataclass(frozen=True)
class _Word:
    """What the user *said* of one file, and what to hold it against.

    Attributes:
        is_complete: whether the file is said to be complete.
        said: what is said of all.
        short: the rows that all input files lack of the user's total.
        total: the user's total, where there is but this file.
        printed: the searches that the query prints, if any; None where no file says what it searched for.
    """

    is_complete: bool
    said: Said
    short: int | None
    total: int | None
    printed: Printed | None


def _judged(one: Imported, word: _Word) -> Imported:
    source, retrieved = one.source, word.said.retrieved
    if source.made_of:
        source = source.made([_search(part, word) for part in source.made_of])
    else:
        source = replace(source, **vars(_search(source.facts, word)))
    if source.stated_total is None:
        source = replace(source, stated_total=word.total)
    source = replace(source, lacks_offices=source.lacks_offices or _not_searched(source, word.printed))
    if retrieved and not source.retrieved:
        late = pc.sum(pc.greater(one.table.column("publication_date"), retrieved)).as_py() or 0
        remark = f"{late:,} records bear a publication date after {retrieved}, the day given by --retrieved"
        source = replace(source, retrieved=retrieved, remarks=(*source.remarks, *([remark] if late else [])))
    return replace(one, source=source)


def _not_searched(source: Source, printed: Printed | None) -> tuple[str, ...]:
    """Return the offices of which a file can have nothing, as its search, or each of them, was narrowed to others."""
    parts = source.made_of or (source,)
    offices = [printed.offices(part.search) if printed is not None and part.search else set() for part in parts]
    return tuple(sorted(office_codes() - set().union(*offices))) if all(offices) else ()


def _with_others_missing(imported: Sequence[Imported], printed: Printed) -> list[Imported]:
    """Return *imported*, the first that is a whole printed search with a remark on those that are not there.

    A search by office is whole by itself, and yet finds nothing of the other offices.
    """
    sources = [one.source for one in imported]
    lacking = printed.lacking([part.search for one in sources for part in one.made_of or (one,) if part.search])
    ours = [source.status == COMPLETE and bool(printed.lacking([source.search or ""])) for source in sources]
    place = ours.index(True) if any(ours) else None
    if not lacking or place is None:
        return list(imported)
    source = imported[place].source
    remark = f"of the searches printed with this one, these are not among the files: {', '.join(lacking)}"
    changed = replace(imported[place], source=replace(source, remarks=(*source.remarks, remark)))
    return [*imported[:place], changed, *imported[place + 1 :]]


def _with_titles_only(one: Imported) -> Imported:
    """Return records with a remark on the offices of which most have no abstract, the most of them first."""
    bare = pa.array(~one.has_abstract).cast(pa.int64())
    office = pc.coalesce(
        one.table.column("office"), pc.utf8_slice_codeunits(one.table.column("publication_number"), 0, 2)
    )
    table = pa.table({"office": office, "bare": bare})
    counted = table.group_by("office").aggregate([("bare", "sum"), ("bare", "count")]).to_pylist()
    most = sorted((row for row in counted if row["bare_sum"] > row["bare_count"] / 2), key=lambda row: -row["bare_sum"])
    named = ", ".join(f"{short_name(row['office'])} {row['bare_sum']:,}" for row in most[:_MOST_OFFICES])
    if not most or one.source.kind != "file":
        return one
    where = f"{sum(row['bare_sum'] for row in most):,} of {one.table.num_rows:,} records have no abstract ({named})"
    remark = f"{where}: the topic's words are looked for in their titles only"
    return replace(one, source=replace(one.source, remarks=(*one.source.remarks, remark)))


def _search(search: Search, word: _Word) -> Search:
    """Return one search with its status: what evidence says goes before what the user says."""
    own = None if search.stated_total is None else search.stated_total - search.rows
    is_ours = word.printed.holds(search.search) if word.printed and search.search else False
    is_equal = 0 in {own, word.short}
    status, says = search.status, search.says
    if (own or 0) > 0 or (word.short or 0) > 0:
        status, says = CUT, FILE if (own or 0) > 0 else USER
    elif word.is_complete or word.short == 0 or (own == 0 and is_ours):
        status, says = COMPLETE, FILE if own == 0 and is_ours else USER
    is_proven = status == COMPLETE and is_equal and bool(is_ours or word.is_complete)
    remarks = (*search.remarks, *_remarks(search, word, own, is_ours))
    return replace(search, status=status, says=says, is_proven=is_proven, remarks=remarks)


def _remarks(search: Search, word: _Word, own: int | None, is_ours: bool | None) -> Iterator[str]:
    """Yield what a reader should know: a search for something else, totals that contradict the rows or one another."""
    stated, rows, asked = search.stated_total, search.rows, word.said.stated_total
    if search.search and not is_ours:
        whose = ", which is not the one that `sources` or `check` prints for this topic" if word.printed else ""
        whose = ", printed for this topic but for its dates" if is_ours is None else whose
        all_there = f"; it holds all its {rows:,} hits: add --complete if that search is of your topic"
        is_open = own == 0 and not word.is_complete
        yield f"this file is a search for “{in_words(search.search)}”{whose}{all_there if is_open else ''}"
    if search.search and is_once_a_family(search.search):
        yield (
            "Google Patents left out what it takes for duplicates: add &dups=language to the page's address, and "
            "download again"
        )
    if own is not None and own < 0:
        yield f"the file states {stated:,} hits and has {rows:,} rows: rows may come twice"
    if own is not None and own > 0 and (word.is_complete or word.short == 0):
        yield f"said to be complete, but the file itself states {stated:,} hits and has {rows:,} rows"
    if word.short and asked is not None:
        what = "above" if word.short > 0 else "below"
        why = "" if word.short > 0 else ": rows may come twice, or the total is of another search"
        yield f"--stated-total {asked:,} is {what} the {asked - word.short:,} rows of all input files{why}"
