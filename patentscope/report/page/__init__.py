"""The page itself: its template, style, scripts and embedded data."""
