"""Which names are one owner: by spelling, by families that name it in two scripts, by the user's own file.

Nothing is looked up and nothing is guessed. Each name keeps the rules that joined it, so that it can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentscope.records.owner_names import LATIN, joined, script

#: Of how many families two names in two scripts must stand for the only applicant.
FAMILIES = 2
SPELLING, SCRIPTS, ALIASES = "suffix", "scripts", "aliases"


def parties(lists: pa.ChunkedArray) -> pd.DataFrame:
    """Return who is named in a column of parties: place (the row), name (None where it isn't stated)."""
    array = lists.combine_chunks()
    names = array.flatten().field("name").to_pandas()
    return pd.DataFrame({"place": np.repeat(np.arange(len(array)), np.diff(array.offsets.to_numpy())), "name": names})


def inventing(documents: pa.Table) -> pd.DataFrame:
    """Return the applicants that are inventors of the same document, whatever the order of their names' words.

    *documents* has applicants and inventors; what is returned is place (the row) and name, as the applicant has it.
    """
    lists = [documents.column(role).combine_chunks() for role in ("applicants", "inventors")]
    names = pa.concat_arrays([array.flatten().field("name") for array in lists]).dictionary_encode()
    words = [" ".join(sorted(joined(name).split())) for name in names.dictionary.to_pylist()]
    keys = np.append(pd.factorize(np.array(words, dtype=object))[0], -1)  # the last for those without a name
    codes = names.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    places = np.concatenate([np.repeat(np.arange(len(array)), np.diff(array.offsets.to_numpy())) for array in lists])
    count = len(lists[0].flatten())
    same = keys[codes]
    # Most names are of applicants or of inventors alone, and are told by themselves.
    is_both = np.ones(len(keys), dtype=bool)
    for side in (same[:count], same[count:]):
        is_both &= np.bincount(side + 1, minlength=len(keys) + 1)[1:] > 0
    kept = np.flatnonzero((same >= 0) & is_both[same])
    named = places[kept] * len(keys) + same[kept]
    asked = np.searchsorted(kept, count)
    found = kept[:asked][pd.Series(named[:asked]).isin(named[asked:]).to_numpy()]
    return pd.DataFrame({"place": places[found], "name": names.dictionary.take(pa.array(codes[found])).to_pandas()})


def in_two_scripts(documents: pa.Table, families: pd.Series) -> pd.DataFrame:
    """Return pairs of names in two scripts that stand for the only applicant of members of the same families.

    An applicant who is an inventor of the document doesn't count: it may be there for an owner that isn't named. Of
    several partners the one of the most families is taken, seen from either name: a right that was sold doesn't make
    two well-known owners one.

    Args:
        documents: applicants and inventors of each.
        families: the simple family of each.

    Returns:
        one, other (as `joined` has them), families (how many, at least `FAMILIES`), the most first.
    """
    alone = _only_applicants(documents, families.reset_index(drop=True))
    pairs = alone.merge(alone, on="family", suffixes=("", "_other"))
    pairs = pairs[(pairs["name"] < pairs["name_other"]) & (pairs["script"] != pairs["script_other"])]
    pairs = pairs.rename(columns={"name": "one", "name_other": "other"})
    links: pd.DataFrame = pairs.groupby(["one", "other"]).size().rename("families").reset_index()
    links = links[links["families"] >= FAMILIES]
    ends = pd.concat([links[[end, "families"]].set_axis(["name", "families"], axis=1) for end in ("one", "other")])
    most = ends.groupby("name")["families"].max()
    is_best = links["families"].eq(links["one"].map(most)) | links["families"].eq(links["other"].map(most))
    links = links[is_best]
    return links.sort_values(["families", "one", "other"], ascending=[False, True, True], ignore_index=True)


def _only_applicants(documents: pa.Table, families: pd.Series) -> pd.DataFrame:
    """Return family, name (joined) and script of those who apply alone, in families that have a name beyond ASCII."""
    kept = _beyond_ascii(documents.column("applicants"), families)
    named = parties(documents.column("applicants").take(kept))
    listed = named["name"].dropna().unique().tolist()
    named["name"] = named["name"].map({name: joined(name) for name in listed})
    named = named.drop_duplicates()
    alone = named[~named["place"].duplicated(keep=False)].dropna()
    scripts = alone["name"].map({name: script(name) for name in alone["name"].unique().tolist()})
    alone = alone.assign(family=families.to_numpy()[kept[alone["place"].to_numpy()]], script=scripts)
    alone = alone[alone.groupby("family")["script"].transform("nunique") > 1]
    inventors = inventing(documents.take(kept[alone["place"].to_numpy()]))["place"].unique()
    return alone.drop(alone.index[inventors])[["family", "name", "script"]].drop_duplicates()


def _beyond_ascii(lists: pa.ChunkedArray, families: pd.Series) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the documents of families that may be named in two scripts; others need not be read."""
    array = lists.combine_chunks()
    ascii_only = pc.string_is_ascii(array.flatten().field("name")).fill_null(True)
    places = np.repeat(np.arange(len(array)), np.diff(array.offsets.to_numpy()))[
        ~ascii_only.to_numpy(zero_copy_only=False)
    ]
    several = families.duplicated(keep=False)
    return np.flatnonzero((several & families.isin(families.iloc[places].unique())).to_numpy())


@dataclass
class _Groups:
    """Names as they are joined, step by step: each with the one that stands for its group."""

    first: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> str:
        while (before := self.first.get(name, name)) != name:
            name = before
        return name

    def join(self, name: str, to: str) -> None:
        one, other = self.of(name), self.of(to)
        if one != other:
            self.first[one] = other


def owners(names: Iterable[str], links: pd.DataFrame, aliases: Mapping[str, str]) -> pd.DataFrame:
    """Return which owner each name is of.

    What the aliases join to two different names is never one, whatever families say.

    Args:
        names: as found.
        links: `in_two_scripts`.
        aliases: the user's names, and what each is joined to in the end.

    Returns:
        name, joined, rule (`suffix`, `scripts`, `aliases`, or several, by `; `; empty where it is joined to nothing);
        each name once, in order.
    """
    groups, said, linked = _Groups(), dict[str, str](), set[str]()
    for name, to in sorted(aliases.items()):
        said.setdefault(joined(to), to)
        groups.join(joined(name), joined(to))
    for one, other in links[["one", "other"]].itertuples(index=False):
        roots = groups.of(one), groups.of(other)
        if roots[0] == roots[1] or not said.keys() >= set(roots):
            # The one with the user's own name stays first.
            groups.join(*(roots if roots[1] in said else reversed(roots)))
            linked |= {one, other}
    listed = pd.DataFrame({"name": pd.Series(sorted(set(names)), dtype=str)})
    keys = listed["name"].map(joined).astype(object)
    best = _best(groups, links[links["one"].isin(linked) & links["other"].isin(linked)])
    owner = {key: groups.of(key) for key in keys.unique().tolist()}
    labels = {key: said.get(root) or best.get(root, root) for key, root in owner.items()}
    by_user = {joined(name) for pair in aliases.items() for name in pair}
    rules = ((SPELLING, keys.duplicated(keep=False)), (SCRIPTS, keys.isin(linked)), (ALIASES, keys.isin(by_user)))
    told = sum((np.where(holds, f"{rule}; ", "").astype(object) for rule, holds in rules), np.full(len(listed), ""))
    return listed.assign(joined=keys.map(labels), rule=pd.Series(told, dtype=str).str.removesuffix("; "))


def _best(groups: _Groups, links: pd.DataFrame) -> dict[str, str]:
    """Return by group of linked names the one to list it under: in Latin letters, of the most families."""
    ends = pd.concat([links[[end, "families"]].set_axis(["name", "families"], axis=1) for end in ("one", "other")])
    table = ends.groupby("name")["families"].sum().reset_index()
    table["group"] = table["name"].map(groups.of)
    table["other"] = table["name"].map(script).ne(LATIN)
    table = table.sort_values(["other", "families", "name"], ascending=[True, False, True])
    return dict(table.drop_duplicates("group")[["group", "name"]].itertuples(index=False))
