"""The classification symbols of an exchange document: CPC once per symbol, IPC out of its fixed columns."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import IO

from lxml.etree import _Element

from patentscope.files.xml.safe_xml import LOCAL

_PARTS = ("section", "class", "subclass", "main-group", "subgroup")
_IPC_WIDTH = 15  # the symbol's columns in a fixed-width IPC text
_BLOCK = 1 << 17
_LONGEST = 2048
_BEGINS = b"<patent-classification "
#: A CPC classification as OPS writes it. What its groups hold, put together, is a blank and the symbol.
_AS_OPS_WRITES = re.compile(
    rb"""<patent-classification(\ )sequence="\d++">\s*+
    <classification-scheme\ office="[A-Z]*+"\ scheme="CPC[A-Z]?"/>\s*+
    <section>([A-HY])</section>\s*+<class>(\d\d)</class>\s*+<subclass>([A-Z])</subclass>\s*+
    <main-group>(\d{1,4}+)<(/)main-group>\s*+<subgroup>(\d{2,6}+)</subgroup>\s*+
    (?:<classification-value>[A-Z]?</classification-value>\s*+)?
    (?:<generating-office>[A-Z]*+</generating-office>\s*+)?</patent-classification>\s*+""",
    re.VERBOSE,
)
_SYMBOLS = re.compile(r"(?:\s*+[A-HY]\d\d[A-Z]\d{1,4}/\d{2,6})*+\s*+")


def shortened(xml: bytes) -> bytes:
    """Return exchange XML with the mere symbol in place of each CPC classification that is written as OPS does.

    Most of an answer's elements are the parts of such symbols: this takes a third of the time of parsing them. What is
    written in any other way, or may stand in a comment or a CDATA section, is left as it is.
    """
    return b"".join(_AS_OPS_WRITES.split(xml)) if _is_plain(xml) else xml


def _is_plain(xml: bytes) -> bool:
    """Say whether there is no comment, CDATA section or DTD; most answers have no exclamation mark at all."""
    return b"!" not in xml or b"<!" not in xml


class Shortened:
    """A stream of exchange XML as `shortened` gives it."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Read *stream*."""
        self._stream, self._rest, self._is_plain = stream, b"", True

    def read(self, _: int, /) -> bytes:
        """Return what comes next, in blocks of any size; no bytes at the end."""
        block = self._stream.read(_BLOCK)
        data, self._rest = self._rest + block, b""
        if block:  # a classification that may go on in the next one is held back
            end = data.rfind(_BEGINS, -_LONGEST)
            end = end if end > 0 else data.rfind(b"<", -len(_BEGINS))
            data, self._rest = (data[:end], data[end:]) if end > 0 else (data, b"")
        self._is_plain = self._is_plain and _is_plain(data)
        return shortened(data) if self._is_plain else data


def cpc_of(block: _Element) -> list[str]:
    """Return the CPC symbols of a `patent-classifications` block; some more than once where several offices did.

    Other schemes (`UC`, US classes) stand in the same block and are left out.
    """
    symbols = _shortened(block.text)
    for entry in block:
        symbols += _by_name(entry)
        symbols += _shortened(entry.tail)
    return symbols


def _shortened(text: str | None) -> list[str]:
    return text.split() if text and _SYMBOLS.fullmatch(text) else []


def _by_name(entry: _Element) -> list[str]:
    """Return the symbol of one classification, or those of a combination set, which lie one or two levels down."""
    if LOCAL[entry.tag] != "patent-classification":
        return cpc_of(entry)
    scheme = entry.find("{*}classification-scheme")
    if scheme is None or not scheme.get("scheme", "").startswith("CPC"):
        return []
    parts = {LOCAL[part.tag]: "".join((part.text or "").split()) for part in entry}
    whole = parts.get("classification-symbol")
    if not whole and parts.get("section"):
        section, main_class, subclass, group, subgroup = (parts.get(name, "") for name in _PARTS)
        whole = f"{section}{main_class}{subclass}{group}" + (f"/{subgroup}" if subgroup else "")
    return [whole] if whole else []


def ipc_of(block: _Element) -> list[str]:
    """Return the IPC symbols of a `classifications-ipcr` or an older `classification-ipc` block."""
    texts = block.iter("{*}text", "{*}main-classification", "{*}further-classification")
    return [symbol for entry in texts if (symbol := ipc_symbol(entry.text or ""))]


@lru_cache(maxsize=65536)
def ipc_symbol(text: str) -> str:
    """Return the symbol at the start of a fixed-width IPC text.

    >>> ipc_symbol("F03D  17/    00            C I   "), ipc_symbol("A61K  31/519       20060101AFI20100101BHEP")
    ('F03D17/00', 'A61K31/519')
    """
    return "".join(text.lstrip()[:_IPC_WIDTH].split())
