"""The rules of opinions."""

import pytest
from sqlalchemy import select

from app import engagements, papers
from app.audit.models import AuditEvent
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid, Stale
from app.guidance import queries, services
from app.guidance.joining import unresolved_in_stage, unresolved_on_paper
from app.guidance.models import NoteKind
from app.guidance.services import NewNote
from app.notifications.models import Message
from app.papers import services as paper_services
from app.policy import Role
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import add_version, crew_of, file_paper

MUST = NewNote(NoteKind.MUST_RESOLVE, "超范围列支未见凭证", place="第 3 页")


def issue(actor, paper, new=MUST):
    with transaction():
        return services.issue_note(actor, paper.versions[-1], new)


def test_opinions_are_numbered_and_pinned_to_a_version(paper, officer, lead, audited):
    first, second = issue(officer, paper), issue(officer, paper)
    add_version(lead, paper, b"%PDF-1.4 b")
    third = issue(officer, paper)
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert (first.version.number, third.version.number) == (1, 2)
    assert audited()[-1] == "note.issued"


def test_issuing_sends_nothing_back_by_itself(paper, officer):
    issue(officer, paper)
    assert paper.state == "submitted"


def test_agency_finds_the_opinion_in_its_inbox(paper, officer, lead, session):
    issue(officer, paper)
    newest = session.scalars(select(Message).where(Message.user_id == lead.id)).all()[-1]
    assert (newest.kind, newest.link) == ("note_issued", f"/papers/{paper.id}#note-1")


def test_an_opinion_on_an_old_version_is_stale(paper, officer, lead):
    old = paper.versions[0]
    add_version(lead, paper, b"%PDF-1.4 b")
    with pytest.raises(Stale), transaction():
        services.issue_note(officer, old, MUST)


def test_one_that_touches_a_score_needs_its_reason_and_stands_in_the_log(paper, officer, session):
    bare = NewNote(NoteKind.SCORE, "B21 由 6 分调为 8 分")
    with pytest.raises(Invalid):
        issue(officer, paper, bare)
    issue(officer, paper, NewNote(NoteKind.SCORE, bare.body, reason="年底已整改"))
    entry = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert '"note_kind":"score"' in entry.canonical
    assert "年底已整改" in entry.canonical


@pytest.mark.parametrize("kind", [NoteKind.SCORE, NoteKind.SUGGESTION])
def test_only_must_resolve_holds_an_approval_up(paper, officer, kind):
    issue(officer, paper, NewNote(kind, "改", reason="理由"))
    with transaction():
        paper_services.approve_version(officer, paper.versions[0])
    assert paper.state == "approved"


def test_must_resolve_holds_paper_and_stage_up_until_settled(paper, officer, lead):
    assert unresolved_on_paper in papers.approval_gates
    assert unresolved_in_stage in engagements.gates
    note = issue(officer, paper)
    with pytest.raises(Conflict, match="#1"), transaction():
        paper_services.approve_version(officer, paper.versions[0])
    assert paper.index_no in str(unresolved_in_stage(paper.stage))
    with transaction():
        services.reply_to_note(lead, note, "已补凭证")
    assert unresolved_on_paper(paper.versions[0]), "an answer alone settles nothing"
    with transaction():
        services.settle_note(officer, note)
    assert unresolved_in_stage(paper.stage) is None
    with transaction():
        paper_services.approve_version(officer, paper.versions[0])


def test_a_withdrawn_paper_holds_no_stage_up(paper, officer, lead):
    issue(officer, paper)
    with transaction():
        paper_services.withdraw_paper(lead, paper, "重复")
    assert unresolved_in_stage(paper.stage) is None
    with pytest.raises(Conflict):
        issue(officer, paper)


def test_business_section_issues_and_settles_its_own_only(paper, officer, section):
    own, other = issue(section, paper), issue(officer, paper)
    with transaction():
        services.settle_note(section, own)
    with pytest.raises(Forbidden), transaction():
        services.settle_note(section, other)


def test_performance_section_settles_any(paper, officer, section):
    note = issue(section, paper)
    with transaction():
        services.settle_note(officer, note)
    assert note.settled_by_id == officer.id


def test_agency_answers_and_nobody_else(paper, officer, lead, session, audited):
    note = issue(officer, paper)
    with transaction():
        services.reply_to_note(lead, note, " 已补 ")
    assert [reply.body for reply in note.replies] == ["已补"]
    assert audited()[-1] == "note.answered"
    newest = session.scalars(select(Message).where(Message.user_id == officer.id)).all()[-1]
    assert newest.kind == "note_replied"
    for stranger in (officer, UserFactory(role=Role.AGENCY_ADMIN)):
        with pytest.raises(Forbidden), transaction():
            services.reply_to_note(stranger, note, "已补")


def test_empty_words_are_nothing(paper, officer, lead):
    with pytest.raises(Invalid):
        issue(officer, paper, NewNote(NoteKind.SUGGESTION, "  "))
    note = issue(officer, paper)
    with pytest.raises(Invalid), transaction():
        services.reply_to_note(lead, note, " ")


def test_a_settled_opinion_is_closed(paper, officer, lead):
    note = issue(officer, paper)
    with transaction():
        services.settle_note(officer, note)
    with pytest.raises(Conflict), transaction():
        services.settle_note(officer, note)
    with pytest.raises(Conflict), transaction():
        services.reply_to_note(lead, note, "已补")


@pytest.mark.parametrize(
    "role", [Role.LEADER, Role.INSPECTOR, Role.UNIT_OFFICER, Role.SECTION_OFFICER]
)
def test_others_issue_nothing(paper, role):
    with pytest.raises(Forbidden):
        issue(UserFactory(role=role), paper)


def test_counts_are_one_statement(paper, officer, lead, statements):
    notes = [issue(officer, paper), issue(officer, paper, NewNote(NoteKind.SUGGESTION, "改"))]
    with transaction():
        services.reply_to_note(lead, notes[1], "已改")
    settled = issue(officer, paper)
    with transaction():
        services.settle_note(officer, settled)
    other = make_engagement()
    withdrawn = file_paper(crew_of(other)[0], other)
    issue(officer, withdrawn)
    with transaction():
        paper_services.withdraw_paper(crew_of(other)[0], withdrawn, "重复")
    keys = [paper.engagement_id, other.id]
    with statements() as sent:
        counted = queries.note_counts(keys)
    assert len(sent) == 1
    assert counted[keys[0]] == queries.NoteCounts(unsettled=2, must_resolve=1, unanswered=1)
    assert counted[keys[1]] == queries.NoteCounts()
