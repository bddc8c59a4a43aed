"""A second stage goes the way that its agreement says: chosen, bid for, or in turn."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from app import clock, rotation
from app.agencies.models import Evaluator
from app.cli import main
from app.db import transaction
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.frameworks import queries, services
from app.frameworks.models import Framework, Outcome
from app.frameworks.services import Choice, NewMember, NewTurn
from app.procurement import awarding
from app.procurement import services as procurement
from app.procurement.methods import Method
from app.procurement.models import Award
from app.web import fresh_token
from tests.factories import EvaluatorFactory
from tests.frameworks.agreements import ADDRESS, entered
from tests.procurement import placing, sealed
from tests.procurement.placing import WAN, after, bidder, planned, signed_up


@pytest.fixture
def officer(session):
    return placing.bureau()


def placed(officer, framework):
    """A lot that is placed under the agreement."""
    need = planned(officer, framework.way)
    with transaction():
        services.name_framework(officer, need, framework)
    return need.lots[0]


def turn(officer, lot, outcome=Outcome.TAKEN, reason=""):
    with transaction():
        return services.tell_turn(officer, lot, NewTurn(outcome, 1, reason))


def test_turns_go_round_and_anybody_can_check_them(officer, tmp_path, audited):
    framework = entered(officer, Method.FRAMEWORK_TURN)
    first, second, third = framework.members
    lots = [placed(officer, framework) for _n in range(3)]
    with pytest.raises(Invalid):
        turn(officer, lots[0], Outcome.DECLINED)
    assert turn(officer, lots[0], Outcome.DECLINED, "人员不足").member is first
    assert turn(officer, lots[0]).member is second
    assert (lots[0].award.agency_id, lots[0].award.price_fen) == (second.agency_id, 6 * WAN)
    with pytest.raises(Conflict):
        turn(officer, lots[0])
    assert turn(officer, lots[1]).member is third
    with transaction():
        services.enter_leave(officer, first, "单位注销")
    assert turn(officer, lots[2]).member is second
    assert "framework.turn_told" in audited()
    told = queries.rotation_of(framework)
    assert rotation.wrong_in(told) == []
    path = tmp_path / "rotation.json"
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    assert CliRunner().invoke(main, ["verify", str(path)]).exit_code == 0
    for at, change in (
        (0, {"place": 2}),
        (0, {"reason": ""}),
        (2, {"place": 1}),
        (3, {"lot": told["turns"][1]["lot"]}),
        (1, {"number": 7}),
    ):
        turns = [{**one, **(change if n == at else {})} for n, one in enumerate(told["turns"])]
        assert rotation.wrong_in({**told, "turns": turns})
        path.write_text(json.dumps({**told, "turns": turns}), encoding="utf-8")
        assert CliRunner().invoke(main, ["verify", str(path)]).exit_code == 1
    assert rotation.wrong_in({**told, "turns": [{}]})
    assert rotation.wrong_in({"v": "other"})


def test_everybody_declined_and_the_lot_stays_open(officer):
    framework = entered(officer, Method.FRAMEWORK_TURN, count=2)
    lot = placed(officer, framework)
    for _n in range(2):
        turn(officer, lot, Outcome.DECLINED, "人员不足")
    assert queries.whose_turn(framework, lot) is None
    with pytest.raises(Conflict):
        turn(officer, lot)
    with pytest.raises(Conflict), transaction():  # nobody is chosen past the rotation
        new = awarding.NewAward(EvaluatorFactory(), WAN, result_url=ADDRESS)
        awarding.award_lot(officer, lot, new)


def test_an_agreement_in_pages_from_the_first_stage_to_the_engagement(sign_in, session, officer):
    members = [EvaluatorFactory() for _n in range(3)]
    client, today = sign_in(officer), clock.today()
    assert client.get("/frameworks/new").status_code == 200
    told = {
        "code": "KJ-2026-1",
        "name": "演示框架协议",
        "way": "framework_direct",
        "unit_name": "每人日",
        "result_url": ADDRESS,
        "starts_on": today,
        "ends_on": today + timedelta(days=100),
        "once": fresh_token(),
    }
    for at, member in enumerate(members):
        told |= {f"members-{at}-evaluator": member.id, f"members-{at}-price": "900"}
    bad = {**told, "members-1-price": ""}
    assert client.post("/frameworks", data=bad).status_code == 422
    assert client.post("/frameworks", data=told).status_code == 302
    (framework,) = session.query(Framework).all()
    here = f"/frameworks/{framework.id}"
    assert members[0].agency.name in client.get(here).get_data(as_text=True)
    assert client.get("/frameworks").status_code == 200
    assert client.get(f"{here}/rotation.json").status_code == 200
    need = planned(officer, Method.FRAMEWORK_DIRECT)
    lot_url = f"/procurement-lots/{need.lots[0].id}"
    assert client.get(f"{lot_url}/choice").status_code == 404  # no agreement is named
    url = f"/procurement/{need.id}"
    assert f"{url}/framework" in client.get(url).get_data(as_text=True)
    assert client.get(f"{url}/framework").status_code == 200
    named = {"framework": framework.id}
    assert client.post(f"{url}/framework", data=named).status_code == 302
    assert framework.code in client.get(url).get_data(as_text=True)
    chosen = framework.members[1]
    choice = {"member": chosen.id, "quantity": "50", "reason": ""}
    assert client.get(f"{lot_url}/choice").status_code == 200
    assert client.post(f"{lot_url}/choice", data=choice).status_code == 422
    choice["reason"] = "承担过同类项目，人员到位"
    over = {**choice, "quantity": "90"}  # 81,000 yuan are over the budget
    assert client.post(f"{lot_url}/choice", data=over).status_code == 422
    assert client.post(f"{lot_url}/choice", data=choice).status_code == 302
    (award,) = session.query(Award).all()
    assert (award.agency_id, award.price_fen) == (chosen.agency_id, 45_000 * 100)
    with placing.first_day(award):
        day = clock.today()
        form = {"number": "HT-3", "signed_on": day, "starts_on": day, "ends_on": day}
        assert sign_in(officer).post(f"/awards/{award.id}/contract", data=form).status_code == 302
    assert session.query(Engagement).one().fee_fen == award.price_fen
    leave = f"/framework-members/{framework.members[0].id}/leave"
    client = sign_in(officer)
    assert client.get(leave).status_code == 200
    assert client.post(leave, data={"words": "主动退出"}).status_code == 302
    assert client.post(leave, data={"words": "再次"}).status_code == 422
    turning = entered(officer, Method.FRAMEWORK_TURN)
    lot = placed(officer, turning)
    page = f"/procurement-lots/{lot.id}/turn"
    assert page in client.get(f"/procurement-lots/{lot.id}").get_data(as_text=True)
    assert client.get(page).status_code == 200
    declined = {"outcome": "declined", "quantity": "1", "reason": ""}
    assert client.post(page, data=declined).status_code == 422
    sent = {
        **declined,
        "reason": "人员不足",
        "once": sealed.token_in(client.get(page).get_data(as_text=True)),
    }
    assert client.post(page, data=sent).status_code == 302
    assert client.post(page, data=sent).status_code == 422  # nobody else's turn is declined by it
    assert len(turning.turns) == 1
    to_the_contract_in_turn(sign_in, officer, session, lot)


def to_the_contract_in_turn(sign_in, officer, session, lot):
    """The first one declined: the next takes the lot, the contract opens its engagement."""
    client, page = sign_in(officer), f"/procurement-lots/{lot.id}"
    framework = queries.framework_of(lot.need)
    first, second = framework.members[:2]
    shown = client.get(page).get_data(as_text=True)
    assert first.agency.name in shown
    assert "人员不足" in shown
    ask = client.get(f"{page}/turn").get_data(as_text=True)
    assert second.agency.name in ask
    assert first.agency.name not in ask
    taken = {"outcome": "taken", "quantity": "", "once": sealed.token_in(ask)}
    assert client.post(f"{page}/turn", data=taken).status_code == 422  # how many units?
    assert lot.award is None
    assert client.post(f"{page}/turn", data={**taken, "quantity": "1"}).status_code == 302
    award = lot.award
    assert (award.agency_id, award.price_fen) == (second.agency_id, second.price_fen)
    again = {"outcome": "declined", "reason": "再次", "quantity": "1"}
    assert client.post(f"{page}/turn", data=again).status_code in {404, 422}  # the lot is awarded
    assert len(framework.turns) == 2
    told = client.get(f"/frameworks/{framework.id}/rotation.json").get_json()
    assert rotation.wrong_in(told) == []
    assert [(one["place"], one["outcome"]) for one in told["turns"]] == [
        (1, "declined"),
        (2, "taken"),
    ]
    with placing.first_day(award):
        day, client = clock.today(), sign_in(officer)
        form = {"number": "HT-轮候-1", "signed_on": day, "starts_on": day, "ends_on": day}
        assert client.post(f"/awards/{award.id}/contract", data=form).status_code == 302
        opened = session.get(Engagement, award.engagement_id)
        assert (opened.agency_id, opened.fee_fen) == (second.agency_id, second.price_fen)
        assert opened.lead_evaluator_id == second.evaluator_id
        assert client.get(f"/engagements/{opened.id}").status_code == 200
        assert award.contract_no in client.get(f"/awards/{award.id}").get_data(as_text=True)


def test_members_alone_bid_again(officer):
    pairs = [bidder() for _n in range(2)]
    leads = [NewMember(lead, 8 * WAN) for _head, lead in pairs]
    framework = entered(officer, Method.FRAMEWORK_BIDDING, members=leads)
    need = planned(officer, Method.FRAMEWORK_BIDDING)
    slips = sealed.keyed(officer, need)
    with pytest.raises(Conflict):  # under which agreement?
        sealed.announced(officer, need)
    with transaction():
        services.name_framework(officer, need, framework)
    sealed.announced(officer, need)
    lot = need.lots[0]
    with pytest.raises(Conflict):
        signed_up(bidder(), lot)
    for pair, price in zip(pairs, (7 * WAN, 6 * WAN), strict=True):
        sealed.bid(lot, price, pair=pair)
    with after(4):
        sealed.opened(officer, lot, slips)
        with transaction():
            award = awarding.award_lowest(officer, lot)
    assert (award.agency_id, award.price_fen) == (pairs[1][1].agency_id, 6 * WAN)
    with placing.first_day(award), transaction():
        assert awarding.sign_contract(officer, award, placing.contract(award)).fee_fen == 6 * WAN


def test_what_an_agreement_asks_for(officer):
    lead = EvaluatorFactory()
    twice = [NewMember(lead, WAN), NewMember(lead, WAN)]
    stranger = NewMember(EvaluatorFactory(confirmed_at=None), WAN)
    for wrong in (
        {"way": Method.DIRECT},
        {"ends_on": clock.today()},
        {"members": twice[:1]},
        {"members": twice},
        {"members": [*twice[:1], stranger]},
        {"code": " "},
    ):
        with pytest.raises(Invalid):
            entered(officer, **{"way": Method.FRAMEWORK_TURN, **wrong})
    ended = entered(officer, Method.FRAMEWORK_DIRECT)
    with pytest.raises(Invalid) as refusal:
        entered(officer, Method.FRAMEWORK_DIRECT)  # the same number once more
    assert refusal.value.field == "code"
    lot = placed(officer, ended)
    other = planned(officer, Method.FRAMEWORK_TURN)
    with pytest.raises(Invalid), transaction():
        services.name_framework(officer, other, ended)
    with clock.frozen(clock.now() + timedelta(days=400)), pytest.raises(Conflict), transaction():
        services.choose(officer, lot, Choice(ended.members[0], 1, "演示"))
    with transaction():
        services.enter_leave(officer, ended.members[0], "退出")
    with pytest.raises(Invalid), transaction():
        services.choose(officer, lot, Choice(ended.members[0], 1, "演示"))
    assert isinstance(ended.members[0].evaluator, Evaluator)
    with pytest.raises(Conflict), transaction():
        procurement.announce(officer, lot.need, clock.now() + timedelta(days=3))
