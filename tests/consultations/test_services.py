from datetime import date, timedelta
from decimal import Decimal

import pytest

from app import clock
from app.consultations import joining, queries, scores, services
from app.consultations.models import Consultation, Verdict
from app.consultations.services import NewOpinion
from app.db import db, transaction
from app.engagements.models import Act
from app.errors import Conflict, Forbidden, Invalid
from app.policy import Permission, Role, can
from tests.consultations.asking import TWO, answer, draft, respond, sent
from tests.factories import OrganisationFactory, UserFactory, make_engagement
from tests.indicators import making
from tests.papers.filing import add_version, crew_of, file_paper, stage_with
from tests.requests.making import officer_of_unit


@pytest.fixture
def unit(engagement):
    return officer_of_unit(engagement)


@pytest.fixture
def asked(lead, engagement, unit):
    return sent(lead, engagement)


def test_a_unit_is_asked_answers_and_sees_every_answer(asked, unit, member, lead, audited):
    respond(unit, asked)
    assert [(one.number, one.place) for one in asked.opinions] == [(1, "第12页"), (2, "")]
    answer(member, asked.opinions[0])
    with pytest.raises(Conflict) as refusal:
        services.close_consultation(lead, asked)
    assert "#2" in str(refusal.value.message)
    answer(member, asked.opinions[1], Verdict.REJECTED, "与评价范围无关")
    with transaction():
        services.close_consultation(lead, asked)
    assert asked.closed_at is not None
    assert audited()[-5:] == [
        "consultation.sent",
        "consultation.responded",
        "consultation.opinion_answered",
        "consultation.opinion_answered",
        "consultation.closed",
    ]
    with pytest.raises(Conflict):
        services.close_consultation(lead, asked)
    with pytest.raises(Conflict):
        answer(member, asked.opinions[0], Verdict.PARTLY)


def test_a_unit_answers_once_and_may_have_no_opinion(asked, unit):
    with pytest.raises(Invalid):
        respond(unit, asked, [NewOpinion(" ")])
    respond(unit, asked, [])
    assert asked.responded_at is not None
    with pytest.raises(Conflict):
        respond(unit, asked)


def test_an_answer_needs_its_reason(asked, unit, member):
    respond(unit, asked)
    with pytest.raises(Invalid):
        answer(member, asked.opinions[0], reason=" ")
    with pytest.raises(Invalid):
        answer(member, asked.opinions[0], Verdict.REJECTED, "理由", changed=["B21"])
    with pytest.raises(Forbidden):
        answer(unit, asked.opinions[0])


def test_silence_is_closed_with_words_after_the_day_alone(asked, lead):
    with pytest.raises(Conflict):
        services.close_consultation(lead, asked, "已两次电话催办")
    later = clock.start_of(asked.due_on + timedelta(days=1)) + timedelta(hours=9)
    with clock.frozen(later):
        with pytest.raises(Invalid):
            services.close_consultation(lead, asked)
        with transaction():
            services.close_consultation(lead, asked, "已两次电话催办，逾期未反馈")
    assert asked.close_words


def test_only_the_newest_report_goes_to_an_evaluated_unit(lead, engagement, unit):
    version = draft(lead, engagement)
    plan = file_paper(lead, engagement, "B-09", "方案").versions[0]
    for changes in (
        {"unit": OrganisationFactory()},
        {"version": plan},
        {"due_on": clock.today()},
        {"due_on": date(2099, 6, 6)},  # a Saturday
    ):
        with pytest.raises(Invalid):
            sent(lead, engagement, **{"version": version, **changes})
    add_version(lead, version.paper, b"%PDF-1.4 second")
    with pytest.raises(Invalid):
        sent(lead, engagement, version)


def test_a_unit_is_not_asked_twice_at_once(asked, lead, engagement):
    with pytest.raises(Conflict):
        sent(lead, engagement, asked.version)


