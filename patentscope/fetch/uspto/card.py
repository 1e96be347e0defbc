"""What is to be known of the USPTO's Open Data Portal before it is asked."""

from __future__ import annotations

from patentscope.fetch.card import Card
from patentscope.records.offices import office_codes

REGISTER = "https://data.uspto.gov/myodp"
CARD = Card(
    "uspto",
    "US applications and patents, titles without abstracts; no other office",
    f"USPTO_ODP_API_KEY, free at {REGISTER} with a check of identity (ID.me)",
    "USPTO data, public domain in the United States",
    "patentscope fetch QUERY --source uspto, then patentscope run QUERY --source uspto",
    title="USPTO Open Data Portal, patent file wrapper",
    base="https://api.uspto.gov/api/v1",
    key_names=(("USPTO_ODP_API_KEY",), ("USPTO_API_KEY",)),
    lacks_offices=tuple(sorted(office_codes() - {"US"})),
)
