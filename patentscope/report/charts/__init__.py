"""Altair charts of a run: tables go in, charts come out."""
