"""What the page says of owners: who is named most often, how names were joined, and where they seek protection."""

from __future__ import annotations

import pandas as pd

from patentscope.records.owner_names import FORMS, FORMS_HAN, script
from patentscope.records.owners import ALIASES, FAMILIES, SCRIPTS, SPELLING
from patentscope.records.sectors import UNKNOWN
from patentscope.report.charts.applicants import SHOWN, names, ranking
from patentscope.report.charts.counted_families import counted
from patentscope.report.charts.flow import owners_and_offices
from patentscope.report.charts.trend import by_size
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.counts import shown
from patentscope.report.sections.table import Cell, Table, crossed, figure, language_of, shortened

_VARIANTS = 12
RULE = (
    f"Joined by {SPELLING}: upper case; no marks; legal form left out at the end "
    f"({', '.join(word.capitalize() for word in FORMS)}) or at either end ({', '.join(FORMS_HAN)})."
)
_BY_FAMILIES = (
    f"By {SCRIPTS}: two names in two scripts, each the only applicant of members of the same families, at least "
    f"{FAMILIES} of them."
)
_TWO_SCRIPTS = (
    "An owner in two scripts is two here: these records don't say which documents are of one invention, so nothing "
    "shows that two such names are one."
)
_NO_FILE = "Join what you know in a file of your own: [applicants] aliases in the query."


def rules(tables: RunTables) -> str:
    """Return by which rules names are joined in a run, and what would join more."""
    evidence = _TWO_SCRIPTS if "family" in tables.untold else _BY_FAMILIES
    file = f"By {ALIASES}: {tables.state['aliases']['file']}." if "aliases" in tables.state else _NO_FILE
    return f"{RULE} {evidence} {file} Nothing else."


def applicants_tables(tables: RunTables) -> list[Table]:
    """Return the top applicants joined, then as found; nothing where the run has no baseline for `ownership`."""
    held = counted(tables, "ownership")
    named = names(tables)
    if named is None or held is None:
        return []
    rows, convention = named
    best = tables.once("ranking", lambda: ranking(rows))
    families = held.families
    silent = families - rows["family_id"].nunique()
    body: list[list[Cell]] = [
        [_name(row["joined"]), figure(row["families"]), row["sector"], *_as_found(row["names"])]
        for row in best.head(SHOWN).to_dict(orient="records")
    ]
    note = (
        f"{rules(tables)} {figure(silent)} of {figure(families)} families name nobody. "
        f"{figure(rows['name'].nunique())} names as found became {figure(len(best))}; every one is in "
        f"applicant-names.csv with its rule, so that it can be undone. {_sectors_told(best)}spec_id "
        f"{convention.spec_id}."
    )
    head = ["joined", "families", "sector", "names as found", "names as found, with the families of each"]
    single = rows.groupby("name").size().reset_index(name="n")
    single = single.sort_values(["n", "name"], ascending=[False, True]).head(SHOWN)
    plain: list[list[Cell]] = [[_name(name), figure(n)] for name, n in single.itertuples(index=False)]
    title = "The same, as found: nothing joined"
    return [
        Table("Applicants named most often, joined", head, body, {1, 3}, note, name="applicants"),
        Table(title, ["name", "families"], plain, {1}, name="applicants-as-found"),
    ]


def _sectors_told(best: pd.DataFrame) -> str:
    """Return of how many owners the sector is known, by the script of their names; nothing where nobody is named."""
    told = best["sector"].ne(UNKNOWN).groupby(best["joined"].map(script)).agg(["sum", "count"])
    by_script = ", ".join(f"{name} {figure(row['sum'])} of {figure(row['count'])}" for name, row in told.iterrows())
    return f"Sector known: {by_script}. " if by_script else ""


def _name(name: str) -> Cell:
    return {"text": shortened(name), "verbatim": "yes", "lang": language_of(name)}


def _as_found(pairs: list[tuple[str, int]]) -> list[Cell]:
    words = "; ".join(f"{shortened(name)} ({figure(n)})" for name, n in pairs[:_VARIANTS])
    more = f" and {figure(len(pairs) - _VARIANTS)} more" if len(pairs) > _VARIANTS else ""
    return [figure(len(pairs)), {"text": f"{words}{more}", "verbatim": "yes", "lang": language_of(words)}]


def names_table(tables: RunTables) -> Table:
    """Return every name as found with what it was joined to and its families: the joining, to be undone or redone.

    It has no rows where the run has no baseline for `ownership`.
    """
    named = names(tables)
    by = ["joined", "name", "rule", "sector"]
    sums = named[0].groupby(by, sort=True).size().reset_index().to_numpy().tolist() if named else []
    numbers = {n: figure(n) for n in {row[-1] for row in sums}}
    rows: list[list[Cell]] = [[joined, name, numbers[n], rule, sector] for joined, name, rule, sector, n in sums]
    head = ["joined", "name as found", "families", "rule", "sector"]
    return Table("Applicants: every name as found, and joined", head, rows, {2}, rules(tables), name="applicant-names")


def flow_table(tables: RunTables, first: list[str]) -> Table | None:
    """Return owners against offices, the figures of the bands; None where the run has no baseline for `ownership`."""
    pairs = owners_and_offices(tables, first)
    if pairs is None:
        return None
    rows, convention = pairs
    across = ("office", {office: office for office in by_size(rows, "office")})
    down = ("owner", "applicant's country", by_size(rows, "owner"))
    note = f"A family of several countries or offices stands once in each pair. {shown(tables, convention)}".strip()
    caption = "Families by applicant's country and by office"
    return crossed(caption, rows, down, across, note=note, name="flow-of-rights")
