"""Tokens, lemmas, writing systems, and the lexicon of terms."""
