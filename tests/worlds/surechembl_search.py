"""A small search at SureChEMBL."""

from __future__ import annotations

SMALL = """
name = "small"
[scope]
sources = ["surechembl"]
years = [2022, 2024]
[topic.classes]
rare_earth = ["C22B59"]
recycling = ["C22B7", "Y02W30/84"]
[topic.terms.en]
rare_earth = ["rare earth"]
recycling = ["recycle", "scrap"]
[topic.readings]
strict = { all = ["classes.rare_earth", "classes.recycling"] }
terms = { all = ["terms.rare_earth", "terms.recycling"] }
"""
