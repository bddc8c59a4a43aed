"""Small real files for the demonstration: DOCX, XLSX, OFD, PNG, ZIP and CSV, made in memory."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

MARK = "演示文件：机构、人员、项目和数据均为虚构"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_LONG_AGO = (2026, 1, 1, 0, 0, 0)  # archives don't tell when the demonstration was made


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    """A ZIP archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=1)
    return out.getvalue()


def docx(title: str, lines: Sequence[str]) -> bytes:
    """A Word document: a heading and a paragraph for each line."""
    main = f"{_OFFICE}.wordprocessingml.document.main+xml"
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    head = '<w:rPr><w:b/><w:sz w:val="32"/></w:rPr>'
    runs = [f"<w:p><w:r>{head}<w:t>{escape(title)}</w:t></w:r></w:p>"]
    runs += [f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in (*lines, MARK)]
    body = f'{_XML}<w:document xmlns:w="{space}"><w:body>{"".join(runs)}</w:body></w:document>'
    return _office("word/document.xml", main, {"word/document.xml": body})


def xlsx(title: str, rows: Sequence[Sequence[str | int | float]]) -> bytes:
    """A workbook of one sheet: the title, then the rows."""
    main = f"{_OFFICE}.spreadsheetml.sheet.main+xml"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    all_rows: list[Sequence[str | int | float]] = [[title], *rows, [MARK]]
    data = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in all_rows)
    sheet = f'{_XML}<worksheet xmlns="{space}"><sheetData>{data}</sheetData></worksheet>'
    book = (
        f'{_XML}<workbook xmlns="{space}" xmlns:r="{_DOCUMENT}"><sheets>'
        '<sheet name="底稿" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    parts = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
    }
    more = {"/xl/worksheets/sheet1.xml": f"{_OFFICE}.spreadsheetml.worksheet+xml"}
    return _office("xl/workbook.xml", main, parts, more)


def _cell(value: str | int | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def _relations(kind: str, target: str) -> str:
    told = f'Id="rId1" Type="{_DOCUMENT}/{kind}" Target="{target}"'
    return f'{_XML}<Relationships xmlns="{_RELATIONS}"><Relationship {told}/></Relationships>'


def _office(
    main: str, kind: str, parts: Mapping[str, str], more: Mapping[str, str] | None = None
) -> bytes:
    """A package whose content types say what each part is."""
    kinds = {f"/{main}": kind, **(more or {})}
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{told}"/>' for part, told in kinds.items()
    )
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    default = (
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    types = f'{_XML}<Types xmlns="{space}">{default}{overrides}</Types>'
    relations = _relations("officeDocument", main)
    return packed({"[Content_Types].xml": types, "_rels/.rels": relations, **parts})


def ofd(title: str, lines: Sequence[str]) -> bytes:
    """An OFD document (GB/T 33190) of one page, text in the reader's own 宋体."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    texts = "".join(
        f'<ofd:TextObject ID="{10 + n}" Boundary="20 {25 + n * 9} 170 8" Font="2" Size="4.5">'
        f'<ofd:TextCode X="0" Y="5">{escape(line)}</ofd:TextCode></ofd:TextObject>'
        for n, line in enumerate((title, *lines, MARK))
    )
    page = "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
    root = (
        f'{_XML}<ofd:OFD {space} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        f"<ofd:Title>{escape(title)}</ofd:Title></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )
    document = (
        f"{_XML}<ofd:Document {space}><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID>"
        f"<ofd:PageArea>{page}</ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
        '</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
        "</ofd:Pages></ofd:Document>"
    )
    fonts = (
        f'{_XML}<ofd:Res {space} BaseLoc="Res"><ofd:Fonts>'
        '<ofd:Font ID="2" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>'
    )
    content = (
        f"{_XML}<ofd:Page {space}><ofd:Area>{page}</ofd:Area><ofd:Content>"
        f'<ofd:Layer ID="3" Type="Body">{texts}</ofd:Layer></ofd:Content></ofd:Page>'
    )
    names = ("OFD.xml", "Doc_0/Document.xml", "Doc_0/PublicRes.xml")
    parts = dict(zip(names, (root, document, fonts), strict=True))
    return packed({**parts, "Doc_0/Pages/Page_0/Content.xml": content})


def png(shade: int) -> bytes:
    """A picture of a place: sky, a hill and a road; no two shades look the same."""
    width, height, rows = 240, 160, bytearray()
    sky, hill, road = (140 + shade % 80, 180, 220), (70, 120 + shade % 90, 70), (120, 116, 110)
    for y in range(height):
        rows.append(0)
        ground = 70 + (shade * 7 + y) % 9
        colour = sky if y < ground else hill if y < 125 else road
        rows += bytes(colour) * width
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(bytes(rows), 1))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def csv(rows: Sequence[Sequence[str | int | float]]) -> bytes:
    """A table as UTF-8 with BOM."""
    return ("\ufeff" + "\r\n".join(",".join(map(str, row)) for row in rows)).encode()
