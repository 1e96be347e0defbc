"""Which edition of the CPC scheme a query's symbols are read in, and which of them it doesn't hold."""

from __future__ import annotations

from typing import Any

from patentscope.errors import UsageError
from patentscope.query.query import Query
from patentscope.records.scheme import Scheme


def edition(query: Query) -> dict[str, Any]:
    """Return which edition of the scheme a query's symbols are read in, as run.json has it.

    `edition`, `file` and `sha256` (empty for the edition that ships) and `symbols` (how many) say which; `titles` are
    the official ones of the query's symbols, as far as they are known; `absent` are its symbols that the scheme doesn't
    hold, each with the nearest that it does.
    """
    scheme = query.scheme
    listed = list(dict.fromkeys(symbol for group in query.classes.values() for symbol in group))
    titles = {symbol: scheme.title(symbol) for symbol in listed}
    nearest = {symbol: scheme.nearest(symbol) for symbol in listed}
    return {
        "edition": scheme.edition,
        "file": scheme.file,
        "sha256": scheme.sha256,
        "symbols": len(scheme.symbols),
        "titles": {symbol: title for symbol, title in titles.items() if title},
        "absent": {symbol: near for symbol, near in nearest.items() if near},
    }


def remarks(query: Query) -> list[str]:
    """Return what a reader should know of a query that is no fault: symbols that the scheme doesn't hold."""
    return [
        f"{symbol} is not in {query.scheme.name}: it stands for itself, and for no symbol of the scheme unless "
        f"data/classes.csv puts one under it. The nearest that the scheme holds is {near}."
        for symbol, near in edition(query)["absent"].items()
    ]


def same_scheme(query: Query, stated: dict[str, Any]) -> Scheme:
    """Return the scheme in which a run reads classes, which is the one that run.json has *stated*.

    Raises:
        UsageError: where the file of another edition is no longer there, or no longer the same.
    """
    path = query.scheme_file
    if path and not path.exists():
        raise UsageError(
            f"{path}: nothing at this path; the run reads its classes in this list again, so copy the file that "
            f"was named so (SHA-256 {stated['sha256']}) there, or run the query again"
        )
    if query.scheme.sha256 != stated["sha256"]:
        raise UsageError(
            f"{path}: found another file (SHA-256 {query.scheme.sha256}) than the run read its classes in "
            f"({stated['sha256']}); put that one there, or run the query again"
        )
    return query.scheme
