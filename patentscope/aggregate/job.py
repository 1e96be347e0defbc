"""What is carried out of a run: its folder, its question and its date, and the labels that were applied to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from patentscope.provenance.hashes import hash_of
from patentscope.provenance.run_folder import LABELS, RunFolder
from patentscope.query.query import Query

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Job:
    """What the stages work on: the run's folder, the question, the data's own date."""

    folder: RunFolder
    query: Query
    today: dt.date

    @cached_property
    def labels(self) -> pd.DataFrame:
        """A reader's labels of this run's families; without rows where no sheet was applied."""
        from patentscope.aggregate.audit import labels  # noqa: PLC0415 - pandas, which a run may do without

        return labels.stored(self.folder)

    def hash_of_labels(self, aim: str) -> list[str]:
        """Return the hash of one aim's labels, for the stage that reads them; nothing where there are none."""
        if not self.folder.file(LABELS).is_file():
            return []
        rows = self.labels[self.labels["aim"].eq(aim)]
        return [hash_of(rows.to_dict(orient="records"))] if len(rows) else []
