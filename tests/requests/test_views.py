import io
import json
from urllib.parse import quote

import openpyxl
import pytest

from app import clock
from app.db import db
from app.policy import Role
from app.requests.models import DocumentRequest, ItemState
from app.web import fresh_token
from tests.factories import UserFactory
from tests.papers.filing import pdf
from tests.requests.making import draft, officer_of_unit, sent


@pytest.fixture
def unit(engagement):
    return officer_of_unit(engagement)


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in (("资料名称", "说明", "提供期限（工作日）"), *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def begin(client, engagement, **more):
    told = {
        "task": engagement.tasks[0].id,
        "phase": "plan",
        "source": "usual",
        "once": fresh_token(),
        **more,
    }
    return client.post(f"/engagements/{engagement.id}/document-requests", data=told)


def text_of(reply):
    return reply.get_data(as_text=True)


def test_the_usual_list_is_a_draft_that_is_saved_and_sent(sign_in, lead, engagement, unit):
    client = sign_in(lead)
    page = begin(client, engagement)
    assert page.status_code == 302
    asked = db.session.query(DocumentRequest).one()
    assert [item.title for item in asked.items][0] == "项目立项依据及批复文件"
    rows = {"items-0-title": "预算批复", "items-0-working_days": "4", "items-1-title": ""}
    rows["once"] = fresh_token()
    url = f"/document-requests/{asked.id}"
    assert "items-2-title" in text_of(client.post(f"{url}/items", data={**rows, "add": "1"}))
    assert client.post(f"{url}/items", data=rows).status_code == 302
    assert client.post(f"{url}/sending").status_code == 302
    assert [item.title for item in asked.items] == ["预算批复"]
    assert "预算批复" in text_of(sign_in(unit).get("/"))


def test_an_empty_form_is_shown_again(sign_in, lead, engagement):
    client = sign_in(lead)
    assert begin(client, engagement, phase="").status_code == 422
    asked = draft(lead, engagement)
    reply = client.post(f"/document-requests/{asked.id}/items", data={"items-0-title": " "})
    assert reply.status_code == 422


def test_a_workbook_is_taken_whole_or_not_at_all(sign_in, lead, engagement):
    client = sign_in(lead)
    good = ("合同", "含补充协议", 6)
    bad = workbook(good, (None, "没有名称", 3), ("凭证", "", "三天"))
    reply = begin(client, engagement, source="empty", file=(io.BytesIO(bad), "清单.xlsx"))
    text = text_of(reply)
    assert reply.status_code == 422
    assert [mark for mark in (">3</td>", ">A</td>", ">4</td>", ">C</td>") if mark not in text] == []
    assert db.session.query(DocumentRequest).count() == 0
    told = {"source": "empty", "file": (io.BytesIO(workbook(good)), "清单.xlsx")}
    assert begin(client, engagement, **told).status_code == 302
    item = db.session.query(DocumentRequest).one().items[0]
    assert (item.title, item.description, item.working_days) == good


def test_a_workbook_that_is_none_is_told_so(sign_in, lead, engagement):
    told = {"source": "empty", "file": (io.BytesIO(b"PK no"), "清单.xlsx")}
    assert begin(sign_in(lead), engagement, **told).status_code == 422


def test_a_unit_hands_over_by_the_plain_form_and_by_the_script(sign_in, lead, engagement, unit):
    asked = sent(lead, engagement)
    item, client = asked.items[0], sign_in(unit)
    url = f"/request-items/{item.id}"
    assert client.get(url).status_code == 200
    data = {"file": (io.BytesIO(pdf("a")), "批复.pdf"), "unclassified": "y", "once": fresh_token()}
    assert client.post(f"{url}/files", data=data).status_code == 302
    told = json.dumps({"unclassified": "y", "once": fresh_token()})
    headers = {"X-File-Name": "b.pdf", "X-Upload-Fields": told}
    body = {"data": pdf("b"), "content_type": "application/octet-stream", "headers": headers}
    assert client.post(f"{url}/files/uploads", **body).status_code == 201
    assert client.post(f"{url}/files/uploads", **body).status_code == 409, "a file sent twice"
    headers["X-Upload-Fields"] = json.dumps({"unclassified": "y", "once": fresh_token() + "-1"})
    headers |= {"X-Files-Left": "1", "X-File-Name": "e.pdf"}
    client.get(url)
    body["data"] = pdf("e")
    assert client.post(f"{url}/files/uploads", **body).status_code == 201
    assert "已提交" not in client.get(url).get_data(as_text=True), "told once, with the last"
    headers["X-Upload-Fields"] = json.dumps({"unclassified": "y", "once": fresh_token() + "-2"})
    headers |= {"X-Files-Left": "0", "X-File-Name": "g.pdf"}
    headers["X-Files-Before"] = quote(json.dumps(["一.pdf", "e.pdf", 7]))
    body["data"] = pdf("g")
    assert client.post(f"{url}/files/uploads", **body).status_code == 201
    assert "已提交 3 个文件：一.pdf、e.pdf、g.pdf" in client.get(url).text, "how many, and which"
    some = [(io.BytesIO(pdf("c")), "合同.pdf"), (io.BytesIO(pdf("d")), "验收单.pdf")]
    data = {"file": some, "unclassified": "y", "once": fresh_token()}
    assert client.post(f"{url}/files", data=data).status_code == 302
    assert "已提交 2 个文件：合同.pdf、验收单.pdf" in client.get(url).text
    for name, bytes_ in (("坏.pdf", b"MZ\x90\x00 program"), ("重.pdf", pdf("c"))):
        some = [(io.BytesIO(pdf("f")), "好.pdf"), (io.BytesIO(bytes_), name)]
        reply = client.post(f"{url}/files", data=data | {"file": some, "once": fresh_token()})
        assert name in reply.text, "which of the files it was"
        assert "好.pdf" not in reply.text
    names = ["批复.pdf", "b.pdf", "e.pdf", "g.pdf", "合同.pdf", "验收单.pdf"]
    assert [file.file_name for file in item.living_files] == names
    got = client.get(f"{url}/files/{item.files[0].id}")
    assert (got.data, got.headers["X-Content-Type-Options"]) == (pdf("a"), "nosniff")
    assert client.post(f"{url}/files/{item.files[1].id}/void").status_code == 302
    assert item.state is ItemState.SUPPLIED


def test_a_file_that_is_none_is_refused_and_told_in_the_log(
    sign_in, lead, engagement, unit, audited
):
    item = sent(lead, engagement).items[0]
    data = {
        "file": (io.BytesIO(b"MZ\x90\x00 program"), "批复.pdf"),
        "unclassified": "y",
        "once": fresh_token(),
    }
    reply = sign_in(unit).post(f"/request-items/{item.id}/files", data=data)
    assert reply.status_code == 422
    assert audited()[-1] == "paper.upload_refused"
    data = {"file": (io.BytesIO(pdf("a")), "批复.pdf")}
    assert sign_in(unit).post(f"/request-items/{item.id}/files", data=data).status_code == 422
    assert item.files == []


def test_a_file_of_a_plain_form_needs_room_in_the_engagement_too(
    app, sign_in, lead, engagement, unit, monkeypatch
):
    item, client = sent(lead, engagement).items[0], sign_in(unit)
    monkeypatch.setitem(app.config, "ENGAGEMENT_QUOTA_BYTES", 2 * len(pdf("a")) - 1)
    for name, status in (("a", 302), ("b", 413)):
        file = (io.BytesIO(pdf(name)), f"{name}.pdf")
        data = {"file": file, "unclassified": "y", "once": fresh_token()}
        assert client.post(f"/request-items/{item.id}/files", data=data).status_code == status
    assert [file.file_name for file in item.living_files] == ["a.pdf"]


def test_an_agency_confirms_sends_back_and_files(sign_in, lead, member, engagement, unit):
    asked = sent(lead, engagement)
    first, second = asked.items
    for item in asked.items:
        data = {
            "file": (io.BytesIO(pdf(str(item.id))), "a.pdf"),
            "unclassified": "y",
            "once": fresh_token(),
        }
        sign_in(unit).post(f"/request-items/{item.id}/files", data=data)
    client = sign_in(member)
    assert client.get("/document-requests").status_code == 200
    assert client.post(f"/request-items/{first.id}/confirmation").status_code == 302
    assert client.post(f"/request-items/{first.id}/papers").status_code == 302
    back = f"/request-items/{second.id}/return"
    assert client.get(back).status_code == 200
    assert client.post(back, data={"words": "", "working_days": "3"}).status_code == 422
    assert client.post(back, data={"words": "缺盖章", "working_days": "3"}).status_code == 302
    assert (first.state, second.state) == (ItemState.CONFIRMED, ItemState.RETURNED)
    assert "缺盖章" in text_of(sign_in(unit).get(f"/request-items/{second.id}"))


def test_a_unit_says_that_it_has_no_such_thing(sign_in, lead, engagement, unit):
    item = sent(lead, engagement).items[0]
    client, url = sign_in(unit), f"/request-items/{item.id}/not-applicable"
    assert client.get(url).status_code == 200
    assert client.post(url, data={"reason": ""}).status_code == 422
    assert client.post(url, data={"reason": "无此类支出"}).status_code == 302
    assert item.state is ItemState.NOT_APPLICABLE


def test_the_bureau_sees_the_delays_reminds_and_takes_the_ledger(
    sign_in, lead, officer, engagement, unit, audited
):
    asked = sent(lead, engagement)
    asked.items[0].due_on = clock.add_working_days(clock.today(), -3)
    db.session.commit()
    client = sign_in(officer)
    page = text_of(client.get(f"/engagements/{engagement.id}/document-requests"))
    assert 'class="figure-box bad"' in page
    assert client.post(f"/document-requests/{asked.id}/reminders").status_code == 302
    assert client.post(f"/document-requests/{asked.id}/reminders").status_code == 409
    reply = client.get(f"/engagements/{engagement.id}/document-requests/ledger")
    rows = list(openpyxl.load_workbook(io.BytesIO(reply.data)).active.values)
    assert rows[2][4] == "预算批复文件"
    assert audited()[-2:] == ["document_request.reminded", "document_request.exported"]


def test_strangers_meet_nothing(sign_in, lead, engagement):
    asked = sent(lead, engagement)
    for stranger in (UserFactory(role=Role.UNIT_OFFICER), UserFactory(role=Role.LEAD_EVALUATOR)):
        client = sign_in(stranger)
        assert client.get(f"/document-requests/{asked.id}").status_code == 404
        assert client.get(f"/request-items/{asked.items[0].id}").status_code == 404
        assert client.get("/document-requests").status_code == 200


def test_pages_cost_the_same_however_many_items(sign_in, lead, engagement, unit, statements):
    from app.requests.services import NewItem

    def cost(client, url):
        db.session.expire_all()
        with statements() as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    short = sent(lead, engagement)
    client = sign_in(unit)
    few = cost(client, "/document-requests"), cost(client, f"/document-requests/{short.id}")
    long = sent(lead, engagement, items=[NewItem(f"资料{n}") for n in range(30)])
    many = cost(client, "/document-requests"), cost(client, f"/document-requests/{long.id}")
    assert many == few
