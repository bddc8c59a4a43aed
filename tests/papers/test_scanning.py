"""The scanner's word: against a real clamd where there is one, and against bad-mannered ones."""

import io
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEvent
from app.db import transaction
from app.notifications.models import Message
from app.papers import checking, labels, services
from app.papers.models import PaperVersion, Upload
from app.papers.scanning import Infected, Scanner, ScannerAway, TooLargeToScan
from app.store import object_store
from tests.papers.filing import file_paper, pdf
from tests.papers.test_tus import gathered, send_whole
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


def hand_in(client, engagement, data, name, **changes):
    url = f"/engagements/{engagement.id}/papers/uploads"
    return send_raw(client, url, data, name, **{**fields_of(engagement), **changes})


def page_of(client, engagement, place="papers"):
    return client.get(f"/engagements/{engagement.id}/{place}").get_data(as_text=True)


def test_the_answer_comes_before_the_scanners_word(
    app, scanned, sign_in, lead, engagement, session, audited
):
    client, received = sign_in(lead), clock.now()
    reply = hand_in(client, engagement, CLEAN, "底稿.pdf")
    assert (reply.status_code, reply.json["location"]) == (
        201, f"/engagements/{engagement.id}/papers",
    )  # fmt: skip
    assert session.scalars(select(PaperVersion)).all() == []
    assert audited()[-1] == "files.received"
    assert "C-07" in page_of(client, engagement)
    assert hand_in(client, engagement, pdf("b"), "二.pdf").status_code == 422, "number is taken"
    with clock.frozen(received + timedelta(hours=1)):
        assert checking.check_waiting() == 2, "the file, and the form that waited for it"
    version = session.scalars(select(PaperVersion)).one()
    assert object_store().open(version.store_key).read(99) == CLEAN[:99]
    assert version.submitted_at < received + timedelta(minutes=1), "when it was here"
    assert version.submitted_by_id == lead.id
    assert audited()[-1] == "paper.submitted"
    assert session.scalars(select(Upload)).all() == []
    assert gathered(app) == []
    assert f"/papers/{version.paper_id}" in page_of(client, engagement, "papers/submissions")
    assert checking.check_waiting() == 0


def test_malware_never_reaches_the_store_and_its_sender_is_told(
    app, scanned, sign_in, lead, engagement, session
):
    before = set(object_store().keys())
    client = sign_in(lead)
    assert hand_in(client, engagement, EICAR, "说明.txt").status_code == 201
    checking.check_waiting()
    assert '"refusal":"malware"' in last_refusal(session)
    assert set(object_store().keys()) == before
    assert session.scalars(select(PaperVersion)).all() == []
    assert gathered(app) == []
    (told,) = session.scalars(select(Message).where(Message.user_id == lead.id)).all()
    assert (told.kind, "Eicar-Test-Signature" in told.facts["reason"]) == ("upload_refused", True)
    assert "Eicar-Test-Signature" in page_of(client, engagement)
    assert hand_in(client, engagement, CLEAN, "底稿.pdf").status_code == 201, "the number is free"
    checking.check_waiting()
    assert session.scalars(select(PaperVersion)).one().sha256


def test_one_bad_file_of_several_lets_the_others_be_used(
    app, scanned, sign_in, lead, engagement, session
):
    client = sign_in(lead)
    parts = [(io.BytesIO(CLEAN), "好.pdf"), (io.BytesIO(EICAR), "坏.txt")]
    url = f"/engagements/{engagement.id}/papers"
    told = {**fields_of(engagement), "file": parts}
    assert client.post(url, data=told, content_type="multipart/form-data").status_code == 302
    checking.check_waiting()
    assert session.scalars(select(PaperVersion)).all() == []
    assert "好.pdf" in page_of(client, engagement, "papers/intake")
    left = session.scalars(select(Upload).where(Upload.submission_id.is_(None))).one()
    assert (left.file_name, bool(left.released_at)) == ("好.pdf", True)


