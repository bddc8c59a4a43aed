import io
import json

import openpyxl
import pytest

from app import clock
from app.policy import Role
from app.rectifications.models import RectificationNotice, RectificationState
from app.web import fresh_token
from tests.factories import UserFactory
from tests.papers.filing import pdf
from tests.rectifications.notices import accepted, issued, report
from tests.requests.making import officer_of_unit


@pytest.fixture
def unit(engagement):
    return officer_of_unit(engagement)


def text_of(reply):
    return reply.get_data(as_text=True)


def test_from_the_notice_to_the_last_confirmation(sign_in, session, officer, engagement, unit):
    accepted(engagement)
    client, url = sign_in(officer), f"/engagements/{engagement.id}/rectifications"
    assert client.get(url).status_code == 200
    assert client.get(f"{url}/new").status_code == 200
    told = {"unit": engagement.tasks[0].unit_id, "once": fresh_token()}
    assert client.post(url, data=told).status_code == 422
    assert "findings-5-finding" in text_of(client.post(url, data={**told, "add": "3"}))
    rows = {"findings-0-finding": "资金闲置", "findings-0-amount": "123456.78"}
    assert client.post(url, data={**told, **rows}).status_code == 302
    (notice,) = session.query(RectificationNotice).all()
    assert notice.items[0].amount_fen == 12_345_678
    assert notice.items[0].due_on == clock.add_working_days(clock.today(), 10)

    at = sign_in(unit)
    item = notice.items[0]
    page = f"/rectification-items/{item.id}"
    assert "资金闲置" in text_of(at.get("/rectifications"))
    assert at.get(f"/rectification-notices/{notice.id}").status_code == 200
    assert at.get(page).status_code == 200
    data = {"file": (io.BytesIO(pdf("a")), "凭证.pdf"), "unclassified": "y", "once": fresh_token()}
    assert at.post(f"{page}/files", data=data).status_code == 302
    fields = json.dumps({"unclassified": "y", "once": fresh_token()})
    headers = {"X-File-Name": "b.pdf", "X-Upload-Fields": fields}
    body = {"data": pdf("b"), "content_type": "application/octet-stream", "headers": headers}
    assert at.post(f"{page}/files/uploads", **body).status_code == 201
    assert at.get(f"{page}/files/{item.files[0].id}").data == pdf("a")
    assert at.post(f"{page}/report", data={"measure": ""}).status_code == 422
    assert at.post(f"{page}/report", data={"measure": "已收回"}).status_code == 302

    assert client.get(f"{page}/return").status_code == 200
    assert client.post(f"{page}/return", data={"words": ""}).status_code == 422
    told = {"words": "缺凭证", "working_days": "5"}
    assert client.post(f"{page}/return", data=told).status_code == 302
    assert "缺凭证" in text_of(at.get(page))
    assert at.post(f"{page}/report", data={"measure": "已补"}).status_code == 302
    assert client.post(f"{page}/confirmation").status_code == 302
    assert item.state is RectificationState.CONFIRMED


def test_the_ledger_and_the_filters(sign_in, officer, engagement, unit, session, audited):
    notice = issued(officer, engagement)
    report(unit, notice.items[0])
    notice.items[1].due_on = clock.add_working_days(clock.today(), -2)
    session.commit()
    client = sign_in(officer)
    assert "台账不全" in text_of(client.get("/rectifications?show=overdue"))
    assert "资金闲置" not in text_of(client.get("/rectifications?show=overdue"))
    reply = client.get("/rectifications/ledger")
    rows = list(openpyxl.load_workbook(io.BytesIO(reply.data)).active.values)
    assert [row[4] for row in rows[1:]] == ["资金闲置", "台账不全"]
    assert rows[1][6] == 123456
    assert audited()[-1] == "rectification.exported"
    assert client.post(f"/rectification-notices/{notice.id}/reminders").status_code == 302


def test_strangers_meet_nothing(sign_in, officer, engagement, unit, lead):
    notice = issued(officer, engagement)
    for person in (
        UserFactory(role=Role.UNIT_OFFICER),
        UserFactory(role=Role.SECTION_OFFICER),
        lead,
    ):
        client = sign_in(person)
        assert client.get(f"/rectification-notices/{notice.id}").status_code == 404
        assert client.get(f"/rectification-items/{notice.items[0].id}").status_code == 404
    assert sign_in(lead).get("/rectifications").status_code == 403


def test_the_list_costs_the_same_however_many(sign_in, officer, engagement, session, statements):
    from app.rectifications.services import NewFinding

    client = sign_in(officer)

    def cost():
        session.expire_all()
        with statements() as seen:
            assert client.get("/rectifications").status_code == 200
        return len(seen)

    issued(officer, engagement)
    few = cost()
    issued(officer, engagement, [NewFinding(f"问题{n}") for n in range(20)])
    assert cost() == few
