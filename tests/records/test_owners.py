"""Owners: names are joined on evidence alone, by rules that are told, and every joining can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.records.owner_names import joined, script
from patentscope.records.owners import in_two_scripts, owners
from patentscope.records.store import SCHEMA

NOBODY = pd.DataFrame({"one": [], "other": [], "families": []})
#: A member of a family: the family, its applicants, its inventors.
Member = tuple[str, Sequence[str | None], Sequence[str]]


def links(*members: Member) -> pd.DataFrame:
    """Return what families of made members say."""
    families, *parties = zip(*members, strict=True) if members else ((), (), ())
    return in_two_scripts(documents(*parties), pd.Series(families, dtype=object))


def documents(*parties: Sequence[Sequence[str | None]]) -> pa.Table:
    """Return documents from who applies for them and who invented them, one list of names each."""
    columns = {
        role: pa.array(
            [[{"name": name, "country": None} for name in names] for names in lists], SCHEMA.field(role).type
        )
        for role, lists in zip(("applicants", "inventors"), parties, strict=True)
    }
    return pa.table(columns)


def alone(family: str, *names: str) -> list[Any]:
    """Return members of a family, each with one applicant."""
    return [(family, [name], []) for name in names]


IDEMITSU = ("出光興産株式会社", "Idemitsu Kosan Co., Ltd.")


def test_two_families_in_two_scripts_are_evidence() -> None:
    """Two names that each stand alone on members of two families are one owner, listed in Latin letters."""
    found = links(*alone("a", *IDEMITSU), *alone("b", "出光興産株式会社", "IDEMITSU KOSAN CO"))
    assert found.to_numpy().tolist() == [["IDEMITSU KOSAN", "出光興産", 2]]
    table = owners([*IDEMITSU, "出光興産株式會社", "IDEMITSU UNITECH"], found, {}).set_index("name")
    assert table.loc[list(IDEMITSU), "joined"].tolist() == ["IDEMITSU KOSAN"] * 2
    assert table["rule"].to_dict() == {
        "出光興産株式会社": "suffix; scripts",
        "出光興産株式會社": "suffix; scripts",
        "Idemitsu Kosan Co., Ltd.": "scripts",
        "IDEMITSU UNITECH": "",
    }


@pytest.mark.parametrize(
    "members",
    [
        alone("a", *IDEMITSU),
        [*alone("a", *IDEMITSU), *alone("b", "出光興産"), *alone("c", "IDEMITSU KOSAN")],
        [*alone("a", *IDEMITSU), *alone("b", "出光興産"), ("b", ["IDEMITSU KOSAN", "TOYOTA"], [])],
        [*alone("a", *IDEMITSU), *alone("b", "出光興産"), ("b", ["IDEMITSU KOSAN", None], [])],
        [*alone("a", "IDEMITSU KOSAN", "TOYOTA"), *alone("b", "IDEMITSU KOSAN", "TOYOTA")],
        [*alone("a", "出光興産", "日立製作所"), *alone("b", "出光興産", "日立製作所")],
        [(family, [name], [name]) for family in "ab" for name in ("出光興産", "INOUE MASARU")],
        [],
    ],
    ids=["one-family", "apart", "with-another", "with-one-unnamed", "latin", "han", "inventors", "nothing"],
)
def test_less_is_no_evidence(members: list[Any]) -> None:
    """One family, families that don't share, co-applicants, one script, and inventors that apply join nothing."""
    assert links(*members).empty


def test_of_two_partners_the_better_known_is_taken() -> None:
    """A right that went to another company twice doesn't make two companies one, where both are better known apart."""
    usual = [one for family in "abc" for one in alone(family, "トヨタ自動車", "TOYOTA MOTOR")]
    other = [one for family in "def" for one in alone(family, "豊田自動織機", "TOYOTA JIDOSHOKKI")]
    sold = [one for family in "gh" for one in alone(family, "豊田自動織機", "TOYOTA MOTOR")]
    found = links(*usual, *other, *sold)
    assert set(found[["one", "other"]].itertuples(index=False, name=None)) == {
        ("TOYOTA MOTOR", "トヨタ自動車"),
        ("TOYOTA JIDOSHOKKI", "豊田自動織機"),
    }