def test_a_version_waits_alone_and_finds_what_forbids_it_meanwhile(
    app, scanned, sign_in, lead, member, engagement, session
):
    paper = file_paper(lead, engagement)
    client = sign_in(lead)
    url = f"/papers/{paper.id}/versions/uploads"
    told = {"unclassified": "y", "expected": "1"}
    assert send_raw(client, url, pdf("two"), "二.pdf", **told).status_code == 201
    assert send_raw(client, url, pdf("three"), "三.pdf", **told).status_code == 409
    assert "papers/submissions?paper=" in client.get(f"/papers/{paper.id}").text
    with transaction():
        services.withdraw_paper(lead, session.get(type(paper), paper.id), "重复")
    checking.check_waiting()
    assert session.scalars(select(PaperVersion)).one().number == 1
    told = session.scalars(select(Message).where(Message.user_id == lead.id)).all()
    assert [one.kind for one in told] == ["upload_refused"]
    assert "二.pdf" in page_of(client, engagement, "papers/intake"), "the file isn't lost"


def test_in_the_table_of_many_files_a_file_waits_and_says_so(
    app, scanned, sign_in, lead, engagement, session
):
    client = sign_in(lead)
    address, reply = send_whole(client, engagement, EICAR, "说明.txt")
    assert (reply.status_code, reply.json) == (
        200, {"refused": [], "waiting": True, "held": ""},
    )  # fmt: skip
    checking.check_waiting()
    again = client.post(f"{address}/check", headers={"X-Requested-With": "fetch"})
    assert (again.json["waiting"], bool(again.json["error"])) == (False, True)
    assert gathered(app) == []
    assert client.post(f"{address}/removal").status_code == 302
    address, reply = send_whole(client, engagement, CLEAN, "好.pdf")
    checking.check_waiting()
    assert "好.pdf" in page_of(client, engagement, "papers/intake")
    assert session.scalars(select(Upload)).one().released_at


def test_malware_in_an_archive_is_found_in_its_files(scanned, sign_in, lead, engagement, session):
    from tests.papers.test_intake import archive

    data = archive(**{"好.pdf": CLEAN, "坏.txt": EICAR})
    send_whole(sign_in(lead), engagement, data, "底稿.zip", unpack="y")
    checking.check_waiting()
    assert session.scalars(select(Upload)).one().refused_at, "the whole archive is refused"


def test_a_clean_archive_is_taken_apart_in_the_background(
    scanned, sign_in, lead, engagement, session
):
    from tests.papers.test_intake import archive

    data = archive(**{"好.pdf": CLEAN, "工具.exe": b"MZ" * 99})
    address, _reply = send_whole(sign_in(lead), engagement, data, "底稿.zip", unpack="y")
    checking.check_waiting()
    (upload,) = session.scalars(select(Upload)).all()
    assert (upload.file_name, bool(upload.released_at)) == ("好.pdf", True)
    (told,) = session.scalars(select(Message).where(Message.user_id == lead.id)).all()
    assert told.facts["file"] == "工具.exe"
    again = sign_in(lead).post(f"{address}/check", headers={"X-Requested-With": "fetch"})
    assert again.status_code == 404


def test_a_scanner_that_is_away_blocks_the_release_and_is_said_plainly(
    app, clamd, sign_in, lead, engagement, session, monkeypatch
):
    monkeypatch.setitem(app.config, "CLAMD_SOCKET", "/nowhere/clamd.ctl")
    client = sign_in(lead)
    assert hand_in(client, engagement, CLEAN, "底稿.pdf").status_code == 201
    for _turn in range(2):
        with pytest.raises(ScannerAway):
            checking.check_waiting()
    assert session.scalars(select(PaperVersion)).all() == []
    assert str(labels.REFUSALS["scanner_away"]) in page_of(client, engagement)
    monkeypatch.setitem(app.config, "CLAMD_SOCKET", clamd)
    checking.check_waiting()
    assert session.scalars(select(PaperVersion)).one().file_name == "底稿.pdf"
    assert gathered(app) == []


def test_what_is_no_file_of_ours_is_refused_before_the_scanner(
    app, scanned, sign_in, lead, engagement, session
):
    reply = hand_in(sign_in(lead), engagement, b"MZ\x90\0" * 99, "底稿.pdf")
    assert reply.status_code == 422
    assert session.scalars(select(Upload)).all() == []
    assert gathered(app) == []
