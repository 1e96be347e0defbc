"""The door to a claim's text: what can't be a claim is refused, the rest is read as the short grammar or a sentence."""

from __future__ import annotations

import re
import unicodedata

from patentscope.query.sentences import short
from patentscope.query.sentences.said import EXAMPLES, Said, refuse
from patentscope.query.sentences.times import Clock

MOST = 500
_SHORT = re.compile(r"[<>=]|^\s*share\b", re.IGNORECASE)


def read(text: str, clock: Clock) -> Said:
    """Return what *text* says.

    Raises:
        QueryError: where it can't be read, can be read in more than one way, or is no text of a claim at all.
    """
    _check(text)
    return short.read(text, clock)


def _check(text: str) -> None:
    """Refuse what is empty, too long, or holds signs that no claim has."""
    if not text.strip():
        refuse(text, 0, f"expected a claim, such as {EXAMPLES}", found="no text")
    if len(text) > MOST:
        refuse(
            text,
            MOST,
            f"a claim has at most {MOST} characters; give the one sentence that compares countries",
            found=f"{len(text)} characters",
        )
    for at, sign in enumerate(text):
        kind = unicodedata.category(sign)
        if (kind[0] == "C" and not sign.isspace()) or kind in {"So", "Sk"} or sign == "\ufffd":
            name = unicodedata.name(sign, f"U+{ord(sign):04X}")
            refuse(
                text, at, "a claim has letters, numbers and marks only; take it out", found=f"{sign!r} ({name.lower()})"
            )
