"""The door to a claim's text: what can't be a claim is refused, the rest is read as the short grammar or a sentence."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

from patentscope.errors import QueryError
from patentscope.query.sentences import sentence, short
from patentscope.query.sentences.said import EXAMPLES, Said, refuse
from patentscope.query.sentences.times import Clock

MOST = 500
_SIGN = re.compile(r"[<>=]")
#: How a text of the short grammar begins, or goes on, that has no sign.
_MAYBE_SHORT = re.compile(r"^\s*share\b|\babout\s+\d", re.IGNORECASE)


def read(text: str, clock: Clock) -> Said:
    """Return what *text* says.

    Raises:
        QueryError: where it can't be read, can be read in more than one way, or is no text of a claim at all.
    """
    _check(text)
    if _SIGN.search(text):
        return short.read(text, clock)
    if not _MAYBE_SHORT.search(text):
        return sentence.read(text, clock)
    try:
        return short.read(text, clock)
    except QueryError:
        if text.lstrip().startswith("share"):
            with suppress(QueryError):
                return sentence.read(text, clock)
            raise
    return sentence.read(text, clock)


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
            name = unicodedata.name(sign, "").lower() or f"U+{ord(sign):04X}"
            refuse(text, at, "a claim has letters, numbers and marks only; take it out", found=f"{sign!r} ({name})")
