"""The shipped tables: what they say about the world, and what they must never say."""

from __future__ import annotations

import csv
import datetime as dt
import re
import tomllib
from collections import Counter
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from patentscope.records.offices import short_name
from patentscope.records.scheme import Scheme

from places import ROOT

DATA = ROOT / "patentscope" / "data"
TABLES = (
    *(
        "offices.csv",
        "country_names.csv",
        "country_words.csv",
        "country_groups.csv",
        "kinds.csv",
        "classes.csv",
        "class_titles.csv",
        "sectors.csv",
    ),
    *("sample/records.csv", "sample/labels.csv"),
)
FILES = (*TABLES, "sample/README.md", "sample/source.toml")
SAMPLE_SIZE = 233


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a shipped table."""
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_clean_csv(name: str) -> None:
    """Every table is UTF-8 with LF ends, every row as long as the header, no cell with blanks around it."""
    raw = (DATA / name).read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    header, *rows = list(csv.reader(raw.decode("utf-8").splitlines()))
    assert rows
    assert len(set(header)) == len(header)
    for row in rows:
        assert len(row) == len(header), row
        assert [cell.strip() for cell in row] == row, row


@pytest.mark.parametrize("name", FILES)
def test_no_machine_path_is_shipped(name: str) -> None:
    """No shipped file names a path of somebody's machine."""
    text = (DATA / name).read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.:/-])/(work|tmp|home|root|mnt|Users)/|\.\./", text)


def test_classic_class_mistakes() -> None:
    """C22B59 is rare earths, C22B19 zinc, C22B25 tin, C04B18 a filler: public tools mix them up, the queries don't."""
    titles = {row["symbol"]: row["title"].casefold() for row in rows_of("class_titles.csv")}
    assert "rare earth" in titles["C22B59/00"]
    assert "rare earth" in titles["C01F17/00"]
    for symbol in ("C22B19/28", "C22B19/30", "C22B25/06", "C04B18/04"):
        assert "rare earth" not in titles[symbol]


def test_titles_are_official_and_cited() -> None:
    """Every title says which edition it is from, and its symbol is one of the shipped scheme, once."""
    rows = rows_of("class_titles.csv")
    scheme = Scheme.shipped()
    assert len({row["symbol"] for row in rows}) == len(rows)
    for row in rows:
        assert scheme.nearest(row["symbol"]) is None, row
        assert row["title"]
        assert scheme.edition in row["reference"]


def test_older_symbols_hang_in_the_scheme() -> None:
    """data/classes.csv has what the scheme doesn't: each row leads, parent by parent, to a symbol that it holds."""
    parents = {row["symbol"]: row["parent"] for row in rows_of("classes.csv")}
    scheme = Scheme.shipped()
    assert len(parents) == len(rows_of("classes.csv"))
    for symbol, parent in parents.items():
        assert scheme.nearest(symbol), f"{symbol} is in the scheme: this row is no longer needed"
        above, seen = parent, {symbol}
        while above in parents:
            assert above not in seen
            seen.add(above)
            above = parents[above]
        assert scheme.nearest(above) is None, symbol
        assert scheme.covers(above, symbol)
        assert scheme.covers(parent, symbol)


def test_offices_are_listed_once() -> None:
    """An office code is two capitals, stands once, and a former one's successors are listed."""
    rows = rows_of("offices.csv")
    codes = {row["code"]: row["kind"] for row in rows}
    assert len(codes) == len(rows)
    assert set(codes.values()) == {"country", "regional", "international", "former"}
    for row in rows:
        assert re.fullmatch(r"[A-Z]{2}", row["code"])
        assert (row["kind"] == "former") == bool(row["successor"])
        for code in filter(None, row["successor"].split(";")):
            assert codes[code] == "country"


def test_every_office_has_a_name_of_its_own_in_print() -> None:
    """A printed name stands only where the official one isn't what a newspaper prints, and no two offices share one."""
    rows = rows_of("offices.csv")
    names = [short_name(row["code"]) for row in rows]
    assert len(set(names)) == len(names)
    assert not [name for name in names if re.search(r"[(;]", name)]
    assert not [row["code"] for row in rows if row["printed"] == re.split(r" \(|;", row["name"])[0]]


