"""The dictionary of chunks, and what is loaded for it."""

from __future__ import annotations

import subprocess
import sys

_CODE = """
import sys
from patentscope.classify.words.chunks import blank_english, lemma_of
assert lemma_of("recycled") == "recycle"
assert [token.text for token in blank_english().tokenizer("rare-earth magnets")] == ["rare", "-", "earth", "magnets"]
print(*(name for name in sys.modules if name.startswith(("spacy.cli", "typer"))))
import spacy.cli
print(spacy.cli.info.__module__)
"""


def test_spacy_comes_without_its_command_line() -> None:
    """Words are read without spaCy's command line being loaded; whoever asks for that gets it afterwards."""
    told = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True, check=False)
    assert told.stdout.splitlines() == ["", "spacy.cli.info"], told.stderr
