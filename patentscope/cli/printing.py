"""How tables, texts and bars are written: folded to a terminal's width; in a pipe every line is whole."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

#: Columns of a line that is never folded.
_ENDLESS = 100_000
_BAR = 32


def table_lines(rows: Iterable[Sequence[str | int]], *head: str, indent: int = 0) -> Iterator[str]:
    """Yield *rows* in columns under *head*, numbers to the right."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=bool(head), padding=(0, 2, 0, 0), pad_edge=False)
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows:
        is_number = [isinstance(cell, int) for cell in row]
        table.add_row(*(Text(f"{cell:,}" if isinstance(cell, int) else cell) for cell in row))
        for column, right in zip(table.columns, is_number, strict=True):
            column.justify = "right" if right else "left"
    yield from _drawn(table, indent)


def text_lines(text: str, *, indent: int = 0, style: str = "") -> Iterator[str]:
    """Yield a text; *style* (of rich) shows on a terminal only."""
    from rich.text import Text

    yield from _drawn(Text(text, style), indent)


def bar_lines(sides: Iterable[tuple[str, float, str]], *, indent: int = 0) -> Iterator[str]:
    """Yield a bar for each name, amount and figure in words, on one scale; on a terminal only."""
    from rich.progress_bar import ProgressBar
    from rich.table import Column, Table
    from rich.text import Text

    if not sys.stdout.isatty():
        return
    bars = list(sides)
    most = max(amount for _, amount, _ in bars) or 1
    columns = (Column(overflow="fold"), Column(width=_BAR), Column(no_wrap=True, justify="right"))
    table = Table.grid(*columns, padding=(0, 2, 0, 0))
    for name, amount, figure in bars:
        bar = ProgressBar(most, amount, _BAR, complete_style="cyan", finished_style="cyan")
        table.add_row(Text(name), bar, Text(figure))
    yield from _drawn(table, indent)


def _drawn(what: RenderableType, indent: int) -> Iterator[str]:
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else _ENDLESS)
    with console.capture() as drawn:
        console.print(what, width=console.width - indent)
    for line in drawn.get().splitlines():
        yield f"{' ' * indent}{line.rstrip()}"
