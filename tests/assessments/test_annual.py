"""The year's list: re-derivable, noticed, objected to, decided by a leader, published, frozen."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import clock
from app.assessments import annual, annual_queries, credit_queries, objections, rules
from app.assessments.annual_queries import inputs_of, recomputed, score_of
from app.assessments.credit_models import Consequence
from app.assessments.grading import AgencyGrade
from app.assessments.models import Weighting
from app.assessments.objection_models import Outcome
from app.assessments.vocabulary import ConsequenceKind
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid
from app.policy import Permission, Role, can
from app.reviews import services as reviews
from app.reviews.models import RulingKind
from tests.assessments.making import (
    after_year,
    approved,
    confirmed,
    drawn,
    head_of,
    imposed,
    noticed,
    published,
)
from tests.factories import AgencyFactory, UserFactory
from tests.reviews.rounds import ended, rated


@pytest.fixture
def year(session):
    """Two agencies' jobs of 2026: one with stars and an adverse record, one without."""
    officer, good, poor = UserFactory(), AgencyFactory(), AgencyFactory()
    one = rated(4, agency=good, actor=officer, fee_fen=3_000_000).engagement
    two = ended(agency=good, actor=officer, fee_fen=1_000_000).engagement
    bad = ended(agency=poor, actor=officer).engagement
    confirmed(one, officer, lost=5)
    confirmed(two, officer, lost=25)
    confirmed(bad, officer, lost=45)
    confirmed(ended(agency=poor, actor=officer).engagement, officer, lost=45)
    imposed(poor, kind=ConsequenceKind.ADVERSE_RECORD, points=Decimal(3), engagement=bad)
    return officer, good, poor


def test_a_row_is_its_terms(year):
    officer, good, poor = year
    first, second = drawn(officer).rows
    assert (first.agency_id, first.jobs, first.ratings) == (good.id, 2, 3)
    assert first.assessment == Decimal("90.00")  # 95 × 3 万 and 75 × 1 万
    assert first.stars == Decimal("4.0")
    assert first.score == Decimal("87.00")  # 90 × 70 % + 80 × 30 %
    assert (first.grade, first.consequence) == (AgencyGrade.B, ConsequenceKind.NORMAL)
    assert (second.agency_id, second.stars, second.credit) == (poor.id, None, Decimal(-3))
    assert second.score == Decimal("52.00")  # no stars: the assessment takes the whole weight
    assert second.consequence is ConsequenceKind.SUSPENSION


def test_every_row_can_be_derived_again_from_the_rows_below(year):
    officer, *_rest = year
    made = drawn(officer)
    found = {each.agency_id: score_of(each, made.rules) for each in inputs_of(made, made.rules)}
    for row in made.rows:
        kept = (row.jobs, row.assessment, row.credit, row.score, row.grade)
        for again in (recomputed(row), found[row.agency_id]):
            told = (again.jobs, again.assessment, again.credit, again.score, again.grade)
            assert told == kept


def test_from_a_single_job_nothing_follows_by_itself(year):
    officer, *_rest = year
    best, worst = AgencyFactory(), AgencyFactory()
    confirmed(ended(agency=best, actor=officer).engagement, officer)
    confirmed(ended(agency=worst, actor=officer).engagement, officer, lost=70)
    rows = {row.agency_id: row for row in drawn(officer).rows}
    assert (rows[best.id].grade, rows[worst.id].grade) == (AgencyGrade.A, AgencyGrade.D)
    for agency in (best, worst):
        assert rows[agency.id].consequence is ConsequenceKind.NORMAL
        assert "不足2个" in rows[agency.id].consequence_words


def test_fewer_than_three_reviews_give_no_stars(year):
    officer, *_rest = year
    agency = AgencyFactory()
    job = ended(agency=agency, actor=officer)
    job.rate("unit", 5, words="好")
    confirmed(job.engagement, officer)
    row = next(row for row in drawn(officer).rows if row.agency_id == agency.id)
    assert row.stars is None


def test_stars_are_told_to_half_a_star_where_a_tenth_would_tell_one_persons(year):
    """One job's mean by weights, beside the plain means that its agency reads, tells a party's."""
    officer, *_rest = year
    lonely, known, appealed = AgencyFactory(), AgencyFactory(), AgencyFactory()
    for agency, jobs in ((lonely, 1), (known, 2), (appealed, 2)):
        for _n in range(jobs):
            done = ended(agency=agency, actor=officer)
            for party, stars in (("performance", 3), ("section", 4), ("unit", 4)):
                done.rate(party, stars)
            confirmed(done.engagement, officer)
    unfair = done.invitation("performance").review
    with transaction():
        reviews.rule(UserFactory(role=Role.LEADER), unfair, RulingKind.VOIDED, "演示作废理由")
    rows = {row.agency_id: row for row in drawn(officer).rows}
    told = [rows[agency.id].stars for agency in (lonely, known, appealed)]
    assert told == [Decimal("3.5"), Decimal("3.6"), Decimal("4.0")]
    assert [rows[agency.id].ratings for agency in (known, appealed)] == [6, 5]


