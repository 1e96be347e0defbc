"""What texts look like in which a term is found, as regular expressions that RE2 and Java read alike.

A collection of a hundred million texts is searched before anybody parts or normalises them. So an expression takes
every text in which `lexicon` finds one of the phrases, in whatever characters Unicode has for it, and may take more;
what it takes is read properly afterwards. A word's forms are those of the lexicon, written out. Between the words of
a phrase may stand anything that is no Latin letter or figure, for it may be a blank to the lexicon, or nothing at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patentscope.classify.words.chunks import contractions_of, words_of_lemma
from patentscope.classify.words.lexicon import ASIAN, forms_of
from patentscope.classify.words.tokens import characters_of, words_of
from patentscope.classify.words.unicode_forms import any_of, full_stop, like, multiples, other_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_AFTER = "(?:[^A-Za-z]|$)"
_BETWEEN = "[^A-Za-z0-9]*"
#: The marks of voiced half-width kana, which count as letters.
_VOICED = r"[\x{FF9E}\x{FF9F}]?"
#: After a letter that may be written as a plain one with marks of its own.
_MARKS = r"\p{M}*"
#: What the letters of a word stand beside, where one of them is written in a character of another kind.
_LETTERS = r"A-Za-z\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}"
#: What a text holds that is written in more than the characters of ASCII.
NOT_PLAIN = r"[^\x00-\x7F]"
_KANA = re.compile(r"[\u3040-\u30ff]")
_FIGURES = re.compile(r"[0-9]")


@dataclass(frozen=True)
class Expressions:
    """The expressions that together find a list of phrases; one is empty where it would find nothing.

    Attributes:
        words: those matched by words, in any text.
        hidden: the same where characters of other kinds stand for letters, in texts that are `NOT_PLAIN`.
        characters: those matched by characters, in such texts without `unicode_forms.marks`.
    """

    words: str
    hidden: str
    characters: str

    @classmethod
    def of(cls, phrases: Iterable[str]) -> Expressions:
        r"""Return the expressions for *phrases*.

        >>> Expressions.of(["稀土"]).characters
        '[\\x{7A00}][\\x{2F1F}\\x{328F}\\x{571F}]'
        """
        every = list(dict.fromkeys(phrases))
        by_word = _parts([phrase for phrase in every if not ASIAN.search(phrase)], by_character=False)
        by_character = _parts([phrase for phrase in every if ASIAN.search(phrase)], by_character=True)
        if () in by_word:  # a phrase of nothing but marks, which are not looked for
            return cls(".", "", "")
        forms = {form for row in by_word for word in row for form in spellings(word)}
        return cls(_phrases(by_word, is_first=True), _hidden(forms), _characters(by_character))


def spellings(word: str) -> frozenset[str]:
    """Return every way to write a phrase's *word*, in small letters, that the lexicon takes for it.

    >>> sorted(spellings("axis"))
    ['axes', 'axis', 'axises']
    """
    lemma, forms = forms_of(word)
    taken = forms | words_of_lemma(lemma) | {lemma} if lemma else forms
    return frozenset(taken | {written for form in taken for written in contractions_of(form)})


def _parts(texts: Sequence[str], *, by_character: bool) -> list[tuple[str, ...]]:
    """Return the words, or the characters, of each text, without those that are marks."""
    if not texts:
        return []
    tokens = (characters_of if by_character else words_of)(texts)
    bounds = zip(tokens.offsets[:-1].tolist(), tokens.offsets[1:].tolist(), strict=True)
    rows = [[tokens.words[i] for i in tokens.ids[start:end]] for start, end in bounds]
    return list(dict.fromkeys(tuple(part for part in row if any(map(str.isalnum, part))) for row in rows))


def _phrases(rows: Sequence[tuple[str, ...]], *, is_first: bool) -> str:
    """Return the expression for phrases as words; what goes on after a phrase that is listed itself adds nothing."""
    by_word: dict[str, list[tuple[str, ...]]] = {}
    for word, *rest in rows:
        by_word.setdefault(word, []).append(tuple(rest))
    branches = []
    for word, rests in by_word.items():
        is_last = () in rests
        more = () if is_last else (_BETWEEN + _phrases(rests, is_first=False),)
        forms = sorted(spellings(word))
        branches += [(*_atoms(form, is_first=is_first, is_last=is_last), *more) for form in forms]
    return _tree(branches)


def _atoms(form: str, *, is_first: bool, is_last: bool) -> tuple[str, ...]:
    """Return an expression per character of *form*; a figure may stand beside a word that is told from it: 10kg."""
    parts = re.findall(r"[^\W_]|[\W_]+", form)
    atoms = [like(part) + ("" if part.isascii() else _MARKS) if part.isalnum() else _BETWEEN for part in parts]
    # A full stop that no blank follows takes the letter after it along, and what is left is a word (`chunks`).
    before = [f"(?:^|[^A-Za-z]|{full_stop()}[A-Za-z])"] if is_first and re.match(r"[a-z]", form) else []
    after = [_AFTER] if is_last and re.search(r"[a-z]\Z", form) else []
    return (*before, *atoms, *after)


def _tree(rows: Sequence[tuple[str, ...]]) -> str:
    """Return one expression for *rows* of expressions, what they begin with written once."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for row in rows:
        if row:
            by_first.setdefault(row[0], []).append(row[1:])
    branches = [first + _tree(rest) for first, rest in by_first.items()]
    if len(branches) == 1 and () not in rows:
        return branches[0]
    return f"(?:{'|'.join(branches)}){'?' if () in rows else ''}" if branches else ""


