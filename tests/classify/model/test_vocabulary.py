"""Fast counts are the counts that slow, well-known code gives, on any text, whatever was read before."""

from __future__ import annotations

import itertools
import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from patentscope.classify.model.documents import LONGEST_TITLE, Documents
from patentscope.classify.model.margins import Linear
from patentscope.classify.model.members import idf_of, weighed
from patentscope.classify.model.vocabulary import LEAD, Spelt, Vocabulary, pieces_of
from patentscope.classify.words.chunks import Dictionary, blank_english
from patentscope.classify.words.tokens import characters_of, words_of

WORDS = [
    *("rare", "earths", "recycling", "Nd-Fe-B", "don't", "e.g.", "3.5", "(57)", "scrap,", "scrap.", "H₂O", "稀土回收"),
    *("U.S.", "½", "a\u00a0b", "café", "x/y", "rare-earth", "\n", "magnet;", "ＮｄＦｅＢ", "cannot", "...", "ネオジム"),
]
ASIAN = re.compile("[\u4e00-\u9fff\u3040-\u30ff]")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
CORPORA = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8)


def tells(word):
    """Say whether a word has two letters or figures, and so is counted."""
    return len(re.findall(r"[^\W_]", word)) > 1


def words_in(text):
    """Return the words of one text that are counted."""
    read = words_of([text])
    return [read.words[i] for i in read.ids if tells(read.words[i])]


def lemmas_of(text):
    """Return the lemmas of one text's words that are counted."""
    read = words_of([text])
    return [read.lemmas[i] for i in read.ids if tells(read.words[i])]


def slow_tokens(text):
    """Return a text's tokens as spaCy gives them when it reads the whole text at once."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub("[\u4e00-\u9fff\u3040-\u30ff]+|[\u2010-\u2015\u2212\ufe63-]", " ", text)
    text = re.sub(r"([^\w\s'’.]|_|\.(?:\D|$))", r" \1 ", text)
    return [token.lower_ for token in blank_english()(" ".join(text.split()))]


def titled(corpus):
    """Return pairs of texts as documents."""
    return Documents.of([title for title, _ in corpus], [body for _, body in corpus])


def counted(vocabulary, documents):
    """Return the counts of documents by block, each a matrix of documents by features."""
    counts = vocabulary.counts(documents)
    return {name: one.words @ one.pieces if isinstance(one, Spelt) else one for name, one in counts.items()}


@given(TEXTS)
@settings(max_examples=200)
def test_tokens_are_those_of_the_whole_text(text):
    """Reading chunk by chunk gives the tokens that spaCy finds in the whole text."""
    read = words_of([text])
    assert [read.words[i] for i in read.ids] == slow_tokens(text)


@given(st.lists(TEXTS, min_size=1, max_size=6), st.integers(1, 60))
@settings(max_examples=50)
def test_what_was_dropped_is_read_again(texts, most_kept):
    """A dictionary that keeps next to nothing gives the same tokens as one that keeps all."""
    small, large = Dictionary(most_kept), Dictionary()
    for text in texts:
        chunks = list(dict.fromkeys(text.split(" ")))
        found = []
        for book in (small, large):
            numbers = book.look_up(chunks)
            found.append([[book.words[i] for i in book.ids[book.starts[n] : book.starts[n + 1]]] for n in numbers])
        assert found[0] == found[1]


@given(CORPORA)
@settings(max_examples=60)
def test_weighed_words_equal_scikit_learn(corpus):
    """Words and pairs, weighed, equal TfidfVectorizer's on the same tokens to 1e-9."""
    documents = titled(corpus)
    vocabulary = Vocabulary.learn(documents, least=1)
    counts = vocabulary.counts(documents, ("words",))["words"]

    def listed(pair):
        grams = []
        for lemmas in map(lemmas_of, pair):
            grams += [*lemmas, *(f"{a} {b}" for a, b in itertools.pairwise(lemmas))]
        return grams

    if not any(map(listed, corpus)):
        assert counts.nnz == 0
        return
    slow = TfidfVectorizer(analyzer=listed, sublinear_tf=True, min_df=2 if counts.shape[0] > 1 else 1)
    idf = idf_of(counts)
    fast, _ = weighed(counts, idf)
    if not idf.any():
        assert not fast.data.any()
        return
    expected = slow.fit_transform(corpus)
    assert np.allclose(*(np.sort((matrix @ matrix.T).toarray(), axis=None) for matrix in (fast, expected)), atol=1e-9)
    assert np.allclose(np.sort(fast.sum(axis=0))[0, -expected.shape[1] :], np.sort(expected.sum(axis=0)), atol=1e-9)


