"""Applications of the USPTO's portal as publications: numbers, priorities, and countries only where they are stated."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.fetch.uspto.record import publications_of
from patentscope.records.families import assign
from patentscope.records.intake import merge
from patentscope.records.publication import Party, Priority, Publication
from patentscope.records.store import to_table

from places import REAL

RECORDED = REAL / "uspto_odp" / "search_patents" / "response.json"
needs_real = pytest.mark.skipif(not RECORDED.is_file(), reason=f"no real answer at {RECORDED}")
PRIORITY = dt.date(2018, 5, 6)


def publication(number: str = "16123456", bags: dict | None = None, **meta: object) -> Publication:
    """Return the first publication of an application with these facts."""
    stated = {"earliestPublicationNumber": "US20200012345A1", **meta}
    found, reasons = publications_of({"applicationNumberText": number, "applicationMetaData": stated, **(bags or {})},
                                     "uspto", "o")  # fmt: skip
    assert not reasons
    return found[0]


def address(country: str, category: str | None) -> dict[str, str]:
    """Return one entry of a party's addresses."""
    return {"countryCode": country} | ({"postalAddressCategory": category} if category else {})


@pytest.mark.parametrize(
    ("addresses", "applicant", "inventor"),
    [
        ([address("CN", "residence"), address("US", "postal")], "CN", "CN"),
        ([address("US", "postal"), address("CN", "residence")], "CN", "CN"),
        ([address("CN", "postal")], "CN", None),
        ([address("CN", "postal"), address("US", "postal")], None, None),
        ([address("CN", "residence"), address("US", "residence")], None, None),
        ([address("CN", None)], None, None),
        ([address("CN", "commercial")], None, None),
        ([address("", "residence"), address("jp", "postal")], "JP", None),
        ([], None, None),
    ],
)
def test_a_country_is_taken_only_where_it_is_stated(addresses, applicant, inventor) -> None:
    """Residence first; an applicant's own postal address next, an inventor's never; contradictions are unknown."""
    found = publication(
        applicantBag=[{"applicantNameText": "ACME", "correspondenceAddressBag": addresses}],
        inventorBag=[{"inventorNameText": "A B", "countryCode": "DE", "correspondenceAddressBag": addresses}],
    )
    assert found.applicants == (Party("ACME", applicant),)
    assert found.inventors == (Party("A B", inventor),)


def test_the_files_correspondence_address_says_nothing() -> None:
    """An attorney's address, the first applicant's bare name, and an assignee leave the country unknown."""
    bags = {
        "correspondenceAddressBag": [address("US", "postal")],
        "assignmentBag": [{"assigneeBag": [{"assigneeAddress": {"ictCountryCode": "CN"}}]}],
    }
    assert publication(bags=bags, firstApplicantName="ACME").applicants == (Party("ACME"),)


def test_priorities_are_foreign_claims_and_parents() -> None:
    """Foreign numbers get their office's code, parents' theirs, PCT ones none; reissues don't count."""
    foreign = [
        ("10-2018-0009131", "REPUBLIC OF KOREA"), ("EP18123456", "EUROPEAN PATENT OFFICE"), ("2018123456", "CHINA"),
    ]  # fmt: skip
    parents = [("62123456", "PRO"), ("PCTKR2019002849", "NST"), ("15111111", "CON"), ("14222222", "REI")]
    bags = {
        "foreignPriorityBag": [
            {"applicationNumberText": number, "ipOfficeName": name, "filingDate": str(PRIORITY)}
            for number, name in foreign
        ],
        "parentContinuityBag": [
            {"parentApplicationNumberText": number, "claimParentageTypeCode": code,
             "parentApplicationFilingDate": "2019-01-02"} for number, code in parents
        ],
    }  # fmt: skip
    found = publication(bags=bags)
    assert found.priority_date == PRIORITY
    assert [entry.number for entry in found.priorities] == [
        "KR10-2018-0009131", "EP18123456", "CN2018123456", "US62123456", "PCTKR2019002849", "US15111111",
    ]  # fmt: skip


def test_an_unknown_office_leaves_the_numbers_unknown() -> None:
    """A foreign claim of an office that is not listed keeps its date; no number is guessed for the whole set."""
    bags = {
        "foreignPriorityBag": [
            {"applicationNumberText": "2018123456", "ipOfficeName": "RURITANIA", "filingDate": str(PRIORITY)}
        ],
        "parentContinuityBag": [{"parentApplicationNumberText": "15111111", "claimParentageTypeCode": "CON"}],
    }
    found = publication(bags=bags)
    assert (found.priorities, found.priority_date) == ((), PRIORITY)


