"""Uploads in parts: the protocol's words, its refusals, and who may go on with which file."""

import base64
import hashlib
import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEvent
from app.errors import ChangedOnTheWay, CutShort
from app.papers import quarantine
from app.papers.gathering import PIECE
from app.papers.models import Upload, WorkingPaper
from app.papers.tus import Checksum, OtherOffset, Part
from app.policy import Role
from app.store import object_store
from tests.factories import UserFactory
from tests.papers.filing import pdf

VERSION = {"Tus-Resumable": "1.0.0"}


def metadata(**told):
    coded = {name: base64.b64encode(value.encode()).decode() for name, value in told.items()}
    return ",".join(f"{name} {value}" for name, value in coded.items())


def announce(client, engagement, length, name="G-B21 评分底稿.pdf", **changes):
    told = {"engagement": str(engagement.id), "filename": name, "unclassified": "y", **changes}
    headers = {**VERSION, "Upload-Length": str(length), "Upload-Metadata": metadata(**told)}
    return client.post("/uploads", headers=headers)


def send(client, address, offset, piece, **headers):
    told = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return client.patch(address, data=piece, headers={**VERSION, **told, **headers})


def offset_of(client, address):
    return int(client.head(address, headers=VERSION).headers["Upload-Offset"])


def gathered(app):
    return sorted((Path(app.config["XINGPING_VAR"]) / "spool" / "quarantine").glob("*"))


def send_whole(client, engagement, data, name="G-B21 评分底稿.pdf", **changes):
    """A file that arrived and was checked; its address."""
    address = announce(client, engagement, len(data), name, **changes).headers["Location"]
    assert send(client, address, 0, data).status_code == 204
    return address, client.post(f"{address}/check", headers={"X-Requested-With": "fetch"})


@pytest.fixture(autouse=True)
def nothing_of_others(app):
    for path in gathered(app):
        path.unlink()


def test_the_server_says_what_it_speaks(sign_in, lead):
    reply = sign_in(lead).options("/uploads")
    assert reply.status_code == 204
    assert reply.headers["Tus-Version"] == "1.0.0"
    assert set(reply.headers["Tus-Extension"].split(",")) == {
        "creation", "expiration", "termination", "checksum",
    }  # fmt: skip
    assert {"sha1", "sha256"} <= set(reply.headers["Tus-Checksum-Algorithm"].split(","))
    assert reply.headers["Tus-Max-Size"] == str(2 << 30)


