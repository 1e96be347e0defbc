"""What belongs together, directly or through others."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from patentscope.records.components import components

EDGES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 7)), max_size=30)


@given(EDGES)
def test_groups_are_those_found_by_joining_sets(edges: list[tuple[int, int]]) -> None:
    """Nodes are of one group exactly where links join them, and groups are numbered by their first nodes."""
    groups = [{node} for node in range(12)]
    for node, link in edges:
        for other, same in edges:
            if same == link and groups[node] is not groups[other]:
                groups[node] |= groups[other]
                for member in groups[node]:
                    groups[member] = groups[node]
    firsts = sorted({min(group) for group in groups})
    nodes, links = (np.array([edge[end] for edge in edges], np.int64) for end in (0, 1))
    assert components(nodes, links, 12).tolist() == [firsts.index(min(group)) for group in groups]


def test_a_long_chain_is_one_group() -> None:
    """A chain of a hundred thousand nodes in any order is one group, and a node alone is another."""
    order = np.random.default_rng(0).permutation(100_000)
    nodes, links = np.concatenate([order[:-1], order[1:]]), np.tile(np.arange(99_999), 2)
    assert components(nodes, links, 100_001).tolist() == [0] * 100_000 + [1]
