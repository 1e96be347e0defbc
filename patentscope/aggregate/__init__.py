"""Whose each family is, how it adds up by country under every convention, and whether the claim holds."""