def test_three_scripts_are_one_owner() -> None:
    """What is joined to the same name is one owner, through as many scripts as there are."""
    found = links(
        *(one for family in "ab" for one in alone(family, "三星電子", "삼성전자 주식회사", "Samsung Electronics"))
    )
    assert set(owners(["三星電子", "삼성전자", "Samsung Electronics"], found, {})["joined"]) == {"SAMSUNG ELECTRONICS"}


def test_the_user_has_the_last_word() -> None:
    """Aliases join what nothing else does, name the owner, and keep apart what families would join."""
    found = links(*(one for family in "ab" for one in alone(family, *IDEMITSU)))
    own = owners([*IDEMITSU, "IKC"], found, {"ikc": "Idemitsu", "Idemitsu Kosan": "Idemitsu"})
    assert own["joined"].tolist() == ["Idemitsu"] * 3
    assert own["rule"].tolist() == ["aliases", "scripts; aliases", "scripts"]
    apart = owners(IDEMITSU, found, {"出光興産": "出光", "Idemitsu Kosan": "Idemitsu"})
    assert apart["joined"].tolist() == ["Idemitsu", "出光"]
    assert apart["rule"].tolist() == ["aliases", "aliases"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("IDEMITSU KOSAN", "Latin"),
        ("Société Minière", "Latin"),
        ("出光興産", "Han"),
        ("トヨタ自動車", "kana"),
        ("LG 화학", "Hangul"),
        ("Роснефть", "Cyrillic"),
        ("3", "other"),
        ("シ・", "kana"),
        ("中村・修二", "Han"),
    ],
)
def test_scripts_are_told_by_their_letters(name: str, expected: str) -> None:
    """The script is that of a name's letters; marks and figures are of none."""
    assert script(name) == expected


NAMES = st.sampled_from(
    ["Aa Ltd", "AA", "Bb Inc", "Cc", "甲", "甲有限公司", "乙", "丙", "カ", "キ株式会社", "가", "나"]
)
MEMBERS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.lists(NAMES, min_size=1, max_size=2), st.just([])), max_size=40
)


@given(MEMBERS, st.dictionaries(NAMES, st.sampled_from(["Xx", "Yy"]), max_size=3), st.randoms())
def test_joining_is_an_equivalence_and_knows_no_order(members: list[Any], said: dict[str, str], order: Any) -> None:
    """The order of records changes nothing; every name has one owner; who isn't alone has a rule, and none is lost."""
    one_each = {joined(name): to for name, to in said.items()}
    aliases = {name: one_each[joined(name)] for name in said}
    names = sorted({name for _, applicants, _ in members for name in applicants})
    table = owners(names, links(*members), aliases)
    shuffled = order.sample(members, len(members))
    pd.testing.assert_frame_equal(table, owners(reversed(names), links(*shuffled), aliases))
    assert table["name"].tolist() == names
    assert table.groupby(table["name"].map(joined))["joined"].nunique().le(1).all()
    together = table["joined"].duplicated(keep=False)
    assert table.loc[together, "rule"].ne("").all()
    assert all(table.set_index("name")["joined"].get(name, to) == to for name, to in aliases.items())


def test_without_links_names_are_joined_by_spelling_alone() -> None:
    """Without evidence and aliases an owner is what its spelling says, as ever."""
    table = owners(["Siemens AG", "SIEMENS", "西门子"], NOBODY, {})
    assert table["joined"].tolist() == ["SIEMENS", "SIEMENS", "西门子"]
    assert table["rule"].tolist() == ["suffix", "suffix", ""]
