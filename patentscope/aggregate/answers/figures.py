"""What rows and results measure, as an entry of verdict.json has it: figures, ranges, and parts of the results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from patentscope.aggregate.answers.entry import Figures
from patentscope.aggregate.answers.results import AHEAD, BEHIND, Result
from patentscope.aggregate.answers.verdict import first_named, shares
from patentscope.aggregate.claims import size
from patentscope.aggregate.claims.specified import Specified
from patentscope.query.claim import RATIO, SHARE, Claim


def _figure(value: float | None) -> float | None:
    return None if value is None else round(float(value), 6)


def figures(row: Specified, way: str | None) -> Figures:
    """Return one row's figures; for a claim on a share, the share as well."""
    low, high = row.bounds
    t, c = row.tally, row.convention
    sides, others = (t.left, t.right), (t.overlap, t.unknown, t.imputed, t.imputed_here)
    is_whole = c.share != "fractional" and not row.is_audited
    left, right = (int(n) if is_whole else round(float(n), 6) for n in sides)
    overlap, unknown, imputed, here = (round(float(n), 6) if row.is_audited else int(n) for n in others)
    return cast(
        "Figures",
        {
            "spec_id": c.spec_id,
            "way": way,
            "in_words": c.in_words(),
            "unit": c.unit,
            "documents": c.documents,
            "basis": c.basis,
            "date": c.date,
            "topic": c.topic,
            "share_level": c.share,
            "is_audited": row.is_audited,
            "as_of": c.as_of.isoformat(),
            "left_n": left,
            "right_n": right,
            "overlap_n": overlap,
            "unknown_n": unknown,
            "imputed_n": imputed,
            "imputed_here_n": here,
            "ratio": _figure(None if row.ratio is None else float(row.ratio)),
            "low": _figure(None if low is None else float(low)),
            "high": _figure(None if high is None else float(high)),
            **_share(row),
        },
    )


def _share(row: Specified) -> dict[str, float | None]:
    if row.claim.measure == RATIO:
        return {}
    measured = (size.value(row, SHARE), *size.bounds(row, SHARE))
    names = ("share", "share_low", "share_high")
    return {name: _figure(None if n is None else float(n)) for name, n in zip(names, measured, strict=True)}


def first_ends(found: Sequence[Result]) -> dict[str, Figures | None]:
    """Return the first results, named ways first, that put the left side ahead and behind."""
    by = {where: first_named([one for one in found if one.stands == where]) for where in (AHEAD, BEHIND)}
    return {where: figures(one.shown, one.way) if one else None for where, one in by.items()}


def spread(found: Sequence[Result], kind: str, shown: Specified) -> dict[str, float | None]:
    """Return the least and most of what the results measure, and the ends of the middle eight in ten of them.

    An infinite ratio is None. The middle is widened to what is shown where that lies outside.
    """
    names = [f"{name}_{kind}" for name in ("min", "max", "p10", "p90")]
    if not found:
        return dict.fromkeys(names)
    values = sorted(_or_infinite(one.shown, kind) for one in found)
    out, own = len(values) // 10, _or_infinite(shown, kind)
    ends = (values[0], values[-1], min(values[out], own), max(values[-1 - out], own))
    return {name: None if end == float("inf") else _figure(end) for name, end in zip(names, ends, strict=True)}


def _or_infinite(row: Specified, kind: str) -> float:
    value = size.value(row, kind)
    return float("inf") if value is None else float(value)


def parts(found: Sequence[Result], claim: Claim) -> dict[str, float | None]:
    """Return the parts of the results that are ahead, behind and open, and near the size that the claim names."""
    names = ("share_ahead", "share_behind", "share_open", "share_near")
    if not found:
        return dict.fromkeys(names)
    s = shares(found)
    measured = (s.ahead, s.behind, s.open, None if claim.size is None else s.near)
    return {name: _figure(part) for name, part in zip(names, measured, strict=True)}
