"""Patent documents in XML, as EPO and USPTO write them."""

from __future__ import annotations

OPS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><ops:world-patent-data xmlns="http://www.epo.org/exchange" '
    'xmlns:ops="http://ops.epo.org">'
)


OPS_TAIL = "</ops:world-patent-data>"


EN_SPACE = "\u2002"


def cpc(symbol: str, office: str, scheme: str = "CPCI", value: str = "I") -> str:
    """Return one CPC classification as OPS writes it, the symbol as `C22B59/00`."""
    group, subgroup = symbol[4:].split("/")
    return (
        f'<patent-classification sequence="1"><classification-scheme office="EP" scheme="{scheme}"/>'
        f"<section>{symbol[0]}</section><class>{symbol[1:3]}</class><subclass>{symbol[3]}</subclass>"
        f"<main-group>{group}</main-group><subgroup>{subgroup}</subgroup>"
        f"<classification-value>{value}</classification-value><generating-office>{office}</generating-office>"
        "</patent-classification>"
    )


UC = (
    '<patent-classification><classification-scheme office="US" scheme="UC"/>'
    "<classification-symbol>423/21.1</classification-symbol></patent-classification>"
)


BIBLIO = f"""<bibliographic-data>
<publication-reference>
<document-id document-id-type="docdb"><country>CN</country><doc-number>116904750</doc-number><kind>A</kind>
<date>20231020</date></document-id>
<document-id document-id-type="epodoc"><doc-number>CN116904750</doc-number><date>20231020</date></document-id>
</publication-reference>
<classification-ipc><text>C22B59/00</text><text>C22B7/00</text></classification-ipc>
<classifications-ipcr><classification-ipcr sequence="1"><text>C22B  59/    00            A I                    </text>
</classification-ipcr></classifications-ipcr>
<patent-classifications>{cpc("C22B59/00", "EP")}{cpc("C22B59/00", "US", value="A")}
{cpc("C22B7/006", "CN", "CPCNO")}{UC}
</patent-classifications>
<application-reference doc-id="1">
<document-id document-id-type="docdb"><country>CN</country><doc-number>202310907250</doc-number><kind>A</kind>
</document-id>
<document-id document-id-type="epodoc"><doc-number>CN202310907250</doc-number><date>20230724</date></document-id>
</application-reference>
<priority-claims><priority-claim sequence="1" kind="national">
<document-id document-id-type="epodoc"><doc-number>CN202310907250</doc-number><date>20230724</date></document-id>
<document-id document-id-type="original"><doc-number>202310907250.X</doc-number></document-id></priority-claim>
<priority-claim sequence="2" kind="international">
<document-id document-id-type="epodoc"><doc-number>WO2022CN63512</doc-number><date>20220501</date></document-id>
</priority-claim></priority-claims>
<parties><applicants>
<applicant sequence="2" data-format="epodoc"><applicant-name><name>SECOND &amp; SONS [US]
</name></applicant-name></applicant>
<applicant sequence="1" data-format="epodoc"><applicant-name>
<name>UNIV JIANGXI{EN_SPACE}[CN]</name></applicant-name></applicant>
<applicant sequence="1" data-format="original"><applicant-name>
<name>Jiangxi University, </name></applicant-name></applicant>
</applicants><inventors>
<inventor sequence="1" data-format="epodoc"><inventor-name><name> LI NING, </name></inventor-name></inventor>
<inventor sequence="1" data-format="original"><inventor-name><name>LI, Ning</name></inventor-name></inventor>
</inventors></parties>
<invention-title lang="zh">一种稀土回收方法</invention-title>
<invention-title lang="en">Recycling  of
rare earths</invention-title>
</bibliographic-data>
<abstract lang="zh"><p>摘要</p></abstract>
<abstract lang="en"><p>First.</p><p><b>H</b> <i>in</i> H<sub>2</sub>O.</p></abstract>"""


def document(serial: str = "116904750", inside: str = BIBLIO, attributes: str = 'family-id="88346107"') -> str:
    """Return one exchange document as OPS writes it."""
    return f'<exchange-document {attributes} country="CN" doc-number="{serial}" kind="A">{inside}</exchange-document>'


