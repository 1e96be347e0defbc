"""A reader's labels: drawn, stored, joined to families, and carried into the counts."""
