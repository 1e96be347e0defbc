"""Claims as people write them: the short grammar, and a sentence from a newspaper."""
