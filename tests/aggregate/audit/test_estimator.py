"""The audited totals: unbiased whatever the classifier, with an interval that holds the truth as often as it says."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from patentscope.aggregate.audit.estimator import Design, audited_totals, errors_in_all, log_ratio_interval

#: families, share on topic, hits and false alarms of a classifier that is better in one country than in the others.
WORLD = {"CN": (1500, 0.40, 0.90, 0.10), "US": (350, 0.45, 0.75, 0.08), "JP": (250, 0.45, 0.65, 0.08)}
WORLD["AU"] = (60, 0.40, 0.75, 0.08)
REPEATS = 1500


@dataclass(frozen=True)
class Drawn:
    """One simulated audit: the ratio by each way of counting, the audit's interval, and the truth."""

    truth: float
    counted: float
    pooled: float
    audited: float
    low: float
    high: float


def simulate(rng: np.random.Generator, per_country: int, *, by_answer: bool) -> Drawn:
    """Classify the world once, label *per_country* families of each country, and estimate China over the others."""
    truth, answer, side, stratum = [], [], [], []
    for place, (families, share, hit, alarm) in enumerate(WORLD.values()):
        y = np.arange(families) < round(families * share)
        h = rng.random(families) < np.where(y, hit, alarm)
        truth.append(y)
        answer.append(h)
        side.append(np.full(families, int(place > 0)))
        stratum.append(2 * place + (h if by_answer else np.zeros(families, int)))
    y, h, right, cell = (np.concatenate(parts) for parts in (truth, answer, side, stratum))
    cells, cell = np.unique(cell, return_inverse=True)
    size = np.bincount(cell)
    read = np.minimum(size, per_country // 2 if by_answer else per_country)
    order = np.lexsort((rng.random(len(y)), cell))
    rank = np.arange(len(y)) - np.repeat(np.cumsum(size) - size, size)
    chosen = order[rank < read[cell[order]]]
    return _estimate(y, h, right, Design(cell[chosen], size, read), chosen, cells)


def _estimate(y, h, right, design: Design, chosen, cells) -> Drawn:
    sides = np.column_stack([right == 0, right == 1]).astype(float)
    counted = h.astype(float) @ sides
    shares, error = sides[chosen], y[chosen].astype(float) - h[chosen]
    totals = audited_totals(counted, shares, error, design)
    most = np.column_stack([design.families * (cells < 2), design.families * (cells >= 2)]).astype(float)
    below, above = log_ratio_interval(totals, shares, error, h[chosen], design, most)
    true = y.astype(float) @ sides
    # One hit rate and one rate of false alarms for all countries, from the same labels, weighted as drawn.
    w = design.weight
    hit = (w * (y[chosen] & h[chosen])).sum() / (w * y[chosen]).sum()
    alarm = (w * (~y[chosen] & h[chosen])).sum() / (w * ~y[chosen]).sum()
    families = sides.sum(axis=0)
    pooled = (counted - alarm * families) / (hit - alarm)
    ratio = totals[0] / totals[1]
    return Drawn(
        true[0] / true[1],
        counted[0] / counted[1],
        pooled[0] / pooled[1],
        ratio,
        ratio * exp(-below),
        ratio * exp(above),
    )


@pytest.mark.parametrize("by_answer", [False, True], ids=["simple draw", "drawn by the classifier's answer"])
def test_estimator_in_a_world_where_the_classifier_favours_one_country(by_answer: bool) -> None:
    """Counting is off by .60 and a pooled correction by .72; the audit by nothing, and its interval holds the truth."""
    rng = np.random.default_rng(20261123)
    found = [simulate(rng, 100, by_answer=by_answer) for _ in range(REPEATS)]
    truth = found[0].truth
    assert truth == pytest.approx(2.04, abs=0.005)
    off = {name: np.mean([getattr(one, name) for one in found]) - truth for name in ("counted", "pooled", "audited")}
    assert off["counted"] == pytest.approx(0.60, abs=0.02)
    assert off["pooled"] == pytest.approx(0.72, abs=0.06)
    assert abs(off["audited"]) < 0.03
    held = np.mean([one.low <= truth <= one.high for one in found])
    assert 0.92 <= held <= 0.98


def test_more_labels_narrow_the_interval() -> None:
    """The interval's half width goes from about 1.3 to 1.2 to 1.12 with 50, 100 and 200 labels a country."""
    rng = np.random.default_rng(1)
    widths = []
    for labels in (50, 100, 200):
        found = [simulate(rng, labels, by_answer=False) for _ in range(100)]
        widths.append(float(np.median([(one.high / one.low) ** 0.5 for one in found])))
    assert widths == pytest.approx([1.31, 1.19, 1.12], abs=0.04)


def test_equals_prediction_powered_inference_at_lambda_one() -> None:
    """For a simple random draw the total is N times `ppi_py.ppi_mean_pointestimate(lam=1)`.

    The package (0.2.3) gave .375 for these arrays; its closed form is mean(all answers) + mean(label - answer).
    """
    i = np.arange(600)
    y = ((i * 7919) % 11 < 4).astype(float)
    h = np.where((i * 104729) % 13 < 2, 1 - y, y)
    drawn = (i * 31337) % 600 < 90
    design = Design(np.zeros(90, int), np.array([600]), np.array([90]))
    total = audited_totals(np.array([h.sum()]), np.ones((90, 1)), (y - h)[drawn], design)
    assert total[0] / 600 == pytest.approx(0.375, abs=1e-12)
    assert total[0] / 600 == pytest.approx(h.mean() + (y - h)[drawn].mean(), abs=1e-12)


def test_normal_interval_is_the_textbook_one() -> None:
    """One stratum a side: var(log R) is the sum of N^2 (1 - n/N) s^2 / n over the squared totals."""
    sizes, read = np.array([400, 300]), np.array([80, 60])
    stratum = np.repeat([0, 1], read)
    error = np.where(np.arange(140) % 5 == 0, 1.0, 0.0) - np.where(np.arange(140) % 7 == 0, 1.0, 0.0)
    shares = np.column_stack([stratum == 0, stratum == 1]).astype(float)
    design = Design(stratum, sizes, read)
    totals = audited_totals(np.array([150.0, 90.0]), shares, error, design)
    below, above = log_ratio_interval(totals, shares, error, error < 0, design, np.diag(sizes).astype(float))
    variance = sum(
        n_all**2 * (1 - n / n_all) * np.var(error[stratum == h], ddof=1) / n / totals[h] ** 2
        for h, (n_all, n) in enumerate(zip(sizes, read, strict=True))
    )
    assert below == above == pytest.approx(1.959964 * variance**0.5)


@pytest.mark.parametrize(
    ("families", "read", "errors"), [(500, 50, 0), (500, 50, 3), (60, 20, 1), (10, 3, 0), (9, 8, 4)]
)
def test_few_errors_have_the_exact_interval(families: int, read: int, errors: int) -> None:
    """The bounds are the numbers of errors under which what was found is no rarer than 1 in 40, by scipy's law.

    Where nothing was found, it is 1 in 20: the rule of three.
    """
    possible = np.arange(errors, families - (read - errors) + 1)
    tail = 0.025 if errors else 0.05
    no_fewer = hypergeom.sf(errors - 1, families, possible, read) > tail
    no_more = hypergeom.cdf(errors, families, possible, read) > tail
    kept = possible[no_fewer & no_more]
    assert errors_in_all(families, read, errors) == (kept.min(), kept.max())


def _one_side(errors: int, read: int, families: int, most: float) -> tuple[float, float]:
    """Return the interval of a ratio whose left side was labelled off topic, and whose right side is certain."""
    error = (np.arange(read) < errors).astype(float)
    shares = np.column_stack([np.ones(read), np.zeros(read)])
    design = Design(np.zeros(read, int), np.array([families]), np.array([read]))
    totals = audited_totals(np.array([200.0, 100.0]), shares, error, design)
    return log_ratio_interval(totals, shares, error, np.zeros(read, bool), design, np.array([[most, 0.0]]))


def test_no_error_found_is_not_no_error() -> None:
    """Of 500 families off the topic 50 were read and none was missed: up to 27 may be, and `high` says so."""
    below, above = _one_side(0, 50, 500, 500.0)
    assert below == 0
    assert exp(above) == pytest.approx((200 + 27) / 200)


def test_what_cannot_be_on_a_side_widens_nothing() -> None:
    """The exact bound never goes beyond what the stratum's families would add to the side altogether."""
    assert exp(_one_side(0, 50, 500, 10.0)[1]) == pytest.approx(1.05)
    assert _one_side(0, 50, 500, 0.0) == (0, 0)


def test_a_stratum_read_whole_leaves_no_doubt() -> None:
    """With every family labelled the interval has no width, whatever was found."""
    assert _one_side(3, 60, 60, 60.0) == _one_side(20, 60, 60, 60.0) == (0, 0)


def test_a_stratum_that_nobody_read_may_be_all_wrong() -> None:
    """Families that no label speaks of may all be on the right side, or all off it."""
    shares, nobody = np.zeros((0, 2)), np.zeros(0)
    design = Design(np.zeros(0, int), np.array([40]), np.array([0]))
    totals = audited_totals(np.array([90.0, 30.0]), shares, nobody, design)
    below, above = log_ratio_interval(totals, shares, nobody, nobody.astype(bool), design, np.array([[0.0, 40.0]]))
    assert (exp(below), above) == (pytest.approx(70 / 30), inf)


labelled = st.lists(
    st.tuples(st.integers(0, 2), st.booleans(), st.booleans(), st.floats(0, 3)), min_size=1, max_size=40
)


@settings(max_examples=60)
@given(labelled, st.randoms(use_true_random=False))
def test_all_labelled_gives_the_truth_in_any_order(rows: list, random) -> None:
    """With everything labelled the audited total is the true one, and the order of labels changes nothing."""
    truth = sum(share for _, y, _, share in rows if y)
    counted = sum(share for _, _, h, share in rows if h)
    for _ in range(2):
        stratum, y, h, share = (np.array(column) for column in zip(*rows, strict=True))
        size = np.bincount(stratum, minlength=3)
        found = audited_totals(np.array([counted]), share[:, None], y.astype(float) - h, Design(stratum, size, size))
        assert found[0] == pytest.approx(truth, abs=1e-9)
        random.shuffle(rows)
