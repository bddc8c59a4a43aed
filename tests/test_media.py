"""A file is what its content says, and its name has to agree."""

import io
import struct
import zipfile

import openpyxl
import pypdf
import pytest
from PIL import Image

from app.archives import BrokenArchive, ZipBomb
from app.errors import Invalid
from app.media import (
    BadName,
    EmptyFile,
    ForeignType,
    MediaType,
    NameMismatch,
    accept,
    clean_name,
    kind_of,
)

OFFICE = "application/vnd.openxmlformats-officedocument."


def packed(parts, *, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def office(kind, part):
    types = f'<Types><Override PartName="/{part}" ContentType="{kind}"/></Types>'
    return packed({"[Content_Types].xml": types, part: "<x/>"})


def pdf():
    out = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(out)
    return out.getvalue()


def workbook():
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "演示"
    book.save(out)
    return out.getvalue()


def picture(kind):
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind)
    return out.getvalue()


def ole(*names, chain=(0xFFFFFFFE,)):
    """Make an OLE2 file: header, one allocation table, then directory sectors."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    header[30:32] = (9).to_bytes(2, "little")
    header[48:52] = (1).to_bytes(4, "little")
    header[76:80] = (0).to_bytes(4, "little")
    table = struct.pack("<I", 0xFFFFFFFD) + b"".join(struct.pack("<I", n) for n in chain)
    entries = b""
    for name in names:
        text = name.encode("utf-16-le") + b"\0\0"
        entries += text.ljust(64, b"\0") + len(text).to_bytes(2, "little") + bytes(62)
    return bytes(header) + table.ljust(512, b"\xff") + entries.ljust(512 * len(chain), b"\0")


SAMPLES = {
    "报告.pdf": (pdf(), MediaType.PDF),
    "scan.PDF": (b"\xef\xbb\xbf\r\n" + pdf(), MediaType.PDF),
    "表.xlsx": (workbook(), MediaType.XLSX),
    "方案.docx": (
        office(f"{OFFICE}wordprocessingml.document.main+xml", "word/document.xml"),
        MediaType.DOCX,
    ),
    "汇报.pptx": (
        office(f"{OFFICE}presentationml.presentation.main+xml", "ppt/presentation.xml"),
        MediaType.PPTX,
    ),
    "正文.ofd": (packed({"OFD.xml": '<ofd:OFD xmlns:ofd="x"/>'}), MediaType.OFD),
    "旧.doc": (ole("Root Entry", "WordDocument"), MediaType.DOC),
    "旧.wps": (ole("Root Entry", "WordDocument"), MediaType.DOC),
    "旧.xls": (ole("Root Entry", "Workbook"), MediaType.XLS),
    "旧.et": (ole("Root Entry", "Workbook"), MediaType.XLS),
    "旧.ppt": (ole("Root Entry", "PowerPoint Document"), MediaType.PPT),
    "密.docx": (ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), MediaType.LOCKED_OFFICE),
    "章.jpg": (picture("JPEG"), MediaType.JPG),
    "章.jpeg": (picture("JPEG"), MediaType.JPG),
    "章.png": (picture("PNG"), MediaType.PNG),
    "章.tif": (picture("TIFF"), MediaType.TIFF),
    "章.bmp": (picture("BMP"), MediaType.BMP),
    "资料.zip": (packed({"合同/一.txt": "演示"}), MediaType.ZIP),
    "资料.7z": (b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(24), MediaType.SEVEN_Z),
    "资料.rar": (b"Rar!\x1a\x07\x01\x00" + bytes(24), MediaType.RAR),
    "访谈.mp3": (b"\xff\xfb\x90\x64" + bytes(413), MediaType.MP3),
    "访谈2.mp3": (b"ID3\x04\0\0\0\0\0\0", MediaType.MP3),
    "访谈.m4a": (b"\0\0\0\x20ftypM4A \0\0\0\0", MediaType.M4A),
    "电话.m4a": (b"\0\0\0\x20ftypmp42\0\0\0\0", MediaType.MP4),
    "现场.mp4": (b"\0\0\0\x20ftypisom\0\0\0\0", MediaType.MP4),
    "说明.txt": ("资金使用说明\r\n".encode(), MediaType.TEXT),
    "说明2.txt": ("资金使用说明\r\n".encode("gb18030"), MediaType.TEXT),
    "台账.csv": ("\ufeff序号,金额\r\n1,2\r\n".encode(), MediaType.TEXT),
}
FOREIGN = {
    "program": b"MZ\x90\x00" + bytes(60),
    "elf": b"\x7fELF\x02\x01\x01" + bytes(60),
    "page": b"<!DOCTYPE html><title>x</title>",
    "page after a blank": b"\xef\xbb\xbf\n  <HTML>",
    "page after words": b"hello <script>alert(1)</script>",
    "picture that runs": b'<?xml version="1.0"?><svg xmlns="x" onload="x"/>',
    "script": b"#!/bin/sh\nrm x\n",
    "php": b"text <?php echo 1 ?>",
    "noise": bytes(range(256)),
    "text with a null": b"abc\0def",
    "half a character": "资".encode()[:1],
    "gif": b"GIF89a" + bytes(20),
    "jar": packed({"META-INF/MANIFEST.MF": "Main-Class: X"}),
    "macros": office("application/vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml"),
    "main part missing": packed(
        {
            "[Content_Types].xml": f'<Override PartName="/a.xml"'
            f' ContentType="{OFFICE}spreadsheetml.sheet.main+xml"/>'
        }
    ),
    "not an ofd": packed({"OFD.xml": "<x/>"}),
    "installer": ole("Root Entry", "\u4840\u3f3f\u4577"),
    "ole cut short": ole("Root Entry", "WordDocument")[:600],
    "heic": b"\0\0\0\x20ftypheic\0\0\0\0",
}


@pytest.fixture
def received(tmp_path):
    def put(body):
        path = tmp_path / "upload"
        path.write_bytes(body)
        return path

    return put


def judge(path, name):
    return accept(path, name, path.stat().st_size)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_content_tells_the_type(received, name):
    body, expected = SAMPLES[name]
    path = received(body)
    assert kind_of(body[:4096], path) is expected
    assert kind_of(body[:4096], io.BytesIO(body)) is expected
    accepted = judge(path, name)
    assert (accepted.name, accepted.media) == (name, expected)
    assert accepted.encrypted is (expected is MediaType.LOCKED_OFFICE)


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("name", ["报告.pdf", "说明.txt", "资料.zip", "方案.docx", "旧.doc"])
def test_what_is_not_on_the_list_is_refused_under_any_name(received, kind, name):
    with pytest.raises(ForeignType):
        judge(received(FOREIGN[kind]), name)


@pytest.mark.parametrize(
    ("sample", "name"),
    [
        ("资料.zip", "报告.pdf"),
        ("报告.pdf", "报告.docx"),
        ("表.xlsx", "表.zip"),
        ("章.png", "章.jpg"),
        ("说明.txt", "报告.pdf"),
        ("报告.pdf", "报告"),
        ("旧.doc", "方案.docx"),
    ],
)
def test_a_name_has_to_agree_with_the_content(received, sample, name):
    with pytest.raises(NameMismatch) as caught:
        judge(received(SAMPLES[sample][0]), name)
    assert caught.value.status == 422


def test_an_ending_that_is_not_on_the_list_is_foreign(received):
    with pytest.raises(ForeignType):
        judge(received(b"alert(1)"), "x.js")


def test_an_empty_file_and_an_empty_archive_are_refused(received):
    with pytest.raises(EmptyFile):
        judge(received(b""), "报告.pdf")
    with pytest.raises(EmptyFile):
        judge(received(packed({})), "资料.zip")


def test_a_control_character_far_down_is_seen(received):
    body = b"a" * (5 * 1024 * 1024) + b"\x01"
    with pytest.raises(ForeignType):
        judge(received(body), "说明.txt")


def test_a_character_across_the_window_is_no_fault(received):
    body = b"a" * (4 * 1024 * 1024 - 1) + "资".encode()
    assert judge(received(body), "说明.txt").media is MediaType.TEXT


@pytest.mark.parametrize("cut", [10, 100, 200])
def test_an_archive_cut_short_is_told_to_be_damaged(received, cut):
    with pytest.raises(BrokenArchive):
        judge(received(packed({"a.txt": "x" * 50, "b.txt": "y" * 50})[:-cut]), "资料.zip")


def test_noise_after_a_container_magic_never_escapes_as_another_error(received):
    seeds = [SAMPLES[name][0] for name in ("表.xlsx", "资料.zip", "旧.doc", "正文.ofd")]
    for seed in seeds:
        for at in range(4, len(seed), max(len(seed) // 150, 1)):
            body = bytearray(seed)
            body[at] ^= 0xFF
            try:
                judge(received(bytes(body)), "资料.zip")
            except Invalid:
                continue


def test_a_circular_directory_ends():
    body = ole("Root Entry", "Nothing", chain=(1,))
    assert kind_of(body[:4096], io.BytesIO(body)) is None


@pytest.mark.parametrize("media", MediaType)
def test_every_type_can_be_kept_by_its_code(media):
    assert MediaType(media.value) is media
    assert media.mime
    assert media.label
    assert all(ending.startswith(".") for ending in media.endings)


# Names


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("绩效评价报告(送审稿).pdf", "绩效评价报告(送审稿).pdf"),
        ("  报告.pdf  ", "报告.pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("re\u200bport\ufeff.pdf", "report.pdf"),
        ("a..pdf", "a..pdf"),
        ("a.pdf...", "a.pdf"),
    ],
)
def test_a_name_is_cleaned(raw, name):
    assert clean_name(raw) == name


@pytest.mark.parametrize(
    "raw",
    [
        "", " ", "...", "..", ".", "\u200b", "../../etc/passwd", "..\\x.pdf", "C:\\x\\y.pdf",
        "a/b.pdf", "/x.pdf", "a\0.pdf", "a\nb.pdf", "a\tb.pdf", "a\x7f.pdf", "a\x85.pdf",
        "fdp.\u202egpj", "\u2066a.pdf", "a\u2028b.pdf", "a\ud800.pdf",
    ],
)  # fmt: skip
def test_a_name_with_path_parts_or_controls_is_refused(raw, received):
    with pytest.raises(BadName) as caught:
        judge(received(pdf()), raw)
    assert caught.value.status == 422


@pytest.mark.parametrize("length", [59, 60, 61, 200, 5000])
def test_a_long_name_keeps_its_ending(length):
    name = clean_name("评" * length + ".docx")
    assert len(name.encode()) <= 180
    assert name.endswith("评.docx")


def test_a_long_ending_is_no_ending():
    assert len(clean_name("a." + "b" * 400).encode()) == 180


# Bombs


def forged(body, *, said):
    """Say another unpacked size in every header of an archive."""
    out = bytearray(body)
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = out.find(mark)
        while at >= 0:
            out[at + place : at + place + 4] = struct.pack("<I", said)
            at = out.find(mark, at + 4)
    return bytes(out)


def zeros(path, sizes):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, mib in enumerate(sizes):
            with archive.open(f"{number}.txt", "w", force_zip64=True) as entry:
                for _piece in range(mib):
                    entry.write(bytes(1 << 20))
    return path


def nested(levels):
    body = packed({"a.txt": "x"})
    for _level in range(levels - 1):
        body = packed({"b.zip": body})
    return body


def test_over_a_gigabyte_at_a_high_ratio_is_a_bomb(tmp_path):
    bomb = zeros(tmp_path / "b.zip", [1025])
    assert bomb.stat().st_size < 2_000_000
    with pytest.raises(ZipBomb):
        judge(bomb, "b.zip")


def test_a_high_ratio_of_little_is_no_bomb(tmp_path):
    assert judge(zeros(tmp_path / "b.zip", [30]), "b.zip").media is MediaType.ZIP


@pytest.mark.parametrize("said", [0, 100, 40_000, 200_000])
def test_a_header_that_hides_the_size_is_a_bomb(received, said):
    body = packed({"a.txt": bytes(30_000_000)})
    with pytest.raises(ZipBomb):
        judge(received(forged(body, said=said)), "a.zip")


def test_a_claim_of_over_four_gigabytes_is_a_bomb(received):
    body = packed({"a.txt": b"x" * 2000, "b.txt": b"y" * 2000}, method=zipfile.ZIP_STORED)
    with pytest.raises(ZipBomb):
        judge(received(forged(body, said=0xF0000000)), "a.zip")


@pytest.mark.parametrize(("levels", "fine"), [(1, True), (3, True), (4, False), (9, False)])
def test_archives_in_archives_go_three_deep(received, levels, fine):
    path = received(nested(levels))
    if fine:
        assert judge(path, "n.zip").media is MediaType.ZIP
    else:
        with pytest.raises(ZipBomb):
            judge(path, "n.zip")


def test_many_small_bombs_inside_add_up(tmp_path):
    inner = zeros(tmp_path / "inner.zip", [300]).read_bytes()
    with zipfile.ZipFile(tmp_path / "o.zip", "w") as archive:
        for number in range(15):
            archive.writestr(f"{number}.zip", inner)
    with pytest.raises(ZipBomb):
        judge(tmp_path / "o.zip", "o.zip")


def test_too_many_entries_are_a_bomb(received):
    few, many = (packed({f"{n}": b"" for n in range(top)}) for top in (20_000, 20_001))
    assert judge(received(few), "a.zip").media is MediaType.ZIP
    with pytest.raises(ZipBomb):
        judge(received(many), "a.zip")


def test_a_huge_directory_is_not_even_read(received):
    many = packed({f"{n:0200}": b"" for n in range(25_000)})
    with pytest.raises(ZipBomb):
        kind_of(many[:4096], received(many))


def test_entries_that_share_bytes_are_a_bomb(tmp_path):
    body = packed({"a.txt": bytes(range(256)) * 40}, method=zipfile.ZIP_STORED)
    at = body.index(b"PK\x01\x02")
    end = body.index(b"PK\x05\x06")
    directory = body[at:end] * 50
    tail = body[end : end + 8] + struct.pack("<HHIIH", 50, 50, len(directory), at, 0)
    path = tmp_path / "o.zip"
    path.write_bytes(body[:at] + directory + tail)
    with pytest.raises(ZipBomb):
        judge(path, "o.zip")


def test_a_bomb_under_the_name_of_a_workbook_is_seen(tmp_path):
    path = tmp_path / "b.xlsx"
    path.write_bytes(workbook())
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/big.xml", "w", force_zip64=True) as entry,
    ):
        for _piece in range(1100):
            entry.write(bytes(1 << 20))
    with pytest.raises(ZipBomb):
        judge(path, "b.xlsx")


def test_a_locked_archive_is_taken_and_marked(received):
    body = bytearray(packed({"a.txt": "x" * 100}))
    body[6] |= 1
    body[body.index(b"PK\x01\x02") + 8] |= 1
    assert judge(received(bytes(body)), "a.zip").encrypted is True
