from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app import clock, drawing
from app.db import db, transaction
from app.engagements.models import Engagement
from app.errors import Conflict, Forbidden, Invalid
from app.policy import Permission, Role, can
from app.procurement import awarding, draws, labels, objecting, offering, owing, queries, services
from app.procurement.methods import Method
from app.procurement.models import Award, Need
from tests.factories import EvaluatorFactory, UserFactory
from tests.procurement import placing
from tests.procurement.placing import (
    WAN,
    after,
    awarded,
    bidder,
    contract,
    drawn_up,
    first_day,
    frozen,
    held,
    planned,
    signed_up,
)


@pytest.fixture
def officer(session):
    return placing.bureau()


@pytest.fixture
def bidders(session):
    return [bidder() for _n in range(3)]


def drawn(officer, bidders):
    """A lot whose draw was held; the lot and the draw."""
    lot = drawn_up(officer, bidders)
    with after(4):
        draw, secret = frozen(officer, lot)
    with after(6):
        held(officer, draw, secret)
    return lot, draw


def test_a_need_keeps_method_basis_and_thresholds(officer, audited):
    need = planned(officer)
    assert need.code.startswith("X")
    assert need.lots[0].tasks[0].unit is not None
    assert need.rules.document_no in need.basis
    assert audited()[-1] == "need.planned"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lots": []}, "method"),
        ({"method": Method.OPEN_TENDER}, "method"),
        ({"method": Method.DIRECT, "reason": " "}, "reason"),
        ({"qualification": "须为本地企业"}, "qualification"),
        ({"experience": "本区业绩加分"}, "experience"),
        ({"service_area": "国有企业"}, "service_area"),
    ],
)
def test_an_unlawful_need_is_refused_in_words(officer, changes, field):
    if "lots" in changes:  # a draw from the limit on
        template = placing.template_in_force("fiscal_evaluation")
        changes = {"lots": [placing.lot(template, budget=25 * WAN) for _n in range(2)]}
    with pytest.raises(Invalid) as refusal:
        planned(officer, **{"method": Method.DRAW, **changes})
    assert refusal.value.field == field


def test_lots_are_whole_and_nobody_evaluates_itself(officer):
    template = placing.template_in_force("fiscal_evaluation")
    own = placing.make_task(template, unit=officer.organisation)
    twin = placing.make_task(template)
    for lots in (
        [placing.lot(template, name=" ")],
        [placing.lot(template, days=0)],
        [placing.lot(template, tasks=[])],
        [placing.lot(template, tasks=[own])],
        [placing.lot(template, tasks=[placing.make_task(template, unit=None)])],
        [placing.lot(template, tasks=[twin, twin])],
    ):
        with pytest.raises(Invalid):
            planned(officer, lots=lots)


def test_a_version_of_the_thresholds_holds_from_its_day(officer):
    before = queries.rules_on(clock.today())
    told = {
        "publicity_days": 5,
        "answer_days": 7,
        "fewest_offers": 2,
        "document_no": "演示〔2026〕1号",
    }
    new = services.NewRules(
        30 * WAN, 200 * WAN, **told, effective_on=clock.today() + timedelta(days=1)
    )
    with transaction():
        made = services.set_rules(officer, new)
    assert queries.rules_on(clock.today()) == before
    assert queries.rules_on(clock.today() + timedelta(days=1)) == made
    assert queries.rules_on(date(2001, 1, 1)).version == 1
    for wrong in ({"document_no": " "}, {"limit_fen": 0}, {"tender_fen": 1}):
        with pytest.raises(Invalid), transaction():
            services.set_rules(officer, services.NewRules(**{**vars(new), **wrong}))


def test_agencies_sign_up_once_and_in_time(officer, bidders):
    lot = drawn_up(officer, bidders[:1])
    with pytest.raises(Conflict):
        signed_up(bidders[0], lot)
    with after(4), pytest.raises(Conflict):
        signed_up(bidders[1], lot)
    with pytest.raises(Invalid):  # another house's evaluator
        signed_up((bidders[1][0], bidders[2][1]), lot)
    with pytest.raises(Forbidden):
        signed_up((officer, bidders[2][1]), lot)


def test_whoever_states_a_ground_stands_aside(officer, bidders):
    lot = drawn_up(officer, [])
    head, lead = bidders[0]
    for people in (
        {lead.name: ["kin"]},
        {lead.name: [], "演示组员": ["employed"]},
        {"演示组员": []},
    ):
        with pytest.raises(Invalid) as refusal, transaction():
            offering.sign_up(head, lot, offering.NewOffer(lead, people))
        assert refusal.value.field == "people"


