"""The text classifier on labelled texts: beside a plain pipeline, a query's own words, and published figures."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from patentscope.classify.evaluate.evaluate import evaluate
from patentscope.classify.evaluate.examples import Wanted, read_examples
from patentscope.classify.model.folds import FOLDS, fold_of, related
from patentscope.errors import UsageError
from patentscope.query.query import Query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

QUERIES = Path(__file__).parent.parent / "queries"
SEEDS = (0, 1, 2)
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
#: The public sets by the columns that they have: how their labels are read, and the query whose terms help.
LAYOUTS = (
    (Wanted("text", "expansion_level", "SEED"), None),
    (Wanted("DWPI Title", "Recovered Materials - Rare Earth Metals", "*"), QUERIES / "rare-earth-recycling.toml"),
)


def settings(path: Path) -> tuple[Wanted, Path | None]:
    """Return how a public set's file is read: the first layout whose columns it has."""
    for wanted, query in LAYOUTS:
        with suppress(UsageError):
            read_examples([path], wanted)
            return wanted, query
    raise UsageError(f"{path}: of neither public set; name its columns with --text, --label and --positive")


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


def quality(paths: Sequence[Path], own: tuple[Wanted, Path | None] | None = None) -> None:
    """Print F1 and average precision of ours, the plain pipeline's F1, and what was published.

    Args:
        paths: files of labelled texts, each a set of its own.
        own: how they are read, and the query whose terms the model may use; else by their columns.
    """
    seeds = ", ".join(map(str, SEEDS))
    print(f"\nThe classifier on labelled texts: nested cross-validation, {FOLDS} folds, mean over seeds {seeds};")
    print("in brackets the first seed's 95 % interval. A difference under .03 is noise.")
    print("Plain: TF-IDF of words and pieces, linear SVM. Published: CNN, MLP, transformer, median F1 of ten models.")
    head = ("F1, ours", "plain", "published", "hard negatives", "average precision", "CPU s")
    print(f"{'':<24}{head[0]:<20}{head[1]:<7}{head[2]:<16}{head[3]:<20}{head[4]:<20}{head[5]}")
    for path in paths:
        wanted, named = own or settings(path)
        query = Query.load(named) if named else None
        start = time.process_time()
        found = [evaluate([path], wanted, seed=seed, query=query) for seed in SEEDS]
        seconds = (time.process_time() - start) / len(SEEDS)
        plain = np.mean([plain_f1(path, wanted, seed) for seed in SEEDS])
        published = " ".join(f"{figure:.2f}".lstrip("0") for figure in PUBLISHED.get(path.stem, ())) or "-"
        overall, hard = ([one[part] for one in found] for part in ("overall", "hard_negatives"))
        cells = f"{_mean(overall, 'f1'):<20}{plain:<7.3f}{published:<16}{_mean(hard, 'f1'):<20}"
        print(f"{path.stem:<24}{cells}{_mean(overall, 'average_precision'):<20}{seconds:.1f}", flush=True)
        for group, part in found[0].get("word_lists", {}).items():
            name = f"  terms of {group}"
            print(f"{name:<24}{_mean([part], 'f1'):<63}{_mean([part], 'average_precision')}")


def _mean(parts: Sequence[Mapping[str, Mapping[str, float]]], metric: str) -> str:
    mean = np.mean([part[metric]["value"] for part in parts])
    return f"{mean:.3f} ({parts[0][metric]['low']:.2f}..{parts[0][metric]['high']:.2f})"
