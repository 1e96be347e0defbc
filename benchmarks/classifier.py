"""The text classifier: how well and how fast, beside a plain pipeline and published figures.

    python benchmarks/classifier.py LABELS.csv ...      files of labelled texts, such as `patentscope evaluate` reads
        --text COL --label COL --positive VALUE         their columns (default: text, expansion_level, SEED)
        --query QUERY.toml                              a query whose terms the model may use
        --million                                       also score a million made documents, and state the memory

Without files only the speed is measured, on made documents. All rates are of CPU time on one core.
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
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from patentscope.classify import stack
from patentscope.classify.examples import Wanted, read_examples
from patentscope.classify.folds import FOLDS, fold_of, related
from patentscope.classify.text import Documents, Vocabulary
from patentscope.classify.weights import Weights
from patentscope.evaluate import evaluate
from patentscope.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SEEDS = (0, 1, 2)
DOCUMENTS, WORDS, SLOW, TAUGHT, MILLION = 20_000, 120, 1_000, 2_000, 1_000_000
ROUNDS = 3
#: Median F1 of ten models each (CNN, MLP, transformer): A. Bergeaud, C. Verluise, "Identifying technology clusters
#: based on automated patent landscaping", PLoS ONE 18(12), 2023, e0295587.
PUBLISHED = {
    "additive_manufacturing": (0.81, 0.84, 0.89),
    "blockchain": (0.86, 0.86, 0.97),
    "computer_vision": (0.87, 0.85, 0.90),
    "genome_editing": (0.88, 0.88, 0.89),
    "hydrogen_storage": (0.80, 0.78, 0.93),
    "self_driving": (0.71, 0.71, 0.79),
}


def plain_f1(path: Path, wanted: Wanted, seed: int) -> float:
    """Return the F1 of TF-IDF of words and pieces with a balanced linear SVM, on the same rows and folds."""
    rows = read_examples([path], wanted).rows
    texts = [f"{row.title}\n{row.body}" for row in rows]
    y = np.array([row.is_positive for row in rows], np.int64)
    fold = fold_of(y, related([row.text for row in rows]), FOLDS, seed)
    called = np.zeros(len(y), np.bool_)
    for place in range(FOLDS):
        inside, outside = np.flatnonzero(fold == place), np.flatnonzero(fold != place)
        features = make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2),
        )
        model = make_pipeline(features, LinearSVC(class_weight="balanced", random_state=seed)).fit(
            [texts[i] for i in outside], y[outside]
        )
        called[inside] = model.predict([texts[i] for i in inside]) == 1
    return float(f1_score(y, called))


def quality(paths: Sequence[Path], wanted: Wanted, query: Query | None) -> None:
    """Print F1 and average precision of ours, the plain pipeline's F1, and what was published."""
    seeds = ", ".join(map(str, SEEDS))
    print(
        f"Nested cross-validation, {FOLDS} folds, mean over seeds {seeds}; in brackets the first seed's 95 % interval."
    )
    print("A difference under .03 is noise. Published: CNN, MLP, transformer (Bergeaud & Verluise 2023), median F1.")
    head = ("F1, ours", "plain", "published", "hard negatives", "average precision", "CPU s")
    print(f"\n{'':<24}{head[0]:<20}{head[1]:<7}{head[2]:<16}{head[3]:<20}{head[4]:<20}{head[5]}")
    for path in paths:
        start = time.process_time()
        found = [evaluate([path], wanted, seed=seed, query=query) for seed in SEEDS]
        seconds = (time.process_time() - start) / len(SEEDS)
        plain = np.mean([plain_f1(path, wanted, seed) for seed in SEEDS])
        published = " ".join(f"{figure:.2f}".lstrip("0") for figure in PUBLISHED.get(path.stem, ())) or "-"
        overall, hard = ([one[part] for one in found] for part in ("overall", "hard_negatives"))
        cells = f"{_mean(overall, 'f1'):<20}{plain:<7.3f}{published:<16}{_mean(hard, 'f1'):<20}"
        print(f"{path.stem:<24}{cells}{_mean(overall, 'average_precision'):<20}{seconds:.1f}", flush=True)
        for group, part in found[0].get("word_lists", {}).items():
            print(f"  {'terms: ' + group:<22}{_mean([part], 'f1')}")


