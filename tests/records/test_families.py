"""Numbers, applications and families."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.records import families, store
from patentscope.records.application_numbers import application_keys, offices_of_keys
from patentscope.records.publication import normal_publication_number

from factories import make_publication, table_of


def grouped(publications: list) -> dict[str, tuple[str, str, str]]:
    """Return application, simple and extended family by publication number."""
    units = families.assign(store.to_table(publications)).units
    columns = ("application_id", "family_id", "extended_family_id")
    return {row["publication_number"]: tuple(row[c] for c in columns) for _, row in units.iterrows()}


def test_five_documents_make_four_simple_families_and_one_extended() -> None:
    """The EPO's example: D1{P1} D2{P1,P2} D3{P1,P2} D4{P2,P3} D5{P3}."""
    claims = {"1": "1", "2": "12", "3": "12", "4": "23", "5": "3"}
    found = grouped(
        [
            make_publication(
                f"EP410000{name}A1",
                application_number=f"EP2410000{name}",
                priorities=[(f"US6300000{p}", f"2024-01-0{p}") for p in which],
            )
            for name, which in claims.items()
        ]
    )
    assert len({row[1] for row in found.values()}) == 4
    assert found["EP4100002A1"][1] == found["EP4100003A1"][1]
    assert len({row[2] for row in found.values()}) == 1


def test_first_filing_and_follow_up_are_one_family() -> None:
    """A document that claims no priority has its own application as its priority."""
    found = grouped(
        [
            make_publication("CN118000001A", application_number="CN202410000001.X"),
            make_publication("CN118000001B", application_number="CN202410000001XA"),
            make_publication("US2025000001A1", priorities=[("CN 202410000001", "2024-01-01")]),
        ]
    )
    assert len({row[1] for row in found.values()}) == 1
    assert found["CN118000001A"][0] == found["CN118000001B"][0]


def test_the_source_s_family_is_kept() -> None:
    """A stated family id stands, and takes in a document of the same application that states none."""
    found = grouped(
        [
            make_publication("EP4000001A1", application_number="EP24100001", family_id="77"),
            make_publication("EP4000001B1", application_number="EP24100001"),
            make_publication("EP4000002A1", application_number="EP24100002", family_id="78"),
        ]
    )
    assert [row[1] for row in found.values()] == ["77", "77", "78"]


def test_two_sources_names_of_one_family_are_made_one() -> None:
    """Lens's and DOCDB's ids of the same priority set, or the same application, are one family, by DOCDB's number."""
    claim = [("CN202410000001", "2024-01-01")]
    found = grouped(
        [
            make_publication("US2025000001A1", priorities=claim, family_id="77"),
            make_publication("JP2025000001A", priorities=claim, family_id="lens:001"),
            make_publication("AU2025000001A1", application_number="AU2025900001", family_id="lens:002"),
            make_publication("AU2025000001B2", application_number="AU2025900001", family_id="90"),
        ]
    )
    assert [row[1] for row in found.values()] == ["77", "77", "90", "90"]


def test_what_a_source_tells_apart_stays_apart() -> None:
    """Where another source's id would join two families of one source, all keep their own."""
    claim = [("CN202410000001", "2024-01-01")]
    found = grouped(
        [
            make_publication("US2025000001A1", priorities=claim, family_id="77"),
            make_publication("JP2025000001A", priorities=claim, family_id="lens:001"),
            make_publication("KR2025000001A", priorities=claim, family_id="78"),
        ]
    )
    assert [row[1] for row in found.values()] == ["77", "lens:001", "78"]


def test_a_priority_without_a_number_joins_nobody() -> None:
    """An entry whose number is empty or mere punctuation is no application that two families could share."""
    found = grouped(
        [
            make_publication("US2025000001A1", priorities=[("", "2023-01-01")], priority_date="2023-01-01"),
            make_publication("US2025000002A1", priorities=[("-", "2023-01-01")], priority_date="2023-01-01"),
        ]
    )
    assert len({row[1] for row in found.values()}) == 2


def test_a_bare_earlier_priority_date_joins_nobody() -> None:
    """A claimed priority without a number is unknown: its family is its own."""
    found = grouped(
        [
            make_publication("US2025000001A1", priority_date="2023-01-01", filing_date="2024-01-01"),
            make_publication("US2025000002A1", priority_date="2023-01-01", filing_date="2024-01-01"),
        ]
    )
    assert len({row[1] for row in found.values()}) == 2


