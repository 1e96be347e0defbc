"""What goes with a number: the reporting sheet, the data package and the ClaimReview, filled from the run itself."""

from __future__ import annotations

import json
from typing import Any

from patentscope.provenance.run_folder import RunFolder
from patentscope.provenance.state import State
from patentscope.provenance.writing import write_json, write_text
from patentscope.query.query import Query
from patentscope.report.papers.data_package import data_package
from patentscope.report.papers.reporting_sheet import reporting


def write_all(folder: RunFolder, query: Query) -> None:
    """Write reporting.md, claimreview.json and datapackage.json into the run's folder."""
    judged = json.loads(folder.file("verdict.json").read_text(encoding="utf-8"))
    write_text(folder.file("reporting.md"), reporting(folder, query, judged))
    write_json(folder.file("claimreview.json"), claim_reviews(judged, folder.state))
    write_json(folder.file("datapackage.json"), data_package(folder, query))


def claim_reviews(judged: dict[str, Any], state: State) -> dict[str, Any]:
    """Return schema.org ClaimReview entries, one per claim that somebody made.

    Where a claim appeared first, and who reviews it, is not known to a program: `firstAppearance` and `url` are left
    out, and the author stays open. There is no `ratingValue`, for the verdicts are no scale; `alternateName` has them.
    """
    return {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "ClaimReview",
                "claimReviewed": claim["quote"],
                "datePublished": state["as_of"],
                "author": {"@type": "Organization", "name": "whoever publishes this run"},
                "itemReviewed": _claim(claim),
                "reviewRating": {"@type": "Rating", "alternateName": claim["verdict"]},
                "reviewBody": " ".join(part for part in (claim["sentence"], claim["nearest_in_words"]) if part),
            }
            for claim in judged["claims"]
            if not claim.get("illustration")
        ],
    }


def _claim(claim: dict[str, Any]) -> dict[str, Any]:
    """Return what is known of a claim: when it was said, and where it was read."""
    said = {"datePublished": claim["said_on"]} if claim["said_on"] else {}
    read = {"appearance": {"@type": "CreativeWork", "headline": claim["source"]}} if claim["source"] else {}
    return {"@type": "Claim", **said, **read}
