"""Which families are on topic: a lexicon, rules that may abstain, and a text model trained on their majority."""
