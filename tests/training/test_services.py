"""Courses, quizzes within their limits, trainings, hours and who may see them."""

from datetime import timedelta

import pytest

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.policy import Role
from app.training import authoring, queries, services
from app.training.authoring import NewSession
from app.training.models import Audience, ClaimState, Course, HourRecord
from tests.factories import AgencyFactory, UserFactory
from tests.reviews.rounds import rated
from tests.training.learning import answers, begun, course, learner, passed, read_all


def records(person):
    return db.session.query(HourRecord).filter_by(user_id=person.id).all()


def send(person, attempt, **how):
    with transaction():
        return services.send_quiz(person, attempt, answers(attempt, **how))


def test_who_reads_all_and_passes_has_hours_and_a_certificate(session, audited):
    person, made = learner(), course()
    attempt = begun(person, made)
    send(person, attempt, wrong=1)
    (record,) = records(person)
    assert (attempt.percent, record.hours, record.state) == (66, 4, ClaimState.ACCEPTED)
    assert queries.hours_in(person, clock.today().year) == 4
    assert len(record.certificate) > 20
    assert audited().count("quiz.sent") == 1


def test_a_quiz_begins_after_all_pages_and_goes_on_while_it_runs(session):
    person, made = learner(), course()
    with pytest.raises(Conflict), transaction():
        services.begin_quiz(person, made)
    first = begun(person, made)
    with transaction():
        assert services.begin_quiz(person, made).id == first.id


def test_a_quiz_sent_twice_or_after_its_time_is_refused(session):
    person, made = learner(), course()
    attempt = begun(person, made)
    send(person, attempt, wrong=3)
    with pytest.raises(Conflict):
        send(person, attempt)
    assert not records(person)
    with transaction():
        late = services.begin_quiz(person, made)
    with clock.frozen(late.due_at + timedelta(minutes=1)), pytest.raises(Conflict):
        send(person, late)
    over = clock.frozen(late.due_at + timedelta(minutes=2))
    with over, pytest.raises(Conflict), transaction():
        services.begin_quiz(person, made)  # the tries are used up
    assert not records(person)


def test_a_passed_quiz_is_not_taken_again(session):
    person, made = learner(), course()
    passed(person, made)
    with pytest.raises(Conflict), transaction():
        services.begin_quiz(person, made)
    assert len(records(person)) == 1


def test_nobody_answers_anothers_quiz_nor_learns_from_what_is_not_theirs(session):
    person, made = learner(), course(audience=Audience.AGENCY)
    attempt = begun(person, made)
    with pytest.raises(Forbidden):
        send(learner(), attempt)
    outsider = learner(Role.UNIT_OFFICER)
    with pytest.raises(Forbidden):
        read_all(outsider, made)
    with pytest.raises(Forbidden):
        read_all(person, course(published=False))
    for role in (Role.AGENCY_ADMIN, Role.LEADER, Role.UNIT_OFFICER, Role.SYSTEM_ADMIN):
        with pytest.raises(Forbidden), transaction():
            authoring.publish_course(UserFactory(role=role), made)


def test_lists_agree_with_the_policy(session):
    from app.policy import Permission, can

    courses = [course(audience=each) for each in Audience] + [course(published=False)]
    for role in Role:
        person = UserFactory(role=role)
        seen = set(db.session.scalars(queries.courses_visible_to(person)))
        allowed = {each for each in courses if can(person, Permission.COURSE_READ, each)}
        assert seen == allowed, role


def test_a_course_needs_pages_and_questions_enough(session):
    for lacking in ({"pages": 0}, {"questions": 2}):
        with pytest.raises(Conflict):
            course(**lacking)
    officer, made = UserFactory(), course(published=False)
    for bad in ("*只有一个", "甲\n乙", "*甲\n甲"):
        with pytest.raises(Invalid), transaction():
            authoring.write_question(officer, made, "演示题", bad)


def test_a_training_is_signed_once_with_its_code_while_it_goes_on(session):
    officer, person, made = UserFactory(), learner(Role.UNIT_OFFICER), course(questions_asked=0)
    at = clock.now() + timedelta(hours=1)
    with transaction():
        new = NewSession("演示培训", "演示会议室", at, at + timedelta(hours=2), 3)
        held = authoring.call_session(officer, made, new)
    with pytest.raises(Conflict), transaction():
        services.sign_in_session(person, held, held.code)
    with clock.frozen(at):
        with pytest.raises(Invalid), transaction():
            services.sign_in_session(person, held, "错码")
        with transaction():
            services.sign_in_session(person, held, held.code.lower())
        with pytest.raises(Conflict), transaction():
            services.sign_in_session(person, held, held.code)
    assert [each.hours for each in records(person)] == [3]


def test_hours_count_for_their_year_until_they_expire(session):
    person = learner()
    passed(person, course(valid_months=1))
    year = clock.today().year
    assert queries.hours_in(person, year) == 4
    assert queries.hours_in(person, year - 1) == 0
    with clock.frozen(clock.now() + timedelta(days=40)):
        assert queries.hours_in(person, year) == 0


def test_the_weakest_dimension_needs_three_stars_and_suggests_its_course(session):
    agency, officer = AgencyFactory(), UserFactory()
    person = learner(organisation=agency.organisation)
    assert queries.suggested_to(person) == (None, [])
    rated(3, agency=agency, actor=officer)
    weakest = queries.weakest_dimension(agency.id)
    assert weakest is not None
    made = course(officer, dimension_id=weakest.id)
    assert queries.suggested_to(person) == (weakest, [made])
    assert queries.suggested_to(learner(Role.UNIT_OFFICER)) == (None, [])
    passed(person, made)
    assert queries.suggested_to(person) == (weakest, [])


def test_a_course_out_of_use_is_gone_and_its_hours_stay(session):
    officer, person, made = UserFactory(), learner(), course()
    passed(person, made)
    with transaction():
        authoring.withdraw_course(officer, made)
    assert not list(db.session.scalars(queries.courses_visible_to(person)))
    assert db.session.get(Course, made.id).withdrawn_at is not None
    assert queries.hours_in(person, clock.today().year) == 4
