"""Sectors: told by the words of a name in five languages, a person by documents alone, else unknown."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.records.owners import in_two_scripts, owners
from patentscope.records.reference import reference_rows
from patentscope.records.sectors import SECTORS, sector_of, sectors
from patentscope.records.store import SCHEMA, to_table

from factories import make_publication

COMPANY, UNIVERSITY, PERSON, UNKNOWN = SECTORS


@pytest.mark.parametrize(
    ("name", "sector"),
    [
        # Of the sample's records.
        ("HITACHI METALS LTD", COMPANY),
        ("Nippon Light Metal Company, Ltd.", COMPANY),
        ("UT-BATTELLE, LLC", COMPANY),
        ("龙南县中利再生资源开发有限公司", COMPANY),
        ("KOREA INST GEOSCIENCE & MINERAL RESOURCES", UNIVERSITY),
        ("中南大学", UNIVERSITY),
        ("江西理工大学", UNIVERSITY),
        ("北京工業大學", UNIVERSITY),
        ("CENTRE NAT RECH SCIENT", UNIVERSITY),
        ("HARRIS IVOR REX", UNKNOWN),
        # The legal form at an end before the words inside.
        ("清华大学科技园有限公司", COMPANY),
        ("株式会社豊田中央研究所", COMPANY),
        ("（株）産業技術研究所", COMPANY),
        ("Univ Beijing Technology Co., Ltd.", COMPANY),
        ("Forschungszentrum Jülich GmbH", UNIVERSITY),
        ("University of Florida Research Foundation, Inc.", UNIVERSITY),
        ("中国科学院上海硅酸盐研究所", UNIVERSITY),
        ("国立研究開発法人産業技術総合研究所", UNIVERSITY),
        ("国立大学法人 東京大学", UNIVERSITY),
        ("Technische Universität Bergakademie Freiberg", UNIVERSITY),
        ("Siemens Aktiengesellschaft", COMPANY),
        ("삼성전자 주식회사", COMPANY),
        ("한양대학교 산학협력단", UNIVERSITY),
        ("ＡＢＣ㈱", COMPANY),
        ("シーメンス アクチエンゲゼルシャフト", COMPANY),
        # Nothing to go by: a bare name, a hospital, a ministry.
        ("POSCO", UNKNOWN),
        ("北京协和医院", UNKNOWN),
        ("Unicorn", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_words_tell_the_sector(name: str, sector: str) -> None:
    """The longest word at an end decides; else the words inside; a word is never part of another."""
    assert sector_of(name) == sector


def test_the_words_are_of_known_sectors_and_positions() -> None:
    """Every word has a language, a sector that words can tell, a position and a reference, and stands once in it."""
    rows = reference_rows("sectors")
    assert {row["sector"] for row in rows} == {COMPANY, UNIVERSITY}
    assert {row["position"] for row in rows} == {"prefix", "suffix", "word"}
    assert {"en", "zh", "ja", "ko", "de"} <= {row["language"] for row in rows}
    assert all(row["reference"] for row in rows)
    assert len({(row["word"], row["position"]) for row in rows}) == len(rows)
    assert all(sector_of(row["word"]) != UNKNOWN for row in rows)


def documents(*pairs: tuple[list[str], list[str]]) -> pa.Table:
    """Return documents from their applicants and inventors."""
    return pa.table(
        {
            role: pa.array(
                [[{"name": name, "country": None} for name in pair[at]] for pair in pairs], SCHEMA.field(role).type
            )
            for at, role in enumerate(("applicants", "inventors"))
        }
    )


def told(owned: dict[str, str], *pairs: tuple[list[str], list[str]]) -> dict[str, str]:
    """Return the sector by name, of names that are *owned* by somebody."""
    owners = pd.DataFrame({"name": list(owned), "joined": list(owned.values())})
    return dict(zip(owned, sectors(owners, documents(*pairs)), strict=True))


def test_a_person_is_told_by_documents_alone() -> None:
    """Who applies for what they invented is a person; the same name on another document alone shows nothing."""
    names = {name: name for name in ("SMITH JOHN", "DOE JANE", "SMITH A.G.", "SIEMENS AG", "ACME LTD", "王立山")}
    found = told(
        names,
        (["SMITH JOHN", "ACME LTD"], ["John Smith", "ACME LTD"]),
        (["DOE JANE"], ["SMITH JOHN"]),
        (["SIEMENS AG"], ["DOE JANE"]),
        (["SMITH A.G."], ["Smith A. G."]),
        (["王立山"], ["王立山", "DOE"]),
    )
    assert found == {
        "SMITH JOHN": PERSON,
        "DOE JANE": UNKNOWN,
        "SMITH A.G.": PERSON,
        "SIEMENS AG": COMPANY,
        "ACME LTD": COMPANY,
        "王立山": PERSON,
    }


def test_an_owner_has_one_sector() -> None:
    """The names of an owner tell it together; where they disagree it is unknown."""
    owned = {"POSCO": "POSCO", "포스코 주식회사": "POSCO", "X Univ": "X", "X GmbH": "X", "Y": "Y"}
    assert list(told(owned, (["Y"], [])).values()) == [COMPANY, COMPANY, UNKNOWN, UNKNOWN, UNKNOWN]


@given(st.text(max_size=20))
def test_any_text_has_a_sector(name: str) -> None:
    """Whatever a name is, words tell one of the sectors, and never that it is a person."""
    assert sector_of(name) in {COMPANY, UNIVERSITY, UNKNOWN}


def test_nobody_has_no_sector() -> None:
    """Records that name no applicant have no owner, and no sector of one."""
    documents = to_table([make_publication(), make_publication()]).select(["applicants", "inventors"])
    nobody = owners([], in_two_scripts(documents, pd.Series(["a", "b"])), {})
    assert nobody.empty
    assert sectors(nobody, documents).empty
