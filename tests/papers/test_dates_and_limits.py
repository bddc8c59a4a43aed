"""Two dates that are not one another, the mark of what comes late, and how much may come."""

from datetime import date, timedelta

import pytest

from app import clock
from app.db import transaction
from app.papers import required, services
from app.papers.files import NewPaper
from app.papers.models import WorkingPaper
from tests.papers.filing import add_version, file_paper, pdf, stored
from tests.papers.test_upload_views import send_raw


def approve(stage, session):
    stage.approved_at = clock.now()
    session.commit()


def test_what_comes_after_its_stage_was_approved_is_marked_everywhere(
    sign_in, engagement, lead, officer, session
):
    stage = engagement.current_stage
    intime = file_paper(lead, engagement, "A-01", "业务委托合同", stage=stage)
    approve(stage, session)
    late = file_paper(lead, engagement, "A-02", "回避声明", data=b"%PDF-1.4 b", stage=stage)
    assert (intime.versions[0].is_late, late.versions[0].is_late) == (False, True)
    assert required.late_papers(engagement) == {late.id}
    assert add_version(lead, intime, b"%PDF-1.4 c").is_late, "a version that comes late, too"
    client = sign_in(officer)
    for path in (f"/papers/{late.id}", f"/papers/{late.id}/versions/1"):
        assert "后补" in client.get(path).get_data(as_text=True)
    listed = client.get(f"/engagements/{engagement.id}/papers").get_data(as_text=True)
    assert listed.count("后补") == 2


def test_what_was_here_before_the_approval_is_not_late(engagement, lead, session):
    stage = engagement.current_stage
    before = clock.now() - timedelta(minutes=5)
    approve(stage, session)
    with transaction():
        new = NewPaper("A-03", "保密协议", stage)
        paper = services.submit_paper(lead, engagement, new, stored(received_at=before))
    assert not paper.versions[0].is_late
    assert paper.versions[0].submitted_at == before


def test_received_and_evidence_are_two_dates(sign_in, engagement, lead, session):
    client, url = sign_in(lead), f"/engagements/{engagement.id}/papers/uploads"
    told = {"index_no": "C-07", "title": "收资台账", "unclassified": "y",
            "stage": str(engagement.current_stage.id)}  # fmt: skip
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert send_raw(client, url, pdf("x"), **told, evidence_on=tomorrow).status_code == 422
    done = send_raw(client, url, pdf("x"), **told, evidence_on="2026-03-05")
    version = session.query(WorkingPaper).one().versions[0]
    assert version.evidence_on == date(2026, 3, 5)
    assert clock.day_of(version.submitted_at) == clock.today(), "the server's clock, never theirs"
    page = client.get(done.json["location"]).get_data(as_text=True)
    assert "2026-03-05" in page or "2026年3月5日" in page


@pytest.mark.parametrize("page", ["papers/new", "papers/intake"])
def test_the_room_that_is_left_is_told_before_the_upload(sign_in, engagement, lead, page):
    file_paper(lead, engagement, data=b"%PDF-1.4 " + bytes(3 << 20))
    text = sign_in(lead).get(f"/engagements/{engagement.id}/{page}").get_data(as_text=True)
    assert "3.0 MB" in text
    assert "20.0 GB" in text
    assert "2048 MB" in text
