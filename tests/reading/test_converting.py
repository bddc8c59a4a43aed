"""Conversions: by a real LibreOffice where there is one, in a cage that keeps its word."""

import io
import os
import shutil
import socket
import sys
import threading
import time

import pytest
from PIL import Image
from pypdf import PdfReader

from app import cage, office
from app.cage import MIB, Failed, Limits, TooLong
from app.demo import files
from app.media import MediaType
from app.reading import cache, converting
from tests.papers.filing import file_kept

needs_office = pytest.mark.skipif(
    not shutil.which("soffice"), reason=f"LibreOffice is not installed here: {office.INSTALL}"
)


def script(tmp_path, text):
    path = tmp_path / "program.py"
    path.write_text(text)
    return [sys.executable, "-I", str(path)]


def test_a_program_that_takes_too_long_is_ended_with_its_children(tmp_path):
    note = tmp_path / "child"
    program = script(
        tmp_path,
        "import os, sys, time\n"
        f"if os.fork() == 0: open({str(note)!r}, 'w').write(str(os.getpid()))\n"
        "time.sleep(60)",
    )
    began = time.monotonic()
    with pytest.raises(TooLong):
        cage.run(program, tmp_path, Limits(seconds=1))
    assert time.monotonic() - began < 10
    child = int(note.read_text())
    for _try in range(50):
        try:
            with open(f"/proc/{child}/stat") as state:
                ended = state.read().rsplit(")", 1)[1].split()[0] == "Z"
        except FileNotFoundError:
            ended = True
        if ended:
            break
        time.sleep(0.05)
    assert ended


@pytest.mark.parametrize(
    "text",
    [
        "x = bytearray(900 << 20)",
        "open('big', 'wb').write(bytes(3 << 20)); open('big', 'ab').write(bytes(1 << 20))",
        "import socket; socket.create_connection(('127.0.0.1', PORT), 3)",
        "import os; os.environ['SECRET_KEY']",
        "raise SystemExit('on purpose')",
    ],
    ids=["memory", "output", "network", "environment", "error"],
)
def test_the_cage_keeps_its_word(tmp_path, text, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    with socket.create_server(("127.0.0.1", 0)) as door:
        text = text.replace("PORT", str(door.getsockname()[1]))
        with pytest.raises(Failed):
            cage.run(script(tmp_path, text), tmp_path, Limits(10, 400 * MIB, 2 * MIB))


@needs_office
@pytest.mark.database("sqlite")
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_office_documents_become_pdf(app, tmp_path, kind):
    data = (
        files.docx("工作方案", ["评价对象"]) if kind == "docx" else files.xlsx("评分表", [["指标"]])
    )
    source = tmp_path / "source"
    source.write_bytes(data)
    mime = MediaType(kind).mime
    with app.app_context():
        made = office.to_pdf(source, mime, tmp_path)
    text = "".join(page.extract_text() for page in PdfReader(made).pages)
    assert ("评价对象" if kind == "docx" else "指标") in text.replace("\n", "")


@needs_office
@pytest.mark.database("sqlite")
def test_a_document_fetches_nothing(app, tmp_path):
    """A linked picture is what leaks who reads: nobody connects."""
    came = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(30)

        def listen():
            try:
                door.accept()
                came.append(1)
            except OSError:
                return

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        port = door.getsockname()[1]
        link = f'<html><body><img src="http://127.0.0.1:{port}/x.png"><p>text</p></body></html>'
        source = tmp_path / "source"
        source.write_text(link)  # LibreOffice reads a page under the name of a document too
        with app.app_context():
            try:
                office.to_pdf(source, MediaType.DOC.mime, tmp_path)
            except Failed:
                pytest.fail("the page was not even read")
    assert came == []


@needs_office
def test_a_damaged_document_is_noted_and_not_tried_again_at_once(
    engagement, lead, sign_in, monkeypatch
):
    data = files.docx("方案", ["一"])
    paper = file_kept(lead, engagement, "B-01", "方案", data, "方案.docx")
    version = paper.versions[0]
    monkeypatch.setattr(
        converting, "fetch", lambda _version, target: target.write_bytes(data[:900])
    )
    at = f"/papers/{paper.id}/versions/1/preview"
    client = sign_in(lead)
    assert client.get(at).headers["Refresh"]
    assert converting.convert_wanted() == 1
    told = client.get(at)
    assert "Refresh" not in told.headers
    assert cache.why_failed(version.sha256) is cache.Failure.UNREADABLE
    assert "<iframe" not in told.text
    assert cache.wanted() == []
    old = time.time() - cache.FAILED_SECONDS - 1
    os.utime(cache.place(version.sha256, ".failed"), (old, old))
    assert client.get(at).headers["Refresh"]
    cache.forget(version.sha256)


def test_an_ofd_is_converted_by_the_program_of_the_settings(
    app, tmp_path, engagement, lead, monkeypatch
):
    program = tmp_path / "converter"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nfrom PIL import Image\n"
        "assert open(sys.argv[1], 'rb').read(2) == b'PK'\n"
        "Image.new('RGB', (9, 9)).save(sys.argv[2], 'PDF')\n"
    )
    program.chmod(0o755)
    monkeypatch.setitem(app.config, "OFD_CONVERTER", str(program))
    paper = file_kept(lead, engagement, "B-02", "批复", files.ofd("批复", ["一"]), "批复.ofd")
    version = paper.versions[0]
    cache.want(version)
    assert converting.convert_wanted() == 1
    assert cache.place(version.sha256).read_bytes()[:5] == b"%PDF-"
    cache.forget(version.sha256)
    assert cache.progress_of(version.sha256) is cache.Progress.UNASKED


def test_a_scan_of_many_pages_is_shown_whole(tmp_path):
    out = io.BytesIO()
    pages = [Image.new("L", (60, 80), n * 40) for n in range(3)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    source = tmp_path / "source"
    source.write_bytes(out.getvalue())
    made = office.to_pdf(source, MediaType.TIFF.mime, tmp_path)
    assert len(PdfReader(made).pages) == 3


def test_previews_stay_within_their_room(app, session, monkeypatch):
    monkeypatch.setitem(app.config, "PREVIEW_CACHE_BYTES", 2500)
    names = [f"{n:02d}" + "a" * 62 for n in range(4)]
    for age, name in enumerate(names):
        made = converting.scratch() / name
        made.write_bytes(bytes(1000))
        cache.keep(name, made)
        at = time.time() - 100 * age
        os.utime(cache.place(name), (at, at))
    old = time.time() - cache.OLD_SECONDS - 5
    os.utime(cache.place(names[1]), (old, old))
    assert converting.sweep_previews() >= 2
    assert [cache.place(name).exists() for name in names] == [True, False, True, False]
    for name in names:
        cache.forget(name)
