"""When ratings open, what a review needs, and that it stays sealed until it may be read."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, engagements, reviews
from app.accounts.models import OrganisationKind
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.engagements import queries as engagement_queries
from app.errors import Conflict, Forbidden, Invalid
from app.policy import Role
from app.reviews import queries, rating, services
from app.reviews.models import Review
from app.reviews.rating import NewReview
from tests.factories import OrganisationFactory, UserFactory, make_engagement
from tests.reviews.rounds import ended, rate, rated, tasks_of


def parties(done):
    return sorted(str(each.party) for each in done.round.invitations)


def test_the_lists_of_engagements_are_joined_once(app):
    reviews.join()
    assert engagements.on_accepted.count(reviews.open_round) == 1
    assert engagements.on_ended.count(reviews.open_round) == 1
    assert engagements.panels.count(reviews.panel) == 1


def test_termination_opens_a_round_for_the_parties_of_the_template(session, audited):
    done = ended()
    assert parties(done) == ["performance", "section", "unit"]
    assert done.round.closes_on == clock.add_working_days(clock.today(), 15)
    assert done.round.unsealed_at is None
    assert "round.opened" in audited()


def test_each_unit_of_a_batch_is_invited_once_and_each_section(session):
    template = engagement_queries.template_in_force("recheck")
    done = ended("recheck", tasks=tasks_of(3, template))
    assert parties(done) == ["performance", "section", "unit", "unit", "unit"]


def test_a_study_has_no_evaluated_unit_to_ask(session):
    assert parties(ended("research")) == ["performance", "section"]


def test_in_a_departmental_evaluation_the_department_that_signed_takes_the_units_place(session):
    department = OrganisationFactory(kind=OrganisationKind.DEPARTMENT)
    done = ended("departmental_evaluation", client=department)
    assert done.invitation("unit").organisation_id == department.id
    assert parties(done) == ["performance", "section", "unit"]


def test_an_open_engagement_cannot_be_rated(session):
    engagement = make_engagement()
    officer = UserFactory(role=Role.PERFORMANCE_OFFICER)
    with pytest.raises(Forbidden), transaction():
        services.open_round(officer, engagement, window=15)


@pytest.mark.parametrize("stars", [1, 2, 5])
def test_one_two_and_five_stars_need_words(session, stars):
    done = ended()
    with pytest.raises(Invalid):
        done.rate("unit", stars, words="  ", fact="演示阶段")
    done.rate("unit", stars, words="演示理由", fact="演示阶段")


@pytest.mark.parametrize("stars", [3, 4, None])
def test_other_answers_need_no_words(session, stars):
    assert ended().rate("unit", stars).words == ""


def test_one_star_needs_the_paper_or_stage(session):
    done = ended()
    with pytest.raises(Invalid):
        done.rate("unit", 1, words="演示理由")


def test_every_dimension_is_answered_and_nothing_is_preset(session):
    done = ended()
    first, *_rest = queries.dimensions()
    for stars in ({}, {first.id: 4}):
        with pytest.raises(Invalid), transaction():
            services.submit_review(
                done.officers["unit"], done.invitation("unit"), NewReview(stars, "演示")
            )


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_no_other_number_is_a_star(session, stars):
    done = ended()
    with pytest.raises(Invalid):
        done.rate("unit", stars, words="演示理由", fact="演示")


def test_a_review_is_for_good(session):
    done = ended()
    done.rate("unit", 4)
    with pytest.raises(Forbidden):
        done.rate("unit", 3)


def test_an_account_that_moved_cannot_rate_the_engagement_twice(session):
    done = ended()
    done.rate("unit", 4)
    mover = done.officers["unit"]
    with transaction():
        mover.organisation_id = done.invitation("section").organisation_id
        mover.role = Role.SECTION_OFFICER
    with pytest.raises(Conflict):
        rate(mover, done.invitation("section"), 4)


@pytest.mark.parametrize("role", list(Role))
def test_nobody_but_the_invited_rates(session, role):
    done = ended()
    stranger = UserFactory(role=role)
    for invitation in done.round.invitations:
        same = stranger.organisation_id == invitation.organisation_id
        if same and role is Role.PERFORMANCE_OFFICER and invitation.party == "performance":
            continue
        with pytest.raises(Forbidden):
            rate(stranger, invitation, 4)


def test_the_sections_officer_cannot_rate_for_the_performance_section(session):
    section = OrganisationFactory(kind=OrganisationKind.SECTION)
    officer = UserFactory(role=Role.PERFORMANCE_OFFICER, organisation=section)
    done = ended(actor=officer)
    other = UserFactory(role=Role.SECTION_OFFICER, organisation=section)
    with pytest.raises(Forbidden):
        rate(other, done.invitation("performance"), 4)


def test_the_last_review_unseals_all_and_files_the_engagement(session, audited):
    done = rated()
    assert done.round.unsealed_at is not None
    assert done.engagement.current_stage.code == "archive"
    assert audited().count("review.submitted") == 3
    assert audited().count("round.unsealed") == 1


def test_a_round_stays_sealed_while_one_is_awaited(session):
    done = ended()
    done.rate("unit", 4)
    done.rate("section", 4)
    assert done.round.unsealed_at is None
    assert done.engagement.current_stage.code == "rating"


def test_the_portal_unseals_when_the_window_is_over_and_silence_is_no_star(session):
    done = ended()
    done.rate("unit", 4)
    last = clock.start_of(done.round.closes_on) + timedelta(hours=23)
    with transaction():
        assert services.unseal_due(last) == 0
        assert services.unseal_due(last + timedelta(hours=1)) == 1
        assert services.unseal_due(last + timedelta(hours=2)) == 0
    assert done.round.unsealed_at is not None
    assert len(queries.reviews_of(done.round)) == 1
    assert done.invitation("section").review is None


def test_after_the_last_day_nobody_rates_even_before_the_seal_is_broken(session):
    done = ended()
    with transaction():
        done.round.closes_on = clock.today() - timedelta(days=1)
    with pytest.raises(Forbidden):
        done.rate("unit", 4)


def test_the_log_keeps_a_commitment_and_no_star_no_word_and_no_party(session):
    done = ended()
    review = done.rate("unit", 1, words="独特的演示词句", fact="独特的阶段")
    row = session.scalars(select(AuditEvent).where(AuditEvent.event == "review.submitted")).one()
    assert review.commitment in row.canonical
    assert row.scope is None
    for hidden in ("独特的", 'unit"', "stars", review.nonce):
        assert hidden not in row.canonical


def test_the_commitment_binds_every_answer(session):
    review = ended().rate("unit", 4, words="演示")
    known = db.session.get(Review, review.id)
    context = {
        "author": known.author_id,
        "organisation": known.invitation.organisation_id,
        "party": "unit",
        "round": known.round_id,
    }
    same = NewReview(known.stars, known.words, known.fact)
    other = NewReview({**known.stars, min(known.stars): 3}, known.words, known.fact)
    texts = [rating.canonical_text(context, each) for each in (same, other)]
    found = [rating.commitment(known.nonce, text) for text in texts]
    assert found[0] == known.commitment
    assert found[1] != known.commitment


def test_two_like_reviews_have_nothing_in_common_in_the_log(session):
    done = ended()
    first, second = done.rate("unit", 4), done.rate("section", 4)
    assert first.commitment != second.commitment
    assert first.nonce != second.nonce


def test_an_agency_learns_nothing_of_two_ratings_and_means_of_three(session):
    done = ended()
    staff = UserFactory(role=Role.AGENCY_ADMIN, organisation=done.engagement.agency.organisation)
    done.rate("unit", 5, words="演示甲")
    done.rate("section", 3)
    assert queries.summary_of(staff, done.round) is None
    with transaction():
        services.unseal_due(clock.start_of(done.round.closes_on + timedelta(days=1)))
    assert queries.summary_of(staff, done.round) is None

    full = rated(agency=done.engagement.agency, stars={"quality": 4, "efficiency": 3})
    summary = queries.summary_of(staff, full.round)
    codes = {each.id: each.code for each in queries.dimensions()}
    means = {codes[key]: value for key, value in summary.means.items()}
    assert means == {"quality": 4.0, "efficiency": 3.0, "communication": None, "satisfaction": None}
    assert list(summary.words) == ["演示理由"] * 3


def test_the_words_of_a_round_come_in_an_order_that_is_not_that_of_writing(session):
    from app.reviews.summary import Answer, summarise

    texts = [f"演示词句{n}" for n in range(20)]
    answers = [Answer({1: 4}, text) for text in texts]
    one, two = summarise(1, answers, [1]), summarise(2, answers, [1])
    assert list(one.words) != texts
    assert list(one.words) != list(two.words)
    assert summarise(1, answers[::-1], [1]) == one


def test_invitations_are_listed_for_those_who_may_answer_them(session):
    done = ended()
    for party, person in done.officers.items():
        mine = queries.invitations_for(person)
        assert [each.party for each in mine.awaited] == [party]
        done.rate(party, 4)
        mine = queries.invitations_for(person)
        assert mine.awaited == []
        assert [each.party for each in mine.settled] == [party]
    assert queries.invitations_for(UserFactory(role=Role.LEADER)).awaited == []
