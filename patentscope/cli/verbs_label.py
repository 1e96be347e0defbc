"""What `label` does: draw families for a reader, take the sheets back, hold two readers against each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentscope.cli.add_verb import add_verb
from patentscope.cli.verbs import print_claim, print_json
from patentscope.errors import UsageError

if TYPE_CHECKING:
    import argparse


def register(label: argparse.ArgumentParser) -> None:
    """Add `draw`, `apply` and `agree` to the verb `label`."""
    parts = label.add_subparsers(title="what to do", metavar="WHAT", required=True)

    text = "draw families to label, and write them as a sheet for a spreadsheet"
    drawn = add_verb(parts, "draw", draw, text, part_of="label")
    drawn.add_argument("run", metavar="RUN", help="a run's folder, or its name under ./runs")
    drawn.add_argument(
        "--per-country", metavar="N", type=int, required=True, help="families per country that the claims name"
    )
    drawn.add_argument("--out", metavar="SHEET.csv", required=True, help="the sheet to write")
    drawn.add_argument(
        "--aim",
        choices=["audit", "train"],
        default="audit",
        help="audit: at random, to put counts right (default); train: the least certain, to teach the classifier",
    )
    drawn.add_argument("--seed", metavar="N", type=int, default=0, help="of the draw; a larger one holds the smaller")
    drawn.add_argument(
        "--years", metavar="YEAR", nargs=2, type=int, help="first and last year drawn for (default: the claims' own)"
    )

    applied = add_verb(parts, "apply", apply, "take sheets back, and count again with their labels", part_of="label")
    applied.add_argument("run", metavar="RUN", help="a run's folder, or its name under ./runs")
    applied.add_argument(
        "sheets", metavar="SHEET.csv", nargs="+", help="all sheets of an aim: labels of it applied before are replaced"
    )

    text = "hold two readers' sheets against each other: Cohen's kappa"
    agreed = add_verb(parts, "agree", agree, text, part_of="label")
    agreed.add_argument("first", metavar="SHEET_A", help="one reader's sheet")
    agreed.add_argument("second", metavar="SHEET_B", help="the other reader's")


def draw(options: argparse.Namespace) -> int:
    """Carry out `label draw`."""
    from patentscope.provenance.run_folder import find_run  # noqa: PLC0415
    from patentscope.runs.label import draw as draw_sheet  # noqa: PLC0415

    out = Path(options.out)
    if out.exists():
        raise UsageError(f"{out}: there is a file already, and it may hold a reader's work; name another")
    if not out.parent.is_dir():
        raise UsageError(f"{out}: there is no folder {out.parent}; make it first")
    years = (options.years[0], options.years[1]) if options.years else None
    found = draw_sheet(
        find_run(options.run), out, per_country=options.per_country, aim=options.aim, seed=options.seed, years=years
    )
    if options.json:
        facts = {"sheet": str(found.path), "aim": options.aim, "seed": options.seed, "years": list(found.years)}
        print_json({**facts, "rows": found.rows, "strata": found.strata})
        return 0
    first, last = found.years
    print(f"{found.rows} families to label ({options.aim}) in {found.path}, with a date in {first}..{last}:")
    for row in found.strata:
        print(f"  {row['stratum']:<24}{row['drawn']:>6} of {row['families']}")
    print("Fill in the column `label` with in, borderline or out (the rule is in METHODS.md), then `label apply` it.")
    return 0


def apply(options: argparse.Namespace) -> int:
    """Carry out `label apply`."""
    from patentscope.pipeline import count_again  # noqa: PLC0415
    from patentscope.provenance.run_folder import find_run  # noqa: PLC0415
    from patentscope.runs.label import apply as take_back  # noqa: PLC0415

    folder = find_run(options.run)
    taken = take_back(folder, [Path(name) for name in options.sheets])
    from patentscope.cli.progress import progress  # noqa: PLC0415

    with progress() as tell:
        done = count_again(folder, tell)
    if options.json:
        print_json({"run": str(done.path), "labels": done.labels, "claims": done.verdicts, "skipped": folder.skipped})
        return 0
    record = taken.record
    aims = ", ".join(f"{n} for {aim}" for aim, n in record.notes["taken"].items())
    print(f"{record.rows_in} rows = {record.rows_out} kept ({aims}) + {record.rows_in - record.rows_out} left out")
    for word, entries in (("left out", record.dropped), ("kept", record.gaps)):
        for reason in dict.fromkeys(loss.reason for loss in entries):
            by = ", ".join(f"{loss.country} {loss.count}" for loss in entries if loss.reason == reason)
            print(f"  {word}: {reason} ({by})")
    for claim in done.verdicts:
        print_claim(claim)
        print_audited(claim)
    print(f"Report: {done.path / 'report.html'}")
    return 0


def print_audited(claim: dict[str, Any]) -> None:
    """Print what the labels say for each question of a claim, with its interval."""
    for entry in claim["questions"]:
        if "audited" in entry and entry["audited"]["ratio"] is not None:
            one = entry["audited"]
            low, high = ("none" if one[end] is None else f"{one[end]:.2f}" for end in ("low", "high"))
            state = "" if one["admissible"] else f"; not admissible: {one['reason']}"
            print(f"  Audited, {entry['question']}: {one['ratio']:.2f} ({low} to {high}), {one['in_words']}{state}")


def agree(options: argparse.Namespace) -> int:
    """Carry out `label agree`."""
    from patentscope.runs.label import agree as compare  # noqa: PLC0415

    found = compare(Path(options.first), Path(options.second))
    if options.json:
        print_json(found)
        return 0
    for name, entry in {"overall": found["overall"], **found["by"]}.items():
        figures = "kappa not defined (one label throughout)"
        if entry["kappa"] is not None:
            figures = f"kappa {entry['kappa']:.2f} ({entry['low']:.2f} to {entry['high']:.2f})"
        print(f"{name:<10}{entry['agreed']:>5} of {entry['families']} families alike, {figures}")
    names = ("in", "borderline", "out")
    print(f"{'':<22}" + "".join(f"{name:>12}" for name in names) + "   (second reader)")
    for one in names:
        print(f"{one:<22}" + "".join(f"{found['overall']['table'][f'{one}_{other}']:>12}" for other in names))
    print(
        f"Labelled by the first reader only: {found['only_first']}, by the second only: {found['only_second']}, "
        f"by neither: {found['neither']}"
    )
    return 0
