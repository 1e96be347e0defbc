"""What a run's sources and classifier can't tell, whoever counts it how."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from patentscope.aggregate.claims.stops import DataLimits
from patentscope.provenance.run_folder import RunFolder
from patentscope.provenance.search import DOCUMENTS, wholeness
from patentscope.provenance.state import SourceEntry
from patentscope.query.query import CLASSIFIER, Query
from patentscope.records.families import NAMED_WITHOUT_RECORD, NEWEST, UNKNOWN_MEMBERS


def limits_of(folder: RunFolder, query: Query) -> DataLimits:
    """Return the limits of a run's data, from run.json and classifier.json."""
    sources = folder.state["sources"]
    judged = json.loads(folder.file("classifier.json").read_text(encoding="utf-8"))
    needing = [reading.name for reading in query.readings if CLASSIFIER in reading.members]
    lacking = [set(source["lacks_offices"]) for source in sources]
    stage = folder.stage("publications")
    notes = stage["notes"] if stage else {}
    whole = wholeness(sources, notes.get(DOCUMENTS, []))
    return DataLimits(
        is_sample=folder.is_sample,
        lacks_offices=tuple(sorted(set.intersection(*lacking))) if lacking else (),
        is_narrowed=all(source["kind"] == "file" and _searches(source) for source in sources),
        search_points=whole.points,
        search_found=whole.found,
        is_whole=whole.is_whole,
        knows_members=notes.get(UNKNOWN_MEMBERS) == 0 or all(source["has_family_members"] for source in sources),
        untrained={} if judged["trained"] else dict.fromkeys(needing, judged["why_not"]),
        undated_before=_own_date(sources, notes) if notes.get(NAMED_WITHOUT_RECORD) else None,
    )


def _searches(source: SourceEntry) -> bool:
    """Say whether a source tells what it searched for, each of its parts where it has several."""
    return all(part["search"] for part in source["made_of"] or [source])


def _own_date(sources: Sequence[SourceEntry], notes: Mapping[str, Any]) -> dt.date:
    """Return the data's own date, whatever date they are counted at: the last retrieval, else the newest record."""
    return dt.date.fromisoformat(max(filter(None, (one["retrieved"] for one in sources)), default=notes[NEWEST]))