@pytest.mark.parametrize(
    ("forms", "key"),
    [
        (["PCT/US2015/040975", "WO2015US40975A", "US2015040975W", "PCT/US15/40975"], "WO2015US40975"),
        (["CN201110053793.X", "CN201110053793XA", "CN 201110053793"], "CN201110053793"),
        (["US 14/893,611", "US201414893611A"], "US14893611"),
        (["EP10188264A", "EP20100188264"], "EP10188264"),
        (["JP2012049919A", "JP 2012-049919"], "JP2012049919"),
        # KIPO's own form (its Authority File, 2024), DOCDB and EPODOC.
        (["KR10-2014-0123456", "KR20140123456A", "KR20140123456"], "KR20140123456"),
        (["KR20-2013-0004508", "KR20130004508U"], "KR20130004508/U"),
        # PCT Administrative Instructions, section 307: serials of six figures, often written without their zeros.
        (["PCT/CN2014/33", "PCT/CN2014/000033", "CN2014000033W", "WO2014CN33"], "WO2014CN33"),
        (["US9917129W", "WO1999US17129", "PCT/US99/17129"], "WO1999US17129"),
        # EPODOC and DOCDB side by side, as recorded answers of OPS and exports of one search have them.
        (["JP20140123456", "JP2014123456A"], "JP2014123456"),
        (["JP19910228181", "JP22818191A"], "JP22818191"),
        (["AU20040230899", "AU2004230899A"], "AU2004230899"),
        (["BR20221006619", "BR102022006619A"], "BR102022006619"),
        (["CA20143146924", "CA3146924A"], "CA3146924"),
        (["CN20048018435", "CN200480018435A"], "CN200480018435"),
        (["CN20142393883U", "CN201420393883U"], "CN201420393883"),
        (["CN20211104696", "CN202111004696A"], "CN202111004696"),
        (["CN19961094486", "CN96194486A"], "CN96194486"),
        (["DE20041026226", "DE102004026226A"], "DE102004026226"),
        (["DE202210213476", "DE102022213476.1"], "DE102022213476"),
        (["DE19961052471", "DE19652471A"], "DE19652471"),
        (["EA20110000279", "EA201100279A"], "EA201100279"),
        (["FI20220005923", "FI20225923A"], "FI20225923"),
        (["FR20210010615", "FR2110615"], "FR2110615"),
        (["GB20240009490", "GB202409490A"], "GB202409490"),
        (["GB20050021120", "GB0521120A"], "GB0521120"),
        (["PL20040380865", "PL38086504A"], "PL38086504"),
        (["RU20030133344", "RU2003133344A"], "RU2003133344"),
        (["TW20070147611", "TW96147611A", "TW096147611"], "TW96147611"),
        (["US20070891218P", "US89121807P"], "US2007/891218P"),
        (["US19980133166", "US13316698A"], "US1998/133166"),
    ],
)
def test_forms_of_one_application_number(forms: list[str], key: str) -> None:
    """The forms in which offices and vendors write one application number come to one."""
    assert set(application_keys(pa.array(forms)).to_pylist()) == {key}


@pytest.mark.parametrize(
    "numbers",
    [
        ["US13316698A", "US201113316698A"],  # 133166 of 1998, and 13/316,698
        ["US20070891218P", "US20070891218"],  # 60/891,218 (provisional) and 11/891,218
        ["KR10-2013-0004508", "KR20-2013-0004508"],  # a patent and a utility model
        ["JP2012000123A", "JP2012000123U"],
        ["JP19123484A", "JP348412A"],  # 191234 of 1984, and 3484 of 1912
        ["JP3-228181", "JP3228181A"],  # the third year of Heisei, and 32281 of 1981
        ["DE202010123456U", "DE102020123456A"],  # a utility model of 2010 by its number
        ["CN2022136260", "CN202210036260A"],  # an international application without PCT or W
        ["PCT/CN2014/33", "PCT/CN2014/330"],
        ["WO2015US5", "WO2015US51"],
    ],
)
def test_two_applications_stay_two(numbers: list[str]) -> None:
    """Numbers that look alike and are of different applications have different keys."""
    keys = application_keys(pa.array(numbers)).to_pylist()
    assert len(set(keys)) == len(numbers), keys


def test_only_long_us_numbers_lose_a_zero() -> None:
    """US20120057518A1 becomes US2012057518A1; nothing else is stripped."""
    assert normal_publication_number("US20120057518A1") == "US2012057518A1"
    assert normal_publication_number("US 2012/0057518 A1") == "US2012057518A1"
    assert normal_publication_number("US2012057518A1") == "US2012057518A1"
    assert normal_publication_number("US10046979B2") == "US10046979B2"
    assert normal_publication_number("CN00000001A") == "CN00000001A"


def test_a_number_without_an_office_has_none() -> None:
    """An office is read off a number only where it is written there."""
    keys = application_keys(pa.array(["2011222942", "PCT/FR2017/051399", "", None]))
    assert offices_of_keys(keys).to_pylist() == [None, "WO", None, None]


keys = st.lists(st.sets(st.integers(0, 6), min_size=1, max_size=3), min_size=1, max_size=8)


@settings(max_examples=40)
@given(keys)
def test_extended_families_equal_a_brute_force_closure(sets: list[set[int]]) -> None:
    """Linked priorities give the same groups as merging overlapping sets until none overlap."""
    found = grouped(
        [
            make_publication(
                f"EP410{place:04d}A1",
                application_number=f"EP241{place:05d}",
                priorities=[(f"US6300000{key}", "2024-01-01") for key in sorted(which)],
            )
            for place, which in enumerate(sets)
        ]
    )
    groups = [(set(which), {place}) for place, which in enumerate(sets)]
    merged = True
    while merged:
        merged = False
        for i, (one, members) in enumerate(groups):
            for j in range(len(groups) - 1, i, -1):
                if one & groups[j][0]:
                    one.update(groups[j][0])
                    members.update(groups[j][1])
                    del groups[j]
                    merged = True
    by_extended: dict[str, set[int]] = {}
    for place, row in enumerate(found.values()):
        by_extended.setdefault(row[2], set()).add(place)
    assert sorted(map(sorted, by_extended.values())) == sorted(sorted(members) for _, members in groups)


def test_families_do_not_depend_on_row_order() -> None:
    """The same records in another order get the same ids."""
    rows = [
        make_publication("CN118000001A", application_number="CN202410000001"),
        make_publication("US2025000001A1", priorities=[("CN202410000001", "2024-01-01")]),
        make_publication("EP4000002A1", priorities=[("CN202410000001", None), ("US63000001", None)]),
    ]
    assert grouped(rows) == grouped(rows[::-1])
    assert table_of(rows).column("family_id").to_pylist() == table_of(rows[::-1]).column("family_id").to_pylist()
