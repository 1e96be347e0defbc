"""What a query's readings of its topic ask of the texts: to know it takes no library that reads them."""

from __future__ import annotations

from collections.abc import Sequence

from patentscope.query.query import CLASSIFIER, Reading


def words_suffice(readings: Sequence[Reading]) -> bool:
    """Say whether *readings* ask for no more than classes, words, and records."""
    return not any(CLASSIFIER in reading.members or reading.scope for reading in readings)
