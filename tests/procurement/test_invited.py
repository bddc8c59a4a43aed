"""A draw, then bids: the draw says who may bid, never who wins."""

from datetime import timedelta

import pytest

from app import clock
from app.db import transaction
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.procurement import awarding, bidding, inviting, offering, times
from app.procurement.methods import Method
from tests.procurement import placing, sealed
from tests.procurement.placing import WAN, after, bidder, frozen, held, planned, signed_up


@pytest.fixture
def officer(session):
    return placing.bureau()


def typed(moment):
    return moment.astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def test_from_the_need_by_a_draw_and_bids_to_the_engagement(sign_in, session, officer, audited):
    need = planned(officer, Method.DRAW_BIDDING)
    slips, client = sealed.keyed(officer, need), sign_in(officer)
    with pytest.raises(Conflict):  # how many are invited?
        sealed.announced(officer, need)
    places = f"/procurement/{need.id}/invited-places"
    assert client.get(places).status_code == 200
    assert client.post(places, data={"places": 1}).status_code == 422
    assert client.post(places, data={"places": 2}).status_code == 302
    sealed.announced(officer, need)
    with pytest.raises(Conflict), transaction():
        inviting.set_places(officer, need, 3)
    lot, pairs = need.lots[0], [bidder() for _n in range(4)]
    offers = {pair[1].agency_id: signed_up(pair, lot) for pair in pairs}
    heads = {pair[1].agency_id: pair[0] for pair in pairs}
    page = f"/procurement-lots/{lot.id}/invitation"
    with after(4):
        assert sign_in(officer).post(page, data={"until": "2099-01-01T00:00"}).status_code == 422
        draw, secret = frozen(officer, lot)
    with after(6):
        held(officer, draw, secret)
        with pytest.raises(Conflict), transaction():  # the draw chooses no winner
            awarding.award_drawn(officer, lot)
        with transaction():  # whoever steps back is passed over
            offering.withdraw_offer(heads[draw.order[0]], offers[draw.order[0]], "人员调整")
        client, until = sign_in(officer), clock.now() + timedelta(days=3)
        assert client.get(page).status_code == 200
        past = {"until": typed(clock.now() - timedelta(hours=1))}
        assert client.post(page, data=past).status_code == 422
        assert client.post(page, data={"until": typed(until)}).status_code == 302
        assert client.post(page, data={"until": typed(until)}).status_code == 422
        invited = draw.order[1:3]
        assert times.invitation_of(lot).agency_ids == invited
        outside = draw.order[3]
        shown = sign_in(heads[outside]).get(f"/procurement-lots/{lot.id}").get_data(as_text=True)
        assert f"/procurement-offers/{offers[outside].id}/bid" not in shown
        envelope, _box = sealed.sealed(lot, 5 * WAN)
        with pytest.raises(Conflict):
            sealed.handed_in(offers[outside], heads[outside], envelope)
        for key, price in zip(invited, (7 * WAN, 6 * WAN), strict=True):
            sealed.handed_in(offers[key], heads[key], sealed.sealed(lot, price)[0])
        with pytest.raises(Conflict):
            sealed.opened(officer, lot, slips)
    with after(10):
        sealed.opened(officer, lot, slips)
        with transaction():
            award = awarding.award_lowest(officer, lot)
    assert (award.agency_id, award.price_fen) == (invited[1], 6 * WAN)
    assert "bidders.invited" in audited()
    with placing.first_day(award), transaction():
        awarding.sign_contract(officer, award, placing.contract(award))
    assert session.query(Engagement).one().fee_fen == 6 * WAN
    assert not bidding.is_low(bidding.bids_of(lot)[0])


def test_nobody_is_invited_where_no_draw_was_asked_for(officer):
    lot = planned(officer, Method.BIDDING).lots[0]
    with pytest.raises(Conflict), transaction():
        inviting.invite(officer, lot, clock.now() + timedelta(days=1))
    with pytest.raises(Conflict), transaction():
        inviting.set_places(officer, lot.need, 3)
    drawn = planned(officer, Method.DRAW_BIDDING)
    with pytest.raises(Invalid), transaction():
        inviting.set_places(officer, drawn, 21)
