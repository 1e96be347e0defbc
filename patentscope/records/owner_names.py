"""An owner's name, read as text: what it is without marks and legal form, and the script it is written in."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Words of legal form, left out at the end of a name; the last word that is left always stays.
FORMS = (
    *("AB", "AG", "AS", "ASA", "BV", "CO", "COMPANY", "CORP", "CORPORATION", "CV", "EG", "EV", "GMBH", "INC"),
    *("INCORPORATED", "KG", "KGAA", "KK", "LIMITED", "LLC", "LLP", "LP", "LTD", "MBH", "NV", "OY", "OYJ", "PLC", "PTE"),
    *("PTY", "SA", "SARL", "SAS", "SE", "SL", "SPA", "SRL", "AKTIENGESELLSCHAFT", "KABUSHIKI KAISHA", "AND CO"),
)
#: Written without blanks, at either end of a name.
FORMS_HAN = (
    *("股份有限公司", "有限责任公司", "有限責任公司", "有限公司"),
    *("株式会社", "株式會社", "주식회사", "(株)"),
)
LATIN = "Latin"
#: Names that stay read: each is asked for by its spelling, its sector, and among inventors.
_KEPT = 1 << 16
_AT_END = re.compile(rf"(?<=\S)(?: (?:{'|'.join(sorted(FORMS, key=len, reverse=True))}))+$")
_HAN = re.compile(rf"^(?:{'|'.join(map(re.escape, FORMS_HAN))})|(?:{'|'.join(map(re.escape, FORMS_HAN))})$")
_MARKS = re.compile(r"[^\w]+|_")
_PLAIN = re.compile(r"[A-Z0-9]{2,}(?: [A-Z0-9]{2,})*")
_LONE = re.compile(r"\b(\w) (?=\w(?: \w)*$)")
_DOTTED = re.compile(r"\b(\w)\.(?=\w\b)")
#: By its letters, the first that a name has any of: LG化学 is in Han, トヨタ自動車 in kana.
_SCRIPTS = (
    ("Hangul", re.compile(r"[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")),
    ("kana", re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u31f0-\u31ff]")),
    ("Han", re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")),
    ("Cyrillic", re.compile(r"[\u0400-\u052f]")),
    (LATIN, re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")),
)


@lru_cache(_KEPT)
def joined(name: str) -> str:
    """Return what names are joined by: upper case, without marks, without legal form; the name where nothing is left.

    Letters that stand alone at the end are taken together, so that `SA`, `S.A.` and `S. A.` are one.
    """
    plain = bare = name.strip()
    if not name.isascii():
        plain = unicodedata.normalize("NFKC", name).strip()
        bare = _HAN.sub("", plain).strip() or plain
    words = in_words(bare)
    return _AT_END.sub("", words) or words or plain


@lru_cache(_KEPT)
def in_words(text: str) -> str:
    """Return *text* in upper case, with a blank in place of marks; letters alone at the end are taken together."""
    upper = text.upper()
    if _PLAIN.fullmatch(upper):  # most names, in a fifth of the time
        return upper
    words = _MARKS.sub(" ", _DOTTED.sub(r"\1", upper.replace("&", " AND "))).strip()
    return _LONE.sub(r"\1", words)


def script(name: str) -> str:
    """Return the script that a name is written in: Hangul, kana, Han, Cyrillic or Latin, else `other`."""
    if name.isascii():
        return LATIN if _SCRIPTS[-1][1].search(name) else "other"
    return next((script for script, letters in _SCRIPTS if letters.search(name)), "other")
