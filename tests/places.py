"""Where things lie: the checkout, the shipped query, and the folder of real records beside the checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUERY = ROOT / "queries" / "rare-earth-recycling.toml"
REAL = ROOT.parent / "shared" / "real"
