"""What each verb of the command line does: call the library, and print what it found.

Heavy imports stand inside the verbs, so that `--help` is quick.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentscope.cli.progress import progress

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Mapping

    from patentscope.fetch.asking import Asking
    from patentscope.query.query import Query
    from patentscope.report.run import Run


def print_json(value: object) -> None:
    """Print one JSON document."""
    print(json.dumps(value, indent=1, ensure_ascii=False, default=str))


def run(options: argparse.Namespace) -> int:
    """Carry out `run`."""
    from patentscope.pipeline import run as carry_out  # noqa: PLC0415
    from patentscope.query.query import Query  # noqa: PLC0415

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
            engine=options.engine,
            candidates=options.candidates,
            cache=options.cache,
            out=options.out,
            progress=tell,
        )
    kept = {"labels": done.labels} if done.labels else {}
    if options.json:
        print_json({"run": str(done.path), "claims": done.verdicts, "skipped": done.folder.skipped, **kept})
        return 0
    print_records(done)
    for claim in done.verdicts:
        print_claim(claim)
    if done.folder.skipped:
        print(f"Unchanged, so not done again: {', '.join(done.folder.skipped)}", file=sys.stderr)
    if kept:
        aims = ", ".join(f"{n} for {aim}" for aim, n in done.labels["notes"]["labels"].items())
        print(f"Labels applied to this run before were kept, and counted with: {aims}", file=sys.stderr)
    print(f"Report: {done.path / 'report.html'}")
    return 0


def print_records(done: Run) -> None:
    """Print how many records a run is on, and how many families each reading found on topic among them."""
    taken, classified = (done.folder.stage(name) or {} for name in ("publications", "classify"))
    prefix = "families in "
    found = {key.removeprefix(prefix): n for key, n in classified["notes"].items() if key.startswith(prefix)}
    by_reading = ", ".join(f"{reading} {n:,}" for reading, n in found.items())
    if "rows of the collection" in taken["notes"]:
        rows, kept = (taken["notes"][f"rows of {what}"] for what in ("the collection", "candidate families"))
        print(f"{rows:,} rows in the collection, {kept:,} of them of families that may meet a reading of the query")
    print(f"{taken['rows_out']:,} publications in {classified['rows_in']:,} simple families; on topic: {by_reading}")
    if not any(found.values()):
        print("  None is on topic: look at the classes and terms of the query, and at what was searched for.")
    print()


def fetch(options: argparse.Namespace) -> int:
    """Carry out `fetch`."""
    from patentscope.fetch.gather import gather  # noqa: PLC0415
    from patentscope.query.query import Query  # noqa: PLC0415

    query = Query.load(options.query)
    if options.count:
        return _count(options, query)
    if options.sql:
        return _sql(options, query)
    with progress() as tell:
        found = gather(query, _asking(options, tell), sources=options.source or query.sources)
    if options.json:
        from patentscope.provenance.ledger import as_json  # noqa: PLC0415

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
    from patentscope.fetch.asking import Asking  # noqa: PLC0415

    return Asking(
        Path(options.cache),
        not_before=options.not_before,
        families=options.families,
        most_gib=options.most_gib,
        progress=tell,
    )


def _count(options: argparse.Namespace, query: Query) -> int:
    """Print what the office states by search, office and year; nothing is pulled."""
    from patentscope.fetch.ops import source as ops  # noqa: PLC0415

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
    from patentscope.fetch.bigquery.sql import statement  # noqa: PLC0415

    sql = statement(query)
    print_json({"sql": sql}) if options.json else print(sql, end="")
    return 0


def import_(options: argparse.Namespace) -> int:
    """Carry out `import`."""
    from patentscope.files.import_files import import_files  # noqa: PLC0415

    paths = [Path(name) for name in options.files]
    with progress() as tell:
        account = import_files(paths, Path(options.out), form=options.format, most_bad=options.most_bad, progress=tell)
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


def print_claim(claim: Mapping[str, Any]) -> None:
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
    if claim["nearest"]:
        print(f"  {claim['nearest_in_words']}")
    for line in misread_lines(claim):
        print(f"  {line}")
    if claim["would_decide"]:
        print(f"  What would decide it: {'; '.join(claim['would_decide'])}.")
    print()


def misread_lines(claim: Mapping[str, Any]) -> Iterator[str]:
    """Yield, for each thing that the claim's figure is often taken for, how many admissible specifications fit it."""
    for reading in dict.fromkeys(entry["reading"] for entry in claim["misreadings"]):
        rows = [row for row in claim["misreadings"] if row["reading"] == reading and row["nearest"]]
        if not rows:
            continue
        kind, target = rows[0]["measure"], rows[0]["ratio_or_share"]
        near = ", ".join(f"{row['question']} {row['near']} of {row['specifications']}" for row in rows)
        best = min((row["nearest"] for row in rows), key=lambda entry: abs(entry[kind] - target))
        yield (
            f'Taken for "{reading}" ({rows[0]["says"]}): {near} come near; the nearest gives {best[kind]:.2f}: '
            f"{best['in_words']} [{best['spec_id']}]"
        )


def report(options: argparse.Namespace) -> int:
    """Carry out `report`."""
    from patentscope.provenance.run_folder import find_run  # noqa: PLC0415
    from patentscope.report.charts.all_charts import save_all  # noqa: PLC0415
    from patentscope.report.write import write_report  # noqa: PLC0415

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
