"""What is to be known of The Lens before it is asked."""

from __future__ import annotations

from patentscope.fetch.card import Card

REGISTER = "https://www.lens.org/lens/user/subscriptions"
CARD = Card(
    "lens",
    "bibliographic data of all offices, with abstracts and simple families",
    f"LENS_API_TOKEN, by trial or plan at {REGISTER}",
    "Lens terms: attribution (https://www.lens.org); records are not to be redistributed",
    "patentscope fetch QUERY --source lens, then patentscope run QUERY --source lens",
    title="The Lens, patent API",
    base="https://api.lens.org",
    key="token",
    key_names=(("LENS_API_TOKEN",), ("LENS_TOKEN",)),
)
