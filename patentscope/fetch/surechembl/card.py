"""What is to be known of SureChEMBL before it is asked: of its search, and of its bulk file."""

from __future__ import annotations

from dataclasses import replace

from patentscope.fetch.card import Card
from patentscope.records.offices import office_codes

OFFICES = ("CN", "JP", "US", "EP", "WO")
#: Printed wherever the numbers are, also by the bulk file's source.
COVERAGE = (
    "covers CN, JP, US, EP and WO only: no AU, KR, DE or any other national office; how complete CN is, is not known"
)
CARD = Card(
    "surechembl",
    COVERAGE,
    "nothing",
    "CC BY 4.0, SureChEMBL (https://www.surechembl.org), EMBL-EBI",
    "patentscope run QUERY --source surechembl",
    title="SureChEMBL, patent search (EMBL-EBI)",
    base="https://www.surechembl.org/api",
    lacks_offices=tuple(sorted(office_codes() - set(OFFICES))),
)
#: Of the bulk file.
BULK = replace(
    CARD,
    name="surechembl-bulk",
    covers=f"documents with extracted chemistry; {COVERAGE}",
    needs="nothing but time: several GB are read once for each query",
    how="patentscope run QUERY --source surechembl-bulk; PATENTSCOPE_SURECHEMBL_BULK_URL names another release's "
    "folder or file",
    title="SureChEMBL, bulk file of patents (EMBL-EBI)",
    base="https://ftp.ebi.ac.uk/pub/databases/chembl/SureChEMBL/bulk_data",
)
