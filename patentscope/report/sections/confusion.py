"""How the classifier's reading fared on labelled families, by country and by language of the text."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from patentscope.aggregate.audit.agreement import wilson
from patentscope.aggregate.audit.reader import BORDERLINE, IN, OUT
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import NOTHING, Table, figure, with_interval


def confusion(tables: RunTables) -> Table | None:
    """Return the labelled families by country, by language and in all: chosen or left, rightly or wrongly.

    Country is that of the earliest priority. Language is that of the original title where one is known, for there the
    classifier has its trouble; a family of English titles alone is English. Nothing where nobody labelled a family.
    """
    asking = tables.query.audited or tables.query.readings[0]
    labels, is_audit = tables.reader_labels
    if labels.empty:
        return None
    whose = "a reader's labels, drawn for the audit"
    if not is_audit:
        whose = "one reader's labels of a convenience sample, no audit of any country"
    said = tables.labelled.reindex(labels.index)
    chosen = said[f"in_topic_{asking.name}"].fillna(value=False).astype(bool)
    table = pd.DataFrame({"label": labels, "chosen": chosen})
    rows = [_row("all", "all", table)]
    for name in ("country", "language"):
        parts = table.groupby(said[name].fillna("unknown"), sort=True)
        rows += [_row(name, str(value), part) for value, part in parts]
    head = ["by", "", "labelled", "in: chosen", "in: left", "out: chosen", "out: left", "borderline: chosen"]
    caption = f"The topic definition {asking.name} against {whose}, by country and language (95 % Wilson intervals)"
    return Table(caption, [*head, "precision", "recall"], rows, {2, 3, 4, 5, 6}, name="classifier-confusion")


def _row(by: str, value: str, part: pd.DataFrame) -> list[str]:
    cells = Counter(zip(part["label"], part["chosen"], strict=True))
    hits = cells[IN, True]
    shares = [wilson(hits, hits + cells[OUT, True]), wilson(hits, hits + cells[IN, False])]
    borderline = cells[BORDERLINE, True] + cells[BORDERLINE, False]
    return [
        by,
        value,
        figure(len(part)),
        *(figure(cells[label, chosen]) for label in (IN, OUT) for chosen in (True, False)),
        f"{cells[BORDERLINE, True]} of {borderline}" if borderline else NOTHING,
        *(with_interval(*share) for share in shares),
    ]
