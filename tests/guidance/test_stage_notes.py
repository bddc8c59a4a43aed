"""Opinions on stages: who writes, answers and settles them, what they gate, and both sides' pace."""

from datetime import UTC, datetime, timedelta

import pytest

from app import clock
from app.db import transaction
from app.engagements import moves
from app.errors import Conflict, Forbidden, Invalid
from app.guidance import stage_queries, stage_services
from app.guidance.joining import unresolved_in_stage
from app.guidance.models import NoteKind
from app.guidance.services import NewNote
from app.notifications.models import Message
from app.policy import Role
from tests.factories import UserFactory

MUST = NewNote(NoteKind.MUST_RESOLVE, "抽样方案须补充样本量依据")


def issued(officer, stage, new=MUST):
    with transaction():
        return stage_services.issue_stage_note(officer, stage, new)


def test_a_must_resolve_opinion_holds_its_stage_until_it_is_settled(
    session, engagement, officer, lead, audited
):
    stage = engagement.current_stage
    note = issued(officer, stage)
    assert "#1" in str(unresolved_in_stage(stage))
    assert any("#1" in str(words) for words in moves.missing_for_approval(stage))
    with transaction():
        stage_services.reply_to_stage_note(lead, note, "已补充")
    with pytest.raises(Forbidden), transaction():
        stage_services.settle_stage_note(lead, note)
    with transaction():
        stage_services.settle_stage_note(officer, note)
    assert unresolved_in_stage(stage) is None
    with pytest.raises(Conflict), transaction():
        stage_services.reply_to_stage_note(lead, note, "又答")
    assert audited()[-3:] == ["stage_note.issued", "stage_note.answered", "stage_note.settled"]


def test_one_that_touches_a_score_needs_its_reason_gates_nothing_and_goes_up(
    session, engagement, officer, sign_in
):
    leader, auditor = UserFactory(role=Role.LEADER), UserFactory(role=Role.AUDIT_ADMIN)
    touching = NewNote(NoteKind.SCORE, "C11 得分依据不足")
    with pytest.raises(Invalid), transaction():
        stage_services.issue_stage_note(officer, engagement.current_stage, touching)
    reason = NewNote(NoteKind.SCORE, "C11 得分依据不足", reason="佐证材料日期晚于评价期")
    issued(officer, engagement.current_stage, reason)
    assert unresolved_in_stage(engagement.current_stage) is None
    for person in (leader, auditor):
        assert (
            session.query(Message).filter_by(user_id=person.id, kind="note_touches_score").count()
            == 1
        )
    page = sign_in(auditor).get("/log/score-opinions").get_data(as_text=True)
    assert "佐证材料日期晚于评价期" in page
    assert sign_in(officer).get("/log/score-opinions").status_code == 403


def test_what_cannot_be_pinned_is_refused(session, engagement, officer, lead):
    stage = engagement.current_stage
    with pytest.raises(Invalid), transaction():
        stage_services.issue_stage_note(
            officer, stage, NewNote(NoteKind.SUGGESTION, "意见", indicator="Z99")
        )
    with pytest.raises(Forbidden), transaction():
        stage_services.issue_stage_note(lead, stage, MUST)
    stage.approved_at = clock.now()
    session.commit()
    with pytest.raises(Conflict), transaction():
        stage_services.issue_stage_note(officer, stage, MUST)


def test_pace_of_both_sides():
    monday = datetime(2026, 3, 2, 2, tzinfo=UTC)
    tuesday, friday = monday + timedelta(days=1), monday + timedelta(days=4)
    told = stage_queries.paces(
        [
            (monday, tuesday, tuesday, friday),
            (monday, friday, friday, None),
            (monday, None, None, None),
        ]
    )
    assert (told.agency.answers, told.agency.middle, told.agency.longest, told.agency.waiting) == (
        2,
        1,
        4,
        1,
    )
    assert (told.bureau.answers, told.bureau.middle, told.bureau.waiting) == (1, 3, 1)


def test_pages(session, engagement, officer, lead, sign_in):
    page, stage = f"/engagements/{engagement.id}/guidance", engagement.current_stage
    client = sign_in(officer)
    assert client.get(page).status_code == 200
    told = {"stage": str(stage.id), "kind": "must_resolve", "body": "请补充", "once": "d" * 20}
    assert client.post(page, data=told | {"body": ""}).status_code == 422
    assert client.post(page, data=told | {"indicator": "Z99"}).status_code == 422
    assert client.post(page, data=told).status_code == 302
    (note,) = stage_queries.notes_of(engagement)
    answer = {"body": "已补充", "once": "e" * 20}
    agency = sign_in(lead)
    assert "请补充" in agency.get(page).get_data(as_text=True)
    assert agency.post(page, data=told).status_code == 403
    assert agency.post(f"/stage-notes/{note.id}/replies", data={"body": ""}).status_code == 422
    assert agency.post(f"/stage-notes/{note.id}/replies", data=answer).status_code == 302
    assert client.post(f"/stage-notes/{note.id}/settlement").status_code == 302
    stranger = sign_in(UserFactory(role=Role.UNIT_OFFICER))
    assert stranger.get(page).status_code == 404
