"""What `new` does: write a query to start from, with every key explained."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from patentscope.cli.printing import table_lines
from patentscope.cli.verb import argument, verb
from patentscope.errors import UsageError

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@verb(
    "new",
    "write a query to start from, with every key explained",
    argument("name", metavar="NAME", help="the query's name, such as heat-pumps"),
    argument("--out", metavar="FILE", help="the file to write (default: ./queries/NAME.toml)"),
    examples=("new heat-pumps", "new heat-pumps --out heat-pumps.toml"),
)
def new(options: argparse.Namespace) -> Iterator[Any]:
    """Carry out `new`."""
    name: str = options.name
    text = query_text(name)
    path = Path(options.out) if options.out else Path("queries") / f"{name}.toml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        if path.exists():
            raise UsageError(f"{path}: it is there already, and left as it is; take another name, or --out") from None
        raise UsageError(f"{path}: can't be written ({error.strerror}); say where with --out FILE") from error
    steps = {
        f"patentscope sources --query {path}": "the searches to export by hand, where there is no key",
        f"patentscope fetch {path}": "or fetch, with a key; `patentscope sources` says which",
        f"patentscope run {path} --input FILE": "count, judge the claim, write the page (without --input: by network)",
    }
    yield {"query": str(path), "next": list(steps)}
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
    if not _NAME.fullmatch(name):
        raise UsageError(f"name {name!r}: expected small letters, digits, - and _, at most 64, such as heat-pumps")
    text = resources.files("patentscope").joinpath("data/query_template.toml").read_text(encoding="utf-8")
    title = re.sub(r"[-_]+", " ", name).strip().capitalize()
    return text.replace("@NAME@", name).replace("@TITLE@", title)
