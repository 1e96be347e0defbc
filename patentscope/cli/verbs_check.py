"""What the verbs on a finished run do: judge any claim, list what is behind a number, compare two runs, verify one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from patentscope.cli.verbs import print_claim, print_json

if TYPE_CHECKING:
    import argparse


def check(options: argparse.Namespace) -> int:
    """Carry out `check`."""
    from patentscope.provenance.run_folder import find_run  # noqa: PLC0415
    from patentscope.runs.evidence import check as hold  # noqa: PLC0415

    result = hold(find_run(options.run), options.claim, tolerance=options.tolerance)
    print_json(result) if options.json else print_claim(result)
    return 0


def show(options: argparse.Namespace) -> int:
    """Carry out `show`."""
    from dataclasses import asdict  # noqa: PLC0415

    from patentscope.provenance.run_folder import find_run  # noqa: PLC0415
    from patentscope.runs.evidence import show as look_up  # noqa: PLC0415

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


def diff(options: argparse.Namespace) -> int:
    """Carry out `diff`."""
    from patentscope.provenance.run_folder import find_run  # noqa: PLC0415
    from patentscope.runs.diff.compare import compare  # noqa: PLC0415
    from patentscope.runs.diff.lines import lines  # noqa: PLC0415

    found = compare(find_run(options.run_a), find_run(options.run_b))
    if options.json:
        print_json(found)
        return 0
    for line in lines(found):
        print(line)
    return 0


def verify(options: argparse.Namespace) -> int:
    """Carry out `verify`; 1 where a file was touched."""
    from patentscope.runs.verify import AS_MADE  # noqa: PLC0415
    from patentscope.runs.verify import verify as hold  # noqa: PLC0415

    path = Path(options.run)
    found = hold(path if path.is_dir() else Path("runs") / options.run)
    code = 0 if found["untouched"] else 1
    if options.json:
        print_json(found)
        return code
    for row in found["files"]:
        if row["state"] != AS_MADE:
            print(f"  {row['file']}: {row['state']}")
    count = sum(row["state"] == AS_MADE for row in found["files"])
    version = "this version" if found["made_by_this_version"] else "another version of the program, or changed code"
    rest = "; others were touched since" if code else ""
    print(f"{found['run']}: {count} files as made{rest}; made by {version}")
    return code
