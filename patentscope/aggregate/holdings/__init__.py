"""Which countries hold each family, and how that is known."""
