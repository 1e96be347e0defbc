"""What the rules look at: one row per family, true or false, gathered from all its members' texts and classes.

Terms are looked for sentence by sentence, so that two terms in one sentence can be told from two terms that some two
members of a family happen to use.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from patentscope.classify.model.documents import LONGEST_TITLE as LONGEST_HEAD
from patentscope.classify.model.documents import Documents
from patentscope.classify.texts import Block
from patentscope.classify.words.chunks import plain_array
from patentscope.classify.words.lexicon import Lexicon
from patentscope.classify.words.tokens import as_array, characters_of, words_of
from patentscope.classify.words.writing_system import LETTERS_PER_CHARACTER, readable, scripts_of
from patentscope.engines.aside import Aside
from patentscope.query.query import SCOPES
from patentscope.query.term import LANGUAGES
from patentscope.records.components import Integers

#: The process that our own word lists are about: a group of the query by this name brings their rules in.
RECYCLING = "recycling"
#: Work that is done on waste; it states no feed.
WORKED_ON = "feed_reworked"
#: How the groups of the query's own terms are called among all.
_OWN = "terms_"
#: In letters. The longest titles are those that an editor rewrote, at about 300.
LONGEST_TITLE = 400
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
    """
    return put_together([read_block(Block.of(list(texts)), terms, topic_of(terms, class_hits))], terms, class_hits)


def topic_of(terms: Mapping[str, Mapping[str, Sequence[str]]], class_hits: pd.DataFrame) -> tuple[str, str]:
    """Return the names of the material and the process group of a query, as `topic_groups` does."""
    return topic_groups((*(group for language in terms.values() for group in language), *class_hits.columns))


@dataclass(frozen=True)
class Seen:
    """What a block's texts alone say of its families: their features, the lexicon's phrases that they use, tokens."""

    features: pd.DataFrame
    phrases: sparse.csr_array
    documents: Aside[Documents]


def put_together(
    blocks: Iterable[Seen], terms: Mapping[str, Mapping[str, Sequence[str]]], class_hits: pd.DataFrame
) -> tuple[pd.DataFrame, Found]:
    """Return the features of all families of *blocks*, one row per family, and which phrases they use.

    Returns:
        bool columns `has_text`, `is_readable`, `terms_<group>`, `material_terms`, `process_terms`, `material_class`,
        `process_class`, `together` (both in one sentence), `carrier` (terms of any further group: things that are
        known to hold the material, such as magnets), `feed_<kind>` and `friend_<kind>`; and `script`.
    """
    listed = list(blocks)
    features = pd.concat([block.features for block in listed], ignore_index=True)
    material, process = topic_of(terms, class_hits)
    for role, group in (("material", material), ("process", process)):
        features[f"{role}_terms"] = features.get(f"{_OWN}{group}", False)
        features[f"{role}_class"] = class_hits[group].to_numpy(bool) if group in class_hits else False
    pair = (f"{_OWN}{material}", f"{_OWN}{process}")
    carriers = [features[name] for name in map(str, features) if name.startswith(_OWN) and name not in pair]
    features["carrier"] = np.logical_or.reduce(carriers) if carriers else False
    return features, _found(_lexicon(json.dumps(terms)), [block.phrases for block in listed])


def _found(lexicon: Lexicon, phrases: Sequence[sparse.csr_array]) -> Found:
    own = [place for place, (group, _) in enumerate(lexicon.phrases) if group.startswith(_OWN)]
    names = ((group.removeprefix(_OWN), phrase) for group, phrase in map(lexicon.phrases.__getitem__, own))
    return Found(tuple(names), sparse.vstack(phrases, format="csr")[:, own])


@lru_cache(maxsize=2)
def _lexicon(terms: str, *, with_ours: bool = True) -> Lexicon:
    """Return `build_lexicon` of a query's terms, written as JSON: a process makes it once, however many its blocks."""
    return build_lexicon(json.loads(terms), with_ours=with_ours)


def find_terms(block: Block, terms: Mapping[str, Mapping[str, Sequence[str]]]) -> Seen:
    """Return `script`, `has_text` and `terms_<group>` of a block's families, as `read_block` does, and no tokens."""
    lexicon = _lexicon(json.dumps(terms), with_ours=False)
    found = sparse.csr_array((block.size, len(lexicon.phrases)), dtype=np.bool_)
    if lexicon.phrases:
        sentences, starts = split_sentences(block.texts)
        owners = np.repeat(block.owners, np.diff(starts))
        found = _together(owners, block.size) @ lexicon.found(words_of(sentences), characters_of(sentences))
    features = lexicon.by_group(found)
    features.insert(0, "script", _family_scripts(scripts_of(block.texts), block.owners, block.size))
    features.insert(1, "has_text", np.bincount(block.owners, minlength=block.size) > 0)
    return Seen(features, found, Aside(Documents.of([], [])))


