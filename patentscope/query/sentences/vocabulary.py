"""The words that a sentence's reader knows: what compares, what is passed over, and what makes it refuse."""

from __future__ import annotations

from patentscope.query.sentences.said import EQUAL, LESS, MORE


def _each(listed: str, value: str) -> dict[tuple[str, ...], str]:
    return {tuple(words.split()): value for words in listed.split(",")}


#: What puts the side before it over, under or level with the side behind it.
RELATIONS = {
    **_each("outnumber,outnumbers,outnumbered,outnumbering,exceed,exceeds,exceeded,exceeding", MORE),
    **_each("surpass,surpasses,surpassed,surpassing,outpace,outpaces,outpaced,outpacing,outstrip,outstrips", MORE),
    **_each("outstripped,outstripping,tops,topped,eclipse,eclipses,eclipsed,dwarf,dwarfs,dwarfed,dwarfing", MORE),
    **_each("beat,beats,beaten,outdo,outdoes,outdid,outdone,outfile,outfiled,outproduce,outproduced,leads,led", MORE),
    **_each("ahead of,above,outperform,outperforms,outperformed,outrank,outranked,overshadow,overshadowed", MORE),
    **_each("trail,trails,trailed,trailing,trailed behind,trails behind,lag behind,lags behind,lagged behind", LESS),
    **_each("lagging behind,behind,below,fall short of,falls short of,fell short of,lag,lags,lagged", LESS),
    **_each("equal,equals,equalled,equaled,equalling,match,matches,matched,level with,on a par with", EQUAL),
}
#: What also says that it was the other way round before.
CROSSINGS = _each(
    "overtake,overtakes,overtook,overtaken,overtaking,passed,passes,leapfrog,leapfrogs,leapfrogged,pulled ahead of,"
    "moved ahead of,edged ahead of,edged past,edged out,pulled past,moved past,went past,caught up with",
    MORE,
)
#: Of these a percentage can be one of the lower side, or of the higher.
LAGGING = {"trail", "trails", "trailed", "trailing", "lag", "lags", "lagged", "lagging", "behind"}
COMPARED = {
    **dict.fromkeys(("more", "higher", "greater", "larger", "bigger"), MORE),
    **dict.fromkeys(("fewer", "less", "lower", "smaller"), LESS),
}
AS_MANY = {("as", word) for word in ("many", "much", "large", "high", "numerous", "big", "great")}
BE = {"was", "were", "is", "are", "be", "been", "being"}
SHARES = {"share", "proportion", "portion", "percentage"}
ACCOUNTS = {
    *("account", "accounts", "accounted", "accounting", "represent", "represents", "represented", "constitute"),
    *("constitutes", "constituted", "comprise", "comprises", "comprised", "contribute", "contributes", "contributed"),
}
MADE_UP = {("made", "up"), ("make", "up"), ("makes", "up"), ("making", "up")}
#: Verbs and what must stand behind them for a part of all patents to be a country's: `came from China`.
ORIGINS = {
    **dict.fromkeys(("came", "come", "comes", "coming", "stem", "stems", "stemmed", "originate"), ("from", "out")),
    **dict.fromkeys(("originates", "originated"), ("from", "in")),
    **dict.fromkeys(("belong", "belongs", "belonged", "went", "go", "goes"), ("to",)),
}
FILED = {"filed", "owned", "held", "made", "submitted", "lodged", "invented", "registered", "produced", "published"}
#: The two sides are one by one, not together.
EACH = {"each", "both", "either", "respectively", "individually", "separately"}
OTHERS_ONE_BY_ONE = tuple(
    tuple(f"{word} {rest}".split())
    for word in ("any", "every", "each")
    for rest in ("other country", "other nation", "other state", "other single country", "one else", "other")
) + (("anyone", "else"), ("anybody", "else"))
TOGETHER = {"combined", "together", "collectively", "altogether", "jointly"}

PATENTS = {
    *("patent", "patents", "application", "applications", "filing", "filings", "invention", "inventions", "family"),
    *("families", "patenting"),
}
OWNERS = {
    *("company", "companies", "firm", "firms", "applicant", "applicants", "inventor", "inventors", "owner", "owners"),
    *("counterpart", "counterparts", "rival", "rivals", "peer", "peers", "competitor", "competitors", "ones", "filer"),
    "filers",
}
_COUNTED = {
    *("number", "numbers", "tally", "count", "counts", "figure", "figures", "output", "volume", "level", "amount"),
    *("total", "totals", "sum", "those", "that", "what"),
}
#: Words that say that a number is compared, not a part taken: `half the number of`.
NUMBER_NOUNS = _COUNTED
_VERBS = {
    *("file", "filed", "files", "submit", "submits", "submitted", "lodge", "lodged", "register", "registered"),
    *("made", "make", "makes", "had", "have", "has", "having", "hold", "holds", "held", "own", "owns", "owned"),
    *("produce", "produced", "produces", "publish", "published", "publishes", "apply", "applied", "applies", "got"),
    *("secured", "obtained", "received", "counted", "recorded", "saw", "invented", "did", "do", "does", "stood"),
    *("stands", "stand", "reached", "hit", "hits", "came", "come", "totaled", "totalled", "amounted", "remained"),
    *("remains", "took", "taken", "put", "won", "went", "filing", *BE),
}
_SMALL = {
    *("the", "a", "an", "such", "of", "in", "by", "from", "for", "with", "as", "to", "on", "at", "and", "out"),
    *("still", "already", "also", "again", "alone", "far", "even", "just", "only", "well", "much", "many", "now"),
    *("then", "all", "total", "overall", "altogether", "which", "who", "whose", "that", "there", "these", "during"),
    *("world", "global", "globally", "worldwide", "year", "years", "based", "calendar", "whole", "entire", "when"),
    *("lot", "other", "significantly", "considerably", "substantially", "comfortably", "easily", "vastly", "clearly"),
    *("country", "countries", "nation", "nations", "margin", "factor", "whopping", "staggering", "mere", "full"),
    *TOGETHER,
}
FILLER = frozenset(_SMALL | _VERBS | PATENTS | OWNERS | _COUNTED | SHARES)
#: Words that begin an unread part: `in rare earth recycling`.
PREPOSITIONS = frozenset(
    "in on for of about against with to from by at concerning covering regarding involving relating".split()
)
#: Prepositions that make what follows a topic, in which names may stand: `for Parkinson's disease`.
TOPICAL = PREPOSITIONS - {"by", "from", "at", "to", "with"}