def _mean(parts: Sequence[dict[str, dict[str, float]]], metric: str) -> str:
    mean = np.mean([part[metric]["value"] for part in parts])
    return f"{mean:.3f} ({parts[0][metric]['low']:.2f}..{parts[0][metric]['high']:.2f})"


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


def weighed(vocabulary: Vocabulary, documents: Documents, blocks: tuple[str, ...]) -> Iterator[object]:
    """Yield the TF-IDF matrices of *documents* in batches, weighed by the first batch's frequencies."""
    weights: dict[str, Weights] = {}
    for batch in documents.batches():
        counts = vocabulary.counts(batch, blocks)
        weights = weights or {block: Weights.learn(counts[block]) for block in blocks}
        yield [weights[block].apply(counts[block]) for block in blocks]


def spacy_lemmas() -> Callable[[str], list[str]]:
    """Return an analyzer for TfidfVectorizer: spaCy's English with its lemmatizer by lookup."""
    english = spacy.blank("en")
    english.add_pipe("lemmatizer", config={"mode": "lookup"})
    english.initialize()
    return lambda text: [token.lemma_.lower() for token in english(text) if not token.is_space]


def speed() -> tuple[stack.Stack, Vocabulary]:
    """Print rates, each as a ratio to spaCy inside TfidfVectorizer; return the stack that was trained on the way."""
    texts = made(DOCUMENTS)
    documents = Documents([""] * DOCUMENTS, texts)
    taught = Documents([""] * TAUGHT, texts[:TAUGHT])
    vocabulary = Vocabulary.learn(taught)
    single = replace(vocabulary, pairs=vocabulary.pairs[:0])
    counts, y = vocabulary.counts(taught), np.arange(TAUGHT) % 2
    start = time.process_time()
    trained = stack.train(counts, y, np.arange(TAUGHT))
    seconds = time.process_time() - start
    print(f"\nSpeed on one core, {DOCUMENTS:,} made documents of {WORDS} words, {vocabulary.width:,} features, warm:")
    analyzer = spacy_lemmas()
    floor = rate(lambda: TfidfVectorizer(analyzer=analyzer).fit_transform(texts[:SLOW]), SLOW)
    print(f"{'TfidfVectorizer(analyzer=spaCy), words':<44}{floor:>9,.0f}/s{1:>6.1f}")
    for title, work in (
        ("words, TF-IDF", lambda: deque(weighed(single, documents, ("words",)), 0)),
        ("words and pairs, TF-IDF", lambda: deque(weighed(vocabulary, documents, ("words",)), 0)),
        ("words, pairs and pieces, TF-IDF", lambda: deque(weighed(vocabulary, documents, ("words", "pieces")), 0)),
        ("scored by a stack", lambda: [trained.scores(vocabulary.counts(some)) for some in documents.batches()]),
    ):
        found = rate(work, DOCUMENTS)
        print(f"{title:<44}{found:>9,.0f}/s{found / floor:>6.1f}", flush=True)
    print(f"{f'a stack trained on {TAUGHT:,}':<44}{TAUGHT / seconds:>9,.0f}/s")
    return trained, vocabulary


def million(trained: stack.Stack, vocabulary: Vocabulary) -> None:
    """Score a million different documents, all in memory, and state the process's peak."""
    texts = made(MILLION, seed=1)
    start = time.process_time()
    scores = [trained.scores(vocabulary.counts(some)) for some in Documents([""] * len(texts), texts).batches()]
    seconds = time.process_time() - start
    assert sum(map(len, scores)) == len(texts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    size = sum(map(len, texts)) / 2**30
    print(
        f"{len(texts):,} documents ({size:.2f} GiB of text) scored in {seconds:,.0f} CPU s; peak memory {peak:.2f} GiB"
    )


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--text", default="text")
    parser.add_argument("--label", default="expansion_level")
    parser.add_argument("--positive", default="SEED")
    parser.add_argument("--query", type=Path)
    parser.add_argument("--million", action="store_true")
    options = parser.parse_args()
    pa.set_cpu_count(1)
    if options.files:
        wanted = Wanted(options.text, options.label, options.positive)
        quality(options.files, wanted, Query.load(options.query) if options.query else None)
    else:
        print("No labelled files were named, so only the speed is measured.")
    with threadpool_limits(1):
        found = speed()
        if options.million:
            million(*found)


if __name__ == "__main__":
    main()
