"""Known documents held against a run: which are in its records, which readings take them, and why others do not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.classify.class_symbols import NO_Y02
from patentscope.classify.model.model import THRESHOLD
from patentscope.files.known_numbers import EXPECTED, normalised
from patentscope.provenance.run_folder import RunFolder
from patentscope.query.query import CLASSIFIER, RECORDS, Query, Reading
from patentscope.records import store

COLUMNS = ("line", "number", "found", "publication", "family_id", "readings", "why_not", "remark")
#: A number without its kind code: `\1` of this.
_KIND = r"(\d)[A-Z]\d{0,2}$"
_SHOWN = 5
_NO_SYMBOL = "no symbol"


def known(folder: RunFolder, query: Query) -> pd.DataFrame:
    """Return `COLUMNS`: a row per line of the list that run.json keeps.

    `found` is `true` or `false`, and empty for a line that asks for nothing: no publication number, or a document asked
    for before. `readings` names those that take the document's family, `why_not` says what the others lack.
    """
    table = _matched(folder, normalised(folder.state["known"]["lines"]))
    names = ["family_id", "title", "title_original", "abstract", "cpc", "ipc"]
    wanted = pa.array(table["family_id"].dropna().unique(), pa.string())
    stored = store.read(folder.file("publications.parquet"), names)
    members = stored.filter(pc.is_in(stored.column("family_id"), wanted)).to_pandas().groupby("family_id")
    scores = store.read(folder.file("scores.parquet"))
    rows = scores.filter(pc.is_in(scores.column("family_id"), wanted)).to_pandas().set_index("family_id")
    taken, lacking = {}, {}
    for family, row in rows.to_dict(orient="index").items():
        reasons = {one.name: why_not(one, row, members.get_group(family)) for one in query.readings}
        taken[family] = "; ".join(name for name, reason in reasons.items() if not reason)
        lacking[family] = _told(reasons, members.get_group(family))
    is_in = table["family_id"].notna()
    table["readings"] = table["family_id"].map(taken).where(is_in, "")
    table["why_not"] = table["family_id"].map(lacking).where(is_in, table["why_not"])
    return table[list(COLUMNS)]


def _matched(folder: RunFolder, listed: pd.DataFrame) -> pd.DataFrame:
    """Return *listed* with the document that each number stands for, or why there is none."""
    stored = store.read(folder.file("publications.parquet"), ["publication_number", "publication_date", "family_id"])
    bare = pc.replace_substring_regex(stored.column("publication_number"), _KIND, r"\1")
    asked = listed["normal"].str.replace(_KIND, r"\1", regex=True)
    there = stored.append_column("bare", bare).filter(pc.is_in(bare, pa.array(asked, pa.string()))).to_pandas()
    there = there.sort_values(["publication_date", "publication_number"])
    candidates = {name: part.to_dict(orient="records") for name, part in there.groupby("bare")}
    rows: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for line, normal, name in zip(listed["line"], listed["normal"], asked, strict=True):
        row = {"found": "", "publication": None, "family_id": None, "why_not": "", "remark": ""}
        if normal is None:
            rows.append(row | {"remark": f"no publication number; {EXPECTED}"})
            continue
        document = _document(normal, name, candidates.get(name, []), folder.state["as_of"])
        before = seen.setdefault(document["publication"] or normal, line)
        rows.append(row | (document if before == line else {"remark": f"the same document as in line {before}"}))
    return listed.join(pd.DataFrame(rows, index=listed.index))


def _document(normal: str, bare: str, candidates: Sequence[Mapping[str, Any]], as_of: str) -> dict[str, Any]:
    """Return which of the *candidates*, documents of the same number by date, a number stands for.

    A number without a kind code, and a record without one, stand for each other; of several the earliest is taken.
    """
    fitting = [one for one in candidates if one["publication_number"] in {normal, bare} or normal == bare]
    fitting.sort(key=lambda one: one["publication_number"] != normal)
    numbers = ", ".join(one["publication_number"] for one in (fitting or candidates))
    if not fitting:
        reason = f"not in the records{f'; of that number there is {numbers}' if numbers else ''}"
        return {"found": "false", "publication": None, "why_not": reason}
    chosen = fitting[0]
    remarks = [f"could be {numbers}: the earliest is taken"] if len(fitting) > 1 and normal == bare else []
    if chosen["publication_date"] and str(chosen["publication_date"]) > as_of:
        remarks.append(f"published after {as_of}, so not counted yet")
    return {
        "found": "true",
        "publication": chosen["publication_number"],
        "family_id": chosen["family_id"],
        "remark": "; ".join(remarks),
    }


def _told(reasons: Mapping[str, str], members: pd.DataFrame) -> str:
    """Return a family's *reasons* by reading as one text, readings of the same reason together; its symbols once."""
    told = [
        f"{', '.join(name for name in reasons if reasons[name] == reason)}: {reason}"
        for reason in dict.fromkeys(filter(None, reasons.values()))
    ]
    if any(_NO_SYMBOL in reason for reason in reasons.values()):
        symbols = sorted({symbol for name in ("cpc", "ipc") for listed in members[name] for symbol in listed})
        more = " …" if len(symbols) > _SHOWN else ""
        told.append(f"it has {', '.join(symbols[:_SHOWN])}{more}" if symbols else "it has no symbols at all")
    return "; ".join(told)


