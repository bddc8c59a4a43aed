"""Files shown in the page: each in a frame with rules of its own, with its reader's name over it."""

import io
import struct
import zlib

import pytest
from PIL import Image
from pypdf import PdfReader

from app import office
from app import pdf as press
from app.policy import Role
from app.reading import cache, converting
from app.reading.charset import charset_of
from tests.factories import UserFactory
from tests.papers.filing import file_kept, pdf

needs_font = pytest.mark.skipif(bool(press.missing()), reason="no CJK font here: no watermark")


def png():
    def chunk(kind, data):
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", 300, 200, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00" + b"\xff" * 300 and (b"\x00" + b"\xff" * 300) * 200)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def bitmap():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "BMP")
    return out.getvalue()


FILES = {
    "pdf": ("方案.pdf", pdf("plan"), "application/pdf"),
    "png": ("照片.png", png(), "image/png"),
    "text": ("记录.txt", "现场记录 <b>".encode(), "text/html; charset=utf-8"),
    "csv": ("数据.csv", "单位,金额\n演示,1".encode("gb18030"), "text/html; charset=utf-8"),
}


@needs_font
@pytest.mark.parametrize("kind", FILES)
def test_a_frame_has_rules_of_its_own_and_the_readers_name(
    engagement, lead, sign_in, audited, kind
):
    name, data, expected = FILES[kind]
    paper = file_kept(lead, engagement, "C-01", "资料", data, name)
    client, at = sign_in(lead), f"/papers/{paper.id}/versions/1"
    page = client.get(f"{at}/preview")
    assert page.status_code == 200
    assert f'src="{at}/view"' in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    assert audited()[-1] != "paper.previewed"
    shown = client.get(f"{at}/view")
    assert (shown.status_code, shown.content_type) == (200, expected)
    assert shown.data != data
    rules = shown.headers["Content-Security-Policy"]
    assert rules.startswith("default-src 'none'")
    assert "script" not in rules
    assert ("sandbox" in rules) == (kind != "pdf")
    assert ("sandbox" in page.text.partition("<iframe")[2].partition(">")[0]) == (kind != "pdf")
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert audited()[-1] == "paper.previewed"
    assert client.get(f"{at}/file").data == data, "the original stays byte for byte"


@needs_font
def test_every_page_of_a_pdf_is_marked_and_keeps_its_words(engagement, lead, sign_in):
    paper = file_kept(lead, engagement, "C-01", "资料", pdf("plan", "two"), "方案.pdf")
    shown = PdfReader(io.BytesIO(sign_in(lead).get(f"/papers/{paper.id}/versions/1/view").data))
    page = shown.pages[0]
    assert "plan" in page.extract_text()
    stamp = page["/Resources"]["/XObject"]["/XpReader"]
    assert stamp["/Subtype"] == "/Image"
    drawn = page["/Contents"].get_object()[-1].get_object().get_data()
    assert drawn.count(b"/XpReader Do") >= 4


@needs_font
def test_a_picture_is_marked_with_ink(engagement, lead, sign_in):
    paper = file_kept(lead, engagement, "D-01", "照片", png(), "照片.png")
    shown = sign_in(lead).get(f"/papers/{paper.id}/versions/1/view").data
    colours = Image.open(io.BytesIO(shown)).convert("RGB").getcolors(1 << 16)
    assert len(colours) > 3, "white and the red of the words"


def test_a_text_is_shown_as_words_with_its_readers_name(engagement, lead, sign_in):
    data = "单位,金额\na <b>,1".encode("gb18030")
    paper = file_kept(lead, engagement, "F-01", "数据", data, "数据.csv")
    shown = sign_in(lead).get(f"/papers/{paper.id}/versions/1/view").text
    assert "单位,金额" in shown
    assert "a &lt;b&gt;,1" in shown
    from urllib.parse import quote

    assert quote(lead.name) in shown


def test_a_locked_pdf_says_why_nothing_is_seen(engagement, lead, sign_in, audited):
    from pypdf import PdfWriter

    writer, out = PdfWriter(clone_from=io.BytesIO(pdf("plan"))), io.BytesIO()
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(out)
    paper = file_kept(lead, engagement, "C-01", "资料", out.getvalue(), "方案.pdf")
    shown = sign_in(lead).get(f"/papers/{paper.id}/versions/1/view")
    assert (shown.status_code, shown.mimetype) == (409, "text/plain")
    assert "paper.previewed" not in audited()


def test_other_types_are_only_downloaded_and_the_page_says_so(engagement, lead, sign_in):
    data = b"ID3\x03\x00\x00\x00\x00\x00\x00" + bytes(64)
    paper = file_kept(lead, engagement, "E-01", "录音", data, "录音.mp3")
    client, at = sign_in(lead), f"/papers/{paper.id}/versions/1"
    page = client.get(f"{at}/preview")
    assert page.status_code == 200
    assert "<iframe" not in page.text
    assert client.get(f"{at}/view").status_code == 404


@needs_font
def test_a_picture_no_browser_shows_is_converted_in_the_background(engagement, lead, sign_in):
    paper = file_kept(lead, engagement, "D-01", "照片", bitmap(), "照片.bmp")
    client, at = sign_in(lead), f"/papers/{paper.id}/versions/1"
    waiting = client.get(f"{at}/preview")
    assert waiting.headers["Refresh"]
    assert "<iframe" not in waiting.text
    assert client.get(f"{at}/view").status_code == 404
    assert converting.convert_wanted() == 1
    assert cache.wanted() == []
    ready = client.get(f"{at}/preview")
    assert "Refresh" not in ready.headers
    assert f'src="{at}/view"' in ready.text
    assert client.get(f"{at}/view").mimetype == "application/pdf"


def test_a_document_without_a_converter_says_what_to_install(
    app, engagement, lead, sign_in, monkeypatch
):
    from app.demo import files

    monkeypatch.setitem(app.config, "SOFFICE_FILE", "/nowhere/soffice")
    client = sign_in(lead)
    word = file_kept(lead, engagement, "B-01", "方案", files.docx("方案", ["一"]), "方案.docx")
    page = client.get(f"/papers/{word.id}/versions/1/preview").text
    assert office.INSTALL in page
    ofd = file_kept(lead, engagement, "B-02", "批复", files.ofd("批复", ["一"]), "批复.ofd")
    assert "OFD_CONVERTER" in client.get(f"/papers/{ofd.id}/versions/1/preview").text
    assert cache.wanted() == []


def test_who_may_not_download_may_not_look(engagement, lead, sign_in):
    paper = file_kept(lead, engagement, "B-01", "工作方案", pdf("plan"), "方案.pdf")
    stranger = sign_in(UserFactory(role=Role.AGENCY_MEMBER))
    for page in ("preview", "view", "reading-copy", "passport.pdf", "proof.json"):
        assert stranger.get(f"/papers/{paper.id}/versions/1/{page}").status_code == 404


def test_charset_is_told_by_the_beginning():
    whole = "财政" * 40000
    assert charset_of(whole.encode()) == "utf-8"
    assert charset_of(whole.encode()[:65536]) == "utf-8"
    assert charset_of(whole.encode("gb18030")[:65536]) == "gb18030"
    assert charset_of(b"plain") == "utf-8"
