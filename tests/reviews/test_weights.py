"""Weights in versions, cells that are off, words of stars, the checklist, reminders."""

from datetime import timedelta

import pytest

from app import clock
from app.db import db, transaction
from app.engagements.models import Party
from app.errors import Conflict, Forbidden, Invalid
from app.identity.models import DangerousAct
from app.notifications.models import Message
from app.policy import Role
from app.reviews import queries, rating, services, weighing
from app.reviews.models import Dimension, Review, ReviewProblem
from app.reviews.rating import NewReview
from tests.factories import UserFactory
from tests.reviews.rounds import ended, post

CODES = ("quality", "efficiency", "communication", "satisfaction")
STAR_WORDS = {star: f"演示{star}星的话" for star in range(1, 6)}


def new(*, off=(), holds_from=None, reason="演示理由", **shares):
    """The shipped weights, but for these cells (party, code) that are off."""
    cells = {
        (party, each.id): None if (party.value, each.code) in off else each.weight
        for party in Party
        for each in queries.dimensions()
    }
    parties = {party: shares.get(party.value, 10) for party in Party}
    return weighing.NewWeights(parties, cells, holds_from or clock.today(), reason)


def set_weights(officer, **changes):
    with transaction():
        return weighing.set_weights(officer, new(**changes))


def test_the_portal_ships_the_first_version(session):
    weights = queries.weights_on(clock.today())
    assert weights.number == 1
    assert weights.parties == {"performance": 40, "section": 30, "unit": 30}
    assert weights.cells["unit"] == {
        "quality": 40,
        "efficiency": 20,
        "communication": 20,
        "satisfaction": 20,
    }


def test_a_version_holds_from_its_day_on_and_the_one_before_stays(session, audited):
    later = clock.today() + timedelta(days=10)
    set_weights(UserFactory(), holds_from=later, unit=50)
    assert queries.weights_on(later - timedelta(1)).parties["unit"] == 30
    assert queries.weights_on(later).parties["unit"] == 50
    assert audited()[-1] == "weights.set"


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "  "},
        {"holds_from": clock.today() - timedelta(1)},
        {"unit": -1},
        {"unit": 1001},
        {"off": [("unit", code) for code in CODES]},
    ],
    ids=["no reason", "yesterday", "below nought", "beyond measure", "nothing asked"],
)
def test_weights_that_cannot_hold_are_refused(session, wrong):
    with pytest.raises(Invalid):
        set_weights(UserFactory(), **wrong)


def test_a_version_is_never_set_before_one_that_is_planned(session):
    officer = UserFactory()
    set_weights(officer, holds_from=clock.today() + timedelta(days=10))
    with pytest.raises(Invalid):
        set_weights(officer, holds_from=clock.today() + timedelta(days=9))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PERFORMANCE_OFFICER}))
def test_nobody_else_sets_weights(session, role):
    with pytest.raises(Forbidden):
        set_weights(UserFactory(role=role))


def test_a_cell_that_is_off_is_not_asked_but_in_rounds_that_were_open_before(session):
    with clock.frozen(clock.now() - timedelta(days=1)):
        before = ended()
    set_weights(UserFactory(), off=[("unit", "quality")])
    after = ended()
    assert "quality" not in codes(after, "unit")
    assert "quality" in codes(after, "section")
    assert "quality" in codes(before, "unit")


def codes(done, party):
    return [each.code for each in queries.dimensions_for(done.invitation(party))]


def test_a_missing_star_rescales_the_others_and_nothing_is_filled_in(session):
    weights = queries.weights_on(clock.today())
    whole = {"quality": 5, "efficiency": 3, "communication": 3, "satisfaction": 3}
    assert weights.review_score("unit", whole) == pytest.approx(3.8)
    assert weights.review_score("unit", {**whole, "quality": None}) == pytest.approx(3.0)
    assert weights.review_score("unit", dict.fromkeys(whole)) is None


def test_a_new_dimension_has_words_for_every_star_and_waits_for_its_weight(session, audited):
    officer = UserFactory()
    with pytest.raises(Invalid), transaction():
        weighing.add_dimension(officer, "演示维度", {5: "演示"})
    with transaction():
        added = weighing.add_dimension(officer, "演示维度", STAR_WORDS)
    assert queries.anchors_of([added]) == {added.id: STAR_WORDS}
    assert added.code not in codes(ended(), "unit")
    set_weights(officer)
    assert added.code in codes(ended(), "unit")
    assert "dimension.added" in audited()
    with pytest.raises(Conflict), transaction():
        weighing.add_dimension(officer, "演示维度", STAR_WORDS)


def test_words_of_stars_change_and_the_log_keeps_both(session, audited):
    officer = UserFactory()
    quality = db.session.query(Dimension).filter_by(code="quality").one()
    for words in ("演示第一版", "演示第二版"):
        with transaction():
            weighing.word_dimension(officer, quality, {5: words})
    assert queries.anchors_of([quality])[quality.id] == {5: "演示第二版"}
    assert audited().count("dimension.worded") == 2


