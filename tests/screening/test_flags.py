"""Signs are raised by the portal, settled by people, and change nothing."""

import re

import pytest
from sqlalchemy import select

from app import clock, screening
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.policy import Role
from app.rankings import services as ranking
from app.reviews.models import Review
from app.screening import looking, quarantine, queries, services
from app.screening.looking import Sign
from app.screening.models import Flag, FlagState, Screen
from tests.factories import AgencyFactory, UserFactory
from tests.rankings.snapshots import snapshot
from tests.reviews.rounds import ended, post, rated


@pytest.fixture
def sign(session):
    agency = rated(4).engagement.agency
    return Sign(Screen.RING, 6, {"praisers": 6, "statistic": -4.1, "raters": []}, agency.id)


def raised(*signs):
    with transaction():
        return services.raise_flags(signs)


def the_flag():
    return db.session.scalars(select(Flag).order_by(Flag.id.desc())).first()


def settle(person, flag, state=FlagState.EXPLAINED, words="演示说明"):
    with transaction():
        return services.remark(person, flag, state, words)


def test_the_same_sign_is_raised_once_and_again_when_it_has_grown(sign, audited):
    assert (raised(sign), raised(sign)) == (1, 0)
    settle(UserFactory(), the_flag())
    assert raised(sign) == 0
    grown = Sign(sign.screen, 9, {**sign.figures, "praisers": 9}, sign.agency_id)
    assert raised(grown) == 1
    assert audited().count("flag.raised") == 2


def test_whoever_settles_says_why_and_every_word_stays(sign, audited):
    raised(sign)
    flag, officer = the_flag(), UserFactory()
    with pytest.raises(Invalid):
        settle(officer, flag, words=" ")
    settle(officer, flag)
    with pytest.raises(Conflict):
        settle(officer, flag)
    settle(UserFactory(role=Role.LEADER), flag, FlagState.CONFIRMED, "演示确认")
    assert flag.state is FlagState.CONFIRMED
    assert [said.words for said in flag.remarks] == ["演示说明", "演示确认"]
    assert audited()[-1] == "flag.remarked"


def test_nobody_settles_a_sign_about_themselves(sign):
    officer = UserFactory()
    raised(
        Sign(Screen.STRAIGHT, 9, {}, rater_id=officer.id),
        Sign(Screen.RING, 9, {"raters": [officer.id]}, agency_id=sign.agency_id),
    )
    for flag in db.session.scalars(select(Flag)):
        with pytest.raises(Forbidden):
            settle(officer, flag)
        settle(UserFactory(), flag)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PERFORMANCE_OFFICER, Role.LEADER}))
def test_nobody_else_settles(sign, role):
    raised(sign)
    with pytest.raises(Forbidden):
        settle(UserFactory(role=role), the_flag())


def test_the_screens_look_at_opened_reviews_alone(session):
    done = ended()
    done.rate("unit", 1, words="演示", fact="演示")
    assert looking.reviews_counted() == []
    for party in ("section", "performance"):
        done.rate(party, 4)
    assert len(looking.reviews_counted()) == 3


def test_five_stars_for_efficiency_after_a_late_report_are_raised(session):
    done = ended()
    report = next(s for s in done.engagement.stages if s.code == "final_report")
    with transaction():
        report.due_on = clock.add_working_days(clock.today(), -7)
        report.submitted_at = clock.now()
    done.rate("unit", 5, words="演示")
    done.rate("section", 4)
    done.rate("performance", 4)
    assert screening.look() == 1
    flag = the_flag()
    assert (flag.screen, flag.engagement_id) == (Screen.FACTS, done.engagement.id)
    assert flag.figures["days_late"] == 7
    assert flag.rater_id == done.officers["unit"].id


def test_a_sign_changes_no_star_and_no_mean(sign):
    before = [(r.id, r.stars) for r in db.session.scalars(select(Review))]
    raised(sign)
    settle(UserFactory(), the_flag(), FlagState.CONFIRMED)
    assert [(r.id, r.stars) for r in db.session.scalars(select(Review))] == before
    from app.reviews.queries import in_force

    assert db.session.query(Review).filter(in_force()).count() == len(before)


def test_a_whole_district_is_looked_at(session, monkeypatch):
    """With reviews enough the model of expected stars is fitted."""
    monkeypatch.setattr(looking, "FEWEST_REVIEWS", 24)
    officer = UserFactory()
    for n in range(8):
        done = ended(actor=officer)
        for party in ("unit", "section"):
            done.rate(party, 4 if n % 3 else 3)
        done.rate("performance", 3)
    assert len(looking.reviews_counted()) == 24
    found = looking.signs()
    assert all(sign.screen in set(Screen) for sign in found)
    with transaction():
        services.raise_flags(found)


def test_the_pages_of_signs_are_the_overseers(sign, sign_in):
    raised(sign)
    flag = the_flag()
    for role in (Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR):
        client = sign_in(UserFactory(role=role))
        assert str(flag.id) in client.get("/flags?state=all").get_data(as_text=True)
        page = client.get(f"/flags/{flag.id}")
        assert page.status_code == 200
        assert queries.measured()["measured_on"] in page.get_data(as_text=True)
    client = sign_in(UserFactory())
    place = f"/flags/{flag.id}/remarks"
    assert post(client, place, {"words": "演示"}).status_code == 422
    assert post(client, place, {"words": "演示说明", "state": "explained"}).status_code == 302
    assert "演示说明" in client.get(f"/flags/{flag.id}").get_data(as_text=True)
    stranger = sign_in(UserFactory(role=Role.AGENCY_ADMIN))
    assert stranger.get("/flags").status_code == 403
    assert stranger.get(f"/flags/{flag.id}").status_code == 404


def test_a_page_of_signs_costs_the_same_for_many(session, sign_in, statements):
    client = sign_in(UserFactory())

    def more(count):
        raised(*(Sign(Screen.STRAIGHT, 9, {}, rater_id=UserFactory().id) for _n in range(count)))

    more(1)
    client.get("/flags")
    with statements() as few:
        client.get("/flags")
    more(5)
    with statements() as many:
        client.get("/flags")
    assert len(many) == len(few)


def test_a_ring_shows_the_ranking_without_its_raters_and_changes_none(session, sign_in):
    officer, agencies = UserFactory(), [AgencyFactory() for _ in range(3)]
    for agency, stars in zip(agencies, (5, 4, 3), strict=True):
        jobs = [rated(stars, agency=agency, actor=officer) for _ in range(3)]
        if agency is agencies[0]:
            praisers = [each.officers["unit"].id for each in jobs[:2]]
    made = snapshot(officer)
    with transaction():
        ranking.publish_snapshot(officer, made, "演示理由")
    told = {"praisers": 6, "statistic": -4.1, "raters": praisers}
    raised(Sign(Screen.RING, 6, told, agencies[0].id))
    before = made.result_digest
    page = sign_in(officer).get(f"/flags/{the_flag().id}").get_data(as_text=True)
    [line] = re.findall(r'<p id="without">(.*?)</p>', page)
    assert "第1名" in line
    assert re.search(r"\b2\b", line), "two ratings"
    assert (made.result_digest, made.rows[0].rank) == (before, 1)
    told = quarantine.ranking_without(agencies[0].id, praisers)
    assert (told.place, told.otherwise, told.ratings) == (1, 1, 2)
    everybody = {entry.author_id for entry in db.session.scalars(select(Review))}
    assert quarantine.ranking_without(agencies[0].id, everybody).otherwise is None
    assert quarantine.ranking_without(agencies[0].id, [0]) is None
