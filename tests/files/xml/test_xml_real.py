"""Real answers of OPS and real USPTO files, read from the folder beside the checkout where there is one."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from patentscope.errors import FileFormatError
from patentscope.files.xml import exchange as exchange_xml
from patentscope.files.xml import redbook as uspto_xml
from patentscope.records.publication import Party

from places import REAL

if TYPE_CHECKING:
    from patentscope.records.publication import Publication

pytestmark = [pytest.mark.real, pytest.mark.skipif(not REAL.is_dir(), reason=f"no real records at {REAL}")]
ANSWERS = sorted([*REAL.glob("ops/*.xml"), *REAL.glob("ops/2025/*/*.xml")])


def publications(path: Path) -> list[Publication]:
    """Return an answer's publications; nothing may be set aside."""
    found, lost = exchange_xml.publications_of(path.read_bytes(), source="ops", origin="x")
    assert not lost
    return found


def only(pattern: str) -> Publication:
    """Return the one publication of the one answer whose name matches."""
    (path,) = REAL.glob(f"ops/{pattern}")
    (publication,) = publications(path)
    return publication


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: f"{path.parent.name}/{path.name[:60]}")
def test_every_answer_is_read_or_refused(path: Path):
    """As many publications come out as the bytes hold documents or bare family members; errors are refused."""
    raw = path.read_bytes()
    if b"world-patent-data" not in raw:
        with pytest.raises(FileFormatError):
            exchange_xml.publications_of(raw, source="ops", origin="x")
        return
    expected = len(re.findall(rb"<exchange-document |<ops:family-member ", raw))
    found = publications(path)
    assert len(found) == expected
    assert all(publication.office and publication.kind for publication in found)
    stated = re.search(rb'biblio-search total-result-count="(\d+)"', raw)
    assert exchange_xml.total_of(raw) == (int(stated[1]) if stated else None)
    assert exchange_xml.recognises(raw[:65536], path)
    if expected:
        file = exchange_xml.read(path)
        assert (file.rows_in, file.table.num_rows, file.format) == (expected, expected, "ops_xml")
        assert not file.source.has_family_members


def test_a_european_application():
    """EP2400812A1: one applicant (three spellings in the answer), three inventors (nine), English title (of three)."""
    found = only("2025/get_biblio/response.xml")
    assert found.applicants == (Party("9SOLUTIONS OY", "FI"),)
    assert found.inventors == tuple(Party(name, "FI") for name in ("HERRALA SAMI", "KYLMAENEN JARI", "NIEMI JAAKKO"))
    assert (found.title, found.title_language, found.title_original) == ("BLUETOOTH NETWORKING", "en", None)
    assert (found.publication_number, found.family_id) == ("EP2400812A1", "43088294")
    assert (found.publication_date, found.filing_date) == (dt.date(2011, 12, 28), dt.date(2010, 6, 24))
    assert [(entry.number, entry.date) for entry in found.priorities] == [("EP20100167109", dt.date(2010, 6, 24))]
    assert (found.cpc, found.ipc) == (("H04W84/20", "H04W88/04"), ("H04W84/20",))
    assert (found.application_number, found.abstract_language) == ("EP10167109A", "en")


def test_a_japanese_publication_without_parties():
    """JP2005533465A: 38 classifications of five offices are 17 symbols; `<parties/>` is empty; three priorities."""
    found = only("091_*.xml")
    assert len(found.cpc) == len(set(found.cpc)) == 17
    assert {"G06T9/005", "H04N19/13", "H04N21/4305"} <= set(found.cpc)
    assert (found.applicants, found.inventors, found.title) == ((), (), None)
    assert (found.filing_date, found.priority_date) == (dt.date(2003, 7, 11), dt.date(2002, 7, 15))
    assert [entry.number for entry in found.priorities] == ["US20020396363P", "US20020291320", "WO2003US21714"]
    assert "G06T9/00" in found.ipc


