"""How a verb, or a part of one, comes to its help, its examples and `--json`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from patentscope.cli.examples import epilog

if TYPE_CHECKING:
    from collections.abc import Callable


def add_verb(
    verbs: Any,  # noqa: ANN401 - argparse's type for it is private
    name: str,
    command: Callable[[argparse.Namespace], int] | None,
    text: str,
    *,
    part_of: str = "",
) -> argparse.ArgumentParser:
    """Add the verb *name* with the function that carries it out; one that only has parts has none of its own."""
    verb = f"{part_of} {name}".strip()
    parser: argparse.ArgumentParser = verbs.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=epilog(verb),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if command is not None:
        parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
        parser.set_defaults(command=command, verb=verb)
    return parser
