"""Top applicants: names as they were found, joined by rules that the page shows, and never by anything else.

Two names are joined where they are equal without case, punctuation and the words of a company's legal form at the end.
Nothing is looked up and nothing is guessed: a Chinese name and its English one stay two.
"""

from __future__ import annotations

import re
import unicodedata

import altair as alt
import numpy as np
import pandas as pd

from patentscope.query.convention import Convention
from patentscope.report.charts.counted_families import Counted, counted
from patentscope.report.charts.style import BLUE, layered, tips, whole_axis
from patentscope.report.charts.trend import in_full
from patentscope.report.run_tables import RunTables

#: Words of legal form, left out at the end of a name; the last word that is left always stays.
FORMS = (
    *("AB", "AG", "AS", "ASA", "BV", "CO", "COMPANY", "CORP", "CORPORATION", "CV", "EG", "EV", "GMBH", "INC"),
    *("INCORPORATED", "KG", "KGAA", "KK", "LIMITED", "LLC", "LLP", "LP", "LTD", "MBH", "NV", "OY", "OYJ", "PLC", "PTE"),
    *("PTY", "SA", "SARL", "SAS", "SE", "SL", "SPA", "SRL", "AKTIENGESELLSCHAFT", "KABUSHIKI KAISHA", "AND CO"),
)
#: Written without blanks, at either end of a name.
FORMS_HAN = (
    *("股份有限公司", "有限责任公司", "有限責任公司", "有限公司"),
    *("株式会社", "株式會社", "주식회사", "(株)"),
)
_AT_END = re.compile(rf"(?<=\S)(?: (?:{'|'.join(sorted(FORMS, key=len, reverse=True))}))+$")
_HAN = re.compile(rf"^(?:{'|'.join(map(re.escape, FORMS_HAN))})|(?:{'|'.join(map(re.escape, FORMS_HAN))})$")
_MARKS = re.compile(r"[^\w]+|_")
_LONE = re.compile(r"\b(\w) (?=\w(?: \w)*$)")
_DOTTED = re.compile(r"\b(\w)\.(?=\w\b)")
SHOWN = 20


def joined(name: str) -> str:
    """Return what names are joined by: upper case, without marks, without legal form; the name where nothing is left.

    Letters that stand alone at the end are taken together, so that `SA`, `S.A.` and `S. A.` are one.
    """
    plain = bare = name.strip()
    if not name.isascii():
        plain = unicodedata.normalize("NFKC", name).strip()
        bare = _HAN.sub("", plain).strip() or plain
    words = _MARKS.sub(" ", _DOTTED.sub(r"\1", bare.upper().replace("&", " AND "))).strip()
    words = _LONE.sub(r"\1", words)
    return _AT_END.sub("", words) or words or plain


def names(tables: RunTables) -> tuple[pd.DataFrame, Convention] | None:
    """Return who is named as applicant of the families that the baseline of `ownership` counts.

    Returns:
        family_id, name (as found), joined, each once; and the convention. None where the run has no such baseline.
    """
    held = counted(tables, "ownership")
    if held is None:
        return None
    return tables.once("applicants", lambda: _names(tables, held)), held.convention


def _names(tables: RunTables, held: Counted) -> pd.DataFrame:
    lists = tables.documents.column("applicants").take(held.publications["place"].to_numpy()).combine_chunks()
    lengths = np.diff(lists.offsets.to_numpy())
    named = pd.DataFrame(
        {
            "family_id": np.repeat(held.publications["family_id"].to_numpy(), lengths),
            "name": lists.flatten().field("name").to_pandas(),
        }
    )
    named = named.dropna().drop_duplicates().sort_values(["family_id", "name"], ignore_index=True)
    return named.assign(joined=named["name"].map({name: joined(name) for name in named["name"].unique().tolist()}))


def ranking(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the joined names, the largest first: joined, families, and `names`, (name as found, families) each."""
    by_name = rows.groupby(["joined", "name"], sort=True).size().reset_index(name="n")
    by_name = by_name.sort_values(["n", "name"], ascending=[False, True])
    pairs: dict[str, list[tuple[str, int]]] = {}
    for key, name, n in by_name.itertuples(index=False):
        pairs.setdefault(key, []).append((name, n))
    table = rows.groupby("joined")["family_id"].nunique().rename("families").reset_index()
    table = table.sort_values(["families", "joined"], ascending=[False, True], ignore_index=True)
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
    bars = base.mark_bar(color=BLUE, height=6, yOffset=7).encode(x=alt.X("n:Q", axis=whole_axis("families", most)))
    text = base.mark_text(align="left", dx=2, dy=-4, fontSize=11, limit=420).encode(x=alt.XValue(0), text="name:N")
    rule = "names joined without case, marks and legal form; a family of several applicants stands once with each"
    height = 26 * max(1, len(data))
    return layered([bars, text], height, "Applicants named most often", in_full(convention), rule)