def test_a_list_of_a_running_year_is_a_trial(year):
    officer, *_rest = year
    made = drawn(officer)
    if clock.today().month < 12:
        with pytest.raises(Conflict), transaction():
            annual.give_notice(officer, made)


@pytest.fixture
def closed_year(year):
    """The same, looked at in January: officer, agencies, the year's number."""
    number = clock.today().year
    with clock.frozen(after_year(number)):
        yield (*year, number)


def test_an_unassessed_job_needs_a_word(closed_year):
    officer, *_rest, number = closed_year
    with clock.frozen(after_year(number) - timedelta(days=60)):
        ended(actor=officer)
    made = drawn(officer, number)
    assert made.unassessed == 1
    with pytest.raises(Invalid), transaction():
        annual.give_notice(officer, made)
    with transaction():
        annual.give_notice(officer, made, "年末验收，次年考核")


def test_the_agency_sees_its_row_from_the_notice_on_and_no_other(closed_year):
    officer, good, poor, number = closed_year
    made = drawn(officer, number)
    own, other = head_of(good), head_of(poor)
    row = next(row for row in made.rows if row.agency_id == good.id)
    assert not can(own, Permission.ANNUAL_ROW_READ, row)
    with transaction():
        annual.give_notice(officer, made)
    assert can(own, Permission.ANNUAL_ROW_READ, row)
    assert not can(other, Permission.ANNUAL_ROW_READ, row)
    assert not can(own, Permission.ANNUAL_LIST_READ, made)
    assert [found.id for found in annual_queries.own_rows(own)] == [row.id]


def test_a_leader_decides_after_the_window_only(closed_year):
    officer, *_rest, number = closed_year
    made = noticed(officer, year=number)
    leader = UserFactory(role=Role.LEADER)
    with pytest.raises(Conflict), transaction():
        annual.approve_list(leader, made, "同意")
    with pytest.raises(Forbidden), transaction():
        annual.approve_list(UserFactory(), made, "同意")


def test_an_objection_holds_the_list_up_until_it_is_decided(closed_year):
    officer, good, _poor, number = closed_year
    made = noticed(officer, year=number)
    row = next(row for row in made.rows if row.agency_id == good.id)
    with transaction():
        raised = objections.raise_objection(head_of(good), row, "漏计一个项目")
    later = clock.start_of(made.objections_until + timedelta(days=1))
    leader = UserFactory(role=Role.LEADER)
    with clock.frozen(later):
        with pytest.raises(Conflict), transaction():
            annual.approve_list(leader, made, "同意")
        with pytest.raises(Forbidden), transaction():
            objections.decide_objection(officer, raised, Outcome.UPHELD, "自己的名单")
        with pytest.raises(Conflict), transaction():
            annual.draw_list(officer, number, "重新汇总")
        with transaction():
            objections.decide_objection(UserFactory(), raised, Outcome.ADJUSTED, "补计")
        with pytest.raises(Conflict), transaction():
            annual.approve_list(leader, made, "同意")
        with transaction():
            again = annual.draw_list(officer, number, "异议成立")
    assert (again.version, made.superseded_at is not None) == (2, True)
    assert again.stars_until == made.stars_until, "two lists compared tell no single stars"


def test_a_published_list_is_frozen_and_its_consequences_begin(closed_year, session):
    officer, good, poor, number = closed_year
    made = published(officer, year=number)
    found = session.query(Consequence).filter(Consequence.row_id.is_not(None)).all()
    assert [(one.agency_id, one.kind) for one in found] == [(poor.id, ConsequenceKind.SUSPENSION)]
    assert found[0].basis == made.document_no
    in_force = credit_queries.consequences_in_force([good.id, poor.id], clock.today())
    kinds = {one.kind for one in in_force[poor.id]}
    assert in_force[good.id] == []
    assert ConsequenceKind.SUSPENSION in kinds
    for statement in (
        "UPDATE annual_list SET document_no = 'x'",
        "UPDATE annual_list SET published_at = NULL",
        "UPDATE annual_row SET score = 10000",
        "DELETE FROM annual_row",
        "UPDATE annual_input SET points = 0",
        "DELETE FROM annual_list",
        "UPDATE consequence SET ends_on = starts_on",
        "DELETE FROM consequence",
    ):
        point = session.begin_nested()
        with pytest.raises(DBAPIError):
            session.execute(text(statement))
        point.rollback()


