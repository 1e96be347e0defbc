"""A small search at SureChEMBL."""

from __future__ import annotations

from typing import Any

from factories import query_text

ASKED: dict[str, Any] = {
    "sources": ["surechembl"],
    "years": [2022, 2024],
    "classes": {"rare_earth": ["C22B59"], "recycling": ["C22B7", "Y02W30/84"]},
    "terms": {"en": {"rare_earth": ["rare earth"], "recycling": ["recycle", "scrap"]}},
}
SMALL = query_text(**ASKED)
