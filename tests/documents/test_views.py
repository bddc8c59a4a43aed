import io

import docx
import pytest
from pypdf import PdfReader

from app.documents.layout import Part
from app.documents.models import OfficialDocument
from app.pdf import missing, pdf_of
from app.policy import Role
from app.web import fresh_token
from tests.documents.issuing import drawn, issued
from tests.factories import UserFactory


def text_of(reply):
    return reply.get_data(as_text=True)


def test_from_the_records_to_the_files(sign_in, session, app, engagement, lead, officer, audited):
    client, url = sign_in(officer), f"/engagements/{engagement.id}/documents"
    assert "kind=task" in text_of(client.get(url))
    page = text_of(client.get(f"{url}/new?kind=task&number=0"))
    assert engagement.agency.name in page
    told = drawn(officer, engagement)
    data = {"series": "演财绩", "number": "7", "title": told.title, "once": fresh_token()}
    data |= {"dated_on": told.dated_on.isoformat(), "copies": ""}
    assert client.post(f"{url}?kind=task", data=data).status_code == 422
    data["body"] = told.body
    assert client.post(f"{url}?kind=task", data=data).status_code == 302
    assert client.post(f"{url}?kind=task", data={**data, "once": fresh_token()}).status_code == 422
    (made,) = session.query(OfficialDocument).all()
    at = sign_in(lead)
    assert made.document_no in text_of(at.get(url))
    page = f"/official-documents/{made.id}"
    assert told.title in text_of(at.get(page))
    found = docx.Document(io.BytesIO(at.get(f"{page}/docx").data))
    assert told.title in [each.text for each in found.paragraphs]
    assert audited()[-1] == "document.taken"
    assert at.post(f"{page}/voiding", data={"reason": "误"}).status_code == 403
    assert client.post(f"{page}/voiding", data={"reason": ""}).status_code == 422
    assert client.post(f"{page}/voiding", data={"reason": "有误"}).status_code == 302
    assert "有误" in text_of(at.get(page))


@pytest.mark.skipif("bool(__import__('app.pdf').pdf.missing())", reason="no PDF libraries here")
def test_the_pdf_says_the_same_on_paper_of_the_standard(sign_in, engagement, lead, officer):
    made = issued(officer, engagement)
    reply = sign_in(lead).get(f"/official-documents/{made.id}/pdf")
    page = PdfReader(io.BytesIO(reply.data)).pages[0]
    text = page.extract_text().replace("\n", "")
    assert made.document_no in text
    assert made.title in text
    assert [round(float(each)) for each in page.mediabox[2:]] == [595, 842]
    assert not missing()


@pytest.mark.skipif("bool(__import__('app.pdf').pdf.missing())", reason="no PDF libraries here")
def test_no_page_bears_the_signature_alone(app):
    told = {
        "title": "演示",
        "issuer": "演示区财政局",
        "document_no": "演财绩〔2026〕1号",
        "copies": "",
    }
    parts = [Part("paragraph", f"第{n}段") for n in range(14)]  # all that the first page takes
    with app.test_request_context():
        made = pdf_of("pdf/official_document.html", document=told, parts=parts, day="某日")
    first, second = (page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    assert "第12段" in first
    assert second.split()[:3] == ["第13段", "演示区财政局", "某日"]


def test_strangers_meet_nothing(sign_in, engagement, officer):
    made = issued(officer, engagement)
    unit = UserFactory(role=Role.UNIT_OFFICER, organisation=engagement.tasks[0].unit)
    for url in (f"/official-documents/{made.id}", f"/official-documents/{made.id}/docx"):
        assert sign_in(unit).get(url).status_code == 404
    client = sign_in(officer)
    url = f"/engagements/{engagement.id}/documents/new?kind=nonsense"
    assert client.get(url).status_code == 404


def test_the_usual_words_are_changed_on_their_page(sign_in, officer, lead):
    client = sign_in(officer)
    assert client.get("/document-wordings").status_code == 200
    assert client.get("/document-wordings/talk").status_code == 200
    assert client.get("/document-wordings/nonsense").status_code == 404
    told = {"series": "演财谈", "title": "约谈通知", "body": "{机构}：\n请来。"}
    assert client.post("/document-wordings/talk", data=told).status_code == 422
    assert (
        client.post("/document-wordings/talk", data={**told, "reason": "简化"}).status_code == 302
    )
    assert "演财谈" in text_of(client.get("/document-wordings"))
    assert sign_in(lead).get("/document-wordings").status_code == 403