def test_australian_publications_state_no_country():
    """Both AU documents of October 2025 name parties without a suffix: no country, and never the office's."""
    first, second, danish = publications(REAL / "ops/2025/search_with_constituent/response.xml")
    for found in (first, second):
        assert found.office == "AU"
        assert found.applicants
        assert {party.country for party in (*found.applicants, *found.inventors)} == {None}
    assert first.applicants == (Party("SIEMENS GAMESA RENEWABLE ENERGY AS"),)
    assert [party.name for party in second.inventors] == ["CROSBY ANDREW", "HENERY DAVID", "ENVY JOHN"]
    assert danish.applicants == (Party("SIEMENS ENERGY AS", "NO"),)
    assert [party.name for party in danish.inventors] == ["BERGE TORE", "SKJETNE ARVE", "BØRSHEIM EIRIK"]
    assert (danish.publication_number, danish.title) == ("DK3740998T3", "ENERGILAGRINGSSYSTEM")


def test_others_by_hand():
    """EP1000000A1 (old IPC beside the new), WO2020081771A1, CA3237996A1 and the family of EP1000000."""
    first = only("057_*.xml")
    assert first.applicants == (Party("BOER BEHEER NIJMEGEN BV DE", "NL"),)
    assert first.cpc == ("B28B1/29", "B28B5/022", "B28B5/025", "B28B7/0064")
    assert set(first.ipc) == {"B28B5/02", "B28B7/00", "B28B1/29", "H02P6/08"}
    assert (first.filing_date, first.priority_date) == (dt.date(1999, 11, 8), dt.date(1998, 11, 12))
    world = only("076_*.xml")
    assert len(world.inventors) == 4
    assert (world.application_number, world.priority_date) == ("US2019056674W", dt.date(2018, 10, 17))
    assert world.title_original is None
    canadian = only("083_*.xml")
    assert [party.name for party in canadian.applicants] == ["GOOGLE LLC"]
    assert (len(canadian.inventors), len(canadian.priorities)) == (8, 2)
    assert not [symbol for symbol in canadian.cpc if not re.fullmatch(r"[A-HY]\d\d[A-Z]\d+/\d+", symbol)]
    members = publications(next(REAL.glob("ops/058_*.xml")))
    assert [member.publication_number for member in members][:3] == ["EP1000000A1", "EP1000000B1", "ATE232441T1"]
    assert {member.family_id for member in members} == {"19768124"}
    assert all(member.filing_date and member.priorities for member in members)


def test_red_book_files():
    """Five documents of three generations, 2001 to 2014, each read whole."""
    rows = {}
    for path in sorted(REAL.glob("uspto_redbook/*.xml")):
        assert uspto_xml.recognises(path.read_bytes()[:65536], path)
        assert not exchange_xml.recognises(path.read_bytes()[:65536], path)
        found = uspto_xml.read(path)
        assert (found.rows_in, found.set_aside) == (1, [])
        (row,) = found.table.to_pylist()
        rows[row["publication_number"]] = row
        assert row["title"]
        assert row["abstract"]
        assert row["inventors"]
        assert row["filing_date"]
        assert row["ipc"]
    assert set(rows) == {"US20010000044A1", "US20050004437A1", "US6336130B1", "US6859910B2", "US8930553B2"}
    grant = rows["US8930553B2"]
    assert grant["applicants"] == [{"name": "International Business Machines Corporation", "country": "US"}]
    assert [party["country"] for party in grant["inventors"]] == ["IL", "US", "IL"]
    assert rows["US6336130B1"]["applicants"] == [{"name": "Telefonaktiebolaget LM Ericsson (publ)", "country": "SE"}]
    assert rows["US6336130B1"]["ipc"] == ["G06F15/16", "G06F13/00"]
    assert rows["US6859910B2"]["priority_date"] == dt.date(2000, 4, 10)
    assert rows["US20050004437A1"]["priority_date"] == dt.date(2001, 10, 26)
    assert {party["country"] for party in rows["US20050004437A1"]["applicants"]} == {"CH"}