def test_moves_are_told_by_their_points():
    before = {"A1": "5.00", "B2": "10.0", "C3": "4"}
    found = scores.moves(before, {"A1": "5", "B2": "9.50", "D4": "1"})
    assert found == [scores.Move("B2", Decimal("10.0"), Decimal("9.50"))]
    assert scores.unnamed(found, []) == ["B2"]
    assert scores.unnamed(found, ["B2"]) == []


def test_a_score_that_moved_names_its_opinion(asked, unit, lead, monkeypatch):
    respond(unit, asked)
    asked.scores_before = {"B21": "12.00"}
    db.session.commit()
    monkeypatch.setattr(scores, "points_of", lambda _engagement: {"B21": "10.00"})
    answer(lead, asked.opinions[1])
    answer(lead, asked.opinions[0])
    with pytest.raises(Conflict) as refusal:
        services.close_consultation(lead, asked)
    assert "B21" in str(refusal.value.message)
    answer(lead, asked.opinions[0], changed=["B21"])
    with transaction():
        services.close_consultation(lead, asked)
    assert asked.scores_after == {"B21": "10.00"}


def test_points_are_read_from_the_sheets_in_force(session, lead, officer, engagement):
    system = making.begun(lead, engagement)
    making.approved(system, lead, officer)
    assert scores.points_of(engagement) == {}
    making.score(lead, system, making.full_scores(system, less=1))
    told = scores.points_of(engagement)
    assert set(told) == {row.code for row in system.indicators}
    last = system.indicators[-1]
    assert Decimal(told[last.code]) == last.points - 1


def test_the_stage_waits_until_every_consultation_is_closed(asked, unit, lead, engagement):
    stage = stage_with(engagement, "consultation")
    assert joining.unanswered(stage_with(engagement, "draft")) is None
    assert asked.unit.name in str(joining.unanswered(stage))
    respond(unit, asked, [])
    with transaction():
        services.close_consultation(lead, asked)
    assert joining.unanswered(stage) is None


def test_where_the_template_asks_every_unit_is_consulted(engagement):
    stage = stage_with(engagement, "consultation")
    assert joining.unanswered(stage) is None
    engagement.template.required_acts = [Act.CONSULTATION]
    assert engagement.tasks[0].unit.name in str(joining.unanswered(stage))


@pytest.mark.parametrize("role", sorted(Role))
def test_the_list_and_the_policy_agree(session, engagement, lead, role):
    sent(lead, engagement)
    other = make_engagement()
    sent(crew_of(other)[0], other)
    unit = engagement.tasks[0].unit
    unit.department, unit.finance_office = OrganisationFactory(), OrganisationFactory()
    homes = {
        Role.UNIT_OFFICER: unit,
        Role.DEPARTMENT_OFFICER: unit.department,
        Role.FINANCE_OFFICE_OFFICER: unit.finance_office,
        Role.SECTION_OFFICER: engagement.tasks[0].section,
        Role.LEAD_EVALUATOR: engagement.agency.organisation,
    }
    everything = session.query(Consultation).order_by(Consultation.id).all()
    for home in (homes.get(role), None):
        user = UserFactory(role=role, **({"organisation": home} if home else {}))
        query = queries.consultations_visible_to(user).order_by(Consultation.id)
        told = [one for one in everything if can(user, Permission.CONSULTATION_READ, one)]
        assert list(session.scalars(query)) == told


def test_facts_of_many_are_one_statement(asked, unit, lead, engagement, statements):
    respond(unit, asked)
    answer(lead, asked.opinions[0])
    keys = [engagement.id, make_engagement().id]
    with statements() as seen:
        told = queries.facts_of(keys)
    assert len(seen) == 1
    facts = told[keys[0]]
    assert (facts.sent, facts.silent, facts.opinions) == (1, 0, len(TWO))
    assert (facts.unanswered, facts.adopted, facts.closed) == (1, 1, 0)
    assert told[keys[1]] == queries.ConsultationFacts()
