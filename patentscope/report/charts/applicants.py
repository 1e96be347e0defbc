"""Top applicants: names as they were found, joined by rules that the page shows, and never by anything else."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pyarrow as pa

from patentscope.query.convention import Convention
from patentscope.records.owners import in_two_scripts
from patentscope.records.sectors import named_owners
from patentscope.report.charts.counted_families import Counted, counted
from patentscope.report.charts.style import SOFT, layered, tips, whole_axis
from patentscope.report.charts.trend import in_full
from patentscope.report.run_tables import RunTables

SHOWN = 20


def names(tables: RunTables) -> tuple[pd.DataFrame, Convention] | None:
    """Return who is named as applicant of the families that the baseline of `ownership` counts.

    Returns:
        family_id, name (as found), joined, rule (`owners.owners`), sector, each once; and the convention. None where
        the run has no such baseline.
    """
    held = counted(tables, "ownership")
    if held is None:
        return None
    return tables.once("applicants", lambda: _names(tables, held)), held.convention


def _names(tables: RunTables, held: Counted) -> pd.DataFrame:
    ask = tables.records
    found = ask.frame(f"select d.pub, u.name from {held.documents} d join unit u on u.unit = d.unit order by d.pub")
    aliases = tables.state["aliases"]["joined"] if "aliases" in tables.state else {}
    documents = ask.parties.take(pa.array(found["pub"]))
    return named_owners(documents, found["name"].to_numpy(), _links(tables), aliases)


def _links(tables: RunTables) -> pd.DataFrame:
    """Return which names in two scripts stand for each other, by all families that are visible (`in_two_scripts`)."""
    ask = tables.records
    visible = ask.frame(f"""
select d.pub, u.name from document d join unit u on u.unit = d.{ask.key}
where d.published <= date '{tables.as_of}' order by d.pub""")
    return in_two_scripts(ask.parties.take(pa.array(visible["pub"])), visible["name"])


def ranking(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the owners, the largest first: joined, sector, families, and `names`, (name as found, families) each.

    Of owners after the first `SHOWN` the names are not listed.
    """
    table = rows.groupby(["joined", "sector"])["family_id"].nunique().rename("families").reset_index()
    table = table.sort_values(["families", "joined"], ascending=[False, True], ignore_index=True)
    first = rows[rows["joined"].isin(table["joined"].head(SHOWN))]
    by_name = first.groupby(["joined", "name"], sort=True).size().reset_index(name="n")
    by_name = by_name.sort_values(["n", "name"], ascending=[False, True])
    pairs: dict[str, list[tuple[str, int]]] = {}
    for key, name, n in by_name.itertuples(index=False):
        pairs.setdefault(key, []).append((name, n))
    return table.assign(names=table["joined"].map(pairs))


def applicants(ranking_of: pd.DataFrame, convention: Convention) -> alt.TopLevelMixin:
    """Return the applicants named most often, joined; pointing at a bar shows the names as they were found.

    Args:
        ranking_of: joined, families, names, the largest first (`ranking`).
        convention: by which the families were chosen; its `spec_id` is in every bar.
    """
    rows = ranking_of.head(SHOWN)
    data = pd.DataFrame(
        {
            "name": rows["joined"],
            "n": rows["families"],
            "found": ["; ".join(f"{name} ({n})" for name, n in pairs[:8]) for pairs in rows["names"]],
            "spec_id": convention.spec_id,
        }
    )
    base = alt.Chart(data).encode(
        y=alt.Y("name:N", sort=list(data["name"]), axis=alt.Axis(title=None, labels=False, ticks=False, domain=False)),
        tooltip=tips({"name:N": "joined", "n:Q": "families", "found:N": "as found"}),
    )
    most = float(data["n"].max()) if len(data) else 1.0
    bars = base.mark_bar(color=SOFT, height=6, yOffset=7).encode(x=alt.X("n:Q", axis=whole_axis("families", most)))
    words = base.mark_text(align="left", dx=2, dy=-4, fontSize=11, limit=420)
    text = words.encode(x=alt.XValue(0), text=alt.Text("name:N"))
    rule = "names joined as the table beneath says; a family of several applicants stands once with each"
    title = f"{data['name'].iloc[0]} is named most often" if _stands_out(rows) else "Applicants named most often"
    height = 26 * max(1, len(data))
    return layered([bars, text], height, title, in_full(convention), rule)


def _stands_out(rows: pd.DataFrame) -> bool:
    """Say whether one owner has more than every other."""
    n = rows["families"].tolist()
    return len(n) > 1 and n[0] > n[1]
