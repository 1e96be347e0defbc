"""Labels in a run's folder: sheets that came back, checked against each other and against the run, made labels.csv.

Labels of an audit put counts right; labels for training teach the classifier. A family is never used for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from patentscope.aggregate.audit import sheet
from patentscope.aggregate.audit.reader import AUDIT, BORDERLINE, BY_OFFICE, LABELS, SKIPPED, TRAIN, UNREAD
from patentscope.aggregate.audit.sheet import Row, key_of
from patentscope.errors import FileFormatError, NotEnoughEvidence, UsageError
from patentscope.provenance.hashes import hash_of_bytes, hash_of_files
from patentscope.provenance.ledger import StageRecord, as_json, losses
from patentscope.provenance.run_folder import LABELS as FILE
from patentscope.provenance.run_folder import RunFolder
from patentscope.provenance.state import StageEntry
from patentscope.provenance.writing import write_text

#: Where run.json has what is said of the labels that are being replaced.
_BEFORE: Final = "labels_before"
_COLUMNS = (
    *("aim", "family_id", "label", "country", "stratum", "stratum_families", "stratum_drawn"),
    *("years", "draw", "row"),
)
_WHOLE = ("stratum_families", "stratum_drawn", "row")
_LISTED = 5


@dataclass(frozen=True)
class Taken:
    """Labels taken from sheets: rows of labels.csv for the sheets' aims, and their line in the ledger."""

    table: pd.DataFrame
    record: StageRecord


def take(paths: Sequence[Path], family_ids: Iterable[str], audited: Iterable[str] = ()) -> Taken:
    """Read *paths* and return one label per family.

    A family that two rows label alike has that label; one that they label otherwise is borderline. In a sheet of an
    audit, rows without a label up to the last one with one were skipped, and count both ways; those behind it were not
    read, and count as not drawn. *family_ids* are the families of the run; nothing is trained on those in *audited*,
    which labels of an audit hold already.

    Raises:
        FileFormatError: for sheets that were changed, are of two draws, lack rows of their draw, or are of another run.
        NotEnoughEvidence: where no row has a label.
    """
    rows = [row for path in paths for row in sheet.read(path)]
    by_key, sheets = {key_of(name): name for name in family_ids}, ", ".join(map(str, paths))
    if not any(row.label for row in rows):
        raise NotEnoughEvidence(f"{sheets}: no row has a label; fill in the column `label` with {', '.join(LABELS)}")
    if not any(row.cells["key"] in by_key for row in rows):
        raise FileFormatError(
            f"{sheets}: none of the {len(rows)} families is in this run; the sheets were drawn from other records"
        )
    record = StageRecord("labels", "row of a label sheet", hash_of_files(paths), rows_in=len(rows))
    record.notes["sheets"] = [path.name for path in paths]
    drawn, picked = ([row for row in rows if row.cells["aim"] == aim] for aim in (AUDIT, TRAIN))
    if drawn:
        _check_draw(drawn)
    audit, train = _by_family(drawn, by_key, record), _by_family(picked, by_key, record)
    train = _taught(train, {*audited, *audit["family_id"]}, record)
    table = pd.concat([_reached(audit, record), train], ignore_index=True)
    record.rows_out = len(table)
    record.notes["taken"] = _by_aim(table)
    if audit["stratum"].str.endswith(BY_OFFICE).any():
        record.notes["drawn by"] = "the office of each family's first publication"
    record.check()
    return Taken(table, record)


def _check_draw(rows: Sequence[Row]) -> None:
    """Raise where rows of an audit are of two draws, or where some of their draw's rows are missing."""
    draws = {row.cells["draw"]: row.sheet for row in rows}
    if len(draws) > 1:
        raise FileFormatError(
            f"{', '.join(sorted(set(draws.values())))}: sheets of {len(draws)} draws can't be estimated from together; "
            "fill in one sheet: a larger draw with the same seed holds the smaller one, with the labels applied before"
        )
    total = rows[0].number("rows")
    missing = sorted(set(range(1, total + 1)) - {row.number("row") for row in rows})
    if missing:
        listed = ", ".join(map(str, missing[:_LISTED])) + (", ..." if len(missing) > _LISTED else "")
        raise FileFormatError(
            f"{', '.join(sorted({row.sheet for row in rows}))}: {len(missing)} of the draw's {total} rows are missing "
            f"(row {listed}); put them back, with or without a label: rows left out on purpose would bend the totals"
        )