@given(CORPORA)
@settings(max_examples=60)
def test_pieces_and_characters(corpus):
    """Pieces of words equal CountVectorizer's `char_wb`; of characters, those with an Asian one are all counted."""
    documents = titled(corpus)
    vocabulary = Vocabulary.learn(documents, least=1)
    counts = counted(vocabulary, documents)
    words = [" ".join(" ".join(words_in(text)) for text in pair) for pair in corpus]
    if any(text.strip() for text in words):
        slow = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5), lowercase=False).fit(words)
        names = sorted(vocabulary.pieces, key=vocabulary.pieces.__getitem__)
        assert sorted(names) == sorted(slow.vocabulary_)
        columns = [slow.vocabulary_[name] for name in names]
        assert (counts["pieces"] != slow.transform(words)[:, columns]).nnz == 0
    expected = 0
    for texts in zip(*corpus, strict=True):
        read = characters_of(texts)
        for start, end in itertools.pairwise(read.offsets):
            part = "".join(read.words[i] for i in read.ids[start:end])
            grams = [part[at : at + size] for size in (1, 2, 3) for at in range(len(part) - size + 1)]
            expected += sum(bool(ASIAN.search(gram)) for gram in grams)
    assert counts["characters"].sum() == expected


@given(CORPORA)
@settings(max_examples=40)
def test_a_title_is_part_of_its_document(corpus):
    """A document's counts are its title's and its body's together."""
    documents = titled(corpus)
    vocabulary = Vocabulary.learn(documents, least=1)
    counts = counted(vocabulary, documents)
    bodies = counted(vocabulary, Documents.of([""] * len(corpus), [body for _, body in corpus]))
    for block in ("words", "pieces", "characters"):
        assert (counts[block] != counts[f"title_{block}"] + bodies[block]).nnz == 0


@given(st.lists(st.lists(st.sampled_from(WORDS[:3]), max_size=90), min_size=1, max_size=4))
@settings(max_examples=40)
def test_a_lead_is_the_title_and_the_first_words(bodies):
    """A document's lead counts as the same document does whose body ends after 40 words."""
    titles = ["scrap metal"] * len(bodies)
    vocabulary = Vocabulary.learn(Documents.of(titles, list(map(" ".join, bodies))), least=1)
    counts = counted(vocabulary, Documents.of(titles, list(map(" ".join, bodies))))
    cut = counted(vocabulary, Documents.of(titles, [" ".join(words[:LEAD]) for words in bodies]))
    for block in ("words", "pieces", "characters"):
        assert (counts[f"lead_{block}"] != cut[block]).nnz == 0


def test_a_lead_in_chinese_is_of_characters():
    """Of a body without blanks, 40 characters lead."""
    body = "回收废磁钢中的稀土" * 9
    long = Documents.of(["稀土"], [body])
    vocabulary = Vocabulary.learn(long, least=1)
    cut = vocabulary.counts(Documents.of(["稀土"], [body[:LEAD]]))
    assert (vocabulary.counts(long)["lead_characters"] != cut["characters"]).nnz == 0


def test_batches_count_alike():
    """Counting in batches gives what counting at once gives."""
    bodies = [f"scrap {i % 5} of 稀土 {i % 3}" for i in range(50)]
    documents = Documents.of([f"title {i % 7}" for i in range(50)], bodies)
    vocabulary = Vocabulary.learn(documents)
    whole = counted(vocabulary, documents)
    parts = [counted(vocabulary, documents.taken(np.arange(start, min(start + 7, 50)))) for start in range(0, 50, 7)]
    for block, matrix in whole.items():
        assert (sparse.vstack([part[block] for part in parts]) != matrix).nnz == 0