def _refused(why: str, listed: str) -> dict[str, str]:
    return dict.fromkeys(listed.split(), why)


DENIES = "it denies or leaves something out; write what is claimed without it"
_MAYBE = "what may come to be can't be counted; write what is claimed of years that are over"
_CHANGE = "a change over time is not compared; write how the countries stand in given years"
_RATE = "numbers of patents are compared, nothing else; take it out, if numbers are meant"
_RANK = "ranks are not checked; name the countries to compare with, or `*` for all others together"
LARGE = "numbers of patents are counted, not read; write how many times as many, or by how many per cent"
_CLAUSE = "one comparison is read at a time; give it alone"
_WHOSE = "who is meant is not read; name the country"
_OWNER = "an owner by name is no country; name the countries, or take it out"
SAYS = "who says so must stand first or last, between commas; take it out"
_VAGUE = "how sure or how near this is can't be read; take it out, or put it right before a size"
_EVERY = "years are counted together; write one claim for each year"
_OFFICE = "where patents are filed is one of the ways to count, which all are shown; take it out"
_NO_US = "write US or the United States, if they are meant"
_LANGUAGE = "a language is no country; take it out"
REFUSED = {
    **_refused(DENIES, "not never no none neither nor without cannot hardly barely scarcely except excluding excluded"),
    **_refused(
        DENIES, "unless non instead rather unlike false wrong untrue apart besides denied denies ignoring minus"
    ),
    **_refused(_MAYBE, "if will would could might should shall expected forecast projected predicted likely perhaps"),
    **_refused(_MAYBE, "possibly aims plans soon set poised may upcoming next future"),
    **_refused(
        _CHANGE, "rose rise rises risen rising grew grow grows grown growth growing increase increased increases"
    ),
    **_refused(
        _CHANGE, "increasing jumped jump surged surge surging soared climbed doubled tripled trebled quadrupled"
    ),
    **_refused(
        _CHANGE, "halved doubling tripling fell fall falls fallen falling dropped drop declined decline declining"
    ),
    **_refused(
        _CHANGE, "decreased decrease shrank shrunk gained gain gains up down faster slower became become becoming"
    ),
    **_refused(_CHANGE, "since ago earlier later widened narrowed changed change accelerated slowed"),
    **_refused(_RATE, "per capita average averaged mean median ratio rate rates adjusted weighted cited citations"),
    **_refused(_RATE, "citation quality value valued worth spending spent population gdp inhabitants residents people"),
    **_refused(_RATE, "revenue sales exports imports market trademark trademarks papers articles points likelihood"),
    **_refused(_RATE, "dollar dollars euros $ € £"),
    **_refused(
        _RANK, "most top first second third fourth fifth largest biggest leader ranks ranked rank highest fewest"
    ),
    **_refused(_RANK, "least lowest smallest number-one majority"),
    **_refused(LARGE, "million billion trillion thousand thousands hundred hundreds dozen dozens millions bn"),
    **_refused(
        _CLAUSE, "but while whereas although though despite however yet nevertheless because before after until"
    ),
    **_refused(_WHOSE, "its their it they them he she his her our we ours your you my i hers theirs"),
    **_refused(_NO_US, "us"),
    **_refused(_OWNER, "university academy institute inc ltd corp corporation gmbh plc"),
    **_refused(
        SAYS, "says said say reported reports shows showed show found finds claims claimed noted notes suggests"
    ),
    **_refused(SAYS, "indicates estimates estimated announced argues argued warned warns revealed reveals"),
    **_refused(
        _VAGUE, "nearly almost around roughly approximately usually mostly mainly partly between compared versus vs"
    ),
    **_refused(_EVERY, "every annually yearly consecutive annual"),
    **_refused(_OFFICE, "uspto cnipa sipo jpo kipo dpma ukipo inpi"),
    **_refused(_LANGUAGE, "language languages sino anglo franco"),
}
#: Topics in which a word of `REFUSED` says nothing of the comparison.
COMPOUNDS = {
    tuple(words.split())
    for words in (
        "climate change,phase change,crystal growth,growth hormone,growth factor,plant growth,large language,"
        "language model,language models,natural language,language processing,programming language,quality control,"
        "air quality,water quality,power quality,market design,heart rate,data rate,second generation,first aid"
    ).split(",")
}
