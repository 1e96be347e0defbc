"""Exported tables of text, one module per site that exports them."""
