"""What an answer says: every template, over claims of every kind."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.aggregate.answers.entry import Entry, Figures
from patentscope.aggregate.answers.words import reason_words, remedies, sentences
from patentscope.query.convention import AXES
from patentscope.records.offices import office_codes

from worlds.entries import make_concern, make_entry, make_figures, make_near, make_question, make_way

BANNED = re.compile(
    r"\b(specifications?|gates?|baselines?|spec_id|admissible|conventions?|vintage|as_of|medians?|multiverse|readings?"
    r"|market|ownership|famil(y|ies)|probability|None|nan)\b"
)
#: Country and office codes that aren't also words of a sentence.
CODES = re.compile(rf"\b({'|'.join(sorted(office_codes()))})\b(?!-)")
RATIO = re.compile(
    r"\d %|times|twice as many|half as many|about as many|(third|quarter|fifth|twelfth) as many|one for "
)
SIZES = ("direction right, size depends on the convention", "direction right, size not reproduced")
WAYS = " recognised ways to count"
VERDICTS = ("supported", *SIZES, "mixed", "contradicted", "open", "not assessable")
CLAIMS: tuple[dict[str, Any], ...] = (
    {},
    {"ratio_claimed": 0.5},
    {"ratio_claimed": 1.0},
    {"ratio_claimed": 5.0},
    {"says": "more", "ratio_claimed": None, "right": ["*"]},
    {"says": "more", "ratio_claimed": 2.0, "left": ["US", "NL"], "right": ["GB"]},
    {"says": "less", "ratio_claimed": 0.5, "year": "2015..2020"},
    {"measure": "share", "share_claimed": 0.63, "ratio_claimed": 1.7, "right": ["*"]},
    {"measure": "share", "says": "more", "share_claimed": 0.6, "ratio_claimed": 1.5},
    {"measure": "share", "says": "less", "share_claimed": 0.25, "ratio_claimed": 0.33, "left": ["KR", "EP"]},
)
#: What is counted, in whole units or in millionths of one.
PARTS = st.integers(0, 10**6) | st.integers(0, 10**9).map(lambda millionths: millionths / 10**6)
CONCERNS = [
    make_concern("search", 1, "not known whether the search is whole"),
    make_concern("window", 1, 0.33, side="CN"),
    make_concern("countries", 2, 0.62, side="CN", question="ownership"),
    make_concern("countries", 2, 0.62, side="US+AU+JP", question="invention"),
    make_concern("publication", 2, None),
    make_concern("publication", 1, 0.61, side="CN"),
    make_concern("publication", 2, 0.92, side="CN"),
    make_concern("number", 1, 57.0),
    make_concern("number", 3, 12.0),
    make_concern("sight", 1, 0.9, side="US+AU+JP"),
    make_concern("topic", 1, "nobody has read a sample of it"),
    make_concern("topic", 1, 20.0, side="JP"),
    make_concern("unanswered", 1, None),
]


def entry_of(verdict: str, figure: Figures, **given: Any) -> Entry:
    """Return an entry of three questions: one of *verdict*, one that can't be checked, one that is open."""
    of_share = {}
    if given.get("measure") == "share":
        ends = dict.fromkeys(("p10_share", "p90_share", "min_share", "max_share", "share"), 0.3)
        of_share = {**ends, "share_low": 0.2, "share_high": 0.4}
    judged = None if verdict == "not assessable" else figure
    inner = {"p10_ratio": 0.7, "p90_ratio": 2.4, "min_ratio": 0.5, "max_ratio": 3.0} if judged else {}
    ahead, behind = make_figures(206, 161, unit="publication"), make_figures(76, 159)
    pair = {"ahead": ahead, "behind": behind} if verdict == "mixed" else {}
    first = make_question("invention", verdict, judged, **inner, **of_share, **pair)
    none = make_question("ownership", "not assessable")
    unsure = make_question("market", "open", make_figures(105, 100, unknown_n=10, low=0.95, high=1.15))
    stopped = [{"reason": "no owner's country is stated", "question": "ownership", "n": 12}]
    ways = [make_way("first_filings", "ahead"), make_way("owners", None), make_way("oecd", "behind")]
    nearest = [make_near(300, 102, near=False)]
    questions = (first, unsure, none) if verdict != "not assessable" else (first, none)
    more = {"stopped": stopped, "ways": ways, "nearest": nearest, "concerns": CONCERNS}
    return make_entry(verdict, *questions, **{**more, **given})


