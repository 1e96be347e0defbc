"""What stops a way to count altogether: its row stays, with the reason, and is never judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class DataLimits:
    """What is known of the data as a whole, whoever counts it how.

    Attributes:
        is_sample: the records are the embedded sample.
        lacks_offices: offices that no source of the run covers.
        search_points: of the concern `search`: the most points p such that a twentieth or more of the documents come
            only from sources of p points or more.
        search_found: the same in words, for the concern's finding.
        is_whole: the search is complete, be it proven or by the user's word.
        knows_members: members of families are known: each record's are named or fetched.
        untrained: why the classifier could not be trained, by topic; empty where it was.
        undated_before: the data's own date, where some named members have no record, and so no date.
    """

    is_sample: bool = False
    lacks_offices: tuple[str, ...] = ()
    search_points: int = 0
    search_found: str = "complete, proven"
    is_whole: bool = True
    knows_members: bool = True
    untrained: Mapping[str, str] = field(default_factory=dict)
    undated_before: dt.date | None = None
