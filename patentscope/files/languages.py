"""Which of a document's titles and abstracts is read: the English one if there is one, else the first."""

from __future__ import annotations

#: Texts with their languages; None where the source does not name it, or only says that it is the original one.
Texts = list[tuple[str | None, str]]
#: Offices whose documents carry titles in their own working languages, whatever language the applicant wrote in.
_TRANSLATING = frozenset({"EP", "WO", "CA"})
_WORKING = frozenset({"en", "fr", "de"})


def english_first(texts: Texts) -> tuple[str | None, str | None]:
    """Return (language, text) of the English text, else of the first."""
    for entry in texts:
        if entry[0] == "en":
            return entry
    return texts[0] if texts else (None, None)


def original_of(texts: Texts, office: str | None, own: str | None = None) -> str | None:
    """Return the original title beside an English one, where it can be told; else None.

    It can be told if its language is *own*, the document's, or unnamed, or if it is the only other one; a French or a
    German title at an office that translates into those languages may be a translation.
    """
    if len(texts) == 1 or english_first(texts)[0] != "en":
        return None
    others = [entry for entry in texts if entry[0] != "en"]
    stated = [text for language, text in others if language in {None, own}]
    left = [text for language, text in others if office not in _TRANSLATING or language not in _WORKING]
    original = stated[0] if stated else left[0] if len(left) == 1 else None
    return original if original != english_first(texts)[1] else None