def test_what_was_ticked_is_kept_and_bound_by_the_commitment(session):
    done, officer = ended(), UserFactory()
    with transaction():
        added = weighing.add_problem(officer, "演示问题")
    stars = {each.id: 4 for each in queries.dimensions()}
    with transaction():
        review = services.submit_review(
            done.officers["unit"],
            done.invitation("unit"),
            NewReview(stars, problems=frozenset({added.id})),
        )
    assert [each.name for each in review.problems] == ["演示问题"]
    context = {
        "author": review.author_id,
        "organisation": review.invitation.organisation_id,
        "party": "unit",
        "round": review.round_id,
    }
    for problems, same in ((frozenset({added.id}), True), (frozenset(), False)):
        told = rating.canonical_text(context, NewReview(stars, problems=problems))
        assert (rating.commitment(review.nonce, told) == review.commitment) is same


def test_a_retired_line_is_asked_no_more_and_stays_on_reviews(session):
    done, officer = ended(), UserFactory()
    kind = queries.problem_kinds()[0]
    stars = {each.id: 4 for each in queries.dimensions()}
    with transaction():
        services.submit_review(
            done.officers["unit"],
            done.invitation("unit"),
            NewReview(stars, problems=frozenset({kind.id})),
        )
    with transaction():
        weighing.retire_problem(officer, kind)
    assert kind.id not in {each.id for each in queries.problem_kinds()}
    assert db.session.query(ReviewProblem).count() == 1
    with pytest.raises(Conflict), transaction():
        weighing.retire_problem(officer, kind)


# Reminders


def reminded(person):
    found = db.session.query(Message).filter_by(user_id=person.id, kind="review_reminded")
    return found.count()


def remind(day):
    with clock.frozen(clock.start_of(day) + timedelta(hours=9)), transaction():
        return services.remind_due([5, 1])


def test_who_has_not_rated_is_reminded_on_the_days_that_are_set_once_each(session):
    done = ended()
    done.rate("section", 4)
    last = done.round.closes_on
    assert remind(clock.add_working_days(last, -6)) == 0
    assert remind(clock.add_working_days(last, -5)) == 2
    assert remind(clock.add_working_days(last, -4)) == 0
    assert reminded(done.officers["unit"]) == 1
    assert reminded(done.officers["section"]) == 0
    assert remind(last) == 2
    assert reminded(done.officers["unit"]) == 2


def test_nobody_is_reminded_of_what_is_over(session):
    done = ended()
    assert remind(done.round.closes_on + timedelta(days=1)) == 0
    assert db.session.query(Review).count() == 0


# Pages


def test_the_performance_section_changes_the_weights_and_everybody_reads_them(session, sign_in):
    officer = UserFactory()
    client = sign_in(officer)
    form = client.get("/reviews/weights/new").get_data(as_text=True)
    assert 'name="cell_unit_1"' in form
    data = {f"party_{party}": "20" for party in Party}
    data |= {f"cell_{p}_{d.id}": "25" for p in Party for d in queries.dimensions()}
    data |= {"cell_unit_1": "", "holds_from": clock.today().isoformat(), "reason": ""}
    assert post(client, "/reviews/weights", data).status_code == 422
    data["reason"] = "演示调整理由"
    assert post(client, "/reviews/weights", data).status_code == 302
    assert queries.weights_on(clock.today()).cells["unit"]["quality"] is not None
    assert post(client, "/reviews/weights", data).status_code == 422  # one waits at a time
    asked = db.session.query(DangerousAct).one()
    assert post(client, f"/dangerous-acts/{asked.id}/confirmations").status_code == 403
    leader = sign_in(UserFactory(role=Role.LEADER))
    assert f"/dangerous-acts/{asked.id}/confirmations" in leader.get("/reviews/weights").text
    assert post(leader, f"/dangerous-acts/{asked.id}/confirmations").status_code == 302
    assert queries.weights_on(clock.today()).cells["unit"]["quality"] is None
    assert asked.outcome.startswith("v2")
    reader = sign_in(UserFactory(role=Role.AGENCY_ADMIN))
    page = reader.get("/reviews/weights").get_data(as_text=True)
    assert "演示调整理由" in page
    assert "/reviews/weights/new" not in page
    assert reader.get("/reviews/weights/new").status_code == 403
    assert post(reader, "/reviews/weights", data).status_code == 403


def test_dimensions_and_the_checklist_have_their_pages(session, sign_in):
    client = sign_in(UserFactory())
    words = {f"star_{star}": text for star, text in STAR_WORDS.items()}
    assert post(client, "/reviews/dimensions", {**words, "name": ""}).status_code == 422
    assert post(client, "/reviews/dimensions", {**words, "name": "演示新维"}).status_code == 302
    added = db.session.query(Dimension).filter_by(name="演示新维").one()
    place = f"/reviews/dimensions/{added.id}/words"
    assert "演示5星的话" in client.get(place).get_data(as_text=True)
    assert post(client, place, {**words, "star_5": "演示改过的话"}).status_code == 302
    assert post(client, "/reviews/problems", {"name": ""}).status_code == 422
    assert post(client, "/reviews/problems", {"name": "演示新行"}).status_code == 302
    page = client.get("/reviews/weights").get_data(as_text=True)
    assert "演示改过的话" in page
    assert "演示新行" in page
    line = queries.problem_kinds()[-1]
    assert post(client, f"/reviews/problems/{line.id}/retirement").status_code == 302
    assert "演示新行" not in client.get("/reviews/weights").get_data(as_text=True)
    stranger = sign_in(UserFactory(role=Role.SECTION_OFFICER))
    assert stranger.get("/reviews/dimensions/new").status_code == 403
    assert stranger.get(place).status_code == 404