def test_a_file_arrives_in_parts_and_becomes_a_paper(app, sign_in, lead, engagement, session):
    client, data = sign_in(lead), pdf("Report") * 3
    reply = announce(client, engagement, len(data))
    address = reply.headers["Location"]
    assert reply.status_code == 201
    assert reply.headers["Upload-Expires"].endswith("GMT")
    first = send(client, address, 0, data[:100])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "100")
    head = client.head(address, headers=VERSION)
    assert (head.status_code, head.headers["Upload-Offset"]) == (200, "100")
    assert head.headers["Upload-Length"] == str(len(data))
    assert head.headers["Cache-Control"] == "no-store"
    assert head.headers["Tus-Resumable"] == "1.0.0"
    assert send(client, address, 100, data[100:]).headers["Upload-Offset"] == str(len(data))
    upload = session.scalars(select(Upload)).one()
    assert upload.finished_at
    assert not upload.store_key, "it lies in quarantine until it is asked for"
    assert submit(client, engagement, upload).status_code == 201
    (version,) = session.scalars(select(WorkingPaper)).one().versions
    assert (version.sha256, version.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert version.file_name == "G-B21 评分底稿.pdf"
    assert session.scalars(select(Upload)).all() == []
    assert gathered(app) == []


def submit(client, engagement, upload, index_no="G-B21"):
    """As the page's script does when all parts have arrived."""
    import json
    from urllib.parse import quote

    fields = {"index_no": index_no, "title": "评分底稿", "unclassified": "y",
              "stage": str(engagement.current_stage.id)}  # fmt: skip
    headers = {
        "Content-Type": "application/octet-stream",
        "X-Upload": upload.id,
        "X-Upload-Fields": quote(json.dumps(fields)),
        "X-Requested-With": "fetch",
    }
    return client.post(f"/engagements/{engagement.id}/papers/uploads", headers=headers)


def test_a_part_must_begin_where_the_file_ends(sign_in, lead, engagement):
    client, data = sign_in(lead), pdf("x")
    address = announce(client, engagement, len(data)).headers["Location"]
    assert send(client, address, 5, data[5:]).status_code == 409
    assert send(client, address, 0, data[:9]).status_code == 204
    assert send(client, address, 0, data[:9]).status_code == 409
    assert send(client, address, 9, data + b"more").status_code == 409
    assert offset_of(client, address) == 9


def test_words_that_are_not_of_the_protocol(sign_in, lead, engagement):
    client, data = sign_in(lead), pdf("x")
    old = client.post("/uploads", headers={"Tus-Resumable": "0.2.2", "Upload-Length": "3"})
    assert (old.status_code, old.headers["Tus-Version"]) == (412, "1.0.0")
    address = announce(client, engagement, len(data)).headers["Location"]
    wrong_type = send(client, address, 0, data, **{"Content-Type": "application/pdf"})
    assert wrong_type.status_code == 415
    assert send(client, address, "x", data).status_code == 422
    assert announce(client, engagement, -3).status_code == 422
    bad = {**VERSION, "Upload-Length": "3", "Upload-Metadata": "filename %%%"}
    assert client.post("/uploads", headers=bad).status_code == 422
    assert client.head("/uploads/nothing", headers=VERSION).status_code == 404
    assert client.post(address, headers=VERSION).status_code == 404


def test_a_way_without_patch_says_the_method_in_a_header(sign_in, lead, engagement):
    client, data = sign_in(lead), pdf("x")
    address = announce(client, engagement, len(data)).headers["Location"]
    headers = {**VERSION, "X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0",
               "Content-Type": "application/offset+octet-stream"}  # fmt: skip
    assert client.post(address, data=data, headers=headers).status_code == 204
    headers = {**VERSION, "X-HTTP-Method-Override": "DELETE"}
    assert client.post(address, headers=headers).status_code == 204


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_part_with_a_wrong_checksum_leaves_nothing(sign_in, lead, engagement, algorithm):
    client, data = sign_in(lead), pdf("x") + bytes(600_000)
    address = announce(client, engagement, len(data)).headers["Location"]
    send(client, address, 0, data[:10])
    right = base64.b64encode(hashlib.new(algorithm, data[10:]).digest()).decode()
    wrong = base64.b64encode(hashlib.new(algorithm, b"other").digest()).decode()
    bad = send(client, address, 10, data[10:], **{"Upload-Checksum": f"{algorithm} {wrong}"})
    assert bad.status_code == 460
    assert offset_of(client, address) == 10
    good = send(client, address, 10, data[10:], **{"Upload-Checksum": f"{algorithm} {right}"})
    assert (good.status_code, offset_of(client, address)) == (204, len(data))


def test_a_sender_who_hung_takes_nothing_back_of_a_file_that_was_kept(
    sign_in, lead, engagement, session
):
    """The local store keeps the gathered file itself: who opened it before could still cut it."""
    client, data = sign_in(lead), pdf("x") + os.urandom(2 * PIECE)
    address = announce(client, engagement, len(data)).headers["Location"]
    promised = Checksum("sha256", hashlib.sha256(data).digest())

    class Hung:
        """Gives one piece; while it hangs another connection ends the file, which is kept."""

        turn = 0

        def read(self, size):
            self.turn += 1
            if self.turn == 1:
                return data[:PIECE]
            if self.turn == 2:
                assert send(client, address, PIECE, data[PIECE:]).status_code == 204
                assert client.post(f"{address}/check").status_code == 302
            return b""

    upload = session.scalars(select(Upload)).one()
    gathering = quarantine.gathering_of(upload)
    with pytest.raises(ChangedOnTheWay):
        gathering.add(Hung(), Part(0, len(data), promised))
    session.refresh(upload)
    assert upload.released_at
    object_store().check(upload.store_key)
    with object_store().open(upload.store_key) as reader:
        assert reader.read() == data


def test_a_file_that_was_lent_takes_no_part_any_more(sign_in, lead, engagement, session):
    client, data = sign_in(lead), pdf("x")
    address = announce(client, engagement, len(data)).headers["Location"]
    send(client, address, 0, data[:-4])
    gathering = quarantine.gathering_of(session.scalars(select(Upload)).one())
    with pytest.raises(CutShort), gathering.lent(len(data)):
        pytest.fail("it is not whole")
    assert send(client, address, len(data) - 4, data[-4:]).status_code == 204, "it goes on"
    with gathering.lent(len(data)) as path:
        assert path.read_bytes() == data
    with pytest.raises(OtherOffset):
        gathering.add(BytesIO(b""), Part(len(data), 0))
    assert offset_of(client, address) == len(data), "and may be promoted again"
    assert client.post(f"{address}/check").status_code == 302


@pytest.mark.parametrize("header", ["crc32 AAAA", "sha1 AAAA", "sha1 ?", "sha1"])
def test_a_checksum_that_nobody_offered(sign_in, lead, engagement, header):
    client = sign_in(lead)
    address = announce(client, engagement, 3).headers["Location"]
    assert send(client, address, 0, b"abc", **{"Upload-Checksum": header}).status_code == 400


def test_giving_up_removes_row_and_bytes(app, sign_in, lead, engagement, session):
    client = sign_in(lead)
    address = announce(client, engagement, 100).headers["Location"]
    send(client, address, 0, b"abc")
    assert len(gathered(app)) == 1
    assert client.delete(address, headers=VERSION).status_code == 204
    assert client.head(address, headers=VERSION).status_code == 404
    assert gathered(app) == []
    assert session.scalars(select(Upload)).all() == []


def test_a_pause_that_was_too_long_ends_it(sign_in, lead, engagement, session):
    client = sign_in(lead)
    address = announce(client, engagement, 100).headers["Location"]
    upload = session.scalars(select(Upload)).one()
    upload.expires_at = clock.now() - timedelta(seconds=1)
    session.commit()
    assert client.head(address, headers=VERSION).status_code == 410
    assert send(client, address, 0, b"abc").status_code == 410


def test_an_upload_is_its_senders_alone(sign_in, lead, member, officer, engagement):
    address = announce(sign_in(lead), engagement, 100).headers["Location"]
    stranger = UserFactory(role=Role.AGENCY_ADMIN)
    for other in (member, officer, stranger):
        client = sign_in(other)
        assert client.head(address, headers=VERSION).status_code == 404
        assert send(client, address, 0, b"abc").status_code == 404
        assert client.delete(address, headers=VERSION).status_code == 404
    assert announce(sign_in(stranger), engagement, 100).status_code == 404
    assert announce(sign_in(officer), engagement, 100).status_code == 403


def test_nothing_comes_without_the_tick(sign_in, lead, engagement, session):
    assert announce(sign_in(lead), engagement, 100, unclassified="").status_code == 422
    assert announce(sign_in(lead), engagement, 100, name="../../etc/x.pdf").status_code == 422
    assert session.scalars(select(Upload)).all() == []


def test_file_and_engagement_have_their_limits(app, sign_in, lead, engagement, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_RESUMABLE_BYTES", 5 << 20)
    monkeypatch.setitem(app.config, "ENGAGEMENT_QUOTA_BYTES", 8 << 20)
    client = sign_in(lead)
    assert announce(client, engagement, (5 << 20) + 1).status_code == 413
    assert announce(client, engagement, 0).status_code == 422
    assert announce(client, engagement, 5 << 20).status_code == 201
    assert announce(client, engagement, 4 << 20).status_code == 413
    assert announce(client, engagement, 3 << 20).status_code == 201


def test_the_limit_of_the_engagement_holds_for_whole_bodies_too(
    app, sign_in, lead, engagement, monkeypatch
):
    from tests.papers.test_upload_views import send_raw

    monkeypatch.setitem(app.config, "ENGAGEMENT_QUOTA_BYTES", 10)
    fields = {"index_no": "B-01", "title": "方案", "unclassified": "y",
              "stage": str(engagement.current_stage.id)}  # fmt: skip
    url = f"/engagements/{engagement.id}/papers/uploads"
    assert send_raw(sign_in(lead), url, pdf("x"), **fields).status_code == 413


def test_the_limit_of_the_engagement_holds_for_all_files_of_a_form_and_for_two_at_once(
    app, sign_in, lead, engagement, session, monkeypatch
):
    from tests.papers.test_upload_views import FIELDS, last_event, send_form, send_raw

    client, url = sign_in(lead), f"/engagements/{engagement.id}/papers"
    fields = {**FIELDS, "stage": str(engagement.current_stage.id)}
    room = len(pdf("x")) * 2 - 1
    monkeypatch.setitem(app.config, "ENGAGEMENT_QUOTA_BYTES", room)
    both = [(BytesIO(pdf(words)), f"{words}.pdf") for words in ("x", "y")]
    assert client.post(url, data={"file": both, **fields}).status_code == 413
    assert '"refusal":"over_quota"' in last_event(session).canonical
    assert session.scalars(select(WorkingPaper)).all() == []
    with monkeypatch.context() as patch:  # another's file comes while this one is on its way
        patch.setattr(quarantine.uploads, "bytes_of", lambda _engagement, turns=[]: (
            turns.append(1) or (0 if len(turns) == 1 else room)))  # fmt: skip
        assert send_raw(client, f"{url}/uploads", pdf("x"), **fields).status_code == 413
    assert send_form(client, url, pdf("x"), **fields).status_code == 302
    assert send_form(client, url, pdf("z"), **{**fields, "index_no": "G-B22"}).status_code == 413
    assert len(session.scalars(select(WorkingPaper)).all()) == 1


def test_a_file_of_another_kind_ends_with_a_line_in_the_log(
    app, sign_in, lead, engagement, session
):
    data = b"\x7fELF" + bytes(100)
    address, reply = send_whole(sign_in(lead), engagement, data)
    assert (reply.status_code, bool(reply.json["error"])) == (422, True)
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event.event == "paper.upload_refused"
    assert '"refusal":"foreign_type"' in event.canonical
    assert sign_in(lead).head(address, headers=VERSION).status_code == 404
    assert gathered(app) == []


def test_an_unfinished_file_is_no_paper_and_stays(sign_in, lead, engagement, session):
    client, data = sign_in(lead), pdf("x")
    address = announce(client, engagement, len(data)).headers["Location"]
    send(client, address, 0, data[:10])
    upload = session.scalars(select(Upload)).one()
    assert submit(client, engagement, upload).status_code == 400
    assert offset_of(client, address) == 10
    assert send(client, address, 10, data[10:]).status_code == 204
    assert submit(client, engagement, upload).status_code == 201


def test_the_file_of_another_engagement_is_not_taken_over(sign_in, lead, engagement, session):
    from tests.factories import make_engagement

    client, data = sign_in(lead), pdf("x")
    send_whole(client, engagement, data)
    upload = session.scalars(select(Upload)).one()
    other = make_engagement(agency=engagement.agency)
    assert submit(client, other, upload).status_code == 404


def test_without_the_token_in_the_header_nothing_begins(
    app, sign_in, lead, engagement, session, monkeypatch
):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert announce(sign_in(lead), engagement, 100).status_code == 400
    assert session.scalars(select(Upload)).all() == []
