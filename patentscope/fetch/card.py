"""What is to be known of a source before it is asked: one card each, for `sources`, for records, and for who asks."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from patentscope.errors import Unauthorized
from patentscope.fetch.cache import AnswerStore
from patentscope.provenance.addresses import address_without_secrets

#: What a header may hold. Anything else would have the HTTP library quote the secret in its error.
SENDABLE = re.compile(r"[!-~]+")


@dataclass(frozen=True)
class Card:
    """A source, in facts.

    Attributes:
        name: what queries and `--source` call it.
        covers: offices, kinds of data, and what is missing.
        needs: what a user must have.
        licence: the terms of its records, kept beside each of them.
        how: the commands.
        title: its own name; empty for what is no service.
        base: its address, version included; the variable `PATENTSCOPE_<NAME>_URL` replaces it. Empty for no service.
        key: what it calls its key.
        key_names: the variables that may hold the key; where several must be set together, one entry names them all.
        lacks_offices: the offices of which it has nothing.
        set_up: says what else is set up here.
    """

    name: str
    covers: str
    needs: str
    licence: str
    how: str
    title: str = ""
    base: str = ""
    key: str = "key"
    key_names: tuple[tuple[str, ...], ...] = ()
    lacks_offices: tuple[str, ...] = ()
    set_up: Callable[[], list[str]] = list

    @property
    def variable(self) -> str:
        """The variable that replaces the source's address."""
        return f"PATENTSCOPE_{self.name.upper().replace('-', '_')}_URL"

    def address(self) -> str:
        """Return the address at which the source is asked; raise UsageError as `checked_base`."""
        from patentscope.fetch.http import checked_base  # noqa: PLC0415 - httpx, which a list of sources doesn't need

        return checked_base(os.environ.get(self.variable) or self.base, self.variable)

    def key_variable(self) -> str | None:
        """Return the first variable of the first of `key_names` that are set together; None where none are."""
        is_set = {one: bool(os.environ.get(one, "").strip()) for names in self.key_names for one in names}
        return next((names[0] for names in self.key_names if all(is_set[one] for one in names)), None)

    def secret(self, missing: str) -> str:
        """Return the key; raise Unauthorized where none is set, with the text *missing*, or no header can hold it."""
        name = self.key_variable()
        if name is None:
            raise Unauthorized(missing)
        key = os.environ[name].strip()
        if not SENDABLE.fullmatch(key):
            raise Unauthorized(f"{name} holds a blank, a line break or a letter beyond ASCII; copy the key again")
        return key

    def store(self, cache: Path) -> AnswerStore:
        """Return the answers of the source that are kept in the folder *cache*."""
        return AnswerStore(cache, self.name, self.licence)

    def row(self, cache: Path) -> dict[str, str]:
        """Return what `sources` says: name, covers, needs, set_up, kept, licence, how; never a key's value."""
        set_up = self.set_up()
        if self.key_names:
            holder = self.key_variable()
            set_up.append(f"{self.key} from {holder}" if holder else f"no {self.key} set")
        if self.base and (asked_at := os.environ.get(self.variable)):
            set_up.append(f"asked at {address_without_secrets(asked_at)} ({self.variable})")
        return {
            "name": self.name,
            "covers": f"{self.title}: {self.covers}" if self.title else self.covers,
            "needs": self.needs,
            "set_up": "; ".join(set_up),
            "kept": self.store(cache).summary() if self.base else "",
            "licence": self.licence,
            "how": self.how,
        }
