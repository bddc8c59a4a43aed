"""Measures have a term, a basis, a notice and an appeal; they end by themselves and bar nobody."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app import clock
from app.assessments import annual_queries, consequences, credit_queries, objections
from app.assessments.objection_models import Outcome
from app.assessments.vocabulary import USUAL_TERM, ConsequenceKind
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.notifications.models import Message
from app.policy import Permission, Role, can
from tests.assessments.making import head_of, imposed, measure, proposed
from tests.factories import AgencyFactory, UserFactory, make_engagement


@pytest.mark.parametrize(
    "changes",
    [
        {"basis": " "},
        {"words": ""},
        {"ends_on": clock.FIRST_DAY},
        {"points": Decimal(3)},
        {"kind": ConsequenceKind.COMMENDATION},
        {"kind": ConsequenceKind.ADVERSE_RECORD, "points": Decimal(-1)},
        {"kind": ConsequenceKind.ADVERSE_RECORD, "points": Decimal("NaN")},
    ],
)
def test_a_proposal_is_whole(session, changes):
    with pytest.raises(Invalid), transaction():
        consequences.propose(UserFactory(), AgencyFactory(), measure(**changes))


def test_it_speaks_of_an_engagement_of_this_agency_only(session):
    with pytest.raises(Invalid), transaction():
        new = measure(engagement=make_engagement())
        consequences.propose(UserFactory(), AgencyFactory(), new)


def test_a_leader_decides_and_the_agency_gets_notice(session):
    agency = AgencyFactory()
    head = head_of(agency)
    made = proposed(agency)
    with pytest.raises(Forbidden), transaction():
        consequences.impose(UserFactory(), made, "同意")
    leader = UserFactory(role=Role.LEADER)
    with transaction():
        consequences.impose(leader, made, "同意")
    with pytest.raises(Conflict), transaction():
        consequences.refuse(leader, made, "改主意")
    told = db.session.query(Message).filter_by(user_id=head.id).one()
    assert (told.kind, told.facts["basis"]) == ("consequence_imposed", "演财绩〔2026〕3号")


def test_it_holds_from_its_first_to_its_last_day(session):
    agency, today = AgencyFactory(), clock.today()
    made = imposed(agency, starts_on=today + timedelta(1), ends_on=today + timedelta(3))
    held = [
        bool(credit_queries.consequences_in_force([agency.id], today + timedelta(n))[agency.id])
        for n in range(5)
    ]
    assert held == [False, True, True, True, False]
    assert [made.is_in_force(today + timedelta(n)) for n in range(5)] == held


def test_it_ends_by_itself_and_says_so_once(session, audited):
    agency, today = AgencyFactory(), clock.today()
    head = head_of(agency)
    made = imposed(agency, ends_on=today)
    with transaction():
        assert consequences.end_due() == 0
    with clock.frozen(clock.now() + timedelta(days=1)):
        for expected in (1, 0):
            with transaction():
                assert consequences.end_due() == expected
    assert made.ended_at is not None
    assert audited().count("consequence.ended") == 1
    kinds = [m.kind for m in db.session.query(Message).filter_by(user_id=head.id)]
    assert kinds == ["consequence_imposed", "consequence_ended"]


def test_an_appeal_in_time_may_revoke_it_with_its_points(session):
    agency = AgencyFactory()
    more = {"kind": ConsequenceKind.ADVERSE_RECORD, "points": Decimal(4)}
    made = imposed(agency, **more)
    year = clock.today().year
    assert [one.points for one in annual_queries.credit_of_year(year)[agency.id]] == [-4]
    with transaction():
        raised = objections.raise_objection(head_of(agency), made, "佐证属实")
    for involved in (made.proposed_by, made.decided_by):
        with pytest.raises(Forbidden), transaction():
            objections.decide_objection(involved, raised, Outcome.UPHELD, "维持")
    with transaction():
        objections.decide_objection(UserFactory(), raised, Outcome.ADJUSTED, "撤销")
    assert agency.id not in annual_queries.credit_of_year(year)
    assert credit_queries.consequences_in_force([agency.id], clock.today()) == {agency.id: []}


def test_an_upheld_measure_stays(session):
    agency = AgencyFactory()
    made = imposed(agency)
    with transaction():
        raised = objections.raise_objection(head_of(agency), made, "不服")
    with transaction():
        objections.decide_objection(UserFactory(), raised, Outcome.UPHELD, "事实清楚")
    assert made.is_in_force(clock.today())
    with pytest.raises(Conflict), transaction():
        objections.decide_objection(UserFactory(), raised, Outcome.ADJUSTED, "再改")
    with pytest.raises(Conflict), transaction():
        objections.raise_objection(head_of(agency), made, "再次不服")


def test_only_the_agency_itself_appeals_and_only_in_time(session):
    agency = AgencyFactory()
    made = imposed(agency)
    member = UserFactory(role=Role.AGENCY_MEMBER, organisation=agency.organisation)
    for person in (member, UserFactory(role=Role.AGENCY_ADMIN), UserFactory()):
        with pytest.raises(Forbidden), transaction():
            objections.raise_objection(person, made, "不服")
    late = clock.start_of(made.objections_until + timedelta(days=1))
    with clock.frozen(late), pytest.raises(Conflict), transaction():
        objections.raise_objection(head_of(agency), made, "迟了")


def test_each_asked_agency_has_an_answer(session, statements):
    agencies = [AgencyFactory() for _n in range(3)]
    imposed(agencies[0])
    keys = [agency.id for agency in agencies]
    with statements() as seen:
        found = credit_queries.consequences_in_force(keys, clock.today())
    assert {key: len(ones) for key, ones in found.items()} == dict(
        zip(keys, (1, 0, 0), strict=True)
    )
    assert len(seen) == 1
    assert credit_queries.consequences_in_force([], clock.today()) == {}


def test_every_measure_of_a_year_has_its_usual_term():
    points = {ConsequenceKind.ADVERSE_RECORD, ConsequenceKind.COMMENDATION}
    assert set(USUAL_TERM) == set(ConsequenceKind) - points


def test_the_record_and_the_policy_agree(session):
    agency = AgencyFactory()
    told, draft = imposed(agency), proposed(agency)
    for role in set(Role) - {Role.EXPERT, Role.ARCHIVIST}:
        house = {Role.AGENCY_ADMIN, Role.LEAD_EVALUATOR, Role.AGENCY_MEMBER}
        more = {"organisation": agency.organisation} if role in house else {}
        person = UserFactory(role=role, **more)
        if not can(person, Permission.AGENCY_READ, agency):
            continue
        listed = set(credit_queries.credit_record_of(agency, person))
        readable = {one for one in (told, draft) if can(person, Permission.CONSEQUENCE_READ, one)}
        assert listed == readable, role
