"""Documents, priorities, party sets and topics into the engine: the tables that every vintage reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentscope.offices import office_codes
from patentscope.party_sets import priority_sets

if TYPE_CHECKING:
    import pandas as pd

    from patentscope.documents import Documents
    from patentscope.engine import Engine


def load(engine: Engine, documents: Documents, topic: pd.DataFrame) -> None:
    """Store `document`, `claim`, `priority_office` and `topic`.

    Args:
        engine: where they are stored.
        documents: from `documents.prepare`, or read back from a run's folder.
        topic: one row per simple family: `family` (its number) and `topic`, an integer with one bit per reading.
    """
    engine.take("document", documents.documents)
    engine.take("claim", documents.claims)
    engine.put("priority_office", priority_sets(documents.sets, office_codes()))
    engine.put("topic", topic[["family", "topic"]])
    # Only a priority that several families claim can lend one of them the other's parties.
    engine.make(
        "shared_claim",
        """
select c.family, c.key, min(c.since) as since from claim c
join (select key from claim where key >= 0 group by key having min(family) <> max(family)) s on s.key = c.key
group by c.family, c.key""",
    )