def _by_family(rows: Sequence[Row], by_key: dict[str, str], record: StageRecord) -> pd.DataFrame:
    """Return one row per family, with an empty label where no row gives one; write down what was merged."""
    by_name: dict[str, dict[str, Any]] = {}
    again, apart, lost = [], [], []
    for row in rows:
        key, country = row.cells["key"], row.cells["country"]
        entry = {name: row.cells[name] for name in _COLUMNS} | {name: row.number(name) for name in _WHOLE}
        entry |= {"family_id": by_key.get(key, key), "label": row.label}
        known = by_name.setdefault(key, entry)
        if known is entry:
            lost += [(country, key)] if key not in by_key else []
            continue
        again.append((country, known["family_id"]))
        if row.label and known["label"] not in {"", row.label}:
            apart.append((country, known["family_id"]))
            known["label"] = BORDERLINE
        known["label"] = known["label"] or row.label
    record.dropped += losses("another row of the same family", again)
    record.gaps += losses("labels contradict each other, taken as borderline", apart)
    record.gaps += losses("family not in this run", lost)
    return pd.DataFrame(list(by_name.values()), columns=list(_COLUMNS)).sort_values("family_id", ignore_index=True)


def _reached(table: pd.DataFrame, record: StageRecord) -> pd.DataFrame:
    """Return an audit's rows, those without a label marked as skipped, or as unread where the reader never came."""
    is_empty = table["label"].eq("")
    is_reached = table["row"] <= table["row"].where(~is_empty, 0).max()
    for label, mask in ((SKIPPED, is_reached), (UNREAD, ~is_reached)):
        part = table[is_empty & mask]
        record.gaps += losses(f"{label}: no label", list(zip(part["country"], part["family_id"], strict=True)))
        table.loc[part.index, "label"] = label
    return table


def _taught(table: pd.DataFrame, audited: set[str], record: StageRecord) -> pd.DataFrame:
    """Return a training sheet's rows that have a label and whose family no audit holds."""
    is_empty, is_audited = table["label"].eq(""), table["family_id"].isin(audited)
    for reason, mask in (
        ("no label to train on", is_empty),
        ("labelled for an audit, so not trained on", is_audited & ~is_empty),
    ):
        part = table[mask]
        record.dropped += losses(reason, list(zip(part["country"], part["family_id"], strict=True)))
    return table[~is_empty & ~is_audited]


def keep(folder: RunFolder, taken: Taken) -> None:
    """Write labels.csv into a run's folder, and its line into the run's state; the other aim's labels stay.

    The sheets are all the labels of their aim: those applied before are replaced.
    """
    earlier = stored(folder)
    is_replaced = earlier["aim"].isin(set(taken.table["aim"]))
    audited = of_aim(taken.table, AUDIT)["family_id"]
    others = earlier[~is_replaced & ~(earlier["aim"].eq(TRAIN) & earlier["family_id"].isin(audited))]
    table = pd.concat([others[list(_COLUMNS)], taken.table], ignore_index=True)
    table = table.sort_values(["aim", "family_id"], ignore_index=True)
    text = table.to_csv(index=False, lineterminator="\n")
    taken.record.notes |= {"kept from before": len(others), "labels": _by_aim(table)}
    taken.record.hash_out = hash_of_bytes(text.encode())
    # run.json knows both the old labels and the new while the file is exchanged: a kill in between leaves one of them.
    before = line_of(folder)
    folder.state["labels"] = as_json(taken.record)
    if before:
        folder.state[_BEFORE] = before
    folder.save()
    write_text(folder.file(FILE), text)
    folder.state.pop(_BEFORE, None)
    folder.save()


def _by_aim(table: pd.DataFrame) -> dict[str, int]:
    return {str(aim): int(n) for aim, n in table["aim"].value_counts().sort_index().items()}


def line_of(folder: RunFolder) -> StageEntry | None:
    """Return what run.json says of the labels in labels.csv; None where there is no such file.

    Raises:
        UsageError: where labels.csv is not as it was applied.
    """
    path = folder.file(FILE)
    if not path.is_file():
        return None
    digest = hash_of_files([path])
    for line in (folder.state.get(_BEFORE), folder.state.get("labels")):
        if line is not None and line["hash_out"] == digest:
            return line
    raise UsageError(
        f"{path}: not as `label apply` left it; delete it, run the query again, and apply the sheets once more"
    )


def stored(folder: RunFolder, aim: str | None = None) -> pd.DataFrame:
    """Return a run's labels, all or of one aim, with the stratum's `group`; none where labels.csv was deleted.

    Raises:
        UsageError: where labels.csv is not as it was applied.
    """
    if line_of(folder) is None:
        return pd.DataFrame(columns=[*_COLUMNS, "group"])
    table = pd.read_csv(folder.file(FILE), dtype=str, keep_default_na=False)
    table[list(_WHOLE)] = table[list(_WHOLE)].astype("int64")
    table = table.assign(group=table["stratum"].str.split(",").str[0])
    return table if aim is None else of_aim(table, aim)


def of_aim(table: pd.DataFrame, aim: str) -> pd.DataFrame:
    """Return the labels of one aim."""
    return table[table["aim"].eq(aim)].reset_index(drop=True)
