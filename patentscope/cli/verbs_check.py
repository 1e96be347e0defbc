"""What the verb `check` does: hold any claim against a run."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from patentscope.cli.verb import RUN, VERBOSE, argument, verb

_RUN = "rare-earth-recycling"


def _tolerance(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no tolerance; write it like 0.1")
    return value


@verb(
    "check",
    "check any claim against a finished run",
    RUN,
    argument("claim", metavar="CLAIM", help='"CN > US+AU+JP by 73%% in 2024" or "share of CN > 60%% in 2024"'),
    argument(
        "--tolerance",
        metavar="N",
        type=_tolerance,
        help="how far from the claimed ratio or share still counts as it (6 %% of it)",
    ),
    VERBOSE,
    examples=(
        f'check {_RUN} "CN > US+AU+JP by 73% in 2024"',
        f'check {_RUN} "JP+KR < CN in 2015..2020" --verbose',
        f'check {_RUN} "share of CN > 60% in 2024" --tolerance 0.05 --json',
    ),
)
def check(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `check`."""
    from patentscope.cli.answer_lines import answer_lines
    from patentscope.provenance.run_folder import find_run
    from patentscope.runs.evidence import check as hold

    result = hold(find_run(options.run), options.claim, tolerance=options.tolerance)
    yield result
    yield from answer_lines(result, options.run, verbose=options.verbose)