def texts(entry: Entry) -> list[str]:
    """Return every text that an entry has for readers, without the commands."""
    said = [sentences.chip(entry), sentences.sentence(entry), sentences.claimed_and_counted(entry)]
    said += [sentences.line(entry, question) for question in entry["questions"]]
    said += [sentences.certainty_in_words(entry, question) for question in (None, *entry["questions"])]
    said += [sentences.ways_in_words(entry), sentences.nearest_in_words(entry), sentences.why_not(entry)]
    said += [raised["text"] for raised in remedies.raising(entry)]
    if card := sentences.card(entry):
        said += [card["figure"], card["range"]]
    return said


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_no_text_has_a_code_or_a_technical_word(verdict: str, claim: dict[str, Any]) -> None:
    """Countries go by name, one sentence has one ratio, and no word is one that only specialists know."""
    figures = [make_figures(443, 102), make_figures(50, 0), make_figures(0, 50), make_figures(97.25, 99.5)]
    units = itertools.product(AXES["unit"], AXES["documents"])
    figures += [make_figures(120, 147, unit=unit, documents=documents) for unit, documents in units]
    figures += [make_figures(59.7, 40.2, is_audited=True)]
    for figure, scope, level in itertools.product(figures, ("world", "these records"), ("low", "very low")):
        entry = entry_of(verdict, figure, scope=scope, **claim)
        if entry["certainty"]:
            entry["certainty"] = level
        for text in texts(entry):
            assert not BANNED.search(text), text
            assert not CODES.search(text), text
            assert "  " not in text, text
            for sentence in re.split(r"(?<=\.) ", re.sub(r"\([^)]*\)", "", text)):
                assert len(RATIO.findall(re.sub(r"\d+ % to \d+ %|\S+ % \w+ to \S+ times", "0 %", sentence))) <= 1, text


@pytest.mark.parametrize("claim", CLAIMS, ids=str)
def test_the_headline_names_both_sides_and_the_years(claim: dict[str, Any]) -> None:
    """Whatever the answer, the headline is one or two sentences that say who, against whom, and when."""
    for verdict in VERDICTS:
        entry = entry_of(verdict, make_figures(443, 102), **claim)
        said = sentences.sentence(entry)
        assert said.endswith(".")
        assert re.search(r"in 20\d\d( to 20\d\d)?", said)
        assert ("countr" if claim.get("right") == ["*"] else "United") in said


@given(
    st.sampled_from(VERDICTS),
    st.sampled_from(CLAIMS),
    PARTS,
    PARTS,
    st.booleans(),
)
def test_any_figure_can_be_told(
    verdict: str, claim: dict[str, Any], left: float, right: float, is_audited: bool
) -> None:
    """No pair of counts, 0 and parts of a unit included, leaves a text empty or half said."""
    entry = entry_of(verdict, make_figures(left, right, is_audited=is_audited), **claim)
    assert all(texts(entry)[:3])
    assert not any(re.search(r"\bNone\b|\binf\b|\bnan\b|[,;:] *[.;:]", text) for text in texts(entry))


def test_the_headline_of_a_claim_that_does_not_hold() -> None:
    """Both counts, both sides in full, the claim's own unit, and the range of most results."""
    question = make_question("invention", "contradicted", make_figures(495, 824), p10_ratio=0.5, p90_ratio=0.7)
    entry = make_entry("contradicted", question)
    assert sentences.chip(entry) == "Does not hold"
    assert sentences.sentence(entry) == (
        "Counted as inventions, China was behind in 2024: 495, against 824 for the United States, Australia and Japan "
        "together."
    )
    assert sentences.claimed_and_counted(entry) == "Claimed: 73 % more. Counted: 40 % fewer, 495 against 824."
    assert sentences.line(entry, question) == (
        "Where it was invented: China 495, United States + Australia + Japan 824, 40 % fewer (most results: 30 % to "
        "50 % fewer): not so. Evidence: moderate."
    )


