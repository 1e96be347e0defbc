"""What the rules look at: one row per family, true or false, gathered from all its members' texts and classes.

Terms are looked for sentence by sentence, so that two terms in one sentence can be told from two terms that some two
members of a family happen to use.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.compute as pc
from scipy import sparse

from patentscope.classify.words.lexicon import Lexicon
from patentscope.classify.words.tokens import as_array
from patentscope.classify.words.writing_system import LETTERS_PER_CHARACTER, readable, scripts_of
from patentscope.query.query import SCOPES
from patentscope.query.term import LANGUAGES

#: The process that our own word lists are about: a group of the query by this name brings their rules in.
RECYCLING = "recycling"
#: Work that is done on waste; it states no feed.
WORKED_ON = "feed_reworked"
#: How the groups of the query's own terms are called among all.
_OWN = "terms_"
#: In letters. The longest titles are those that an editor rewrote, at about 300.
LONGEST_TITLE = 400
#: Families whose texts are read at once: those of a million would fill the memory several times over.
_BATCH = 10_000
_SENTENCE_END = r"[.!?;]\s+|。|;$"


@lru_cache(maxsize=3)
def vocabulary(name: str) -> dict[str, dict[str, Any]]:
    """Return the package's word list *name* (`feed`, `output`, `false_friends`): group -> why, phrases by language."""
    text = resources.files("patentscope").joinpath(f"data/lexicons/{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def false_friends() -> dict[str, str]:
    """Return the groups of false friends, each with the reason why it is one."""
    return {group: entry["why"] for group, entry in vocabulary("false_friends").items() if group != "longer_words"}


def feeds() -> dict[str, frozenset[str]]:
    """Return which kinds of waste each column `feed_<group>` that states a feed may stand for: none for ore."""
    return {
        f"feed_{group}": frozenset(entry["means"]) for group, entry in vocabulary("feed").items() if "means" in entry
    }


def stated_feeds() -> list[str]:
    """Return the columns that state a feed of waste."""
    return [name for name, means in feeds().items() if means]


def scopes(features: pd.DataFrame) -> pd.DataFrame:
    """Return of each family whether its texts state a feed, and one of each scope: `states_feed` and `scope_<scope>`.

    A scope is true, false, or null where the texts leave it open. A word may stand for several kinds of waste (`means`
    in data/lexicons/feed.toml): scrap is an old thing or a reject of a factory. Where every kind that some word stands
    for is in the scope, such a feed is stated. Where no word can stand for one, another feed is, waste or ore. Else it
    is open: some word may mean such a feed, or no feed is stated at all.
    """
    stated = features[list(feeds())].any(axis=1)
    columns = {"states_feed": stated}
    for scope, kinds in SCOPES.items():
        surely = features[[name for name, means in feeds().items() if means and means <= set(kinds)]].any(axis=1)
        perhaps = features[[name for name, means in feeds().items() if means & set(kinds)]].any(axis=1)
        columns[f"scope_{scope}"] = surely.astype("boolean").mask(~surely & (perhaps | ~stated))
    return pd.DataFrame(columns, index=features.index)


def topic_groups(known: Iterable[str]) -> tuple[str, str]:
    """Return the names of the material and the process group among the *known* ones, in the query's order.

    The process is the group `recycling`, else the second; the material is the first other one. An empty name stands
    for a group that isn't there.
    """
    groups = list(dict.fromkeys(known))
    process = RECYCLING if RECYCLING in groups else next(iter(groups[1:]), "")
    return next((group for group in groups if group != process), ""), process


def _own_terms() -> tuple[dict[str, dict[str, Sequence[str]]], dict[str, Sequence[str]]]:
    """Return our own word lists by language and prefixed group, and the longer words that shield them."""
    lists = {f"{name}_{group}": entry for name in ("feed", "output") for group, entry in vocabulary(name).items()}
    lists |= {f"friend_{group}": vocabulary("false_friends")[group] for group in false_friends()}
    terms = {language: {group: entry[language] for group, entry in lists.items()} for language in LANGUAGES}
    return terms, {group: [*entry.get("longer", ()), *_more_exact(group)] for group, entry in lists.items()}


def _more_exact(group: str) -> list[str]:
    """Return the words of narrower feeds that hold a word of *group*: production scrap is not scrap of any kind."""
    entries = {f"feed_{name}": entry for name, entry in vocabulary("feed").items()}
    narrower = [name for name, means in feeds().items() if means and means < feeds().get(group, frozenset())]
    own = tuple(word for language in LANGUAGES for word in entries[group][language]) if narrower else ()
    listed = [word for name in narrower for language in LANGUAGES for word in entries[name][language]]
    return [word for word in listed if any(part in word for part in own)]


def build_lexicon(terms: Mapping[str, Mapping[str, Sequence[str]]], *, with_ours: bool = True) -> Lexicon:
    """Return one lexicon of the query's *terms* (groups `terms_<group>`), *with our* own lists (`feed_`, `friend_`)."""
    own, longer = _own_terms() if with_ours else ({}, {})
    merged = {
        language: {
            **{f"terms_{group}": phrases for group, phrases in terms.get(language, {}).items()},
            **own.get(language, {}),
        }
        for language in dict.fromkeys((*terms, *LANGUAGES))
    }
    shields = [word for language in LANGUAGES for word in vocabulary("false_friends")["longer_words"][language]]
    groups = dict.fromkeys(f"terms_{group}" for language in terms.values() for group in language)
    return Lexicon(merged, {**longer, **dict.fromkeys(groups, shields)})


def clean_texts(texts: Iterable[object]) -> list[str]:
    """Return the distinct texts that say anything, in their order, from a family's list."""
    return list(dict.fromkeys(text.strip() for text in texts if isinstance(text, str) and text.strip()))


@dataclass(frozen=True)
class Found:
    """Which of the query's phrases occur: `hits` has a row per family, a column for each (group, phrase)."""

    phrases: tuple[tuple[str, str], ...]
    hits: sparse.csr_array


def build_features(
    texts: Iterable[Sequence[str]],
    terms: Mapping[str, Mapping[str, Sequence[str]]],
    class_hits: pd.DataFrame,
) -> tuple[pd.DataFrame, Found]:
    """Return the features of families, one row per family, in the given order, and which phrases they use.

    Args:
        texts: Per family, its members' titles and abstracts.
        terms: The query's phrases by language and group.
        class_hits: bool, one row per family in the same order, one column per class group.

    Returns:
        bool columns `has_text`, `is_readable`, `terms_<group>`, `material_terms`, `process_terms`, `material_class`,
        `process_class`, `together` (both in one sentence), `carrier` (terms of any further group: things that are
        known to hold the material, such as magnets), `feed_<kind>` and `friend_<kind>`; and `script`.
    """
    groups = (group for language in terms.values() for group in language)
    material, process = topic_groups((*groups, *class_hits.columns))
    lexicon, pair = build_lexicon(terms), (f"{_OWN}{material}", f"{_OWN}{process}")
    every = iter(texts)
    # At least one part is read, so that no families at all have all the columns, too.
    parts = [_of_texts(list(islice(every, _BATCH)), lexicon, pair)]
    while part := list(islice(every, _BATCH)):
        parts.append(_of_texts(part, lexicon, pair))
    features = pd.concat([part for part, _ in parts], ignore_index=True)
    for role, group in (("material", material), ("process", process)):
        features[f"{role}_terms"] = features.get(f"{_OWN}{group}", False)
        features[f"{role}_class"] = class_hits[group].to_numpy(bool) if group in class_hits else False
    carriers = [features[name] for name in map(str, features) if name.startswith(_OWN) and name not in pair]
    features["carrier"] = np.logical_or.reduce(carriers) if carriers else False
    own = [place for place, (group, _) in enumerate(lexicon.phrases) if group.startswith(_OWN)]
    phrases = ((group.removeprefix(_OWN), phrase) for group, phrase in map(lexicon.phrases.__getitem__, own))
    return features, Found(tuple(phrases), sparse.vstack([found for _, found in parts], format="csr")[:, own])


def find_terms(
    texts: Iterable[Sequence[str]], terms: Mapping[str, Mapping[str, Sequence[str]]]
) -> tuple[pd.DataFrame, Found]:
    """Return `script`, `has_text` and `terms_<group>` of families, as `build_features` does, and their phrases."""
    lexicon, every = build_lexicon(terms, with_ours=False), iter(texts)
    parts = [_terms_of(list(islice(every, _BATCH)), lexicon)]
    while part := list(islice(every, _BATCH)):
        parts.append(_terms_of(part, lexicon))
    phrases = tuple((group.removeprefix(_OWN), phrase) for group, phrase in lexicon.phrases)
    found = Found(phrases, sparse.vstack([hits for _, hits in parts], format="csr"))
    return pd.concat([part for part, _ in parts], ignore_index=True), found


def _terms_of(texts: Sequence[Sequence[str]], lexicon: Lexicon) -> tuple[pd.DataFrame, sparse.csr_array]:
    kept = [clean_texts(family) for family in texts]
    owners = np.repeat(np.arange(len(kept)), [len(family) for family in kept])
    flat = [text for family in kept for text in family]
    found = sparse.csr_array((len(kept), len(lexicon.phrases)), dtype=np.bool_)
    if lexicon.phrases:
        sentences, parents = sentences_of(flat)
        found = _together(owners[parents], len(kept)) @ lexicon.found(sentences)
    features = lexicon.by_group(found)
    features.insert(0, "script", _family_scripts(scripts_of(flat), owners, len(kept)))
    features.insert(1, "has_text", [bool(family) for family in kept])
    return features, found


def _together(family: Any, size: int) -> sparse.csr_array:  # noqa: ANN401
    """Return the matrix of *size* families by texts, from each text's family, which sums what texts hold."""
    return sparse.csr_array((np.ones(len(family), bool), (family, np.arange(len(family)))), (size, len(family)))


def _of_texts(
    texts: Sequence[Sequence[str]], lexicon: Lexicon, pair: tuple[str, str]
) -> tuple[pd.DataFrame, sparse.csr_array]:
    """Return what some families' texts alone say of them, and which of the lexicon's phrases each of them uses."""
    kept = [clean_texts(family) for family in texts]
    owners = np.repeat(np.arange(len(kept)), [len(family) for family in kept])
    flat = [text for family in kept for text in family]
    features, found = _by_family(flat, owners, len(kept), lexicon, pair)
    scripts = scripts_of(flat)
    features.insert(0, "script", _family_scripts(scripts, owners, len(kept)))
    features.insert(1, "has_text", [bool(family) for family in kept])
    features.insert(2, "is_readable", np.bincount(owners, readable(flat, scripts), len(kept)) > 0)
    # A text longer than a title leaves out on purpose what it leaves out.
    lengths = np.array([len(text) for text in flat], np.int64)
    lengths = np.where(scripts.isin(["han", "kana"]), lengths * LETTERS_PER_CHARACTER, lengths)
    features.insert(3, "has_abstract", np.bincount(owners, lengths > LONGEST_TITLE, len(kept)) > 0)
    return features, found


def sentences_of(texts: Sequence[str]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Return the sentences of *texts*, and of each the number of the text that it is in."""
    pieces = pc.split_pattern_regex(as_array(texts), pattern=_SENTENCE_END)
    parents = pc.list_parent_indices(pieces).to_numpy(zero_copy_only=False)
    return pieces.flatten().to_pylist(), parents


def _by_family(
    flat: list[str],
    owners: Any,  # noqa: ANN401
    size: int,
    lexicon: Lexicon,
    pair: tuple[str, str],
) -> tuple[pd.DataFrame, sparse.csr_array]:
    """Return which groups occur in each of *size* families, whether both of *pair* share a sentence, and phrases."""
    sentences, parents = sentences_of(flat)
    found, family = lexicon.found(sentences), owners[parents]
    hits = lexicon.by_group(found)
    material, process = (hits.get(name, pd.Series(data=False, index=hits.index)) for name in pair)
    feed = material & hits[stated_feeds()].any(axis=1)
    hits = hits.assign(together=material & process, beside_feed=feed, beside_output=feed & hits["output_product"])
    groups = hits.groupby(family).any().reindex(range(size), fill_value=False).astype(bool)
    return groups, _together(family, size) @ found


def _family_scripts(scripts: pd.Series[str], owners: Any, size: int) -> pd.Series[str]:  # noqa: ANN401
    """Return each family's script: its texts' only one, `mixed` where they differ, `none` where nothing is written."""
    written = scripts[scripts != "none"]
    families = written.groupby(owners[written.index])
    by_family = families.first().mask(families.min() != families.max(), "mixed")
    return by_family.reindex(range(size), fill_value="none").astype("str")
