"""An assessment is filled in, confirmed by somebody else, kept by the database, and corrected."""

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import clock
from app.assessments import facts, queries, reckoning, services
from app.assessments.grading import AgencyGrade
from app.assessments.models import Assessment, AssessmentScore
from app.assessments.services import Filling, Line
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid, Stale
from app.notifications.models import Message
from app.policy import Role
from tests.assessments.making import begun, confirmed, filled, filling, head_of, submitted
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import crew_of, file_paper
from tests.reviews.rounds import ended


def test_the_shipped_form_is_thirty_and_seventy(session):
    form = queries.form_in_force()
    parts = {"plan": 0, "result": 0}
    for item in form.items:
        parts[item.part] += item.points
    assert parts == {"plan": 30, "result": 70}
    assert [item.points for item in form.items] == [10, 15, 5, 35, 15, 10, 5, 5]
    assert {key for item in form.items for key in item.facts} <= set(facts.FACTS)


def test_work_that_goes_on_is_not_assessed(session, audited):
    engagement = make_engagement()
    before = audited()
    with pytest.raises(Forbidden), transaction():
        services.begin_assessment(UserFactory(), engagement)
    assert audited() == before


def test_nobody_but_the_section_assesses(session):
    engagement = ended().engagement
    for role in (Role.LEADER, Role.SECTION_OFFICER, Role.AGENCY_ADMIN, Role.INSPECTOR):
        with pytest.raises(Forbidden), transaction():
            services.begin_assessment(UserFactory(role=role), engagement)


def test_a_job_has_one_assessment_at_a_time(session):
    actor = UserFactory()
    found = begun(actor=actor)
    with pytest.raises(Conflict), transaction():
        services.begin_assessment(actor, found.engagement, "再来")


def test_a_deduction_needs_its_words(session):
    actor = UserFactory()
    found = begun(actor=actor)
    lines = dict(filling(found).lines)
    score = found.scores[0]
    lines[score.item_id] = Line(score.most - 1)
    with pytest.raises(Invalid) as caught, transaction():
        services.fill_assessment(actor, found, Filling(lines), 0)
    assert caught.value.field == "line-0-words"


@pytest.mark.parametrize("points", ["-1", "99", "1.234", "NaN"])
def test_points_stay_within_their_line(session, points):
    actor = UserFactory()
    found = begun(actor=actor)
    lines = dict(filling(found).lines)
    lines[found.scores[0].item_id] = Line(Decimal(points), "说明")
    with pytest.raises(Invalid), transaction():
        services.fill_assessment(actor, found, Filling(lines), 0)


def test_a_bonus_is_bounded_and_explained(session):
    actor = UserFactory()
    found = begun(actor=actor)
    for told in (filling(found, bonus="5.01"), filling(found, bonus=2, bonus_words="")):
        with pytest.raises(Invalid), transaction():
            services.fill_assessment(actor, found, told, 0)
    filled(actor, found, lost=10, bonus="-2.5")
    assert reckoning.total_now(found) == Decimal("87.50")


def test_two_editors_lose_nothing(session):
    actor = UserFactory()
    found = filled(actor, begun(actor=actor))
    with pytest.raises(Stale), transaction():
        services.fill_assessment(actor, found, filling(found), 0)


def test_a_form_with_a_gap_is_not_handed_on(session):
    actor = UserFactory()
    found = begun(actor=actor)
    with pytest.raises(Invalid), transaction():
        services.submit_assessment(actor, found)


def test_a_second_person_confirms(session, audited):
    actor, second = UserFactory(), UserFactory()
    found = submitted(actor=actor, lost=11)
    with pytest.raises(Forbidden), transaction():
        services.confirm_assessment(actor, found)
    with transaction():
        services.confirm_assessment(second, found)
    assert (found.total, found.grade) == (Decimal(89), AgencyGrade.B)
    assert found.rules.label(found.grade) == "B级"
    assert found.objections_until == clock.add_working_days(clock.today(), 5)
    assert found.pay_percent is None, "the table of pay ships switched off"
    assert audited()[-1] == "assessment.confirmed"


def test_whoever_saved_last_filled_it_in(session):
    first, last = UserFactory(), UserFactory()
    found = submitted(actor=first)
    with transaction():
        services.return_assessment(last, found, "依据不足")
    filled(last, found, lost=3)
    with transaction():
        services.submit_assessment(last, found)
    with pytest.raises(Forbidden), transaction():
        services.confirm_assessment(last, found)
    with transaction():
        services.confirm_assessment(first, found)
    assert found.total == 97