def test_a_line_in_these_records() -> None:
    """More than claimed, where nobody has said whether the search is whole."""
    figure = make_figures(443, 102)
    ends = {"p10_ratio": 3.2, "p90_ratio": 4.4, "min_ratio": 3.0, "max_ratio": 5.0}
    question = make_question("market", SIZES[1], figure, **ends)
    entry = make_entry(SIZES[1], question, scope="these records")
    assert sentences.chip(entry) == "Ahead, by more than claimed"
    assert sentences.sentence(entry).startswith(
        "In these records, counted as inventions, China was ahead in 2024: 443,"
    )
    assert sentences.line(entry, question) == (
        "Where protection is sought: China 443, United States + Australia + Japan 102, 4.3 times as many (most "
        "results: 3.2 to 4.4 times): so, but by more than claimed. Evidence: moderate."
    )


def test_a_headline_that_depends_names_a_figure_of_each_side() -> None:
    """The figure of the headline's question goes first, and what tells the two apart is said."""
    ahead = make_figures(206, 161, unit="publication", documents="inventions+utility_models", spec_id="b")
    invention = make_question("invention", "contradicted", make_figures(76, 159), behind=make_figures(76, 159))
    market = make_question("market", SIZES[0], ahead, ahead=ahead)
    entry = make_entry("mixed", market, invention)
    assert sentences.sentence(entry).endswith(
        ": 76 against 159 as inventions; 206 against 161 as publications, utility models included."
    )
    assert sentences.chip(entry) == "Depends on how one counts"


def test_a_headline_that_depends_has_the_figure_of_the_card() -> None:
    """The figure to quote is one of the two, though another question has a recognised way on its side."""
    own, other = make_figures(138, 100), make_figures(156, 178, unit="application", spec_id="b")
    hits = make_figures(259, 189, unit="publication", way="quick_search", spec_id="c")
    invention = make_question("invention", "mixed", own, ahead=own, behind=other)
    market = make_question("market", SIZES[0], hits, ahead=hits)
    entry = make_entry("mixed", market, invention)
    assert "138 against 100 as inventions; 156 against 178 as applications." in sentences.sentence(entry)
    card = sentences.card(entry)
    assert card is not None
    assert (card["left_n"], card["right_n"]) == (138, 100)


def test_reasons_with_one_advice_say_it_once() -> None:
    """Where nothing published in either country is there, the advice for both stands once."""
    advice = "; if the search covers it, say --complete"
    reasons = [f"nothing published in {name} is among the records{advice}" for name in ("China", "Japan")]
    stopped = [{"reason": reason, "question": "market", "n": 12} for reason in reasons]
    entry = make_entry("not assessable", make_question("market", "not assessable"), stopped=stopped, right=["JP"])
    said = "nothing published in China or in Japan is among"
    assert sentences.sentence(entry) == f"These records can't say how China compared with Japan in 2024: {said} them."
    assert reason_words.why_not(entry).endswith(f"{said[1:]} the records; if the search covers it, say --complete.")
    assert sentences.line(entry, entry["questions"][0]) == "Where protection is sought: can't be checked."
    assert sentences.claimed_and_counted(entry) == "Claimed: 73 % more. Counted: nothing that could be judged."


@pytest.mark.parametrize(
    ("ratio", "quote", "expected"),
    [
        (1.73, "by 73%", "73 % more"),
        (1.73, "1.73 times as many", "1.73 times as many"),
        (2.5, "by 150 percent", "150 % more"),
        (2.5, "2.5 times", "2.5 times as many"),
        (2.0, "CN = 2x US in 2024", "twice as many"),
        (2.0, "outnumbered by 100 %", "100 % more"),
        (0.5, "half as many", "half as many"),
        (0.6, "by -40%", "40 % fewer"),
        (1.0, "as many as", "as many"),
        (5.0, "five times", "5 times as many"),
    ],
)
def test_a_claim_is_echoed_in_its_own_words(ratio: float, quote: str, expected: str) -> None:
    """A percentage stays one, and a multiple stays one, as far as the quote tells which it was."""
    entry = entry_of("supported", make_figures(2, 1), ratio_claimed=ratio, quote=quote)
    assert sentences.claimed_and_counted(entry).startswith(f"Claimed: {expected}.")


