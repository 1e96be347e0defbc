"""What readers decide of families: the labels, and what they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

LABELS = IN, BORDERLINE, OUT = "in", "borderline", "out"
#: Rows of a label sheet that the reader passed over, and those behind the last one with a label.
SKIPPED, UNREAD = "skipped", "unread"
#: What labels are for: putting counts right, or teaching the classifier.
AUDIT, TRAIN = "audit", "train"
#: Behind the name of a stratum: the draw went by the office of the first publication, not by priority country.
BY_OFFICE = ", by first office"


def family_labels(family_id: pd.Series, labels: pd.Series) -> pd.Series:
    """Return one label per family that has any: its members' own where they agree, else `borderline`."""
    known = labels.dropna()
    by_family = known.groupby(family_id[known.index])
    return by_family.first().mask(by_family.nunique().gt(1), BORDERLINE)