def answer(*documents: str) -> bytes:
    """Return an answer of OPS: exchange-documents is repeated, one per hit."""
    inside = "".join(f"<exchange-documents>{entry}</exchange-documents>" for entry in documents)
    search = f'<ops:biblio-search total-result-count="{len(documents)}"><ops:search-result>{inside}</ops:search-result>'
    return f"{OPS_HEAD}{search}</ops:biblio-search>{OPS_TAIL}".encode()


GRANT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-v45-2014-04-03.dtd" [ ]>
<us-patent-grant lang="EN" country="US"><us-bibliographic-data-grant>
<publication-reference><document-id><country>US</country><doc-number>{number}</doc-number><kind>B2</kind>
<date>20150106</date></document-id></publication-reference>
<application-reference appl-type="utility"><document-id><country>US</country><doc-number>13648029</doc-number>
<date>20121009</date></document-id></application-reference>
<priority-claims><priority-claim sequence="01" kind="national"><country>CH</country><doc-number>1974/01</doc-number>
<date>20011026</date></priority-claim></priority-claims>
<classifications-ipcr><classification-ipcr><section>G</section><class>06</class><subclass>F</subclass>
<main-group>15</main-group><subgroup>16</subgroup><generating-office><country>US</country></generating-office>
</classification-ipcr></classifications-ipcr>
<classifications-cpc><main-cpc><classification-cpc><section>C</section><class>22</class><subclass>B</subclass>
<main-group>59</main-group><subgroup>00</subgroup></classification-cpc></main-cpc><further-cpc><classification-cpc>
<section>C</section><class>22</class><subclass>B</subclass><main-group>7</main-group><subgroup>006</subgroup>
</classification-cpc></further-cpc></classifications-cpc>
<invention-title id="t">Recycling &lsquo;magnets&rsquo; of Nd<sub>2</sub>Fe &unknown; &amp; more</invention-title>
<us-citation><classification-cpc-text>A01B 1/00</classification-cpc-text></us-citation>
<us-related-documents><us-provisional-application><document-id><country>US</country><doc-number>60195933</doc-number>
<date>20000410</date></document-id></us-provisional-application></us-related-documents>
<us-parties><us-applicants><us-applicant sequence="001" app-type="applicant"><addressbook><orgname>IBM</orgname>
<address><country>US</country></address></addressbook><residence><country>DE</country></residence></us-applicant>
</us-applicants><inventors><inventor sequence="001"><addressbook><last-name>Nissim</last-name>
<first-name>Nitzan</first-name>
<address><country>unknown</country></address></addressbook></inventor></inventors></us-parties>
<assignees><assignee><addressbook><orgname>Other</orgname></addressbook></assignee></assignees>
</us-bibliographic-data-grant><abstract id="abstract"><p>Summary.</p></abstract>
<description>Long &made-up; text</description></us-patent-grant>
"""


OLDER = """<!DOCTYPE PATDOC SYSTEM "x.dtd" [<!ENTITY P.TIF SYSTEM "P.TIF" NDATA TIF>]><PATDOC><SDOBI>
<B100><B110><DNUM><PDAT>RE045678</PDAT></DNUM></B110><B130><PDAT>E</PDAT></B130><B140><DATE><PDAT>20020101</PDAT></DATE></B140>
</B100><B200><B210><DNUM><PDAT>09413215</PDAT></DNUM></B210><B220><DATE><PDAT>19991005</PDAT></DATE></B220></B200>
<B300><B310><DNUM><PDAT>971605</PDAT></DNUM></B310><B320><DATE><PDAT>19970408</PDAT></DATE></B320><B330><CTRY><PDAT>NO</PDAT>
</CTRY></B330></B300><B500><B510><B511><PDAT>G06F 1516</PDAT></B511><B512><PDAT>H01L 21302</PDAT></B512></B510>
<B540><STEXT><PDAT>Arrangement</PDAT></STEXT></B540><B561><PCIT><DOC/></PCIT><CITED-BY-EXAMINER></B561></B500>
<B700><B720><B721><PARTY-US><NAM><FNM><PDAT>Ann</PDAT></FNM><SNM><STEXT><PDAT>Do</PDAT></STEXT></SNM></NAM>
<ADR><CITY><PDAT>Reno</PDAT></CITY><STATE><PDAT>NV</PDAT></STATE></ADR></PARTY-US></B721></B720>
<B730><B731><PARTY-US><NAM><ONM><STEXT><PDAT>Ericsson</PDAT></STEXT></ONM></NAM><ADR><CTRY><PDAT>SE</PDAT></CTRY></ADR></PARTY-US>
</B731></B730></B700></SDOBI><SDOAB><BTEXT><PARA><PTEXT><PDAT>Text.</PDAT></PTEXT></PARA></BTEXT></SDOAB><SDODE/></PATDOC>
"""


DOCDB = """<?xml version="1.0" encoding="UTF-8"?>
<exch:exchange-documents xmlns:exch="http://www.epo.org/exchange" date-of-exchange="20260107" no-of-documents="{count}">
{documents}</exch:exchange-documents>"""


def docdb(serial: int, status: str = "A") -> str:
    """Return one document as DOCDB files write it: prefixed and bare tags mixed, one reference per format."""
    return f"""<exch:exchange-document country="JP" doc-number="{serial}" kind="A" family-id="7" date-publ="20240102"
 status="{status}"><exch:bibliographic-data>
