"""The user's file of owners' names: what it joins, and that every fault is named with its line."""

from __future__ import annotations

import codecs
import csv
import hashlib
import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patentscope import Query, run
from patentscope.errors import FileFormatError, QueryError
from patentscope.provenance.state import AliasesEntry
from patentscope.query import aliases
from patentscope.records import store
from patentscope.report.write import write_report

from factories import PLAIN, make_publication


def read(folder: Path, text: str | bytes) -> AliasesEntry:
    """Return what is read of a file with *text*."""
    path = folder / "aliases.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return aliases.read(path)


def test_chains_are_followed(tmp_path: Path) -> None:
    """A name goes to the last of its chain, whatever the order of the lines, and the same line twice does no harm."""
    text = 'name,joined\nA Ltd,B\n"C, Inc.",Dd\n\nB GmbH,C\nA,B\n'
    entry = read(tmp_path, text)
    assert entry["joined"] == {"A": "Dd", "B": "Dd", "C": "Dd"}
    assert entry["file"] == "aliases.csv"
    assert entry["sha256"] == hashlib.sha256(text.encode()).hexdigest()


def test_a_bom_and_lines_of_a_spreadsheet_are_read(tmp_path: Path) -> None:
    """A byte-order mark, CRLF and blanks around names change nothing; a name joined to itself stays by itself."""
    raw = codecs.BOM_UTF8 + "name,joined\r\n 出光興産 , Idemitsu \r\nTotal,Total\r\n".encode()
    assert read(tmp_path, raw)["joined"] == {"出光興産": "Idemitsu", "TOTAL": "Total"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: found 'nothing'"),
        ("name;joined\na;b\n", "line 1: found 'name;joined'"),
        ("joined,name\na,b\n", "line 1: found 'joined,name'"),
        ("name,joined\na,b\nb,\n", "line 3: found 'b,'"),
        ("name,joined\na,b,c\n", "line 2: found 'a,b,c'"),
        ("name,joined\na,b\nA Ltd,c\n", "line 3: 'A Ltd' is joined to 'c', and in line 2 to 'b'"),
        ("name,joined\na,b\nx,y\nb,c\nc,a\n", "lines 2, 4, 5: names are joined in a circle"),
        ("name,joined\nx,a\na,b\nb,a\n", "in a circle"),
        ('name,joined\n"a,b\n', "line 2"),
        ("name,joined\na,b\n".encode("utf-16"), "no UTF-8"),
        (b"name,joined\na,b\nf\xfcr,b\n", "line 3: found a character that is no UTF-8"),
    ],
)
def test_faults_name_their_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    """A wrong header, a line of other than two names, a name joined to two, a circle: each is told with its line."""
    with pytest.raises(FileFormatError) as error:
        read(tmp_path, text)
    assert said in str(error.value)
    assert "aliases.csv" in str(error.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=80)
    | st.lists(st.sampled_from("abcd"), max_size=8).map(
        lambda n: ("\n".join(map(",".join, itertools.pairwise(n)))).encode()
    )
)
def test_any_file_is_read_or_refused(tmp_path: Path, rows: bytes) -> None:
    """Whatever stands under the header, the file is read or refused; what is read ends in names that go nowhere."""
    try:
        said = read(tmp_path, b"name,joined\n" + rows)["joined"]
    except FileFormatError:
        return
    assert all(said.get(to.upper(), to) == to for to in said.values())


def test_a_run_joins_what_the_file_says(tmp_path: Path) -> None:
    """run.json names the file with its hash; another content makes the page again, and a page needs no file."""
    dates = {"filing_date": "2023-01-02", "publication_date": "2024-08-01"}
    made = [make_publication(f"EP{1000001 + n}A1", **dates, applicants=["JP"]) for n in range(2)]
    store.write(store.to_table(made), tmp_path / "in.parquet")
    found = [party.name for one in made for party in one.applicants]
    own = '[axes]\nbasis = ["applicant"]\n[applicants]\naliases = "own.csv"\n'
    (tmp_path / "query.toml").write_text(PLAIN.replace("[[claims]]", f"{own}[[claims]]", 1))
    with pytest.raises(QueryError, match=r"applicants\.aliases: found nothing at .*own\.csv"):
        Query.load(tmp_path / "query.toml")
    for owner in ("Somebody", "Nobody"):
        (tmp_path / "own.csv").write_text("name,joined\n" + "".join(f"{name},{owner}\n" for name in set(found)))
        done = run(Query.load(tmp_path / "query.toml"), inputs=[tmp_path / "in.parquet"], out=tmp_path / "run")
        assert done.folder.state["aliases"]["sha256"] == hashlib.sha256((tmp_path / "own.csv").read_bytes()).hexdigest()
        assert [row["joined"] for row in rows_of(done.path)] == [owner] * len(set(found))
        assert {row["rule"].split("; ")[-1] for row in rows_of(done.path)} == {"aliases"}
        assert "By aliases: own.csv." in (done.path / "report.html").read_text(encoding="utf-8")
    assert done.folder.skipped == ["publications", "holdings", "classify"]
    before = (done.path / "report.html").read_bytes()
    (tmp_path / "own.csv").unlink()
    write_report(done.folder)
    assert (done.path / "report.html").read_bytes() == before


def rows_of(folder: Path) -> list[dict[str, str]]:
    """Return a run's applicant-names.csv."""
    with (folder / "applicant-names.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
