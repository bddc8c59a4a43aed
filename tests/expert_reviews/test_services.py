from decimal import Decimal

import pytest

from app.audit.models import AuditEvent
from app.db import db, transaction
from app.engagements.models import Act
from app.errors import Conflict, Forbidden, Invalid
from app.expert_reviews import joining, queries, services
from app.expert_reviews.models import ExpertReview, Ground
from app.expert_reviews.services import Sheet
from app.expert_reviews.totals import Rule, means, total
from app.notifications.models import Message
from app.policy import Permission, Role, can
from tests.expert_reviews.meeting import called, concluded, experts, judge, seat_of
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import crew_of, file_paper, stage_with

D = Decimal


def test_the_total_follows_the_rule_that_was_said():
    sheets = [D("80"), D("90"), D("70"), D("85.5"), D("60")]
    assert total(Rule.MEAN, sheets) == D("77.10")
    assert total(Rule.TRIMMED, sheets) == D("78.50")  # without 90 and 60
    assert total(Rule.MEAN, [D("1"), D("1"), D("1.01")]) == D("1.00")
    assert total(Rule.MEAN, [D("0.01"), D("0.02")]) == D("0.02")  # half up
    assert means([[D(1), D(2)], [D(2), D(5)]]) == [D("1.50"), D("3.50")]
    for rule, few in ((Rule.TRIMMED, sheets[:4]), (Rule.MEAN, [])):
        with pytest.raises(ValueError, match="sheet"):
            total(rule, few)


@pytest.fixture
def people(session):
    return experts(2)


@pytest.fixture
def review(officer, lead, engagement, people):
    return called(officer, lead, engagement, people)


def test_experts_judge_apart_and_the_agency_answers_each_opinion(
    review, people, officer, lead, audited
):
    judge(people[0], review)
    judge(people[1], review, ("40", "45.5"), [])
    concluded(officer, review)
    assert review.total == D("85.25")
    (opinion,) = review.opinions
    with transaction():
        services.answer_opinion(lead, opinion, "已在第5页补充抽样方法和样本量。")
    assert opinion.answered_at is not None
    told = [event for event in audited() if event.startswith("expert_review.")]
    assert told == [
        "expert_review.called",
        *["expert_review.stated", "expert_review.sheet_submitted"] * 2,
        "expert_review.concluded",
        "expert_review.opinion_answered",
    ]
    kinds = [m.kind for m in db.session.query(Message).filter_by(user_id=lead.id)]
    assert kinds[-1] == "expert_review_concluded"


def test_no_single_score_stands_in_the_log(review, people, session):
    judge(people[0], review, ("33.33", "44.44"))
    texts = session.query(AuditEvent.canonical).all()
    assert not [text for (text,) in texts if "33.33" in text or "3333" in text]


def test_who_stands_aside_takes_no_part(review, people, officer):
    judge(people[0], review, grounds={Ground.KIN})
    with pytest.raises(Conflict):
        services.submit_sheet(people[0], seat_of(review, people[0]), Sheet([D(1), D(1)]))
    judge(people[1], review)
    concluded(officer, review)
    assert review.total == D("85.00")
    with pytest.raises(Conflict):
        services.state_grounds(people[0], seat_of(review, people[0]), ())


def test_the_statement_comes_before_the_sheet(review, people):
    with pytest.raises(Conflict):
        services.submit_sheet(people[0], seat_of(review, people[0]), Sheet([D(1), D(1)]))


def test_a_sheet_is_ones_own_whole_and_sent_once(review, people):
    seat = seat_of(review, people[0])
    with pytest.raises(Forbidden):
        services.state_grounds(people[1], seat, ())
    with transaction():
        services.state_grounds(people[0], seat, ())
    for points in ([D(1)], [D(41), D(1)], [D(-1), D(1)], [D("1.005"), D(1)]):
        with pytest.raises(Invalid):
            services.submit_sheet(people[0], seat, Sheet(points))
    with pytest.raises(Invalid):
        services.submit_sheet(people[0], seat, Sheet([D(1), D(1)], [("", " ")]))
    with transaction():
        services.submit_sheet(people[0], seat, Sheet([D(1), D(1)]))
    with pytest.raises(Conflict):
        services.submit_sheet(people[0], seat, Sheet([D(2), D(2)]))


