"""What BigQuery bills for what it reads, in words."""

from __future__ import annotations

GIB = 1 << 30
_USD_PER_TIB = 6.25


def price(size: int) -> str:
    """Return what it costs to read so many bytes, in words."""
    return (
        f"nothing to pay within the 1 TiB that is free each month, else {size / (GIB << 10) * _USD_PER_TIB:,.2f} USD "
        f"at {_USD_PER_TIB} USD per TiB (the price of November 2026; check the current one)"
    )
