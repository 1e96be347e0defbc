"""What is said of families where no reading asks the classifier or for a scope: which of the query's words they use.

Our own word lists, the rules and the text model take most of the time that texts take, and are left out here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from patentscope.classify.decision import Decision
from patentscope.classify.features import Seen, find_terms, gather_terms, topic_groups, vocabulary
from patentscope.classify.texts import FamilyTexts, Rows
from patentscope.classify.weak_labels import rules
from patentscope.engines.workers import dismiss, each
from patentscope.query.query import SCOPES

WHY_NOT = "no topic definition asks for it"


def read(texts: FamilyTexts, terms: Mapping[str, Mapping[str, Sequence[str]]]) -> Decision:
    """Return a `Decision` without rules and scores, whose columns are null, as are those of feeds and scopes.

    *texts* and *terms* are as `decide.decide` takes them.
    """
    try:
        table, found = gather_terms(each(partial(_found_in, terms=terms), texts.blocks), terms)
    finally:
        dismiss()
    table.insert(0, "family_id", texts.family_id)
    feeds = [f"feed_{group}" for group in vocabulary("feed")]
    not_looked = [*feeds, "states_feed", *(f"scope_{scope}" for scope in SCOPES)]
    process = topic_groups(group for language in terms.values() for group in language)[1]
    not_asked = [rule.column for rule in rules() if rule.process in {"", process}]
    nulls = {name: pd.Series(pd.NA, table.index, "boolean") for name in not_looked}
    nulls |= {name: pd.Series(pd.NA, table.index, "Int8") for name in (*not_asked, "weak_label")}
    nulls |= {"score": pd.Series(float("nan"), table.index), "in_classifier": pd.Series(pd.NA, table.index, "boolean")}
    return Decision(
        pd.concat([table, pd.DataFrame(nulls)], axis=1), found, pd.DataFrame(), trained=False, why_not=WHY_NOT
    )


def _found_in(rows: Rows, terms: Mapping[str, Mapping[str, Sequence[str]]]) -> Seen:
    return find_terms(rows.read(), terms)
