"""The scanner's word: against a real clamd where there is one, and against bad-mannered ones."""

import shutil
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.papers.models import PaperVersion, Upload
from app.papers.scanning import Infected, Scanner, ScannerAway, TooLargeToScan
from app.store import object_store
from tests.papers.filing import pdf
from tests.papers.test_tus import VERSION, gathered, send_whole
from tests.papers.test_upload_views import send_raw
from tests.servers import end

# The industry's harmless test file, in two halves so that this source is not taken for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CLEAN = pdf("clean")


@contextmanager
def speaker(answer, *, hangs_up_after=None):
    """A scanner of one sentence at 127.0.0.1; it keeps what it was sent."""
    heard = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(10)

        def serve():
            try:
                line, _address = door.accept()
            except OSError:
                return
            with line:
                while not heard.endswith(bytes(4)) or len(heard) < 12:
                    piece = line.recv(65536)
                    if not piece:
                        return
                    heard.extend(piece)
                    if hangs_up_after and len(heard) > hangs_up_after:
                        break
                line.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{door.getsockname()[1]}", heard
    thread.join()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"abcdef")
    return path


def test_the_file_is_sent_in_pieces_with_their_length(path):
    with speaker(b"stream: OK\0") as (address, heard):
        Scanner(address).check(path)
    assert bytes(heard) == b"zINSTREAM\0" + (6).to_bytes(4, "big") + b"abcdef" + bytes(4)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", Infected),
        (b"INSTREAM size limit exceeded. ERROR\0", TooLargeToScan),
        (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0", TooLargeToScan),
        (b"", ScannerAway),
        (b"stream: OK", None),
        (b"stream: OK, perhaps\0", ScannerAway),
        (b"hello\0", ScannerAway),
    ],
)
def test_only_its_own_ok_is_clean(path, answer, error):
    with speaker(answer) as (address, _heard):
        if error is None:
            Scanner(address).check(path)
        else:
            with pytest.raises(error):
                Scanner(address).check(path)


def test_the_name_of_what_was_found_is_told(path):
    with speaker(b"stream: Win.Test FOUND\0") as (address, _heard), pytest.raises(Infected) as told:
        Scanner(address).check(path)
    assert "Win.Test" in repr(told.value.message._kwargs)


def test_a_scanner_that_hangs_up_has_answered_before(tmp_path):
    path = tmp_path / "large"
    path.write_bytes(bytes(8 << 20))
    answer = b"INSTREAM size limit exceeded. ERROR\0"
    with speaker(answer, hangs_up_after=1 << 20) as (address, _heard), pytest.raises(ScannerAway):
        Scanner(address).check(path)


@pytest.mark.parametrize("address", ["127.0.0.1:9", "/nowhere/clamd.ctl"])
def test_without_a_scanner_there_is_no_word(path, address):
    with pytest.raises(ScannerAway):
        Scanner(address).check(path)


@pytest.fixture(scope="module")
def clamd(tmp_path_factory):
    """Debian's own daemon with a database of one line: the digest of the test file."""
    if shutil.which("clamd") is None:
        pytest.skip("no clamd: apt-get install clamav-daemon")
    folder = Path(tempfile.mkdtemp(prefix="xingping-clamd-"))  # a socket's path must be short
    (folder / "db").mkdir()
    line = "44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n"
    (folder / "db" / "test.hdb").write_text(line)
    config = folder / "clamd.conf"
    config.write_text(
        f"LocalSocket {folder}/clamd.ctl\nDatabaseDirectory {folder}/db\nForeground yes\n"
        f"LogFile {folder}/clamd.log\nStreamMaxLength 64M\nMaxThreads 2\n"
        f"TemporaryDirectory {folder}\n"
    )
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(["clamd", f"--config-file={config}"], stdout=out, stderr=out)
    try:
        address = f"{folder}/clamd.ctl"
        wait_for(address, process)
        yield address
    finally:
        end(process)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(address, process):
    for _turn in range(200):
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(address)
                return
            except OSError:
                assert process.poll() is None, "clamd ended by itself"
                time.sleep(0.1)
    raise AssertionError("clamd did not start")


@pytest.fixture
def scanned(app, clamd, monkeypatch):
    monkeypatch.setitem(app.config, "CLAMD_SOCKET", clamd)


def test_the_real_scanner_knows_the_test_file(clamd, tmp_path):
    path = tmp_path / "eicar"
    path.write_bytes(CLEAN)
    Scanner(clamd).check(path)
    path.write_bytes(EICAR)
    with pytest.raises(Infected):
        Scanner(clamd).check(path)


def last_refusal(session):
    return session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first().canonical


def fields_of(engagement):
    return {"index_no": "C-07", "title": "收资台账", "unclassified": "y",
            "stage": str(engagement.current_stage.id)}  # fmt: skip


def test_malware_never_reaches_the_store(app, scanned, sign_in, lead, engagement, session):
    before = set(object_store().keys())
    client = sign_in(lead)
    url = f"/engagements/{engagement.id}/papers/uploads"
    raw = send_raw(client, url, EICAR, "说明.txt", **fields_of(engagement))
    assert (raw.status_code, "Eicar-Test-Signature" in raw.json["error"]) == (422, True)
    assert '"refusal":"malware"' in last_refusal(session)
    address, reply = send_whole(client, engagement, EICAR, "说明.txt")
    assert reply.status_code == 422
    assert client.head(address, headers=VERSION).status_code == 404
    assert set(object_store().keys()) == before
    assert session.scalars(select(PaperVersion)).all() == []
    clean = send_raw(client, url, CLEAN, "底稿.pdf", **fields_of(engagement))
    assert clean.status_code == 201


def test_malware_in_an_archive_is_found_in_its_files(scanned, sign_in, lead, engagement, session):
    from tests.papers.test_intake import archive

    data = archive(**{"好.pdf": CLEAN, "坏.txt": EICAR})
    _address, reply = send_whole(sign_in(lead), engagement, data, "底稿.zip", unpack="y")
    assert reply.status_code == 422, "the whole archive is refused"
    assert session.scalars(select(Upload)).all() == []


def test_a_scanner_that_is_away_blocks_the_release_and_the_file_waits(
    app, clamd, sign_in, lead, engagement, session, monkeypatch
):
    monkeypatch.setitem(app.config, "CLAMD_SOCKET", "/nowhere/clamd.ctl")
    client = sign_in(lead)
    address, reply = send_whole(client, engagement, CLEAN)
    assert (reply.status_code, bool(reply.json["error"])) == (503, True)
    assert '"refusal":"scanner_away"' in last_refusal(session)
    (upload,) = session.scalars(select(Upload)).all()
    assert upload.released_at is None
    page = client.get(f"/engagements/{engagement.id}/papers/intake").get_data(as_text=True)
    assert f"{address}/check" in page
    monkeypatch.setitem(app.config, "CLAMD_SOCKET", clamd)
    assert client.post(f"{address}/check").status_code == 302
    session.refresh(upload)
    assert upload.released_at
    assert gathered(app) == []
