"""A verb of the command line: its help, its options and examples, beside the function that carries it out."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

#: What adds an argument to a parser.
Argument = Callable[[argparse.ArgumentParser], object]
#: Carries out a verb: gives the document that `--json` prints, and then the lines that are printed without it.
Work = Callable[[argparse.Namespace], Iterator[Any]]


def argument(*names: str, **settings: Any) -> Argument:  # noqa: ANN401 - argparse's own settings
    """Return an argument, described as for `ArgumentParser.add_argument`."""
    return lambda parser: parser.add_argument(*names, **settings)


RUN = argument("run", metavar="RUN", help="the run's folder, or its name under ./runs")
CACHE = argument("--cache", metavar="DIR", default="cache", help="where answers are kept (default: ./cache)")
VERBOSE = argument("--verbose", action="store_true", help="print the thresholds, results, reasons and ids, too")
_JSON = argument("--json", action="store_true", help="print one JSON document and nothing else")


@dataclass(frozen=True)
class Verb:
    """A verb, or a part of one (`label draw`); `usage` where argparse's own would mislead."""

    name: str
    text: str
    carry_out: Work
    arguments: tuple[Argument, ...]
    examples: tuple[str, ...]
    usage: str | None

    def add_to(self, verbs: Any) -> None:  # noqa: ANN401 - argparse's type for it is private
        """Add the verb to argparse's *verbs*."""
        settings = help_of(self.text, self.examples)
        parser = verbs.add_parser(self.name.rpartition(" ")[2], usage=self.usage, help=self.text, **settings)
        for add in (*self.arguments, _JSON):
            add(parser)
        parser.set_defaults(command=self.answer, verb=self.name, code=0)

    def answer(self, options: argparse.Namespace) -> int:
        """Carry out the verb, print what it gives, and return the exit code, `code` in *options*: a verb may set it."""
        given = self.carry_out(options)
        document = next(given)
        for line in [json.dumps(document, indent=1, ensure_ascii=False, default=str)] if options.json else given:
            print(line)
        code: int = options.code
        return code


def verb(
    name: str, text: str, *arguments: Argument, examples: Iterable[str], usage: str | None = None
) -> Callable[[Work], Verb]:
    """Make a function the verb *name*; *examples* are commands as they may be typed, and a test gives each of them."""
    return lambda carry_out: Verb(name, text, carry_out, arguments, tuple(examples), usage)


def help_of(text: str, examples: Iterable[str]) -> dict[str, Any]:
    """Return what argparse needs for a help with *examples* at its end."""
    return {
        "description": f"{text[0].upper()}{text[1:]}.",
        "epilog": "\n".join(["examples:", *(f"  patentscope {command}" for command in examples)]),
        "formatter_class": argparse.RawDescriptionHelpFormatter,
    }


def hits(text: str) -> int:
    """Read the value of an option that is a number of hits."""
    try:
        return int(text.replace(",", ""))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number; write the number of results that the site shows for the search, like 812"
        ) from None


def date(text: str) -> dt.date:
    """Read the value of an option that is a date."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it like 2025-12-31") from None
