"""Exchange XML (OPS, DOCDB) and USPTO XML: every trap of the formats, and files that are not what they seem."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentscope.errors import FileFormatError
from patentscope.files import container, spool
from patentscope.files.recognise import read_file
from patentscope.files.xml import exchange as exchange_xml
from patentscope.files.xml import exchange_classes
from patentscope.files.xml import redbook as uspto_xml
from patentscope.records.publication import Party, Priority, Publication
from patentscope.records.store import to_table, together

from worlds.xml_texts import (
    BIBLIO,
    DOCDB,
    EN_SPACE,
    GRANT,
    OLDER,
    OPS_HEAD,
    OPS_TAIL,
    answer,
    cpc,
    docdb,
    docdb_file,
    document,
)


def one(*documents: str) -> Publication:
    """Return the only publication of an answer."""
    (publication,), lost = exchange_xml.publications_of(answer(*documents), source="ops", origin="abc")
    assert not lost
    return publication


def saved(folder: Path, name: str, data: bytes) -> Path:
    """Write *data* and return its path."""
    path = folder / name
    path.write_bytes(data)
    return path


def test_every_field_of_an_ops_document():
    """Classes and parties come once, in their order; English comes first; blanks and commas are gone."""
    assert one(document()) == Publication(
        publication_number="CN116904750A",
        office="CN",
        kind="A",
        publication_date=dt.date(2023, 10, 20),
        filing_date=dt.date(2023, 7, 24),
        priority_date=dt.date(2022, 5, 1),
        application_number="CN202310907250A",
        priorities=(Priority("CN202310907250", dt.date(2023, 7, 24)), Priority("WO2022CN63512", dt.date(2022, 5, 1))),
        family_id="88346107",
        family_source="source",
        title="Recycling of rare earths",
        title_language="en",
        title_original="一种稀土回收方法",
        abstract="First. H in H2O.",
        abstract_language="en",
        cpc=("C22B59/00", "C22B7/006"),
        ipc=("C22B59/00", "C22B7/00"),
        applicants=(Party("UNIV JIANGXI", "CN"), Party("SECOND & SONS", "US")),
        inventors=(Party("LI NING"),),
        source="ops",
        origin="abc",
    )


def test_prefixed_namespaces_and_none_say_the_same():
    """The exchange namespace as default, with a prefix and left out gives the same publication."""
    plain = answer(document()).decode()
    bare = plain.replace(' xmlns="http://www.epo.org/exchange"', "")
    prefixed = plain.replace('xmlns="', 'xmlns:exch="')
    for tag in ("exchange-document", "bibliographic-data", "parties", "abstract", "invention-title"):
        for opening in (f"<{tag} ", f"<{tag}>", f"</{tag}>"):
            prefixed = prefixed.replace(opening, opening.replace(tag, f"exch:{tag}"))
    expected = exchange_xml.publications_of(plain.encode(), source="s", origin="o")
    assert exchange_xml.publications_of(bare.encode(), source="s", origin="o") == expected
    assert exchange_xml.publications_of(prefixed.encode(), source="s", origin="o") == expected


def test_a_country_is_never_the_offices():
    """Parties without a suffix have no country, and empty `<parties/>` no parties."""
    silent = BIBLIO.replace(" [US]", "").replace(f"{EN_SPACE}[CN]", "")
    assert {party.country for party in one(document(inside=silent)).applicants} == {None}
    empty = one(document(inside="<bibliographic-data><parties/></bibliographic-data>"))
    assert (empty.applicants, empty.inventors, empty.title, empty.cpc, empty.priorities) == ((), (), None, (), ())


@pytest.mark.parametrize(
    ("titles", "office", "expected"),
    [
        ((("de", "A"), ("en", "B"), ("fr", "C")), "EP", ("B", "en", None)),
        ((("en", "B"), ("fr", "C")), "WO", ("B", "en", None)),  # Korean applications have a French title too
        ((("en", "B"), ("ko", "C")), "WO", ("B", "en", "C")),
        ((("da", "A"),), "DK", ("A", "da", None)),
        ((("ol", "A"), ("en", "B")), "EP", ("B", "en", "A")),
        ((("ol", "A"),), "DK", ("A", None, None)),
        ((("en", "A"), ("de", "A")), "DE", ("A", "en", None)),
        ((("en", ""), ("de", "A")), "DE", ("A", "de", None)),
    ],
)
def test_english_title_first_and_the_original_only_where_it_can_be_told(titles, office, expected):
    """English comes first; the original is kept only where it can be told from a translation."""
    inside = "".join(f'<invention-title lang="{lang}">{text}</invention-title>' for lang, text in titles)
    found = one(
        f'<exchange-document country="{office}" doc-number="1" kind="A"><bibliographic-data>{inside}'
        "</bibliographic-data></exchange-document>"
    )
    assert (found.title, found.title_language, found.title_original) == expected


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<abstract lang='en'>Bare <b>rare</b> <i>earth</i>.</abstract>", "Bare rare earth."),
        ("<abstract lang='en'><p>One.</p><p/><p>Two &lt;IMAGE></p></abstract>", "One. Two <IMAGE>"),
        ("<abstract lang='en'><p><i>Nd</i> <b>magnet</b></p></abstract>", "Nd magnet"),
        ("<abstract lang='en'> </abstract>", None),
    ],
)
def test_every_word_of_an_abstract_is_kept(written: str, read: str | None):
    """With paragraphs, without them, and with markup at the very beginning."""
    assert one(document(inside=f"<bibliographic-data/>{written}")).abstract == read


def test_classes_in_an_unusual_order_are_read_by_name():
    """The scheme may stand last, and a main group may have no subgroup; other schemes stay out."""
    block = (
        "<patent-classification><section>C</section><class>22</class><subclass>B</subclass><main-group>7</main-group>"
        '<classification-scheme scheme="CPC"/></patent-classification>'
        f"{cpc('C22B59/00', 'EP', 'FI')}{cpc('B09B3/40', 'EP')}"
    )
    inside = f"<bibliographic-data><patent-classifications>{block}</patent-classifications></bibliographic-data>"
    assert one(document(inside=inside)).cpc == ("C22B7", "B09B3/40")


@settings(max_examples=60)
@given(
    entries=st.lists(
        st.tuples(
            st.sampled_from(["CPCI", "CPC", "UC", "FI"]),
            st.sampled_from([("C", "22", "B", "7", "00"), ("Y", "02", "P", "10", "20"), ("C", "22", "B", "7", "")]),
            st.sampled_from(["", "\n      ", "<!-- of old -->"]),
            st.booleans(),
        ),
        max_size=12,
    ),
    block=st.integers(1, 3000),
)
def test_classes_are_the_same_however_they_are_read(entries, block):
    """Shortened before they are parsed, at once or by blocks of any size, CPC symbols are those read by name."""
    written = ""
    for number, (scheme, parts, gap, is_combined) in enumerate(entries, start=1):
        inside = "".join(
            f"{gap}<{name}>{part}</{name}>"
            for name, part in zip(("section", "class", "subclass", "main-group", "subgroup"), parts, strict=True)
        )
        written += f"<combination-set><rank>{number}</rank>" if is_combined else gap
        written += (
            f'<patent-classification sequence="{number}">{gap}<classification-scheme office="EP" scheme="{scheme}"/>'
        )
        written += f"{inside}</patent-classification>" + ("</combination-set>" if is_combined else "")
    biblio = f"<bibliographic-data><patent-classifications>{written}</patent-classifications></bibliographic-data>"
    xml = answer(document(inside=biblio))
    expected = tuple(
        dict.fromkeys(
            "".join(parts[:4]) + ("/" + parts[4] if parts[4] else "")
            for scheme, parts, _, _ in entries
            if scheme.startswith("CPC")
        )
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange_classes, "_BLOCK", block)
        stream = exchange_classes.Shortened(io.BytesIO(xml))
        by_blocks = b"".join(iter(lambda: stream.read(1), b""))
    for text in (xml, by_blocks):
        (found,), _ = exchange_xml.publications_of(text, source="s", origin="o")
        assert found.cpc == expected
    is_plain = not any(gap.startswith("<") for _, _, gap, _ in entries)
    is_shorter = is_plain and any(scheme[:3] == "CPC" and parts[4] for scheme, parts, _, _ in entries)
    assert (len(exchange_classes.shortened(xml)) < len(xml)) == is_shorter


def test_an_error_names_the_line_of_the_file(tmp_path: Path):
    """Although classifications are shortened before they are parsed."""
    block = cpc("C22B7/00", "EP").replace("><", ">\n<")
    inside = f"<bibliographic-data><patent-classifications>{block}</patent-classifications></bibliographic-data>"
    xml = answer(document(inside=inside)).replace(b"</bibliographic-data>", b"</bibliographic>")
    line = xml[: xml.index(b"</bibliographic>")].count(b"\n") + 1
    with pytest.raises(FileFormatError, match=f"line {line}, column"):
        exchange_xml.publications_of(xml, source="s", origin="o")
    with pytest.raises(FileFormatError, match=f"line {line}, column"):
        exchange_xml.read(saved(tmp_path, "broken.xml", xml))


def test_what_is_no_record_is_counted():
    """Documents not found and documents without a number are set aside by reason and office."""
    missing = '<exchange-document country="EP" doc-number="9" kind="A1" status="not found"/>'
    numberless = "<exchange-document><bibliographic-data/></exchange-document>"
    found, lost = exchange_xml.publications_of(answer(document(), missing, numberless), source="s", origin="o")
    assert len(found) == 1
    assert [(loss.reason.split(" (")[0], loss.country, loss.count, loss.first) for loss in lost] == [
        ("no publication number", "unknown", 1, ("document 3",)),
        ("the office holds no such document", "EP", 1, ("EP9A1",)),
    ]


def test_dates_that_are_none_are_null():
    """Zeros, no day of the calendar, a year alone, nothing, nines."""
    for written in ("00000000", "20230230", "2023", "", "99991231"):
        found = one(document(inside=BIBLIO.replace("20231020", written)))
        assert found.publication_date is None, written


def test_references_and_totals():
    """A list of mere numbers gives the stated total, and no publications."""
    ids = "".join(
        f'<ops:publication-reference system="ops.epo.org" family-id="1"><document-id document-id-type="docdb">'
        f"<country>{office}</country><doc-number>{serial}</doc-number><kind>{kind}</kind></document-id>"
        "</ops:publication-reference>"
        for office, serial, kind in (("EP", "1000000", "A1"), ("HR", "P20251003", "T1"))
    )
    xml = (
        f'{OPS_HEAD}<ops:biblio-search total-result-count="10000"><ops:search-result>{ids}</ops:search-result>'
        f"</ops:biblio-search>{OPS_TAIL}"
    ).encode()
    assert exchange_xml.total_of(xml) == 10000
    assert exchange_xml.publications_of(xml, source="s", origin="o") == ([], [])
    assert exchange_xml.total_of(answer()) == 0
    assert exchange_xml.total_of(f"{OPS_HEAD}{OPS_TAIL}".encode()) is None


def test_family_members_with_and_without_their_documents():
    """A member that holds its document counts once; a bare one is read from its references."""
    bare = (
        '<ops:family-member family-id="5"><publication-reference><document-id document-id-type="docdb">'
        "<country>AT</country>"
        "<doc-number>E232441</doc-number><kind>T1</kind><date>20030215</date></document-id></publication-reference>"
        '<priority-claim sequence="1"><document-id document-id-type="docdb"><country>NL</country><doc-number>1010536'
        "</doc-number><kind>A</kind><date>19981112</date></document-id></priority-claim></ops:family-member>"
    )
    whole = f'<ops:family-member family-id="6">{document(attributes="")}</ops:family-member>'
    xml = f"{OPS_HEAD}<ops:patent-family>{bare}{whole}</ops:patent-family>{OPS_TAIL}".encode()
    (first, second), lost = exchange_xml.publications_of(xml, source="s", origin="o")
    assert not lost
    assert (first.publication_number, first.office, first.kind, first.family_id) == ("ATE232441T1", "AT", "T1", "5")
    assert first.priorities == (Priority("NL1010536A", dt.date(1998, 11, 12)),)
    assert (second.publication_number, second.family_id) == ("CN116904750A", "6")


def test_docdb_shape(tmp_path: Path):
    """DOCDB: one reference per format, residences, whole symbols, combination sets, deletions."""
    data = docdb_file(2, extra=docdb(5, status="D"), stated=3)
    for name, packed in (("a.xml", data), ("a.xml.gz", gzip.compress(data))):
        path = saved(tmp_path, name, packed)
        assert exchange_xml.recognises(packed[:65536], path)
        found = exchange_xml.read(path)
        row = found.table.to_pylist()[0]
        assert (found.format, found.rows_in, found.table.num_rows) == ("docdb_xml", 3, 2)
        assert [(loss.country, loss.count) for loss in found.set_aside] == [("JP", 1)]
        assert found.source.retrieved == dt.date(2026, 1, 7)
        assert found.source.has_family_members
        assert found.source.status == "unknown"
        assert (row["publication_number"], row["filing_date"]) == ("JP2024000001A", dt.date(2022, 7, 1))
        assert row["priorities"] == [{"number": "JP2022111111A", "date": dt.date(2022, 7, 1)}]
        assert row["applicants"] == [{"name": "HITACHI LTD", "country": "JP"}]
        assert (row["cpc"], row["ipc"]) == (["C22B59/00", "B01J2523/00"], ["A61K31/519"])
        assert (row["title"], row["title_original"]) == ("Recovery method", "回収方法")
        assert (row["source"], row["origin"]) == (name, found.source.sha256[:16])


def test_the_kind_that_is_reported_can_be_asked_for(tmp_path: Path):
    """`--format` takes what an import reports, and `exchange_xml` for either; the other kind is refused by name."""
    docs = saved(tmp_path, "docdb.xml", docdb_file(2)), saved(tmp_path, "ops.xml", answer(document()))
    for path, kind, other in zip(docs, ("docdb_xml", "ops_xml"), ("ops_xml", "docdb_xml"), strict=True):
        for form in (None, kind, "exchange_xml"):
            assert read_file(path, form=form).format == kind
        with pytest.raises(FileFormatError, match=f"found {kind}, expected {other}"):
            read_file(path, form=other)


def test_a_different_count_than_stated_is_said(tmp_path: Path):
    """A file that states another number of documents than it holds is told on."""
    found = exchange_xml.read(saved(tmp_path, "a.xml", docdb_file(2, stated=5)))
    assert "5 documents stated, 2 found" in found.notes["stated and found differ"]


def test_zips_of_several_members_and_of_zips(tmp_path: Path):
    """A delivery: an index, zips in the zip, names that point elsewhere; nothing is written beside it."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("JP-0002.xml", docdb_file(3))
    path = tmp_path / "docdb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Root/index.xml", "<index/>")
        archive.writestr("../../etc/JP-0001.xml", docdb_file(2))
        archive.writestr("Root/DOC/JP-0003.xml.gz", gzip.compress(docdb_file(1)))
        archive.writestr("Root/DOC/JP-0002.zip", inner.getvalue())
    assert exchange_xml.recognises(path.read_bytes()[:65536], path)
    found = exchange_xml.read(path)
    assert (found.rows_in, found.table.num_rows, found.notes["XML files"]) == (6, 6, "3")
    assert "index.xml" in found.notes["members that are no exchange XML"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["docdb.zip"]


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty file"),
        (b"<html><body>Service unavailable</body></html>", "HTML page"),
        (b"\x00\x01\x02", "expected exchange documents"),
        (docdb_file(3)[:-400], "after 2 documents"),
        (docdb_file(3).replace("回収".encode(), b"\xff\xfe"), "after 0 documents"),
        (gzip.compress(docdb_file(50))[:-40], "breaks off"),
        (b"\x1f\x8b" + b"garbage" * 30, "damaged compressed data"),
        (b"PK\x03\x04" + b"garbage" * 30, "damaged compressed data"),
        (docdb_file(1).replace(b"<exch:exchange-documents", BOMB + b"<exch:exchange-documents"), "entity &a;"),
        (
            docdb_file(1)
            .replace(b"<exch:exch", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><exch:exch', 1)
            .replace(b"Text.", b"&e;"),
            "entity &e;",
        ),
        (
            docdb_file(1)
            .replace(b"<exch:exch", b'<!DOCTYPE x SYSTEM "no.dtd"><exch:exch', 1)
            .replace(b"Text.", b"&u;"),
            "&u;",
        ),
        (f"{OPS_HEAD}<ops:register-search/>{OPS_TAIL}".encode(), "without bibliographic data"),
        (b"<exchange-documents><exchange-document>" + b"a" * 11_000_000, "after 0 documents"),
    ],
)
def test_bad_files_are_refused_with_their_place(data: bytes, says: str, tmp_path: Path):
    """Cut off, damaged, another kind, entities of its own: refused with the file and the place."""
    path = saved(tmp_path, "bad.xml", data)
    with pytest.raises(FileFormatError, match=says) as caught:
        exchange_xml.read(path)
    assert str(path) in str(caught.value)
    assert "root:" not in str(caught.value)