@pytest.mark.parametrize(
    ("claim", "least", "most", "expected"),
    [
        ({}, 3.0, 5.0, "Ahead, by more than claimed"),
        ({}, 1.2, 1.5, "Ahead, by less than claimed"),
        ({}, 1.2, 5.0, "Ahead, but not by that figure"),
        ({}, 3.0, None, "Ahead, by more than claimed"),
        ({"ratio_claimed": 0.5}, 0.1, 0.3, "Behind, by more than claimed"),
        ({"ratio_claimed": 0.5}, 0.7, 0.8, "Behind, by less than claimed"),
    ],
)
def test_more_or_less_than_claimed(claim: dict[str, Any], least: float, most: float | None, expected: str) -> None:
    """The results' side of the claimed size is said; a claim of less says behind."""
    question = make_question("market", SIZES[1], make_figures(3, 1), min_ratio=least, max_ratio=most)
    assert sentences.chip(make_entry(SIZES[1], question, **claim)) == expected


def test_chips() -> None:
    """Very low goes before the verdict; results about level are called so; open says what decides."""
    held = make_question("market", "supported", make_figures(173, 100))
    assert sentences.chip(make_entry("supported", held)) == "Holds"
    assert sentences.chip(make_entry("supported", held, scope="these records")) == "Holds in these records"
    very_low = make_entry("supported", held, scope="these records", certainty="very low")
    assert sentences.chip(very_low) == "Too little to tell: holds in these records"
    level = make_question("market", "mixed", make_figures(101, 100), min_ratio=0.96, max_ratio=1.04)
    assert sentences.chip(make_entry("mixed", level)) == "Practically level"
    assert ": practically level." in sentences.line(make_entry("mixed", level), level)
    unsure = make_question("market", "open", make_figures(105, 100, unknown_n=10, low=0.95, high=1.15))
    assert sentences.chip(make_entry("open", unsure)) == "Open: too close to tell (unknown countries decide)"
    assert sentences.sentence(make_entry("open", unsure)).endswith("; 10 inventions of unknown country decide.")
    assert "one side or the other: 5 % fewer to 15 % more): can't be told." in sentences.line(
        make_entry("open", unsure), unsure
    )


def test_an_empty_side_is_said_by_name() -> None:
    """A right side without any is none of it, and has no ratio."""
    question = make_question("market", SIZES[1], make_figures(50, 0))
    entry = make_entry(SIZES[1], question, right=["AU"])
    assert sentences.sentence(entry) == "Counted as inventions, China was ahead in 2024: 50, against none of Australia."
    assert "China 50, none of Australia (most results: the same): so, but by more than claimed." in sentences.line(
        entry, question
    )


def test_unknown_countries_are_counted_where_they_are_many() -> None:
    """Over a twentieth of both sides, or where they cost points, the line says how many, and what is by office only."""
    few = make_question("market", "supported", make_figures(173, 100, unknown_n=13))
    many = make_question("market", "supported", make_figures(173, 100, unknown_n=14, imputed_here_n=9))
    costly = make_question("market", "supported", few["figure"], concerns=[make_concern("countries", 1, 0.3)])
    entry = make_entry("supported", few)
    assert "unknown" not in sentences.line(entry, few)
    assert "Japan 100, of which 9 by their office only, and 14 of unknown country, 73 % more" in sentences.line(
        entry, many
    )
    assert "and 13 of unknown country" in sentences.line(entry, costly)


def test_certainty_adds_up_and_says_why() -> None:
    """The sum is printed, what costs most is said, and that labels alone are lacking."""
    question = make_question("market", "supported", make_figures(173, 100))
    topic = make_concern("topic", 1, "nobody has read a sample of it")
    both = make_entry("supported", question, concerns=[make_concern("countries", 2, 0.62, side="CN"), topic])
    assert sentences.certainty_in_words(both) == (
        "Evidence: moderate (countries 2 + topic 1 = 3). For up to 62 % of the inventions of China, the records do not "
        "state the country."
    )
    only = make_entry("supported", question, concerns=[topic])
    assert sentences.certainty_in_words(only).endswith(
        "(topic 1 = 1). Nobody has read a sample of the records to see whether they are on topic. High needs labels."
    )


def test_a_reason_about_another_level_says_so() -> None:
    """Few inventions behind many utility models are called that."""
    figure = make_figures(40, 30, documents="inventions+utility_models")
    few = make_concern("number", 3, 11.0, documents="inventions")
    entry = make_entry("supported", make_question("market", "supported", figure), concerns=[few])
    assert "Both sides together have only 11 without utility models." in sentences.certainty_in_words(entry)


