"""Units counted by country and year, and the patterns that every way of counting reads."""
