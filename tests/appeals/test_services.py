"""The agency replies and appeals; somebody who rated nothing decides; no star is entered."""

from datetime import timedelta

import pytest

from app import clock, reviews
from app.appeals import panel, queries, services
from app.appeals.models import Appeal, Outcome
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.notifications.models import Message
from app.policy import Permission, Role, can
from app.reviews import queries as review_queries
from app.reviews import services as review_services
from app.reviews.models import Review, RulingKind
from app.reviews.rating import NewReview
from tests.factories import UserFactory
from tests.reviews.rounds import rated

WINDOW = {"window": 7, "decision": 10}


@pytest.fixture
def done(session):
    return rated({"quality": 2, "efficiency": 4, "communication": 4, "satisfaction": 4})


@pytest.fixture
def head(done):
    return head_of(done)


def head_of(done):
    home = done.engagement.agency.organisation
    return UserFactory(role=Role.AGENCY_ADMIN, organisation=home)


def file(head, done, grounds="演示申诉理由", quoted=()):
    with transaction():
        return services.file_appeal(head, done.round, grounds, quoted, **WINDOW)


def decide(person, appeal, verdicts=None, reason="演示复核意见"):
    with transaction():
        return services.decide_appeal(person, appeal, verdicts or {}, reason, days=5)


def told(person, kind):
    return db.session.query(Message).filter_by(user_id=person.id, kind=kind).count()


def test_the_panel_is_joined_once(app):
    from app import appeals

    appeals.join()
    assert reviews.panels.count(panel) == 1


def test_the_agency_replies_within_its_days_and_not_after(done, head, audited):
    with transaction():
        services.reply(head, done.round, "演示回复", window=7)
    assert [said.words for said in queries.replies_to(done.round)] == ["演示回复"]
    assert audited()[-1] == "agency.replied"
    last = queries.last_day_of(done.round, 7)
    late = clock.start_of(last + timedelta(days=1))
    with clock.frozen(late), pytest.raises(Conflict), transaction():
        services.reply(head, done.round, "演示回复", window=7)
    with clock.frozen(late - timedelta(minutes=1)), transaction():
        services.reply(head, done.round, "演示回复", window=7)


@pytest.mark.parametrize("words", ["  ", "长" * 2001])
def test_an_appeal_says_why_in_words_of_a_length(done, head, words):
    with pytest.raises(Invalid):
        file(head, done, words)


def test_there_is_one_appeal_and_it_quotes_only_words_that_the_agency_reads(done, head):
    appeal = file(head, done, quoted=["演示理由", "别人的话"])
    assert appeal.quoted == ["演示理由"] * 3
    assert appeal.due_on == clock.add_working_days(clock.today(), 10)
    with pytest.raises(Conflict):
        file(head, done)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.AGENCY_ADMIN, Role.LEAD_EVALUATOR}))
def test_nobody_else_appeals(done, role):
    with pytest.raises(Forbidden):
        file(UserFactory(role=role), done)


def test_no_rater_decides_and_no_rater_is_asked_to(done, head):
    appeal = file(head, done)
    leader, rater = UserFactory(role=Role.LEADER), done.officers["performance"]
    assert not can(rater, Permission.APPEAL_DECIDE, appeal)
    for person in done.officers.values():
        with pytest.raises(Forbidden):
            decide(person, appeal)
    decide(leader, appeal)
    with pytest.raises(Forbidden):
        decide(leader, appeal)


def test_deciders_but_no_raters_are_told(done, head):
    leader = UserFactory(role=Role.LEADER)
    file(head, done)
    assert told(leader, "appeal_filed") == 1
    assert told(done.officers["performance"], "appeal_filed") == 0


def test_the_list_of_appeals_to_decide_and_the_policy_agree(done, head):
    appeals = [file(head, done), file(head_of(other := rated(4)), other)]
    decide(UserFactory(role=Role.LEADER), appeals[1])
    people = [UserFactory(role=role) for role in Role] + list(done.officers.values())
    for person in people:
        listed = set(db.session.scalars(queries.appeals_to_decide(person)))
        allowed = {each for each in appeals if can(person, Permission.APPEAL_DECIDE, each)}
        assert listed == allowed, person.role


def test_an_upheld_appeal_changes_nothing(done, head, audited):
    appeal = decide(UserFactory(role=Role.LEADER), file(head, done))
    assert appeal.outcome is Outcome.UPHELD
    assert all(each.ruling is None for each in review_queries.reviews_of(done.round))
    assert audited()[-1] == "appeal.decided"
    assert told(head, "appeal_decided") == 1


