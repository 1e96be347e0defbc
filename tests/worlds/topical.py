"""Publications that a topic takes by classes, by terms however they are written, by two members together, or not."""

from __future__ import annotations

import numpy as np

from patentscope.query.query import Query
from patentscope.records.publication import Publication

from factories import make_publication

TOPIC = """
name = "candidates"
[scope]
years = [2015, 2025]
[topic.classes]
a = ["C22B59", "C01F17=", "C04B18/04"]
A = ["C22B7/006", "B09B", "C22B1/005="]
y = ["Y02P10/20", "C21B"]
[topic.terms.en]
a = ["rare earth", "mouse", "Nd2Fe14B", "REE", "10 kg", "稀土", "ガラス"]
b = ["recycle", "end-of-life", "spent", "not", "naïve", "回收", "リサイクル", "スクラップ"]
[topic.readings]
classes = { all = ["classes.a", "classes.A"] }
terms = { all = ["terms.a", "terms.b"] }
"either+eol" = { all = ["classes.a"], any = ["terms.b", "classes.y"] }
strict_no_y02 = { all = ["classes.A", "classes.y"] }
learnt = { all = ["classifier"] }
"""
TOPIC_QUERY = Query.parse(TOPIC)
ANY_TERM = Query.parse(
    TOPIC.partition("[topic.readings]")[0] + '[topic.readings]\nterms = { any = ["terms.a", "terms.b"] }'
)
SYMBOLS = (
    *(
        "C22B59/00",
        "c22b 59/10",
        "C22B  59",
        "C22B590/00",
        "C01F17/00",
        "C01F17",
        "C01F17/10",
        "C04B18/0427",
        "C21B3/04",
    ),
    *("C22B7/00", "C22B7/006", "B09B3/40", "B 09 B", "C22B1/005", "C22B1/0056", "Y02P10/20", "Y02P 10/205", "none"),
)
#: Texts with one term: inflected, in capitals, beside marks, wide, half-width, composed characters, entities, split up.
WRITTEN = (
    *(
        "Recycling",
        "RARE-EARTHS from ore",
        "of mice.",
        "end of life: magnets",
        "Nd₂Fe₁₄B",
        "ＲＥＥs",
        "ｒａｒｅ　ｅａｒｔｈ",
    ),
    *("it cannot", "10kg", "10㎏", "a nai\u0308ve way", "rare\u2011earth", "un-recycled", "ﬁne, spent", "ⓡecycles"),
    *("ｶﾞﾗｽ", "ﾘｻｲｸﾙする", "リサ㋑クル", "回 收", "稀\u3000土", "スクラッフ\u309aを", "废稀土, old"),
    *("rare&nbsp;earth", "Nd&lt;sub&gt;2&lt;/sub&gt;Fe&lt;sub&gt;14&lt;/sub&gt;B", "&#31232;&#22303;"),
)
OFFICES = ("US", "CN", "JP", "EP", "KR")
#: Texts that hold a term's letters and no term.
OTHERS = ("a tree of degrees", "unrecycled", "rare. Earth", "heated to 500℃", "土地回转", "ララリサ", "Foo™ bar", "")


def topical(count: int) -> list[Publication]:
    """Return *count* publications of few families across offices, each with some classes and terms.

    Families are told by a stated id, by named members or by a priority; of a third of the parties nothing is said.
    """
    draw = np.random.default_rng(0)
    made = []
    for place in range(count):
        family, office = int(draw.integers(200)), OFFICES[place % len(OFFICES)]
        symbols = tuple(map(str, draw.choice(SYMBOLS, draw.integers(3))))
        title, abstract = (str(draw.choice([*WRITTEN, *OTHERS])) if draw.random() < 0.7 else None for _ in range(2))
        first = f"CN2020{family:08d}"
        stated = {"family_id": str(family)}
        named = {"family_members": (f"lens:{family}-1", f"lens:{family}-2")}
        facts = (stated, {"priorities": [(f"{first} A", None)]}, stated, named)[family % 4]
        own = f"{first}.X" if place % 2 else f"US2021/{place:06d}"
        made.append(
            make_publication(
                f"{office}{place + 1:08d}A",
                office=office,
                applicants=[office] if place % 3 else [],
                cpc=symbols[:1],
                ipc=symbols[1:],
                title=title,
                title_original=f"{title} {abstract}" if place % 9 == 0 else None,
                abstract=abstract,
                application_number=own,
                **facts,
            )
        )
    return made
