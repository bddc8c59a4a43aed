"""The rules of working papers."""

import pytest
from sqlalchemy import select

from app import papers
from app.audit.models import AuditEvent
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid, Stale
from app.notifications.models import Message
from app.papers import queries, services
from app.papers.files import NewPaper, RefusedUpload
from app.papers.models import IndexClass, VersionState
from app.policy import Role
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import add_version, file_paper, hand_in, stored


def test_agency_adds_a_paper_under_its_number(engagement, member, audited):
    paper = file_paper(member, engagement, "c-7", " 收资台账 ")
    assert (paper.index_no, paper.index_class, paper.title) == ("C-07", IndexClass.C, "收资台账")
    assert (paper.current_version, paper.state) == (1, VersionState.SUBMITTED)
    assert paper.versions[0].sha256 == stored().sha256
    assert audited()[-1] == "paper.submitted"


def test_log_carries_the_hash_and_the_declaration(engagement, member, session):
    file_paper(member, engagement)
    entry = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert stored().sha256 in entry.canonical
    assert '"unclassified":true' in entry.canonical


def test_performance_section_finds_the_paper_in_its_inbox(engagement, member, officer, session):
    paper = file_paper(member, engagement)
    message = session.scalars(select(Message).where(Message.user_id == officer.id)).all()[-1]
    assert (message.kind, message.link) == ("paper_submitted", f"/papers/{paper.id}")


def test_an_index_number_is_given_once(engagement, member, audited):
    file_paper(member, engagement, "B-01")
    before = audited()
    with pytest.raises(Conflict):
        file_paper(member, engagement, "B-1")
    assert audited() == before


def test_stage_and_task_must_be_of_the_engagement(engagement, member):
    other = make_engagement()
    with pytest.raises(Invalid), transaction():
        new = NewPaper("B-01", "工作方案", other.current_stage)
        services.submit_paper(member, engagement, new, stored())
    with pytest.raises(Invalid), transaction():
        new = NewPaper("B-01", "工作方案", engagement.current_stage, task=other.tasks[0])
        services.submit_paper(member, engagement, new, stored())


def test_without_the_tick_nothing_is_taken(engagement, member):
    with pytest.raises(Invalid), transaction():
        new = NewPaper("B-01", "工作方案", engagement.current_stage)
        services.submit_paper(member, engagement, new, stored(is_unclassified=False))
    assert queries.taken_numbers(engagement) == []


@pytest.mark.parametrize("role", [Role.PERFORMANCE_OFFICER, Role.AGENCY_ADMIN, Role.UNIT_OFFICER])
def test_only_the_contracted_agency_adds_papers(engagement, role):
    stranger = UserFactory(role=role)
    with pytest.raises(Forbidden):
        file_paper(stranger, engagement)


def test_a_new_version_stands_beside_the_old_one(engagement, member):
    paper = file_paper(member, engagement)
    first = paper.versions[0]
    second = add_version(member, paper, b"%PDF-1.4 b")
    assert (second.number, paper.current_version) == (2, 2)
    assert first.sha256 != second.sha256
    assert [v.number for v in paper.versions] == [1, 2]


def test_a_stale_version_is_refused(engagement, member, lead, audited):
    paper = file_paper(member, engagement)
    add_version(lead, paper, b"%PDF-1.4 b")
    before = audited()
    with pytest.raises(Stale), transaction():
        services.submit_version(member, paper, 1, stored(b"%PDF-1.4 c"))
    assert paper.current_version == 2
    assert audited() == before


def test_the_same_bytes_are_no_new_version(engagement, member):
    paper = file_paper(member, engagement)
    with pytest.raises(Conflict) as refusal:
        add_version(member, paper, b"%PDF-1.4 a")
    assert "1" in str(refusal.value.message)


def test_what_comes_after_its_stage_was_approved_is_marked_late(engagement, member, session):
    from app import clock

    stage = engagement.current_stage
    paper = file_paper(member, engagement)
    assert not paper.versions[0].is_late
    stage.approved_at = clock.now()
    session.commit()
    assert add_version(member, paper, b"%PDF-1.4 b").is_late
    assert file_paper(member, engagement, "B-02", stage=stage).versions[0].is_late


