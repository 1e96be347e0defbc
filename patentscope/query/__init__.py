"""The question: its file, its claims, and the conventions of counting."""
