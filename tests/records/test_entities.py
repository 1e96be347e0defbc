"""HTML entities in texts: read as characters, once, and nothing else is touched."""

from __future__ import annotations

import html
import json
from html.entities import html5

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentscope.records.entities import characters, in_characters
from patentscope.records.intake import merge
from patentscope.records.store import to_table

from factories import make_publication
from places import REAL

DERIVED = REAL / "bigquery_derived" / "JP_china_patents.json"
TOLD = "a title or abstract with HTML entities, read as characters"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("proc&eacute;d&eacute; d&#39;acc&#xE8;s", "procédé d'accès"),
        ("Research &amp; Development", "Research & Development"),
        ("d&amp;#39;acc&amp;egrave;s", "d'accès"),
        ("&amp;amp;amp;", "&amp;"),
        ("rare&nbsp;earth&#10;magnet", "rare earth magnet"),
        ("Nd&lt;sub&gt;2&lt;/sub&gt;Fe&lt;SUB&gt;14&lt;/SUB&gt;B", "Nd2Fe14B"),
        (
            "&lt;P&gt;PROBLEM TO BE SOLVED: 10&lt;SP&gt;-9&lt;/SP&gt; m&lt;P&gt;SOLUTION: x",
            "PROBLEM TO BE SOLVED: 10-9 m SOLUTION: x",
        ),
        ("if a &lt; b and c &gt; d", "if a < b and c > d"),
        ("&lt;n-1&gt;", "<n-1>"),
    ],
)
def test_an_entity_is_read(written, read) -> None:
    """Numbers and names, escaped twice too; blanks become blanks, and tags of index, exponent and paragraph go."""
    assert in_characters(written) == read


@pytest.mark.parametrize(
    "text",
    ["R&D;", "AT&T; R&D", "&YU;&V;&e7;", "a & b; c", "&copy 2020", "&notit;", "&;", "&#;", "a<b>c", "x<sub>2</sub>"],
)
def test_what_is_no_entity_stays(text) -> None:
    """No name without its semicolon, no unknown name, and no tag of a text without entities is touched."""
    assert in_characters(text) == text
    assert in_characters(f"{text} &amp; Co") == f"{text} & Co".replace("<sub>", "").replace("</sub>", "")


@pytest.mark.parametrize("name", ["#0", "#55296", "#1114112", "#99999999", "#xFFFFFFFF", "#1", "#150"])
def test_a_number_of_no_character_is_no_error(name) -> None:
    """A number beyond Unicode, a surrogate or a control character gives what HTML says, which can be written."""
    read = in_characters(f"a&{name};b")
    assert "&" not in read
    assert read.encode("utf-8")


@given(st.text(), st.sampled_from([name for name in html5 if name.endswith(";")]))
def test_escaped_text_comes_back(text, name) -> None:
    """Text without `&` and `<` that was escaped once is itself again, with any name of HTML's before it."""
    text = text.replace("&", "").replace("<", "")
    read = in_characters(f"x&{name}{html.escape(text)}x")
    assert read == f"x{' ' if html5[name].isspace() else html5[name]}{text}x"


@given(st.lists(st.lists(st.sampled_from([None, "", "R&D;", "d&#39;or", "plain"]))))
def test_a_column_is_read_text_by_text(chunks) -> None:
    """Whatever the chunks, each text is read as it is alone, nulls stay, and the rows are those that changed."""
    column = pa.chunked_array(chunks, pa.string())
    read, rows = characters(column)
    written = column.to_pylist()
    assert read.to_pylist() == [text and in_characters(text) for text in written]
    assert rows.tolist() == [row for row, text in enumerate(written) if text == "d&#39;or"]


def test_every_record_passes_and_is_counted_once() -> None:
    """Title, original title and abstract are read whatever the source; a record counts once, by office."""
    made = [
        make_publication("EP1000001A1", title="Nd&amp;Fe", title_original="d&#39;or", abstract="R&amp;D"),
        make_publication("US2020000001A1", abstract="R&D;"),
        make_publication("JP2020000001A", title="Nd &lt; 3"),
    ]
    found = merge([to_table(made)], most_bad=0.01)
    rows = {row["publication_number"]: row for row in found.table.to_pylist()}
    first = rows["EP1000001A1"]
    assert (first["title"], first["title_original"], first["abstract"]) == ("Nd&Fe", "d'or", "R&D")
    assert rows["US2020000001A1"]["abstract"] == "R&D;"
    assert {gap.country: gap.count for gap in found.gaps if gap.reason == TOLD} == {"EP": 1, "JP": 1}


@pytest.mark.real
@pytest.mark.skipif(not DERIVED.is_file(), reason=f"no real records at {DERIVED}")
def test_real_texts_lose_their_entities() -> None:
    """Real texts with `&#39;` have an apostrophe there, and nothing else in them changes."""
    texts = [row[name] for row in json.loads(DERIVED.read_text(encoding="utf-8")) for name in ("title", "abstract")]
    assert sum("&#39;" in text for text in texts) > 1
    assert [in_characters(text) for text in texts] == [text.replace("&#39;", "'") for text in texts]
