"""Commands that a reader is told to give, as a shell takes them."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patentscope.query.claim import Claim


def quoted(word: str) -> str:
    """Return *word* as a shell takes it: in double quotes, as every shell understands them, where they will do."""
    if shlex.quote(word) == word:
        return word
    return shlex.quote(word) if re.search(r'["$`\\!]', word) else f'"{word}"'


def check_line(claim: Claim, topic: str, *files: str) -> str:
    """Return the `check` of a claim, and of a *topic* where there is one, on *files* or, without any, on none yet."""
    options = {"--topic": topic, "--said-on": str(claim.said_on or ""), "--tolerance": str(claim.tolerance or "")}
    given = [part for option, value in options.items() if value for part in (option, value)]
    return " ".join(map(quoted, ["patentscope", "check", *files, claim.quote, *given]))