def test_a_feature_of_one_document_is_left_out():
    """What occurs in one document only is no feature, however often it occurs there."""
    vocabulary = Vocabulary.learn(Documents.of(["", ""], ["scrap scrap metal 稀土 稀土", "稀 metal"]))
    assert set(vocabulary.words) == {"metal"}
    assert (len(vocabulary.pairs), len(vocabulary.grams)) == (0, 1)
    assert set(vocabulary.pieces) == set(pieces_of("metal"))
    assert vocabulary.width == 1 + 1 + len(set(pieces_of("metal")))


def test_weights_are_learnt_where_they_may_be():
    """Weights know nothing of documents outside the training part: a word that only they share weighs nothing."""
    documents = Documents.of([""] * 4, ["scrap metal", "scrap metal", "lamp metal", "lamp metal"])
    vocabulary = Vocabulary.learn(documents)
    counts = vocabulary.counts(documents)["words"]
    idf = idf_of(counts[:2])
    assert idf[vocabulary.words["lamp"]] == 0
    assert idf[vocabulary.words["scrap"]] == pytest.approx(1)
    matrix, _ = weighed(counts, idf)
    lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1)).A1
    assert lengths == pytest.approx([1, 1, 1, 1])


@given(CORPORA, st.integers(0, 9))
@settings(max_examples=40)
def test_margins_are_those_of_the_weighed_counts(corpus, seed):
    """A machine's margins, for which pieces are never counted, are its weights times the documents' TF-IDF."""
    documents = titled(corpus)
    vocabulary = Vocabulary.learn(documents, least=1)
    counts, weights, idf, expected = vocabulary.counts(documents), {}, {}, np.full(len(documents), 0.5)
    for block in ("words", "pieces", "title_pieces", "lead_characters"):
        weights[block] = np.random.default_rng(seed).normal(size=counts[block].shape[1])
        matrix, idf[block] = weighed(counts[block])
        expected = expected + matrix @ weights[block]
    assert Linear(idf, weights, 0.5)(counts) == pytest.approx(expected)


def test_a_word_again_says_less_by_pieces():
    """Of pieces, a word that is there four times counts twice; rows have the length that they had without sharing."""
    documents = Documents.of([""] * 2, ["magnet magnet magnet magnet scrap", "magnet scrap"])
    vocabulary = Vocabulary.learn(documents)
    matrix, idf = weighed(vocabulary.counts(documents)["pieces"])
    inside, outside = vocabulary.pieces["magn"], vocabulary.pieces["scra"]
    assert idf.tolist() == [1] * len(vocabulary.pieces)
    assert matrix[0, inside] == pytest.approx(2 * matrix[0, outside])
    assert matrix[1, inside] == pytest.approx((len(pieces_of("magnet")) + len(pieces_of("scrap"))) ** -0.5)


def test_nothing_to_count():
    """No documents, and documents without a word, have counts of their shape."""
    assert Vocabulary.learn(Documents.of([], [])).width == 0
    empty = Documents.of(["", ""], ["", " "])
    counts = Vocabulary.learn(empty).counts(empty)
    assert {matrix.shape for matrix in counts.values()} == {(2, 0)}


def test_short_texts_are_titles():
    """Of a family's texts the short ones are its title, one after the other, the others its body."""
    texts, owners = ["rare earth", "scrap metal", "magnet " * 30], np.array([1, 0, 1])
    is_title = np.array([len(text) <= LONGEST_TITLE for text in texts])
    read = Documents.read(words_of(texts), characters_of(texts), owners, is_title, 3)
    expected = Documents.of(["scrap metal", "rare earth", ""], ["", "magnet " * 30, ""])
    assert read.words.heads.tolist() == expected.words.heads.tolist() == [2, 2, 0]
    assert list(Documents.joined([read]).words.raw()) == list(Documents.joined([expected]).words.raw())
