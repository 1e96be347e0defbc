"""Vega's pictures as SVG, made by a process beside this one: Vega takes half a second to start, and holds Python."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import vl_convert

_CODE = """
import json, sys, vl_convert
json.dump([vl_convert.vegalite_to_svg(spec) for spec in json.load(sys.stdin)], sys.stdout)
"""


@contextlib.contextmanager
def drawing(specs: Sequence[Any]) -> Iterator[Callable[[], list[str]]]:
    """Begin to draw Vega-Lite's *specs*; what the block is given waits for their SVG, in their order.

    Where no process can be started, or it is killed, they are drawn here: the same pictures, a little later.
    """
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as drawn:
        asked.write(json.dumps(list(specs)).encode())
        asked.seek(0)
        try:
            command = [sys.executable, "-P", "-c", _CODE]
            beside = subprocess.Popen(command, stdin=asked, stdout=drawn, stderr=subprocess.DEVNULL)  # noqa: S603 - ours
        except OSError:
            yield lambda: list(map(vl_convert.vegalite_to_svg, specs))
            return

        def wait() -> list[str]:
            if beside.wait():
                return list(map(vl_convert.vegalite_to_svg, specs))
            drawn.seek(0)
            found: list[str] = json.loads(drawn.read())
            return found

        try:
            yield wait
        finally:
            beside.kill()
            beside.wait()
