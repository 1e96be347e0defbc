"""What a person reads of an answer on a terminal, and what only `--verbose` adds."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, cast

import pytest

from patentscope.cli.answer_lines import answer_lines, with_run

if TYPE_CHECKING:
    from patentscope.aggregate.answers.entry import Entry

_FIGURE = {
    "spec_id": "0123456789ab",
    "way": "first_filings",
    "in_words": "first filings",
    "unit": "family",
    "documents": "inventions",
    "share_level": "whole",
    "is_audited": False,
    "as_of": "2026-06-30",
    "left_n": 495, "right_n": 1824, "overlap_n": 3, "unknown_n": 20, "imputed_n": 12,
    "ratio": 0.271382, "low": 0.25, "high": 0.3,
}
_CONCERN = {
    "concern": "search", "question": "invention", "side": None,
    "found": "not known", "needed": "a whole search", "points": 1,
}


def make_entry(**changes: object) -> Entry:
    """Return a claim's entry with one question, and every part that is printed."""
    question = {
        "question": "invention", "asks": "where it was invented", "verdict": "contradicted",
        "certainty": "moderate", "points": 2, "results": 8, "judged": 20, "listed": 40, "figure": _FIGURE,
        "ahead": None, "behind": _FIGURE, "spec_id": "0123456789ab", "left_n": 495, "right_n": 1824,
        "ratio": 0.271382, "low": 0.25, "high": 0.3, "min_ratio": 0.2, "max_ratio": None,
        "p10_ratio": 0.22, "p90_ratio": 0.41, "share_ahead": 0.0, "share_behind": 1.0, "share_open": 0.0,
        "share_near": 0.0, "concerns": [_CONCERN], "line": "Where it was invented: a quarter as many, not so.",
    }
    way = {
        "way": "first_filings", "question": "invention", "spec_id": "0123456789ab", "in_words": "first filings",
        "left_n": 495, "right_n": 1824, "ratio": 0.271382, "points": 2, "certainty": "moderate",
        "stopped": False, "reason": "", "judged": True, "near": False, "stands": "behind",
    }
    stopped = {**way, "way": "owners", "stopped": True, "reason": "no owner is stated"}
    entry: dict[str, Any] = {
        "id": "china", "quote": "China leads by 73%.", "year": 2024, "left": ["CN"], "right": ["US", "JP"],
        "measure": "ratio", "says": "size", "ratio_claimed": 1.73, "tolerance": 0.1, "said_on": None, "source": "",
        "verdict": "contradicted", "certainty": "moderate", "points": 2, "scope": "these records",
        "rests_on": ["invention"], "chip": "Does not hold", "sentence": "China was behind in 2024.",
        "claimed_and_counted": "Claimed: 73 % more. Counted: about a quarter as many, 495 against 1,824.",
        "certainty_in_words": "Evidence: moderate (search 1 + topic 1 = 2).",
        "ways_in_words": "China is ahead in 0 of 1 recognised ways to count.",
        "card": {
            "question": "invention", "spec_id": "0123456789ab", "way": "first_filings", "figure": "a quarter",
            "left_n": 495, "right_n": 1824, "ratio": 0.271382, "range": "", "certainty": "moderate",
            "certainty_sum": "", "convention": "first filings",
            "show": ["patentscope show RUN --claim china --side left"],
        },
        "concerns": [_CONCERN], "stopped": [{"reason": "no owner is stated", "question": "ownership", "n": 12}],
        "questions": [question], "ways": [way, stopped], "equal_readings": [["strict", "copied"]],
        "nearest": [], "nearest_in_words": "None comes near 1.73.", "misreadings": [], "thresholds": {"many": 100},
        "raise": [
            {
                "concern": "search",
                "text": "say how many hits the site states.",
                "command": "patentscope run QUERY --stated-total N --complete --out RUN",
            }
        ],
    }
    return cast("Entry", {**entry, **changes})


def printed(*, is_terminal: bool, monkeypatch: pytest.MonkeyPatch, verbose: bool = False, **changes: object) -> str:
    """Return what is printed of an entry, without colours."""
    stream = io.StringIO()
    stream.isatty = lambda: is_terminal  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdout", stream)
    monkeypatch.setenv("COLUMNS", "64")
    lines = list(answer_lines(make_entry(**changes), "runs/my run", verbose=verbose))
    return re.sub(r"\x1b\[[\d;]*m", "", "\n".join(lines))


def test_the_answer_comes_in_the_order_in_which_a_person_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quote, chip, sentence, claimed and counted, evidence, what would raise it, ways, questions, what is behind it."""
    text = printed(is_terminal=False, monkeypatch=monkeypatch)
    parts = [
        "“China leads by 73%.”",
        "Does not hold",
        "China was behind in 2024.",
        "Claimed: 73 % more. Counted: about a quarter as many, 495 against 1,824.",
        "Evidence: moderate (search 1 + topic 1 = 2).",
        "To be surer: say how many hits the site states.",
        "patentscope run QUERY --stated-total N --complete --out 'runs/my run'",
        "China is ahead in 0 of 1 recognised ways to count.",
        "first filings  495  1,824  behind",
        "owners         495  1,824  can't be counted: no owner is stated",
        "Where it was invented: a quarter as many, not so.",
        "patentscope show 'runs/my run' --claim china --side left",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_only_a_terminal_has_bars_and_folds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal shows a bar for each side, with names and counts, and folds at its width; a pipe does neither."""
    bar = r"\n  {} +[━╸╺]+ +{}(?=\n)"
    for is_terminal in (True, False):
        text = printed(is_terminal=is_terminal, monkeypatch=monkeypatch)
        bars = [re.search(bar.format(*side), text) for side in (("China", "495"), (r"United States \+ Japan", "1,824"))]
        assert all(map(bool, bars)) is is_terminal, text
        assert ("Claimed: 73 % more. Counted: about a quarter as many, 495 against 1,824." in text) is not is_terminal
        assert "\x1b" not in text
    assert not re.search(r"[━╸╺]", printed(is_terminal=True, monkeypatch=monkeypatch, card=None))


def test_what_is_technical_stays_behind_verbose(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids, thresholds, concerns with what was found and needed, stopped ways: none without --verbose, all with it."""
    plain, full = (printed(is_terminal=False, monkeypatch=monkeypatch, verbose=verbose) for verbose in (False, True))
    technical = ["0123456789ab", "Thresholds", "a whole search", "ownership", "copied", "None comes near", "0.22 to 0.41"]
    for words in technical:
        assert words not in plain
        assert words in full
    assert full.startswith(plain.rstrip())


def test_run_in_a_command_is_the_run_s_own_path() -> None:
    """RUN is replaced as a word, quoted for a shell, backslashes and all; RUNS isn't RUN."""
    assert with_run("patentscope show RUN --way RUNS", r"a \1 b") == r"patentscope show 'a \1 b' --way RUNS"
