"""Whether a search is whole: definition by definition, from the files to what is written of them."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.cli import main
from patentscope.errors import UsageError
from patentscope.fetch import by_hand
from patentscope.fetch.whole import Said, judged
from patentscope.files.import_files import import_files
from patentscope.files.recognise import read_file
from patentscope.provenance.ledger import Source
from patentscope.provenance.search import (
    COMPLETE,
    CUT,
    LISTS_END_AT,
    UNKNOWN,
    Search,
    as_text,
    ends_early,
    joined,
    of_text,
)
from patentscope.query.query import RECORDS, Query, Reading
from patentscope.records import store
from patentscope.records.imported import Imported
from patentscope.records.offices import office_codes

from factories import PLAIN, make_publication
from worlds.sheets import ESPACENET, GOOGLE, LENS, espacenet, google, lens, text_of

QUESTION = Query.parse(PLAIN)
OURS = next(search.text for search in by_hand.searches(QUESTION) if search.site == "Espacenet")


def _espacenet(path: Path, rows: int, total: int, asked: str = OURS) -> Path:
    above = [["Espacenet"], ["Patent search"], [f"{total} results found for {asked}"], [""]]
    body = [espacenet(f"US{4_000_000 + i}A") for i in range(rows)]
    path.write_text(text_of(ESPACENET, *body, above=above), encoding="utf-8")
    return path


def _google(path: Path, rows: int, address: str = "https://patents.google.com/?q=~patent%2fUS20180069262A1") -> Path:
    body = [google(f"US-{8_000_000 + i}-B2") for i in range(rows)]
    path.write_text(text_of(GOOGLE, *body, above=[["search URL:", address]]), encoding="utf-8")
    return path


def _lens(path: Path, rows: int) -> Path:
    path.write_text(text_of(LENS, *[lens(f"US {9_000_000 + i} B2") for i in range(rows)]), encoding="utf-8")
    return path


def _judged(*paths: Path, **said: Any) -> list[tuple[str, str | None, bool]]:
    found = judged(QUESTION, [read_file(path) for path in paths], paths, Said(**said))
    return [(one.source.status, one.source.says, one.source.is_proven) for one in found]


def test_a_file_s_own_total_proves_this_query_s_search_only(tmp_path: Path) -> None:
    """A total equal to the rows proves the printed search; of another search it says nothing, until the user does."""
    ours, other = _espacenet(tmp_path / "a.csv", 3, 3), _espacenet(tmp_path / "b.csv", 3, 3, "ta = pizza")
    assert _judged(ours) == [(COMPLETE, "file", True)]
    assert _judged(other) == [(UNKNOWN, None, False)]
    assert _judged(other, complete=[]) == [(COMPLETE, "user", True)]
    assert _judged(_espacenet(tmp_path / "c.csv", 3, 4)) == [(CUT, "file", False)]


def test_a_bare_word_proves_nothing(tmp_path: Path) -> None:
    """`--complete` or an equal total alone is the user's word; both together are proof, a larger total is a cut."""
    path = _lens(tmp_path / "lens.csv", 3)
    assert _judged(path) == [(UNKNOWN, None, False)]
    assert _judged(path, complete=True) == _judged(path, complete=[path]) == [(COMPLETE, "user", False)]
    assert _judged(path, stated_total=3) == [(COMPLETE, "user", False)]
    assert _judged(path, stated_total=3, complete=[]) == [(COMPLETE, "user", True)]
    assert _judged(path, stated_total=4, complete=[]) == [(CUT, "user", False)]
    assert _judged(path, stated_total=2) == [(UNKNOWN, None, False)]


def test_the_total_is_of_all_inputs_together_and_names_are_of_one(tmp_path: Path) -> None:
    """Of two files 5 is the rows of both; only the one that is named is proven by it."""
    paths = _lens(tmp_path / "a.csv", 3), _google(tmp_path / "b.csv", 2)
    word, proof = (COMPLETE, "user", False), (COMPLETE, "user", True)
    assert _judged(*paths, stated_total=5) == [word, word]
    assert _judged(*paths, stated_total=5, complete=[paths[1]]) == [word, proof]
    assert _judged(*paths, complete=[paths[1]]) == [(UNKNOWN, None, False), word]


