"""Hostile workbooks, by reader and by kind: each reader refuses each of them, in words and soon."""

import io
import time
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from app import tabular
from app.archives import Definitions, unpacked_workbook
from app.errors import Invalid
from app.indicators import workbook as indicators
from app.sheets import workbook as forms

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
QUADRATIC = f'<!ENTITY q "{"x" * 50_000}">'
DOCTYPES = {
    "billion laughs": (f"<!DOCTYPE x [{LAUGHS}]>", "&l9;"),
    "quadratic": (f"<!DOCTYPE x [{QUADRATIC}]>", "&q;" * 2000),
    "file of the machine": ('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', "&f;"),
    "page of our network": ('<!DOCTYPE x [<!ENTITY f SYSTEM "http://127.0.0.1:1/">]>', "&f;"),
    "parameter entity": ('<!DOCTYPE x [<!ENTITY % f SYSTEM "file:///etc/passwd"> %f;]>', "a"),
}
READERS = {
    "tables": lambda data: tabular.read(data, {"name": tabular.Column(("名称",))}),
    "indicators": indicators.read,
    "review forms": lambda data: forms.read(b"k" * 32, data),
}


def workbook(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def poisoned(part, doctype, words):
    """A good workbook in which one part begins with definitions and uses them."""
    out = io.BytesIO()
    with (
        ZipFile(io.BytesIO(workbook(["名称"], ["演示"]))) as good,
        ZipFile(out, "w", ZIP_DEFLATED) as bad,
    ):
        for entry in good.infolist():
            data = good.read(entry)
            if entry.filename == part:
                start = data.index(b"?>") + 2 if data.startswith(b"<?xml") else 0
                data = data[:start] + doctype.encode() + data[start:]
                data = data.replace("演示".encode(), words.encode())
            bad.writestr(entry.filename, data)
    return out.getvalue()


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", DOCTYPES)
@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml", "xl/workbook.xml"]
)
def test_a_hostile_workbook_is_refused_by_every_reader(reader, kind, part):
    data, began = poisoned(part, *DOCTYPES[kind]), time.monotonic()
    with pytest.raises(Invalid):
        READERS[reader](data)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("kind", DOCTYPES)
def test_it_is_the_definitions_that_are_refused(kind):
    with pytest.raises(Definitions):
        unpacked_workbook(poisoned("xl/workbook.xml", *DOCTYPES[kind]), 1 << 26)
    wide = poisoned("xl/workbook.xml", *DOCTYPES[kind])
    assert unpacked_workbook(wide, 1) > 1


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be"])
def test_another_charset_hides_no_definitions(charset):
    part = f'<?xml version="1.0" encoding="{charset}"?><!-- a --><!DOCTYPE x []><x/>'
    data = part.encode(charset)
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", data)
    with pytest.raises(Definitions):
        unpacked_workbook(out.getvalue(), 1 << 20)


def test_the_same_workbook_without_poison_is_read():
    table = tabular.read(workbook(["名称"], ["演示"]), {"name": tabular.Column(("名称",))})
    assert [line.values["name"] for line in table.lines] == ["演示"]


@pytest.mark.parametrize("reader", READERS)
def test_a_workbook_that_unpacks_to_too_much_is_refused(reader):
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (80 << 20))
    with pytest.raises(Invalid):
        READERS[reader](out.getvalue())


@pytest.mark.parametrize("reader", READERS)
def test_a_sheet_that_claims_to_be_endless_ends(reader):
    data, out = workbook(["名称"], ["演示"]), io.BytesIO()
    with ZipFile(io.BytesIO(data)) as good, ZipFile(out, "w", ZIP_DEFLATED) as bad:
        for entry in good.infolist():
            told = good.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                told = told.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
                told = told.replace(b'<row r="2"', b'<row r="1048576"')
                told = told.replace(b'r="A2"', b'r="A1048576"')
            bad.writestr(entry.filename, told)
    began = time.monotonic()
    with pytest.raises(Invalid):
        READERS[reader](out.getvalue())
    assert time.monotonic() - began < 5