def test_answers_that_are_none_are_refused():
    """What a gateway sends in place of an answer is shown in the message."""
    for data, says in (
        (b"", "found nothing"),
        (b"<html><p>Gateway</p></html>", "<html>"),
        (b"<error><code>403</code><message>Fair Use</message></error>", "Fair Use"),
        (answer(document())[:-30], "no readable XML"),
        (BOMB + answer(document("&c;"))[38:], "entity"),
    ):
        with pytest.raises(FileFormatError, match=says):
            exchange_xml.publications_of(data, source="s", origin="o")


def test_zip_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Endless blanks, zips in zips in zips, and a zip that swells."""
    monkeypatch.setattr(container.members, "__defaults__", (1 << 20,))
    blank = docdb_file(0).replace(b"</exch", b" " * 5_000_000 + b"</exch")
    with pytest.raises(FileFormatError, match="without the end of a record"):
        exchange_xml.read(saved(tmp_path, "blank.xml.gz", gzip.compress(blank)))
    nested = b"x" * 100
    for _ in range(4):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("a.zip", nested)
        nested = packed.getvalue()
    with pytest.raises(FileFormatError, match="zips within zips"):
        exchange_xml.read(saved(tmp_path, "nested.zip", nested))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.zip", b"\0" * 3_000_000)
    with pytest.raises(FileFormatError, match="a bomb"):
        exchange_xml.read(saved(tmp_path, "inner.zip", packed.getvalue()))


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="the peak is read from /proc, which is not here")
def test_memory_does_not_grow_with_the_file(tmp_path: Path):
    """Twenty thousand documents, 90 MB of XML, and a process that never holds 400 MB."""
    path = tmp_path / "large.xml.gz"
    padding = "".join(f"<exch:filler>{number}</exch:filler>" for number in range(60))
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(DOCDB.partition("{documents}")[0].format(count=20_000).encode())
        for place in range(20_000):
            file.write((docdb(place + 1).replace("</exch:parties>", f"</exch:parties>{padding}")).encode())
        file.write(b"</exch:exchange-documents>")
    program = (
        "import pathlib, re, sys; from patentscope.files.xml import exchange; "
        "found = exchange.read(pathlib.Path(sys.argv[1])); "
        "peak = re.search(r'VmHWM:\\s*(\\d+)', pathlib.Path('/proc/self/status').read_text())[1]; "
        "print(found.table.num_rows, found.rows_in, int(peak) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    rows, rows_in, megabytes = map(int, done.stdout.split())
    assert rows == rows_in == 20_000
    assert megabytes < 400


def test_texts_of_a_large_table_are_put_apart(monkeypatch: pytest.MonkeyPatch):
    """What exceeds the limit goes through a temporary file; nothing is lost on the way."""
    monkeypatch.setattr(spool, "_MOST_IN_MEMORY", 1000)
    made = [Publication(f"EP{serial}A1", title=f"{serial}&amp;") for serial in range(5001)]
    table, told = spool.gathered(made)
    assert told is not None
    read = [replace(publication, title=f"{serial}&") for serial, publication in enumerate(made)]
    assert together(table, told.at(np.arange(5001))).equals(to_table(read))
    assert told.with_entities.tolist() == list(range(5001))


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.text("0123456789", min_size=1, max_size=9)),
            st.sampled_from(["", "not found", "A"]),
            st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<&"), max_size=30),
        ),
        max_size=8,
    )
)
def test_nothing_is_lost(records):
    """Documents in = publications + set aside, and titles and numbers as they were."""
    documents = [
        "<exchange-document"
        + (f' country="JP" doc-number="{serial}" kind="A"' if serial else "")
        + (f' status="{status}"' if status else "")
        + f'><bibliographic-data><invention-title lang="en">{title}</invention-title></bibliographic-data>'
        + "</exchange-document>"
        for serial, status, title in records
    ]
    found, lost = exchange_xml.publications_of(answer(*documents), source="s", origin="o")
    assert len(found) + sum(loss.count for loss in lost) == len(records)
    kept = [(serial, title) for serial, status, title in records if serial and status != "not found"]
    assert [(f"JP{serial}A", " ".join(title.split()) or None) for serial, title in kept] == [
        (publication.publication_number, publication.title) for publication in found
    ]
    assert to_table(found).num_rows == len(found)


def test_red_book_documents_one_after_the_other(tmp_path: Path):
    """Documents follow each other with or without line ends; a sequence listing is no publication."""
    listing = '<?xml version="1.0"?><sequence-cwu id="s"><x/></sequence-cwu>'
    data = "".join([GRANT.format(number="08930553"), listing, GRANT.format(number="D0736450").replace("\n", "")])
    path = saved(tmp_path, "ipg.xml", data.encode())
    assert uspto_xml.recognises(data.encode()[:65536], path)
    found = uspto_xml.read(path)
    first, second = found.table.to_pylist()
    assert (found.rows_in, found.set_aside, found.notes["other documents"]) == (2, [], "1")
    assert (first["publication_number"], second["publication_number"]) == ("US8930553B2", "USD736450B2")
    assert first["title"] == "Recycling ‘magnets’ of Nd2Fe &unknown; & more"
    assert (first["cpc"], first["ipc"]) == (["C22B59/00", "C22B7/006"], ["G06F15/16"])
    assert first["applicants"] == [{"name": "IBM", "country": "DE"}]
    assert first["inventors"] == [{"name": "Nissim, Nitzan", "country": None}]
    assert first["priorities"] == [
        {"number": "CH1974/01", "date": dt.date(2001, 10, 26)},
        {"number": "US60195933", "date": dt.date(2000, 4, 10)},
    ]
    assert (first["priority_date"], first["filing_date"]) == (dt.date(2000, 4, 10), dt.date(2012, 10, 9))
    assert (first["application_number"], first["abstract"]) == ("US13648029", "Summary.")
    assert not found.source.has_family_members
    assert "CN" in found.source.lacks_offices
    assert "US" not in found.source.lacks_offices


def test_red_book_of_2001_with_sgml_empty_tags(tmp_path: Path):
    """ST.32 documents, with an empty tag that SGML leaves open and IPC symbols without a stroke."""
    row, again = uspto_xml.read(
        saved(tmp_path, "pg.sgm", (OLDER + OLDER.replace("45678", "45679")).encode())
    ).table.to_pylist()
    assert (row["publication_number"], again["publication_number"]) == ("USRE45678E", "USRE45679E")
    assert (row["ipc"], row["title"], row["abstract"]) == (["G06F15/16", "H01L21/302"], "Arrangement", "Text.")
    assert row["applicants"] == [{"name": "Ericsson", "country": "SE"}]
    assert row["inventors"] == [{"name": "Do, Ann", "country": "US"}]
    assert row["priorities"] == [{"number": "NO971605", "date": dt.date(1997, 4, 8)}]


def test_red_book_before_2013_the_owner_is_the_assignee(tmp_path: Path):
    """Before 2013 the applicants are the inventors: the assignee is the applicant, if there is one."""
    data = GRANT.format(number="1").replace('app-type="applicant"', 'app-type="applicant-inventor"')
    row = uspto_xml.read(saved(tmp_path, "a.xml", data.encode())).table.to_pylist()[0]
    assert [party["name"] for party in row["applicants"]] == ["Other"]
    without = data.replace("<assignee>", "<none>").replace("</assignee>", "</none>")
    row = uspto_xml.read(saved(tmp_path, "b.xml", without.encode())).table.to_pylist()[0]
    assert [party["name"] for party in row["applicants"]] == ["IBM"]


def test_red_book_documents_that_are_broken_are_counted(tmp_path: Path):
    """Broken, numberless and cut-off documents are set aside one by one; the others are kept."""
    whole = GRANT.format(number="08930553")
    broken = whole.replace("</invention-title>", "")
    numberless = GRANT.format(number="")
    data = whole + broken + numberless + whole[: len(whole) // 2]
    found = uspto_xml.read(saved(tmp_path, "a.xml", data.encode()))
    assert (found.rows_in, found.table.num_rows) == (4, 1)
    assert {loss.reason for loss in found.set_aside} == {
        "the document is no readable XML",
        "no publication number",
        "the document is cut off",
    }
    for bad in (b"", b"<html/>", gzip.compress(whole.encode() * 50)[:-30]):
        with pytest.raises(FileFormatError):
            uspto_xml.read(saved(tmp_path, "bad.xml", bad))


@settings(max_examples=30)
@given(st.lists(st.sampled_from(["whole", "cut", "other"]), min_size=1, max_size=6), st.integers(1, 3000))
def test_no_red_book_document_is_lost_between_blocks(kinds, block):
    """However the bytes fall into blocks, as many documents come out as went in."""
    whole = GRANT.format(number="08930553")
    parts = {"whole": whole, "cut": whole[:-30], "other": '<?xml version="1.0"?><sequence-cwu/>'}
    data = "".join(parts[kind] for kind in kinds).encode()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size, block) if size and size > 0 else block)

    member = container.Member("x", Slow(data))
    assert len(list(uspto_xml._documents(member))) == len(kinds)
