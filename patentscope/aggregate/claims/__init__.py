"""A claim counted under every specification, and the verdict on it."""