def why_not(reading: Reading, row: Mapping[str, Any], members: pd.DataFrame) -> str:
    """Return what a family lacks for a *reading*; empty where it has all.

    Args:
        reading: of the query.
        row: the family's of scores.parquet.
        members: the family's publications: titles, abstracts and symbols.
    """
    if row[f"in_topic_{reading.name}"] is True:
        return ""
    lacking = [_lacks(member, reading, row, members) for member in reading.all]
    some = [_lacks(member, reading, row, members) for member in reading.any]
    if all(some):
        lacking.append(" and ".join(some))
    reasons = list(dict.fromkeys(reason for reason in lacking if reason))
    if reading.scope and not reasons:
        reasons = [f"the text {'leaves open' if row[f'scope_{reading.scope}'] is None else 'is not of'} the scope"]
    return ", ".join(reasons)


def _lacks(member: str, reading: Reading, row: Mapping[str, Any], members: pd.DataFrame) -> str:
    """Return what a family lacks for one *member* of a reading; empty where it has it."""
    if member == CLASSIFIER:
        if not row["score"] >= THRESHOLD:
            score = row["score"]
            return (
                "no classifier score" if math.isnan(score) else f"classifier score {math.floor(score * 100) / 100:.2f}"
            )
        return ""
    if member == RECORDS:
        return ""
    asks, _, group = member.partition(".")
    if row[f"{asks}_{group}{NO_Y02 if asks == 'classes' and reading.without_y02 else ''}"]:
        return ""
    if asks == "terms":
        return _no_word(group, members)
    return f"only Y02 symbols of {group}" if row[f"classes_{group}"] else f"{_NO_SYMBOL} of {group}"


def _no_word(group: str, members: pd.DataFrame) -> str:
    is_titled = members[["title", "title_original"]].notna().any(axis=None)
    is_abstracted = members["abstract"].notna().any()
    if not is_abstracted:
        return f"no word of {group} in its title (no abstract)" if is_titled else "no title and no abstract"
    return f"no word of {group} in its {'title and ' if is_titled else ''}abstract"


def summary(table: pd.DataFrame, folder: RunFolder, query: Query) -> dict[str, Any]:
    """Return what run.json and the terminal say of a table of `known`: how many documents, and which are not there."""
    asked, found = table[table["found"].ne("")], table[table["found"].eq("true")]
    taken = found["readings"].str.split("; ")
    wrong = table[table["remark"].str.endswith(EXPECTED)]
    return {
        "file": folder.state["known"]["file"],
        "documents": len(asked),
        "found": len(found),
        "readings": {
            one.name: int(taken.map(lambda names, one=one: one.name in names).sum()) for one in query.readings
        },
        "not_found": asked.loc[asked["found"].eq("false"), "number"].tolist(),
        "wrong": wrong[["line", "number"]].to_dict(orient="records"),
        "repeated": len(table) - len(asked) - len(wrong),
    }
