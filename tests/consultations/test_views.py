import io

import openpyxl
import pytest

from app import clock
from app.consultations.models import Consultation
from app.policy import Role
from app.web import fresh_token
from tests.consultations.asking import respond, sent
from tests.factories import UserFactory
from tests.papers.filing import file_kept, pdf
from tests.requests.making import officer_of_unit


@pytest.fixture
def unit(engagement):
    return officer_of_unit(engagement)


def text_of(reply):
    return reply.get_data(as_text=True)


def test_a_draft_is_sent_read_and_answered(sign_in, session, lead, engagement, unit, audited):
    paper = file_kept(lead, engagement, "H-01", "报告初稿", pdf("draft"), "初稿.pdf")
    client, url = sign_in(lead), f"/engagements/{engagement.id}/consultations"
    assert client.get(url).status_code == 200
    assert client.get(f"{url}/new").status_code == 200
    day = clock.add_working_days(clock.today(), 5).isoformat()
    told = {"unit": engagement.tasks[0].unit_id, "version": paper.versions[0].id, "due_on": day}
    assert client.post(url, data={**told, "due_on": "", "once": fresh_token()}).status_code == 422
    assert client.post(url, data={**told, "once": fresh_token()}).status_code == 302
    (asked,) = session.query(Consultation).all()
    page = f"/consultations/{asked.id}"

    officer = sign_in(unit)
    assert engagement.name in text_of(officer.get("/consultations"))
    assert officer.get(f"{page}/draft").data == pdf("draft")
    assert audited()[-1] == "attachment.downloaded"
    assert officer.get(f"/papers/{paper.id}").status_code == 404  # this file, not the papers
    rows = {"opinions-0-body": "数据不一致", "opinions-0-place": "第3页", "once": fresh_token()}
    assert "opinions-5-body" in text_of(officer.post(f"{page}/response", data={**rows, "add": "3"}))
    assert officer.post(f"{page}/response", data={"once": fresh_token()}).status_code == 422
    letter = {"file": (io.BytesIO(pdf("letter")), "复函.pdf"), "unclassified": "y"}
    assert officer.post(f"{page}/response", data={**rows, **letter}).status_code == 302
    assert officer.get(f"{page}/files/{asked.files[0].id}").data == pdf("letter")

    opinion = asked.opinions[0]
    answer = f"/consultation-opinions/{opinion.id}/answer"
    assert client.get(answer).status_code == 200
    assert client.post(answer, data={"verdict": "adopted"}).status_code == 422
    assert client.post(answer, data={"verdict": "partly", "reason": "已更正"}).status_code == 302
    assert client.post(f"{page}/closing").status_code == 302
    assert "已更正" in text_of(officer.get(page))


def test_the_table_leaves_as_a_workbook_and_for_print(sign_in, lead, engagement, unit, audited):
    from pypdf import PdfReader

    asked = sent(lead, engagement)
    respond(unit, asked)
    client = sign_in(unit)
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/consultations/{asked.id}/matrix/xlsx").data)
    )
    assert [row[2] for row in book.active.values][2:] == [
        "第三部分数据与决算不一致",
        "建议补充成效说明",
    ]
    printed = client.get(f"/consultations/{asked.id}/matrix/pdf")
    text = PdfReader(io.BytesIO(printed.data)).pages[0].extract_text()
    assert "第三部分数据与决算不一致" in text.replace("\n", "")
    assert client.get(f"/consultations/{asked.id}/matrix/doc").status_code == 404
    assert audited()[-2:] == ["consultation.exported"] * 2


def test_a_silent_unit_is_closed_with_words(sign_in, session, lead, engagement, unit):
    asked = sent(lead, engagement)
    asked.due_on = clock.add_working_days(clock.today(), -2)
    session.commit()
    client, url = sign_in(lead), f"/consultations/{asked.id}/closing"
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 422
    assert client.post(url, data={"reason": "两次催办未反馈"}).status_code == 302
    assert "两次催办未反馈" in text_of(client.get(f"/consultations/{asked.id}"))


def test_strangers_meet_no_draft(sign_in, lead, engagement, unit):
    asked = sent(lead, engagement)
    respond(unit, asked)
    for stranger in (UserFactory(role=Role.UNIT_OFFICER), UserFactory(role=Role.LEAD_EVALUATOR)):
        client = sign_in(stranger)
        for url in ("", "/draft", "/matrix/xlsx"):
            assert client.get(f"/consultations/{asked.id}{url}").status_code == 404
        answer = f"/consultation-opinions/{asked.opinions[0].id}/answer"
        assert client.get(answer).status_code == 404
