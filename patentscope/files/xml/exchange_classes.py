"""The classification symbols of an exchange document: CPC once per symbol, IPC out of its fixed columns."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree
from lxml.etree import _Element

from patentscope.files.xml.safe_xml import local

_PARTS = ("section", "class", "subclass", "main-group", "subgroup")
_SHAPE = re.compile(r"[A-HY]\|\d\d\|[A-Z]\|\d{1,4}\|\d{2,6}")
_IPC_WIDTH = 15  # the symbol's columns in a fixed-width IPC text
_TEXTS_EACH = 7
_TEXTS = etree.XPath("descendant::text()", smart_strings=False)
_SCHEMES = etree.XPath("*/*[1]/@scheme", smart_strings=False)


def cpc_of(block: _Element) -> list[str]:
    """Return the CPC symbols of a `patent-classifications` block; some more than once where several offices did.

    Other schemes (`UC`, US classes) stand in the same block and are left out.
    """
    # OPS writes seven texts to each classification, the symbol's parts first. Where that holds for the whole block, no
    # element needs to be touched, which halves the time of a document; the shape of every symbol is checked.
    schemes, texts, count = _SCHEMES(block), _TEXTS(block), len(block)
    is_cpc = len(schemes) == count and all(scheme.startswith("CPC") for scheme in set(schemes))
    if is_cpc and len(texts) == _TEXTS_EACH * count:
        distinct = dict.fromkeys(zip(*(texts[part::_TEXTS_EACH] for part in range(len(_PARTS))), strict=True))
        symbols = [symbol for parts in distinct if (symbol := _by_shape(parts)) is not None]
        if len(symbols) == len(distinct):
            return symbols
    return [symbol for entry in block for symbol in _by_name(entry)]


@lru_cache(maxsize=65536)
def _by_shape(texts: tuple[str | None, ...]) -> str | None:
    parts = [(text or "").strip() for text in texts]
    return "{}{}{}{}/{}".format(*parts) if _SHAPE.fullmatch("|".join(parts)) else None


def _by_name(entry: _Element) -> list[str]:
    """Return the symbol of one classification, or those of a combination set, which lie one or two levels down."""
    if local(entry.tag) != "patent-classification":
        return [symbol for child in entry for symbol in _by_name(child)]
    scheme = entry.find("{*}classification-scheme")
    if scheme is None or not scheme.get("scheme", "").startswith("CPC"):
        return []
    parts = {local(part.tag): "".join((part.text or "").split()) for part in entry}
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
