"""What strangers send is data and nothing else, and what is secret stays in the environment.

Secrets in answers, redirects and addresses are in test_faults_network.py; zip bombs and names in archives in
test_files_xml.py; the page in a real browser in test_browser.py.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from patentscope import Query, run
from patentscope.errors import FileFormatError, QueryError
from patentscope.files.recognise import read_file
from patentscope.records import store
from patentscope.report.charts.all_charts import save_all

from factories import QUERY, make_publication
from places import ROOT
from processes import ended, here, start
from servers.ops import Moods, serve
from worlds.ops_search import SMALL, records
from worlds.tables import TABLES

CLAIM = '\n[[claims]]\nid = "a"\nquote = "q"\nyear = 2023\nleft = ["CN"]\nright = ["US"]\n'
PLANTED = {
    "EPO_OPS_KEY": "planted-ops-key-0123456789", "EPO_OPS_SECRET": "planted-ops-secret-0123456789",
    "LENS_API_TOKEN": "planted-lens-0123456789", "USPTO_ODP_API_KEY": "planted-uspto-0123456789",
}  # fmt: skip
HOSTILE = (
    "=CMD()", "@SUM(1)", "-1+2", "+1", "\t=1", '=HYPERLINK("http://x")', "</script><script>window.ran = 1</script>",
    '"><img src=x onerror=window.ran=1>', "]]><svg onload=window.ran=1>", "javascript:alert(1)", "&lt;b&gt;", "%2e%2e/",
)  # fmt: skip


def written(folder: Path) -> dict[Path, bytes]:
    """Return every byte below *folder*, unpacked where it is packed."""
    found = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {path: gzip.decompress(raw) if path.suffix == ".gz" else raw for path, raw in found.items()}


def test_no_secret_is_written_or_said_anywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Through a fetch with its faults, a run, a page, charts and `sources`: no byte on disk, no line of output."""
    (tmp_path / "small.toml").write_text(SMALL + CLAIM, encoding="utf-8")
    said = []

    def say(*arguments: str, code: int = 0, **environment: str) -> None:
        said.append(here(capsys, tmp_path, *arguments, code=code, **environment))

    with serve(records(60), Moods(tokens_last=9, fail={2: (503, "x"), 5: (500, "x")})) as (base, state):
        address = {"PATENTSCOPE_OPS_URL": base} | PLANTED
        said.append(ended(start(tmp_path, "run", "small.toml", "--source", "ops", "--out", "a", **address)))
        say("sources", "--query", "small.toml", **address)
        say("report", "a", "--charts", "c", **address)
        state.moods.fail = dict.fromkeys(range(1, 999), (403, "CLIENT.RobotDetected"))
        say("fetch", "small.toml", "--cache", "b", code=3, **address)
        state.moods.fail = dict.fromkeys(range(1, 999), (400, "CLIENT.InvalidQuery"))
        said.append(ended(start(tmp_path, "fetch", "small.toml", "--cache", "b", **address), code=1))
    secretive = {"PATENTSCOPE_OPS_URL": "https://user:planted-password-0123@ops.epo.org/3.2"} | PLANTED
    say("fetch", "small.toml", code=2, **secretive)
    say("sources", "--query", "small.toml", **secretive)
    for source in ("lens", "uspto"):
        wrong = {name: f"{value} with a blank" for name, value in PLANTED.items()}
        say("fetch", "small.toml", "--source", source, code=3, **wrong)
    assert len(written(tmp_path)) > 20
    for path, raw in written(tmp_path).items():
        assert b"planted-" not in raw, path
        assert b"Bearer" not in raw, path
    assert not [text for text in said if "planted-" in text]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory):
    """A run whose records and query say hostile things wherever they can say anything."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        make_publication(
            f"CN{118000000 + i}A", office=word, kind=word, title=word, abstract=word, filing_date="2024-01-02",
            publication_date="2024-08-01", applicants=[word, "CN"], inventors=[word], family_id=word, source=word,
            priorities=[(f"{word}1", "2024-01-02")], application_number=word, title_language=word, origin=word,
        )
        for i, word in enumerate(HOSTILE)
    ]  # fmt: skip
    rows += [
        make_publication(f"US{2024000000 + i}A1", publication_date="2024-08-01", applicants=["US"]) for i in range(9)
    ]
    store.write(store.to_table(rows), folder / "in.parquet")
    text = QUERY.replace("A test", HOSTILE[6].replace('"', "'")).replace("China leads", f"={HOSTILE[6]}")
    text = text.replace("rare_earth = [", '"=x()" = [').replace("classes.rare_earth", "classes.=x()")
    return run(Query.parse(text), inputs=[folder / "in.parquet"], out=folder / "run")


def test_no_cell_of_a_run_is_a_formula(hostile) -> None:
    """No cell of any CSV of a run begins as a spreadsheet's formulas do, but for numbers."""
    for path in hostile.path.rglob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))):
            for cell in row:
                assert not re.match(r"[=+\-@\t\r]", cell) or re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell), (path.name, cell)


