"""Three-level review: three different people, none the preparer, bound to the exact version."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import papers
from app.audit.models import AuditEvent
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid, Stale
from app.notifications.models import Message
from app.papers import review_queries, reviewing
from app.papers.review_models import LevelReview, LevelReviewer, ReviewOutcome
from app.papers.review_queries import Turn
from app.policy import Role
from app.web import fresh_token
from tests.factories import UserFactory
from tests.papers.filing import add_version, file_paper, hand_in, stage_with

PASSED, RETURNED = ReviewOutcome.PASSED, ReviewOutcome.RETURNED


@pytest.fixture
def trio(engagement, lead):
    home = engagement.agency.organisation
    people = [UserFactory(role=Role.AGENCY_MEMBER, organisation=home) for _ in range(3)]
    with transaction():
        reviewing.appoint_reviewers(lead, engagement, people)
    return people


@pytest.fixture
def report(engagement, lead):
    return file_paper(lead, engagement, "H-01", "正式报告", data=b"%PDF-1.4 report")


def review(paper, person, outcome=PASSED, opinion="数据与底稿一致"):
    turn = review_queries.standing_of(paper).turn
    with transaction():
        return reviewing.review_version(person, turn, outcome, opinion)


def spare_review(engagement, session):
    engagement.template.needs_three_level_review = False
    for stage in engagement.stages:
        plain = [{"class": one["class"], "title": one["title"]} for one in stage.required_papers]
        stage.required_papers = plain
    session.commit()


def test_three_levels_pass_in_order(trio, report, audited, session):
    for level, person in enumerate(trio, 1):
        turn = review_queries.standing_of(report).turn
        assert (turn.level, turn.reviewer_id) == (level, person.id)
        review(report, person)
    standing = review_queries.standing_of(report)
    assert standing.has_passed
    assert standing.turn is None
    assert audited()[-3:] == ["level_review.made"] * 3
    told = session.scalars(select(AuditEvent.canonical).order_by(AuditEvent.id.desc())).first()
    assert reviewing.digest_of("数据与底稿一致") in told
    assert "数据与底稿一致" not in told, "the evaluated unit reads the time line too"
    asked = session.query(Message).filter_by(kind="level_review_asked").count()
    assert asked == 3


def test_each_level_is_for_its_own_reviewer(trio, report, lead):
    turn = review_queries.standing_of(report).turn
    for stranger in (trio[1], trio[2], lead, UserFactory(role=Role.AGENCY_MEMBER)):
        with pytest.raises(Forbidden), transaction():
            reviewing.review_version(stranger, turn, PASSED, "好")


def test_levels_can_not_be_skipped_or_repeated(trio, report):
    version = report.versions[0]
    with pytest.raises(Conflict), transaction():
        reviewing.review_version(trio[1], Turn(version, 2, trio[1].id), PASSED, "好")
    review(report, trio[0])
    with pytest.raises(Conflict), transaction():
        reviewing.review_version(trio[0], Turn(version, 1, trio[0].id), PASSED, "好")


def test_three_levels_are_three_people(engagement, lead, member, trio):
    for people in ([lead, member, lead], [lead, lead, lead]):
        with pytest.raises(Invalid), transaction():
            reviewing.appoint_reviewers(lead, engagement, people)
    foreign = UserFactory(role=Role.AGENCY_MEMBER)
    with pytest.raises(Invalid), transaction():
        reviewing.appoint_reviewers(lead, engagement, [lead, member, foreign])
    with pytest.raises(Forbidden), transaction():
        reviewing.appoint_reviewers(member, engagement, trio)


def test_the_same_person_is_refused_after_a_change_of_reviewers(engagement, lead, trio, report):
    review(report, trio[0])
    with transaction():
        reviewing.appoint_reviewers(lead, engagement, [trio[2], trio[0], trio[1]])
    with pytest.raises(Conflict):
        review(report, trio[0])


def test_the_database_itself_refuses_the_same_person_twice(trio, report, session):
    review(report, trio[0])
    again = LevelReview(
        version_id=report.versions[0].id,
        level=2,
        reviewer_id=trio[0].id,
        outcome=PASSED,
        opinion="好",
        reviewed_at=report.created_at,
    )
    session.add(again)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_preparer_never_reviews(engagement, lead, trio):
    paper = file_paper(trio[0], engagement, "H-02", "报告初稿")
    with pytest.raises(Conflict):
        review(paper, trio[0])


def test_an_opinion_is_needed(trio, report):
    with pytest.raises(Invalid):
        review(report, trio[0], opinion="  ")


def test_a_returned_version_goes_no_further_and_is_answered_once(trio, report, lead, session):
    found = review(report, trio[0], RETURNED, "第3章数据有误")
    assert review_queries.standing_of(report).turn is None
    assert session.query(Message).filter_by(kind="level_review_returned").one().user_id == lead.id
    with pytest.raises(Conflict), transaction():
        reviewing.reply_to_review(trio[0], found, "自己答")
    with transaction():
        reviewing.reply_to_review(lead, found, "已更正")
    assert found.reply == "已更正"
    with pytest.raises(Conflict), transaction():
        reviewing.reply_to_review(lead, found, "再答")
    add_version(lead, report, b"%PDF-1.4 better")
    assert review_queries.standing_of(report).turn.level == 1


def test_a_later_version_is_flagged_and_reviewed_again(trio, report, lead, session):
    for person in trio:
        review(report, person)
    add_version(lead, report, b"%PDF-1.4 changed")
    standing = review_queries.standing_of(report)
    assert standing.is_changed_after_review
    assert not standing.has_passed
    assert standing.turn.level == 1
    asked = session.query(Message).filter_by(kind="level_review_asked").order_by(Message.id)
    assert [message.user_id for message in asked][3:] == [trio[0].id]
    for person in trio:
        review(report, person)
    assert not review_queries.standing_of(report).is_changed_after_review


def test_only_the_newest_version_is_reviewed(trio, report, lead):
    old = review_queries.standing_of(report).turn
    add_version(lead, report, b"%PDF-1.4 b")
    with pytest.raises(Stale), transaction():
        reviewing.review_version(trio[0], old, PASSED, "好")


def test_report_waits_for_its_three_levels_where_the_template_asks(
    engagement, lead, trio, report, session
):
    assert reviewing.owed_reviews in papers.report_gates
    version = report.versions[0]
    with pytest.raises(Conflict, match="0"):
        hand_in(lead, engagement, version=version, reviewed=False)
    for person in trio:
        review(report, person)
    changed = add_version(lead, report, b"%PDF-1.4 changed")
    with pytest.raises(Conflict, match="改动|changed"):
        hand_in(lead, engagement, version=changed, reviewed=False)
    for person in trio:
        review(report, person)
    assert hand_in(lead, engagement, version=changed, reviewed=False)
    with pytest.raises(Conflict):
        turn = Turn(changed, 1, trio[0].id)
        with transaction():
            reviewing.review_version(trio[0], turn, PASSED, "好")


def test_a_template_may_do_without_the_review_of_the_report(engagement, lead, report, session):
    spare_review(engagement, session)
    assert reviewing.owed_reviews(report.versions[0]) is None
    assert hand_in(lead, engagement, version=report.versions[0], reviewed=False)


def test_report_waits_for_the_papers_that_the_template_marks(engagement, lead, trio, report):
    stage = stage_with(engagement, "fieldwork")
    (asked,) = [one for one in stage.required_papers if one.get("reviewed")]
    score = file_paper(lead, engagement, "G-01", asked["title"], stage=stage)
    other = file_paper(lead, engagement, "G-02", "另一底稿", stage=stage)
    for person in trio:
        review(report, person)
    assert review_queries.marked_papers(engagement) == [score, report]
    with pytest.raises(Conflict, match="G-01") as refusal:
        hand_in(lead, engagement, version=report.versions[0], reviewed=False)
    assert "G-02" not in str(refusal.value)
    for person in trio:
        review(score, person)
    changed = add_version(lead, score, b"%PDF-1.4 scored anew")
    with pytest.raises(Conflict, match="G-01"):
        hand_in(lead, engagement, version=report.versions[0], reviewed=False)
    for person in trio:
        review(score, person)
    assert changed.number == 2
    assert not review_queries.standing_of(other).has_passed
    assert hand_in(lead, engagement, version=report.versions[0], reviewed=False)


def test_the_report_page_means_the_marked_report_and_not_a_draft(engagement, lead, sign_in):
    draft = file_paper(lead, engagement, "H-01", "报告初稿")
    final = file_paper(lead, engagement, "H-02", "正式报告", data=b"%PDF-1.4 final")
    page = sign_in(lead).get(f"/engagements/{engagement.id}/report").get_data(as_text=True)
    assert f'<option selected value="{final.versions[0].id}">' in page
    assert f'<option value="{draft.versions[0].id}">' in page


def test_a_marked_paper_is_reviewed_whatever_its_class(engagement, lead, session):
    stage = stage_with(engagement, "plan")
    plan = file_paper(lead, engagement, "B-01", stage.required_papers[0]["title"], stage=stage)
    assert not review_queries.is_reviewed(plan)
    stage.required_papers = [{**stage.required_papers[0], "reviewed": True}]
    session.commit()
    assert review_queries.is_reviewed(plan)


def test_pages_name_review_and_answer(engagement, lead, report, sign_in, session, member):
    home = engagement.agency.organisation
    people = [UserFactory(role=Role.AGENCY_MEMBER, organisation=home) for _ in range(3)]
    page = sign_in(lead)
    at = f"/engagements/{engagement.id}/level-reviews"
    assert page.get(at).status_code == 200
    wrong = dict(zip(("first", "second", "third"), [people[0].id] * 3, strict=True))
    assert page.post(f"/engagements/{engagement.id}/level-reviewers", data=wrong).status_code == 422
    chosen = dict(zip(("first", "second", "third"), [p.id for p in people], strict=True))
    done = page.post(f"/engagements/{engagement.id}/level-reviewers", data=chosen)
    assert done.status_code == 302
    assert session.query(LevelReviewer).count() == 3

    first, where = sign_in(people[0]), f"/papers/{report.id}/versions/1/level-reviews"
    assert 'name="opinion"' in first.get(f"/papers/{report.id}").text
    assert 'name="opinion"' not in page.get(f"/papers/{report.id}").text
    assert (
        first.post(where, data={"level": 1, "opinion": "", "outcome": "passed"}).status_code == 422
    )
    told = {"level": 1, "opinion": "补充访谈记录", "outcome": "returned", "once": fresh_token()}
    assert sign_in(people[1]).post(where, data=told).status_code == 403
    assert first.post(where, data=told).status_code == 302
    assert first.post(where, data=told).status_code == 409
    found = session.query(LevelReview).one()
    answer = f"/level-reviews/{found.id}/replies"
    assert page.post(answer, data={"reply": ""}).status_code == 422
    answered = {"reply": "已补充", "once": fresh_token()}
    assert page.post(answer, data=answered).status_code == 302
    assert "已补充" in page.get(f"/papers/{report.id}").text
    assert page.get(at).status_code == 200
    stranger = sign_in(UserFactory(role=Role.AGENCY_MEMBER))
    assert stranger.get(at).status_code == 404
    assert stranger.post(answer, data={"reply": "x"}).status_code == 404


def test_template_says_which_classes_are_reviewed(engagement, lead, session):
    plan = file_paper(lead, engagement, "B-05")
    score = file_paper(lead, engagement, "G-05", "评分底稿")
    assert not review_queries.is_reviewed(plan)
    assert review_queries.is_reviewed(score)
