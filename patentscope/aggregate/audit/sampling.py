"""Whom to label: a random draw by country and score for an audit, the least certain first for training.

The two are never mixed: families picked because the classifier is unsure of them say nothing of the others.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
from numpy.typing import NDArray

#: The least that Neyman's rule leaves to a stratum, as far as half of a country's labels allow.
LEAST_PER_STRATUM = 20
# A score is an opinion: no stratum is taken to be more one-sided than this.
_SUREST = 0.02


def draw_for_audit(families: pd.DataFrame, per_country: int, seed: int) -> pd.DataFrame:
    """Draw families at random, stratified by country group and score.

    Strata below the classifier's threshold are the elusion sample: what it misses is found there. Within a group,
    labels go where the size of a stratum times the spread that its scores let expect is greatest (Neyman 1934); a group
    of at most *per_country* families is taken whole. A larger draw with the same seed holds the smaller one.

    *families* has family_id, group, score (NaN where there is none), is_in (the classifier's answer).

    Returns:
        The rows drawn, in the order in which to read them: a reader may stop anywhere, and what was read is a random
        draw of each stratum. With stratum, stratum_families, stratum_drawn, inclusion_probability.
    """
    chance = _chance(families["family_id"], seed)
    table = families.assign(chance=chance, stratum=families["group"] + ", " + _bands(families))
    parts = []
    for _, country in table.groupby("group", sort=True):
        strata = country.groupby("stratum", sort=True)
        sizes = strata.size()
        # Without a score, what the others of the country let expect; without any, an even chance.
        middle = country["score"].mean() if country["score"].notna().any() else 0.5
        share = strata["score"].mean().fillna(middle).clip(_SUREST, 1 - _SUREST)
        spread = np.sqrt(np.asarray(share * (1 - share), np.float64))
        counts = allocate(np.asarray(sizes, np.int64), spread, per_country)
        for (_, stratum), count in zip(strata, counts.tolist(), strict=True):
            drawn = stratum.nsmallest(count, "chance").assign(stratum_families=len(stratum), stratum_drawn=count)
            parts.append(drawn)
    chosen = pd.concat(parts) if parts else table.assign(stratum_families=0, stratum_drawn=0)
    chosen["inclusion_probability"] = chosen["stratum_drawn"] / chosen["stratum_families"]
    chosen["place"] = chosen["chance"] / chosen["inclusion_probability"]
    return chosen.sort_values(["place", "family_id"], ignore_index=True).drop(columns=["chance", "place"])


def draw_for_training(families: pd.DataFrame, per_country: int, seed: int) -> pd.DataFrame:
    """Return the families that the classifier is least sure of, *per_country* of each group, the least sure first.

    Where there are no scores yet, the order is random. Arguments as in `draw_for_audit`; the columns that tell the
    chance of being drawn are empty, because there is none.
    """
    score, is_in = families["score"], families["is_in"]
    highest_out, lowest_in = score[~is_in].max(), score[is_in].min()
    # The score at which the answer turns; one half where no single score does that.
    threshold = (highest_out + lowest_in) / 2 if highest_out <= lowest_in else 0.5
    doubt = (score - threshold).abs().fillna(1.0)
    table = families.assign(doubt=doubt, chance=_chance(families["family_id"], seed), stratum=families["group"])
    ordered = table.sort_values(["doubt", "chance"], ignore_index=True)
    chosen = ordered[ordered.groupby("group").cumcount() < per_country].reset_index(drop=True)
    empty = dict.fromkeys(("stratum_families", "stratum_drawn", "inclusion_probability"), "")
    return chosen.assign(**empty).drop(columns=["doubt", "chance"])


def _bands(families: pd.DataFrame) -> pd.Series:
    """Return each family's score stratum: on which side of the threshold, and how far from it."""
    score, is_in = families["score"], families["is_in"]
    bands = pd.Series("below the threshold", index=families.index).mask(is_in, "above the threshold")
    bands = bands.mask(~is_in & score.lt(0.2), "far below the threshold")
    bands = bands.mask(is_in & score.ge(0.8), "far above the threshold")
    return bands.mask(score.isna(), "no score")


def allocate(sizes: NDArray[np.int64], spreads: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Return how many labels each stratum gets, at most its size.

    Labels are given out one by one: every second one to the stratum with the fewest, until each has 20 or all of its
    families; the others where they narrow the total's interval most, which is Neyman's allocation in whole numbers
    (Wright 2012, The American Statistician 66, 217-224). So no stratum loses one when *total* grows.
    """
    if total >= sizes.sum():
        return np.asarray(sizes, np.int64)
    counts = np.zeros(len(sizes), np.int64)
    for turn in range(total):
        is_open = counts < sizes
        is_short = is_open & (counts < LEAST_PER_STRATUM)
        if is_short.any() and (turn % 2 == 0 or not counts[is_open].all()):
            place = int(np.argmin(np.where(is_short, counts, np.iinfo(np.int64).max)))
        else:
            gain = sizes * spreads / np.sqrt(np.maximum(counts, 1) * (counts + 1))
            place = int(np.argmax(np.where(is_open, gain, -1.0)))
        counts[place] += 1
    return counts


def _chance(family_ids: pd.Series, seed: int) -> NDArray[np.float64]:
    """Return a number from 0 to 1 per family, as good as random, that depends on nothing but the seed and its id."""
    digests = (hashlib.sha256(f"{seed}|{name}".encode()).digest()[:8] for name in family_ids)
    return np.array([int.from_bytes(digest, "big") / 2**64 for digest in digests], np.float64)
