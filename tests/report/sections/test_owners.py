"""Owners: names are joined by the stated rule alone and can be taken apart again, and no family is lost on its way."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope import Publication, Query, Run, run
from patentscope.records import store
from patentscope.records.owner_names import FORMS, joined
from patentscope.records.publication import Party
from patentscope.report.charts.applicants import SHOWN, names, ranking
from patentscope.report.charts.flow import flow, owners_and_offices
from patentscope.report.run_tables import RunTables
from patentscope.report.sections.owners import RULE, applicants_tables
from patentscope.runs.evidence import show

from factories import PLAIN, make_publication


@pytest.fixture(scope="module")
def tables(made_run: Run) -> RunTables:
    """The made run's tables."""
    return RunTables.read(made_run.folder)


@pytest.mark.parametrize(
    "same",
    [
        ["Siemens AG", "SIEMENS AKTIENGESELLSCHAFT", "siemens a.g.", "Siemens, A. G."],
        ["Hitachi, Ltd.", "HITACHI LTD", "Hitachi Co., Ltd."],
        ["中国铝业股份有限公司", "中国铝业有限公司"],
        ["株式会社日立製作所", "日立製作所株式会社", "日立製作所㈱", "（株）日立製作所"],
        ["Foo GmbH & Co. KG", "FOO GMBH"],
    ],
)
def test_case_marks_and_legal_form_make_no_difference(same: list[str]) -> None:
    """Names that differ in case, in marks or in legal form alone are one."""
    assert len({joined(name) for name in same}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siemens AG", "Siemens Energy AG"),
        ("Univ Tsinghua", "Tsinghua University"),
        ("中国铝业股份有限公司", "Aluminum Corp. of China"),
        ("Société Minière", "Societe Miniere"),
        ("AG Leder", "Leder"),
        ("Co Ltd", "Inc"),
    ],
)
def test_nothing_else_is_joined(one: str, other: str) -> None:
    """Other words, other spellings, other scripts and a form at the beginning keep two names apart."""
    assert joined(one) != joined(other)


@given(st.text(min_size=1).filter(str.strip))
def test_joining_is_final_and_never_empty(name: str) -> None:
    """What a name is joined to is never empty, and does not depend on case, blanks around it or a form behind it."""
    key = joined(name)
    assert key
    assert joined(f"  {name} ") == key
    if name.isascii() and name.isalnum() and len(name) > 1 and name.upper() not in FORMS:
        assert joined(f"{name.lower()}, Ltd.") == joined(name)


def test_every_name_as_found_can_be_had_again(tables: RunTables, made_run: Run) -> None:
    """The file has each name as found once, with what it was joined to; the rule and the silent families are told."""
    found = names(tables)
    assert found is not None
    rows, convention = found
    listed = listed_in(made_run)
    assert sorted(row["name as found"] for row in listed) == sorted(rows["name"].unique())
    assert all(joined(row["name as found"]) == row["joined"] for row in listed)
    ranked = ranking(rows).head(SHOWN)
    theirs = rows["name"][rows["joined"].isin(ranked["joined"])]
    assert sorted(name for pairs in ranked["names"] for name, _ in pairs) == sorted(theirs.unique())
    top, plain = applicants_tables(tables)
    assert RULE in top.note
    assert convention.spec_id in top.note
    assert "families name nobody" in top.note
    assert [row[1] for row in plain.rows] == sorted((row[1] for row in plain.rows), key=int, reverse=True)


def test_owners_in_two_scripts_are_one_where_families_say_so(tmp_path: Path) -> None:
    """Families of members in two scripts make one owner of two; without families the page says that they are two."""
    families = [filed(f"{office}{1000001 + n}A", name, f"{n}") for n in range(2) for office, name in IDEMITSU.items()]
    done = run(Query.parse(BY_OWNER), inputs=[stored(tmp_path / "a.parquet", families)], out=tmp_path / "a")
    assert [(row["joined"], row["families"], row["rule"], row["sector"]) for row in listed_in(done)] == [
        ("IDEMITSU KOSAN", "2", "scripts", "company"),
        ("IDEMITSU KOSAN", "2", "scripts", "company"),
    ]
    page = (done.path / "report.html").read_text(encoding="utf-8")
    assert "An owner in two scripts" not in page
    assert "Sector known: Latin 1 of 1." in page
    apart = [filed(f"US202400000{n}A1", name) for n, name in enumerate(2 * list(IDEMITSU.values()))]
    done = run(Query.parse(BY_OWNER), inputs=[stored(tmp_path / "b.parquet", apart)], out=tmp_path / "b")
    assert {row["joined"] for row in listed_in(done)} == {"IDEMITSU KOSAN", "出光興産"}
    page = (done.path / "report.html").read_text(encoding="utf-8")
    assert "An owner in two scripts is two here" in page
    assert "[applicants] aliases" in page


IDEMITSU = {"US": "Idemitsu Kosan Co., Ltd.", "JP": "出光興産株式会社"}
BY_OWNER = PLAIN.replace("[[claims]]", '[axes]\nunit = ["family", "publication"]\nbasis = ["applicant"]\n[[claims]]', 1)


def filed(number: str, owner: str, family: str | None = None) -> Publication:
    """Return a publication of *owner*; it tells its family only where one is given."""
    dates = {"priority_date": "2022-05-01", "filing_date": "2023-02-01", "publication_date": "2024-08-01"}
    made = make_publication(number, family_id=family, application_number=None, **dates)
    return replace(made, applicants=(Party(owner, "JP"),))


def stored(path: Path, publications: list[Publication]) -> Path:
    """Write publications to a parquet file and return its path."""
    store.write(store.to_table(publications), path)
    return path


def listed_in(done: Run) -> list[dict[str, str]]:
    """Return a run's applicant-names.csv."""
    return list(csv.DictReader((done.path / "applicant-names.csv").read_text(encoding="utf-8").splitlines()))


def test_a_family_counts_once_with_each_joined_name(tables: RunTables) -> None:
    """However often and however written a name stands on a family's documents, the family is one of its families."""
    found = names(tables)
    assert found is not None
    spelled = found[0].assign(name=found[0]["name"] + " Ltd.")
    both = ranking(pd.concat([found[0], spelled], ignore_index=True))
    assert both.set_index("joined")["families"].to_dict() == ranking(found[0]).set_index("joined")["families"].to_dict()


def test_owners_are_those_that_show_finds(tables: RunTables, made_run: Run) -> None:
    """By owner, the families of the flow are the ones behind the ownership baseline; every pair is in the drawing."""
    found = owners_and_offices(tables, ["CN", "US"])
    assert found is not None
    rows, convention = found
    behind = show(made_run.folder, country="CN", spec=convention.spec_id)
    mine = rows[rows["owner"].eq("CN")]
    assert mine["n"].max() <= behind.n <= mine["n"].sum()
    spec = flow(rows, convention, sides=(["CN"], ["US"])).to_dict()
    bands = {
        (row["owner"], row["office"]): row["n"] for data in spec["datasets"].values() for row in data if "owner" in row
    }
    assert bands == {(row["owner"], row["office"]): row["n"] for row in rows.to_dict(orient="records")}
