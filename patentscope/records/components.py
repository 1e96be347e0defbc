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
    """
    from scipy.sparse import coo_matrix  # noqa: PLC0415 - SciPy's graphs, which only forming families needs
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - as above

    size = count + int(links.max(initial=-1)) + 1
    edges = coo_matrix((np.ones(len(nodes), np.int8), (nodes, links + count)), shape=(size, size))
    return np.asarray(connected_components(edges, directed=False)[1][:count], np.int64)


def numbered(texts: pa.Array) -> tuple[Integers, pa.Array]:
    """Return texts as places among the distinct ones in alphabetical order, -1 for null, and these."""
    encoded = texts.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    places = np.empty(len(order) + 1, np.int64)
    places[order.to_numpy()] = np.arange(len(order))
    places[-1] = -1
    return places[encoded.indices.fill_null(-1).to_numpy()], encoded.dictionary.take(order)
