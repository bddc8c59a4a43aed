"""Files on their way in and out: the raw body, the plain form, and everything that is refused."""

import io
import json
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.papers.models import PaperVersion, WorkingPaper
from app.policy import Role
from app.store import object_store
from app.web import fresh_token
from storage import StoreUnavailable
from tests.factories import UserFactory
from tests.papers.filing import (
    CHINESE_NAME,
    add_version,
    file_paper,
    hand_in,
    pass_levels,
    pdf,
    zip_bomb,
)

FIELDS = {"index_no": "G-B21", "title": "资金使用合规性评分底稿", "unclassified": "y"}


def send_raw(client, url, data, name=CHINESE_NAME, **fields):
    """As static/upload.js does."""
    headers = {
        "Content-Type": "application/octet-stream",
        "X-File-Name": quote(name, safe=""),
        "X-Upload-Fields": quote(json.dumps(fields)),
        "X-Requested-With": "fetch",
    }
    return client.post(url, data=data, headers=headers)


def send_form(client, url, data, name=CHINESE_NAME, **fields):
    """As a browser without scripts does."""
    return client.post(url, data={"file": (io.BytesIO(data), name), **fields})


@pytest.fixture
def new_fields(engagement):
    return {**FIELDS, "stage": str(engagement.current_stage.id)}


@pytest.fixture
def url(engagement):
    return f"/engagements/{engagement.id}/papers"


@pytest.fixture
def nothing_left(app, session, engagement):
    """Neither a row nor a spool, after whatever was refused."""

    def check():
        assert session.scalars(select(WorkingPaper)).all() == []
        assert spools(app) == []

    return check


def spools(app):
    """Files that are neither blobs nor anything else that the store keeps."""
    root = Path(app.config["XINGPING_VAR"])
    return [path for path in root.rglob("*.spool") if path.is_file()]


def last_event(session):
    return session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def test_raw_body_comes_back_as_the_same_bytes_under_the_same_name(
    app, sign_in, lead, url, new_fields, session
):
    data, client = pdf("Report") + b"\x00\xff" * 1000, sign_in(lead)
    reply = send_raw(client, f"{url}/uploads", data, **new_fields)
    assert reply.status_code == 201, reply.get_data(as_text=True)
    paper = session.scalars(select(WorkingPaper)).one()
    assert reply.json == {"location": f"/papers/{paper.id}"}
    version = paper.versions[0]
    assert (version.file_name, version.media_type, version.size) == (
        CHINESE_NAME,
        "application/pdf",
        len(data),
    )
    back = client.get(f"/papers/{paper.id}/versions/1/file")
    assert back.data == data
    assert back.headers["Content-Length"] == str(len(data))
    name = back.headers["Content-Disposition"].partition("filename*=UTF-8''")[2]
    assert unquote(name) == CHINESE_NAME
    assert back.headers["Content-Disposition"].startswith("attachment")
    assert back.headers["ETag"] == f'"{version.sha256}"'
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in back.headers["Content-Security-Policy"]
    assert last_event(session).event == "paper.downloaded"
    assert spools(app) == []


def test_plain_form_does_the_same(app, sign_in, lead, url, new_fields, session):
    data, client = pdf("Report"), sign_in(lead)
    assert client.get(f"{url}/new").status_code == 200
    reply = send_form(client, url, data, **new_fields)
    assert reply.status_code == 302
    paper = session.scalars(select(WorkingPaper)).one()
    assert client.get(f"/papers/{paper.id}/versions/1/file").data == data
    assert spools(app) == []


def test_a_version_is_added_both_ways(sign_in, engagement, lead):
    paper, client = file_paper(lead, engagement), sign_in(lead)
    assert client.get(f"/papers/{paper.id}/versions/new").status_code == 200
    told = {"unclassified": "y", "expected": "1"}
    reply = send_raw(client, f"/papers/{paper.id}/versions/uploads", pdf("b"), **told)
    assert reply.status_code == 201
    told = {"unclassified": "y", "expected": "2", "evidence_on": "2026-03-02"}
    assert send_form(client, f"/papers/{paper.id}/versions", pdf("c"), **told).status_code == 302
    assert paper.current_version == 3
    assert str(paper.versions[-1].evidence_on) == "2026-03-02"


