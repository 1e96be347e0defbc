"""What the counts of a claim say together: the results, the answer, how sure it is, and its words."""