def test_the_section_reads_returns_and_approves(engagement, member, officer, audited):
    paper = file_paper(member, engagement)
    version = paper.versions[0]
    with transaction():
        services.read_version(officer, version)
    assert paper.state is VersionState.READ
    with transaction():
        services.return_version(officer, version, " 补充凭证 ")
    assert (version.state, version.decision_words) == (VersionState.RETURNED, "补充凭证")
    second = add_version(member, paper, b"%PDF-1.4 b")
    with transaction():
        services.approve_version(officer, second)
    assert (paper.state, second.decided_by_id) == (VersionState.APPROVED, officer.id)
    assert audited()[-4:] == [
        "version.read",
        "version.returned",
        "version.submitted",
        "version.approved",
    ]


def test_a_return_needs_words(engagement, member, officer):
    paper = file_paper(member, engagement)
    with pytest.raises(Invalid), transaction():
        services.return_version(officer, paper.versions[0], " ")


def test_only_the_newest_version_is_decided(engagement, member, officer):
    paper = file_paper(member, engagement)
    old = paper.versions[0]
    add_version(member, paper, b"%PDF-1.4 b")
    with pytest.raises(Stale), transaction():
        services.approve_version(officer, old)


def test_a_returned_version_is_not_approved(engagement, member, officer):
    paper = file_paper(member, engagement)
    with transaction():
        services.return_version(officer, paper.versions[0], "补充凭证")
    with pytest.raises(Conflict), transaction():
        services.approve_version(officer, paper.versions[0])


def test_the_agency_decides_nothing(engagement, lead, member):
    paper = file_paper(member, engagement)
    for decide in (services.read_version, services.approve_version):
        with pytest.raises(Forbidden), transaction():
            decide(lead, paper.versions[0])


def test_a_gate_holds_an_approval_up(engagement, member, officer, monkeypatch):
    paper = file_paper(member, engagement)
    monkeypatch.setattr(papers, "approval_gates", [lambda _version: "意见未落实"])
    with pytest.raises(Conflict, match="意见未落实"), transaction():
        services.approve_version(officer, paper.versions[0])
    assert paper.versions[0].state is VersionState.SUBMITTED


def test_a_paper_is_withdrawn_with_a_reason_and_stays(engagement, lead, member, audited):
    paper = file_paper(member, engagement)
    with pytest.raises(Forbidden), transaction():
        services.withdraw_paper(member, paper, "重复")
    with pytest.raises(Invalid), transaction():
        services.withdraw_paper(lead, paper, "")
    with transaction():
        services.withdraw_paper(lead, paper, "重复")
    assert paper.withdrawn_at is not None
    assert audited()[-1] == "paper.withdrawn"
    with pytest.raises(Conflict):
        add_version(member, paper, b"%PDF-1.4 b")
    assert "B-01" in queries.taken_numbers(engagement)


def test_an_approved_paper_is_not_withdrawn(engagement, lead, officer):
    paper = file_paper(lead, engagement)
    with transaction():
        services.approve_version(officer, paper.versions[0])
    with pytest.raises(Conflict), transaction():
        services.withdraw_paper(lead, paper, "重复")


def test_a_submitted_report_is_locked(engagement, lead, officer):
    report = hand_in(lead, engagement)
    paper = report.version.paper
    with pytest.raises(Conflict):
        add_version(lead, paper, b"%PDF-1.4 other")
    with pytest.raises(Conflict), transaction():
        services.withdraw_paper(lead, paper, "重复")
    with pytest.raises(Conflict), transaction():
        services.return_version(officer, paper.versions[0], "改")


def test_a_download_is_in_the_log_but_in_no_time_line_of_the_engagement(
    engagement, member, officer, session
):
    paper = file_paper(member, engagement)
    with transaction():
        services.record_download(officer, paper.versions[0])
    entry = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (entry.event, entry.scope) == ("paper.downloaded", None)
    assert entry.subject == f"paper_version:{paper.versions[0].id}"


def test_a_refused_upload_is_in_the_log(engagement, member, session, audited):
    with transaction():
        refused = RefusedUpload("坏\u202e名\x00.exe" * 50, 5, "foreign_type")
        services.note_refused_upload(member, engagement, refused)
    assert audited()[-1] == "paper.upload_refused"


def test_nothing_is_added_once_the_engagement_ended(engagement, member, session):
    from app import clock

    paper = file_paper(member, engagement)
    engagement.terminated_at = clock.now()
    session.commit()
    with pytest.raises(Forbidden):
        add_version(member, paper, b"%PDF-1.4 b")
