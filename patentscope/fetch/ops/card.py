"""What is to be known of EPO OPS before it is asked."""

from __future__ import annotations

from patentscope.fetch.card import Card

REGISTER = "https://developers.epo.org"
#: The names that tools in the field use for the key pair; the first is ours.
KEY_NAMES = (
    ("EPO_OPS_KEY", "EPO_OPS_SECRET"),
    ("OPS_KEY", "OPS_SECRET"),
    ("OPS_API_CONSUMER_KEY", "OPS_API_CONSUMER_SECRET"),
    ("EPO_OPS_API_KEY", "EPO_OPS_API_SECRET"),
    ("EPO_OPS_CONSUMER_KEY", "EPO_OPS_CONSUMER_SECRET"),
    ("PATENT_CLIENT_EPO_API_KEY", "PATENT_CLIENT_EPO_SECRET"),
)
CARD = Card(
    "ops",
    "bibliographic data of all offices, CN, US, JP and AU among them",
    f"EPO_OPS_KEY and EPO_OPS_SECRET, free at {REGISTER}",
    "EPO OPS terms: counts and charts may be published, the records as such may not",
    "patentscope fetch QUERY --source ops, then patentscope run QUERY --source ops (both with --families "
    "for all members of the families found)",
    title="EPO Open Patent Services 3.2",
    base="https://ops.epo.org/3.2",
    key_names=KEY_NAMES,
)