def test_a_code_that_is_none_is_a_gap_and_no_country(hostile) -> None:
    """An office or a kind that is no code is not counted as one: what the number shows stands; the ledger says so."""
    assert set(hostile.counts["country"]) <= {"CN", "US", "unknown"} | set(
        hostile.counts["country"].str.extract("^([A-Z]{2})$")[0]
    )
    assert set(hostile.publications["office"]) == {"CN", "US"}
    reasons = {
        gap["reason"]: gap["count"] for gap in hostile.folder.stage("publications")["gaps"] if gap["country"] == "CN"
    }
    assert reasons["an office code that is none"] == reasons["a kind code that is none"] == len(HOSTILE)


def test_no_chart_runs_a_script(hostile, tmp_path: Path) -> None:
    """An SVG of any chart has no script, no handler, no foreign object and no address, whatever stands in it."""
    drawn = [path for path in save_all(hostile.folder, tmp_path) if path.suffix == ".svg"]
    assert drawn
    for path in drawn:
        for element in etree.fromstring(path.read_bytes()).iter(etree.Element):
            assert etree.QName(element).localname not in {"script", "foreignObject", "iframe", "image", "a"}, path
            assert not [name for name in element.attrib if etree.QName(name).localname.lower().startswith("on")], path
            assert not [value for value in element.attrib.values() if "script:" in value.lower()], path
        assert path.resolve().parent == tmp_path.resolve()


def test_no_page_holds_a_strangers_tag(hostile) -> None:
    """In the page hostile text is text: no tag of it, in its markup or in the data embedded in it."""
    page = (hostile.path / "report.html").read_text(encoding="utf-8")
    for tag in ("<script>window.ran", "<img src=x", "<svg onload"):
        assert tag not in page
    assert "window.ran" in page


@pytest.mark.parametrize("name", ["../x", "..", "/srv/x", "a/b", "a\\\\b", "C:x", ".hidden", "x\\n"])
def test_a_query_writes_below_its_own_name_only(tmp_path: Path, name: str) -> None:
    """A query's name is refused where it would be another folder than one below ./runs."""
    (tmp_path / "evil.toml").write_text(QUERY.replace('"test"', f'"{name}"', 1), encoding="utf-8")
    with pytest.raises(QueryError, match="name: found"):
        Query.load(tmp_path / "evil.toml")


def test_an_evil_query_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run of a query that is refused leaves no file and no folder anywhere."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "evil.toml").write_text(QUERY.replace('"test"', '"../../x"', 1), encoding="utf-8")
    here(capsys, tmp_path / "in", "run", "evil.toml", "--sample", code=2)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["evil.toml", "in"]


def test_a_bomb_of_patstat_tables_does_not_fill_the_disk(tmp_path: Path) -> None:
    """A zip of tables that would be a thousand times its size on the disk is refused on the way."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../tls211.csv", TABLES["tls211_part01.csv"] + "1,2,CN,A,1,2011-08-17,zh\n" * 4_000_000)
    with pytest.raises(FileFormatError, match="more than 100 times its packed size"):
        read_file(tmp_path / "a.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_dependencies_are_few_and_pinned() -> None:
    """Every package that is needed, extras included, has its version in constraints.txt (reasons: test_docs.py)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.match(r"[\w.-]+", entry)[0] for entry in project["dependencies"]]
    pinned = {line.partition("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert len(names) <= 20
    for name in names:
        assert name.lower() in pinned, name
    extras = [
        re.match(r"[\w.-]+", entry)[0] for entries in project["optional-dependencies"].values() for entry in entries
    ]
    assert {name.lower() for name in extras} <= pinned


def test_nothing_is_evaluated() -> None:
    """No module of the package calls eval, exec, pickle, a shell, or YAML's loader.

    Processes of one run pass objects to one another: through pipes that nobody else holds, and in a temporary folder
    that is its user's alone.
    """
    own = {"engines/aside.py", "engines/beside.py"}
    package = ROOT / "patentscope"
    calls = re.compile(
        r"(?<![\w.])(eval|exec|__import__)\(|pickle|subprocess|os\.system|os\.popen|yaml|shell=True|marshal"
    )
    found = {
        f"{path.name}: {line.strip()}"
        for path in package.rglob("*.py")
        if path.relative_to(package).as_posix() not in own
        for line in path.read_text(encoding="utf-8").splitlines()
        if calls.search(line.partition("#")[0])
    }
    assert not found, (sys.version_info, found)
