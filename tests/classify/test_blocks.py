"""Families read in blocks that wait on disk are decided as ever, by however many processes; a full disk is said."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from patentscope.classify import words_alone
from patentscope.classify.decide import decide
from patentscope.classify.texts import FamilyTexts, family_texts
from patentscope.engines import workers
from patentscope.engines.workers import WORKERS
from patentscope.errors import WriteError
from patentscope.records import store

from factories import make_publication

TERMS = {"en": {"material": ["neodymium", "稀土"], "recycling": ["recycle", "scrap"]}}
_SIZE = 40


@pytest.fixture
def landscape(tmp_path: Path) -> tuple[Path, pd.Series]:
    """A file of 160 families, each on topic, near it or off it, and the family of each publication."""
    said = ["Recycling scrap of neodymium {}", "Sintered neodymium {}", "Recycling plastic {}", "A tea pot {}"]
    publications = [
        make_publication(
            f"{office}{1000 + place}A",
            family_id=f"F{place:03d}",
            title=said[place % 4].format(f"part {place % 23}"),
            title_original="稀土废料" if place % 8 == 0 else None,
            abstract=f"{said[place % 4].format('magnet')}. Route {place % 11} of {office}." if place % 3 else None,
        )
        for place in range(160)
        for office in ("CN", "US")
    ]
    table = store.to_table(publications)
    store.write(table, tmp_path / "publications.parquet")
    return tmp_path / "publications.parquet", table.column("family_id").to_pandas()


def _hits(texts: FamilyTexts) -> pd.DataFrame:
    places = pd.Series(range(len(texts.family_id)))
    return pd.DataFrame({"material": places % 4 < 2, "recycling": places % 2 == 0})


def test_one_process_or_eight_give_the_same_bytes(
    landscape: tuple[Path, pd.Series], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables, phrases and card are the same with one process, two and eight, and as when nothing waits on disk."""
    path, family_id = landscape
    monkeypatch.setattr(workers, "LEAST", 3)
    found = []
    for count, size in (("1", 160), ("1", _SIZE), ("2", _SIZE), ("8", _SIZE)):
        monkeypatch.setenv(WORKERS, count)
        with family_texts(path, family_id, size) as texts:
            assert (texts.blocks[0].file is None) == (size == 160)
            found.append(decide(texts, TERMS, _hits(texts)))
    first = found[0]
    assert first.trained
    for other in found[1:]:
        pd.testing.assert_frame_equal(other.table, first.table, check_exact=True)
        assert other.card == first.card
        assert (other.found.hits != first.found.hits).nnz == 0


def test_words_alone_are_found_by_blocks(landscape: tuple[Path, pd.Series], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no reading asks for the model, blocks on disk give what one block in memory gives."""
    path, family_id = landscape
    monkeypatch.setenv(WORKERS, "1")
    found = []
    for size in (160, _SIZE):
        with family_texts(path, family_id, size) as texts:
            found.append(words_alone.read(texts, TERMS))
    pd.testing.assert_frame_equal(found[0].table, found[1].table, check_exact=True)
    assert (found[0].found.hits != found[1].found.hits).nnz == 0


@contextmanager
def _full_after(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond *size* bytes, as if the disk were full then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_fills_is_said_and_nothing_stays(
    landscape: tuple[Path, pd.Series], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While texts are put aside, and while their tokens are, a full disk is an error; what was written goes."""
    path, family_id = landscape
    (tmp_path / "aside").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "aside"))
    monkeypatch.setenv(WORKERS, "1")
    with pytest.raises(WriteError, match="set TMPDIR"), _full_after(1000), family_texts(path, family_id, _SIZE):
        pass
    assert not list((tmp_path / "aside").iterdir())
    with family_texts(path, family_id, _SIZE) as texts, _full_after(100), pytest.raises(WriteError, match="set TMPDIR"):
        decide(texts, TERMS, _hits(texts))
    assert not list((tmp_path / "aside").iterdir())
