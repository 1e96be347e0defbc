"""What `import` does: read exported files into one parquet file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from patentscope.cli.verb import argument, verb


@verb(
    "import",
    "read exported files into one parquet file, and account for every row",
    argument("files", metavar="FILE", nargs="+", help="files in any of the formats that `sources` lists"),
    argument("--format", metavar="NAME", help="their format (default: told by their content)"),
    argument("--out", metavar="FILE.parquet", required=True, help="the file to write"),
    argument("--most-bad", metavar="SHARE", type=float, default=0.01, help="stop at more bad rows than this (.01)"),
    examples=(
        "import lens-cn.csv lens-us.csv --out mine.parquet",
        "import tls.zip --format patstat --out mine.parquet --json",
    ),
)
def import_(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `import`."""
    from patentscope.cli.progress import progress
    from patentscope.files.import_files import import_files

    paths = [Path(name) for name in options.files]
    with progress() as tell:
        account = import_files(paths, Path(options.out), form=options.format, most_bad=options.most_bad, progress=tell)
    yield account
    for file in account["files"]:
        yield (
            f"{file['path']}: {file['format']}, {file['encoding']}: {file['rows_in']} rows = "
            f"{file['publications']} publications + {file['duplicates']} duplicates + "
            f"{sum(entry['count'] for entry in file['set_aside'])} set aside"
        )
        for entry in file["set_aside"]:
            first = f" (first: {', '.join(entry['first'])})" if entry["first"] else ""
            yield f"  set aside: {entry['count']}, {entry['reason']}{first}"
        yield from (f"  {name}: {text}" for name, text in file["notes"].items())
    yield f"{account['publications']} publications in {account['out']}"
