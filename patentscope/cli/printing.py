"""How tables are written."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

#: Columns of a line that is never folded.
_ENDLESS = 100_000


def table_lines(rows: Iterable[Sequence[str | int]], *head: str, indent: int = 0) -> Iterator[str]:
    """Yield *rows* in columns under *head*, numbers to the right; a terminal's width folds cells, a pipe nothing."""
    from rich.console import Console
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
    console = Console(width=None if sys.stdout.isatty() else _ENDLESS)
    with console.capture() as drawn:
        console.print(table, width=console.width - indent)
    for line in drawn.get().splitlines():
        yield f"{' ' * indent}{line.rstrip()}"
