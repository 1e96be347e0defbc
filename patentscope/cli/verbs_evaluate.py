"""What `evaluate` does: try the classifier on a user's own labels, and print how well it learns them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from patentscope.cli.printing import table_lines
from patentscope.cli.verb import argument, verb
from patentscope.errors import UsageError

_METRICS = ("f1", "precision", "recall", "average_precision")
_HEAD = ("", "F1", "precision", "recall", "average prec.")
_RULE_HEAD = ("rule", "says", "rows", "coverage", "overlap", "conflict", "right")
_MOST_SEED = 2**32 - 1


@verb(
    "evaluate",
    "try the classifier on your own labelled texts: precision, recall, F1, with intervals",
    argument(
        "--labelled",
        metavar="FILE.csv",
        nargs="+",
        action="extend",
        required=True,
        help="labelled texts; files are pooled",
    ),
    argument("--text", metavar="COL[,COL]", required=True, help="columns of text; the first of two is the title"),
    argument("--label", metavar="COL", required=True, help="the column of labels"),
    argument("--positive", metavar="VALUE", required=True, help="the label of what is on topic; '*': any but empty"),
    argument("--folds", metavar="N", type=int, default=5, help="of the cross-validation (default: 5)"),
    argument("--seed", metavar="N", type=int, default=0, help="for folds, models and intervals (default: 0)"),
    argument("--by", metavar="COL", default="", help="results for each value of this column, too"),
    argument("--group", metavar="COL", default="", help="hold out rows of one value (a family) together"),
    argument("--hard", metavar="COL=VALUE", default="", help="which negatives are hard (default: see README)"),
    argument(
        "--leave-out",
        metavar="VALUE",
        nargs="+",
        action="extend",
        default=[],
        help="set rows with these labels aside: borderline",
    ),
    argument("--query", metavar="QUERY", help="a query, file or name, whose terms the model may use"),
    examples=(
        "evaluate --labelled labelled.csv --text title,abstract --label label --positive in",
        "evaluate --labelled labelled.csv --text title --label label --positive in --by language --group family --json",
    ),
)
def evaluate(options: argparse.Namespace) -> Iterator[Any]:
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
    names = {name: getattr(options, name) for name in ("text", "label", "positive", "group", "by")}
    wanted = Wanted(**names, leave_out=tuple(options.leave_out), hard=(column, value))
    paths = [Path(name) for name in options.labelled]
    query = Query.load(options.query) if options.query else None
    with progress() as tell:
        results = carry_out(paths, wanted, folds=options.folds, seed=options.seed, query=query, progress=tell)
    yield results
    yield from _lines(results)


def _lines(results: dict[str, Any]) -> Iterator[str]:
    for file in results["files"]:
        aside = "".join(f"; {entry['count']} set aside: {entry['reason']}" for entry in file["set_aside"])
        yield f"{file['path']}: {file['rows']} of {file['rows_in']} rows{aside}"
    yield (
        f"{results['rows']} rows, {results['positives']} positive, {results['groups']} groups; "
        f"nested cross-validation in {results['folds']} folds, seed {results['seed']}; 95 % intervals\n"
    )
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
    yield from table_lines(((name, *_cells(part)) for name, part in parts.items() if name not in lacking), *_HEAD)
    for name, reason in lacking.items():
        yield f"{name}: not enough evidence: {reason}"
    if "rules" in results:
        yield from table_lines(map(rule_row, results["rules"]), *_RULE_HEAD)
    yield f"\nHard negatives: {hard['which']}; {hard['called_positive']:.0%} of them called positive."
    stacks = ", ".join(f"{names} in {count} folds" for names, count in results["model"]["stacks"].items())
    yield f"Model: a stack of {stacks}. Brier score {results['calibration']['brier']:.3f}."
    yield from (f"Note: {note}" for note in results["notes"])


def rule_row(rule: Mapping[str, Any]) -> tuple[str | int, ...]:
    """Return a rule as a row of the table: what it says, how often, and how often that is right."""
    parts = (f"{rule[name]:.1%}" for name in ("coverage", "overlap", "conflict"))
    right = "-" if rule["accuracy"] is None else f"{rule['accuracy']:.1%}"
    return rule["rule"], "in" if rule["vote"] > 0 else "out", rule["families"], *parts, right


def _cells(part: dict[str, Any]) -> list[str]:
    values = (part[metric] for metric in _METRICS)
    return ["-" if it["value"] is None else "{value:.3f} {low:.3f}..{high:.3f}".format(**it) for it in values]
