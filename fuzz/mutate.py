"""Bytes changed at random in the ways in which files go wrong: a token swapped, a span lost, repeated or nested."""

from __future__ import annotations

import random
import re

MOST = 65_536
#: What readers stumble over: numbers of other kinds and sizes, words of other types, ends of things, deep nesting.
WORDS: tuple[bytes, ...] = (
    *(
        text.encode()
        for text in ("²", "٢٠٢٤", "½", "Ⅷ", "ß", "İ", "\u2028", "\u0085", "\x00", "\ufeff", "稀土", "\U0001d7d8")
    ),
    *(
        b"nan",
        b"-nan",
        b"inf",
        b"-inf",
        b"1e999",
        b"-1",
        b"0",
        b"0.0",
        b"1_000",
        b"0x1",
        b"9" * 30,
        b"9" * 5000,
        b"1e-400",
    ),
    *(
        b"true",
        b"null",
        b"{}",
        b"[]",
        b'""',
        b'"',
        b"'",
        b"''",
        b"=",
        b"\\",
        b"\n",
        b"\r",
        b"\r\n",
        b"\t",
        b";",
        b",",
        b"|",
    ),
    *(b"[" * 3000, b'{"a":' * 3000, b"<a>" * 3000, b"(" * 3000, b"a." * 3000, b'"' * 101),
    *(
        b"0000-00-00",
        b"9999-99-99",
        b"10000-01-01",
        b"0001-01-01",
        b"00010101",
        b"99991231",
        b"2024-02-30",
        b"31.12.99",
    ),
    *(
        b"&a;",
        b"&#0;",
        b"&#55296;",
        b"<!--",
        b"<![CDATA[",
        b"<?x?>",
        b"</a>",
        b'<!DOCTYPE a [<!ENTITY b "c">]>',
        b"xmlns:",
    ),
    *(
        b"\xff",
        b"\xfe\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\\ud800",
        b"\\u0000",
        b'"\\ud83d"',
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"PAR1",
    ),
    *(b"CN-1-A", b"US20120057518A1", b"=CMD()", b"../../x", b"*", b"+", b"-", b"..", b"by 1%", b"among", b"share of"),
)
_TOKEN = re.compile(rb'"[^"\n]{0,60}"|\w+|[^\w\s]')


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return *data* with one to four changes."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        data = chance.choice(_WAYS)(data, chance)[:MOST]
    return data


def _swapped(data: bytes, chance: random.Random) -> bytes:
    """Put a word in a token's place."""
    tokens = list(_TOKEN.finditer(data))
    if not tokens:
        return chance.choice(WORDS)
    token = chance.choice(tokens)
    word = chance.choice(WORDS)
    is_quoted = token[0].startswith(b'"') and chance.random() < 0.5
    return data[: token.start()] + (b'"' + word + b'"' if is_quoted else word) + data[token.end() :]


def _inserted(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(WORDS) + data[at:]


def _cut(data: bytes, chance: random.Random) -> bytes:
    first = chance.randrange(len(data) + 1)
    return data[:first] + data[first + chance.choice((1, 2, 8, 64, len(data))) :]


def _repeated(data: bytes, chance: random.Random) -> bytes:
    first = chance.randrange(len(data) + 1)
    last = min(len(data), first + chance.choice((1, 8, 200)))
    return data[:last] + data[first:last] * chance.choice((1, 2, 30)) + data[last:]


def _moved(data: bytes, chance: random.Random) -> bytes:
    """Let two tokens change places."""
    tokens = list(_TOKEN.finditer(data))
    if len(tokens) < 2:
        return data
    one, other = sorted(chance.sample(tokens, 2), key=lambda token: token.start())
    between = data[one.end() : other.start()]
    return data[: one.start()] + other[0] + between + one[0] + data[other.end() :]


def _flipped(data: bytes, chance: random.Random) -> bytes:
    if not data:
        return data
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


_WAYS = (_swapped, _swapped, _swapped, _inserted, _cut, _repeated, _moved, _flipped)
