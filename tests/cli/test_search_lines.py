"""What is printed for a claim without a file: searches that can be copied as lines, and the command that follows."""

from __future__ import annotations

import datetime as dt
import json
import shlex
from dataclasses import replace

import pytest
from fetch.test_by_hand import RARE_EARTHS, made

from patentscope.cli import main
from patentscope.cli.parser import make_parser
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
    assert lines[-1] == pasted["next"]
    assert shlex.split(pasted["next"]) == then[0] == ["patentscope", "check", "lens.csv", *end]
    assert then[1] == ["patentscope", "check", *(f"lens-{code}.csv" for code in ("cn", "us", "jp", "wo", "ep")), *end]
    assert then[2] == ["patentscope", "check", *files, *end]
    assert any("--stated-total N" in line for line in lines)
    assert any("5 years before 2024" in line for line in lines)
    assert pasted["claim"]["left"] == ("CN",)


SEED = (
    "Last year, China's patents in rare earth recycling outnumbered the combined total of the U.S., Australia, and "
    "Japan by 73%."
)


@pytest.mark.parametrize(
    ("claim", "said_on", "topic"),
    [
        (SEED, "2025-10-31", "rare earth; recycl*"),
        ("share of China > 60% in 2024", "", 'd\'Arsonval meter, "moving coil"'),
        ("Japan > * in 2010..2015", "", "fuel cell"),
    ],
)
def test_from_the_sentence_to_a_command_that_is_read(claim: str, said_on: str, topic: str, capsys) -> None:
    """`check` without a file prints commands that its own parser takes, with claim and topic as they were typed."""
    dated = ["--said-on", said_on] if said_on else []
    assert main(["check", claim, "--topic", topic, *dated]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum("Read as: " in line for line in lines) == 1
    commands = [shlex.split(line)[1:] for line in lines if line.startswith("patentscope check ")]
    assert main(["check", claim, "--topic", topic, *dated, "--json"]) == 0
    asked = json.loads(capsys.readouterr().out)
    assert shlex.split(asked["next"])[1:] == commands[0]
    saved = {line.partition("saved as ")[2].removesuffix(":") for line in lines if "saved as " in line}
    assert saved == {search["file"] for search in asked["searches"]}
    for command in commands:
        read = make_parser().parse_args(command)
        assert (read.given[-1], read.topic, str(read.said_on or "")) == (claim, topic, said_on)
        assert set(read.given[:-1]) <= saved


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
    assert text.count("This would take dozens of searches here") == 1
    assert "espacenet-cn" not in text


def test_nobody_is_asked_to_paste_dozens_of_searches() -> None:
    """For thirty countries there is the Lens, with one search; the other sites say why they have none."""
    codes = [
        "CN",
        "US",
        "JP",
        "AU",
        "KR",
        "DE",
        "GB",
        "FR",
        "IT",
        "ES",
        "NL",
        "BE",
        "SE",
        "NO",
        "FI",
        "DK",
        "AT",
        "CH",
        "PL",
        "CZ",
        "IE",
        "PT",
        "GR",
        "HU",
        "RO",
        "BG",
        "CA",
        "IN",
        "BR",
        "MX",
    ]
    query = made(["magnet"], left=codes[:1], right=codes[1:])
    assert [search["file"] for search in to_paste(query, claim_text="c", topic="t", said_on=None)["searches"]] == [
        "lens.csv"
    ]
    text = "\n".join(paste_lines(query, claim_text="c", topic="t", said_on=None))
    assert text.count("This would take dozens of searches here") == 2