def test_a_finding_over_several_definitions_is_called_that() -> None:
    """A number that isn't the shown figure's own is never said to be what both sides have."""
    question = make_question("market", "supported", make_figures(70, 50))
    entry = make_entry("supported", question, concerns=[make_concern("number", 1, 70.0)])
    assert "Counts of this kind have about 70 on both sides together, under 100." in sentences.certainty_in_words(entry)
    own = make_entry("supported", question, concerns=[make_concern("number", 1, 120.0)])
    assert "Both sides together have only 120 inventions." in sentences.certainty_in_words(own)


@pytest.mark.parametrize(
    ("found", "as_of", "side", "expected"),
    [
        (0.61, "2025-06-30", "CN", "For China, only about 61 % of the inventions of 2024 had been published"),
        (0.61, "2025-06-30", None, "Only about 61 % of the inventions of 2024 had been published by 30 June 2025."),
        (0.0, "2025-06-30", None, "Only under 1 % of the inventions of 2024 had been published by 30 June 2025."),
        (None, "2025-06-30", None, "How much of 2024 had been published by 30 June 2025 can't be told."),
        (0.95, "2025-06-30", "CN", "The two sides' inventions of 2024 had not been published to the same degree"),
        (0.75, "2024-09-30", None, "The records end on 30 September 2024, before 2024 was over: they cover about 75 %"),
    ],
)
def test_how_much_was_published(found: float | None, as_of: str, side: str | None, expected: str) -> None:
    """The share and the date are said, and whose it is; a year that isn't over is called that."""
    question = make_question("market", "supported", make_figures(173, 100, as_of=as_of))
    entry = make_entry("supported", question, concerns=[make_concern("publication", 2, found, side=side)])
    assert expected in sentences.certainty_in_words(entry)


@pytest.mark.parametrize(
    ("claim", "stands", "expected"),
    [
        (
            {},
            ["ahead", "behind", "ahead", "level", "open", None],
            f"China is ahead in 2 of 5{WAYS}; too little to tell: 1.",
        ),
        ({"ratio_claimed": 0.5}, ["ahead", "behind"], f"China is behind in 1 of 2{WAYS}."),
        ({}, ["ahead"], "China is ahead by the one recognised way."),
        ({}, ["behind", None], "China is behind by the one recognised way; too little to tell: 1."),
        (
            {"left": ["US", "JP"]},
            ["ahead", "ahead"],
            f"The United States and Japan together are ahead in 2 of 2{WAYS}.",
        ),
        ({"says": "more", "ratio_claimed": 2.0}, ["ahead", "behind", "ahead"], "So in 2 of 3 recognised ways."),
        ({"says": "less", "ratio_claimed": 2.0}, ["ahead", "behind", "ahead"], "So in 1 of 3 recognised ways."),
        ({}, [None, None], "None of the recognised ways to count can tell (2)."),
        ({}, [], ""),
    ],
)
def test_recognised_ways(claim: dict[str, Any], stands: list[str | None], expected: str) -> None:
    """How many put the left side where the claim has it; those that can't tell are in neither number."""
    question = make_question("market", "mixed", make_figures(3, 2))
    ways = [make_way("owners", one) for one in stands]
    assert sentences.ways_in_words(make_entry("mixed", question, ways=ways, **claim)) == expected


def test_the_card_shows_what_is_listed() -> None:
    """Its commands list each side's units; of an audited figure, the classifier's own, and both counts are stated."""
    figure = make_figures(52.4, 40.2, is_audited=True, spec_id="aud")
    question = make_question("market", "supported", figure, before_labels=make_figures(57, 44, spec_id="own"))
    card = sentences.card(make_entry("supported", question, year="2015..2020"))
    assert card is not None
    assert card["show"] == [
        f"patentscope show RUN --claim china-73 --spec own --side {side} --year 2015..2020"
        for side in ("left", "right")
    ]
    assert "China 57 listed, 52 after the labels" in card["figure"]
    assert sentences.card(make_entry("not assessable", make_question("market", "not assessable"))) is None