def test_country_names_are_of_listed_countries() -> None:
    """A name is given once, beside those of offices.csv, and of a country that is listed there."""
    codes = {row["code"]: row["name"] for row in rows_of("offices.csv")}
    names = [row["name"].casefold() for row in rows_of("country_names.csv")]
    assert len(set(names)) == len(names)
    assert not set(names) & {name.casefold() for name in codes.values()}
    assert all(row["code"] in codes and row["reference"] for row in rows_of("country_names.csv"))


def test_words_and_groups_of_countries() -> None:
    """Adjectives, short forms and groups are of listed codes, each once, with a source; the EU has 27 members."""
    codes = {row["code"] for row in rows_of("offices.csv")}
    words, groups = rows_of("country_words.csv"), rows_of("country_groups.csv")
    names = [row["word"].casefold() for row in words] + [row["name"].casefold() for row in groups]
    assert len(set(names)) == len(names)
    assert {row["kind"] for row in words} == {"adjective", "name", "office", "ambiguous"}
    for row in words:
        assert set(filter(None, row["code"].split(";"))) <= codes
        assert row["reference"]
        assert bool(row["meant"]) is (row["kind"] == "ambiguous")
        assert row["kind"] == "ambiguous" or row["code"] in codes
    members = {row["name"]: row["codes"].split(";") for row in groups}
    assert all(set(filter(None, listed)) <= codes for listed in members.values())
    assert (len(members["EU"]), len(members["euro area"]), len(members["G7"])) == (27, 20, 7)
    assert all(row["meant"] and row["reference"] for row in groups)


def test_no_regional_office_is_a_country() -> None:
    """EP and WO are no countries, so that they can't be anybody's residence."""
    kinds = dict.fromkeys(("CN", "US", "AU", "JP", "TW"), "country") | {"EP": "regional", "EA": "regional"}
    kinds |= {"WO": "international", "DD": "former", "SU": "former"}
    assert kinds.items() <= {row["code"]: row["kind"] for row in rows_of("offices.csv")}.items()


def test_kind_rules_use_the_vocabulary() -> None:
    """Each kind rule names a listed office, known words, ISO dates in order, and says where it is from."""
    offices = {row["code"] for row in rows_of("offices.csv")} | {"*"}
    rows = rows_of("kinds.csv")
    keys = Counter((row["office"], row["kind"], row["from"], row["to"]) for row in rows)
    assert [key for key, times in keys.items() if times > 1] == []
    for row in rows:
        assert row["office"] in offices, row
        assert re.fullmatch(r"[A-Z]\d?\*?", row["kind"]), row
        assert row["document"] in {"invention", "utility_model", "design", "plant", "other"}, row
        assert row["stage"] in {"application", "grant", "other"}, row
        assert row["reference"], row
        assert row["sources"] in {"0", "1", "2"}, row
        assert ("from memory, unverified" in row["reference"]) == (row["sources"] == "0"), row
        bounds = [dt.date.fromisoformat(row[side]) for side in ("from", "to") if row[side]]
        assert bounds == sorted(bounds), row


def test_kind_periods_of_one_code_do_not_overlap() -> None:
    """Two dated rules of one office and code never claim the same day."""
    periods: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in rows_of("kinds.csv"):
        if row["from"] or row["to"]:
            period = (row["from"] or "0001-01-01", row["to"] or "9999-12-31")
            periods.setdefault((row["office"], row["kind"]), []).append(period)
    assert periods
    for found in periods.values():
        ordered = sorted(found)
        assert all(first[1] < second[0] for first, second in pairwise(ordered))


def test_utility_models_are_no_grants_without_examination() -> None:
    """A Chinese utility model is no invention, and its registration no grant."""
    rules = {(row["office"], row["kind"]): row for row in rows_of("kinds.csv")}
    for kind in ("U", "Y"):
        assert (rules["CN", kind]["document"], rules["CN", kind]["stage"]) == ("utility_model", "other")
    assert rules["*", "U*"]["document"] == "utility_model"


def test_us_a_before_2001_is_a_grant() -> None:
    """A US document with kind A that appeared before 2001 is a granted patent."""
    rows = [row for row in rows_of("kinds.csv") if (row["office"], row["kind"]) == ("US", "A")]
    assert {row["to"]: row["stage"] for row in rows if row["to"]} == {"2001-01-01": "grant"}
    assert {row["from"]: row["stage"] for row in rows if row["from"]} == {"2001-01-02": "application"}