def test_it_ends_with_all_sheets_and_minutes(review, people, officer, lead):
    judge(people[0], review)
    with pytest.raises(Conflict):
        concluded(officer, review)
    judge(people[1], review, grounds={Ground.OTHER})
    with pytest.raises(Invalid):
        services.conclude_review(officer, review, " ")
    with pytest.raises(Forbidden):
        services.conclude_review(lead, review, "纪要")
    with pytest.raises(Conflict):
        services.answer_opinion(lead, review.opinions[0], "已改")
    concluded(officer, review)
    with pytest.raises(Conflict):
        concluded(officer, review)
    with pytest.raises(Invalid):
        services.answer_opinion(lead, review.opinions[0], " ")


def test_where_all_stand_aside_there_is_no_total(review, people, officer):
    for person in people:
        judge(person, review, grounds={Ground.BOARD})
    with pytest.raises(Conflict):
        concluded(officer, review)


def test_a_call_that_makes_no_sense_is_refused(officer, lead, engagement, people):
    version = file_paper(lead, engagement, "H-02", "送审稿").versions[0]
    other = make_engagement()
    foreign = file_paper(crew_of(other)[0], other, "H-02", "送审稿").versions[0]
    for changes, field in (
        ({"version": foreign}, "version"),
        ({"place": " "}, "place"),
        ({"criteria": (("结构", 99),)}, "criteria"),
        ({"criteria": (("结构", 100), ("", 0))}, "criteria"),
        ({"people": []}, "experts"),
        ({"people": [lead]}, "experts"),
        ({"rule": Rule.TRIMMED}, "experts"),
    ):
        invited = changes.pop("people", people)
        with pytest.raises(Invalid) as refusal:
            called(officer, lead, engagement, invited, **{"version": version, **changes})
        assert refusal.value.field == field


def test_the_stage_waits_for_the_end_and_for_every_answer(review, people, officer, lead):
    stage = stage_with(review.engagement, "expert_review")
    assert joining.unanswered(stage_with(review.engagement, "plan")) is None
    assert joining.unanswered(stage) is not None
    for person in people:
        judge(person, review)
    concluded(officer, review)
    assert "2" in str(joining.unanswered(stage))
    for opinion in review.opinions:
        with transaction():
            services.answer_opinion(lead, opinion, "已修改")
    assert joining.unanswered(stage) is None


def test_where_the_template_asks_a_review_is_held(engagement):
    stage = stage_with(engagement, "expert_review")
    assert joining.unanswered(stage) is None
    engagement.template.required_acts = [Act.EXPERT_REVIEW]
    assert joining.unanswered(stage) is not None


@pytest.mark.parametrize("role", sorted(Role))
def test_the_list_and_the_policy_agree(session, review, people, role):
    other = make_engagement()
    called(UserFactory(), crew_of(other)[0], other, experts(1))
    everything = session.query(ExpertReview).order_by(ExpertReview.id).all()
    readers = [UserFactory(role=role), people[0]]
    if role in {Role.LEAD_EVALUATOR, Role.AGENCY_MEMBER, Role.AGENCY_ADMIN}:
        readers.append(UserFactory(role=role, organisation=review.engagement.agency.organisation))
    for user in readers:
        query = queries.reviews_visible_to(user).order_by(ExpertReview.id)
        told = [one for one in everything if can(user, Permission.EXPERT_REVIEW_READ, one)]
        assert list(session.scalars(query)) == told


def test_an_expert_finds_what_waits(review, people, officer, session):
    assert [one.review_id for one in session.scalars(queries.seats_waiting(people[0]))] == [
        review.id
    ]
    judge(people[0], review)
    judge(people[1], review, grounds={Ground.KIN})
    for person in people:
        assert list(session.scalars(queries.seats_waiting(person))) == []


def test_facts_of_many_are_one_statement(review, people, officer, statements):
    for person in people:
        judge(person, review)
    concluded(officer, review)
    keys = [review.engagement_id, make_engagement().id]
    with statements() as seen:
        told = queries.facts_of(keys)
    assert len(seen) == 1
    assert told[keys[0]] == queries.ReviewFacts(1, 1, 2, 2)
    assert told[keys[1]] == queries.ReviewFacts()
