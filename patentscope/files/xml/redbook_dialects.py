"""Where the three generations of USPTO XML keep their facts.

Since 2005 grants and applications share one schema; before it, applications (2001-2004) had their own and grants were
ST.32 documents whose tags are the numbers of INID codes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """Where one generation keeps its facts; paths are relative to `front` (bibliographic data) or to their parents."""

    front: str
    abstract: str
    number: str
    kind: str
    published: str
    application: str
    filed: str
    title: str
    ipc: tuple[str, ...]
    priorities: tuple[str, ...]
    priority_country: tuple[str, ...]
    priority_number: tuple[str, ...]
    priority_date: tuple[str, ...]
    assignees: tuple[str, ...]
    inventors: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    countries: tuple[str, ...]
    cpc: tuple[str, ...] = ()
    applicants: tuple[str, ...] = ()
    states: tuple[str, ...] = ()


_SINCE_2005 = Dialect(
    front="us-bibliographic-data-{}",
    abstract="abstract",
    number="publication-reference/document-id/doc-number",
    kind="publication-reference/document-id/kind",
    published="publication-reference/document-id/date",
    application="application-reference/document-id/doc-number",
    filed="application-reference/document-id/date",
    title="invention-title",
    cpc=("classifications-cpc//classification-cpc",),
    ipc=(
        "classifications-ipcr/classification-ipcr",
        "classification-ipc/main-classification",
        "classification-ipc/further-classification",
    ),
    priorities=(
        "priority-claims/priority-claim",
        "us-related-documents/us-provisional-application/document-id",
        "us-related-documents/continuation/relation/parent-doc/document-id",
        "us-related-documents/division/relation/parent-doc/document-id",
        "us-related-documents/continuation-in-part/relation/parent-doc/document-id",
        "pct-or-regional-filing-data/document-id",
    ),
    priority_country=("country",),
    priority_number=("doc-number",),
    priority_date=("date",),
    applicants=("us-parties/us-applicants/us-applicant", "parties/applicants/applicant"),
    assignees=("assignees/assignee",),
    inventors=("us-parties/inventors/inventor", "parties/inventors/inventor"),
    names=(
        ("addressbook/orgname",),
        ("addressbook/last-name", "addressbook/first-name"),
        ("orgname",),
        ("last-name", "first-name"),
        ("addressbook/name",),
    ),
    countries=("residence/country", "addressbook/address/country", "address/country"),
)
_APPLICATION_2001 = Dialect(
    front="subdoc-bibliographic-information",
    abstract="subdoc-abstract",
    number="document-id/doc-number",
    kind="document-id/kind-code",
    published="document-id/document-date",
    application="domestic-filing-data/application-number/doc-number",
    filed="domestic-filing-data/filing-date",
    title="technical-information/title-of-invention",
    ipc=("technical-information/classification-ipc//ipc",),
    priorities=(
        "foreign-priority-data",
        "continuity-data/non-provisional-of-provisional/document-id",
        "continuity-data//parent/document-id",
    ),
    priority_country=("country-code",),
    priority_number=("priority-application-number/doc-number", "doc-number"),
    priority_date=("filing-date", "document-date"),
    assignees=("assignee",),
    inventors=("inventors/first-named-inventor", "inventors/inventor"),
    names=(("organization-name",), ("name/family-name", "name/given-name", "name/middle-name")),
    countries=(
        "residence/residence-us/country-code",
        "residence/residence-non-us/country-code",
        "residence/military-service/country-code",
        "address/country/country-code",
    ),
    states=("residence/residence-us/state",),
)
_GRANT_ST32 = Dialect(
    front="SDOBI",
    abstract="SDOAB",
    number="B100/B110/DNUM",
    kind="B100/B130",
    published="B100/B140/DATE",
    application="B200/B210/DNUM",
    filed="B200/B220/DATE",
    title="B500/B540",
    ipc=("B500/B510/B511", "B500/B510/B512"),
    priorities=("B300", "B600/B620//PDOC/DOC", "B600/B630//PDOC/DOC", "B600/B680US//DOC"),
    priority_country=("B330", "CTRY"),
    priority_number=("B310", "DNUM"),
    priority_date=("B320", "DATE"),
    assignees=("B700/B730/B731",),
    inventors=("B700/B720/B721",),
    names=(("PARTY-US/NAM/ONM",), ("PARTY-US/NAM/SNM", "PARTY-US/NAM/FNM")),
    countries=("PARTY-US/ADR/CTRY",),
    states=("PARTY-US/ADR/STATE",),
)
#: By root element.
DIALECTS = {
    "us-patent-grant": _SINCE_2005,
    "us-patent-application": _SINCE_2005,
    "patent-application-publication": _APPLICATION_2001,
    "PATDOC": _GRANT_ST32,
}
