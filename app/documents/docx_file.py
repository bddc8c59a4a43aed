"""A document as DOCX in the layout of GB/T 9704, to be carried into the office system.

The usual typefaces are named (方正小标宋简体, 仿宋_GB2312, 黑体, 楷体_GB2312); a computer without
them shows its own.
"""

import io
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from app.documents.layout import Told, day_in_words, parts_of

TITLE, BODY, HEAD, LOWER = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
FACES = {"heading": HEAD, "lower": LOWER}
RED = RGBColor(0xC8, 0x10, 0x2E)
SIZE_2, SIZE_3, SIZE_4 = Pt(22), Pt(16), Pt(14)  # 二号, 三号, 四号
LINE = Pt(28.95)  # 22 lines of 28 characters on a page of 225 mm


def docx_of(told: Told) -> bytes:
    """The whole document as the bytes of a DOCX file."""
    document = Document()
    _page(document)
    _write(document, told.issuer + "文件", TITLE, Pt(36), align=ALIGN.CENTER, red=True)
    number = _write(document, told.document_no, BODY, SIZE_3, align=ALIGN.CENTER)
    _rule(number, "bottom", "C8102E", 16)
    _write(document, "", BODY, SIZE_3)
    _write(document, told.title, TITLE, SIZE_2, align=ALIGN.CENTER)
    _write(document, "", BODY, SIZE_3)
    for part in parts_of(told.body):
        if part.sort == "table":
            _table(document, part.rows)
        else:
            line = _write(document, part.text, FACES.get(part.sort, BODY), SIZE_3)
            line.paragraph_format.first_line_indent = None if part.sort == "address" else SIZE_3 * 2
    _ending(document, told)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    foot = section.footer.paragraphs[0]
    foot.alignment = ALIGN.CENTER
    for text in ("— ", None, " —"):
        run = foot.add_run(text or "")
        _face(run, "宋体", SIZE_4)
        if text is None:
            _page_number(run)


def _page_number(run: Any) -> None:
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        run._r.append(element)


def _face(run: Any, name: str, size: Any) -> None:
    run.font.name, run.font.size = "Times New Roman", size
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _write(
    document: Any, text: str, face: str, size: Any, *, align: Any = None, red: object = None
) -> Any:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    _face(run, face, size)
    if red:
        run.font.color.rgb = RED
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.alignment = align
    if size < Pt(30):
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    return paragraph


def _rule(paragraph: Any, side: str, color: str, size: int) -> None:
    borders = OxmlElement("w:pBdr")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(size)), ("space", "4"), ("color", color)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def _table(document: Any, rows: list[list[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widest = [min(20, max(4, *(len(row[n]) for row in rows))) for n in range(len(rows[0]))]
    for place, row in enumerate(rows):
        for cell, text, width in zip(table.rows[place].cells, row, widest, strict=True):
            cell.width = Mm(156 * width / sum(widest))
            _face(cell.paragraphs[0].add_run(text), BODY if place else HEAD, Pt(12))


def _ending(document: Any, told: Told) -> None:
    _write(document, "", BODY, SIZE_3)
    for text, left in ((told.issuer, Mm(0)), (day_in_words(told.dated_on), Mm(0))):
        line = _write(document, text, BODY, SIZE_3, align=ALIGN.RIGHT)
        line.paragraph_format.right_indent = SIZE_3 * 4 - left
    if told.copies:
        line = _write(document, f"抄送：{told.copies}", BODY, SIZE_4)
        line.paragraph_format.space_before = Pt(24)
        _rule(line, "top", "000000", 6)
