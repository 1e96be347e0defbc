"""One application of the USPTO's Open Data Portal as the publications that it led to.

An application gives up to two: its first publication (`earliestPublicationNumber`, with its kind code) and the patent
granted on it (`patentNumber`, whose kind code the portal does not state, so it stays unknown).

Countries. The portal gives every party of its own a `correspondenceAddressBag` whose entries say what they are:
`residence` or `postal`. It is not the file's correspondence address, which is mostly an attorney's and stands elsewhere
in the record. An inventor's country is that of the residence; a postal address is often the employer's, and says
nothing of where an inventor lives. A company has no residence in these data: an applicant's country is that of the
residence if there is one, else of the applicant's own postal address, as patent statistics assign applicants by the
address on the application (OECD Patent Statistics Manual, 2009, section 4.4). Addresses in several countries, or an
address that does not say what it is, leave the country unknown. `countryCode` beside an inventor's name is not read:
what it means is not described.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from patentscope.fetch.loose_json import Json, entries, iso_date, within, word
from patentscope.records.publication import Party, Priority, Publication
from patentscope.records.reference import reference_rows

_FIRST = re.compile(r"US\d{6,11}([A-Z]\d?)?")
_GRANT = re.compile(r"([A-Z]{0,2})0*(\d{1,8})")
#: Series of reexaminations and supplemental examinations (MPEP 503): they name the patent that they are about.
_REEXAMINATIONS = ("90", "95", "96")
#: Provisional, continuation, continuation in part, division, national stage: what a priority can rest on. A reissue or
#: a reexamination names the patent that it is about.
_CLAIMS = frozenset({"PRO", "CON", "CIP", "DIV", "NST"})


def publications_of(wrapper: Json, source: str, origin: str) -> tuple[list[Publication], list[str]]:
    """Return the publications that an application states, at most two, and why there are not more: reasons."""
    meta = within(wrapper, "applicationMetaData")
    first = re.sub(r"[\s/,-]", "", word(meta, "earliestPublicationNumber")).upper()
    granted = re.sub(r"[\s/,-]", "", word(meta, "patentNumber")).upper()
    if word(wrapper, "applicationNumberText").startswith(_REEXAMINATIONS):
        return [], ["a reexamination, no application"]
    if not first and not granted:
        return [], ["not published"]
    common = _common(wrapper, meta, source, origin)
    publications, reasons = [], []
    if match := _FIRST.fullmatch(first):
        date = iso_date(meta, "earliestPublicationDate")
        publications.append(replace(common, publication_number=first, kind=match[1], publication_date=date))
    elif first:
        reasons.append("no publication number of the USPTO")
    if match := _GRANT.fullmatch(granted):
        number = f"US{match[1]}{match[2]}"
        publications.append(replace(common, publication_number=number, publication_date=iso_date(meta, "grantDate")))
    elif granted:
        reasons.append("no patent number of the USPTO")
    return publications, reasons


def _common(wrapper: Json, meta: Json, source: str, origin: str) -> Publication:
    """Return what an application's publications have in common."""
    claims = _foreign(wrapper) + [
        Priority(_us(word(link, "parentApplicationNumberText")), iso_date(link, "parentApplicationFilingDate"))
        for link in entries(wrapper, "parentContinuityBag")
        if word(link, "claimParentageTypeCode") in _CLAIMS
    ]
    # An office that can't be told leaves a claim without a number, and the priorities as a whole unknown but for dates.
    priorities = () if any(not claim.number for claim in claims) else tuple(dict.fromkeys(claims))
    title = word(meta, "inventionTitle")
    inventors = [_party(entry, "inventorNameText", ("residence",)) for entry in entries(meta, "inventorBag")]
    applicants = [_party(one, "applicantNameText", ("residence", "postal")) for one in entries(meta, "applicantBag")]
    if not applicants and (first := word(meta, "firstApplicantName")):
        applicants = [Party(first)]
    listed = meta.get("cpcClassificationBag")
    symbols = ["".join(one.split()) for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    return Publication(
        publication_number="",
        office="US",
        filing_date=iso_date(meta, "filingDate"),
        priority_date=min((claim.date for claim in claims if claim.date), default=None),
        application_number=_us(word(wrapper, "applicationNumberText")) or None,
        priorities=priorities,
        title=title or None,
        title_language="en" if title else None,
        cpc=tuple(dict.fromkeys(filter(None, symbols))),
        applicants=tuple(applicants),
        inventors=tuple(party for party in inventors if party.name or party.country),
        source=source,
        origin=origin,
    )


def _us(number: str) -> str:
    """Return a US application's number with its office; an international one's as it is."""
    return number if not number or number.startswith("PCT") else f"US{number}"


def _foreign(wrapper: Json) -> list[Priority]:
    """Return the foreign priorities; one whose office can't be told has an empty number."""
    priorities = []
    for claim in entries(wrapper, "foreignPriorityBag"):
        number = "".join(word(claim, "applicationNumberText").upper().split())
        office = _office_names().get(word(claim, "ipOfficeName").casefold())
        if number and not number.startswith(("PCT", office or "PCT")):
            number = f"{office}{number}" if office else ""
        priorities.append(Priority(number, iso_date(claim, "filingDate")))
    return priorities


@lru_cache(maxsize=1)
def _office_names() -> dict[str, str]:
    """Return the offices' codes by their names in small letters, as the portal has them in capitals."""
    codes = {}
    for row in reference_rows("offices"):
        name = row["name"].casefold()
        codes[name] = row["code"]
        if row["kind"] in {"regional", "international"}:
            codes[re.sub(r" \(.*\)$", "", name)] = row["code"]
    return codes


def _party(entry: Json, name: str, categories: tuple[str, ...]) -> Party:
    """Return a party; its country is that of its addresses of the first of *categories* that it has any of."""
    addresses = entries(entry, "correspondenceAddressBag")
    for category in categories:
        stated = [one for one in addresses if word(one, "postalAddressCategory").lower() == category]
        countries = {word(one, "countryCode").upper() for one in stated} - {""}
        if countries:
            return Party(word(entry, name), countries.pop() if len(countries) == 1 else None)
    return Party(word(entry, name))
