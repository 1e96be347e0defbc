"""Who owns it: whether one owner stands out, and the largest of them with their countries."""

from __future__ import annotations

from typing import Any

import pandas as pd

from patentscope.aggregate.answers.entry import Entry
from patentscope.query.side_names import is_all_others
from patentscope.records.offices import short_name
from patentscope.records.owners import ALIASES, SCRIPTS
from patentscope.report.charts.applicants import names, ranking
from patentscope.report.charts.counted_families import Counted, counted
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.table import figure, language_of, shortened

_SHOWN = 7
#: An owner of fewer of all, or of fewer times as many as the next one, doesn't stand out.
_LEADS, _TIMES = 0.1, 2


def owners(tables: RunTables, claim: Entry) -> dict[str, Any] | None:
    """Return the largest owners of the inventions on the topic; None where nothing is judged or no owner is named.

    `title` says whether one stands out, `rows` have name, country, number, the bar's width and the side of a claim that
    the country is on.
    """
    named, held = names(tables), counted(tables, "ownership")
    if named is None or held is None or not any(question["judged"] for question in claim["questions"]):
        return None
    best = tables.once("ranking", lambda: ranking(named[0]))
    if best.empty:
        return None
    every = held.families
    shown = best.head(_SHOWN)
    country = tables.once("owners' countries", lambda: _countries(tables, held, shown))
    most = int(shown["families"].iloc[0])
    return {
        "title": _title(best, every),
        "lede": _lede(named[0], every, what="Publications" if "family" in tables.untold else "Inventions"),
        "rows": [
            {
                "name": shortened(row["joined"]),
                "lang": language_of(row["joined"]),
                "country": short_name(country[row["joined"]]) if row["joined"] in country else "",
                "n": figure(row["families"]),
                "width": 100 * row["families"] / most,
                "side": _side(claim, country.get(row["joined"])),
            }
            for row in shown.to_dict(orient="records")
        ],
    }


def _title(best: pd.DataFrame, every: int) -> str:
    n = best["families"].tolist()
    if n[0] >= _LEADS * every and n[0] >= _TIMES * max(n[1:2], default=0):
        return f"{shortened(best['joined'].iloc[0])} leads with {figure(n[0])} of {figure(every)}"
    return f"No owner stands out: the largest has {figure(n[0])} of {figure(every)}"


def _lede(named: pd.DataFrame, every: int, *, what: str) -> str:
    """Return what is counted, by which rules names are joined, and how many name nobody."""
    rules = "; ".join(named["rule"].unique())
    joined = "only spelling or script differs" if SCRIPTS in rules else "only spelling differs"
    also = ", or your own file says so" if ALIASES in rules else ""
    silent = every - named["family_id"].nunique()
    nobody = f" {figure(silent)} name no owner." if silent else ""
    return f"{what} of all years; names joined where {joined}{also}.{nobody}"


def _countries(tables: RunTables, held: Counted, shown: pd.DataFrame) -> dict[str, str]:
    """Return the country that documents state most often with each owner's names; nothing where they state none."""
    owner = {name: row["joined"] for row in shown.to_dict(orient="records") for name, _ in row["names"]}
    ask = tables.records
    ask.put("owner_name", pd.DataFrame({"name": list(owner), "owner": list(owner.values())}, dtype=object))
    by = ask.frame(f"""
with party as (
  select unnest(p.applicants) as party from {held.documents} d join publication p on p.file_row_number = d.pub
)
select o.owner, party.country as country, count(*) as n from party join owner_name o on o.name = party.name
where party.country is not null group by all order by n desc, country""")
    first = by.drop_duplicates("owner")
    return dict(zip(first["owner"], first["country"], strict=True))


def _side(claim: Entry, country: str | None) -> str:
    """Return the side that a country is on, `others` for none."""
    if country is None:
        return "unknown"
    if country in claim["left"]:
        return "left"
    return "right" if country in claim["right"] or is_all_others(claim["right"]) else "others"
