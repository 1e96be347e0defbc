"""Hold a claim about patent counts against the record, under every defensible way of counting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from patentscope.pipeline import run
    from patentscope.query.claim import Claim
    from patentscope.query.convention import Convention
    from patentscope.query.query import Query
    from patentscope.records.publication import Publication
    from patentscope.report.run import Run

__all__ = ["Claim", "Convention", "Publication", "Query", "Run", "run"]

_HOMES = {
    "Claim": "query.claim",
    "Convention": "query.convention",
    "Publication": "records.publication",
    "Query": "query.query",
    "Run": "report.run",
    "run": "pipeline",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    """Import a public name when it is first asked for, so that `--help` doesn't pay for pandas."""
    if name not in _HOMES:
        raise AttributeError(f"module 'patentscope' has no name {name!r}; it has {', '.join(__all__)}")
    from importlib import import_module  # noqa: PLC0415 - see above

    return getattr(import_module(f"patentscope.{_HOMES[name]}"), name)
