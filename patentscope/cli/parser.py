"""What can be written on the command line: verbs, their options, and their help."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any

from patentscope.cli import verbs as do
from patentscope.cli import verbs_check, verbs_evaluate, verbs_label
from patentscope.cli.add_verb import add_verb
from patentscope.cli.completion import SHELLS, completion
from patentscope.cli.examples import epilog
from patentscope.cli.verbs_new import new
from patentscope.cli.verbs_sources import sources
from patentscope.query.query import ENGINES


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; each verb's function is its `command`."""
    parser = argparse.ArgumentParser(
        prog="patentscope",
        description="Hold a claim about patent counts against the record, under every defensible way of counting.",
        epilog=f"{epilog('')}\n\n`patentscope COMMAND --help` has more of each.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND")
    parser.set_defaults(command=None)
    _verbs_that_get(verbs)
    _verbs_that_use(verbs)
    verbs_label.register(
        add_verb(verbs, "label", None, "have families labelled by a reader, and carry the labels into the counts")
    )
    text = "try the classifier on your own labelled texts: precision, recall, F1, with intervals"
    verbs_evaluate.register(add_verb(verbs, "evaluate", verbs_evaluate.evaluate, text))
    _verbs_that_help(verbs)
    return parser


def _verbs_that_get(verbs: Any) -> None:  # noqa: ANN401 - argparse's type for it is private
    """Add the verbs that bring records in."""
    run = add_verb(verbs, "run", do.run, "count, judge the query's claims, and write the report")
    # An option that takes several names would take the query, too, if it came last.
    run.usage = "%(prog)s QUERY [--sample | --source NAME ... | --input FILE ...] [options]"
    run.add_argument("query", metavar="QUERY", help="a query file, such as queries/heat-pumps.toml; it comes first")
    run.add_argument("--sample", action="store_true", help="run on the embedded sample (233 real records)")
    run.add_argument("--source", metavar="NAME", nargs="+", help="whom to ask, in place of the query's own sources")
    run.add_argument("--input", metavar="FILE", nargs="+", help="exported files, in any format")
    run.add_argument(
        "--candidates",
        action="store_true",
        help="of --input, parquet in our own columns, read only families that may be on topic",
    )
    run.add_argument("--cache", metavar="DIR", default="cache", help="where answers are kept (default: ./cache)")
    run.add_argument("--offline", action="store_true", help="ask nobody: answer from the cache, without a key")
    run.add_argument("--out", metavar="DIR", help="the run's folder (default: ./runs/NAME)")
    run.add_argument("--as-of", metavar="DATE", type=_date, help="the data's date, in place of the sources' own")
    run.add_argument("--engine", choices=ENGINES, help="where the heavy pass runs, in place of the query's own")
    _how_to_ask(run)

    fetch = add_verb(verbs, "fetch", do.fetch, "fill the cache; say what is complete; go on where it stopped")
    fetch.usage = "%(prog)s QUERY [--source NAME ...] [options]"
    fetch.add_argument("query", metavar="QUERY", help="a query file; it comes first")
    fetch.add_argument("--source", metavar="NAME", nargs="+", help="whom to ask, in place of the query's own sources")
    fetch.add_argument("--cache", metavar="DIR", default="cache", help="where answers are kept (default: ./cache)")
    _how_to_ask(fetch)
    fetch.add_argument("--not-before", metavar="DATE", type=_date, help="ask anew what was answered before this date")
    fetch.add_argument("--count", metavar="OFFICE", nargs="+", help="only count, by office and year: CN US JP AU")
    fetch.add_argument("--sql", action="store_true", help="only print the SQL for BigQuery, to be run by hand")

    imported = add_verb(
        verbs, "import", do.import_, "read exported files into one parquet file, and account for every row"
    )
    imported.add_argument("files", metavar="FILE", nargs="+", help="files in any of the formats that `sources` lists")
    imported.add_argument("--format", metavar="NAME", help="their format, where the content must not decide")
    imported.add_argument("--out", metavar="FILE.parquet", required=True, help="the file to write")
    imported.add_argument(
        "--most-bad", metavar="SHARE", type=float, default=0.01, help="the share of bad rows that stops it (.01)"
    )


