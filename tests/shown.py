"""Every figure that a run's answers print, held against what `show` lists for it."""

from __future__ import annotations

import csv
import json
import shlex
from fractions import Fraction
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest

from patentscope.aggregate.counts.tally import on_side
from patentscope.cli.parser import make_parser
from patentscope.cli.verbs_inspect import show as verb
from patentscope.query.convention import combinations
from patentscope.query.query import AUDITED
from patentscope.runs.evidence import Evidence, show

if TYPE_CHECKING:
    from patentscope.aggregate.answers.entry import Entry
    from patentscope.aggregate.landscape import Landscape
    from patentscope.provenance.run_folder import RunFolder
    from patentscope.query.claim import Claim


def hold_figures(folder: RunFolder) -> int:
    """Compare both sides of each question's figure, and of each card, with what `show` lists; return how many.

    A side of each recognised way is compared, too.

    Where labels have put a figure right, the row of the same convention that the classifier alone counts.
    """
    curve = _curve(folder)
    compared = 0
    for entry in json.loads(folder.file("verdict.json").read_text(encoding="utf-8"))["claims"]:
        for question in entry["questions"]:
            row = _listed(curve, entry["id"], question["spec_id"])
            for side in ("left", "right"):
                shown = show(folder, claim=entry["id"], question=question["question"], side=side)
                _adds_up(shown, row[f"{side}_n"])
                assert shown.is_audited == (row["spec_id"] != question["spec_id"])
                if shown.is_audited:
                    assert shown.after_labels == question[f"{side}_n"]
                elif question["figure"]:
                    assert float(row[f"{side}_n"]) == question[f"{side}_n"]
                compared += 1
        for way, side in zip(entry["ways"], cycle(("left", "right"))):
            assert float(show(folder, claim=entry["id"], way=way["way"], side=side).n) == pytest.approx(
                way[f"{side}_n"]
            )
        card = entry["card"]
        for command, side in zip(card["show"], ("left", "right"), strict=True) if card else ():
            row = _listed(curve, entry["id"], card["spec_id"])
            words = shlex.split(command.replace("RUN", shlex.quote(str(folder.path))))[1:]
            document = next(verb.carry_out(make_parser().parse_args(words)))
            assert document["n"] == float(row[f"{side}_n"]), command
            compared += 1
    return compared


def hold_card(land: Landscape, claim: Claim, entry: Entry) -> None:
    """Compare both sides of a card's figure with the units behind it; of an audited one, before the labels."""
    card = entry["card"]
    if card is None:
        return
    question = next(one for one in entry["questions"] if one["question"] == card["question"])
    figure = question.get("before_labels") or question["figure"]
    assert figure
    assert f"--spec {figure['spec_id']} " in card["show"][0]
    days = sorted({land.today, claim.said_on or land.today})
    listed = combinations([reading.name for reading in land.query.readings], land.query.axes, days)
    convention = next(one for one in listed if one.spec_id == figure["spec_id"])
    rows = land.units(convention)
    rows = rows[rows["year"].between(*claim.years)]
    for side, n in ((claim.left, figure["left_n"]), (claim.right, figure["right_n"])):
        counted = sum(on_side(rows, convention.share, side, claim.left), Fraction(0))
        assert round(float(counted), 6) == n, (card["question"], convention)


def _curve(folder: RunFolder) -> list[dict[str, str]]:
    with folder.file("curve.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _listed(curve: list[dict[str, str]], claim: str, spec: str) -> dict[str, str]:
    """Return a claim's row of a specification; of an audited one, the row of the classifier's own reading."""
    mine = [row for row in curve if row["claim_id"] == claim]
    row = next(row for row in mine if row["spec_id"] == spec)
    if row["topic"] != AUDITED:
        return row
    alike = [one for one in mine if _levels(one) == _levels(row) and "classifier" in one["topic"] and one != row]
    assert len(alike) == 1, "a run of this helper has one reading by the classifier"
    return alike[0]


def _levels(row: dict[str, str]) -> tuple[str, ...]:
    axes = ("question", "unit", "basis", "share", "date", "documents", "international", "as_of", "year")
    return tuple(row[name] for name in axes)


def _adds_up(shown: Evidence, printed: str) -> None:
    """Hold the list against the number, and the number against what curve.csv prints."""
    assert sum(shown.units["part"], Fraction(0)) == shown.n
    text = f"{float(shown.n):.6f}" if "." in printed else str(shown.n)
    assert text == printed
    assert shown.units["unit"].is_unique
    assert list(dict.fromkeys(shown.publications["unit"])) == list(shown.units["unit"])


def listed(shown: Evidence) -> dict[str, Any]:
    """Return what each unit adds, by its name."""
    return dict(zip(shown.units["unit"], shown.units["part"], strict=True))
