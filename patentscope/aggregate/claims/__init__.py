"""A claim counted under every specification, and what lowers the certainty of each."""
