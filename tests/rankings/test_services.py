"""Snapshots: computed the same again, published once, and told to those who may read."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.policy import ADMINISTRATORS, Permission, Role, can
from app.rankings import behind, methods, queries, reading, services
from app.rankings.gathering import inputs_of
from app.rankings.inputs import Inputs, unpacked
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
    states = {row.agency_id: reading.read(made).lines([row])[0].state for row in rows}
    assert (states[alone.id], states[unrated.id]) == ("insufficient", "unrated")
    [row] = [row for row in rows if row.agency_id == alone.id]
    assert (row.score, row.raw_mean, row.score_low) == (None, None, None)
    assert "ranking.computed" in audited()
    assert made.published_at is None


def test_computed_again_from_what_was_kept_it_is_the_same_to_the_last_digit(officer, district):
    made = snapshot(officer)
    rated(1, agency=district[0])  # what comes later changes nothing
    inputs = Inputs.from_text(unpacked(made.inputs))
    again = methods.replayed(inputs, json.loads(made.parameters))
    assert (again.result, again.parameters) == (made.result, made.parameters)
    assert again.data_digest == made.data_digest == digest(unpacked(made.inputs))
    assert again.result_digest == made.result_digest == digest(made.result)


def test_the_reviews_as_they_stood_give_the_same_data_later(officer, district):
    made = snapshot(officer)
    rated(1, agency=district[0])
    AgencyFactory()
    period = queries.Period.up_to(made.since, made.as_of, made.computed_at)
    again = inputs_of(period, made.as_of, made.salt)
    assert again.text() == unpacked(made.inputs)


def test_two_rankings_share_no_key(officer, district):
    first, second = (Inputs.from_text(unpacked(snapshot(officer).inputs)) for _ in range(2))

    def keys(inputs):
        return {
            word for e in inputs.entries for word in (e.key, e.engagement, e.rater, e.organisation)
        }

    assert len(first.entries) == len(second.entries) == 28
    assert not keys(first) & keys(second)


def test_one_changed_star_changes_both_digests(officer, district):
    made = snapshot(officer)
    inputs = Inputs.from_text(unpacked(made.inputs))
    often = Counter(entry.agency for entry in inputs.entries)  # in whose rank a star tells
    first = max(inputs.entries, key=lambda entry: often[entry.agency])
    others = [entry for entry in inputs.entries if entry is not first]
    other = 1 if first.stars["quality"] != 1 else 5  # who is first, chance decides
    forged = replace(first, stars={**first.stars, "quality": other})
    again = methods.replayed(
        replace(inputs, entries=(forged, *others)), json.loads(made.parameters)
    )
    assert again.data_digest != made.data_digest
    assert again.result_digest != made.result_digest


def test_every_term_of_the_sum_adds_up(officer, district):
    made = snapshot(officer)
    told = reading.read(made)
    lines = {line.agency_id: line for line in told.lines(queries.rows_of(made))}
    for key in (each.id for each in district[:3]):
        terms = reading.exact_terms_of(told, key)
        assert abs(terms.overall + terms.counted - terms.score) < 1e-9
        assert abs(terms.factor - terms.mass / (terms.mass + terms.shrinkage)) < 1e-9
        assert lines[key].score == round(terms.score, 1)
    assert reading.terms_of(told, lines[district[3].id]) is None
    assert reading.exact_terms_of(told, district[4].id) is None


@pytest.mark.owner
def test_the_first_snapshots_kept_no_data_and_are_read_all_the_same(officer, district):
    made = snapshot(officer)
    lines = reading.read(made).lines(queries.rows_of(made))
    with transaction():
        made.summary, made.inputs = "", None
        for row in made.rows:
            row.told = ""
    old = reading.read(made).lines(queries.rows_of(made))
    assert [line.score for line in old] == [line.score for line in lines]
    assert behind.jobs_behind(made, district[0].id) == []


def test_the_jobs_behind_a_mean_average_to_it(officer, district):
    made = snapshot(officer)
    [row] = [r for r in queries.rows_of(made) if r.agency_id == district[1].id]
    jobs = behind.jobs_behind(made, district[1].id)
    assert len(jobs) == row.engagements == 3
    assert (row.reviews, row.raters, row.units) == (9, 9, 3)
    assert sum(job.mean for job in jobs) / 3 == pytest.approx(row.raw_mean)


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
