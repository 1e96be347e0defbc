"""What the page says of owners: who is named most often, how names were joined, and where they seek protection."""

from __future__ import annotations

from patentscope.report.charts.applicants import FORMS, FORMS_HAN, SHOWN, names, ranking
from patentscope.report.charts.counted_families import counted
from patentscope.report.charts.flow import owners_and_offices
from patentscope.report.charts.trend import by_size
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.counts import shown
from patentscope.report.sections.table import Cell, Table, crossed, figure, language_of, shortened

_VARIANTS = 12
RULE = (
    "Joined by: upper case; no marks; legal form left out at the end "
    f"({', '.join(word.capitalize() for word in FORMS)}) or at either end ({', '.join(FORMS_HAN)}). Nothing else."
)


def applicants_tables(tables: RunTables) -> list[Table]:
    """Return the top applicants joined, then as found; nothing where the run has no baseline for `ownership`."""
    held = counted(tables, "ownership")
    named = names(tables)
    if named is None or held is None:
        return []
    rows, convention = named
    best = tables.once("ranking", lambda: ranking(rows))
    families = held.publications["family_id"].nunique()
    silent = families - rows["family_id"].nunique()
    body: list[list[Cell]] = [
        [_name(row["joined"]), figure(row["families"]), *_as_found(row["names"])]
        for row in best.head(SHOWN).to_dict(orient="records")
    ]
    note = (
        f"{RULE} {figure(silent)} of {figure(families)} families name nobody. {figure(rows['name'].nunique())} names "
        f"as found became {figure(len(best))}; every one is in applicant-names.csv, so that it can be undone. "
        f"spec_id {convention.spec_id}."
    )
    head = ["joined", "families", "names as found", "names as found, with the families of each"]
    single = rows.groupby("name").size().reset_index(name="n")
    single = single.sort_values(["n", "name"], ascending=[False, True]).head(SHOWN)
    plain: list[list[Cell]] = [[_name(name), figure(n)] for name, n in single.itertuples(index=False)]
    title = "The same, as found: nothing joined"
    return [
        Table("Applicants named most often, joined", head, body, {1, 2}, note, name="applicants"),
        Table(title, ["name", "families"], plain, {1}, name="applicants-as-found"),
    ]


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
    sums = named[0].groupby(["joined", "name"], sort=True).size().reset_index().to_numpy().tolist() if named else []
    rows: list[list[Cell]] = [[joined, name, figure(n)] for joined, name, n in sums]
    head = ["joined", "name as found", "families"]
    return Table("Applicants: every name as found, and joined", head, rows, {2}, RULE, name="applicant-names")


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
