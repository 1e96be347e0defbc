"""What is printed for a claim without a file: searches that can be copied as lines, and the command that follows."""

from __future__ import annotations

import datetime as dt
import shlex
from dataclasses import replace

import pytest
from fetch.test_by_hand import RARE_EARTHS, made

from patentscope.cli.search_lines import paste_lines
from patentscope.errors import UsageError
from patentscope.fetch.by_hand import to_paste

CLAIM = "China's patents > Japan's in 2024"


def test_each_search_is_a_line_of_its_own() -> None:
    """Nothing stands before or behind it, so that three clicks copy it; under each site stands what to run then."""
    said = {"claim_text": CLAIM, "topic": "rare earth; recycl*", "said_on": dt.date(2025, 10, 31)}
    lines = "\n".join(paste_lines(RARE_EARTHS, **said)).splitlines()
    pasted = to_paste(RARE_EARTHS, **said)
    for search in pasted["searches"]:
        assert search["text"] in lines
        assert any(line.endswith(f"saved as {search['file']}:") for line in lines)
    then = [shlex.split(line) for line in lines if line.startswith("patentscope check ")]
    end = [CLAIM, "--topic", "rare earth; recycl*", "--said-on", "2025-10-31"]
    files = [f"google-{code}.csv" for code in ("cn", "us", "jp")]
    assert shlex.split(pasted["next"]) == then[0] == ["patentscope", "check", "lens.csv", *end]
    assert then[1] == ["patentscope", "check", *(f"lens-{code}.csv" for code in ("cn", "us", "jp", "wo", "ep")), *end]
    assert then[2] == ["patentscope", "check", *files, *end]
    assert any("--stated-total N" in line for line in lines)
    assert any("5 years before 2024" in line for line in lines)


def test_a_part_without_an_english_word_is_refused() -> None:
    """The sites are asked in English: without a word for one part the search would find far too much."""
    query = made(["scrap"])
    terms = {**query.terms, "en": {}, "zh": {"part_0": ("废料",)}}
    with pytest.raises(UsageError, match="add an English word to part_0"):
        list(paste_lines(replace(query, terms=terms), claim_text=CLAIM, topic="废料", said_on=None))


def test_a_site_that_takes_no_such_search_says_so() -> None:
    """Sixty words and sixty more are more than Espacenet takes: its part names what to do in place of a search."""
    many = [f"metal{first}{second}" for first in "abcdefghijkl" for second in "abcde"]
    text = "\n".join(paste_lines(made(many, many), claim_text=CLAIM, topic="t", said_on=None))
    assert "It takes no search as long as this topic's" in text
    assert "espacenet-cn" not in text