def _how_to_ask(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--families", action="store_true", help="fetch every member of the families found, too (ops)")
    verb.add_argument(
        "--most-gib",
        metavar="GIB",
        type=float,
        default=0.0,
        help="what the source bigquery may bill, in GiB (default: 0)",
    )


def _verbs_that_use(verbs: Any) -> None:  # noqa: ANN401 - as above
    """Add the verbs that work on a run that exists."""
    report = add_verb(verbs, "report", do.report, "write the page again, from a run that exists")
    report.add_argument("run", metavar="RUN", help="a run's folder, or its name under ./runs")
    report.add_argument("--charts", metavar="DIR", help="save every chart there too, as SVG and PNG")

    check = add_verb(verbs, "check", verbs_check.check, "hold any claim against a run that exists")
    check.add_argument("run", metavar="RUN", help="a run's folder, or its name under ./runs")
    check.add_argument(
        "claim", metavar="CLAIM", help='such as "CN > US+AU+JP by 73%% in 2024" or "share of CN > 60%% in 2024"'
    )
    check.add_argument(
        "--tolerance",
        metavar="N",
        type=_tolerance,
        help="what counts as the claimed size (.10 on a ratio, .02 on a share)",
    )

    show = add_verb(verbs, "show", verbs_check.show, "list the publications behind a number")
    show.add_argument("run", metavar="RUN", help="a run's folder, or its name under ./runs")
    show.add_argument("--country", metavar="CODE", type=_country, help="a country of counts.csv, or `unknown`")
    show.add_argument("--year", metavar="YEAR", type=int, help="one year")
    show.add_argument("--spec", metavar="ID", help="a spec_id of curve.csv, or its beginning")
    show.add_argument("--question", metavar="NAME", help="the baseline of this question (market, ownership ...)")

    compared = add_verb(verbs, "diff", verbs_check.diff, "say what changed between two runs, by reason")
    compared.add_argument("run_a", metavar="RUN_A", help="the earlier run's folder, or its name under ./runs")
    compared.add_argument("run_b", metavar="RUN_B", help="the later run's")

    verified = add_verb(verbs, "verify", verbs_check.verify, "recompute a run's hashes, and say what was touched since")
    verified.add_argument("run", metavar="RUN", help="a run's folder, or its name under ./runs")

    listed = add_verb(verbs, "sources", sources, "list who can be asked, what each covers and needs, what is kept")
    listed.add_argument("--cache", metavar="DIR", default="cache", help="where answers are kept (default: ./cache)")
    listed.add_argument("--query", metavar="QUERY", help="print this query's searches to export by hand, too")
    listed.add_argument(
        "--reading", metavar="NAME", nargs="+", help="for these readings (default: the first; or `all`)"
    )


def _verbs_that_help(verbs: Any) -> None:  # noqa: ANN401 - as above
    """Add the verbs that make ready for the others."""
    made = add_verb(verbs, "new", new, "write a query to start from, with every key explained")
    made.add_argument("name", metavar="NAME", help="the query's name, such as heat-pumps")
    made.add_argument("--out", metavar="FILE", help="the file to write (default: ./queries/NAME.toml)")

    shell = add_verb(verbs, "completion", completion, "print a script that completes commands, for a shell")
    shell.add_argument("shell", metavar="SHELL", choices=SHELLS, help=", ".join(SHELLS))
    shell.set_defaults(make_parser=make_parser)


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - imports inside the commands keep `--help` quick

    return version("patentscope")


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it like 2025-12-31") from None


def _tolerance(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no tolerance; write it like 0.10")
    return value


def _country(text: str) -> str:
    return text if text == "unknown" else text.upper()
