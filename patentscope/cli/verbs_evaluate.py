"""What `evaluate` does: try the classifier on a user's own labels, and print how well it learns them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from patentscope.cli.printing import print_json, print_table
from patentscope.cli.verb import argument, verb
from patentscope.errors import UsageError

_METRICS = ("f1", "precision", "recall", "average_precision")
_HEAD = ("", "F1", "precision", "recall", "average prec.")
_MOST_SEED = 2**32 - 1


@verb(
    "evaluate",
    "try the classifier on your own labelled texts: precision, recall, F1, with intervals",
    argument("--labelled", metavar="FILE.csv", nargs="+", required=True, help="labelled texts; files are pooled"),
    argument("--text", metavar="COL[,COL]", required=True, help="columns of text; the first of two is the title"),
    argument("--label", metavar="COL", required=True, help="the column of labels"),
    argument("--positive", metavar="VALUE", required=True, help="the label of what is on topic; '*': any but empty"),
    argument("--folds", metavar="N", type=int, default=5, help="of the cross-validation (default: 5)"),
    argument("--seed", metavar="N", type=int, default=0, help="for folds, models and intervals (default: 0)"),
    argument("--by", metavar="COL", default="", help="results for each value of this column, too"),
    argument("--group", metavar="COL", default="", help="hold out rows of one value (a family) together"),
    argument("--hard", metavar="COL=VALUE", default="", help="which negatives are hard (default: see README)"),
    argument(
        "--leave-out", metavar="VALUE", nargs="+", default=[], help="set rows with these labels aside: borderline"
    ),
    argument("--query", metavar="QUERY", help="a query file, whose terms the model may use"),
    examples=(
        "evaluate --labelled labelled.csv --text title,abstract --label label --positive in",
        "evaluate --labelled labelled.csv --text title --label label --positive in --by language --group family --json",
    ),
)
def evaluate(options: argparse.Namespace) -> int:
    """Carry out `evaluate`."""
    from patentscope.classify.evaluate.evaluate import evaluate as carry_out
    from patentscope.classify.evaluate.examples import Wanted
    from patentscope.cli.progress import progress
    from patentscope.query.query import Query

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
    with progress() as tell:
        results = carry_out(paths, wanted, folds=options.folds, seed=options.seed, query=query, progress=tell)
    print_json(results) if options.json else _print(results)
    return 0


def _print(results: dict[str, Any]) -> None:
    from patentscope.classify.evaluate.remarks import rule_lines

    for file in results["files"]:
        aside = "".join(f"; {entry['count']} set aside: {entry['reason']}" for entry in file["set_aside"])
        print(f"{file['path']}: {file['rows']} of {file['rows_in']} rows{aside}")
    print(
        f"{results['rows']} rows, {results['positives']} positive, {results['groups']} groups; "
        f"nested cross-validation in {results['folds']} folds, seed {results['seed']}; 95 % intervals"
    )
    print()
    hard = results["hard_negatives"]
    against = hard["by_label"] if len(hard["by_label"]) > 1 else {}
    parts = {
        "all": results["overall"],
        **{f"  against {label}": part for label, part in against.items()},
        "hard negatives": hard,
        **results["by"],
        **{f"terms of {group} alone": part for group, part in results.get("word_lists", {}).items()},
    }
    lacking = {name: part["not_enough_evidence"] for name, part in parts.items() if "not_enough_evidence" in part}
    print_table(((name, *_cells(part)) for name, part in parts.items() if name not in lacking), *_HEAD)
    for name, reason in lacking.items():
        print(f"{name}: not enough evidence: {reason}")
    for line in rule_lines(results.get("rules", ())):
        print(line)
    print()
    print(f"Hard negatives: {hard['which']}; {hard['called_positive']:.0%} of them called positive.")
    stacks = ", ".join(f"{names} in {count} folds" for names, count in results["model"]["stacks"].items())
    print(f"Model: a stack of {stacks}. Brier score {results['calibration']['brier']:.3f}.")
    for note in results["notes"]:
        print(f"Note: {note}")


def _cells(part: dict[str, Any]) -> list[str]:
    values = (part[metric] for metric in _METRICS)
    return ["-" if it["value"] is None else "{value:.3f} {low:.3f}..{high:.3f}".format(**it) for it in values]
