"""Queries that ship: wherever a query is taken, a name will do in place of a file."""

from __future__ import annotations

from pathlib import Path

#: Where a user's own queries lie: `new` writes there.
OWN = Path("queries")


def shipped() -> dict[str, Path]:
    """Return the files of the queries that ship, by name: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "data" / "queries"
    folder = inside if inside.is_dir() else package.parent / "queries"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def file_of(query: Path | str) -> Path:
    """Return the file that *query* means: the one at that path, else of that name in ./queries, else the shipped one.

    A path that is none of these comes back as it is.
    """
    path = Path(query)
    if path.is_file() or len(path.parts) != 1:
        return path
    own = OWN / f"{path}.toml"
    return own if own.is_file() else shipped().get(path.name, path)
