"""The text classifier: how well and how fast, beside a plain pipeline and published figures.

    python benchmarks/classifier.py LABELS.csv ...      files of labelled texts, such as `patentscope evaluate` reads
        --text COL --label COL --positive VALUE         their columns, where they are of neither public set
        --query QUERY.toml                              a query whose terms the model may use there
        --million                                       also score a million made documents, and state the memory

Two public sets are known by their columns: the landscapes of Bergeaud & Verluise 2023, and WIPO's landscape of e-waste
recycling (2013). `make peers BENCH_LABELLED="LABELS.csv ..."` prints the same tables. Without files only the speed is
measured, on made documents. All rates are of CPU time on one core.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import deque
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import spacy
from labelled import quality
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from threadpoolctl import threadpool_limits

from patentscope.classify.evaluate.examples import Wanted
from patentscope.classify.model import stack
from patentscope.classify.model.documents import Documents
from patentscope.classify.model.margins import Floats
from patentscope.classify.model.members import weighed as tfidf
from patentscope.classify.model.vocabulary import Vocabulary
from patentscope.classify.texts import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DOCUMENTS, WORDS, SLOW, TAUGHT, MILLION = 20_000, 120, 1_000, 2_000, 1_000_000
ROUNDS = 3


@lru_cache(maxsize=1)
def made_words() -> list[str]:
    """Return 30,000 words of one to four syllables, short ones first on the whole, as they are in English."""
    generator = np.random.default_rng(0)
    parts = np.array(["ma", "ter", "i", "al", "pro", "cess", "re", "cov", "sol", "ion", "mag", "net", "ing", "er", "2"])
    words = ["".join(generator.choice(parts, generator.integers(1, 5))) for _ in range(30_000)]
    order = np.argsort([len(word) for word in words] + generator.normal(0, 14, len(words)), kind="stable")
    return [words[place] for place in order.tolist()]


def made(count: int, seed: int = 0) -> list[str]:
    """Return documents of 120 words, as often repeated as words are in English (Zipf), with marks between them."""
    words = made_words()
    share = 1 / np.arange(1, len(words) + 1)
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(count // 1_000):
        drawn = generator.choice(len(words), 1_000 * WORDS, p=share / share.sum()).tolist()
        marks = generator.choice([" "] * 20 + [", ", ". ", "-", " (1) "], 1_000 * WORDS).tolist()
        text = [words[i] + mark for i, mark in zip(drawn, marks, strict=True)]
        found += ["".join(text[at : at + WORDS]) for at in range(0, len(text), WORDS)]
    return found


def rate(work: Callable[[], object], count: int, rounds: int = ROUNDS) -> float:
    """Return documents per second of CPU time, the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return count / best


def weighed(vocabulary: Vocabulary, texts: Sequence[str], blocks: tuple[str, ...]) -> Iterator[object]:
    """Yield the TF-IDF matrices of *texts* in batches, weighed by the first batch's frequencies."""
    idf: dict[str, Floats] = {}
    for batch in batches(texts):
        counts = vocabulary.counts(batch, blocks)
        found = {block: tfidf(counts[block], idf.get(block)) for block in blocks}
        idf = {block: one for block, (_, one) in found.items()}
        yield [matrix for matrix, _ in found.values()]


def batches(texts: Sequence[str]) -> Iterator[Documents]:
    """Yield *texts* as documents without titles, as many at a time as a run reads."""
    for start in range(0, len(texts), FAMILIES):
        some = texts[start : start + FAMILIES]
        yield Documents.of([""] * len(some), some)


def spacy_lemmas() -> Callable[[str], list[str]]:
    """Return an analyzer for TfidfVectorizer: spaCy's English with its lemmatizer by lookup."""
    english = spacy.blank("en")
    english.add_pipe("lemmatizer", config={"mode": "lookup"})
    english.initialize()
    return lambda text: [token.lemma_.lower() for token in english(text) if not token.is_space]


