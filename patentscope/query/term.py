"""A term of a query: words in a row, of which the last may end in a `*`: it stands for every word that begins so."""

from __future__ import annotations

import re
import unicodedata

LANGUAGES = ("en", "zh", "ja")
#: What a term holds that is matched by characters: Han and kana.
ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SHORTEST = 3
# Words are parted by blanks and hyphens.
_BEGINNING = re.compile(rf"(?:(?P<before>[^*]*)[\s\u2010-\u2015\u2212-])?(?P<begins>[^\W_]{{{_SHORTEST},}})\*")


def parted(term: str) -> tuple[str, str]:
    """Return the words of a term that are taken as they are, and what its last one begins with; empty without a `*`.

    >>> parted("rare earth recover*"), parted("recycl*"), parted("rare earth")
    (('rare earth', 'recover'), ('', 'recycl'), ('rare earth', ''))
    """
    plain = _plain(term)
    found = _BEGINNING.fullmatch(plain)
    return (found["before"] or "", found["begins"]) if found and not ASIAN.search(plain) else (term, "")


def fault_of(term: str) -> tuple[str, str] | None:
    """Return what is wrong with a term, and what was expected; None where nothing is."""
    plain = _plain(term)
    if not re.search(r"[^\W_]", plain):
        return repr(term), "expected a term with a letter or a figure"
    if "*" not in plain or parted(term)[1]:
        return None
    if ASIAN.search(plain):
        return (
            f"{term!r}, with a *",
            "Chinese and Japanese match by characters, whatever follows: leave out the *",
        )
    expected = f"a * stands once, at the end of the last word, after {_SHORTEST} letters or more, such as recycl*"
    return f"{term!r}, with a * that can't be read", expected


def _plain(term: str) -> str:
    return unicodedata.normalize("NFKC", term).strip()
