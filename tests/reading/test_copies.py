"""Reading copies: who gets one instead of the original, and what the log knows of it."""

import hashlib
import json

import pytest
from sqlalchemy import select

from app import pdf as press
from app.audit.models import AuditEvent
from app.db import transaction
from app.errors import Forbidden
from app.policy import Role
from app.reading import queries, services
from app.reading.models import Handout
from tests.archiving.finished import renew
from tests.consultations.asking import sent
from tests.factories import UserFactory
from tests.papers.filing import file_kept, pdf

needs_font = pytest.mark.skipif(bool(press.missing()), reason="no CJK font here: no watermark")


def rule(officer, role, handout=Handout.COPY):
    with transaction():
        services.set_reading_rules(officer, {role: handout})


@needs_font
def test_a_role_that_gets_copies_never_gets_the_original(
    engagement, lead, officer, sign_in, session, audited
):
    paper = file_kept(lead, engagement, "B-01", "工作方案", pdf("plan"), "方案.pdf")
    inspector = UserFactory(role=Role.INSPECTOR)
    client, at = sign_in(inspector), f"/papers/{paper.id}/versions/1"
    assert client.get(f"{at}/file").data == pdf("plan")
    rule(officer, Role.INSPECTOR)
    assert audited()[-1] == "reading_rules.changed"
    away = client.get(f"{at}/file")
    assert (away.status_code, away.location) == (302, f"{at}/reading-copy")
    copy = client.get(away.location)
    assert copy.headers["Content-Disposition"].startswith("attachment")
    assert copy.data[:5] == b"%PDF-"
    assert pdf("plan") not in copy.data
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event.event == "paper.read_copy"
    assert event.scope is None, "not for the agency's time line"
    facts = json.loads(event.canonical)["facts"]
    assert facts["copy_sha256"] == hashlib.sha256(copy.data).hexdigest()
    assert audited().count("paper.downloaded") == 1
    assert "/file" not in client.get(f"{at}/preview").text
    rule(officer, Role.INSPECTOR, Handout.ORIGINAL)
    assert client.get(f"{at}/file").data == pdf("plan")


@needs_font
@pytest.mark.database("sqlite")  # its time goes into the copies, and the database only reads
def test_each_file_of_a_version_is_seen_and_taken_away_by_itself(
    engagement, lead, officer, sign_in, audited
):
    paper = file_kept(lead, engagement, "H-01", "报告初稿", pdf("old"), "旧.pdf")
    renew(lead, paper, pdf("draft"), pdf("annex"))
    unit = UserFactory(role=Role.UNIT_OFFICER, organisation=engagement.tasks[0].unit)
    consultation = sent(lead, engagement, paper.versions[-1])
    rule(officer, Role.INSPECTOR)
    rule(officer, Role.UNIT_OFFICER)
    client, at = sign_in(UserFactory(role=Role.INSPECTOR)), f"/papers/{paper.id}/versions/2"
    page = client.get(f"{at}/files.zip")
    assert (page.status_code, page.location) == (302, f"{at}/preview")
    assert f"{at}/preview?file=2" in client.get(page.location).text
    assert f"{at}/preview?file=2" in client.get(f"/papers/{paper.id}").text
    first, second = (client.get(f"{at}/view?file={n}").data for n in (1, 2))
    assert (first[:5], second[:5], first == second) == (b"%PDF-", b"%PDF-", False)
    assert client.get(f"{at}/file?file=2").location == f"{at}/reading-copy?file=2"
    assert client.get(f"{at}/reading-copy?file=2").data[:5] == b"%PDF-"
    asked, draft = sign_in(unit), f"/consultations/{consultation.id}/draft"
    assert f"{draft}?file=2" in asked.get(f"/consultations/{consultation.id}").text
    copy = asked.get(f"{draft}?file=2").data
    assert (copy[:5], copy == pdf("annex")) == (b"%PDF-", False), "the rule holds here too"
    assert audited()[-1] == "attachment.downloaded"
    rule(officer, Role.UNIT_OFFICER, Handout.ORIGINAL)
    assert asked.get(f"{draft}?file=2").data == pdf("annex")
    assert asked.get(f"{draft}?file=3").status_code == 404


@needs_font
def test_a_text_is_taken_away_as_a_print(engagement, lead, sign_in):
    paper = file_kept(lead, engagement, "F-01", "数据", "单位,金额".encode(), "数据.csv")
    copy = sign_in(lead).get(f"/papers/{paper.id}/versions/1/reading-copy")
    assert copy.mimetype == "application/pdf"


def test_what_has_no_copy_is_not_handed_out_instead(engagement, lead, officer, sign_in, audited):
    data = b"ID3\x03\x00\x00\x00\x00\x00\x00" + bytes(64)
    paper = file_kept(lead, engagement, "E-01", "录音", data, "录音.mp3")
    rule(officer, Role.INSPECTOR)
    client = sign_in(UserFactory(role=Role.INSPECTOR))
    reply = client.get(f"/papers/{paper.id}/versions/1/file", follow_redirects=True)
    assert reply.mimetype == "text/html"
    assert "paper.downloaded" not in audited()
    assert "paper.read_copy" not in audited()


def test_only_the_performance_section_makes_the_rules(sign_in, lead, officer, session, audited):
    with pytest.raises(Forbidden):
        services.set_reading_rules(lead, {Role.LEADER: Handout.COPY})
    assert sign_in(lead).get("/reading-rules").status_code == 403
    client = sign_in(officer)
    page = client.get("/reading-rules")
    assert page.status_code == 200
    told = {str(role): "original" for role in queries.READERS}
    assert client.post("/reading-rules", data={**told, "leader": "copy"}).status_code == 302
    assert queries.reading_rules()[Role.LEADER] is Handout.COPY
    assert not queries.gets_original(UserFactory(role=Role.LEADER))
    assert client.post("/reading-rules", data={**told, "leader": "none"}).status_code == 422
    assert audited().count("reading_rules.changed") == 1