def speed() -> tuple[stack.Stack, Vocabulary]:
    """Print rates, each as a ratio to spaCy inside TfidfVectorizer; return the stack that was trained on the way."""
    texts = made(DOCUMENTS)
    taught = Documents.of([""] * TAUGHT, texts[:TAUGHT])
    vocabulary = Vocabulary.learn(taught)
    single = replace(vocabulary, pairs=vocabulary.pairs[:0])
    counts, y = vocabulary.counts(taught), np.arange(TAUGHT) % 2
    start = time.process_time()
    trained = stack.train(counts, y, np.arange(TAUGHT))
    seconds = time.process_time() - start
    print(f"\nThe classifier on one core: {DOCUMENTS:,} made documents of {WORDS} words, {vocabulary.width:,} features")
    analyzer = spacy_lemmas()
    floor = rate(lambda: TfidfVectorizer(analyzer=analyzer).fit_transform(texts[:SLOW]), SLOW)
    print(f"{'TfidfVectorizer(analyzer=spaCy), words':<44}{floor:>9,.0f}/s{1:>6.1f}")
    for title, work in (
        ("words, TF-IDF", lambda: deque(weighed(single, texts, ("words",)), 0)),
        ("words and pairs, TF-IDF", lambda: deque(weighed(vocabulary, texts, ("words",)), 0)),
        ("words, pairs and pieces, TF-IDF", lambda: deque(weighed(vocabulary, texts, ("words", "pieces")), 0)),
    ):
        found = rate(work, DOCUMENTS)
        print(f"{title:<44}{found:>9,.0f}/s{found / floor:>6.1f}", flush=True)
    ours, other = beside_hashing(texts, trained, vocabulary)
    print(f"{'HashingVectorizer, words and pairs':<44}{other:>9,.0f}/s{1:>6.1f}")
    print(f"{'scored by a stack':<44}{ours:>9,.0f}/s{ours / other:>6.2f}", flush=True)
    print(f"{f'a stack trained on {TAUGHT:,}':<44}{TAUGHT / seconds:>9,.0f}/s")
    return trained, vocabulary


def beside_hashing(texts: list[str], trained: stack.Stack, vocabulary: Vocabulary) -> tuple[float, float]:
    """Return how many texts a second are scored, from the text on, and how many have their words and pairs counted.

    That is scikit-learn's HashingVectorizer, on the same texts; both are timed in turn, and the middle ratio counts.
    """
    hashing = HashingVectorizer(ngram_range=(1, 2))
    found = [
        (
            rate(lambda: [trained.scores(vocabulary.counts(some)) for some in batches(texts)], len(texts), 1),
            rate(lambda: hashing.transform(texts), len(texts), 1),
        )
        for _ in range(ROUNDS)
    ]
    return sorted(found, key=lambda pair: pair[0] / pair[1])[ROUNDS // 2]


def million(trained: stack.Stack, vocabulary: Vocabulary) -> None:
    """Score a million different documents, all in memory, and state the process's peak."""
    texts = made(MILLION, seed=1)
    start = time.process_time()
    scores = [trained.scores(vocabulary.counts(some)) for some in batches(texts)]
    seconds = time.process_time() - start
    assert sum(map(len, scores)) == len(texts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    size = sum(map(len, texts)) / 2**30
    print(
        f"{len(texts):,} documents ({size:.2f} GiB of text) scored in {seconds:,.0f} CPU s; peak memory {peak:.2f} GiB"
    )


def compare(paths: Sequence[Path], own: tuple[Wanted, Path | None] | None = None, *, is_million: bool = False) -> None:
    """Print the tables of *paths*, where there are any, and that of speed; score a million documents if asked to."""
    pa.set_cpu_count(1)
    if paths:
        quality(paths, own)
    else:
        print("\nNo labelled texts were named, so of the classifier only the speed is measured.")
    with threadpool_limits(1):
        found = speed()
        if is_million:
            million(*found)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--text")
    parser.add_argument("--label")
    parser.add_argument("--positive")
    parser.add_argument("--query", type=Path)
    parser.add_argument("--million", action="store_true")
    options = parser.parse_args()
    named = (options.text, options.label, options.positive)
    if not all(named) and any((*named, options.query)):
        parser.error("--text, --label and --positive belong together, and --query with them")
    own = (Wanted(*named), options.query) if all(named) else None
    compare(options.files, own, is_million=options.million)


if __name__ == "__main__":
    main()