def test_a_draw_is_computed_again_from_its_record(officer, bidders, audited):
    lot = drawn_up(officer, bidders)
    with after(4):
        draw, secret = frozen(officer, lot)
        with transaction():
            draws.add_number(bidders[0][0], draw, "演示机构的一句话")
        with pytest.raises(Conflict), transaction():
            draws.add_number(bidders[0][0], draw, "再来一次")
        with pytest.raises(Conflict):  # the beacon doesn't exist yet
            held(officer, draw, secret)
    with after(6):
        with pytest.raises(Conflict), transaction():
            draws.add_number(bidders[1][0], draw, "太晚了")
        held(officer, draw, secret)
    assert drawing.wrong_in(draw.record) == []
    assert drawing.wrong_in({**draw.record, "beacon_value": "别的号码"}) != []
    assert sorted(draw.order) == sorted(one.organisation_id for one, _lead in bidders)
    assert draw.record["commitment"] == draw.commitment
    assert audited()[-1] == "draw.held"
    with after(7), pytest.raises(Conflict):
        held(officer, draw, secret)


def test_the_portal_keeps_no_secret(officer, bidders, session):
    lot = drawn_up(officer, bidders)
    with after(4):
        draw, secret = frozen(officer, lot)
    plain = secret.replace("-", "")[:64]
    for table in reversed(list(type(draw).metadata.sorted_tables)):
        for row in session.execute(table.select()):
            assert plain not in str(row), table.name


def test_another_secret_voids_the_attempt_and_the_next_one_counts(officer, bidders, audited):
    lot = drawn_up(officer, bidders)
    with after(4):
        draw, secret = frozen(officer, lot)
        with pytest.raises(Conflict):
            frozen(officer, lot)
    with after(6):
        with pytest.raises(Invalid) as refusal:  # misread: nothing happens
            held(officer, draw, secret[:-1] + ("0" if secret[-1] != "0" else "1"))
        assert refusal.value.field == "secret"
        held(officer, draw, draws.with_check(b"\1" * 32))
        assert draw.voided_at is not None
        assert draw.record is None
        assert audited()[-1] == "draw.voided"
        again, secret = frozen(officer, lot)
        assert again.attempt == 2
    with after(8):
        assert held(officer, again, secret).record is not None


def test_a_list_is_frozen_after_the_end_with_enough_bidders(officer, bidders):
    lot = drawn_up(officer, bidders[:2])
    with pytest.raises(Conflict):
        frozen(officer, lot)
    with after(4), pytest.raises(Conflict):  # two, three are needed
        frozen(officer, lot)
    signed_up(bidders[2], lot)
    with after(4):
        for beacon in (
            draws.Beacon(" ", clock.now() + timedelta(days=1)),
            draws.Beacon("已经开奖的一期", clock.now()),
        ):
            with pytest.raises(Invalid), transaction():
                draws.freeze(officer, lot, beacon)


def test_from_the_draw_to_the_engagement_nothing_is_typed_twice(officer, bidders, audited):
    lot, draw = drawn(officer, bidders)
    with after(6), transaction():
        award = awarding.award_drawn(officer, lot)
    assert award.agency_id == draw.order[0]
    assert award.price_fen == lot.budget_fen
    with after(6), pytest.raises(Conflict), transaction():  # the result stands publicly
        awarding.sign_contract(officer, award, contract(award, signed_on=clock.today()))
    with first_day(award), transaction():
        made = awarding.sign_contract(officer, award, contract(award))
    assert isinstance(made, Engagement)
    assert award.engagement_id == made.id
    assert (made.name, made.fee_fen) == (lot.name, award.price_fen)
    assert made.agency_id == award.agency_id
    assert [one.project for one in made.tasks] == [one.project for one in lot.tasks]
    assert {"engagement.opened", "award.contracted"} <= set(audited())


def test_whoever_steps_back_after_the_draw_is_passed_over(officer, bidders):
    lot, draw = drawn(officer, bidders)
    by_agency = {offer.agency_id: offer for offer in lot.offers}
    heads = {head.organisation_id: head for head, _lead in bidders}
    first, second, third = draw.order
    with after(6):
        with transaction():
            offering.withdraw_offer(heads[first], by_agency[first], "人手不足")
        with transaction():
            award = awarding.award_drawn(officer, lot)
        assert award.agency_id == second
        with pytest.raises(Conflict), transaction():
            offering.withdraw_offer(heads[second], by_agency[second], "反悔")
        with transaction():
            awarding.withdraw_award(officer, award, "中选机构书面放弃")
        with transaction():
            assert awarding.award_drawn(officer, lot).agency_id == third


