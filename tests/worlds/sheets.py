"""Sheets as five sites export them: their headers, and rows written under them."""

from __future__ import annotations

import csv
import datetime as dt
import io

import xlsxwriter


def header(names):
    """Return a header's cells."""
    return next(csv.reader([names]))


GOOGLE = header(
    "id,title,assignee,inventor/author,priority date,filing/creation date,publication date,grant date,"
    "result link,representative figure link"
)


LENS = header(
    "#,Jurisdiction,Kind,Display Key,Lens ID,Publication Date,Publication Year,Application Number,"
    "Application Date,Priority Numbers,Earliest Priority Date,Title,Abstract,Applicants,Inventors,URL,"
    "Document Type,Simple Family Size,Simple Family Members,CPC Classifications,IPCR Classifications"
)


ESPACENET = header(
    "No,Title,Inventors,Applicants,Publication number,Earliest priority,IPC,CPC,Publication date,"
    "Earliest publication,Family number"
)


CLASSIC = header(
    "Title,Publication number,Publication date,Inventor(s),Applicant(s),International classification,"
    "Cooperative Patent Classification,Application number,Date of application,Priority number(s)"
)


PATENTSCOPE = header("Publication Number,Publication Date,Title,Priority Data,IPC,Applicants,Inventors,FP Image")


def text_of(header, *body, separator=",", end="\n", above=(), quoting=csv.QUOTE_MINIMAL):
    """Return rows as CSV text."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator=end, quoting=quoting)
    writer.writerows([*above, header, *body])
    return stream.getvalue()


SEARCH = (["search URL:", "https://patents.google.com/?q=(C22B59)"],)


def google(number="CN-116904750-A", **cells):
    """Return one row of a Google Patents export."""
    row = {
        "id": number, "title": "A method ", "assignee": "Acme Corp.", "inventor/author": "A. One, B. Two",
        "priority date": "2021-01-02", "filing/creation date": "2021-01-02", "publication date": "2023-10-20",
        "result link": f"https://patents.google.com/patent/{number.replace('-', '')}/en",
    }  # fmt: skip
    row |= {name.replace("_", " "): cell for name, cell in cells.items()}
    return [row.get(name, "") for name in GOOGLE]


def lens(key="US 2013/0101709 A1", **cells):
    """Return one row of a Lens export."""
    row = {
        "#": "1", "Jurisdiction": key[:2], "Kind": key.split()[-1], "Display Key": key,
        "Publication Date": "2013-04-25", "Publication Year": "2013", "Application Number": "US 201213657122 A",
        "Application Date": "2012-10-22",
        "Priority Numbers": "US 201161550506 P;;US 201213657122 A", "Earliest Priority Date": "2011-10-24",
        "Title": "Pizza", "Applicants": "PIZZA HUT INC", "Inventors": "RADER JEFF;;DOE JANE",
        "URL": "https://lens.org/012-345-678-901-23X", "CPC Classifications": "C22B59/00;;C22B7/00",
        "IPCR Classifications": "C22B59/00",
    }  # fmt: skip
    row |= {name.replace("_", " "): cell for name, cell in cells.items()}
    return [row.get(name, "") for name in LENS]


def espacenet(number="US4750722A", **cells):
    """Return one row of a current Espacenet export."""
    row = {
        "No": "1", "Title": "Machine vise", "Inventors": "CHICK JAMES P\u2002[US] \nLEE CHA [KR]",
        "Applicants": "CHICK JAMES P", "Publication number": number, "Earliest priority": "1985-08-07",
        "IPC": "B25B1/10 \nB25B1/10 \nB25B1/24", "CPC": "B25B1/103 (EP,US) \nB25B1/24 (EP,US)",
        "Publication date": "1988-06-14", "Earliest publication": "1988-06-14", "Family number": "025067405",
    }  # fmt: skip
    row |= {name.replace("_", " "): cell for name, cell in cells.items()}
    return [row.get(name, "") for name in ESPACENET]


INCOPAT = header(
    "序号,标题 (中文),标题 (英文),摘要 (中文),摘要 (英文),申请人,公开（公告）号,公开（公告）日,申请号,申请日,公开国别,"
    "标题（小语种原文）,IPC,CPC,申请人国家/地区,申请人地址,发明人,发明人国家/地区,发明人地址（原始）,简单同族,DocDB同族ID,"
    "优先权信息,最早优先权日,文献种类代码"
)


def incopat(number="CN119176532A", **cells):
    """Return one row of an incoPat export; *cells* by their names in the header."""
    row = {
        "标题 (中文)": "一种方法", "标题 (英文)": "A method", "摘要 (中文)": "摘要", "申请人": "甲公司; 乙大学",
        "公开（公告）号": number, "公开（公告）日": dt.date(2024, 12, 24), "申请号": "CN202411227129.6",
        "申请日": dt.date(2024, 9, 3), "公开国别": "China", "IPC": "C01B25/37; C01G53/10",
        "CPC": "C01B25/375; C01G53/10", "申请人国家/地区": "中国", "发明人": "余海军",
        "简单同族": f"{number}; WO2025000001A1", "优先权信息": "CN202411227129 20240903", "文献种类代码": number[-1:],
    }  # fmt: skip
    row |= cells
    return [row.get(name, "") for name in INCOPAT]


def book(*sheets, hidden=(), formats=None):
    """Return a workbook's bytes; each of *sheets* is a name and rows of cells, dates shown as dates."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": True, **(formats or {})}) as written:
        as_date = written.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets:
            page = written.add_worksheet(name)
            for at, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        page.write_datetime(at, place, dt.datetime.combine(cell, dt.time()), as_date)
                    else:
                        page.write(at, place, cell)
            if name in hidden:
                page.hide()
    return made.getvalue()
