"""The page's scripts: Vega is kept between runs, checked before it is used, and made anew where that fails."""

from __future__ import annotations

import base64
import gzip
import sys
from typing import TYPE_CHECKING

import jinja2
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from patentscope.report.page import embed
from patentscope.report.page.stills import drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of its own, and nothing remembered before and after."""
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    embed.bundle.cache_clear()
    yield embed.kept_at()
    embed.bundle.cache_clear()


def again() -> str:
    """Return the bundle as another process would get it."""
    embed.bundle.cache_clear()
    return embed.bundle()


def test_bundle_is_kept_and_comes_back_the_same(kept: Path) -> None:
    """The first use writes one file with the version in its name, the next one reads it; nothing else is left there."""
    first = embed.bundle()
    (path,) = kept.iterdir()
    written = path.stat().st_mtime_ns
    assert again() == first
    assert path.stat().st_mtime_ns == written
    assert embed.version("vl-convert-python") in path.name
    assert "vegaEmbed" in first


@pytest.mark.parametrize("harm", [bytes, lambda raw: raw[:50], lambda raw: raw[:-1] + b"~"])
def test_templates_are_kept_and_made_anew_where_they_were_harmed(kept: Path, harm: Callable[[bytes], bytes]) -> None:
    """A template is translated once; a file that isn't what was written is not carried out, and is put right."""

    def shown() -> str:
        source = jinja2.DictLoader({"a": "{{ 1 + 1 }} families"})
        return (
            jinja2.Environment(autoescape=True, loader=source, bytecode_cache=embed.KeptTemplates())
            .get_template("a")
            .render()
        )

    assert shown() == "2 families"
    (path,) = kept.iterdir()
    raw, written = path.read_bytes(), path.stat().st_mtime_ns
    assert shown() == "2 families"
    assert path.stat().st_mtime_ns == written
    path.write_bytes(harm(raw))
    assert shown() == "2 families"
    assert path.read_bytes()[:1] == raw[:1]
    assert len(path.read_bytes()) == len(raw)


def test_stills_are_drawn_beside_or_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture is the same whether the other process draws it, or breaks off, or can't be started."""
    specs = [{"data": {"values": [{"a": n}]}, "mark": "bar", "encoding": {"x": {"field": "a"}}} for n in (1, 2)]
    with drawing(specs) as wait:
        made = wait()
    assert made == [vl_convert.vegalite_to_svg(spec) for spec in specs]
    for broken in ("/bin/false", "/no/such/python"):
        monkeypatch.setattr(sys, "executable", broken)
        with drawing(specs) as wait:
            assert wait() == made


@pytest.mark.parametrize("harm", ["changed", "cut", "empty", "not text"])
def test_bundle_that_was_harmed_is_made_anew(kept: Path, harm: str) -> None:
    """A file that isn't what was written is not put into a page, and is put right."""
    first = embed.bundle()
    (path,) = kept.iterdir()
    raw = path.read_bytes()
    place = len(raw) // 2
    harmed = {
        "changed": raw[:place] + b"alert(1)" + raw[place + 8 :],
        "cut": raw[:place],
        "empty": b"",
        "not text": b"\xff\xfe" + raw,
    }
    path.write_bytes(harmed[harm])
    assert again() == first
    assert path.read_bytes() == raw


def test_bundle_needs_no_cache(kept: Path) -> None:
    """Where nothing can be kept, the bundle is made all the same."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("a file in the folder's place", encoding="utf-8")
    assert "vegaEmbed" in embed.bundle()
    assert kept.read_text(encoding="utf-8") == "a file in the folder's place"


@given(st.text())
def test_zipped_text_comes_back(text: str) -> None:
    """What is zipped for the page is the text itself, in letters that no HTML reads, the same every time."""
    packed = embed.zipped(text)
    assert gzip.decompress(base64.b64decode(packed)).decode() == text
    assert packed == embed.zipped(text)
    assert base64.b64decode(packed)[9] == 255, "the system, which differs between versions of Python"
    assert not set(packed) & set("<>&\"'")
