"""Snapshots: computed the same again, published once, and told to those who may read."""

import json

import pytest

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.policy import ADMINISTRATORS, Permission, Role, can
from app.rankings import queries, reading, services
from app.rankings.record import digest
from tests.factories import AgencyFactory, UserFactory
from tests.rankings.snapshots import snapshot
from tests.reviews.rounds import ended, rated


def test_the_best_come_first_and_the_others_have_their_state(officer, district, audited):
    made = snapshot(officer)
    rows = queries.rows_of(made)
    best, good, poor, alone, unrated = district
    assert [row.agency_id for row in rows[:3]] == [best.id, good.id, poor.id]
    assert [row.rank for row in rows[:3]] == [1, 2, 3]
    told = reading.read(made, rows)
    assert alone.id in [row.agency_id for row in told.doubtful]
    assert unrated.id in [row.agency_id for row in told.unrated]
    row = queries_row(told, alone.id)
    assert (row.score, row.raw_mean, row.score_low) == (None, None, None)
    assert "ranking.computed" in audited()
    assert made.published_at is None


def queries_row(told, agency_id):
    rows = (*told.ranked, *told.doubtful, *told.unrated)
    return next(row for row in rows if row.agency_id == agency_id)


def test_computed_again_it_is_the_same_to_the_last_digit(officer, district):
    made = snapshot(officer)
    later = rated(1, agency=district[0])  # what comes later changes nothing
    assert later.round.unsealed_at > made.computed_at
    AgencyFactory()
    db.session.expire_all()
    again = queries.recomputed(made)
    assert again.result == made.result
    assert again.data_digest == made.data_digest
    assert again.parameters == made.parameters
    assert again.result_digest == made.result_digest == digest(made.result)
    assert snapshot(officer).data_digest != made.data_digest


def test_one_changed_star_changes_both_digests(officer, district):
    from app.reviews.models import ReviewScore

    made = snapshot(officer)
    with transaction():
        db.session.query(ReviewScore).first().stars = 1
    again = queries.recomputed(made)
    assert again.data_digest != made.data_digest
    assert again.result_digest != made.result_digest


def test_every_term_of_the_sum_adds_up(officer, district):
    told = reading.read(made := snapshot(officer), queries.rows_of(made))
    for row in told.ranked:
        terms = reading.explain(told, row.agency_id)
        assert abs(terms.overall + terms.counted - terms.score) < 1e-9
        assert (
            abs(terms.reliability - terms.engagements / (terms.engagements + terms.shrinkage))
            < 1e-9
        )
        assert terms.score == row.score
    assert reading.explain(told, district[3].id) is None
    assert reading.explain(told, district[4].id) is None


def test_the_jobs_behind_a_mean_average_to_it(officer, district):
    made = snapshot(officer)
    [row] = [r for r in queries.rows_of(made) if r.agency_id == district[1].id]
    jobs = queries.jobs_behind(made, district[1].id)
    assert len(jobs) == row.engagements == 3
    assert sum(job.score for _engagement, job in jobs) / 3 == pytest.approx(row.raw_mean)


def test_only_opened_ratings_of_the_period_count(officer, session):
    agency = AgencyFactory()
    sealed = ended(agency=agency)
    sealed.rate("unit", 4)
    assert json.loads(snapshot(officer).result)["engagements"] == 0
    rated(4, agency=agency)
    assert json.loads(snapshot(officer).result)["engagements"] == 1
    day = clock.today().replace(year=clock.today().year - 1)
    assert json.loads(snapshot(officer, as_of=day).result)["engagements"] == 0


def test_codes_count_within_the_year(officer, session):
    year = clock.today().year
    assert [snapshot(officer).code for _ in range(3)] == [f"R{year}-{n:02}" for n in (1, 2, 3)]


def test_a_future_day_a_turned_period_and_no_title_are_refused(officer, session):
    from datetime import timedelta

    today = clock.today()
    for changes in (
        {"as_of": today + timedelta(1)},
        {"since": today, "as_of": today - timedelta(1)},
    ):
        with pytest.raises(Invalid):
            snapshot(officer, **changes)
    with pytest.raises(Invalid):
        snapshot(officer, title="  ")


def test_publication_needs_a_reason_happens_once_and_is_told(officer, district, audited):
    made = snapshot(officer)
    with pytest.raises(Invalid), transaction():
        services.publish_snapshot(officer, made, " ")
    with transaction():
        services.publish_snapshot(officer, made, "演示理由")
    with pytest.raises(Conflict), transaction():
        services.publish_snapshot(officer, made, "演示理由")
    assert audited().count("ranking.published") == 1
    assert queries.newest_published() is made


@pytest.mark.parametrize("role", list(Role))
def test_who_computes_and_publishes(session, officer, role):
    made, person = snapshot(officer), UserFactory(role=role)
    if role is not Role.PERFORMANCE_OFFICER:
        with pytest.raises(Forbidden):
            snapshot(person)
    if role not in {Role.PERFORMANCE_OFFICER, Role.LEADER}:
        with pytest.raises(Forbidden), transaction():
            services.publish_snapshot(person, made, "演示理由")


@pytest.mark.parametrize("role", list(Role))
def test_the_list_and_the_policy_agree(session, officer, role):
    draft, published = snapshot(officer), snapshot(officer)
    with transaction():
        services.publish_snapshot(officer, published, "演示理由")
    person = UserFactory(role=role)
    listed = set(db.session.scalars(queries.snapshots_visible_to(person)))
    allowed = {s for s in (draft, published) if can(person, Permission.RANKING_READ, s)}
    assert listed == allowed
    assert (published in allowed) == (role not in ADMINISTRATORS)
