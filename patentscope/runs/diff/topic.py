"""Which families the two runs put on topic otherwise, reading by reading."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

EXAMPLES = 5
_PREFIX = "in_topic_"


def compare_topics(
    a: tuple[pd.Series, pd.DataFrame], b: tuple[pd.Series, pd.DataFrame], redefined: Collection[str]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Compare the answers of the readings that both runs have.

    A family joined or left where a publication that both runs have did, by the family that the second run puts it in.
    *a* and *b* are each run's family ids by publication number, and its scores; *redefined* are the readings that the
    second query defines otherwise.

    Returns:
        Of each publication of both runs (its number as index), for every reading of both runs, whether its family's
        answer changed; and by reading, how many families joined the topic or left it.
    """
    answers = [_answers(*run) for run in (a, b)]
    names = [[name for name in answer.columns if name != "family_id"] for answer in answers]
    both = [name for name in names[0] if name in names[1]]
    numbers = answers[0].index.intersection(answers[1].index)
    before, after = (answer.loc[numbers] for answer in answers)
    changed = before[both] != after[both]
    family = after["family_id"]
    readings = []
    for name in both:
        joined, left = (sorted(set(family[changed[name] & mask])) for mask in (after[name], ~after[name]))
        readings.append(
            {"reading": name, "defined_otherwise": name in redefined}
            | {"on_topic": [int(run[1][f"{_PREFIX}{name}"].fillna(value=False).sum()) for run in (a, b)]}
            | {"joined": len(joined), "left": len(left)}
            | {"first_joined": joined[:EXAMPLES], "first_left": left[:EXAMPLES]}
        )
    return changed, {
        "readings": readings,
        "only_in_a": [name for name in names[0] if name not in names[1]],
        "only_in_b": [name for name in names[1] if name not in names[0]],
    }


def _answers(family_id: pd.Series, scores: pd.DataFrame) -> pd.DataFrame:
    """Return each publication's family and its family's answer by reading, by publication number."""
    columns = [name for name in scores.columns if name.startswith(_PREFIX)]
    topic = scores.set_index("family_id")[columns].fillna(value=False).astype(bool)
    topic.columns = [name.removeprefix(_PREFIX) for name in columns]
    answers: pd.DataFrame = topic.reindex(family_id.to_numpy()).reset_index()
    answers.columns = ["family_id", *topic.columns]
    return answers.set_axis(family_id.index, axis=0)
