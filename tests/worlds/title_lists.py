"""Small title lists in the form of the official one: nine sections, each to its last subclass, with few groups."""

from __future__ import annotations

import zipfile
from pathlib import Path

LAST = {**{section: f"{section}99Z" for section in "ABCDEFGH"}, "Y": "Y10T"}
#: What section C holds before its last subclass; H01 and Y02 are left out.
GROUPS = (
    *(("C22", ""), ("C22B", ""), ("C22B7/00", "0"), ("C22B7/001", "1"), ("C22B7/005", "2"), ("C22B7/02", "1")),
    *(("C22B2007/04", "1"), ("C22B59/00", "0"), ("C22B59/10", "1")),
)


def sections(groups: tuple[tuple[str, str], ...] = GROUPS) -> dict[str, str]:
    """Return the text of each section's file; *groups*, symbols with their levels, stand in section C."""
    texts = {}
    for section, last in LAST.items():
        rows = [(section, ""), *(groups if section == "C" else ()), (last[:3], ""), (last, ""), (f"{last}1/00", "0")]
        texts[section] = "".join(f"{symbol}\t{level}\tTitle of {symbol}\n" for symbol, level in rows)
    return texts


def write_list(path: Path, texts: dict[str, str], date: str = "20260501") -> Path:
    """Write the files of *texts* by section as a zip, or into a folder where *path* ends in no `.zip`."""
    files = {f"cpc-section-{section}_{date}.txt": text for section, text in texts.items()}
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return path
    path.mkdir()
    for name, text in files.items():
        (path / name).write_text(text, encoding="utf-8")
    return path