def test_a_question_that_counts_and_finds_nothing_is_not_called_stopped() -> None:
    """What stops some ways to count, or what was filed abroad, is no reason where the others find nothing."""
    stopped = [
        {"reason": "the classifier could not be trained: no texts", "question": "invention", "n": 4},
        {"reason": "family members are not known", "question": "international", "n": 12},
    ]
    questions = [make_question(name, "not assessable") for name in ("invention", "international")]
    entry = make_entry("not assessable", *questions, stopped=stopped, right=["JP"])
    assert sentences.sentence(entry) == (
        "These records can't say how China compared with Japan in 2024: nothing is counted on either side."
    )
    assert sentences.line(entry, questions[1]) == (
        "What was filed abroad (family members are not known): can't be checked."
    )
    silent = [{"reason": "no inventor's country is stated", "question": "invention", "n": 4}]
    said = sentences.sentence(make_entry("not assessable", *questions, stopped=[*stopped, *silent], right=["JP"]))
    assert said.endswith("in 2024: no inventor's country is stated."), said
    ways = [make_way("first_filings", None, stopped=False, left_n=0, right_n=0)]  # it is found by a wider topic only
    entry = make_entry("not assessable", *questions, stopped=[*stopped, *silent], ways=ways, right=["JP"])
    assert sentences.sentence(entry).endswith("in 2024: nothing is counted on either side.")


def test_records_without_either_side_or_of_other_years_say_so() -> None:
    """Nothing of both sides goes before countries that aren't stated; records of other years are named as such."""
    advice = "; if the search covers it, say --complete"
    lacking = [f"nothing published in {name} is among the records{advice}" for name in ("Iceland", "Norway")]
    rows = [("market", lacking[0]), ("market", lacking[1]), ("invention", "no inventor's country is stated")]
    stopped = [{"reason": reason, "question": question, "n": 12} for question, reason in rows]
    questions = [make_question(name, "not assessable") for name in ("invention", "market")]
    entry = make_entry("not assessable", *questions, stopped=stopped, left=["IS"], right=["NO"])
    assert sentences.sentence(entry) == (
        "These records can't say how Iceland compared with Norway in 2024: nothing published in Iceland or in Norway "
        "is among them."
    )
    assert all("search" in one["text"] for one in remedies.raising(entry))
    early = make_entry("not assessable", *questions, right=["JP"], year=1985, record_years=[2016, 2024])
    assert sentences.sentence(early).endswith(
        "Japan in 1985: nothing is counted on either side, as they were published from 2016 to 2024."
    )
    assert [one["text"] for one in remedies.raising(early)] == ["Search for records of both sides in 1985."]
    within = make_entry("not assessable", *questions, right=["JP"], year=2020, record_years=[2016, 2024])
    assert sentences.sentence(within).endswith("in 2020: nothing is counted on either side.")


def test_labels_that_leave_no_bounds_say_so() -> None:
    """An audited range without an end is no infinite one."""
    figure = make_figures(105, 100, is_audited=True, low=None, high=None)
    question = make_question("market", "open", figure)
    assert "(the labels leave no bounds): can't be told." in sentences.line(make_entry("open", question), question)


def test_practically_level_is_a_headline_of_its_own() -> None:
    """Both figures are named, and a country keeps its capital behind the scope."""
    ahead, behind = make_figures(104, 100), make_figures(97, 100, unit="application", spec_id="b")
    ends = {"min_ratio": 0.97, "max_ratio": 1.04}
    question = make_question("market", "mixed", ahead, ahead=ahead, behind=behind, **ends)
    entry = make_entry("mixed", question, scope="these records", right=["US"])
    assert sentences.sentence(entry) == (
        "In these records, China was practically level with the United States in 2024: 104 against 100 as inventions; "
        "97 against 100 as applications."
    )


def test_a_claim_of_less_than_as_many_says_fewer() -> None:
    """A limit at the tie is no multiple."""
    figure = make_figures(60, 100)
    claim = {"says": "less", "ratio_claimed": 1.0, "right": ["*"]}
    entry = make_entry("supported", make_question("market", "supported", figure), **claim)
    assert sentences.claimed_and_counted(entry) == "Claimed: fewer. Counted: 40 % fewer, 60 against 100."
    assert "China had 40 % fewer than all other countries in 2024" in sentences.sentence(entry)


def test_a_question_without_certainty_says_why() -> None:
    """Beside an answer, a question that is open or stopped gives its own reason."""
    held = make_question("invention", "supported", make_figures(173, 100))
    stopped = [{"reason": "no owner's country is stated", "question": "ownership", "n": 12}]
    owners, market = make_question("ownership", "not assessable"), make_question("market", "open", make_figures(5, 4))
    entry = make_entry("supported", held, owners, market, stopped=stopped)
    assert sentences.certainty_in_words(entry, owners) == "No owner's country is stated."
    assert sentences.certainty_in_words(entry, market) == "It depends on countries that the records do not state."
