"""Kind codes: what each says at its office and time, and who says so."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from patentscope import Query, run
from patentscope.records import store
from patentscope.records.kinds import UNKNOWN_KIND, Kind, kind_of

from factories import PLAIN, holdings_of, make_landscape, make_publication
from places import REAL

SEARCH_REPORTS = [("EP", "A3"), ("EP", "A4"), ("WO", "A3"), ("EA", "A3"), ("AT", "A3"), ("RU", "A3"), ("ES", "A3")]
#: Codes of which the letter alone says something else, each with what its sources say (data/kinds.csv, `reference`).
AGAINST_THE_LETTER = {
    "invention grant": [("DD", "A1"), ("DD", "A3"), ("AP", "A"), ("EG", "A"), ("AM", "A"), ("BA", "D"), ("IN", "A1")],
    "invention application": [("CL", "P"), ("DD", "A9")],
    "utility_model other": [
        *(("AR", "A4"), ("AR", "A5"), ("AR", "A6"), ("AU", "A6"), ("FR", "B4"), ("BE", "B6"), ("BE", "B7"), ("ID", "S"))
    ],
    "design other": [("CL", "E1")],
    "other other": [("AU", "C8"), ("AU", "C9"), ("AT", "A5"), ("RU", "C3"), ("IN", "A7"), ("CA", "B")],
}


@pytest.mark.parametrize(("office", "kind"), SEARCH_REPORTS)
def test_a_search_report_is_no_document_of_its_own(office: str, kind: str) -> None:
    """One rule for every office's separate search report: document `other`, so it gives no unit, office or date."""
    said = kind_of(office, kind, dt.date(2018, 6, 1))
    assert (said.document, said.stage) == ("other", "other")


@pytest.mark.parametrize(
    ("says", "office", "kind"), [(says, *one) for says, codes in AGAINST_THE_LETTER.items() for one in codes]
)
def test_what_the_letter_does_not_say(says: str, office: str, kind: str) -> None:
    """Where an office uses a letter in its own way, its own row says so, with at least one source."""
    said = kind_of(office, kind, dt.date(1985, 6, 1))
    assert f"{said.document} {said.stage}" == says
    assert said.sources > 0


def test_who_says_so() -> None:
    """An office's own page or two sources make 2; one other source 1; a letter's general meaning alone 0."""
    assert kind_of("EP", "B1", None) == Kind("invention", "grant", 2)
    assert kind_of("EA", "A3", None) == Kind("other", "other", 1)
    assert kind_of("ZZ", "A1", None) == Kind("invention", "application", 0)
    assert kind_of("CN", None, None) == UNKNOWN_KIND


def test_a_search_report_lends_its_applicants_and_gives_no_unit() -> None:
    """Known by its report alone, a family is no unit; known by its application too, it is owned where the report says.

    The report counts as a document of the EPO's for what makes a family international.
    """
    reports = [
        make_publication("EP1000001A3", publication_date="2020-01-01", application_number="EP18000001"),
        make_publication("EP1000002A2", publication_date="2020-01-01", application_number="EP18000002"),
        make_publication(
            "EP1000002A3", publication_date="2020-06-01", application_number="EP18000002", applicants=["JP"]
        ),
    ]
    with make_landscape(reports, today=dt.date(2026, 6, 30)) as land:
        held = holdings_of(land)
        units = land.engine.frame("select pub, document from document order by pub")
    owners = held[held["basis"].eq("applicant")].set_index("unit_id")["country"]
    assert owners.to_dict() == {"EP18000001": "unknown", "EP18000002": "JP"}
    assert units["document"].tolist() == [3, 1, 3]


def test_the_ledger_says_what_rests_on_whose_word(tmp_path: Path) -> None:
    """A run counts, by office, the documents whose kind nobody or one source confirms, and what no document counts."""
    made = [
        make_publication(number, publication_date="2020-01-01")
        for number in ("EP1000001A3", "EP1000002A1", "EA1000003A1", "ZA1000004A", "ZA1000005A", "CN100000006")
    ]
    store.write(store.to_table(made), tmp_path / "in.parquet")
    done = run(Query.parse(PLAIN), inputs=[tmp_path / "in.parquet"], out=tmp_path / "run")
    stage = done.folder.stage("holdings")
    assert stage is not None
    told = {
        (gap["reason"].split(" (")[0], gap["country"]): gap["count"]
        for gap in stage["gaps"]
        if gap["country"] != "unknown"
    }
    assert told == {
        ("kind of document unknown, counted as an invention", "CN"): 1,
        ("kind code that no public source confirms", "ZA"): 2,
        ("kind code that only one source confirms", "EA"): 1,
        ("family known only by documents that give no unit", "EP"): 1,
        ("application known only by documents that give no unit", "EP"): 1,
    }
    assert "kind code that no public source confirms" in (tmp_path / "run" / "reporting.md").read_text(encoding="utf-8")


def _agrees(said: Kind, row: dict[str, str]) -> bool:
    """Say whether a kind is what a source says: the stage of inventions alone is the source's, the others' our own."""
    return said.document == row["document"] and (said.document != "invention" or said.stage == row["stage"])


@pytest.mark.real
@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real records at {REAL}")
def test_what_sources_say_is_what_we_read() -> None:
    """Every kind code that a source was read for is read as it says, on any date of its span.

    Apart from these: of Canada's A1 and France's A8 one list says otherwise, and a kind of no document has no stage.
    """
    doubtful = {("CA", "A1"), ("FR", "A8")}
    with (REAL / "kinds" / "verified.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    differing = Counter(
        (row["office"], row["kind"])
        for row in rows
        for date in (row["from"] or "1970-01-01", row["to"] or "2024-06-01")
        if (row["from"] or "0") <= date <= (row["to"] or "9")
        and not _agrees(kind_of(row["office"], row["kind"], dt.date.fromisoformat(date)), row)
    )
    assert set(differing) == doubtful
