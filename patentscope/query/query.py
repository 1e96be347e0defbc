"""A question, as a TOML file: scope, topic, axes and claims; read as a whole, with every fault listed at once."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentscope.errors import Fault, QueryError
from patentscope.query.claim import Claim
from patentscope.query.convention import AXES, combinations, reason_to_prune
from patentscope.query.sentences.times import FIRST_YEAR, LAST_YEAR
from patentscope.query.shipped import file_of, shipped
from patentscope.query.toml_reader import TomlReader
from patentscope.records import symbols

if TYPE_CHECKING:
    from patentscope.records.scheme import Scheme

CLASSIFIER = "classifier"
#: The member of a reading that every family meets.
RECORDS = "records"
#: The reading that labels add: what the classifier counts, put right by them.
AUDITED = f"{CLASSIFIER}_audited"
#: Readings are bits of one integer, and labels may add one.
MOST_READINGS = 62
#: Scopes that a reading's name may end in, after a plus, and the kinds of waste that each takes as a feed.
SCOPES = {"eol": ("eol",), "scrap": ("eol", "scrap"), "byproduct": ("eol", "scrap", "byproduct")}
#: Where the heavy pass may run; all count the same, to the last digit.
ENGINES = ("duckdb", "spark")


@dataclass(frozen=True)
class Reading:
    """One reading of the topic: *every* member of `all`, and at least one of `any` where there are some.

    Members are `classes.<group>`, `terms.<group>`, `classifier`, and `records`, which takes every family that there is.
    A name that ends in `_no_y02` ignores Y02 symbols. One that ends in `+<scope>`, after that, takes only families
    whose texts state a feed of the scope.
    """

    name: str
    all: tuple[str, ...]
    any: tuple[str, ...]

    @property
    def without_y02(self) -> bool:
        """Whether Y02 symbols are ignored."""
        return self.name.partition("+")[0].endswith("_no_y02")

    @property
    def scope(self) -> str:
        """The scope that the name asks for, one of `SCOPES`; empty for none."""
        return self.name.partition("+")[2]

    @property
    def takes_all(self) -> bool:
        """Whether every family meets it, its scope left aside."""
        return set(self.all) <= {RECORDS} and (not self.any or RECORDS in self.any)

    @property
    def members(self) -> tuple[str, ...]:
        """Everything the reading refers to."""
        return (*self.all, *self.any)


@dataclass(frozen=True)
class Thresholds:
    """The numbers that concerns and verdicts compare with; printed with every result (METHODS, section 6)."""

    window: float = 0.1
    coverage: float = 0.2
    coverage_most: float = 0.5
    truncation_full: float = 0.9
    truncation: float = 0.5
    truncation_gap: float = 0.1
    many: int = 100
    candidates: int = 30
    sight: float = 0.2
    labels: int = 50
    near: float = 0.6
    near_some: float = 0.05
    ahead: float = 0.8
    behind: float = 0.8
    bad_records: float = 0.01


@dataclass(frozen=True)
class Query:
    """A query file's content, checked; `wider` readings are counted and shown, never judged; `names` are readers'."""

    name: str
    title: str
    sources: tuple[str, ...]
    years: tuple[int, int]
    classes: Mapping[str, tuple[str, ...]]
    terms: Mapping[str, Mapping[str, tuple[str, ...]]]
    readings: tuple[Reading, ...]
    axes: Mapping[str, tuple[str, ...]]
    claims: tuple[Claim, ...]
    thresholds: Thresholds
    text: str
    wider: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    engine: str = ENGINES[0]
    scheme_file: Path | None = None
    aliases_file: Path | None = None
    published_file: Path | None = None

    @cached_property
    def scheme(self) -> Scheme:
        """The CPC scheme that its symbols are read in: the edition that it names, else the one that ships.

        Raises:
            FileFormatError: where it names a file that is missing, or no whole list.
        """
        from patentscope.records.scheme import Scheme  # noqa: PLC0415 - `--help` reads no scheme

        return Scheme.read(self.scheme_file) if self.scheme_file else Scheme.shipped()

    @property
    def audited(self) -> Reading | None:
        """The reading that an audit puts right: the classifier's, else one that asks it, else the first.

        None with a scope: where only such readings ask the classifier, there is none.
        """
        asking = [reading for reading in self.readings if CLASSIFIER in reading.members] or list(self.readings)
        unscoped = [reading for reading in asking if not reading.scope]
        alone = [reading for reading in unscoped if reading.members == (CLASSIFIER,)]
        return next(iter([*alone, *unscoped]), None)

    @classmethod
    def load(cls, path: Path | str) -> Query:
        """Read a query: from the file at *path*, or by name, one of ./queries or that ships (`shipped.file_of`).

        Raises:
            QueryError: listing every fault at once, each with its key, what was found and what would work.
        """
        source = file_of(path)
        try:
            text = source.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            near = sorted(str(file) for file in source.parent.glob("*.toml")) if source.parent.is_dir() else []
            there = f"there is {', '.join(near)}" if near else f"there is no .toml file in {source.parent}"
            there += f"; by name there is {', '.join(shipped())}"
            raise QueryError(str(source), [Fault("file", "nothing at this path", there)]) from None
        except (OSError, UnicodeDecodeError) as error:
            raise QueryError(
                str(source), [Fault("file", str(error), "expected a readable TOML file in UTF-8")]
            ) from error
        query = cls.parse(text, str(source), source.parent)
        beside = (
            ("topic.scheme", query.scheme_file, symbols.TITLE_LIST),
            ("applicants.aliases", query.aliases_file, "a CSV file: name,joined"),
            ("published.file", query.published_file, "a CSV file of what others counted"),
        )
        lacking = [(key, file, expected) for key, file, expected in beside if file and not file.exists()]
        if lacking:
            faults = [Fault(key, f"nothing at {file}", f"expected {expected}") for key, file, expected in lacking]
            raise QueryError(str(source), faults)
        return query

    @classmethod
    def parse(cls, text: str, source: str = "query", folder: Path = Path()) -> Query:
        """Return the query that *text* states; *source* is its name in error texts, *folder* where its files are."""
        try:
            document = tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, a thousand brackets
            raise QueryError(source, [Fault("TOML", str(error), "see toml.io for the syntax")]) from error
        reader = _Reader()
        query = reader.query(document, text)
        if reader.faults:
            raise QueryError(source, list(dict.fromkeys(reader.faults)))
        named = ("scheme_file", "aliases_file", "published_file")
        beside = {name: folder / path for name in named if (path := getattr(query, name))}
        return replace(query, **beside)


class _Reader(TomlReader):
    """Reads a query, part by part."""

    def query(self, document: Mapping[str, Any], text: str) -> Query:
        tables = ("scope", "topic", "applicants", "published", "axes", "claims", "thresholds")
        self.known(document, "", ("name", "title", "engine", *tables))
        name = self.get(document, "", "name", str)
        if name and not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", name):
            self.fault("name", name, "expected small letters, digits, - and _, such as rare-earth-recycling")
        engine = self.get(document, "", "engine", str, ENGINES[0])
        if engine not in ENGINES:
            self.fault("engine", repr(engine), f"expected one of {', '.join(ENGINES)}")
        scope = self.get(document, "", "scope", dict, {})
        self.known(scope, "scope", ("sources", "years"))
        topic = self.get(document, "", "topic", dict)
        self.known(topic, "topic", ("scheme", "classes", "terms", "readings", "wider", "names"))
        scheme = self.get(topic, "topic", "scheme", str, "")
        classes = self.classes(self.get(topic, "topic", "classes", dict, {}))
        terms = self.terms(self.get(topic, "topic", "terms", dict, {}))
        query = Query(
            name=name,
            title=self.get(document, "", "title", str, name or "untitled"),
            sources=self.texts(scope.get("sources", []), "scope.sources") if scope.get("sources") else (),
            years=self.years(scope.get("years", [FIRST_YEAR, LAST_YEAR]), "scope.years"),
            classes=classes,
            terms=terms,
            readings=self.readings(self.get(topic, "topic", "readings", dict), classes, terms),
            axes=self.axes(self.get(document, "", "axes", dict, {})),
            claims=self.claims(document.get("claims", [])),
            thresholds=self.thresholds(self.get(document, "", "thresholds", dict, {})),
            text=text,
            wider=frozenset(self.texts(topic.get("wider", []), "topic.wider")),
            names=self.names(topic),
            engine=engine,
            scheme_file=Path(scheme) if scheme else None,
            aliases_file=self.file(document, "applicants", "aliases"),
            published_file=self.file(document, "published", "file"),
        )
        self.whole(query)
        return query

    def whole(self, query: Query) -> None:
        """Note what is wrong with a query that is right in each of its parts."""
        is_asked = any(CLASSIFIER in reading.members for reading in query.readings)
        readings = [reading.name for reading in query.readings] + [AUDITED] * is_asked
        if len(readings) > MOST_READINGS:
            with_audit = f", with {AUDITED}, which labels add," if is_asked else ""
            found = f"{len(readings)} readings{with_audit}"
            self.fault("topic.readings", found, f"at most {MOST_READINGS}: take some out")
        self.wider(query)
        reasons = {reason_to_prune(one) for one in combinations(["any"], query.axes, [dt.date.min])}
        if None not in reasons and all(set(levels) <= set(AXES[axis]) for axis, levels in query.axes.items()):
            why = "; ".join(sorted(filter(None, reasons)))
            self.fault("axes", f"no way to count is left: {why}", "add levels that go together, or leave the axis out")

    def wider(self, query: Query) -> None:
        """Note names of no reading among those called wider, and a first reading that is one: it is the baseline."""
        names = [reading.name for reading in query.readings]
        for name in sorted(query.wider - set(names)):
            self.fault("topic.wider", repr(name), f"expected some of {', '.join(names[1:])}")
        if names and names[0] in query.wider:
            expected = "the first reading is judged: put another first, or take it out of `wider`"
            self.fault("topic.wider", f"{names[0]!r}, the first reading", expected)

    def readings(
        self, table: Mapping[str, Any], classes: Mapping[str, Any], terms: Mapping[str, Mapping[str, Any]]
    ) -> tuple[Reading, ...]:
        groups = sorted({group for language in terms.values() for group in language})
        named = [*(f"classes.{group}" for group in classes), *(f"terms.{group}" for group in groups)]
        allowed = [*named, CLASSIFIER, RECORDS]
        read = []
        for name, value in table.items():
            where = f"topic.readings.{name}"
            base, plus, scope = name.partition("+")
            if not re.fullmatch(r"[a-z0-9_]+", base) or (plus and scope not in SCOPES):
                ends = ", ".join(f"+{known}" for known in SCOPES)
                wrong = f"a reading's name has small letters, digits and _, and may end in one of the scopes {ends}"
                self.fault(where, repr(name), wrong)
            if base == AUDITED:
                self.fault(where, repr(name), "labels add this reading by themselves: leave it out")
            if not isinstance(value, dict) or not (value.get("all") or value.get("any")):
                self.fault(where, value, 'expected { all = ["classifier"] }, or any = [...], or both')
                continue
            self.known(value, where, ("all", "any"))
            reading = Reading(name, *(self.texts(value.get(part, []), f"{where}.{part}") for part in ("all", "any")))
            for member in reading.members:
                if member not in allowed:
                    self.fault(where, repr(member), f"expected one of {', '.join(allowed)}")
            if name == RECORDS and not reading.takes_all:
                self.fault(where, "less than every record", f"`{RECORDS}` takes all: give this reading another name")
            read.append(reading)
        if not table:
            self.fault("topic.readings", "no reading", 'expected one, such as strict = { all = ["classes.x"] }')
        return tuple(read)

    def axes(self, table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        self.known(table, "axes", tuple(AXES))
        chosen_levels = {}
        for axis, levels in AXES.items():
            chosen = self.texts(table[axis], f"axes.{axis}") if axis in table else levels[:1]
            for level in chosen:
                if level not in levels:
                    self.fault(f"axes.{axis}", repr(level), f"expected some of {', '.join(levels)}")
            if axis in table and not chosen:
                self.fault(f"axes.{axis}", "no level", f"expected some of {', '.join(levels)}, or leave the axis out")
            chosen_levels[axis] = tuple(dict.fromkeys(chosen))
        return chosen_levels

    def thresholds(self, table: Mapping[str, Any]) -> Thresholds:
        names = tuple(entry.name for entry in fields(Thresholds))
        self.known(table, "thresholds", names)
        given = {key: self.get(table, "thresholds", key, float) for key in table if key in names}
        for key, value in given.items():
            is_part = getattr(Thresholds, key) < 1  # of its default
            if value < 0 or (is_part and value > 1):
                self.fault(f"thresholds.{key}", value, "expected a share from 0 to 1, or a count that is not negative")
        return Thresholds(**given)
