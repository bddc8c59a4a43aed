"""Two people at the same moment: one is heard, the other hears that somebody was first."""

import pytest

from app.accounts.models import User
from app.db import db
from app.engagements.models import Engagement, Task
from app.indicators import results, scoring, services
from app.indicators.grading import Bands
from app.indicators.models import IndicatorSystem, ResultUse
from app.indicators.results import Proposal
from app.indicators.scoring import Score
from app.indicators.services import Source
from tests.engagements.test_races import race
from tests.factories import make_engagement
from tests.indicators.making import D, approved, begun
from tests.indicators.test_results import accepted
from tests.papers.filing import crew_of


@pytest.fixture
def portal(make_district):
    return make_district()


@pytest.fixture
def known(portal):
    """An engagement and its people, by their ids."""
    with portal.app_context():
        engagement = make_engagement()
        people = [person.id for person in crew_of(engagement)]
        return engagement.id, people


def test_two_begin_one_system(portal, known):
    key, (lead, member, _officer) = known

    def begin(person):
        engagement = db.session.get(Engagement, key)
        services.begin_system(
            db.session.get(User, person), engagement, engagement.tasks[0], Source.LIBRARY
        )

    ended = race(portal, [lambda: begin(lead), lambda: begin(member)])
    assert sorted(error is None for error in ended) == [False, True]
    with portal.app_context():
        assert db.session.query(IndicatorSystem).count() == 1


def test_two_score_one_sheet(portal, known):
    key, (lead, member, officer) = known
    with portal.app_context():
        people = [db.session.get(User, person) for person in (lead, officer)]
        system = approved(begun(people[0], db.session.get(Engagement, key)), *people)
        number, revision = system.id, system.revision

    def write(person, points):
        scoring.save_scores(
            db.session.get(User, person),
            db.session.get(IndicatorSystem, number),
            {"A11": Score(D(points), D(points))},
            revision,
        )

    ended = race(portal, [lambda: write(lead, 1), lambda: write(member, 2)])
    assert sorted(error is None for error in ended) == [False, True]


def test_two_propose_one_cut(portal, known):
    key, (_lead, _member, officer) = known
    with portal.app_context():
        task = accepted(db.session.get(Engagement, key)).tasks[0].id

    def propose():
        proposal = Proposal(2027, 100, "依据", D(70))
        results.propose_result(
            db.session.get(User, officer), db.session.get(Task, task), proposal, Bands()
        )

    ended = race(portal, [propose, propose])
    assert sorted(error is None for error in ended) == [False, True]
    with portal.app_context():
        assert db.session.query(ResultUse).count() == 1
