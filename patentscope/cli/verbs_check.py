"""What the verb `check` does: hold any claim against a run that exists, or straight against exported files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from patentscope.cli.check_arguments import Asked, asked, lacks_topic, to_be_replaced
from patentscope.cli.verb import CACHE, VERBOSE, argument, date, hits, verb
from patentscope.errors import UsageError

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
    "check any claim, against exported files or a finished run",
    argument(
        "given",
        metavar="RUN | FILE ..., CLAIM",
        nargs="*",
        help="exported files, or a run (its folder, or its name under ./runs); then the claim, in quotes: a sentence "
        "as it stands in the news, or short, such as "
        '"China > United States + Japan by 73%% in 2024", "CN > 2x US since 2015" or "share of CN > 60%% in 2024"',
    ),
    argument(
        "--topic",
        metavar="WORDS",
        help='count only what holds these words: "rare earth, neodymium; recycl*" (each part between `;` must occur, '
        "as one of its alternatives between commas; `*` stands for any ending)",
    ),
    argument("--said-on", metavar="DATE", type=date, help="when the claim was made: it is counted as of that day, too"),
    argument(
        "--complete", metavar="FILE", nargs="*", help="these files, or all, hold every hit of their search: your word"
    ),
    argument("--stated-total", metavar="N", type=hits, help="hits that the sites state, for all files together"),
    argument("--retrieved", metavar="DATE", type=date, help="when the files were exported, if they don't say"),
    argument("--out", metavar="DIR", help="the folder of the run on the files (default: ./runs/NAME, after the files)"),
    argument(
        "--tolerance",
        metavar="N",
        type=_tolerance,
        help="how far from the claimed ratio or share still counts as it (6 %% of it)",
    ),
    CACHE,
    VERBOSE,
    examples=(
        'check lens.csv google.csv "CN > US+AU+JP by 73% in 2024"',
        'check lens.csv "CN > US+AU+JP by 73% in 2024" --topic "rare earth, neodymium; recycl*"',
        'check lens.csv "Last year, China filed twice as many patents as Japan." --said-on 2025-10-31',
        'check lens.csv "CN > US in 2024" --stated-total 812 --complete',
        'check "CN > US in 2024" --topic "rare earth; recycl*"',
        f'check {_RUN} "JP+KR < CN in 2015..2020" --verbose',
        f'check {_RUN} "share of CN > 60% in 2024" --tolerance 0.05 --json',
    ),
    usage='%(prog)s RUN "CLAIM" [options]\n       %(prog)s FILE ... "CLAIM" [--topic WORDS] [options]\n'
    '       %(prog)s "CLAIM" --topic WORDS   (no file yet: the searches to make)',
)
def check(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `check`."""
    said = asked(options)
    if said.run:
        return _of_run(said, options)
    return _of_files(said, options) if said.files else _to_search(said, options)


def _of_run(said: Asked, options: argparse.Namespace) -> Iterator[Any]:
    from patentscope.cli.answer_lines import answer_lines
    from patentscope.provenance.run_folder import find_run
    from patentscope.query.shipped import file_of
    from patentscope.runs.evidence import check as hold

    folder = find_run(said.run)
    entry = hold(folder, said.claim, tolerance=options.tolerance, said_on=options.said_on)
    yield entry
    name = folder.state["query"]["name"]
    query = name if file_of(name).is_file() else "QUERY"
    yield from answer_lines(entry, said.run, query=query, verbose=options.verbose)


def _of_files(said: Asked, options: argparse.Namespace) -> Iterator[Any]:
    from patentscope.cli.answer_lines import answer_lines
    from patentscope.cli.progress import progress
    from patentscope.cli.record_lines import record_lines, tell_what_was_kept
    from patentscope.pipeline import run
    from patentscope.query.claim import parse_claim
    from patentscope.query.made import made_query, name_of, title_of

    claim = parse_claim(said.claim, tolerance=options.tolerance, said_on=options.said_on)
    names = [Path(file).name for file in said.files]
    topic = options.topic or ""
    query = made_query(claim, name=name_of(names), title=title_of(names, topic), topic=topic)
    out = Path(options.out) if options.out else Path("runs") / query.name
    before = to_be_replaced(out, said, options)
    given = {name: getattr(options, name) for name in ("complete", "stated_total", "retrieved", "cache")}
    with progress() as tell:
        done = run(query, inputs=said.files, **given, out=out, progress=tell)
    [entry] = done.verdicts
    yield {**entry, "run": str(done.path)}
    yield from record_lines(done, query, verbose=options.verbose)
    run_name = options.out or query.name
    yield from answer_lines(entry, run_name, files=said.files, offers_topic=not topic, verbose=options.verbose)
    tell_what_was_kept(done)
    if before not in {"", claim.quote}:
        print(f"{out} held the answer on “{before}”, which is replaced; `--out DIR` keeps both", file=sys.stderr)
    yield f"Report: {done.path / 'report.html'}"


def _to_search(said: Asked, options: argparse.Namespace) -> Iterator[Any]:
    """Give the searches to make, where there is no file yet."""
    from patentscope.cli.answer_lines import read_as_lines
    from patentscope.cli.search_lines import paste_lines
    from patentscope.fetch.by_hand import to_paste
    from patentscope.query.claim import parse_claim
    from patentscope.query.echo import echo
    from patentscope.query.made import made_query, title_of

    claim = parse_claim(said.claim, tolerance=options.tolerance, said_on=options.said_on)
    if not options.topic:
        raise UsageError(lacks_topic(claim))
    query = made_query(claim, name="check", title=title_of((), options.topic), topic=options.topic)
    about = {"claim_text": said.claim, "topic": options.topic, "said_on": options.said_on}
    yield to_paste(query, **about)
    yield from read_as_lines(echo(claim), claim.unread)
    yield from paste_lines(query, **about)
