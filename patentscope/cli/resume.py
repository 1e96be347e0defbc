"""What is said when a command could not be finished: what is kept, and the command that goes on."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path

from patentscope.errors import FetchError, FileFormatError, NotCached, PatentscopeError, Unauthorized

#: By verb, what an interruption leaves; every other verb changes nothing that was there.
_KEPT = {
    "run": "every answer received so far is kept in {cache}, and the stages that were done in the run's folder",
    "fetch": "every answer received so far is kept in {cache}",
    "import": "{out} is written as a whole or not at all",
    "check": "no file that was given is changed; of a run on them, the stages that were done are kept in its folder",
    "report": "the run is kept; its page may still be the one from before",
    "label draw": "{out} is written as a whole or not at all",
    "label apply": "the run is kept; its counts may still be those from before",
}


def interrupted(options: argparse.Namespace, arguments: Sequence[str]) -> str:
    """Return what is said after Ctrl-C."""
    kept = _KEPT.get(options.verb, "nothing was changed").format(**vars(options))
    return f"interrupted; {kept}. To go on:\n{_same(arguments)}"


def failed(error: PatentscopeError, options: argparse.Namespace, arguments: Sequence[str]) -> str:
    """Return what is said of *error*; where a source failed, how to go on, or what works without it.

    Where a file to be counted isn't there, or no key, the searches that can be exported by hand.
    """
    inputs = options.input or () if options.verb == "run" else ()
    is_missing = isinstance(error, FileFormatError) and not all(Path(name).exists() for name in inputs)
    if is_missing or (isinstance(error, Unauthorized) and options.verb in {"run", "fetch"}):
        by_hand = shlex.join(["patentscope", "sources", "--query", options.query])
        return f"{error}\nThe searches to export by hand:\n  {by_hand}"
    if options.verb not in {"run", "fetch"} or isinstance(error, NotCached) or not isinstance(error, FetchError):
        return str(error)
    return f"{error}\nEvery answer received so far is kept in {options.cache}. To go on:\n{_same(arguments)}"


def _same(arguments: Sequence[str]) -> str:
    return f"  {shlex.join(['patentscope', *arguments])}"
