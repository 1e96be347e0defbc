"""EPO Open Patent Services."""
