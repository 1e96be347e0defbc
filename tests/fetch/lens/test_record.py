"""Records of The Lens as publications: made ones, broken ones, real ones, and one family from two of its doors."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.fetch.lens.record import publication_of
from patentscope.files.recognise import read_file
from patentscope.records.families import assign
from patentscope.records.publication import Party, Priority
from patentscope.records.store import to_table

from places import REAL
from servers.lens import Record

RECORDED = REAL / "lens"
needs_real = pytest.mark.skipif(not RECORDED.is_dir(), reason=f"no real records at {RECORDED}")
HEADER = "#,Jurisdiction,Kind,Display Key,Lens ID,Publication Date,Publication Year,Application Number,{}Title,\
Simple Family Size,Simple Family Members,Extended Family Size,CPC Classifications,IPCR Classifications\n"


@pytest.mark.parametrize("with_priorities", [True, False])
def test_the_export_and_the_api_give_one_family(tmp_path: Path, with_priorities: bool) -> None:
    """A family half from the API and half from a CSV export is one family, with or without priorities in the file."""
    members = ("000000000000007", "000000000000008")
    ours = publication_of(Record("7", "2021-01-01", family=members).as_json(), "lens", "o")
    column, cell = ("Priority Numbers,", "CN 20197 A,") if with_priorities else ("", "")
    family = ";;".join(members)
    row = f"1,US,B2,US 8 B2,{members[1]},2022-01-01,2022,US 17/111111 A,{cell}A title,2,{family},2,C22B59/00,\n"
    path = tmp_path / "export.csv"
    path.write_text(HEADER.format(column) + row, encoding="utf-8")
    both = pa.concat_tables([to_table([ours]), read_file(path).table])
    assert list(assign(both).units["family_id"]) == ["lens:000000000000007"] * 2


def test_the_earliest_claim_is_the_stated_one_else_the_first_of_all() -> None:
    """`earliest_claim` goes before the claims' dates, which stand in where it is missing, numbered or not."""
    record = Record("7", "2021-01-01").as_json()
    claims = [{"date": "2018-03-04"}, {"jurisdiction": "CN", "doc_number": "20197", "date": "2019-01-02"}]
    record["biblio"]["priority_claims"] = {"claims": claims, "earliest_claim": {"date": "2017-05-06"}}
    stated = publication_of(record, "lens", "o")
    assert (stated.priority_date, stated.priorities) == (
        dt.date(2017, 5, 6), (Priority("CN20197", dt.date(2019, 1, 2)),)
    )  # fmt: skip
    del record["biblio"]["priority_claims"]["earliest_claim"]
    assert publication_of(record, "lens", "o").priority_date == dt.date(2018, 3, 4)


JSON = st.recursive(
    st.sampled_from([None, True, 7, 3.5, "", " ", "US", "CN", "2020-01-01", "US20200012345A1", "9123456"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["jurisdiction", "doc_number", "kind", "date", "biblio", "lang", "text", "members", "claims", "applicants"]
    ), inner, max_size=4),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(
    ["lens_id", "jurisdiction", "doc_number", "kind", "date_published", "biblio", "families", "abstract", "lang"]
), JSON))  # fmt: skip
def test_no_record_breaks_the_reader(record) -> None:
    """Whatever is missing or of another type, a record is a publication or none; with office and number it is one."""
    found = publication_of(record, "lens", "o")
    shown = [record.get(name) for name in ("jurisdiction", "doc_number")]
    if all(isinstance(value, str) and value.strip() for value in shown):
        assert found is not None


@pytest.mark.real
@needs_real
def test_a_real_record_field_by_field() -> None:
    """WO2013121230A1 as The Lens gives it: every field as read by eye."""
    record = json.loads((RECORDED / "patent_WO2013121230A1_full.json").read_text(encoding="utf-8"))
    found = publication_of(record, "lens", "o")
    assert (found.publication_number, found.office, found.kind) == ("WO2013121230A1", "WO", "A1")
    assert found.publication_date == dt.date(2013, 8, 22)
    assert found.filing_date == dt.date(2013, 2, 18)
    assert found.priority_date == dt.date(2012, 2, 17)
    assert found.application_number == "GB2013050389W"
    assert found.priorities == (Priority("GB201202737A", dt.date(2012, 2, 17)),)
    assert {"lens:091-428-408-796-283", "WO2013121230A1", "GB201202737D0"} <= set(found.family_members)
    assert set(found.family_offices) >= {"WO", "GB", "HK", "CA"}
    assert found.title == "APPARATUS AND METHODS FOR THE PREPARATION OF REACTION VESSELS WITH A 3D -PRINTER"
    assert (found.title_language, found.title_original, found.abstract_language) == ("en", None, "en")
    assert found.ipc == ("B01L3/00", "B28B1/00", "B29C67/00")
    assert found.cpc == (
        "B01L3/52", "B01L2200/12", "B01L2200/16", "B29C64/112", "C07D471/04", "C01G51/82", "B01J19/0053", "B01J19/02",
        "B29K2023/12", "B29K2105/0014", "B29K2995/0058", "B29L2031/712", "C07F19/005",
    )  # fmt: skip
    assert found.applicants == (Party("UNIV GLASGOW", "GB"),)
    assert found.inventors == (Party("CRONIN LEROY", "GB"),)


@pytest.mark.real
@needs_real
def test_real_records_of_several_offices() -> None:
    """Six real records: original titles, parties without a country, several priorities, one family of three."""
    lines = (RECORDED / "biopoly_sample.jsonl").read_text(encoding="utf-8").splitlines()
    found = {one.publication_number: one for line in lines if (one := publication_of(json.loads(line), "lens", "o"))}
    assert list(found) == [
        "RO135742A2",
        "CN112760747A",
        "CN111100454A",
        "RO135932A2",
        "US20150192597A1",
        "WO2015105917A1",
    ]
    chinese = found["CN112760747A"]
    assert chinese.title_original == "一种基于生物基尼龙的高强弹性纤维材料及其制备方法"
    assert chinese.title.startswith("Bio-based nylon high-strength elastic fiber material")
    assert chinese.applicants == (Party("UNIV ANHUI AGRICULTURAL", None),)
    assert [party.country for party in chinese.inventors] == [None] * 4
    assert chinese.cpc == ("C08G69/42", "D01F8/12", "D01F1/10")
    assert found["RO135742A2"].cpc == ()
    assert [party.country for party in found["RO135932A2"].applicants] == ["RO", "RO"]
    american, international = found["US20150192597A1"], found["WO2015105917A1"]
    assert set(american.family_members) == set(international.family_members)
    assert american.family_offices == ("US", "WO")
    assert american.priorities == (
        Priority("US201514591788A", dt.date(2015, 1, 7)),
        Priority("US201461924595P", dt.date(2014, 1, 7)),
    )
    assert american.priority_date == dt.date(2014, 1, 7)
    assert international.application_number == "US2015010531W"
    assert international.title_original is None
