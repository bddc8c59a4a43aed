"""Every line of bad input, sent by a script and by a plain form, is answered in both languages."""

from html import unescape

import pytest
from sqlalchemy import select

from app.papers.models import PaperVersion, WorkingPaper
from app.web import fresh_token
from tests.papers.filing import add_version, file_paper, pdf, zip_bomb
from tests.papers.test_upload_views import FIELDS, send_form, send_raw, store_away

PROGRAM = b"\x7fELF" + b"\x00" * 100
# What is sent, under which name, and what a reader of each language is told of it.
FILES = {
    "foreign type": (PROGRAM, "工具.pdf", "不接收此类文件", "This type of file is not accepted"),
    "its name": (pdf("x"), "表.xlsx", "文件扩展名应为 .pdf", "its name must end in .pdf"),
    "path parts": (pdf("x"), "../a.pdf", "文件名不得包含路径", "must not contain path parts"),
    "controls": (pdf("x"), "a\x07.pdf", "含有控制字符", "contains control characters"),
    "turned": (pdf("x"), "a\u202efdp.pdf", "含有控制字符", "contains control characters"),
    "empty": (b"", "a.pdf", "文件为空", "The file is empty"),
    "bomb": (zip_bomb(), "a.zip", "解压后的大小异常", "unpacks to far more than it should"),
}


@pytest.fixture(params=["zh_Hans_CN", "en"])
def reader(request, sign_in, lead, session):
    """The agency's lead at work in one language; which of a line's two wordings is theirs."""
    lead.locale = request.param
    session.commit()
    return sign_in(lead), 0 if request.param == "zh_Hans_CN" else 1


def in_words(reply, expected, status):
    """Whether a script's answer or a form's page says it."""
    assert reply.status_code == status
    told = reply.json["error"] if reply.is_json else unescape(reply.text)
    return expected in told


@pytest.mark.database("sqlite")  # words; what the database refuses is tried where it belongs
def test_every_line_of_bad_input_is_said_in_the_readers_language(
    app, reader, engagement, lead, session, monkeypatch
):
    client, mine = reader
    monkeypatch.setitem(app.config, "MAX_UPLOAD_BYTES", 3 << 20)
    monkeypatch.setitem(app.config, "MAX_FORM_UPLOAD_BYTES", 2 << 20)
    url = f"/engagements/{engagement.id}/papers"
    fields = {**FIELDS, "stage": str(engagement.current_stage.id)}

    def refused(data, name, words, status, *, form_words=None, **more):
        raw = send_raw(client, f"{url}/uploads", data, name, **{**fields, **more})
        assert in_words(raw, words[mine], status), raw.text
        assert words[1 - mine] not in raw.json["error"]
        form = send_form(client, url, data, name, **{**fields, **more})
        assert in_words(form, (form_words or words)[mine], status), form.text
        return form.text

    for data, name, *words in FILES.values():
        assert FIELDS["title"] in refused(data, name, words, 422), "what was typed stays"
    large = pdf("x") + bytes(4 << 20)
    over = ("超过 3 MB 的上限", "larger than the limit of 3 MB")
    over_form = ("超过 2 MB 的上限", "larger than the limit of 2 MB")
    assert FIELDS["title"] in refused(large, "a.pdf", over, 413, form_words=over_form)
    with store_away(app, monkeypatch):
        away = ("文件存储暂时无法连接", "file store can't be reached")
        assert FIELDS["title"] in refused(pdf("x"), "a.pdf", away, 503)
    with monkeypatch.context() as patch:
        patch.setitem(app.config, "WTF_CSRF_ENABLED", True)
        refused(pdf("x"), "a.pdf", ("表单已过期或来源异常", "The form is too old"), 400)
    assert session.scalars(select(WorkingPaper)).all() == [], "nothing half-written stays"

    once = {"once": fresh_token(), "index_no": "G-B22"}
    assert send_form(client, url, pdf("x"), **{**fields, **once}).status_code == 302
    twice = ("该表单已提交过", "This form was sent already")
    refused(pdf("y"), "a.pdf", twice, 409, once=once["once"])
    assert len(session.scalars(select(WorkingPaper)).all()) == 1

    strange = send_raw(client, "/papers/999999/versions/uploads", pdf("x"), **fields)
    assert in_words(strange, ("不在您的查看范围内", "isn't yours to see")[mine], 404)
    paper = file_paper(lead, engagement, "C-01")
    add_version(lead, paper, b"%PDF-1.4 b")
    stale, told = ("已被他人更新", "Somebody changed this record"), {"expected": "1"}
    for send, end in ((send_raw, "versions/uploads"), (send_form, "versions")):
        reply = send(client, f"/papers/{paper.id}/{end}", pdf("c"), **{**fields, **told})
        assert in_words(reply, stale[mine], 409)
    assert len(session.scalars(select(PaperVersion)).all()) == 3
