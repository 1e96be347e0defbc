"""The table of all ways to count: one row of text per specification, with what it counts and what became of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from patentscope.aggregate.answers.results import Answers
from patentscope.aggregate.claims.specified import Specified, certainty
from patentscope.aggregate.counts.tally import Amount
from patentscope.query.claim import side_text
from patentscope.query.convention import LEVELS

CURVE_COLUMNS = [
    *("claim_id", "spec_id", "question", *LEVELS),
    *("as_of", "year", "left_n", "right_n", "overlap_n", "imputed_n", "unknown_n", "ratio", "low", "high"),
    *("points", "certainty", "stopped", "judged", "reason"),
]
_AFTER_YEAR = CURVE_COLUMNS.index("year") + 1
#: With both sets of countries, where they are not a claim's own.
SENSITIVITY_COLUMNS = [*CURVE_COLUMNS[:_AFTER_YEAR], "left", "right", *CURVE_COLUMNS[_AFTER_YEAR:]]


def curve(claims: Iterable[Answers]) -> list[dict[str, str]]:
    """Return one row of text per specification of each claim, with `SENSITIVITY_COLUMNS`."""
    return [_row(row, answers) for answers in claims for row in answers.listed]


def as_csv(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> str:
    """Return *rows* as a CSV file with these *columns*."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(map(itemgetter(*columns), rows))
    return text.getvalue()


def _row(row: Specified, answers: Answers) -> dict[str, str]:
    c, t = row.convention, row.tally
    whole = c.share != "fractional" and not row.is_audited
    low, high = row.bounds
    return {
        "claim_id": row.claim.id,
        "spec_id": c.spec_id,
        "question": c.question,
        **c.levels(),
        "as_of": c.as_of.isoformat(),
        "year": row.claim.year_text,
        "left": side_text(row.claim.left),
        "right": side_text(row.claim.right),
        "left_n": _number(t.left, whole=whole),
        "right_n": _number(t.right, whole=whole),
        "overlap_n": _number(t.overlap, whole=not row.is_audited),
        "imputed_n": _number(t.imputed, whole=not row.is_audited),
        "unknown_n": _number(t.unknown, whole=not row.is_audited),
        "ratio": _number(row.ratio, whole=False),
        "low": _number(low, whole=False),
        "high": _number(high, whole=False),
        "points": "" if row.points is None else str(row.points),
        "certainty": "" if row.points is None else certainty(row.points),
        "stopped": "true" if row.stops else "false",
        "judged": "true" if answers.is_judged(row) else "false",
        "reason": answers.reason(row),
    }


def _number(value: Amount | None, *, whole: bool) -> str:
    if value is None:
        return ""
    return str(int(value)) if whole else f"{float(value):.6f}"
