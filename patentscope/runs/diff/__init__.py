"""Two runs held against each other: what changed, and for which reason."""
