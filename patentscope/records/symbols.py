"""How classification symbols of the CPC and the IPC are written. What stands under one is in `records/scheme.py`."""

from __future__ import annotations

import re

SYMBOL = re.compile(r"^([A-HY])(\d{2})([A-Z])(?:(\d{1,4})(?:/(\d{2,6}))?)?\Z", re.ASCII)
#: What another edition of the scheme is read from.
TITLE_LIST = (
    "the list as the EPO and the USPTO publish it, such as CPCTitleList202605.zip, or its nine files in a folder"
)
#: The IPC's edition and what follows it: `(2006.01)`.
_EDITION = re.compile(r"\(\d{4}\.\d\d\).*", re.DOTALL)
#: A symbol padded with zeros, as WIPO ST.8 has it in data: four figures of the main group, six of the subgroup.
_PADDED = re.compile(r"^([A-HY]\d{2}[A-Z])(\d{4})(\d{6})\Z", re.ASCII)
_WHAT_WORKS = "a symbol such as B09B, C22B7, C22B7/006 or C22B59/00="
#: Letters of other alphabets that look like Latin ones, and the classic slip of a letter O for a zero.
_LOOKALIKES = dict(zip("АВСЕНКМОРТХаеосрху", "ABCEHKMOPTXaeocpxy", strict=True))


def normal_symbol(text: str) -> str | None:
    """Return *text* as a symbol without blanks and padding, a main group as `C22B7/00`; None where it is no symbol.

    >>> normal_symbol("C22B   7/00"), normal_symbol("C22B 59/00 (2006.01)"), normal_symbol("H01M0010540000")
    ('C22B7/00', 'C22B59/00', 'H01M10/54')
    """
    bare = "".join(_EDITION.sub("", text).split()).upper()
    padded = _PADDED.match(bare)
    if padded:
        bare = padded[1] + (f"{padded[2]}/{padded[3].rstrip('0'):0<2}" if int(padded[2]) else "")
    match = SYMBOL.match(bare)
    if match is None:
        return None
    return f"{bare[:4]}{int(match[4])}/{match[5] or '00'}" if match[4] else bare


def fault_of(symbol: str) -> str | None:
    """Return what is wrong with a query's *symbol*, with what would work, or None where nothing is."""
    bare = symbol.removesuffix("=")
    for place, letter in enumerate(bare, start=1):
        if letter in _LOOKALIKES:
            return (
                f"character {place} is U+{ord(letter):04X}, which looks like the Latin letter "
                f"{_LOOKALIKES[letter]}; write it in ASCII"
            )
        if not letter.isascii():
            return f"character {place} is U+{ord(letter):04X}; a symbol is ASCII, such as {_WHAT_WORKS}"
    if SYMBOL.match(bare):
        return None
    repaired = bare[:1] + re.sub("[Oo]", "0", bare[1:3]) + bare[3:4] + re.sub("[Oo]", "0", bare[4:])
    if repaired != bare and SYMBOL.match(repaired):
        return f"it has a letter O where a zero belongs; write {repaired}"
    if normal_symbol(bare):
        return f"write it without blanks and in capitals: {normal_symbol(bare)}"
    return f"expected {_WHAT_WORKS}"