def test_sample_and_labels_agree() -> None:
    """The sample has 233 publications, sorted, and exactly one label for each."""
    numbers = [row["publication_number"] for row in rows_of("sample/records.csv")]
    assert len(numbers) == SAMPLE_SIZE
    assert numbers == sorted(set(numbers))
    labels = rows_of("sample/labels.csv")
    assert [row["publication_number"] for row in labels] == numbers
    assert Counter(row["label"] for row in labels) == {"in": 125, "borderline": 33, "out": 75}


def test_no_mirror_is_linked() -> None:
    """A row read on a mirror has no source address, and no address is a proxy's copy of another site."""
    rows = rows_of("sample/records.csv")
    assert {row["read_at"] for row in rows} == {"page", "mirror"}
    for row in rows:
        assert row["public_page"].startswith("https://"), row
        assert bool(row["source_url"]) == (row["read_at"] == "page"), row
        if row["source_url"]:
            parts = urlsplit(row["source_url"])
            assert parts.scheme in {"http", "https"}
            assert not re.search(r"prox|glgoo|php\?q=|cdURL=", row["source_url"])
            assert not re.fullmatch(r"[\d.]+", parts.netloc)


def test_sample_holds_facts_only() -> None:
    """The sample has bibliographic columns and short facts: no abstract, no description, no claim."""
    rows = rows_of("sample/records.csv")
    assert not any(re.search("abstract|description|claim|text", column) for column in rows[0])
    assert max(len(row[column]) for row in rows for column in ("title", "title_original")) <= 200


def test_sample_dates_are_dates() -> None:
    """Every date of the sample is an ISO date not after the day it was compiled, and office codes are listed."""
    offices = {row["code"] for row in rows_of("offices.csv")}
    for row in rows_of("sample/records.csv"):
        assert row["office"] == row["publication_number"][:2]
        countries = re.findall("[A-Z]{2}", row["applicant_countries"] + row["inventor_countries"])
        assert {row["office"], *countries} <= offices
        for column in ("filing_date", "priority_date", "publication_date", "grant_date"):
            if row[column]:
                assert dt.date.fromisoformat(row[column]) <= dt.date(2026, 11, 23)


def test_sample_readme_counts_are_right() -> None:
    """The counts the sample's README prints are those of the files."""
    text = (DATA / "sample" / "README.md").read_text(encoding="utf-8")
    rows = rows_of("sample/records.csv")
    lines = [line.split("|") for line in text.splitlines()]
    shown = {cells[1].strip(): cells[2].strip() for cells in lines if len(cells) == 4}
    assert shown["publications"] == str(len(rows))
    assert shown["without an English title (`title` empty)"] == str(sum(not row["title"] for row in rows))
    assert shown["of these without any title"] == str(sum(not row["title"] + row["title_original"] for row in rows))
    assert shown["without a publication date"] == str(sum(not row["publication_date"] for row in rows))
    assert shown["without any date"] == str(
        sum(not "".join(row[f"{day}_date"] for day in ("filing", "priority", "publication", "grant")) for row in rows)
    )
    assert shown["without a class symbol"] == str(sum(not row["ipc"] + row["cpc"] for row in rows))
    assert shown["without an applicant's country"] == str(sum(not row["applicant_countries"] for row in rows))
    assert shown["kind code inferred (`kind_inferred` = 1)"] == str(sum(row["kind_inferred"] == "1" for row in rows))
    assert shown["read on a mirror (`read_at` = `mirror`)"] == str(sum(row["read_at"] == "mirror" for row in rows))
    groups = [row["family_group"] for row in rows if row["family_group"]]
    assert shown["in a family judged by the reader"] == f"{len(groups)}, in {len(set(groups))} families"
    counts = Counter(row["office"] for row in rows)
    assert shown["office US / JP / WO / CN / EP / RU / CA / AU"] == " / ".join(
        str(counts[code]) for code in ("US", "JP", "WO", "CN", "EP", "RU", "CA", "AU")
    )


def test_sample_source_warns() -> None:
    """The sample's sidecar has a date and a licence and says that it is no basis for country shares."""
    source = tomllib.loads((DATA / "sample" / "source.toml").read_text(encoding="utf-8"))
    assert source["retrieved"] == dt.date(2026, 11, 23)
    assert source["name"]
    assert source["title"]
    assert source["licence"].startswith("bibliographic facts")
    assert "never a basis for country shares" in source["note"]