def test_a_list_that_ends_where_lists_end_is_whole_if_somebody_says_so(tmp_path: Path) -> None:
    """500 rows are a cut list, unless the user says that it is complete, or its own total is 500."""
    path = _lens(tmp_path / "lens.csv", 500)
    assert _judged(path) == [(CUT, "file", False)]
    assert _judged(path, complete=[]) == [(COMPLETE, "user", False)]
    assert _judged(_espacenet(tmp_path / "e.csv", 500, 500, "ta = pizza")) == [(UNKNOWN, None, False)]


@given(
    own=st.none() | st.integers(0, 6),
    stated=st.none() | st.integers(0, 6),
    rows=st.sampled_from([2, 3, 4, 500]),
    is_said=st.booleans(),
    is_ours=st.booleans(),
)
def test_the_rule_of_status(own: int | None, stated: int | None, rows: int, *, is_said: bool, is_ours: bool) -> None:
    """Whatever is stated: a total above the rows is a cut, nothing is proven without a total that equals them."""
    text = f"1 results found for {OURS if is_ours else 'ta = pizza'}"
    facts = {"search": text, "stated_total": own, "rows": rows, **ends_early(rows, own)}
    source = Source("x.csv", "file", "x.csv", None, "none", "0" * 64, rows, **facts)
    one = Imported(store.to_table([]), source, "espacenet_csv", "utf-8", rows)
    (found,) = judged(QUESTION, [one], ["x.csv"], Said([] if is_said else None, stated))
    got = found.source
    totals = [total for total in (own, stated) if total is not None]
    equal = rows in totals
    if any(total > rows for total in totals):
        assert (got.status, got.is_proven) == (CUT, False)
    elif (is_said or is_ours) and equal:
        assert (got.status, got.is_proven) == (COMPLETE, True)
    elif is_said or stated == rows:
        assert (got.status, got.says, got.is_proven) == (COMPLETE, "user", False)
    else:
        cut = rows in LISTS_END_AT and own is None
        assert (got.status, got.says) == ((CUT, "file") if cut else (UNKNOWN, None))
    assert any("search for" in remark for remark in got.remarks) is not is_ours
    assert any("below" in remark for remark in got.remarks) is (stated is not None and stated < rows)


def test_a_parquet_file_of_ours_carries_what_it_was_made_from(tmp_path: Path) -> None:
    """Each file's own words, total and rows stand in what `import` wrote, and once more in what is made of that."""
    paths = [_espacenet(tmp_path / "e.csv", 3, 4), _google(tmp_path / "g.csv", 2), _lens(tmp_path / "l.csv", 500)]
    import_files(paths, tmp_path / "one.parquet", form=None, most_bad=0.0)
    import_files(
        [tmp_path / "one.parquet", _lens(tmp_path / "m.csv", 7)], tmp_path / "two.parquet", form=None, most_bad=0.0
    )
    source = read_file(tmp_path / "two.parquet").source
    assert [(one.name, one.rows, one.stated_total, one.status) for one in source.made_of] == [
        ("e.csv", 3, 4, CUT), ("g.csv", 2, None, UNKNOWN), ("l.csv", 500, None, CUT), ("m.csv", 7, None, UNKNOWN),
    ]  # fmt: skip
    assert (source.status, source.rows, source.stated_total) == (CUT, 512, None)
    assert not source.has_family_members, "lists of hits hold only the members that match"
    assert source.search == f"4 results found for {OURS}\nhttps://patents.google.com/?q=~patent%2fUS20180069262A1"


def test_parquet_has_no_number_at_which_it_ends(tmp_path: Path) -> None:
    """500 rows of a table that is no exported list say nothing."""
    store.write(store.to_table([make_publication() for _ in range(500)]), tmp_path / "a.parquet")
    assert _judged(tmp_path / "a.parquet") == [(UNKNOWN, None, False)]


def test_made_of_this_query_s_whole_searches_it_is_whole(tmp_path: Path) -> None:
    """A file made of two proven searches is proven; with one that states nothing it is not known."""
    ours = [_espacenet(tmp_path / "e.csv", 3, 3), _espacenet(tmp_path / "f.csv", 5, 5)]
    import_files(ours, tmp_path / "whole.parquet", form=None, most_bad=0.0)
    import_files([*ours, _lens(tmp_path / "l.csv", 4)], tmp_path / "mixed.parquet", form=None, most_bad=0.0)
    assert _judged(tmp_path / "whole.parquet") == [(COMPLETE, "file", True)]
    assert _judged(tmp_path / "mixed.parquet") == [(UNKNOWN, None, False)]
    assert _judged(tmp_path / "mixed.parquet", stated_total=12, complete=[]) == [(COMPLETE, "user", True)]


