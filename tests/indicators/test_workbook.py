"""Workbooks: written, read back, refused cell by cell, and never taken for formulas."""

import io
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from app.errors import Invalid
from app.indicators import definition, workbook
from app.indicators.rows import total
from app.indicators.workbook import FaultyWorkbook
from tests.indicators.making import rows, saved

HEADS = ["编码", "一级指标", "二级指标", "三级指标", "核查要点", "分值", "评分标准"]
GOOD = ["", "决策", "项目立项", "立项依据充分性", "", 5, "每项扣 1 分"]


def book(*lines, heads=HEADS, title=None):
    made = Workbook()
    sheet = made.active
    if title:
        sheet.append([title])
    sheet.append(heads)
    for line in lines:
        sheet.append(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def faults(data):
    with pytest.raises(FaultyWorkbook) as caught:
        workbook.read(data)
    return [(one.row, one.column) for one in caught.value.faults]


def test_what_is_exported_comes_back_the_same(app, draft):
    with app.test_request_context():
        data = workbook.system_sheets(draft)
    assert workbook.read(data).rows == definition.rows_of(draft)


def test_the_english_export_comes_back_too(app, draft):
    from flask_babel import force_locale

    with app.test_request_context(), force_locale("en"):
        data = workbook.system_sheets(draft)
    assert workbook.read(data).rows == definition.rows_of(draft)


def test_words_that_look_like_formulas_stay_words(app, draft, lead):
    saved(lead, draft, rows(draft, A11={"standard": '=HYPERLINK("file:///x")', "name": "+1"}))
    with app.test_request_context():
        data = workbook.system_sheets(draft)
    cells = [cell for line in load_workbook(io.BytesIO(data)).active.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert workbook.read(data).rows[0].standard == '=HYPERLINK("file:///x")'


def test_merged_levels_titles_and_sums_are_understood():
    data = book(
        GOOD,
        [None, None, None, "立项程序规范性", None, "３.５", None],
        [None] * 7,
        [None, None, "资金投入", "预算编制", None, 1.25, None],
        ["合计", None, None, None, None, 9.75, None],
        [None, "过程", "下面的", "不算", None, 1, None],
        title="演示项目指标体系",
    )
    reading = workbook.read(data)
    assert [(one.level1, one.level2, one.name) for one in reading.rows] == [
        ("决策", "项目立项", "立项依据充分性"),
        ("决策", "项目立项", "立项程序规范性"),
        ("决策", "资金投入", "预算编制"),
    ]
    assert str(total(reading.rows)) == "9.75"
    assert reading.numbers == [3, 4, 6]


def test_each_cell_that_cannot_be_read_is_named():
    data = book(
        GOOD,
        ["", "决策", "项目立项", "二", "", "五分", ""],
        ["", "决策", "项目立项", "三", "", "=1+1", ""],
        ["", "决策", "=A1", "四", "", None, ""],
    )
    assert faults(data) == [(3, "F"), (4, "F"), (5, "C"), (5, "F")]


def test_floats_are_read_as_they_are_shown():
    assert str(workbook.read(book([*GOOD[:5], 0.1, ""])).rows[0].points) == "0.1"
    assert workbook.read(book([*GOOD[:5], 1e-7, ""])).rows[0].points == Decimal("0.0000001")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 broken",
        b"\xd0\xcf\x11\xe0 an old xls",
        b"not a workbook at all",
        book(heads=["一", "二", "三"]),
        book(),
        b"PK" + b"x" * (workbook.MOST_BYTES + 1),
    ],
)
def test_what_is_no_table_of_indicators_is_refused_in_words(data):
    with pytest.raises(Invalid):
        workbook.read(data)


def test_a_zip_that_is_no_workbook_is_refused():
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<broken")
    with pytest.raises(Invalid):
        workbook.read(out.getvalue())


def test_a_workbook_that_swells_is_refused():
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", bytes(workbook.MOST_UNPACKED + 1))
    assert len(out.getvalue()) < workbook.MOST_BYTES
    with pytest.raises(Invalid):
        workbook.read(out.getvalue())
