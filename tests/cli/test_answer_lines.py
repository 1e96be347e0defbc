"""What a person reads of an answer on a terminal, and what only `--verbose` adds."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from patentscope.cli.answer_lines import answer_lines, with_names
from patentscope.query.query import Query

from factories import CLAIM, FAMILIES, QUERY, make_landscape, make_publication

if TYPE_CHECKING:
    from patentscope.aggregate.answers.entry import Entry

RUN = "runs/my run"


@pytest.fixture(scope="module")
def entry() -> Entry:
    """The answer to a claim about 40 inventions of China, 90 of the United States and 45 of Japan."""
    made = [
        make_publication(priorities=[(f"{code}{n}", "2024-01-01")], publication_date="2025-08-01", applicants=(code,))
        for code, count in (("CN", 40), ("US", 90), ("JP", 45))
        for n in range(count)
    ]
    with make_landscape(made, query=replace(Query.parse(QUERY), axes=FAMILIES)) as land:
        return land.assess(CLAIM)


def printed(entry: Entry, monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool = False, verbose: bool = False) -> str:
    """Return what is printed of an entry, without colours."""
    stream = io.StringIO()
    stream.isatty = lambda: is_terminal  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdout", stream)
    monkeypatch.setenv("COLUMNS", "90")
    lines = list(answer_lines(entry, RUN, verbose=verbose))
    return re.sub(r"\x1b\[[\d;]*m", "", "\n".join(lines))


def test_the_answer_comes_in_the_order_in_which_a_person_reads(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Quote, chip, sentence, claimed and counted, evidence, what would raise it, ways, questions, what is behind it."""
    text = printed(entry, monkeypatch)
    assert entry["card"]
    parts = [
        f"“{entry['quote']}”",
        f"\n  {entry['chip']}\n",
        *(entry[name] for name in ("sentence", "claimed_and_counted", "certainty_in_words")),  # type: ignore[literal-required]
        "To be surer:",
        *(step["text"] for step in entry["raise"]),
        entry["ways_in_words"],
        "first filings ",
        *(one["line"] for one in entry["questions"]),
        *(command.replace("RUN", f"'{RUN}'") for command in entry["card"]["show"]),
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert re.search(r"\n    first filings +40  135  behind\n", text)
    assert all(step["command"].replace("RUN", f"'{RUN}'") in text for step in entry["raise"] if step["command"])


def test_only_a_terminal_has_bars_and_folds(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal shows a bar for each side, with names and counts, and folds at its width; a pipe does neither."""
    for is_terminal in (True, False):
        text = printed(entry, monkeypatch, is_terminal=is_terminal)
        sides = (("China", "40"), (r"United States \+ Australia \+ Japan", "135"))
        bars = [re.search(rf"\n  {name} +[━╸╺]+ +{n}(?=\n)", text) for name, n in sides]
        assert all(map(bool, bars)) is any(map(bool, bars)) is is_terminal, text
        assert (entry["sentence"] in text) is not is_terminal
        assert not is_terminal or max(map(len, text.splitlines())) <= 90 + len(RUN) + 60
    assert not re.search(r"[━╸╺]", printed({**entry, "card": None}, monkeypatch, is_terminal=True))


def test_what_is_technical_stays_behind_verbose(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids of ways, thresholds, concerns with what was found and needed, stopped ways: all with --verbose only."""
    equal = [["strict", "copied"]]
    plain, full = (printed({**entry, "equal_readings": equal}, monkeypatch, verbose=one) for one in (False, True))
    needed = {one["needed"] for one in entry["concerns"]}
    technical = {"Thresholds", "first_filings", "copied", "Concerns", "needed", "Results", *needed}
    for words in technical:
        assert words not in plain
        assert words in full
    assert full.startswith(plain.rstrip())
    assert all(one["spec_id"] in full for one in (*entry["questions"], *entry["ways"]))


@pytest.mark.parametrize(
    ("says", "words"), [("more", "not so"), ("less", "so"), ("size", "behind")], ids=["passed", "stayed under", "size"]
)
def test_a_way_says_whether_a_limit_is_kept(
    entry: Entry, monkeypatch: pytest.MonkeyPatch, says: str, words: str
) -> None:
    """Of a claim on a limit a way says whether it is so, of any other who is ahead."""
    text = printed({**entry, "says": says, "ratio_claimed": 2.0}, monkeypatch)
    assert re.search(rf"\n    first filings +40  135  {words}\n", text)


def test_nothing_counted_shows_no_row_of_zeros(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every recognised way is stopped, the line on them stands alone; a reason isn't told twice over."""
    why = "These records can't say: no office is told."
    ways = [{**way, "stopped": True, "stands": None} for way in entry["ways"]]
    changes = {"verdict": "not assessable", "certainty": None, "sentence": why, "ways": ways}
    changes["certainty_in_words"] = "No office is told."
    text = printed({**entry, "card": None, **changes}, monkeypatch)  # type: ignore[typeddict-item]
    assert "first filings" not in text
    assert text.count("o office is told.") == 1
    assert "To get an answer:" in text


def test_names_in_a_command_are_the_run_s_own() -> None:
    """RUN is replaced as a word, quoted for a shell, backslashes and all; RUNS isn't RUN. FILE may be several."""
    assert (
        with_names("patentscope show RUN --way RUNS", {"RUN": [r"a \1 b"]}) == r"patentscope show 'a \1 b' --way RUNS"
    )
    command = with_names(
        "patentscope run QUERY --input FILE --complete", {"QUERY": ["q.toml"], "FILE": ["a.csv", "b c.csv"]}
    )
    assert command == "patentscope run q.toml --input a.csv 'b c.csv' --complete"


def test_what_others_counted_stands_after_an_answer_and_before_none(
    entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the questions of an answer, under a name of its own; before the reason where there is no answer."""
    told = "No published count is of this topic."
    answered = printed({**entry, "published_sentence": told}, monkeypatch)
    assert answered.index(entry["questions"][-1]["line"][:40]) < answered.index(f"What others counted: {told}")
    assert answered.index(told) < answered.index("The publications behind the figure")
    silent: Entry = {
        **entry,
        "verdict": "not assessable",
        "published_sentence": told,
        "on_topic_sentence": "Inventions.",
    }
    text = printed(silent, monkeypatch)
    places = [text.index(part) for part in ("Inventions.", told, entry["sentence"][:40])]
    assert places == sorted(places)
    assert "What others counted" not in text
