"""Files of records that are no papers: they wait for the scanner, count, and are taken afterwards."""

import io
import json
import socket
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.db import db, transaction
from app.errors import Conflict
from app.notifications.models import Message
from app.papers import checking, uploads
from app.papers.models import Upload
from app.papers.scanning import ScannerAway
from app.policy import Role
from app.rectifications import services as rectifications
from app.requests.models import ItemState
from app.store import object_store
from app.web import fresh_token
from tests.consultations import asking
from tests.factories import UserFactory
from tests.fieldwork import entering
from tests.papers.filing import pdf
from tests.papers.test_tus import gathered
from tests.rectifications import notices
from tests.requests import making

OK, FOUND = b"stream: OK\0", b"stream: Test-Signature FOUND\0"


@pytest.fixture
def unit(engagement):
    return making.officer_of_unit(engagement)


@contextmanager
def scanner(answers):
    """A scanner that gives these answers, one to a file."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(10)

        def serve():
            for answer in answers:
                line, _address = door.accept()
                with line, line.makefile("rb") as heard:
                    assert heard.read(10) == b"zINSTREAM\0"
                    while length := int.from_bytes(heard.read(4), "big"):
                        heard.read(length)
                    line.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{door.getsockname()[1]}"
        thread.join()


@pytest.fixture
def says(app, monkeypatch):
    """The background's turn, while a scanner says this of the files that wait."""

    def turn(*answers):
        with scanner(answers) as address, monkeypatch.context() as patch:
            patch.setitem(app.config, "CLAMD_SOCKET", address)
            return checking.check_waiting()

    monkeypatch.setitem(app.config, "CLAMD_SOCKET", "/nowhere/clamd.ctl")
    return turn


def form(data, name="批复.pdf", field="file"):
    told = {"unclassified": "y", "once": fresh_token()}
    return {field: (io.BytesIO(data), name), **told}


def send_body(client, url, data, name="b.pdf"):
    told = json.dumps({"unclassified": "y", "once": fresh_token()})
    headers = {"X-File-Name": name, "X-Upload-Fields": told}
    return client.post(url, data=data, content_type="application/octet-stream", headers=headers)


def test_a_unit_is_answered_before_the_scanner_has_spoken(
    app, says, sign_in, lead, engagement, unit, audited
):
    item = making.sent(lead, engagement).items[0]
    item.due_on, received = clock.today(), clock.now()
    db.session.commit()
    client, url = sign_in(unit), f"/request-items/{item.id}"
    before = uploads.bytes_of(engagement)
    assert client.post(f"{url}/files", data=form(pdf("one"))).status_code == 302
    assert send_body(client, f"{url}/files/uploads", pdf("two")).status_code == 201
    assert (audited()[-1], item.state) == ("files.received", ItemState.WANTED)
    assert uploads.bytes_of(engagement) == before + len(pdf("one")) + len(pdf("two"))
    assert "批复.pdf" in client.get(url).text
    with pytest.raises(ScannerAway):
        checking.check_waiting()
    place = f"/files-in-check/request_item/{item.id}"
    assert "病毒" in client.get(place, headers={"X-Fragment": "1"}).text
    assert client.get(place).status_code == 200
    assert sign_in(UserFactory(role=Role.UNIT_OFFICER)).get(place).status_code == 404
    with clock.frozen(received + timedelta(days=9)):
        says(OK, FOUND)
    assert [file.file_name for file in item.living_files] == ["批复.pdf"]
    assert (item.state, item.late_days) == (ItemState.SUPPLIED, 0), "it was here in time"
    assert item.files[0].sent_at < received + timedelta(minutes=1)
    assert object_store().open(item.files[0].store_key).read(9) == pdf("one")[:9]
    assert audited()[-2:] == ["paper.upload_refused", "document_request.supplied"]
    (told,) = db.session.scalars(select(Message).where(Message.kind == "upload_refused"))
    assert (told.user_id, told.link) == (unit.id, url)
    assert "b.pdf" in sign_in(unit).get(url).text, "the page says what was refused"
    assert gathered(app) == []
    assert uploads.bytes_of(engagement) == before + len(pdf("one"))


def test_what_is_no_file_or_has_no_room_is_refused_at_once(
    app, says, sign_in, lead, engagement, unit, audited, monkeypatch
):
    item = making.sent(lead, engagement).items[0]
    client, url = sign_in(unit), f"/request-items/{item.id}/files"
    assert client.post(url, data=form(b"MZ\x90\x00 program")).status_code == 422
    assert audited()[-1] == "paper.upload_refused"
    monkeypatch.setitem(app.config, "ENGAGEMENT_QUOTA_BYTES", 99)
    assert client.post(url, data=form(pdf("much"))).status_code == 413
    assert db.session.scalars(select(Upload)).all() == []
    assert gathered(app) == []


def test_photographs_keep_what_their_camera_said(says, sign_in, lead, engagement):
    visit = entering.enter(lead, engagement)
    client, url = sign_in(lead), f"/site-visits/{visit.id}"
    files = [(io.BytesIO(entering.photo(colour=n)), f"{n}.jpg") for n in (1, 2)]
    told = {"files": files, "unclassified": "y", "once": fresh_token()}
    assert client.post(f"{url}/photos", data=told).status_code == 302
    assert "1.jpg" in client.get(url).text
    assert "1.jpg" not in client.get(f"/engagements/{engagement.id}/papers/intake").text
    says(OK, OK)
    assert [photo.taken_at for photo in visit.photos] == ["2026-04-01 10:11:12"] * 2
    assert db.session.scalars(select(Upload)).all() == []


def test_a_letter_stands_beside_the_opinions_when_it_has_passed(
    says, sign_in, lead, engagement, unit, audited
):
    consultation = asking.sent(lead, engagement)
    told = {"opinions-0-body": "数据不一致", **form(pdf("letter"), "反馈函.pdf")}
    url = f"/consultations/{consultation.id}"
    assert sign_in(unit).post(f"{url}/response", data=told).status_code == 302
    assert (len(consultation.opinions), consultation.files) == (1, [])
    assert "反馈函.pdf" in sign_in(unit).get(url).text
    says(OK)
    assert [file.file_name for file in consultation.files] == ["反馈函.pdf"]
    assert audited()[-1] == "consultation.letter_added"


def test_a_unit_reports_only_when_its_evidence_has_passed(says, sign_in, officer, engagement, unit):
    item = notices.issued(officer, engagement).items[0]
    url = f"/rectification-items/{item.id}"
    assert sign_in(unit).post(f"{url}/files", data=form(pdf("proof"))).status_code == 302
    with pytest.raises(Conflict), transaction():
        rectifications.report_item(unit, item, "已收回")
    says(OK)
    with transaction():
        rectifications.report_item(unit, item, "已收回")
    assert [file.file_name for file in item.files] == ["批复.pdf"]
