"""What can be written on the command line: every verb, collected from where it is carried out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib.metadata import version
from itertools import chain

from patentscope.cli.completion import completion
from patentscope.cli.verb import help_of
from patentscope.cli.verbs_check import check
from patentscope.cli.verbs_evaluate import evaluate
from patentscope.cli.verbs_fetch import fetch
from patentscope.cli.verbs_import import import_
from patentscope.cli.verbs_inspect import diff, show, verify
from patentscope.cli.verbs_label import LABEL, agree, apply, draw
from patentscope.cli.verbs_new import new
from patentscope.cli.verbs_run import report, run
from patentscope.cli.verbs_sources import sources

_BEFORE_LABEL = (run, fetch, import_, report, check, show, diff, verify, sources)
_PARTS_OF_LABEL = (draw, apply, agree)
_AFTER_LABEL = (evaluate, new, completion)


def parsed(given: Sequence[str]) -> argparse.Namespace:
    """Return what was written; argparse ends the process where that is nothing that it knows.

    Of arguments that an option stands between, argparse takes those before it; the rest are `check`'s as well.
    """
    parser = make_parser()
    options, rest = parser.parse_known_args(given)
    if rest and not (options.command == check.answer and not any(one.startswith("-") for one in rest)):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        options.given += rest
    return options


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; each verb's function is its `command`."""
    text = "hold a claim about patent counts against the record, under every defensible way of counting"
    examples = (run.examples[0], check.examples[0], show.examples[0], new.examples[0])
    parser = argparse.ArgumentParser(prog="patentscope", **help_of(text, examples))
    parser.epilog = f"{parser.epilog}\n\n`patentscope COMMAND --help` says more about each."
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('patentscope')}")
    parser.set_defaults(command=None, parser=parser)
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND")
    for verb in _BEFORE_LABEL:
        verb.add_to(verbs)
    examples_of_parts = chain.from_iterable(part.examples for part in _PARTS_OF_LABEL)
    label = verbs.add_parser("label", help=LABEL, **help_of(LABEL, examples_of_parts))
    parts = label.add_subparsers(title="what to do", metavar="WHAT", required=True)
    for part in _PARTS_OF_LABEL:
        part.add_to(parts)
    for verb in _AFTER_LABEL:
        verb.add_to(verbs)
    return parser