def _hidden(forms: set[str]) -> str:
    """Return the expression for texts in which part of a form may be written as one character of another kind.

    Such characters are rare beside letters (a ligature, a letter of mathematics), so that it is enough to see one that
    could be a part of a form, beside a letter; or, where it is the whole of it (㎏), at all.
    """
    runs = {run for form in forms for run in re.findall(r"[^\W_]+", form)}
    begins = {run[:end] for run in runs for end in range(1, len(run))}
    ends = {run[start:] for run in runs for start in range(1, len(run))}
    within = {run[start:end] for run in runs for end in range(len(run) + 1) for start in range(end)}
    alone: set[str] = set()
    beside: set[str] = set()
    for other in other_forms():
        if other.run in runs:
            alone.update(other.characters)
        # Also of these: the whole of one form may be a part of another.
        if (
            (other.is_left and other.is_right and other.run in within)
            or (other.is_left and other.run in ends)
            or (other.is_right and other.run in begins)
        ):
            beside.update(other.characters)
    more = "0-9" + any_of("0123456789") if any(_FIGURES.search(run) for run in runs) else ""
    more += "" if all(run.isascii() for run in runs) else r"\p{L}"
    found = [f"[{any_of(alone)}]"] if alone else []
    if beside:
        them = any_of(beside)
        found.append(f"[{them}][{them}{_LETTERS}{more}]|[{_LETTERS}{more}][{them}]")
    return "|".join(found)


def _characters(rows: Sequence[tuple[str, ...]]) -> str:
    """Return the expression for phrases that are matched by characters."""
    atoms = [tuple(atom for one in row for atom in _atoms_of(one)) for row in rows]
    texts = ["".join(row) for row in rows]
    joined = {
        character
        for written, characters in multiples().items()
        if any(_overlap(written, text) for text in texts)
        for character in characters
    }
    return "|".join([*([_tree(atoms)] if atoms else []), *([f"[{any_of(joined)}]"] if joined else [])])


def _atoms_of(character: str) -> tuple[str, ...]:
    return (like(character), _VOICED) if _KANA.match(character) else (like(character),)


def _overlap(written: str, text: str) -> bool:
    """Say whether *written* may be a part of *text*, or a part of it at one end."""
    return (
        written in text
        or text in written
        or any(text.startswith(written[k:]) or text.endswith(written[:-k]) for k in range(1, len(written)))
    )
