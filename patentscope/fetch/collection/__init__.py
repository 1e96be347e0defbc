"""Collections too large to be taken in whole, of which the candidates of a query are read."""
