"""The command line: verbs to functions. The only place that prints or exits.

Results go to stdout, progress and warnings to stderr. Exit codes: 0 done (a refuted claim is a result), 1 it failed,
2 usage or query fault, 130 interrupted.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from patentscope.errors import PatentscopeError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_EXAMPLES = """examples:
  patentscope run queries/rare-earth-recycling.toml --sample
  patentscope run queries/rare-earth-recycling.toml --input mine.parquet --out runs/mine
  patentscope check rare-earth-recycling "CN > US+AU+JP by 73% in 2024"
  patentscope show rare-earth-recycling --country CN --year 2019
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return the process's exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.command:
        parser.print_help()
        return 2
    try:
        code: int = options.command(options)
        sys.stdout.flush()
    except PatentscopeError as error:
        print(f"patentscope: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("patentscope: interrupted; the stages that were done are kept, run it again to go on", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="patentscope",
        description="Hold a claim about patent counts against the record, under every defensible way of counting.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND")
    parser.set_defaults(command=None)

    run = _verb(verbs, "run", _run, "count, judge the query's claims, and write the report")
    run.add_argument("query", metavar="QUERY", help="a query file, such as queries/rare-earth-recycling.toml")
    data = run.add_mutually_exclusive_group()
    data.add_argument("--sample", action="store_true", help="run on the embedded sample (233 real records)")
    data.add_argument("--input", metavar="FILE", nargs="+", help="parquet files of publications")
    run.add_argument("--out", metavar="DIR", help="the run's folder (default: ./runs/NAME)")
    run.add_argument("--as-of", metavar="DATE", type=_date, help="the data's date, in place of the sources' own")

    report = _verb(verbs, "report", _report, "write the page again, from a run that exists")
    report.add_argument("run", metavar="RUN", help="a run's folder, or its name under ./runs")
    report.add_argument("--charts", metavar="DIR", help="save every chart there too, as SVG and PNG")

    check = _verb(verbs, "check", _check, "hold any claim against a run that exists")
    check.add_argument("run", metavar="RUN", help="a run's folder, or its name under ./runs")
    check.add_argument("claim", metavar="CLAIM", help='such as "CN > US+AU+JP by 73%% in 2024"')

    show = _verb(verbs, "show", _show, "list the publications behind a number")
    show.add_argument("run", metavar="RUN", help="a run's folder, or its name under ./runs")
    show.add_argument("--country", metavar="CODE", type=_country, help="a country of counts.csv, or `unknown`")
    show.add_argument("--year", metavar="YEAR", type=int, help="one year")
    show.add_argument("--spec", metavar="ID", help="a spec_id of curve.csv, or its beginning")
    show.add_argument("--question", metavar="NAME", help="the baseline of this question (market, ownership ...)")

    _verb(verbs, "sources", _sources, "list who can be asked, and what each covers and needs")
    return parser