def test_a_lot_has_one_award_whoever_comes_second(officer, session):
    award = awarded(officer)
    new = awarding.NewAward(EvaluatorFactory(), award.price_fen)
    with pytest.raises(Conflict) as refusal, transaction():
        awarding.award_lot(officer, award.lot, new)
    assert award.agency.name in str(refusal.value.message)
    twin = {name: getattr(award, name) for name in ("lot_id", "agency_id", "evaluator_id")}
    more = {name: getattr(award, name) for name in ("price_fen", "reason", "made_at", "made_by_id")}
    session.add(Award(**twin, **more, public_until=award.public_until))
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_award_by_hand_has_its_limits(officer, bidders):
    lot = drawn_up(officer, bidders)
    with pytest.raises(Conflict), transaction():  # a draw is decided by the draw
        awarding.award_lot(officer, lot, awarding.NewAward(bidders[0][1], 1))
    with pytest.raises(Conflict), transaction():
        awarding.award_drawn(officer, lot)
    direct = planned(officer, Method.DIRECT).lots[0]
    for evaluator, price in (
        (bidders[0][1], direct.budget_fen + 1),
        (bidders[0][1], 0),
        (EvaluatorFactory(confirmed_at=None), 1),
    ):
        with pytest.raises(Invalid), transaction():
            awarding.award_lot(officer, direct, awarding.NewAward(evaluator, price))


def big(officer):
    template = placing.template_in_force("fiscal_evaluation")
    return [placing.lot(template, budget=60 * WAN)]


def test_a_statutory_result_comes_from_the_platform(officer):
    lot = planned(officer, Method.CONSULTATION, lots=big(officer)).lots[0]
    told = awarding.NewAward(EvaluatorFactory(), lot.budget_fen)
    with pytest.raises(Invalid) as refusal, transaction():
        awarding.award_lot(officer, lot, told)
    assert refusal.value.field == "result_url"


def test_an_objection_keeps_the_contract_waiting(officer, bidders):
    award, head = awarded(officer), bidders[0][0]
    agency = bidders[0][1].agency
    with transaction():
        found = objecting.object_to(head, award, agency, "评审程序有误")
    with pytest.raises(Forbidden), transaction():
        objecting.object_to(bidders[1][0], award, agency, "替别人提")
    with first_day(award):
        with pytest.raises(Conflict), transaction():
            awarding.sign_contract(officer, award, contract(award))
        with transaction():
            objecting.answer(officer, found, "程序无误,维持结果")
        with pytest.raises(Conflict), transaction():  # below the limit there is no complaint
            objecting.complain(head, found, "不服")
        with pytest.raises(Conflict), transaction():  # too late
            objecting.object_to(bidders[1][0], award, bidders[1][1].agency, "迟到的异议")
        with transaction():
            awarding.sign_contract(officer, award, contract(award))


def test_challenge_and_complaint_have_their_clocks(officer, bidders):
    award = awarded(officer, Method.CONSULTATION, lots=big(officer))
    head, lead = bidders[0]
    assert objecting.last_day(award) == clock.add_working_days(award.public_until, 7)
    with transaction():
        found = objecting.object_to(head, award, lead.agency, "评分有误")
    assert found.answer_due_on == clock.add_working_days(clock.today(), 7)
    with pytest.raises(Conflict), transaction():  # the answer's time isn't over
        objecting.complain(head, found, "不服")
    with transaction():
        objecting.answer(officer, found, "评分无误")
    with after(80), pytest.raises(Conflict), transaction():
        objecting.complain(head, found, "太晚的投诉")
    with pytest.raises(Forbidden), transaction():
        objecting.complain(bidders[1][0], found, "别家的投诉")
    with transaction():
        objecting.complain(head, found, "仍不服")
    assert found.decision_due_on == clock.add_working_days(clock.today(), 30)
    assert found.is_open
    with transaction():
        objecting.decide(officer, found, "驳回投诉")
    assert not found.is_open


def on(month, day):
    """Noon of a day of 2026, in Shanghai."""
    return clock.frozen(clock.start_of(date(2026, month, day)) + timedelta(hours=12))