def test_a_corrected_list_takes_the_place_of_the_published_one(closed_year, session):
    officer, _good, poor, number = closed_year
    first = published(officer, year=number)
    job = session.query(Consequence).filter_by(row_id=first.rows[-1].id).one()
    second = published(officer, year=number, number="演财绩〔2027〕9号", reason="更正")
    session.refresh(first)
    session.refresh(job)
    assert annual_queries.published_of(number) == second
    assert first.superseded_at is not None
    assert job.revoked_at is not None
    assert job.agency_id == poor.id


def test_another_consequence_is_proposed_before_the_notice_only(closed_year):
    officer, *_rest, number = closed_year
    made = drawn(officer, number)
    with transaction():
        annual.propose_consequence(officer, made.rows[1], ConsequenceKind.TALK, "首次")
    for kind in (ConsequenceKind.ADVERSE_RECORD, ConsequenceKind.COMMENDATION):
        with pytest.raises(Invalid), transaction():
            annual.propose_consequence(officer, made.rows[1], kind, "说明")
    with transaction():
        annual.give_notice(officer, made)
    with pytest.raises(Conflict), transaction():
        annual.propose_consequence(officer, made.rows[1], ConsequenceKind.NORMAL, "说明")


def test_a_list_goes_back_with_a_reason(closed_year):
    officer, *_rest, number = closed_year
    made = noticed(officer, year=number)
    leader = UserFactory(role=Role.LEADER)
    with pytest.raises(Invalid), transaction():
        annual.return_list(leader, made, "")
    with transaction():
        annual.return_list(leader, made, "补充说明")
    assert drawn(officer, number, "已补充").version == 2


def test_only_an_approved_list_is_published_under_its_number(closed_year):
    officer, *_rest, number = closed_year
    made = approved(officer, year=number)
    with pytest.raises(Invalid), transaction():
        annual.publish_list(officer, made, " ")
    with pytest.raises(Forbidden), transaction():
        annual.publish_list(UserFactory(role=Role.LEADER), made, "演财绩〔2027〕1号")


def plan(before, **changes):
    told = {
        "edges": (before.edge_a, before.edge_b, before.edge_c),
        "labels": {grade: before.labels[grade] for grade in AgencyGrade},
        "weighting": before.weighting,
        "weight_assessment": before.weight_assessment,
        "least_jobs": 1,
        "least_ratings": before.least_ratings,
        "most_credit": before.most_credit,
        "objection_days": 5,
        "decision_days": 10,
        "consequences": {
            grade: ConsequenceKind(kind) for grade, kind in before.consequences.items()
        },
    }
    return rules.RulesPlan(**{**told, **changes})


def test_new_rules_hold_for_what_is_made_from_now_on(year):
    from app.assessments.queries import rules_in_force

    officer, good, _poor = year
    old = drawn(officer)
    pay = dict(zip(AgencyGrade, (100, 90, 70, 0), strict=True))
    with transaction():
        new = plan(old.rules, weighting=Weighting.EQUAL, weight_assessment=100, pay=pay)
        rules.edit_rules(officer, rules_in_force(), new, "简化")
    made = drawn(officer, reason="按新规则试算")
    row = next(row for row in made.rows if row.agency_id == good.id)
    assert row.score == Decimal("85.00")  # the plain mean of 95 and 75
    assert recomputed(old.rows[0]).score == old.rows[0].score
    later = confirmed(ended(actor=officer).engagement, officer, lost=15)
    assert later.pay_percent == 90


@pytest.mark.parametrize(
    "changes",
    [
        {"edges": (80, 90, 60)},
        {"least_ratings": 2},
        {"weight_assessment": 0},
        {"labels": dict(zip(AgencyGrade, "优良中差", strict=True))},
        {"labels": dict.fromkeys(AgencyGrade, "A级")},
    ],
)
def test_rules_that_cannot_hold_are_refused(session, changes):
    from app.assessments.queries import rules_in_force

    before = rules_in_force()
    with pytest.raises(Invalid), transaction():
        rules.edit_rules(UserFactory(), before, plan(before, **changes), "说明")


def test_the_form_is_followed_by_its_next_version(session):
    from app.assessments.queries import form_in_force

    officer, form = UserFactory(), form_in_force()
    items = [rules.ItemPlan(i.part, i.name, i.points, i.standard, i.facts) for i in form.items]
    with pytest.raises(Invalid), transaction():
        rules.edit_form(officer, form, items[1:], most_bonus=Decimal(5), reason="精简")
    with transaction():
        made = rules.edit_form(officer, form, items, most_bonus=Decimal(3), reason="收紧加分")
    assert (made.version, form_in_force().id) == (2, made.id)
    with pytest.raises(Conflict), transaction():
        rules.edit_form(officer, form, items, most_bonus=Decimal(3), reason="再改")