def _verb(
    verbs: Any,  # noqa: ANN401 - argparse's type for it is private
    name: str,
    command: Callable[[argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    verb.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    verb.set_defaults(command=command)
    return verb


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - imports inside the commands keep `--help` quick

    return version("patentscope")


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it like 2025-12-31") from None


def _country(text: str) -> str:
    return text if text == "unknown" else text.upper()


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=1, ensure_ascii=False, default=str))


def _run(options: argparse.Namespace) -> int:
    from tqdm import tqdm  # noqa: PLC0415 - imports inside the commands keep `--help` quick

    from patentscope.pipeline import run  # noqa: PLC0415
    from patentscope.query import Query  # noqa: PLC0415
    from patentscope.run_folder import FILES  # noqa: PLC0415

    query = Query.load(options.query)
    with tqdm(total=len(FILES), disable=not sys.stderr.isatty(), leave=False, bar_format="{l_bar}{bar}| {desc}") as bar:

        def progress(stage: str) -> None:
            bar.set_description_str(stage)
            bar.update()

        done = run(
            query,
            inputs=options.input,
            sample=options.sample,
            as_of=options.as_of,
            out=options.out,
            progress=progress,
        )
    if options.json:
        _print_json({"run": str(done.path), "claims": done.verdicts, "skipped": done.folder.skipped})
        return 0
    for claim in done.verdicts:
        _print_claim(claim)
    if done.folder.skipped:
        print(f"Unchanged, so not done again: {', '.join(done.folder.skipped)}", file=sys.stderr)
    print(f"Report: {done.path / 'report.html'}")
    return 0


def _print_claim(claim: dict[str, Any]) -> None:
    """Print a claim, its verdict, and a line per question."""
    print(f"“{claim['quote']}”")
    if claim.get("illustration"):
        print(f"  ({claim['illustration']['note']})")
    print(f"  {claim['sentence']}")
    if claim.get("illustration"):
        print()
        return
    for entry in claim["questions"]:
        ratio = "" if entry["median_ratio"] is None else f", median ratio {entry['median_ratio']:.2f}"
        print(
            f"    {entry['question']:<14}{entry['verdict']}"
            f" ({entry['specifications']} of {entry['listed']} specifications admissible{ratio})"
        )
    for near in claim["nearest"][:1]:
        print(f"  Nearest to the claimed size: {near['ratio']:.2f}, {near['in_words']} [{near['spec_id']}]")
    if claim["would_decide"]:
        print(f"  What would decide it: {'; '.join(claim['would_decide'])}.")
    print()


def _report(options: argparse.Namespace) -> int:
    from pathlib import Path  # noqa: PLC0415

    from patentscope.charts import save_all  # noqa: PLC0415
    from patentscope.evidence import find_run  # noqa: PLC0415
    from patentscope.stages import write_report  # noqa: PLC0415

    folder = find_run(options.run)
    write_report(folder)
    path = folder.file("report.html")
    saved = [str(chart) for chart in save_all(folder, Path(options.charts))] if options.charts else []
    if options.json:
        _print_json({"report": str(path), "bytes": path.stat().st_size, "charts": saved})
        return 0
    print(f"Report: {path}")
    if saved:
        print(f"Charts: {len(saved)} files in {options.charts}")
    return 0


def _check(options: argparse.Namespace) -> int:
    from patentscope.evidence import check, find_run  # noqa: PLC0415

    result = check(find_run(options.run), options.claim)
    _print_json(result) if options.json else _print_claim(result)
    return 0


def _show(options: argparse.Namespace) -> int:
    from dataclasses import asdict  # noqa: PLC0415

    from patentscope.evidence import find_run, show  # noqa: PLC0415

    found = show(
        find_run(options.run),
        country=options.country,
        year=options.year,
        spec=options.spec,
        question=options.question,
    )
    rows = found.publications.astype(object).where(found.publications.notna(), None).to_dict(orient="records")
    if options.json:
        head = {"spec_id": found.convention.spec_id, "convention": asdict(found.convention), "n": found.n}
        _print_json({**head, "country": found.country, "year": found.year, "units": found.units, "publications": rows})
        return 0
    where = f"{found.country or 'all countries'}, {found.year or 'all years'}"
    print(f"{found.n:g} for {where}: {found.convention.in_words()} [{found.convention.spec_id}]")
    print(f"{found.units} units in {len(rows)} publications")
    for row in rows:
        date = row["publication_date"] or "no date"
        print(f"  {row['publication_number']:<16}{date!s:<12}{row['family_id']}  {row['title'] or '(no title)'}")
        print(f"  {'':<16}{row['page']}")
    return 0


_KNOWN_SOURCES = [
    {
        "name": "sample",
        "covers": "233 real records on rare-earth recycling and near misses, compiled by hand: no basis for counts",
        "needs": "nothing",
        "how": "patentscope run QUERY --sample",
    },
    {
        "name": "your own parquet",
        "covers": "whatever you put in it; the columns are listed in the README",
        "needs": "a file with at least the column publication_number",
        "how": "patentscope run QUERY --input FILE.parquet ...",
    },
]


def _sources(options: argparse.Namespace) -> int:
    if options.json:
        _print_json(_KNOWN_SOURCES)
        return 0
    for source in _KNOWN_SOURCES:
        print(f"{source['name']}\n  covers  {source['covers']}\n  needs   {source['needs']}\n  how     {source['how']}")
    return 0
