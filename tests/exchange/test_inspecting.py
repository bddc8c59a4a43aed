"""A planted number is found wherever a document hides it; what can't be read is refused."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from app.caged import every_word
from app.db import db
from app.errors import Invalid
from app.exchange import inspecting
from app.exchange.personal import found_in
from app.papers.models import VersionState
from tests.exchange.test_exchange import propose
from tests.papers.filing import file_kept
from tests.papers.filing import pdf as page_of

IDENTITY = "990101199003070018"  # 990101 is no place, so nobody has such a number


def part(inside):
    return f"<w:x xmlns:w='urn:w'>{inside}</w:x>"


def word(tmp_path, **parts):
    """A document of these parts, each named by its place."""
    path = tmp_path / "document.docx"
    with ZipFile(path, "w") as made:
        for name, data in parts.items():
            made.writestr(name.replace("__", "/").replace("_", "."), data)
    return path


CELLS = "".join(f"<w:tc><w:p><w:t>{digit}</w:t></w:p></w:tc>" for digit in IDENTITY)
SPLIT = f"<w:p><w:r><w:t>{IDENTITY[:7]}</w:t></w:r><w:r><w:t>{IDENTITY[7:]}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    "parts",
    [
        {"word__document_xml": part(f"<w:tbl><w:tr>{CELLS}</w:tr></w:tbl>")},
        {"word__document_xml": part(SPLIT)},
        {"word__document_xml": part(f"<w:del><w:delText>{IDENTITY}</w:delText></w:del>")},
        {"word__document_xml": part(f"<w:pic descr='{IDENTITY}'/>")},
        {"word__header1_xml": part(f"<w:p><w:t>{IDENTITY}</w:t></w:p>")},
        {"word__footnotes_xml": part(f"<w:p><w:t>{IDENTITY}</w:t></w:p>")},
        {"word__comments_xml": part(f"<w:p><w:t>{IDENTITY}</w:t></w:p>")},
        {"word___rels__document_xml_rels": part("<R Target='tel:13800001234'/>")},
        {"docProps__core_xml": part(f"<subject>{IDENTITY}</subject>")},
    ],
)
def test_nothing_of_a_word_document_is_left_out(tmp_path, parts):
    told = every_word.read("docx", word(tmp_path, **parts))
    assert found_in(told["text"])


def book(tmp_path, fill):
    workbook = Workbook()
    fill(workbook, workbook.active)
    path = tmp_path / "book.xlsx"
    workbook.save(path)
    return path


def hidden(workbook, _sheet):
    other = workbook.create_sheet("隐")
    other.sheet_state = "hidden"
    other["B7"] = IDENTITY


def listed(_workbook, sheet):
    sheet.append(["户名", "账号"])
    sheet.append(["演示公司", 330012345678])


def commented(_workbook, sheet):
    sheet["A1"] = "演示"
    sheet["A1"].comment = Comment("电话13800001234", "演示")


@pytest.mark.parametrize("fill", [hidden, listed, commented])
def test_nothing_of_a_workbook_is_left_out(tmp_path, fill):
    told = every_word.read("xlsx", book(tmp_path, fill))
    assert found_in(told["text"])


def test_a_number_that_a_cell_keeps_as_a_float_is_whole(tmp_path):
    def fill(_workbook, sheet):
        sheet.append(["绩效", 12.5, 20261123])
        sheet.append([990101199003070018])

    told = every_word.read("xlsx", book(tmp_path, fill))
    assert [one.masked[:3] for one in found_in(told["text"])] == ["990"]
    assert "1200000000000" in every_word.xml_words(b"<c><v>1.2E+12</v></c>")


def pdf(tmp_path, *pages):
    """Pages whose drawing is given, words or none."""
    writer = PdfWriter()
    for drawn in pages:
        page, stream = writer.add_blank_page(200, 200), DecodedStreamObject()
        stream.set_data(drawn)
        if drawn:
            page[NameObject("/Contents")] = writer._add_object(stream)
    path = tmp_path / "document.pdf"
    writer.write(path)
    return path, writer


def test_a_page_that_shows_something_without_words_is_not_read(tmp_path):
    blank, _writer = pdf(tmp_path, b"")
    assert "text" in every_word.read("pdf", blank)
    scan, writer = pdf(tmp_path, b"", b"q 200 0 0 200 0 0 cm /Im0 Do Q")
    assert every_word.read("pdf", scan) == {"unread": "scan"}
    writer.add_attachment("a.txt", b"1")
    writer.write(scan)
    assert every_word.read("pdf", scan) == {"unread": "embedded"}


@pytest.mark.parametrize(
    "parts",
    [
        {"word__document_xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"},
        {"word__embeddings__ole1_bin": "\0"},
        {"word__document_xml": "<x"},
    ],
)
def test_what_is_hostile_or_embedded_is_not_read(tmp_path, parts):
    assert "unread" in every_word.read("docx", word(tmp_path, **parts))


def test_a_document_within_a_document_is_read(tmp_path):
    inner = BytesIO()
    with ZipFile(inner, "w") as made:
        made.writestr("xl/sheet.xml", f"<c><v>{IDENTITY}</v></c>")
    told = every_word.read("docx", word(tmp_path, word__embeddings__a_xlsx=inner.getvalue()))
    assert found_in(told["text"])


def test_an_accepted_paper_is_read_in_the_cage_and_refused(engagement, lead, officer):
    data = page_of(f"Tel 138 0000 1234 {IDENTITY}")
    paper = file_kept(lead, engagement, "B-09", "演示", data, "底稿.pdf")
    version = paper.versions[0]
    version.state = VersionState.APPROVED
    db.session.commit()
    assert IDENTITY in inspecting.words_of(version)[version.sha256]
    with pytest.raises(Invalid) as told:
        propose(officer, version)
    assert "138******34" in str(told.value)
