"""What changed between two runs, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from patentscope.aggregate.answers.words.headlines import WAYS
from patentscope.aggregate.claims.concerns import NUMBER, TOPIC
from patentscope.query.convention import QUESTIONS
from patentscope.runs.diff.answers import OVERALL

_LISTED = 5


def lines(comparison: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines that `diff` prints from what `compare.compare` returns."""
    for name in ("a", "b"):
        run = comparison["runs"][name]
        what = f"{run['dated']}, {run['publications']:,} publications"
        yield f"{name.upper()}: {run['run']} ({run['query']}), {what}"
    for title, part in (
        ("Answers", answer_lines(comparison)),
        ("Figures, by reason", _reasons(comparison)),
        ("Records", _records(comparison["records"])),
        ("Topic", _topic(comparison["topic"])),
        ("Rule, program and sources", _rule(comparison)),
        ("Counts (counts.csv), the largest changes first", _counts(comparison)),
        ("Ways to count (curve.csv)", _curves(comparison)),
    ):
        yield ""
        yield f"{title}:"
        yield from [f"  {line}" for line in part] or ["  nothing"]


def _by(counts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def answer_lines(comparison: Mapping[str, Any]) -> Iterator[str]:
    """Yield, for each answer that changed, both answers and what is behind the change, indented."""
    for row in comparison["verdicts"]:
        if row["changed"]:
            yield f"{_asked(row)}: {_arrow([_answer(row, place) for place in (0, 1)])}"
            yield from (f"  {line}" for line in _why(row))
    for run in ("a", "b"):
        if comparison[f"only_in_{run}"]:
            yield f"claims of {run.upper()} alone: {', '.join(comparison[f'only_in_{run}'])}"


def _asked(row: Mapping[str, Any]) -> str:
    return f"{row['claim']}, {QUESTIONS.get(row['question'], row['question'])}"


def _arrow(pair: Sequence[str]) -> str:
    return pair[0] if pair[0] == pair[1] else f"{pair[0]} -> {pair[1]}"


def _answer(row: Mapping[str, Any], place: int) -> str:
    """Return an answer with its certainty: `contradicted (evidence: moderate)`."""
    verdict = (row["a"], row["b"])[place]
    certainty = row["certainty"][place]
    return f"{verdict or 'not asked'} (evidence: {certainty})" if certainty else verdict or "not asked"


def _why(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is behind a changed answer: its figure, the concerns that cost more or less, what was stopped."""
    if row["figure"][0] != row["figure"][1]:
        yield _arrow([_against(figure) for figure in row["figure"]])
    for one in row["concerns"]:
        before, after = (points or 0 for points in one["points"])
        if before != after:
            held = [place for place in (0, 1) if one["points"][place] is not None]
            found = _arrow([_found(one["name"], one["found"][place]) for place in (held[0], held[-1])])
            yield f"{one['name']}: points {before} -> {after}, found: {found}, needed: {one['needed'][held[-1]]}"
    for one in row.get("stopped", ()):
        before, after = (n or 0 for n in one["n"])
        yield f"stopped, because {one['name']}: {before:,} -> {after:,} ways to count"
    for one in row.get("ways", ()):
        sides = [
            _against(None if left is None else {"left_n": left, "right_n": right})
            for left, right in zip(one["left_n"], one["right_n"], strict=True)
        ]
        stands = [value or "too little to tell" for value in one["stands"]]
        if sides[0] != sides[1] or stands[0] != stands[1]:
            yield f"{WAYS[one['name']]}: {_arrow(sides)}, {_arrow(stands)}"
    if row["question"] == OVERALL and row["sentence"][0] != row["sentence"][1]:
        yield from (f"{name}: {text}" for name, text in zip(("before", "now"), row["sentence"], strict=True) if text)


def _against(figure: Mapping[str, Any] | None) -> str:
    return "nothing counted" if figure is None else f"{figure['left_n']:,g} against {figure['right_n']:,g}"


def _found(concern: str, value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}" if concern in {NUMBER, TOPIC} else f"{value * 100:.0f} %"
    return "can't be told" if value is None else str(value)


def _reasons(comparison: Mapping[str, Any]) -> Iterator[str]:
    for row in comparison["reasons"]:
        if row["by_reason"] or row["change"]:
            by = ", ".join(f"{reason} {change:+g}" for reason, change in row["by_reason"].items())
            side = "+".join(row["countries"])
            yield (f"{_asked(row)}, {side}: {row['n'][0]:g} -> {row['n'][1]:g} ({row['change']:+g}): {by}")


def _records(records: Mapping[str, Any]) -> Iterator[str]:
    for name in ("new", "gone"):
        entry = records[name]
        if entry["count"]:
            yield f"{entry['count']:,} {name} ({_by(entry['by_office'])}), first {', '.join(entry['first'])}"
    corrected = records["corrected"]
    if corrected["count"]:
        yield f"{corrected['count']:,} corrected ({_by(corrected['by_office'])}): {_by(corrected['by_field'])}"
    for entry in corrected["first"]:
        for name, (before, after) in entry["fields"].items():
            yield f"  {entry['publication_number']} {name}: {_short(before)} -> {_short(after)}"


def _short(value: object) -> str:
    text = "nothing" if value in (None, []) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."  # noqa: PLR2004 - a line of a terminal


def _topic(topic: Mapping[str, Any]) -> Iterator[str]:
    for row in topic["readings"]:
        if row["joined"] or row["left"] or row["on_topic"][0] != row["on_topic"][1]:
            how = ", defined otherwise" if row["defined_otherwise"] else ""
            yield (
                f"{row['reading']}{how}: {row['on_topic'][0]:,} -> {row['on_topic'][1]:,} families; of those with a "
                f"publication in both runs {row['joined']:,} joined, {row['left']:,} left"
            )
    for run in ("a", "b"):
        if topic[f"only_in_{run}"]:
            yield f"readings of {run.upper()} alone: {', '.join(topic[f'only_in_{run}'])}"


def _rule(comparison: Mapping[str, Any]) -> Iterator[str]:
    rule = comparison["rule"]
    # Claims of one run alone are named beside the verdicts.
    told = tuple(f"claims.{name}." for run in ("a", "b") for name in comparison[f"only_in_{run}"])
    for row in rule["query"]:
        if not row["part"].startswith(told):
            yield f"{row['part']}: {_short(row['a'])} -> {_short(row['b'])}"
    if rule["query_diff"] and not rule["query"]:
        yield "the query's text, but nothing that it states"
    names = {"as_of": "date of the data", "tool": "patentscope", "code": "code and shipped tables", "labels": "labels"}
    for name, text in names.items():
        if rule[name]:
            yield f"{text}: {rule[name][0] or 'none'} -> {rule[name][1] or 'none'}"
    for name, (before, after) in rule["versions"].items():
        yield f"{name}: {before} -> {after}"
    for row in rule["sources"]:
        if "only_in" in row:
            yield f"source {row['source']}: in {row['only_in'].upper()} alone"
        else:
            yield f"source {row['source']}: " + ", ".join(
                f"{key} {before} -> {after}" for key, (before, after) in row["changed"].items()
            )


def _counts(comparison: Mapping[str, Any]) -> Iterator[str]:
    for row in comparison["counts"]:
        asked = QUESTIONS[row["question"]]
        if row["convention"]:
            yield f"{asked}: counted in another way, {row['convention'][0]} -> {row['convention'][1]}"
        for cell in row["cells"][:_LISTED]:
            figures = f"{cell['a']:g} -> {cell['b']:g} ({cell['change']:+g})"
            yield f"{asked}, {cell['country']} {cell['year']}: {figures}"
        if len(row["cells"]) > _LISTED:
            yield f"{asked}: and {len(row['cells']) - _LISTED:,} cells more (--json lists all)"


def _curves(comparison: Mapping[str, Any]) -> Iterator[str]:
    moves = {
        "other_ratio": "have another ratio",
        "other_points": "have other points",
        "newly_stopped": "are stopped now",
        "no_longer_stopped": "are stopped no more",
        "newly_judged": "are judged now",
        "no_longer_judged": "are judged no more",
    }
    for row in comparison["curves"]:
        before, after = row["specifications"]
        moved = [f"{row[name]:,} {words}" for name, words in moves.items() if row[name]]
        if before != after or row["in_both"] != after or moved:
            of_these = f"; of these {', '.join(moved)}" if moved else ""
            yield f"{row['claim']}: {before:,} -> {after:,}, {row['in_both']:,} in both{of_these}"
