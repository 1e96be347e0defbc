"""Vega's pictures as SVG, made by a process beside this one: Vega takes half a second to start, and holds Python."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from patentscope.engines.beside import Beside
from patentscope.errors import WorkerLost

#: The process that is to draw next, where it was begun.
_begun: list[Beside] = []


def begin() -> None:
    """Start Vega in a process of its own, so that it is there when there are pictures to draw."""
    if not _begun:
        _begun.append(Beside([f"{__name__}:warm"]))


def warm() -> None:
    """Draw an empty picture: the first one takes what all others don't."""
    svgs_of([{"mark": "point", "data": {"values": []}}])


def svgs_of(specs: Sequence[Any]) -> list[str]:
    """Return the SVG of each of Vega-Lite's *specs*."""
    import vl_convert  # noqa: PLC0415 - whoever has it drawn beside needs none

    return list(map(vl_convert.vegalite_to_svg, specs))


@contextlib.contextmanager
def drawing(specs: Sequence[Any]) -> Iterator[Callable[[], list[str]]]:
    """Begin to draw Vega-Lite's *specs*; what the block is given waits for their SVG, in their order.

    Where no process can be started, or it is killed, they are drawn here: the same pictures, a little later.
    """
    begin()
    beside = _begun.pop()
    with ThreadPoolExecutor(1) as thread:
        drawn = thread.submit(beside.do, svgs_of, specs)

        def wait() -> list[str]:
            try:
                return drawn.result()
            except WorkerLost:
                return svgs_of(specs)

        try:
            yield wait
        finally:
            beside.end()