def test_the_page_suggests_numbers_and_fills_in_what_a_link_asks_for(
    sign_in, engagement, lead, url
):
    file_paper(lead, engagement, "B-01")
    text = sign_in(lead).get(f"{url}/new?class=B&title=评分标准").get_data(as_text=True)
    assert 'value="B-02"' in text
    assert 'value="评分标准"' in text


BAD = [
    ("program", b"\x7fELF" + b"\x00" * 100, "工具.pdf", "foreign_type"),
    ("web page", b"<html><script>alert(1)</script></html>", "页面.txt", "foreign_type"),
    ("other type than its name", pdf("x"), "表.xlsx", "name_mismatch"),
    ("path parts", pdf("x"), "../../etc/底稿.pdf", "bad_name"),
    ("windows path", pdf("x"), "C:\\底稿.pdf", "bad_name"),
    ("control character", pdf("x"), "底\x07稿.pdf", "bad_name"),
    ("turned direction", pdf("x"), "底\u202efdp.exe", "bad_name"),
    ("no name", pdf("x"), "", "bad_name"),
    ("empty", b"", "底稿.pdf", "empty"),
    ("zip bomb", zip_bomb(), "资料.zip", "zip_bomb"),
]


@pytest.mark.parametrize(("data", "name", "reason"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_bad_files_are_refused_in_words_and_logged(
    sign_in, lead, url, new_fields, session, nothing_left, data, name, reason
):
    reply = send_raw(sign_in(lead), f"{url}/uploads", data, name, **new_fields)
    assert reply.status_code == 422
    assert reply.json["error"]
    assert last_event(session).event == "paper.upload_refused"
    assert f'"refusal":"{reason}"' in last_event(session).canonical
    nothing_left()


def test_form_keeps_what_was_typed_after_a_bad_file(
    sign_in, lead, url, new_fields, session, nothing_left
):
    reply = send_form(sign_in(lead), url, b"\x7fELF" + b"\x00" * 100, "工具.pdf", **new_fields)
    text = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert FIELDS["title"] in text
    assert 'value="G-B21"' in text
    assert last_event(session).event == "paper.upload_refused"
    nothing_left()


@pytest.mark.parametrize(
    "wrong", [{"unclassified": ""}, {"index_no": "K-1"}, {"title": ""}, {"stage": "999999"}]
)
def test_wrong_fields_are_told_before_the_file_is_looked_at(
    sign_in, lead, url, new_fields, nothing_left, wrong
):
    fields = {**new_fields, **wrong}
    if not fields["unclassified"]:
        del fields["unclassified"]
    client = sign_in(lead)
    raw = send_raw(client, f"{url}/uploads", pdf("x"), **fields)
    assert (raw.status_code, bool(raw.json["error"])) == (422, True)
    assert send_form(client, url, pdf("x"), **fields).status_code == 422
    nothing_left()


def test_no_file_at_all(sign_in, lead, url, new_fields, nothing_left):
    assert sign_in(lead).post(url, data=new_fields).status_code == 422
    nothing_left()


@pytest.mark.parametrize("fields", ["%7B", "%5B1%5D", "null", "%FF"])
def test_fields_that_are_no_fields(sign_in, lead, url, nothing_left, fields):
    headers = {"Content-Type": "application/octet-stream", "X-Upload-Fields": fields,
               "X-Requested-With": "fetch"}  # fmt: skip
    reply = sign_in(lead).post(f"{url}/uploads", data=pdf("x"), headers=headers)
    assert reply.status_code == 422
    nothing_left()


def test_another_type_of_body_is_not_taken_at_the_raw_address(
    sign_in, lead, url, new_fields, nothing_left
):
    assert send_form(sign_in(lead), f"{url}/uploads", pdf("x"), **new_fields).status_code == 422
    nothing_left()


def test_over_the_limit_is_told_with_the_limit(
    app, sign_in, lead, url, new_fields, session, nothing_left, monkeypatch
):
    monkeypatch.setitem(app.config, "MAX_UPLOAD_BYTES", 3 << 20)
    monkeypatch.setitem(app.config, "MAX_FORM_UPLOAD_BYTES", 2 << 20)
    client, data = sign_in(lead), pdf("x") + b"\x00" * (4 << 20)
    raw = send_raw(client, f"{url}/uploads", data, **new_fields)
    assert raw.status_code == 413
    assert "3 MB" in raw.json["error"]
    assert '"refusal":"too_large"' in last_event(session).canonical
    form = send_form(client, url, data, **new_fields)
    assert form.status_code == 413
    assert FIELDS["title"] in form.get_data(as_text=True)
    assert "2 MB" in form.get_data(as_text=True)
    nothing_left()


def test_over_the_limit_of_forms_a_raw_body_still_passes(
    app, sign_in, lead, url, new_fields, session, monkeypatch
):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1 << 20)
    data = pdf("x") + b"\x00" * (2 << 20)
    assert send_raw(sign_in(lead), f"{url}/uploads", data, **new_fields).status_code == 201
    assert send_form(sign_in(lead), url, data, **new_fields).status_code == 413


def test_the_same_form_sent_twice_does_its_work_once(sign_in, lead, url, new_fields, session):
    client, fields = sign_in(lead), {**new_fields, "once": fresh_token()}
    assert send_form(client, url, pdf("x"), **fields).status_code == 302
    again = {**fields, "index_no": "G-B22"}
    reply = send_form(client, url, pdf("x"), **again)
    assert reply.status_code == 409
    assert send_raw(client, f"{url}/uploads", pdf("x"), **again).status_code == 409
    assert len(session.scalars(select(WorkingPaper)).all()) == 1


def test_a_stale_version_is_told_and_keeps_the_form(sign_in, engagement, lead, member):
    paper = file_paper(lead, engagement)
    add_version(lead, paper, b"%PDF-1.4 b")
    told = {"unclassified": "y", "expected": "1", "evidence_on": "2026-03-02"}
    client, address = sign_in(member), f"/papers/{paper.id}/versions"
    raw = send_raw(client, f"{address}/uploads", pdf("c"), **told)
    assert (raw.status_code, bool(raw.json["error"])) == (409, True)
    form = send_form(client, address, pdf("c"), **told)
    assert form.status_code == 409
    text = form.get_data(as_text=True)
    assert "2026-03-02" in text
    assert 'name="expected" type="hidden" value="2"' in text
    assert paper.current_version == 2


def test_the_same_file_again_is_no_version(sign_in, engagement, lead):
    client, paper = sign_in(lead), file_paper(lead, engagement, data=pdf("x"))
    told = {"unclassified": "y", "expected": "1"}
    assert send_form(client, f"/papers/{paper.id}/versions", pdf("x"), **told).status_code == 409


def test_a_locked_report_takes_no_version(sign_in, engagement, lead):
    paper = hand_in(lead, engagement).version.paper
    told = {"unclassified": "y", "expected": "1"}
    reply = send_form(sign_in(lead), f"/papers/{paper.id}/versions", pdf("x"), **told)
    assert reply.status_code == 409


@pytest.mark.parametrize("path", ["versions", "versions/uploads"])
def test_papers_of_others_take_nothing(sign_in, engagement, lead, officer, path):
    paper = file_paper(lead, engagement)
    stranger = UserFactory(role=Role.AGENCY_ADMIN)
    told = {"unclassified": "y", "expected": "1"}
    assert (
        send_raw(sign_in(stranger), f"/papers/{paper.id}/{path}", pdf("x"), **told).status_code
        == 404
    )
    assert (
        send_raw(sign_in(officer), f"/papers/{paper.id}/{path}", pdf("x"), **told).status_code
        == 403
    )
    assert paper.current_version == 1


def test_without_the_token_of_the_form_nothing_is_taken(
    app, sign_in, lead, url, new_fields, nothing_left, monkeypatch
):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = sign_in(lead)
    raw = send_raw(client, f"{url}/uploads", pdf("x"), **new_fields)
    assert (raw.status_code, bool(raw.json["error"])) == (400, True)
    assert send_form(client, url, pdf("x"), **new_fields).status_code == 400
    nothing_left()


def test_the_token_may_come_in_the_header(app, sign_in, lead, url, new_fields, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = sign_in(lead)
    page = client.get(f"{url}/new").get_data(as_text=True)
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    headers = {
        "Content-Type": "application/octet-stream",
        "X-CSRFToken": token,
        "X-File-Name": quote(CHINESE_NAME),
        "X-Upload-Fields": quote(json.dumps(new_fields)),
        "X-Requested-With": "fetch",
    }
    assert client.post(f"{url}/uploads", data=pdf("x"), headers=headers).status_code == 201


def test_a_raw_body_is_never_held_in_memory(app, sign_in, lead, url, new_fields, monkeypatch):
    from werkzeug.wrappers import Request

    def forbidden(*_args, **_more):
        raise AssertionError("the body was read into memory")

    monkeypatch.setattr(Request, "get_data", forbidden)
    read = Readings(pdf("x") + bytes(9 << 20))
    headers = {
        "Content-Type": "application/octet-stream",
        "X-File-Name": "a.pdf",
        "X-Upload-Fields": quote(json.dumps(new_fields)),
        "X-Requested-With": "fetch",
    }
    reply = sign_in(lead).post(
        f"{url}/uploads", input_stream=read, content_length=read.length, headers=headers
    )
    assert reply.status_code == 201
    assert read.largest <= 1 << 20


class Readings(io.BytesIO):
    """A body that notes how much is asked of it at once."""

    def __init__(self, data):
        super().__init__(data)
        self.length, self.largest = len(data), 0

    def read(self, size=-1):
        self.largest = max(self.largest, self.length if size is None or size < 0 else size)
        return super().read(size)

    def readinto(self, buffer):
        self.largest = max(self.largest, len(buffer))
        return super().readinto(buffer)


@contextmanager
def store_away(app, monkeypatch):
    """The store's folder is gone, as a disk that was unplugged or a bucket out of reach."""
    store = object_store()

    def refuse(*_args, **_more):
        raise StoreUnavailable("away")

    with monkeypatch.context() as patch:
        for name in ("put", "open", "open_near"):
            patch.setattr(type(store), name, refuse)
        yield


def test_with_the_store_away_uploads_say_so_and_pages_go_on(
    app, sign_in, engagement, lead, url, new_fields, session, monkeypatch
):
    client = sign_in(lead)
    paper = file_paper(lead, engagement, "H-01", "正式报告")
    version = session.scalars(select(PaperVersion)).one()
    with store_away(app, monkeypatch):
        raw = send_raw(client, f"{url}/uploads", pdf("x"), **new_fields)
        assert (raw.status_code, bool(raw.json["error"])) == (503, True)
        assert '"refusal":"store_away"' in last_event(session).canonical
        form = send_form(client, url, pdf("x"), **new_fields)
        assert form.status_code == 503
        assert FIELDS["title"] in form.get_data(as_text=True)
        assert client.get(f"/papers/{paper.id}/versions/1/file").status_code == 503
        sent = {"version": version.id, "seal": "scanned"}
        assert client.post(f"/engagements/{engagement.id}/report", data=sent).status_code == 503
        for page in (url, f"/papers/{paper.id}", f"/papers/{paper.id}/versions/1", f"{url}/new"):
            assert client.get(page).status_code == 200, page
    assert spools(app) == []
    assert len(session.scalars(select(WorkingPaper)).all()) == 1


def test_a_report_is_handed_in_from_the_page(sign_in, engagement, lead, member, session):
    signer = engagement.lead_evaluator
    signer.name = "Yan Shi"
    session.commit()
    client, page = sign_in(lead), f"/engagements/{engagement.id}/report"
    assert "<select" not in client.get(page).get_data(as_text=True)
    told = {**FIELDS, "index_no": "H-01", "stage": str(engagement.current_stage.id)}
    send_raw(client, f"/engagements/{engagement.id}/papers/uploads", pdf("By Nobody"), **told)
    paper = session.scalars(select(WorkingPaper)).one()
    form = {"version": paper.versions[0].id, "seal": "electronic"}
    assert client.post(page, data={"version": form["version"]}).status_code == 422
    waiting = client.post(page, data=form)
    assert waiting.status_code == 409
    assert "H-01" in client.get(page).get_data(as_text=True)
    pass_levels(engagement, paper.versions[0])
    nameless = client.post(page, data=form)
    assert nameless.status_code == 422
    assert "Yan Shi" in nameless.get_data(as_text=True)
    told = {"unclassified": "y", "expected": "1"}
    send_raw(client, f"/papers/{paper.id}/versions/uploads", pdf("By Yan Shi"), **told)
    form["version"] = paper.versions[-1].id
    pass_levels(engagement, paper.versions[-1])
    assert sign_in(member).post(page, data=form).status_code == 403
    assert client.post(page, data=form).status_code == 302
    assert "电子签章" not in client.get(page).get_data(as_text=True)
    assert client.post(page, data=form).status_code in {409, 422}