def test_the_agency_is_told_at_confirmation_and_not_before(session):
    found = submitted()
    head = head_of(found.engagement.agency)
    told = db.session.query(Message).filter_by(user_id=head.id)
    assert told.count() == 0
    with transaction():
        services.confirm_assessment(UserFactory(), found)
    assert [message.kind for message in told] == ["assessment_confirmed"]


CHANGES = (
    "UPDATE assessment SET total = 10000 WHERE id = {0}",
    "UPDATE assessment SET confirmed_at = NULL WHERE id = {0}",
    "UPDATE assessment SET grade = 'a', facts = '{{}}' WHERE id = {0}",
    "UPDATE assessment_score SET points = most WHERE assessment_id = {0}",
    "DELETE FROM assessment_score WHERE assessment_id = {0}",
    "DELETE FROM assessment WHERE id = {0}",
    "UPDATE assessment_item SET points = 100",
    "UPDATE assessment_rules SET edge_a = 70",
    "UPDATE assessment_form SET most_bonus = 2000",
    "DELETE FROM assessment_rules",
)


@pytest.mark.owner
@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_keeps_what_was_confirmed(session, statement):
    found = confirmed(lost=20)
    point = session.begin_nested()
    with pytest.raises(DBAPIError, match="frozen"):
        session.execute(text(statement.format(found.id)))
    point.rollback()


def test_the_database_takes_no_line_into_a_confirmed_one(session):
    found = confirmed(lost=20)
    other = begun()
    point = session.begin_nested()
    moved = "UPDATE assessment_score SET assessment_id = :to WHERE assessment_id = :id"
    with pytest.raises(DBAPIError):
        session.execute(text(moved), {"to": found.id, "id": other.id})
    point.rollback()


def test_a_correction_is_the_next_version_with_its_reason(session):
    actor = UserFactory()
    first = confirmed(actor=actor, lost=20)
    with pytest.raises(Invalid), transaction():
        services.begin_assessment(actor, first.engagement, " ")
    second = begun(first.engagement, actor, "异议成立")
    assert [s.points for s in second.scores] == [s.points for s in first.scores]
    filled(actor, second, lost=5)
    with transaction():
        services.submit_assessment(actor, second)
    assert queries.current_of(first.engagement) == first, "the old one holds until then"
    with transaction():
        services.confirm_assessment(UserFactory(), second)
    db.session.refresh(first)
    assert first.superseded_at is not None
    assert first.total == 80, "it stays as it was"
    assert queries.current_of(first.engagement) == second


def test_facts_are_counted_from_the_rows(session):
    engagement = make_engagement()
    lead, _member, officer = crew_of(engagement)
    file_paper(lead, engagement, "B-01")
    file_paper(lead, engagement, "C-01", "资料清单")
    stage = engagement.stages[0]
    stage.submitted_at = clock.start_of(clock.add_working_days(stage.due_on, 3))
    stage.returned_count = 2
    db.session.commit()
    found = facts.facts_of(engagement)
    assert found["team"] == {"people": 1}
    assert found["late_papers"] == {"late": 0, "versions": 2}
    assert found["on_time"] == {"on_time": 0, "stages": 1}
    assert found["overdue_days"] == {"days": 3, "most": 3}
    assert found["returns"] == {"papers": 0, "stages": 2, "refusals": 0}
    assert found["opinions"] == {"issued": 0, "must": 0, "open": 0}


def test_facts_stay_as_they_stood_at_confirmation(session):
    found = confirmed()
    assert found.facts == facts.facts_of(found.engagement)
    assert found.facts.keys() == facts.FACTS.keys()


def test_lists_and_policy_agree(session):
    from app.policy import Permission, can

    told, draft = confirmed(), submitted()
    for role in Role:
        organisation = told.engagement.agency.organisation
        people = [UserFactory(role=role)]
        if role in {Role.AGENCY_ADMIN, Role.LEAD_EVALUATOR, Role.AGENCY_MEMBER}:
            people.append(UserFactory(role=role, organisation=organisation))
        for person in people:
            listed = set(db.session.scalars(queries.assessments_visible_to(person)))
            if not can(person, Permission.ASSESSMENT_LIST, None):
                assert listed == set()
                continue
            readable = {a for a in (told, draft) if can(person, Permission.ASSESSMENT_READ, a)}
            assert listed == readable, role


def test_rows_are_whole(session):
    found = confirmed(lost=7)
    digest = reckoning.digest_of(found)
    again = db.session.get(Assessment, found.id)
    assert reckoning.digest_of(again) == digest
    assert db.session.query(AssessmentScore).filter_by(assessment_id=found.id).count() == 8
