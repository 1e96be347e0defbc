"""A notice: what is told that nobody may miss."""

from __future__ import annotations


class Notice(str):
    """What is told and shown even where progress isn't: how much is to be asked or billed, and how long it takes."""

    __slots__ = ()
