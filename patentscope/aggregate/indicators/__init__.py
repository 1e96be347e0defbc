"""What else can be counted of each side, beside how many: growth, reach abroad, grants, owners, parts of the topic."""
