"""What the verbs on a finished run do: judge any claim, list what is behind a number, compare two runs, verify one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from patentscope.cli.printing import table_lines
from patentscope.cli.verb import RUN, argument, verb

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
    examples=(
        f'check {_RUN} "CN > US+AU+JP by 73% in 2024"',
        f'check {_RUN} "JP+KR < CN in 2015..2020"',
        f'check {_RUN} "share of CN > 60% in 2024" --tolerance 0.05 --json',
    ),
)
def check(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `check`."""
    from patentscope.provenance.run_folder import find_run
    from patentscope.runs.evidence import check as hold

    result = hold(find_run(options.run), options.claim, tolerance=options.tolerance)
    yield result
    yield from claim_lines(result)


@verb(
    "show",
    "list the publications behind a number",
    RUN,
    argument("--country", metavar="CODE", help="a country of counts.csv, or `unknown`"),
    argument("--year", metavar="YEAR", type=int, help="one year"),
    argument("--spec", metavar="ID", help="a spec_id of curve.csv, or its beginning"),
    argument("--question", metavar="NAME", help="market, ownership, invention or international, at its first levels"),
    examples=(
        f"show {_RUN} --question market --country US --year 2010",
        f"show {_RUN} --country CN --json",
    ),
)
def show(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `show`."""
    from dataclasses import asdict

    from patentscope.provenance.run_folder import find_run
    from patentscope.runs.evidence import show as look_up

    country = options.country if options.country in {None, "unknown"} else options.country.upper()
    asked = {name: getattr(options, name) for name in ("year", "spec", "question")}
    cell = look_up(find_run(options.run), country=country, **asked)
    rows = cell.publications.astype(object).where(cell.publications.notna(), None).to_dict(orient="records")
    head = {"spec_id": cell.convention.spec_id, "convention": asdict(cell.convention), "n": cell.n}
    yield {**head, "country": cell.country, "year": cell.year, "units": cell.units, "publications": rows}
    where = f"{cell.country or 'all countries'}, {cell.year or 'all years'}"
    yield f"{cell.n:g} for {where}: {cell.convention.in_words()} [{cell.convention.spec_id}]"
    yield f"{cell.units} units in {len(rows)} publications"
    for row in rows:
        date = row["publication_date"] or "no date"
        yield f"  {row['publication_number']:<16}{date!s:<12}{row['family_id']}  {row['title'] or '(no title)'}"
        yield f"  {'':<16}{row['page']}"


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


def claim_lines(claim: Mapping[str, Any]) -> Iterator[str]:
    """Yield a claim, its verdict, and a line per question."""
    yield f"“{claim['quote']}”"
    yield f"  {claim['sentence']}"
    rows = [
        (
            entry["question"],
            entry["verdict"],
            f"{entry['specifications']} of {entry['listed']} specifications admissible",
            "" if entry["median_ratio"] is None else f"median ratio {entry['median_ratio']:.2f}",
        )
        for entry in claim["questions"]
    ]
    yield from table_lines(rows, indent=4)
    if claim["nearest"]:
        yield f"  {claim['nearest_in_words']}"
    yield from (f"  {line}" for line in misread_lines(claim))
    if claim["would_decide"]:
        yield f"  What would decide it: {'; '.join(claim['would_decide'])}."
    yield ""


def misread_lines(claim: Mapping[str, Any]) -> Iterator[str]:
    """Yield, for each thing that the claim's figure is often taken for, how many results fit it."""
    for reading in dict.fromkeys(entry["reading"] for entry in claim["misreadings"]):
        rows = [row for row in claim["misreadings"] if row["reading"] == reading and row["nearest"]]
        if not rows:
            continue
        kind, target = rows[0]["measure"], rows[0]["ratio_or_share"]
        near = ", ".join(f"{row['question']} {row['near']} of {row['results']}" for row in rows)
        best = min((row["nearest"] for row in rows), key=lambda entry: abs(entry[kind] - target))
        yield (
            f'Taken for "{reading}" ({rows[0]["says"]}): {near} come near; the nearest gives {best[kind]:.2f}: '
            f"{best['in_words']} [{best['spec_id']}]"
        )