@pytest.mark.parametrize(
    ("stated", "number"),
    [("11646472", "US11646472"), ("11,646,472", "US11646472"), ("RE049999", "USRE49999"), ("D1012345", "USD1012345")],
)
def test_a_grants_kind_stays_unknown(stated: str, number: str) -> None:
    """A patent's number has no kind code in these data, and intake keeps it as a gap."""
    wrapper = {"applicationNumberText": "16123456", "applicationMetaData": {"patentNumber": stated}}
    (found,), _ = publications_of(wrapper, "uspto", "o")
    assert (found.publication_number, found.kind) == (number, None)
    taken = merge([to_table([found])], most_bad=0.01)
    assert taken.table.column("publication_number").to_pylist() == [number]
    assert ("no kind code", 1) in [(gap.reason, gap.count) for gap in taken.gaps]


def test_both_documents_are_one_application_whoever_gave_them() -> None:
    """The publication, the grant, and DOCDB's form of the same application number are one application."""
    meta = {"earliestPublicationNumber": "US20200012345A1", "patentNumber": "11646472"}
    found, _ = publications_of({"applicationNumberText": "16123456", "applicationMetaData": meta}, "uspto", "o")
    other = Publication("US2020012345A1", "US", "A1", application_number="US201916123456A")
    units = assign(to_table([*found, other])).units
    assert set(units["application_id"]) == {"US16123456"}
    assert units["family_id"].nunique() == 1


JSON = st.recursive(
    st.sampled_from([None, True, 7, 3.5, "", " ", "US", "CN", "2020-01-01", "US20200012345A1", "9123456"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["applicantNameText", "inventorNameText", "correspondenceAddressBag", "countryCode", "postalAddressCategory",
         "applicationNumberText", "ipOfficeName", "claimParentageTypeCode", "earliestPublicationNumber", "patentNumber"]
    ), inner, max_size=4),
    max_leaves=6,
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(["applicationNumberText", "foreignPriorityBag", "parentContinuityBag"]), JSON, max_size=3
    ),
    st.dictionaries(
        st.sampled_from(
            ["earliestPublicationNumber", "patentNumber", "applicantBag", "inventorBag", "cpcClassificationBag"]
        ),
        JSON,
        max_size=5,
    ),
)
def test_no_application_breaks_the_reader(wrapper, meta) -> None:
    """Whatever is missing or of another type: publications, or a reason for each number that gave none, or both."""
    found, reasons = publications_of({**wrapper, "applicationMetaData": meta}, "uspto", "o")
    assert 1 <= len(found) + len(reasons) <= 2
    assert all(one.publication_number.startswith("US") for one in found)


@pytest.mark.real
@needs_real
def test_the_real_answer_field_by_field() -> None:
    """US20240362478A1 as the portal gives it: every field as read by eye; the attorney's country is nobody's."""
    (wrapper,) = json.loads(RECORDED.read_text(encoding="utf-8"))["patentFileWrapperDataBag"]
    found, reasons = publications_of(wrapper, "uspto", "o")
    name = "Shanghai ArtificialIntelligence Innovation Center"
    inventors = (
        "Nanyang YE", "Qinying GU", "Lin ZHU", "Zhaoyu ZENG", "Jiayao SHAO", "Chensheng PENG", "Bikang PAN",
        "Kaican LI", "Jun ZHU", "Xinbing WANG", "Chenghu ZHOU",
    )  # fmt: skip
    title = "CERTIFIABLE OUT-OF-DISTRIBUTION GENERALIZATION METHOD, MEDIUM, AND ELECTRONIC DEVICE"
    assert reasons == []
    assert found == [
        Publication(
            publication_number="US20240362478A1",
            office="US",
            kind="A1",
            publication_date=dt.date(2024, 10, 31),
            filing_date=dt.date(2024, 3, 6),
            priority_date=dt.date(2023, 4, 25),
            application_number="US18597857",
            priorities=(Priority("CN2023104556449", dt.date(2023, 4, 25)),),
            title=title,
            title_language="en",
            cpc=("G06N3/08",),
            applicants=(Party(name, "CN"),),
            inventors=tuple(Party(inventor, "CN") for inventor in inventors),
            source="uspto",
            origin="o",
        )
    ]
    taken = merge([to_table(found)], most_bad=0.01).table
    assert taken.column("publication_number").to_pylist() == ["US2024362478A1"]
    assert assign(taken).priorities["key"].to_list() == ["CN202310455644"]