<exch:publication-reference data-format="docdb"><document-id lang="ja"><country>JP</country>
<doc-number>{serial}</doc-number><kind>A</kind><date>20240102</date></document-id></exch:publication-reference>
<exch:publication-reference data-format="epodoc"><document-id><doc-number>JP{serial}</doc-number></document-id>
</exch:publication-reference>
<exch:classifications-ipcr><classification-ipcr sequence="1">
<text>A61K  31/519       20060101AFI20100101BHEP        </text>
</classification-ipcr></exch:classifications-ipcr>
<exch:patent-classifications><patent-classification sequence="1">
<classification-scheme office="EP" scheme="CPCI"><date>20130101</date></classification-scheme>
<classification-symbol>C22B  59/00        </classification-symbol><symbol-position>F</symbol-position>
<generating-office>EP</generating-office></patent-classification>
<combination-set><combination-rank><patent-classification><classification-scheme scheme="CPCI"/>
<classification-symbol>B01J2523/00</classification-symbol></patent-classification></combination-rank></combination-set>
</exch:patent-classifications>
<exch:application-reference data-format="docdb" doc-id="9"><document-id><country>JP</country>
<doc-number>2022111111</doc-number><kind>A</kind><date>20220701</date></document-id></exch:application-reference>
<exch:application-reference data-format="epodoc"><document-id><doc-number>JP20220111111</doc-number></document-id>
</exch:application-reference>
<exch:priority-claims><exch:priority-claim sequence="1" data-format="docdb"><document-id><country>JP</country>
<doc-number>2022111111</doc-number><kind>A</kind><date>20220701</date></document-id></exch:priority-claim>
<exch:priority-claim sequence="1" data-format="epodoc"><document-id><doc-number>JP20220111111</doc-number></document-id>
</exch:priority-claim></exch:priority-claims>
<exch:parties><exch:applicants><exch:applicant sequence="1" data-format="docdb">
<exch:applicant-name><name>HITACHI LTD</name>
</exch:applicant-name><residence><country>JP</country></residence></exch:applicant>
<exch:applicant sequence="1" data-format="docdba"><exch:applicant-name><name>Hitachi, Ltd.</name></exch:applicant-name>
</exch:applicant></exch:applicants></exch:parties>
<exch:language-of-publication>ja</exch:language-of-publication>
<exch:invention-title lang="ja" data-format="original">回収方法</exch:invention-title>
<exch:invention-title lang="en" data-format="docdba">Recovery method</exch:invention-title>
</exch:bibliographic-data>
<exch:abstract lang="en" data-format="docdba"><exch:p>Text.</exch:p></exch:abstract></exch:exchange-document>
"""


def docdb_file(count: int, *, stated: int | None = None, extra: str = "") -> bytes:
    """Return a DOCDB file of *count* documents."""
    documents = "".join(docdb(2024000001 + place) for place in range(count)) + extra
    return DOCDB.format(count=count if stated is None else stated, documents=documents).encode()
