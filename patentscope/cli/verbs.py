"""What each verb of the command line does: call the library, and print what it found.

Heavy imports stand inside the verbs, so that `--help` is quick.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from patentscope.query import Query
    from patentscope.sources.asking import Asking


def print_json(value: object) -> None:
    """Print one JSON document."""
    print(json.dumps(value, indent=1, ensure_ascii=False, default=str))


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give what shows on a terminal what is being done and for how long; in a pipe it shows notices only."""
    from tqdm import tqdm  # noqa: PLC0415

    from patentscope.http import Notice  # noqa: PLC0415

    with tqdm(disable=not sys.stderr.isatty(), leave=False, bar_format="{elapsed} {n} {desc}") as bar:

        def tell(text: str) -> None:
            if isinstance(text, Notice):
                bar.write(text, file=sys.stderr)
                return
            bar.set_description_str(text)
            bar.update()

        yield tell


def run(options: argparse.Namespace) -> int:
    """Carry out `run`."""
    from patentscope.pipeline import run as carry_out  # noqa: PLC0415
    from patentscope.query import Query  # noqa: PLC0415

    query = Query.load(options.query)
    with progress() as tell:
        done = carry_out(
            query,
            sources=options.source,
            inputs=options.input,
            sample=options.sample,
            offline=options.offline,
            as_of=options.as_of,
            families=options.families,
            most_gib=options.most_gib,
            cache=options.cache,
            out=options.out,
            progress=tell,
        )
    if options.json:
        print_json({"run": str(done.path), "claims": done.verdicts, "skipped": done.folder.skipped})
        return 0
    for claim in done.verdicts:
        print_claim(claim)
    if done.folder.skipped:
        print(f"Unchanged, so not done again: {', '.join(done.folder.skipped)}", file=sys.stderr)
    print(f"Report: {done.path / 'report.html'}")
    return 0


def fetch(options: argparse.Namespace) -> int:
    """Carry out `fetch`."""
    from patentscope.gather import gather  # noqa: PLC0415
    from patentscope.query import Query  # noqa: PLC0415

    query = Query.load(options.query)
    if options.count:
        return _count(options, query)
    if options.sql:
        return _sql(options, query)
    with progress() as tell:
        found = gather(query, _asking(options, tell), sources=options.source or query.sources)
    if options.json:
        from patentscope.provenance import as_json  # noqa: PLC0415

        print_json([as_json(one.source) for one in found])
        return 0
    for one in found:
        state = {True: "complete", False: "NOT complete", None: "completeness not known"}[one.source.proven_complete]
        print(f"{one.source.name}: {one.rows_in} records, {state}; {one.source.note}")
        for piece in one.source.slices:
            if piece["stated"] != piece["received"]:
                print(f"  {piece['part']} {piece['where']}: {piece['received']} of {piece['stated']}")
    return 0


def _asking(options: argparse.Namespace, tell: Callable[[str], None]) -> Asking:
    from patentscope.sources.asking import Asking  # noqa: PLC0415

    return Asking(
        Path(options.cache),
        not_before=options.not_before,
        families=options.families,
        most_gib=options.most_gib,
        progress=tell,
    )


def _count(options: argparse.Namespace, query: Query) -> int:
    """Print what the office states by search, office and year; nothing is pulled."""
    from patentscope.sources import ops  # noqa: PLC0415

    with progress() as tell:
        rows = ops.count_by_office(query, _asking(options, tell), [code.upper() for code in options.count])
    if options.json:
        print_json(rows)
        return 0
    for row in rows:
        at_least = "at least " if row["stated"] == ops.AT_LEAST else ""
        print(f"{row['part']:<22}{row['office']:<4}{row['year']:<8}{at_least}{row['stated']:,}")
    return 0


def _sql(options: argparse.Namespace, query: Query) -> int:
    """Print the SQL that BigQuery is asked with; nobody is asked."""
    from patentscope.sources.bigquery_sql import statement  # noqa: PLC0415

    sql = statement(query)
    print_json({"sql": sql}) if options.json else print(sql, end="")
    return 0


def import_(options: argparse.Namespace) -> int:
    """Carry out `import`."""
    from patentscope.importing import import_files  # noqa: PLC0415

    paths = [Path(name) for name in options.files]
    account = import_files(paths, Path(options.out), form=options.format, most_bad=options.most_bad)
    if options.json:
        print_json(account)
        return 0
    for file in account["files"]:
        print(
            f"{file['path']}: {file['format']}, {file['encoding']}: {file['rows_in']} rows = "
            f"{file['publications']} publications + {file['duplicates']} duplicates + "
            f"{sum(entry['count'] for entry in file['set_aside'])} set aside"
        )
        for entry in file["set_aside"]:
            first = f" (first: {', '.join(entry['first'])})" if entry["first"] else ""
            print(f"  set aside: {entry['count']}, {entry['reason']}{first}")
        for name, text in file["notes"].items():
            print(f"  {name}: {text}")
    print(f"{account['publications']} publications in {account['out']}")
    return 0


def print_claim(claim: dict[str, Any]) -> None:
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


def report(options: argparse.Namespace) -> int:
    """Carry out `report`."""
    from patentscope.charts import save_all  # noqa: PLC0415
    from patentscope.evidence import find_run  # noqa: PLC0415
    from patentscope.stages import write_report  # noqa: PLC0415

    folder = find_run(options.run)
    write_report(folder)
    path = folder.file("report.html")
    saved = [str(chart) for chart in save_all(folder, Path(options.charts))] if options.charts else []
    if options.json:
        print_json({"report": str(path), "bytes": path.stat().st_size, "charts": saved})
        return 0
    print(f"Report: {path}")
    if saved:
        print(f"Charts: {len(saved)} files in {options.charts}")
    return 0


def check(options: argparse.Namespace) -> int:
    """Carry out `check`."""
    from patentscope.evidence import check as hold  # noqa: PLC0415
    from patentscope.evidence import find_run  # noqa: PLC0415

    result = hold(find_run(options.run), options.claim)
    print_json(result) if options.json else print_claim(result)
    return 0


def show(options: argparse.Namespace) -> int:
    """Carry out `show`."""
    from dataclasses import asdict  # noqa: PLC0415

    from patentscope.evidence import find_run  # noqa: PLC0415
    from patentscope.evidence import show as look_up  # noqa: PLC0415

    found = look_up(
        find_run(options.run),
        country=options.country,
        year=options.year,
        spec=options.spec,
        question=options.question,
    )
    rows = found.publications.astype(object).where(found.publications.notna(), None).to_dict(orient="records")
    if options.json:
        head = {"spec_id": found.convention.spec_id, "convention": asdict(found.convention), "n": found.n}
        print_json({**head, "country": found.country, "year": found.year, "units": found.units, "publications": rows})
        return 0
    where = f"{found.country or 'all countries'}, {found.year or 'all years'}"
    print(f"{found.n:g} for {where}: {found.convention.in_words()} [{found.convention.spec_id}]")
    print(f"{found.units} units in {len(rows)} publications")
    for row in rows:
        date = row["publication_date"] or "no date"
        print(f"  {row['publication_number']:<16}{date!s:<12}{row['family_id']}  {row['title'] or '(no title)'}")
        print(f"  {'':<16}{row['page']}")
    return 0