@given(st.lists(st.sampled_from([CUT, UNKNOWN, COMPLETE, "proven"]), min_size=1, max_size=5))
def test_the_worst_of_several_is_said_whatever_their_order(states: list[str]) -> None:
    """Of parts, one that is cut goes before one that is unknown, a bare word before proof."""
    parts = [
        Search(f"{place}.csv", rows=1, status=COMPLETE if state == "proven" else state, is_proven=state == "proven")
        for place, state in enumerate(states)
    ]
    worst = min(states, key=[CUT, UNKNOWN, COMPLETE, "proven"].index)
    for order in itertools.islice(itertools.permutations(parts), 24):
        whole = joined("all", order)
        assert (whole.status, whole.is_proven) == (COMPLETE if worst == "proven" else worst, worst == "proven")
        assert whole.rows == len(parts)


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '[{"name": 1, "remarks": []}]', '[{"name": "a", "rows": "3", "remarks": []}]', "[" * 5000,
             as_text([Search("a", status=COMPLETE, is_proven=True)]), as_text([Search("a", rows=True)])]
)  # fmt: skip
def test_nothing_is_taken_from_a_file_that_somebody_else_marked(text: str, tmp_path: Path) -> None:
    """Metadata that is not as we write it, or that says complete on its own, is as if it were not there."""
    assert of_text(text) == ()
    table = store.to_table([make_publication()]).replace_schema_metadata({"patentscope.searches": text})
    pq.write_table(table, tmp_path / "a.parquet")
    source = read_file(tmp_path / "a.parquet").source
    assert (source.status, source.rows, source.made_of) == (UNKNOWN, 1, ())


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"complete": ["b.csv"]}, "--complete b.csv: not among the input files, which are a.csv"),
        ({"stated_total": -1}, "expected the number of hits"),
        ({"retrieved": dt.date(2200, 1, 1)}, "--retrieved 2200-01-01 is after today"),
    ],
)
def test_what_can_t_be_true_is_refused(said: dict[str, Any], words: str) -> None:
    """A file that isn't an input, a total below nothing, a day to come: a fault of the command, which says what is."""
    with pytest.raises(UsageError, match=words.replace("(", r"\(")):
        Said(**said).check(["a.csv"])
    with pytest.raises(UsageError, match=f"--{next(iter(said)).replace('_', '-')} speaks of exported files"):
        Said(**said).check([])
    Said(complete=False).check([])


@pytest.fixture
def query(tmp_path: Path) -> str:
    """A query file, and made records to run it on beside it."""
    (tmp_path / "q.toml").write_text(PLAIN, encoding="utf-8")
    return str(tmp_path / "q.toml")


def _run(query: str, tmp_path: Path, *options: str) -> dict[str, Any]:
    out = tmp_path / "run"
    assert main(["run", query, "--out", str(out), *options]) == 0
    return dict(json.loads((out / "run.json").read_text(encoding="utf-8")))


