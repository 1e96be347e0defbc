"""What the verbs on a finished run do: list what is behind a number, compare two runs, verify one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from patentscope.cli.verb import RUN, argument, verb

_RUN = "rare-earth-recycling"
#: So many units are printed where all countries together are asked for; `--json` has all.
_LISTED = 200


def _years(text: str) -> tuple[int, int]:
    first, _, last = text.partition("..")
    try:
        years = int(first), int(last or first)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no year; write it like 2024, or 1980..1999") from None
    if years[0] > years[1]:
        raise argparse.ArgumentTypeError(f"{text}: the first year goes first: {last}..{first}")
    return years


@verb(
    "show",
    "list the publications behind a number",
    RUN,
    argument("--claim", metavar="ID", help="a claim of the query, or any claim in words (default: the query's first)"),
    argument("--side", choices=["left", "right"], help="a side of the claim, in its years if no --year is given"),
    argument("--country", metavar="CODE", help="a country, several joined by + (US+AU+JP), or `unknown`"),
    argument("--year", metavar="YEAR", type=_years, help="2024, or from the first to the last, 1980..1999"),
    argument("--spec", metavar="ID", help="a way to count: its spec_id in curve.csv, or how it begins"),
    argument("--way", metavar="NAME", help="a recognised way to count, such as first_filings"),
    argument("--question", metavar="NAME", help="the figure of market, ownership, invention or international"),
    examples=(
        f"show {_RUN} --side left",
        f"show {_RUN} --question market --country US --year 2010",
        f"show {_RUN} --way owners --country CN --year 1980..1999 --json",
    ),
)
def show(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `show`."""
    from patentscope.cli.shown_lines import document_of, shown_lines
    from patentscope.provenance.run_folder import find_run
    from patentscope.runs.evidence import show as look_up

    asked = ("claim", "side", "country", "year", "spec", "way", "question")
    most = None if options.json else _LISTED
    shown = look_up(find_run(options.run), **{name: getattr(options, name) for name in asked}, most=most)
    yield document_of(shown)
    yield from shown_lines(shown)


@verb(
    "diff",
    "say what changed between two runs, by reason",
    argument("run_a", metavar="RUN_A", help="the earlier run's folder, or its name under ./runs"),
    argument("run_b", metavar="RUN_B", help="the later run's"),
    examples=(f"diff {_RUN} runs/lens", f"diff {_RUN} runs/lens --json"),
)
def diff(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `diff`."""
    from patentscope.provenance.run_folder import find_run
    from patentscope.runs.diff.compare import compare
    from patentscope.runs.diff.lines import lines

    changes = compare(find_run(options.run_a), find_run(options.run_b))
    yield changes
    yield from lines(changes)


@verb("verify", "recompute a run's hashes, and say which files were touched since", RUN, examples=(f"verify {_RUN}",))
def verify(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `verify`; 1 where a file was touched."""
    from patentscope.runs.verify import AS_MADE
    from patentscope.runs.verify import verify as hold

    path = Path(options.run)
    account = hold(path if path.is_dir() else Path("runs") / options.run)
    options.code = 0 if account["untouched"] else 1
    yield account
    for row in account["files"]:
        if row["state"] != AS_MADE:
            yield f"  {row['file']}: {row['state']}"
    count = sum(row["state"] == AS_MADE for row in account["files"])
    version = "this version" if account["made_by_this_version"] else "another version of the program, or changed code"
    rest = "; others were touched since" if options.code else ""
    yield f"{account['run']}: {count} files as made{rest}; made by {version}"
