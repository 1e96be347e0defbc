"""Things as numbers: texts in alphabetical order, and what belongs together, directly or through others."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


def components(nodes: Integers, links: Integers, count: int) -> Integers:
    """Return for each of *count* nodes the group that it belongs to; nodes beside the same link are of one group.

    *nodes* and *links* are the two ends of each edge, numbered from 0; a link is anything that nodes have in common.
    Groups are numbered from 0 in the order of their first nodes.

    A group is at first each node alone, and is named after its first node. In each round a link's groups take the
    first one's name, and names are followed to their end, so that a chain is halved and not walked along (Shiloach and
    Vishkin 1982, "An O(log n) parallel connectivity algorithm", Journal of Algorithms 3(1), 57-67). SciPy's graphs
    would do the same; to load them takes longer than a small run's records.
    """
    group = np.arange(count)
    while True:
        own = group[nodes]
        first = np.full(int(links.max(initial=-1)) + 1, count)
        np.minimum.at(first, links, own)
        lower = group.copy()
        np.minimum.at(lower, own, first[links])
        while not np.array_equal(lower, lower[lower]):
            lower = lower[lower]
        if np.array_equal(lower, group):
            return np.unique(group, return_inverse=True)[1].astype(np.int64)
        group = lower


def numbered(texts: pa.Array) -> tuple[Integers, pa.Array]:
    """Return texts as places among the distinct ones in alphabetical order, -1 for null, and these."""
    encoded = texts.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    places = np.empty(len(order) + 1, np.int64)
    places[order.to_numpy()] = np.arange(len(order))
    places[-1] = -1
    return places[encoded.indices.fill_null(-1).to_numpy()], encoded.dictionary.take(order)