def gather_terms(
    blocks: Iterable[Seen], terms: Mapping[str, Mapping[str, Sequence[str]]]
) -> tuple[pd.DataFrame, Found]:
    """Return what `find_terms` found in all *blocks*."""
    listed = list(blocks)
    features = pd.concat([block.features for block in listed], ignore_index=True)
    return features, _found(_lexicon(json.dumps(terms), with_ours=False), [block.phrases for block in listed])


def _together(family: Any, size: int) -> sparse.csr_array:  # noqa: ANN401
    """Return the matrix of *size* families by texts, from each text's family, which sums what texts hold."""
    return sparse.csr_array((np.ones(len(family), bool), (family, np.arange(len(family)))), (size, len(family)))


def read_block(block: Block, terms: Mapping[str, Mapping[str, Sequence[str]]], pair: tuple[str, str]) -> Seen:
    """Return what the texts of a block say: every text is normalised, split and looked up once, for all that follows.

    *pair* are the topic's material and process group.
    """
    lexicon = _lexicon(json.dumps(terms))
    sentences, starts = split_sentences(block.texts)
    words, owners = words_of(sentences), np.repeat(block.owners, np.diff(starts))
    found = lexicon.found(words, characters_of(sentences))
    scripts, by_text = scripts_of(block.texts), words.together(starts)
    own = (f"{_OWN}{pair[0]}", f"{_OWN}{pair[1]}")
    features = _by_family(lexicon.by_group(found), owners, block.size, own)
    features.insert(0, "script", _family_scripts(scripts, block.owners, block.size))
    features.insert(1, "has_text", np.bincount(block.owners, minlength=block.size) > 0)
    features.insert(2, "is_readable", np.bincount(block.owners, readable(by_text, scripts), block.size) > 0)
    # A text longer than a title leaves out on purpose what it leaves out.
    lengths = pc.utf8_length(block.texts).to_numpy(zero_copy_only=False)
    told = np.where(scripts.isin(["han", "kana"]), lengths * LETTERS_PER_CHARACTER, lengths)
    features.insert(3, "has_abstract", np.bincount(block.owners, told > LONGEST_TITLE, block.size) > 0)
    is_title = lengths <= LONGEST_HEAD
    documents = Documents.read(by_text, characters_of(block.texts), block.owners, is_title, block.size)
    return Seen(features, _together(owners, block.size) @ found, Aside(documents))


def split_sentences(texts: pa.Array) -> tuple[pa.Array, Integers]:
    """Return the sentences of *texts*, and where each text's begin among them, with the end."""
    pieces = pc.split_pattern_regex(as_array(texts), pattern=_SENTENCE_END)
    starts = pieces.offsets.to_numpy().astype(np.int64)
    return pieces.flatten(), starts - starts[0]


def sentences_of(texts: Sequence[str]) -> tuple[list[str], Integers]:
    """Return the sentences of *texts*, and of each the number of the text that it is in."""
    sentences, starts = split_sentences(plain_array(texts))
    return sentences.to_pylist(), np.repeat(np.arange(len(texts)), np.diff(starts))


def _by_family(hits: pd.DataFrame, family: Integers, size: int, pair: tuple[str, str]) -> pd.DataFrame:
    """Return which groups occur in each of *size* families, and whether both of *pair* share a sentence.

    *hits* are the groups of each sentence, *family* is its family.
    """
    material, process = (hits.get(name, pd.Series(data=False, index=hits.index)) for name in pair)
    feed = material & hits[stated_feeds()].any(axis=1)
    hits = hits.assign(together=material & process, beside_feed=feed, beside_output=feed & hits["output_product"])
    held = _together(family, size) @ sparse.csr_array(hits.to_numpy(bool))
    return pd.DataFrame(held.toarray(), columns=hits.columns)


def _family_scripts(scripts: pd.Series[str], owners: Any, size: int) -> pd.Series[str]:  # noqa: ANN401
    """Return each family's script: its texts' only one, `mixed` where they differ, `none` where nothing is written."""
    written = scripts[scripts != "none"]
    families = written.groupby(owners[written.index])
    by_family = families.first().mask(families.min() != families.max(), "mixed")
    return by_family.reindex(range(size), fill_value="none").astype("str")
