"""Who can be asked: what each source covers and needs, what is set up here, and what the cache holds of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from patentscope.answers import AnswerStore
from patentscope.sources import ops, ops_manners, sample

if TYPE_CHECKING:
    from pathlib import Path


def catalogue(cache: Path) -> list[dict[str, str]]:
    """Return one entry per source: name, covers, needs, set_up, kept, licence, how; never a key's value."""
    return [
        {
            "name": sample.NAME,
            "covers": "233 real records on rare-earth recycling and near misses, compiled by hand: no basis for counts",
            "needs": "nothing",
            "set_up": "embedded",
            "kept": "",
            "licence": "bibliographic facts",
            "how": "patentscope run QUERY --sample",
        },
        {
            "name": ops.NAME,
            "covers": "EPO Open Patent Services 3.2: bibliographic data of all offices, CN, US, JP and AU among them",
            "needs": f"EPO_OPS_KEY and EPO_OPS_SECRET, free at {ops_manners.REGISTER}",
            "set_up": _ops_set_up(),
            "kept": _kept(AnswerStore(cache, ops.NAME, ops.LICENCE)),
            "licence": ops.LICENCE,
            "how": "patentscope fetch QUERY --source ops, then patentscope run QUERY --source ops",
        },
        {
            "name": "files",
            "covers": "your own exports: Lens, Google Patents, Espacenet, PATENTSCOPE, DOCDB, USPTO, parquet ...",
            "needs": "nothing",
            "set_up": "",
            "kept": "",
            "licence": "as the site or office states",
            "how": "patentscope import FILE ... --out mine.parquet, or patentscope run QUERY --input FILE ...",
        },
    ]


def _ops_set_up() -> str:
    base = os.environ.get(ops.VARIABLE)
    where = f"asked at {base} ({ops.VARIABLE})" if base else ""
    found = [key for key, secret in ops_manners.KEY_NAMES if os.environ.get(key) and os.environ.get(secret)]
    return "; ".join(part for part in (f"key from {found[0]}" if found else "no key set", where) if part)


def _kept(store: AnswerStore) -> str:
    entries = list(store.entries())
    if not entries:
        return "nothing"
    size = sum(path.stat().st_size for entry in entries for path in (entry, entry.with_suffix(".gz")) if path.exists())
    return f"{len(entries)} answers, {size / 1e6:.1f} MB"
