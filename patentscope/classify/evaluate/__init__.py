"""How good the classifier is, on labels of one's own."""
