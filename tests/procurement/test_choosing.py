"""Choosing beside the best set: evidence, reason, approval; who answers for the thresholds."""

import pytest

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.policy import Role
from app.procurement import awarding, choosing, confirming, queries, services
from app.procurement.methods import Method
from app.procurement.models import Need
from tests.factories import EvaluatorFactory, UserFactory
from tests.packs import making
from tests.procurement import placing


@pytest.fixture
def officer(session):
    return placing.bureau()


@pytest.fixture
def agencies(officer):
    return making.ranked_agencies(officer)


def text_of(reply):
    return reply.get_data(as_text=True)


def test_a_choice_keeps_who_was_considered_and_where_the_chosen_one_stands(
    officer, agencies, audited
):
    need = making.direct_need(officer, agencies, reason="")
    best, outside = choosing.choices_of(need)
    assert (best.standing, best.is_outside) == ("best", False)
    assert (outside.standing, outside.lacks_reason) == ("unranked", True)
    groups = {row["agency"]: row["group"] for row in best.considered}
    assert [groups[one.id] for one in agencies] == ["best", "best", "unranked"]
    assert best.result_digest
    assert best.considered[0]["ranking"]["rank"] == 1
    assert audited()[-1] == "award.made"
    with pytest.raises(Invalid), transaction():
        choosing.give_reason(officer, outside.award, " ")
    with transaction():
        choosing.give_reason(officer, outside.award, "唯一熟悉该资金")
    assert audited()[-1] == "choice.reasoned"
    for award in (outside.award, best.award):
        with pytest.raises(Conflict), transaction():
            choosing.give_reason(officer, award, "再补一条")


def test_what_is_drawn_or_bid_for_weighs_no_ranking(officer, agencies):
    need = making.drawn_need(officer)
    (choice,) = choosing.choices_of(need)
    assert (choice.standing, choice.is_outside) == ("unweighed", False)
    assert choice.snapshot_code
    rules = {row["rule"]: row for row in choice.considered}
    assert set(rules) == {"", "stepped_back"}
    assert rules["stepped_back"]["place"] == 1


def test_without_a_ranking_nobody_stands_outside(officer):
    award = placing.awarded(officer)
    assert choosing.choice_of(award).standing == "no_ranking"


def test_the_leader_approves_and_nobody_their_own(officer, session):
    award = placing.awarded(officer)
    with pytest.raises(Forbidden), transaction():
        choosing.approve(officer, award.lot.need)
    leader = UserFactory(role=Role.LEADER)
    award.made_by_id = leader.id
    session.commit()
    with pytest.raises(Conflict), transaction():
        choosing.approve(leader, award.lot.need)
    other = UserFactory(role=Role.LEADER)
    with transaction():
        assert choosing.approve(other, award.lot.need) == 1
    with pytest.raises(Conflict), transaction():
        choosing.approve(other, award.lot.need)


def test_an_award_costs_the_same_however_many_agencies_there_are(officer, agencies, statements):
    counts = []
    for more in (0, 12):
        for _n in range(more):
            EvaluatorFactory()
        lot = placing.planned(officer, Method.DIRECT).lots[0]
        lead = EvaluatorFactory()
        db.session.expire_all()
        with statements() as seen, transaction():
            awarding.award_lot(officer, lot, awarding.NewAward(lead, lot.budget_fen))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_no_need_is_placed_by_thresholds_that_nobody_answers_for(session, sign_in):
    officer = UserFactory(role=Role.PERFORMANCE_OFFICER)
    rules = queries.rules_on(clock.today())
    assert not confirming.is_confirmed(rules)
    with pytest.raises(Invalid) as refusal, transaction():
        services.plan_need(officer, placing.wanted(officer))
    assert refusal.value.field == "method"
    client, url = sign_in(officer), f"/procurement/rules/{rules.id}/confirmation"
    assert url in text_of(client.get("/procurement/rules"))
    assert client.get(url).status_code == 200
    assert client.post(url, data={"words": ""}).status_code == 422
    assert client.post(url, data={"words": "省厅官网原文"}).status_code == 302
    assert "省厅官网原文" in text_of(client.get("/procurement/rules"))
    assert client.post(url, data={"words": "再确认"}).status_code == 422
    assert client.get("/procurement/rules/999/confirmation").status_code == 404
    placing.planned(officer)
    assert session.query(Need).count() == 1


def test_the_form_shows_the_best_set_and_the_page_asks_for_the_reason(
    sign_in, officer, agencies, app, monkeypatch
):
    lot = placing.planned(officer, Method.DIRECT).lots[0]
    client, url = sign_in(officer), f"/procurement-lots/{lot.id}/award"
    assert agencies[0].name in text_of(client.get(url))
    lead = EvaluatorFactory(agency=agencies[2])
    told = {"evaluator": lead.id, "price": "70000", "reason": "延续性要求"}
    assert client.post(url, data=told).status_code == 302
    award = lot.award
    page, reason = f"/awards/{award.id}", f"/awards/{award.id}/choice-reason"
    assert reason in text_of(client.get(page))
    assert client.get(reason).status_code == 200
    assert client.post(reason, data={"words": ""}).status_code == 422
    assert client.post(reason, data={"words": "翡翠理由"}).status_code == 302
    assert "翡翠理由" in text_of(client.get(page))
    bidder = UserFactory(role=Role.AGENCY_ADMIN, organisation=agencies[2].organisation)
    assert "翡翠理由" not in text_of(sign_in(bidder).get(page))
    assert sign_in(bidder).get(reason).status_code == 403


def test_the_share_below_which_a_price_is_asked_about_is_a_setting(app, session, monkeypatch):
    from types import SimpleNamespace as Thing

    from app.procurement import bidding

    bid = Thing(price_fen=55, lot=Thing(budget_fen=100))
    assert bidding.is_low(bid)
    monkeypatch.setitem(app.config, "LOW_SHARE", 0.5)
    assert not bidding.is_low(bid)
