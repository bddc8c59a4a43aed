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


def test_from_the_need_by_a_draw_and_bids_to_the_engagement(
    app, sign_in, session, officer, audited, monkeypatch
):
    monkeypatch.setitem(app.config, "OCID_PREFIX", "ocds-a1b2c3")
    need = planned(officer, Method.DRAW_BIDDING)
    slips, client = sealed.keyed(officer, need), sign_in(officer)
    with pytest.raises(Conflict):  # how many are invited?
        sealed.announced(officer, need)
    places = f"/procurement/{need.id}/invited-places"
    assert client.get(places).status_code == 200
    assert client.post(places, data={"places": 1}).status_code == 422
    assert client.post(places, data={"places": 2, "newcomers": 3}).status_code == 422
    assert client.post(places, data={"places": 2, "newcomers": 1}).status_code == 302
    assert "新" in client.get(f"/procurement/{need.id}").get_data(as_text=True)
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
        sealed_from(sign_in, heads, draw)
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
        for head in (heads[outside], bidder()[0]):  # and now everybody can check the draw
            client = sign_in(head)
            assert client.get(f"/draws/{draw.id}/draw.json").json["seed"] == draw.record["seed"]
            page = client.get(f"/draws/{draw.id}").get_data(as_text=True)
            assert all(name in page for _key, name, _weight in draw.entries)
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


def sealed_from(sign_in, heads, draw):
    """Before the bids are open no agency learns who else takes part, or how many they are."""
    lot, told = draw.lot, {key: name for key, name, _weight in draw.entries}
    public = f"/public/procurement/{lot.need_id}", f"/public/ocds/{lot.need.made_at.year}/releases"
    seen = [*draw.order[2:], 0]  # invited, not invited, and nobody who signed up
    for key, head in zip(seen, [*(heads[one] for one in seen[:-1]), bidder()[0]], strict=True):
        client = sign_in(head)
        assert client.get(f"/draws/{draw.id}/draw.json").status_code == 404
        pages = (f"/procurement/{lot.need_id}", f"/procurement-lots/{lot.id}", f"/draws/{draw.id}")
        first = next(name for agency, name in told.items() if agency != key)
        more = ("/procurement", "/messages?show=all", "/", *public, f"/search?q={first}")
        for address in (*pages, *more):
            reply = client.get(address)
            assert reply.status_code == 200, address
            page = reply.get_data(as_text=True)
            typed_in = address.partition("?q=")[2]
            others = {name for agency, name in told.items() if agency != key} - {typed_in}
            assert not any(name in page for name in others), (address, others)
            for secret in (draw.list_digest, draw.record["nonce"], draw.record["seed"]):
                assert secret not in page  # from these, a list could be found by trying