def test_a_voided_review_counts_no_more_and_stays_readable(done, head, sign_in):
    before = review_queries.summary_of(head, done.round)
    review = done.invitation("unit").review
    decide(UserFactory(role=Role.LEADER), file(head, done), {review.id: RulingKind.VOIDED})
    counted = db.session.query(Review.id).filter(review_queries.in_force()).all()
    assert len(counted) == 2
    assert (review.id,) not in counted
    assert review_queries.standing_of(done.round).reviews == 2
    assert review_queries.summary_of(head, done.round).means == before.means
    page = f"/engagements/{done.engagement.id}/reviews"
    text = sign_in(UserFactory(role=Role.INSPECTOR)).get(page).get_data(as_text=True)
    assert done.officers["unit"].name in text
    assert "演示复核意见" in text


def test_a_ranking_of_an_earlier_day_still_counts_what_was_voided_later(done, head):
    review = done.invitation("unit").review
    earlier = clock.now()
    decide(UserFactory(role=Role.LEADER), file(head, done), {review.id: RulingKind.VOIDED})
    then = db.session.query(Review.id).filter(review_queries.in_force(earlier)).all()
    assert (review.id,) in then


def test_a_returned_review_is_written_anew_by_its_writer_alone(done, head, audited):
    review = done.invitation("unit").review
    writer, leader = done.officers["unit"], UserFactory(role=Role.LEADER)
    appeal = file(head, done)
    decide(leader, appeal, {review.id: RulingKind.RETURNED})
    assert review.is_returned
    assert told(writer, "review_returned") == 1
    new = NewReview(dict.fromkeys(review.stars, 4), "演示再看一次")
    for other in (leader, done.officers["section"], UserFactory(role=Role.UNIT_OFFICER)):
        with pytest.raises(Forbidden), transaction():
            review_services.rewrite_review(other, review, new)
    with transaction():
        later = review_services.rewrite_review(writer, review, new)
    assert later.version == 2
    assert [each.version for each in done.invitation("unit").reviews] == [1, 2]
    counted = {key for (key,) in db.session.query(Review.id).filter(review_queries.in_force())}
    assert later.id in counted
    assert review.id not in counted
    assert audited()[-1] == "review.rewritten"
    assert told(head, "review_rewritten") == 1
    with pytest.raises(Forbidden), transaction():
        review_services.rewrite_review(writer, review, new)


def test_who_does_nothing_with_a_returned_review_leaves_it_as_it_was(done, head):
    review = done.invitation("unit").review
    decide(UserFactory(role=Role.LEADER), file(head, done), {review.id: RulingKind.RETURNED})
    over = clock.start_of(review.ruling.closes_on + timedelta(days=1))
    with clock.frozen(over):
        assert not review.is_returned
        with pytest.raises(Forbidden), transaction():
            review_services.rewrite_review(
                done.officers["unit"], review, NewReview(dict.fromkeys(review.stars, 4))
            )
    counted = {key for (key,) in db.session.query(Review.id).filter(review_queries.in_force())}
    assert review.id in counted


def test_the_agency_never_learns_a_star_from_a_ruling(done, head):
    """What the agency reads before and after is equal but for words that say so."""
    done_before = review_queries.summary_of(head, done.round)
    review = done.invitation("unit").review
    decide(UserFactory(role=Role.LEADER), file(head, done), {review.id: RulingKind.RETURNED})
    with transaction():
        review_services.rewrite_review(
            done.officers["unit"], review, NewReview(dict.fromkeys(review.stars, 5), "演示改判")
        )
    after = review_queries.summary_of(head, done.round)
    assert after.means == done_before.means
    assert list(after.words) == list(done_before.words)
    assert list(after.later) == ["演示改判"]


def test_a_review_of_another_rating_cannot_be_ruled_on(done, head):
    other = rated(4)
    appeal = file(head, done)
    strange = other.invitation("unit").review
    with pytest.raises(Conflict):
        decide(UserFactory(role=Role.LEADER), appeal, {strange.id: RulingKind.VOIDED})
    assert db.session.get(Appeal, appeal.id).outcome is None


def test_a_list_of_appeals_is_the_policy(done, head):
    appeal = file(head, done)
    others = rated(4)
    stranger = UserFactory(
        role=Role.AGENCY_ADMIN, organisation=others.engagement.agency.organisation
    )
    people = [head, stranger, *(UserFactory(role=role) for role in Role)]
    for person in people:
        if not can(person, Permission.APPEAL_LIST, None):
            continue
        listed = db.session.scalars(queries.appeals_visible_to(person)).all()
        assert (appeal in listed) == can(person, Permission.APPEAL_READ, appeal), person.role
