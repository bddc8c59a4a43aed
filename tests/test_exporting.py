"""Exported tables open as they were meant, and never as formulas."""

import csv
import io
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from email.message import EmailMessage

import openpyxl
import pytest

from app.exporting import Sheet, content_disposition, guarded, to_csv, to_xlsx

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=HYPERLINK(\"x\")", " =1",
    "\N{FULLWIDTH EQUALS SIGN}1", "\0=1", "-", "=cmd|' /C calc'!A0",
]  # fmt: skip


def read(body):
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def opened(body):
    return openpyxl.load_workbook(io.BytesIO(body))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_in_csv_is_words(text):
    (_head, (cell, after)) = read(to_csv(["a", "b"], [[text, "x"]]))
    assert cell.startswith("'")
    assert after == "x"


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_in_a_heading_is_words(text):
    assert read(to_csv([text], []))[0][0].startswith("'")


@pytest.mark.parametrize(
    "text", ["演示机构", "a=b", "1-2", "", "91350100M000100Y43", "a@b.example"]
)
def test_plain_words_stay_as_they_are(text):
    assert guarded(text) == text


def test_csv_has_a_bom_and_crlf_and_quotes():
    body = to_csv(["机构", "备注"], [["演示甲", '他说"好",\n第二行']])
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.endswith(b"\r\n")
    assert read(body)[1] == ["演示甲", '他说"好",\n第二行']


def test_numbers_dates_and_blanks_in_csv():
    at = datetime(2026, 11, 22, 17, tzinfo=UTC)
    row = [-5, Decimal("-0.10"), Decimal("1E+3"), 4.5, None, date(2026, 11, 23), at]
    told = read(to_csv(list("abcdefg"), [row]))[1]
    assert told == ["-5", "-0.10", "1000", "4.5", "", "2026-11-23", "2026-11-23 01:00:00"]


def test_a_workbook_has_types_and_no_formula():
    at = datetime(2026, 11, 22, 17, tzinfo=UTC)
    row = ["=1+1", -5, Decimal("1234567.89"), 4.5, None, date(2026, 11, 23), at, 10**17]
    sheet = Sheet(list("abcdefgh"), [row], formats={2: "#,##0.00"})
    cells = opened(to_xlsx({"排名": sheet}))["排名"][2]
    assert [cell.data_type for cell in cells] == ["s", "n", "n", "n", "n", "d", "d", "s"]
    assert [cell.value for cell in cells] == [
        "=1+1", -5, 1234567.89, 4.5, None,
        datetime(2026, 11, 23), datetime(2026, 11, 23, 1), str(10**17),  # noqa: DTZ001 - read back
    ]  # fmt: skip
    assert cells[2].number_format == "#,##0.00"
    assert cells[5].number_format == "yyyy-mm-dd"


def test_no_text_becomes_a_formula_or_a_link_in_the_file_itself():
    texts = [[text] for text in [*FORMULAS, "https://portal.example/", "mailto:a@b.example"]]
    with zipfile.ZipFile(io.BytesIO(to_xlsx({"a": Sheet(["x"], texts)}))) as parts:
        page = parts.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in page
        assert b"<hyperlink" not in page


def test_a_sheet_prints_on_a4_landscape_one_page_wide():
    sheet = Sheet(["名次", "机构"], [[1, "演示甲会计师事务所"]], title="第三方机构排名")
    page = opened(to_xlsx({"排名": sheet})).active
    assert page["A1"].value == "第三方机构排名"
    assert [cell.value for cell in page[2]] == ["名次", "机构"]
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage is True
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.freeze_panes == "A3"
    assert page.print_title_rows == "$2:$2"
    assert page.auto_filter.ref == "A2:B3"
    assert page.column_dimensions["B"].width > page.column_dimensions["A"].width


def test_widths_are_bounded_and_may_be_given():
    sheet = Sheet(["a", "b", "c"], [["字" * 500, 1, "x"]], widths={2: 33})
    page = opened(to_xlsx({"a": sheet})).active
    widths = [page.column_dimensions[letter].width for letter in "ABC"]
    assert 60 <= widths[0] < 61
    assert 6 <= widths[1] < 9
    assert 33 <= widths[2] < 34


def test_sheet_names_are_made_fit():
    sheet = Sheet(["a"], [])
    names = ["2026/上半年", "2026:上半年", "字" * 40, "字" * 41, "", "A", "a", "'x'", "\0"]
    made = opened(to_xlsx(dict.fromkeys(names, sheet))).sheetnames
    assert made[:2] == ["2026 上半年", "2026 上半年 2"]
    assert made[4:] == ["Sheet", "A", "a 2", "x", "Sheet 2"]
    assert len(set(made)) == len(names)


def test_odd_cells_do_not_break_a_workbook():
    rows = [["x" * 40_000], ["a\0b\x1f"], [float("nan")], [float("inf")], [Decimal("NaN")]]
    page = opened(to_xlsx({"a": Sheet(["x"], rows)})).active
    assert len(page["A2"].value) == 32_767
    assert page["A3"].value == "ab"
    assert page["A4"].value == "nan"


def test_an_empty_sheet_opens():
    assert opened(to_xlsx({"a": Sheet(["x"], [])})).active["A1"].value == "x"


def test_a_moment_without_a_zone_is_refused():
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="time zone"):
        to_csv(["a"], [[naive]])


@pytest.mark.parametrize(
    ("name", "fallback"),
    [
        ("绩效评价报告.pdf", "file.pdf"),
        ("2026年排名 (终稿).xlsx", "2026 ().xlsx"),
        ("report.pdf", "report.pdf"),
        ('a"b\\c.pdf', "a_b_c.pdf"),
        ("a\r\nX: y.pdf", "a__X_ y.pdf"),
        ("100%.pdf", "100.pdf"),
        ("排名", "file"),
        ("r\u00e9sum\u00e9.pdf", "resume.pdf"),
    ],
)
def test_a_name_survives_the_header(name, fallback):
    header = content_disposition(name)
    assert header.isascii()
    assert "\n" not in header
    assert f'filename="{fallback}"' in header
    message = EmailMessage()
    message["Content-Disposition"] = header.replace(f'filename="{fallback}"; ', "")
    assert message.get_filename() == name


def test_a_file_may_be_shown_in_the_page():
    assert content_disposition("a.pdf", "inline").startswith("inline; ")


def test_a_broken_name_still_makes_a_header():
    assert content_disposition("a\ud800.pdf").isascii()


def test_the_writer_is_loaded_only_when_needed():
    code = "import sys, app.exporting; sys.exit('xlsxwriter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
