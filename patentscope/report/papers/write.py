"""What goes with a number: the reporting sheet, the data package and the ClaimReview, filled from the run itself."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from patentscope.provenance.run_folder import RunFolder
from patentscope.provenance.search import told
from patentscope.provenance.state import State, dated
from patentscope.provenance.writing import write_json, write_text
from patentscope.report.papers.data_package import data_package
from patentscope.report.papers.reporting_sheet import reporting
from patentscope.report.run_tables import RunTables


@dataclass(frozen=True)
class Review:
    """Who reviews the claims of a run, where the review can be read, and its date; none of it is known to a program."""

    by: str | None = None
    url: str | None = None
    reviewed: dt.date | None = None


def write_all(folder: RunFolder, tables: RunTables, review: Review) -> None:
    """Write reporting.md, claimreview.json and datapackage.json into the run's folder."""
    query = tables.query
    judged = json.loads(folder.file("verdict.json").read_text(encoding="utf-8"))
    write_text(folder.file("reporting.md"), reporting(folder, query, tables.records, judged["claims"]))
    write_json(folder.file("claimreview.json"), claim_reviews(judged, folder.state, review))
    write_json(folder.file("datapackage.json"), data_package(folder, query))


def claim_reviews(judged: dict[str, Any], state: State, review: Review) -> dict[str, Any]:
    """Return schema.org ClaimReview entries, one per claim.

    Where a claim appeared first is not known: `firstAppearance` is left out. Who reviews it, where and when is as
    *review* says, else the author stays open. There is no `ratingValue`, for the verdicts are no scale; `alternateName`
    has them in words. `isBasedOn` are the sources, and whether each one's search is whole.
    """
    published = {"datePublished": str(review.reviewed)} if review.reviewed else {}
    address = {"url": review.url} if review.url else {}
    sources = [
        {"@type": "Dataset", "name": source["title"], "description": line, "license": source["licence"]}
        for source, line in zip(state["sources"], told(state), strict=True)
    ]
    return {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "ClaimReview",
                "claimReviewed": claim["quote"],
                **published,
                **address,
                "author": {"@type": "Organization", "name": review.by or "whoever publishes this run"},
                "itemReviewed": _claim(claim),
                "reviewRating": _rating(claim),
                "reviewBody": _body(claim, state),
                "isBasedOn": sources,
            }
            for claim in judged["claims"]
        ],
    }


def _rating(claim: dict[str, Any]) -> dict[str, str]:
    """Return the answer in a few words, and in one or two sentences."""
    words = " ".join(filter(None, (claim["sentence"], claim["claimed_and_counted"])))
    return {"@type": "Rating", "alternateName": claim["chip"], "ratingExplanation": words}


def _body(claim: dict[str, Any], state: State) -> str:
    """Return the answer by question, how sure it is, and what comes nearest to the claim."""
    lines = [entry["line"] for entry in claim["questions"]]
    words = (claim["sentence"], *lines, claim["certainty_in_words"], claim["nearest_in_words"])
    return " ".join(filter(None, (*words, f"The records: {dated(state)}.")))


def _claim(claim: dict[str, Any]) -> dict[str, Any]:
    """Return what is known of a claim: when it was said, and where it was read."""
    said = {"datePublished": claim["said_on"]} if claim["said_on"] else {}
    read = {"appearance": {"@type": "CreativeWork", "headline": claim["source"]}} if claim["source"] else {}
    return {"@type": "Claim", **said, **read}