def test_the_status_stands_wherever_the_answer_does(
    query: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """run.json, terminal, page, card, sheet and claimreview.json say how many rows of how many, and cut."""
    path = _espacenet(tmp_path / "espacenet.csv", 40, 47)
    (source,) = _run(query, tmp_path, "--input", str(path))["sources"]
    assert {name: source[name] for name in ("stated_total", "rows", "status", "says", "is_proven")} == {
        "stated_total": 47, "rows": 40, "status": "cut", "says": "file", "is_proven": False,
    }  # fmt: skip
    assert source["search"] == f"47 results found for {OURS}"
    line = "espacenet.csv: 40 of 47 stated rows, cut"
    assert line in capsys.readouterr().out.splitlines()
    for name in ("report.html", "reporting.md", "claimreview.json"):
        assert line in (tmp_path / "run" / name).read_text(encoding="utf-8"), name
    judged_ = json.loads((tmp_path / "run" / "verdict.json").read_text(encoding="utf-8"))["claims"][0]
    assert judged_["scope"] == "these records"


def test_a_search_for_something_else_is_named(query: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file whose own search is not this query's is said to be one for what it is, on the terminal and the page."""
    _run(query, tmp_path, "--input", str(_google(tmp_path / "g.csv", 3)))
    words = "this file is a search for “similar to US20180069262A1”"
    assert words in capsys.readouterr().out
    assert words in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    (source,) = _run(query, tmp_path, "--input", str(_google(tmp_path / "g.csv", 3)))["sources"]
    assert words in source["remarks"][0]


def test_a_list_of_google_that_shows_a_family_once_is_named(tmp_path: Path) -> None:
    """The address tells: only with `dups=language` are all publications of a family listed."""
    once = read_file(_google(tmp_path / "a.csv", 3))
    all_of_it = read_file(_google(tmp_path / "b.csv", 3, "https://patents.google.com/?q=magnet&dups=language"))
    (first, second) = judged(QUESTION, [once, all_of_it], ["a.csv", "b.csv"], Said())
    assert [("takes for duplicates" in " ".join(one.source.remarks)) for one in (first, second)] == [
        True,
        False,
    ]


@pytest.mark.parametrize("by_words", [True, False])
def test_records_with_titles_only_are_told_where_words_are_looked_for(by_words: bool, tmp_path: Path) -> None:
    """By office, where most have no abstract; nothing is said of a topic that classes decide."""
    made = [make_publication(f"JP{place}A") for place in range(3)] + [make_publication("US1A", abstract="Magnets.")]
    store.write(store.to_table(made), tmp_path / "a.parquet")
    member = "terms.rare_earth" if by_words else "classes.rare_earth"
    query = replace(QUESTION, readings=(Reading("first", (member,), ()),))
    (found,) = judged(query, [read_file(tmp_path / "a.parquet")], [tmp_path / "a.parquet"], Said())
    words = "3 of 4 records have no abstract (Japan 3): the topic's words are looked for in their titles only"
    assert found.source.remarks == ((words,) if by_words else ())


def test_searches_that_belong_to_one_that_is_given_are_named(tmp_path: Path) -> None:
    """A search of one office is whole by itself, and finds nothing of the others: all must be there, of any years."""
    texts = [search.text for search in by_hand.searches(QUESTION) if search.site == "Espacenet"]
    paths = [_espacenet(tmp_path / f"{place}.csv", 3, 3, text) for place, text in enumerate(texts)]
    one_year = f'{texts[0]} AND pd <= "2012-12-31"'
    year = _espacenet(tmp_path / "year.csv", 3, 3, one_year)
    other = _espacenet(tmp_path / "other.csv", 3, 3, "ta = pizza")

    def remarks(*files: Path) -> str:
        found = judged(QUESTION, [read_file(file) for file in files], files, Said())
        return " ".join(remark for one in found for remark in one.source.remarks if "printed with this one" in remark)

    assert remarks(other, *paths[:2]).endswith(
        "these are not among the files: Australia, Japan, WIPO, European Patent Office"
    )
    assert remarks(*paths[1:], year) == remarks(*paths) == remarks(other) == ""
    assert remarks(*paths[1:]).endswith("files: China")


def test_a_search_of_one_office_covers_no_other(tmp_path: Path) -> None:
    """What was searched for at one office alone is no evidence that another has nothing, however whole it is."""
    search = next(one for one in by_hand.searches(QUESTION) if (one.site, one.office) == ("Espacenet", "CN"))
    ours = _espacenet(tmp_path / "cn.csv", 3, 3, search.text)
    google = _google(tmp_path / "g.csv", 3, "https://patents.google.com/?q=magnet&country=US,CN&dups=language")
    world = _espacenet(tmp_path / "e.csv", 3, 3, "ta = pizza")
    import_files([ours, google], tmp_path / "made.parquet", form=None, most_bad=0.0)
    paths = [ours, google, world, tmp_path / "made.parquet"]
    found = judged(QUESTION, [read_file(path) for path in paths], paths, Said())
    covered = [office_codes() - set(one.source.lacks_offices) for one in found]
    assert covered == [{"CN"}, {"US", "CN"}, office_codes(), {"US", "CN"}]
    as_exported = replace(QUESTION, readings=(Reading("as_exported", (RECORDS,), ()),))
    (alone,) = judged(as_exported, [read_file(google)], [google], Said([]))
    assert office_codes() - set(alone.source.lacks_offices) == {"US", "CN"}


def test_a_query_of_nothing_but_records_has_no_search_to_differ_from(tmp_path: Path) -> None:
    """Whatever the file searched for is the topic then: its search is told, and nothing is held against it."""
    query = replace(QUESTION, readings=(Reading("as_exported", (RECORDS,), ()),))
    path = _espacenet(tmp_path / "e.csv", 3, 3, "ta = pizza")
    (found,) = judged(query, [read_file(path)], [path], Said())
    (remark,) = found.source.remarks
    assert remark.startswith("this file is a search for “ta = pizza”; it holds all its 3 hits: add --complete if")
    assert (found.source.status, found.source.is_proven) == (UNKNOWN, False)
    (found,) = judged(query, [read_file(path)], [path], Said([]))
    assert found.source.remarks == ("this file is a search for “ta = pizza”",)
    assert (found.source.status, found.source.is_proven) == (COMPLETE, True)


def test_a_word_changes_the_answer_s_page_and_no_record(query: str, tmp_path: Path) -> None:
    """The user's word alone does only what it changes again: the counts where a cut is lifted, and the report."""
    path = _lens(tmp_path / "l.csv", 500)
    _run(query, tmp_path, "--input", str(path))
    missing = "if the search covers it, say --complete"
    assert missing in (tmp_path / "run" / "curve.csv").read_text(encoding="utf-8")
    before = (tmp_path / "run" / "publications.parquet").stat().st_mtime_ns
    state = _run(query, tmp_path, "--input", str(path), "--complete", "--stated-total", "500")
    assert (tmp_path / "run" / "publications.parquet").stat().st_mtime_ns == before
    (source,) = state["sources"]
    assert (source["status"], source["says"], source["is_proven"], source["stated_total"]) == (
        "complete",
        "user",
        True,
        500,
    )
    assert missing not in (tmp_path / "run" / "curve.csv").read_text(encoding="utf-8")
    assert "by the user&#39;s word" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "as_of", "what", "words"),
    [
        ((), "2013-04-25", "newest record", "newest record 2013-04-25; retrieved: not stated"),
        (("--retrieved", "2020-01-02"), "2020-01-02", "--retrieved", "retrieved 2020-01-02, as the user says"),
        (("--as-of", "2019-01-02"), "2019-01-02", "--as-of", "as published by 2019-01-02"),
    ],
)
def test_a_date_is_told_as_what_it_is(
    options: tuple[str, ...], as_of: str, what: str, words: str, query: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The newest record is never called the data's date: not in run.json, nor on terminal, page, card or sheet."""
    state = _run(query, tmp_path, "--input", str(_lens(tmp_path / "l.csv", 3)), *options)
    assert (state["as_of"], state["as_of_is"]) == (as_of, what)
    assert capsys.readouterr().out.splitlines()[0].endswith(f"; {words}")
    for name in ("report.html", "reporting.md", "claimreview.json"):
        text = (tmp_path / "run" / name).read_text(encoding="utf-8")
        assert words in text, name
        assert f"data of {as_of}" not in text, name


def test_records_newer_than_their_retrieval_are_counted_and_told(query: str, tmp_path: Path) -> None:
    """A day before the newest record can be a slip of the key or a wrong record: told with the number, not refused."""
    state = _run(query, tmp_path, "--input", str(_lens(tmp_path / "l.csv", 3)), "--retrieved", "2013-01-01")
    (remark,) = state["sources"][0]["remarks"]
    assert remark.startswith("3 records bear a publication date after 2013-01-01")


def test_a_review_is_dated_by_its_reviewer(query: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`report --by --url --reviewed` fills claimreview.json, and the run still verifies; without them none is there."""
    _run(query, tmp_path, "--input", str(_lens(tmp_path / "l.csv", 3)))
    run, path = str(tmp_path / "run"), tmp_path / "run" / "claimreview.json"
    given_ = ["--by", "The Daily", "--url", "https://example.org/claim", "--reviewed", "2026-11-27"]
    assert main(["report", run, *given_]) == 0
    (review,) = json.loads(path.read_text(encoding="utf-8"))["@graph"]
    assert (review["author"]["name"], review["datePublished"]) == ("The Daily", "2026-11-27")
    assert main(["verify", run]) == 0
    assert main(["report", run]) == 0
    assert "https://example.org" not in path.read_text(encoding="utf-8")
    assert main(["verify", run]) == 0
    capsys.readouterr()
    tomorrow = str(dt.date.today() + dt.timedelta(days=2))  # noqa: DTZ011 - as the command reads it
    addresses = [("--url", address) for address in ("example.org", "https://", "ftp://example.org")]
    for option, value in [*addresses, ("--reviewed", tomorrow)]:
        with pytest.raises(SystemExit):
            main(["report", run, option, value])
        assert ("still to come" if option == "--reviewed" else "no address") in capsys.readouterr().err