def test_over_national_day_every_clock_runs_as_the_law_says(officer, bidders):
    """1 to 7 October 2026 are holidays, Saturday the 10th is worked (国务院办公厅通知)."""
    head, lead = bidders[0]
    with on(9, 2):
        assert awarding.contract_due(awarded(officer)) == date(2026, 10, 8)  # not 2 October
    with on(9, 24):
        award = awarded(officer, Method.CONSULTATION, lots=big(officer))
        assert award.public_until == date(2026, 9, 30)
        assert objecting.last_day(award) == date(2026, 10, 15)  # 条例第五十三条
        small = awarded(officer)
        assert objecting.last_day(small) == small.public_until
        ahead = contract(small, signed_on=date(2026, 10, 9), starts_on=date(2026, 10, 9))
        with pytest.raises(Invalid) as refusal, transaction():  # dated ahead, past the notice
            awarding.sign_contract(officer, small, ahead)
        assert refusal.value.field == "signed_on"
    with on(10, 8):
        with transaction():
            signed = contract(award, signed_on=date(2026, 10, 8), starts_on=date(2026, 10, 8))
            awarding.sign_contract(officer, award, signed)
        due = {str(one.label): one.due_on for one in owing.duties_of(award)}
        assert [*due.values()][1:] == [date(2026, 10, 16), date(2026, 10, 10)]
    with on(10, 9), transaction():  # signed or not, the objection is heard in its time
        found = objecting.object_to(head, award, lead.agency, "评分有误")
    assert found.answer_due_on == date(2026, 10, 19)
    with on(10, 12), transaction():
        objecting.answer(officer, found, "评分无误")
    assert objecting.last_complaint_day(found) == date(2026, 11, 9)  # not from the early answer
    with on(11, 9), transaction():
        objecting.complain(head, found, "仍不服")
    assert found.decision_due_on == date(2026, 12, 21)
    with on(10, 16), pytest.raises(Conflict), transaction():
        objecting.object_to(bidders[1][0], award, bidders[1][1].agency, "迟到的异议")


def test_what_follows_the_signature_has_its_last_days(officer):
    award = awarded(officer)
    last = clock.add_working_days(clock.today() + timedelta(days=30), 0)
    assert [duty.due_on for duty in owing.duties_of(award)] == [last]
    with first_day(award):
        with transaction():
            awarding.sign_contract(officer, award, contract(award))
        for duty in ("filed_on", "noticed_on"):
            with transaction():
                awarding.note_duty(officer, award, duty, award.signed_on)
            with pytest.raises(Conflict), transaction():
                awarding.note_duty(officer, award, duty, award.signed_on)
        assert not any(duty.is_late for duty in owing.duties_of(award))
        with pytest.raises(Conflict), transaction():
            awarding.withdraw_award(officer, award, "太晚了")


def test_a_need_is_called_off_with_a_reason_before_any_award(officer, bidders):
    lot = drawn_up(officer, bidders[:1])
    with pytest.raises(Invalid), transaction():
        services.cancel(officer, lot.need, " ")
    with transaction():
        services.cancel(officer, lot.need, "报名不足三家")
    with pytest.raises(Conflict), transaction():
        services.announce(officer, lot.need, clock.now() + timedelta(days=1))
    need = awarded(officer).lot.need
    with pytest.raises(Conflict), transaction():
        services.cancel(officer, need, "反悔")


@pytest.mark.parametrize("role", sorted(Role))
def test_the_list_and_the_policy_agree(session, officer, role):
    planned(officer)
    drawn_up(officer, [])
    user = UserFactory(role=role)
    everything = session.query(Need).order_by(Need.id).all()
    told = [one for one in everything if can(user, Permission.PROCUREMENT_READ, one)]
    assert list(session.scalars(queries.needs_visible_to(user).order_by(Need.id))) == told


def test_a_lot_is_read_in_a_fixed_number_of_statements(officer, statements):
    few, many = (drawn_up(officer, [bidder() for _n in range(n)]) for n in (1, 6))
    counts = []
    for lot in (few, many):
        key = lot.id
        db.session.expire_all()
        with statements() as seen:
            queries.whole_lot(key)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_newcomers_weigh_a_hundred(officer, bidders):
    keys = [head.organisation_id for head, _lead in bidders]
    assert queries.weights(keys) == ("", dict.fromkeys(keys, 100))


def test_every_kind_of_unfair_term_has_words():
    assert set(labels.UNFAIR) == set(services.methods.UNFAIR)
