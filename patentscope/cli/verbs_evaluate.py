"""What `evaluate` does: try the classifier on a user's own labels, and print how well it learns them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentscope.cli.verbs import print_json
from patentscope.errors import UsageError

if TYPE_CHECKING:
    import argparse

_METRICS = ("f1", "precision", "recall", "average_precision")
_HEAD = ("", "F1", "precision", "recall", "average prec.")
_FIRST, _WIDE = 26, 19
_MOST_SEED = 2**32 - 1


def register(verb: argparse.ArgumentParser) -> None:
    """Add the options of `evaluate`."""
    verb.add_argument(
        "--labelled", metavar="FILE.csv", nargs="+", required=True, help="labelled texts; files are pooled"
    )
    verb.add_argument(
        "--text", metavar="COL[,COL]", required=True, help="columns of text; the first of two is the title"
    )
    verb.add_argument("--label", metavar="COL", required=True, help="the column of labels")
    verb.add_argument(
        "--positive",
        metavar="VALUE",
        required=True,
        help="the label that means on topic; '*' for any that is not empty",
    )
    verb.add_argument("--folds", metavar="N", type=int, default=5, help="of the cross-validation (default: 5)")
    verb.add_argument("--seed", metavar="N", type=int, default=0, help="of folds, models and intervals (default: 0)")
    verb.add_argument("--by", metavar="COL", default="", help="give results by the values of this column, too")
    verb.add_argument("--group", metavar="COL", default="", help="rows of one value (a family) are held out together")
    verb.add_argument("--hard", metavar="COL=VALUE", default="", help="which negatives are hard (default: see README)")
    verb.add_argument(
        "--leave-out", metavar="VALUE", nargs="+", default=[], help="labels of rows to set aside, such as borderline"
    )
    verb.add_argument("--query", metavar="QUERY", help="a query file, whose terms the model may use")


def evaluate(options: argparse.Namespace) -> int:
    """Carry out `evaluate`."""
    from patentscope.classify.evaluate.evaluate import evaluate as carry_out  # noqa: PLC0415
    from patentscope.classify.evaluate.examples import Wanted  # noqa: PLC0415
    from patentscope.query.query import Query  # noqa: PLC0415

    column, equals, value = options.hard.rpartition("=")
    if options.hard and not (equals and column):
        raise UsageError(f"--hard {options.hard!r}: expected a column and a value, such as kind=near")
    if not 0 <= options.seed <= _MOST_SEED:
        raise UsageError(f"--seed {options.seed}: expected a whole number from 0 to {_MOST_SEED}")
    wanted = Wanted(
        options.text,
        options.label,
        options.positive,
        leave_out=tuple(options.leave_out),
        group=options.group,
        by=options.by,
        hard=(column, value),
    )
    paths = [Path(name) for name in options.labelled]
    query = Query.load(options.query) if options.query else None
    from patentscope.cli.progress import progress  # noqa: PLC0415

    with progress() as tell:
        found = carry_out(paths, wanted, folds=options.folds, seed=options.seed, query=query, progress=tell)
    print_json(found) if options.json else _print(found)
    return 0


def _print(found: dict[str, Any]) -> None:
    from patentscope.classify.evaluate.remarks import rule_lines  # noqa: PLC0415

    for file in found["files"]:
        aside = "".join(f"; {entry['count']} set aside: {entry['reason']}" for entry in file["set_aside"])
        print(f"{file['path']}: {file['rows']} of {file['rows_in']} rows{aside}")
    print(
        f"{found['rows']} rows, {found['positives']} positive, {found['groups']} groups; "
        f"nested cross-validation in {found['folds']} folds, seed {found['seed']}; 95 % intervals"
    )
    print()
    print("".join(f"{text:<{_WIDE if place else _FIRST}}" for place, text in enumerate(_HEAD)).rstrip())
    _print_row("all", found["overall"])
    hard = found["hard_negatives"]
    for label, part in hard["by_label"].items():
        if len(hard["by_label"]) > 1:
            _print_row(f"  against {label}", part)
    _print_row("hard negatives", hard)
    for value, part in found["by"].items():
        _print_row(value, part)
    for group, part in found.get("word_lists", {}).items():
        _print_row(f"terms of {group} alone", part)
    for line in rule_lines(found.get("rules", ())):
        print(line)
    print()
    print(f"Hard negatives: {hard['which']}; {hard['called_positive']:.0%} of them called positive.")
    stacks = ", ".join(f"{names} in {count} folds" for names, count in found["model"]["stacks"].items())
    print(f"Model: a stack of {stacks}. Brier score {found['calibration']['brier']:.3f}.")
    for note in found["notes"]:
        print(f"Note: {note}")


def _print_row(name: str, part: dict[str, Any]) -> None:
    short = name if len(name) < _FIRST else f"{name[: _FIRST - 2]}…"
    if "not_enough_evidence" in part:
        print(f"{short:<{_FIRST}}not enough evidence: {part['not_enough_evidence']}")
        return
    cells = [
        "-" if part[metric]["value"] is None else "{value:.3f} {low:.3f}..{high:.3f}".format(**part[metric])
        for metric in _METRICS
    ]
    print(f"{short:<{_FIRST}}{''.join(f'{cell:<{_WIDE}}' for cell in cells).rstrip()}")
