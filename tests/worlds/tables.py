"""Rows of BigQuery and tables of PATSTAT, in every shape that an export can have."""

from __future__ import annotations

import json
from typing import Any

NESTED: dict[str, Any] = {
    "publication_number": "CN-116904750-A",
    "application_number": "CN-202310907250-A",
    "country_code": "CN",
    "kind_code": "A",
    "family_id": "88346107",
    "publication_date": 20231020,
    "filing_date": 20230724,
    "priority_date": 20220501,
    "title_localized": [
        {"text": "一种方法", "language": "zh", "truncated": False},
        {"text": "A method", "language": "en", "truncated": False},
    ],
    "abstract_localized": [{"text": "Words.", "language": "en"}],
    "cpc": [
        {"code": "C22B59/00", "inventive": True, "first": True, "tree": []},
        {"code": "C22B7/006", "inventive": False, "first": False, "tree": []},
        {"code": "C22B59/00", "inventive": False, "first": False, "tree": []},
    ],
    "ipc": [{"code": "C22B59/00", "inventive": True, "first": True, "tree": []}],
    "assignee": ["江西理工大学"],
    "assignee_harmonized": [{"name": "UNIV JIANGXI, SCI & TECH", "country_code": "CN"}],
    "inventor": ["李宁"],
    "inventor_harmonized": [{"name": "LI NING", "country_code": ""}],
    "priority_claim": [
        {"publication_number": "", "application_number": "US-202263337000-P", "filing_date": 20220501, "type": ""}
    ],
}


def with_elements(value: Any) -> Any:
    """Put the levels around lists that BigQuery's parquet has without list inference."""
    if isinstance(value, list):
        return {"list": [{"element": with_elements(entry)} for entry in value]}
    return {name: with_elements(entry) for name, entry in value.items()} if isinstance(value, dict) else value


TABLES = {
    "tls201_part01.csv": "appln_id,appln_auth,appln_nr,appln_kind,appln_filing_date,receiving_office,"
    """earliest_filing_date,docdb_family_id
1,CN,201110053793,A ,2011-03-01,  ,2009-05-01,500
2,WO,2009012345,W ,2009-05-01,US,2008-05-02,501
3,US,12345678,A,9999-12-31,,9999-12-31,0
4,JP,2005001,A,2005-01-01,,2005-01-01,502
""",
    "tls211_part01.csv": """publn_nr,pat_publn_id,publn_auth,publn_kind,appln_id,publn_date,publn_lg
102154553,11,CN,A ,1,2011-08-17,zh
102154553,12,CN,B ,1,2013-02-13,zh
""",
    "tls211_part02.csv": """pat_publn_id;publn_auth;publn_nr;publn_kind;appln_id;publn_date;publn_lg
13;WO;2009111222;A1;2;9999-12-31;en
14;US;;D2;3;9999-12-31;
15;EP;77;A1;99;2020-01-01;
""",
    "tls206_person.csv": 'person_id,person_name,person_ctry_code\n7,"X, ""Y"" LTD",CN\n8,Z,  \n9,V,us\n',
    "tls207.csv": "person_id,appln_id,applt_seq_nr,invt_seq_nr\n9,1,0,2\n8,1,2,1\n7,1,1,0\n99,2,1,0\n",
    "tls202.csv": 'appln_id,appln_title_lg,appln_title\n1,zh,一种方法\n1,en,"A method,\nof two lines"\n',
    "tls203.csv": "appln_id,appln_abstract_lg,appln_abstract\n1,en,Words.\n",
    "tls204.csv": "appln_id,prior_appln_id,prior_appln_seq_nr\n1,4,2\n1,2,1\n1,98,3\n",
    "tls209.csv": "appln_id,ipc_class_symbol,ipc_class_level\n1,C22B  59/00   ,A\n",
    "tls224.csv": "appln_id,cpc_class_symbol\n1,H04N  19/103\n1,C22B  59/00\n1,C22B  59/00\n",
}


def lines(*rows: dict[str, Any]) -> str:
    """Return JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
