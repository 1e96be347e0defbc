"""What `new` does: write a query to start from, with every key explained, or a copy of one that ships."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from patentscope.cli.printing import table_lines
from patentscope.cli.verb import argument, verb
from patentscope.errors import UsageError
from patentscope.query.shipped import OWN, shipped

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@verb(
    "new",
    "write a query to start from: every key explained, or a copy of one that ships",
    argument("name", metavar="NAME", nargs="?", help="the query's name, such as heat-pumps"),
    argument(
        "--from",
        metavar="SHIPPED",
        dest="model",
        choices=tuple(shipped()),
        help=f"copy this one, with the tables that it names: {', '.join(shipped())}",
    ),
    argument("--out", metavar="FILE", help="the file to write (default: ./queries/NAME.toml)"),
    examples=(
        "new heat-pumps",
        "new heat-pumps --out heat-pumps.toml",
        "new --from rare-earth-recycling",
        "new magnets --from rare-earth-recycling",
    ),
    usage="%(prog)s NAME [--out FILE]\n       %(prog)s [NAME] --from SHIPPED [--out FILE]",
)
def new(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `new`."""
    name: str = options.name or options.model or ""
    text, tables = copy_of(name, options.model) if options.model else (query_text(name), {})
    path = Path(options.out) if options.out else OWN / f"{name}.toml"
    _write({path: text.encode(), **{path.parent / table: raw for table, raw in tables.items()}})
    steps = {
        f"patentscope sources --query {path}": "the searches to export by hand, where there is no key",
        f"patentscope fetch {path}": "or fetch, with a key; `patentscope sources` says which",
        f"patentscope run {path} --input FILE": "count, judge the claim, write the page (without --input: by network)",
    }
    yield {"query": str(path), "tables": [str(path.parent / table) for table in tables], "next": list(steps)}
    yield path
    print("It works as it stands, with an example.", file=sys.stderr)
    print("Put your topic and your claim into it; then:", file=sys.stderr)
    for line in table_lines(steps.items(), indent=2):
        print(line, file=sys.stderr)


def query_text(name: str) -> str:
    """Return a query of that *name*: a working example with every key explained.

    Raises:
        UsageError: where *name* can't be a query's name (and so no file's either).
    """
    text = resources.files("patentscope").joinpath("data/query_template.toml").read_text(encoding="utf-8")
    title = re.sub(r"[-_]+", " ", _checked(name)).strip().capitalize()
    return text.replace("@NAME@", name).replace("@TITLE@", title)


def copy_of(name: str, model: str) -> tuple[str, dict[Path, bytes]]:
    """Return the query that ships as *model*, under the name *name*, and the tables that it names, by relative path.

    Raises:
        UsageError: as `query_text`.
    """
    from patentscope.query.query import Query

    query = Query.load(shipped()[model])
    named = re.sub(r'^name = ".*"$', f'name = "{_checked(name)}"', query.text, count=1, flags=re.MULTILINE)
    beside = [file for file in (query.scheme_file, query.aliases_file, query.published_file) if file]
    return named, {file.relative_to(shipped()[model].parent): file.read_bytes() for file in beside}


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise UsageError(f"name {name!r}: expected small letters, digits, - and _, at most 64, such as heat-pumps")
    return name


def _write(files: Mapping[Path, bytes]) -> None:
    """Write *files*, the query first; none where one is there already, unless a table is there as it would be."""
    query = next(iter(files))
    for path, raw in files.items():
        if path.exists() and (path == query or path.read_bytes() != raw):
            raise UsageError(f"{path}: it is there already, and left as it is; take another name, or --out")
    for path, raw in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
        except OSError as error:
            raise UsageError(f"{path}: can't be written ({error.strerror}); say where with --out FILE") from error
