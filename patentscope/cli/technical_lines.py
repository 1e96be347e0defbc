"""What `--verbose` adds to an answer: results, reasons, thresholds and ids, for a reader who knows METHODS.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from patentscope.cli.printing import table_lines, text_lines
from patentscope.query.claim import SHARE

if TYPE_CHECKING:
    from patentscope.aggregate.answers.entry import Entry, Near, Question


def technical_lines(entry: Entry) -> Iterator[str]:
    """Yield an entry of verdict.json, as far as `answer_lines` doesn't say it."""
    yield from _results(entry)
    yield from _concerns(entry)
    yield from _stopped(entry)
    rows = [(way["way"], way["spec_id"], _points(way["points"]), way["reason"]) for way in entry["ways"]]
    yield from _table("Recognised ways", rows, "way", "spec_id", "points", "why stopped or not judged")
    for group in entry["equal_readings"]:
        yield from text_lines(f"One topic definition, as they take the same families: {', '.join(group)}", indent=2)
    if entry["nearest_in_words"]:
        yield from text_lines(entry["nearest_in_words"], indent=2)
    near = [(one["question"], one["spec_id"], _ratio(one["ratio"]), one["in_words"]) for one in entry["nearest"]]
    yield from _table("Nearest to the claimed size", near, "question", "spec_id", "ratio", "")
    for line in misread_lines(entry):
        yield from text_lines(line, indent=2)
    yield from _table("Thresholds", [(name, f"{value:g}") for name, value in entry["thresholds"].items()])


def misread_lines(entry: Entry) -> Iterator[str]:
    """Yield, for each thing that the claim's figure is often taken for, how many results fit it."""
    for reading in dict.fromkeys(one["reading"] for one in entry["misreadings"]):
        rows = [one for one in entry["misreadings"] if one["reading"] == reading and one["nearest"]]
        if not rows:
            continue
        target = rows[0]["ratio_or_share"]
        near = ", ".join(f"{one['question']} {one['near']} of {one['results']}" for one in rows)
        measured = [
            (value, one["nearest"])
            for one in rows
            if one["nearest"] and (value := _measure(one["nearest"], one["measure"])) is not None
        ]
        value, best = min(measured, key=lambda pair: abs(pair[0] - target))
        yield (
            f'Taken for "{reading}" ({rows[0]["says"]}): {near} come near; the nearest gives {value:.2f}: '
            f"{best['in_words']} [{best['spec_id']}]"
        )


def _measure(near: Near, measure: str) -> float | None:
    return near.get("share") if measure == SHARE else near["ratio"]


def _results(entry: Entry) -> Iterator[str]:
    yield from _table("Results", [_result(one) for one in entry["questions"]], *_RESULT)


#: What is said of a question's results: the measure is the ratio, or for a claim on a share the share.
_RESULT = (
    *("question", "spec_id", "listed", "judged", "results", "points", "measure", "all results"),
    *("middle eight in ten", "ahead, behind, open, near"),
)


def _result(one: Question) -> tuple[str | int, ...]:
    counted = (one["question"], one["spec_id"], one["listed"], one["judged"], one["results"], _points(one["points"]))
    if one["figure"] is None:
        return (*counted, "", "", "", "")
    measured: tuple[float | None, ...] = (
        *(one["ratio"], one["min_ratio"], one["max_ratio"], one["p10_ratio"], one["p90_ratio"]),
    )
    if "share" in one:
        ends = (one.get("min_share"), one.get("max_share"), one.get("p10_share"), one.get("p90_share"))
        measured = (one["share"], *ends)
    figure, least, most, low, high = map(_ratio, measured)
    parts = (one["share_ahead"], one["share_behind"], one["share_open"], one["share_near"])
    said = ", ".join("none" if part is None else f"{part:.2f}" for part in parts)
    return (*counted, figure, f"{least} to {most}", f"{low} to {high}", said)


def _concerns(entry: Entry) -> Iterator[str]:
    concerns = [one for question in entry["questions"] for one in question["concerns"]]
    rows = [
        (one["question"], one["concern"], one["side"] or "", _found(one["found"]), one["needed"], one["points"])
        for one in concerns
    ]
    yield from _table("Concerns", rows, "question", "concern", "side", "found", "needed", "points")


def _stopped(entry: Entry) -> Iterator[str]:
    rows = [(one["question"], one["n"], one["reason"]) for one in entry["stopped"]]
    yield from _table("Stopped", rows, "question", "ways", "reason")


def _table(title: str, rows: Sequence[Sequence[str | int]], *head: str) -> Iterator[str]:
    if rows:
        yield from text_lines(title, indent=2, style="bold")
        yield from table_lines(rows, *head, indent=4)


def _points(points: int | None) -> str:
    return "" if points is None else str(points)


def _found(found: float | str | None) -> str:
    return "can't be told" if found is None else found if isinstance(found, str) else f"{found:.3g}"


def _ratio(ratio: float | None) -> str:
    return "infinite" if ratio is None else f"{ratio:.3g}"
