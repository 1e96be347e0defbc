"""What changed between two runs, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_LISTED = 5


def lines(comparison: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines that `diff` prints from what `compare.compare` returns."""
    for name in ("a", "b"):
        run = comparison["runs"][name]
        what = f"{run['dated']}, {run['publications']:,} publications"
        yield f"{name.upper()}: {run['run']} ({run['query']}), {what}"
    for title, part in (
        ("Verdicts", _verdicts(comparison)),
        ("Baselines, by reason", _reasons(comparison)),
        ("Records", _records(comparison["records"])),
        ("Topic", _topic(comparison["topic"])),
        ("Rule, program and sources", _rule(comparison)),
        ("Counts (counts.csv), the largest changes first", _counts(comparison)),
        ("Specifications (curve.csv)", _curves(comparison)),
    ):
        yield ""
        yield f"{title}:"
        yield from [f"  {line}" for line in part] or ["  nothing"]


def _by(counts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _verdicts(comparison: Mapping[str, Any]) -> Iterator[str]:
    for row in comparison["verdicts"]:
        if row["changed"]:
            yield f"{row['claim']}, {row['question']}: {row['a'] or 'not asked'} -> {row['b'] or 'not asked'}"
    for run in ("a", "b"):
        if comparison[f"only_in_{run}"]:
            yield f"claims of {run.upper()} alone: {', '.join(comparison[f'only_in_{run}'])}"


def _reasons(comparison: Mapping[str, Any]) -> Iterator[str]:
    for row in comparison["reasons"]:
        if row["by_reason"] or row["change"]:
            by = ", ".join(f"{reason} {change:+g}" for reason, change in row["by_reason"].items())
            side = "+".join(row["countries"])
            yield (
                f"{row['claim']}, {row['question']}, {side}: {row['n'][0]:g} -> {row['n'][1]:g} "
                f"({row['change']:+g}): {by}"
            )


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
        if row["convention"]:
            yield f"{row['question']}: another baseline, {row['convention'][0]} -> {row['convention'][1]}"
        for cell in row["cells"][:_LISTED]:
            figures = f"{cell['a']:g} -> {cell['b']:g} ({cell['change']:+g})"
            yield f"{row['question']}, {cell['country']} {cell['year']}: {figures}"
        if len(row["cells"]) > _LISTED:
            yield f"{row['question']}: and {len(row['cells']) - _LISTED:,} cells more (--json lists all)"


def _curves(comparison: Mapping[str, Any]) -> Iterator[str]:
    for row in comparison["curves"]:
        before, after = row["specifications"]
        moved = [row[name] for name in ("other_ratio", "newly_admissible", "no_longer_admissible")]
        if before != after or row["in_both"] != after or any(moved):
            yield (
                f"{row['claim']}: {before:,} -> {after:,}, {row['in_both']:,} in both; of these {moved[0]:,} with "
                f"another ratio, {moved[1]:,} newly admissible, {moved[2]:,} no longer"
            )
