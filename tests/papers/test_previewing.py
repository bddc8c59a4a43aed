"""Files shown in the page: each in a frame with rules of its own, and never as a page of ours."""

import struct
import zlib

import pytest

from app.papers.previewing import charset_of
from app.policy import Role
from tests.factories import UserFactory
from tests.papers.filing import file_kept, pdf


def png():
    def chunk(kind, data):
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


FILES = {
    "pdf": ("方案.pdf", pdf("plan"), "application/pdf"),
    "png": ("照片.png", png(), "image/png"),
    "text": ("记录.txt", "现场记录".encode(), "text/plain; charset=utf-8"),
    "csv": ("数据.csv", "单位,金额\n演示,1".encode("gb18030"), "text/plain; charset=gb18030"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_frame_has_rules_of_its_own(engagement, lead, sign_in, audited, kind):
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
    assert (shown.status_code, shown.data, shown.content_type) == (200, data, expected)
    rules = shown.headers["Content-Security-Policy"]
    assert rules.startswith("default-src 'none'")
    assert "script" not in rules
    assert ("sandbox" in rules) == (kind != "pdf")
    assert ("sandbox" in page.text.partition("<iframe")[2].partition(">")[0]) == (kind != "pdf")
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert audited()[-1] == "paper.previewed"


def test_other_types_are_only_downloaded_and_the_page_says_so(engagement, lead, sign_in):
    bitmap = (
        b"BM" + struct.pack("<IHHI", 58, 0, 0, 54) + struct.pack("<I", 40) + bytes(36) + bytes(4)
    )
    paper = file_kept(lead, engagement, "D-01", "照片", bitmap, "照片.bmp")
    client, at = sign_in(lead), f"/papers/{paper.id}/versions/1"
    page = client.get(f"{at}/preview")
    assert page.status_code == 200
    assert "<iframe" not in page.text
    assert client.get(f"{at}/view").status_code == 404


def test_who_may_not_download_may_not_look(engagement, lead, sign_in):
    paper = file_kept(lead, engagement, "B-01", "工作方案", pdf("plan"), "方案.pdf")
    stranger = sign_in(UserFactory(role=Role.AGENCY_MEMBER))
    for page in ("preview", "view", "passport.pdf", "proof.json"):
        assert stranger.get(f"/papers/{paper.id}/versions/1/{page}").status_code == 404


def test_charset_is_told_by_the_beginning():
    whole = "财政" * 40000
    assert charset_of(whole.encode()) == "utf-8"
    assert charset_of(whole.encode()[:65536]) == "utf-8"
    assert charset_of(whole.encode("gb18030")[:65536]) == "gb18030"
    assert charset_of(b"plain") == "utf-8"
