"""The page of a lot says what comes next, whatever stands: no dead end, and no time cut short."""

from datetime import timedelta

import pytest

from app import clock
from app.db import transaction
from app.errors import Conflict, Invalid
from app.frameworks.models import Outcome
from app.frameworks.services import NewTurn, name_framework, tell_turn
from app.notifications.models import Message
from app.procurement import awarding, bidding, inviting, services
from app.procurement.bidding import bids_of
from app.procurement.methods import Method
from app.procurement.next_steps import next_step
from tests.frameworks.agreements import entered
from tests.procurement import placing, sealed
from tests.procurement.placing import after, bidder, planned, signed_up


@pytest.fixture
def officer(session):
    return placing.bureau()


def text_of(reply):
    return reply.get_data(as_text=True)


def said(lot):
    return str(next_step(lot, bids_of(lot)) or "")


def announced(officer, need, days=3):
    with transaction():
        services.announce(officer, need, clock.now() + timedelta(days=days))


def test_a_drawn_lot_says_each_step_and_its_bidders_hear_of_the_list(officer, session, sign_in):
    lot = planned(officer).lots[0]
    url = f"/procurement-lots/{lot.id}"
    assert "发布公告" in said(lot)
    announced(officer, lot.need)
    assert "截止后冻结名单并抽取" in said(lot)
    pairs = [bidder() for _n in range(3)]
    signed_up(pairs[0], lot)
    with after(4):
        assert "仅 1 家报名" in said(lot)
        page = text_of(sign_in(officer).get(url))
        assert "仅 1 家报名" in page
        assert f'href="{url}/draw"' not in page  # what would be refused isn't offered
        assert "下一步" not in text_of(sign_in(pairs[0][0]).get(url))
        announced(officer, lot.need)
    for pair in pairs[1:]:
        signed_up(pair, lot)
    with after(8):
        client = sign_in(officer)
        assert said(lot) == ""
        assert f'href="{url}/draw"' in text_of(client.get(url))
        draw, secret = placing.frozen(officer, lot)
        assert "产生" in said(lot)
        found = session.query(Message).filter_by(kind="draw_frozen").all()
        assert {one.user_id for one in found} == {head.id for head, _lead in pairs}
        assert found[0].link == f"/draws/{draw.id}"
    with after(10):
        assert "公开数已产生" in said(lot)
        placing.held(officer, draw, secret)
        assert said(lot) == ""
        page = text_of(sign_in(officer).get(f"/draws/{draw.id}"))
        assert f'action="{url}/drawn-award"' in page
        assert f'action="{url}/drawn-award"' not in text_of(
            sign_in(pairs[0][0]).get(f"/draws/{draw.id}")
        )
        with transaction():
            awarding.award_drawn(officer, lot)
        assert "drawn-award" not in text_of(sign_in(officer).get(f"/draws/{draw.id}"))


def test_the_time_is_extended_never_cut_short_and_not_after_the_opening(officer):
    need = planned(officer, Method.BIDDING)
    slips = sealed.keyed(officer, need)
    announced(officer, need, days=4)
    with pytest.raises(Invalid):
        announced(officer, need, days=3)
    lot = need.lots[0]
    with after(5):
        assert "延长报名时间" in said(lot)  # nobody has bid
        announced(officer, need, days=4)
    sealed.bid(lot, 7 * placing.WAN)
    with after(10):
        assert said(lot) == ""
        sealed.opened(officer, lot, slips)
        with pytest.raises(Conflict):
            announced(officer, need, days=4)


def test_a_bidder_hears_that_its_price_is_asked_about(officer, session, sign_in):
    need = planned(officer, Method.BIDDING)
    slips = sealed.keyed(officer, need)
    announced(officer, need)
    pairs = [bidder() for _n in range(2)]
    for pair, price in zip(pairs, (7, 3), strict=True):
        sealed.bid(need.lots[0], price * placing.WAN, pair=pair)
    with after(4):
        _high, low = sealed.opened(officer, need.lots[0], slips)
        with transaction():
            bidding.ask_low(officer, low, "请说明测算", 2)
    (message,) = session.query(Message).filter_by(kind="price_asked").all()
    assert message.user_id == pairs[1][0].id
    assert message.link == f"/procurement-lots/{need.lots[0].id}"
    decide = f"/procurement-bids/{low.id}/decision"
    with after(4):  # not before the answer, or its last day
        assert decide not in text_of(sign_in(officer).get(message.link))
    with after(15):
        assert decide in text_of(sign_in(officer).get(message.link))
        with transaction():
            bidding.decide_low(officer, low, "rejected", "逾期未说明")


def test_nobody_invited_has_bid(officer, sign_in):
    need = planned(officer, Method.DRAW_BIDDING)
    sealed.keyed(officer, need)
    with transaction():
        inviting.set_places(officer, need, 2)
    announced(officer, need)
    lot = need.lots[0]
    for _n in range(3):
        signed_up(bidder(), lot)
    with after(4):
        draw, secret = placing.frozen(officer, lot)
    with after(6):
        placing.held(officer, draw, secret)
        page = text_of(sign_in(officer).get(f"/draws/{draw.id}"))
        assert f"/procurement-lots/{lot.id}/invitation" in page
        with transaction():
            inviting.invite(officer, lot, clock.now() + timedelta(days=1))
        assert "报价截止时间" in said(lot)
        page = text_of(sign_in(officer).get(f"/draws/{draw.id}"))
        assert f"/procurement-lots/{lot.id}/invitation" not in page
    with after(8):
        assert "终止" in said(lot)


def test_a_second_stage_says_what_it_lacks(officer, sign_in):
    client = sign_in(officer)
    framework = entered(officer, Method.FRAMEWORK_TURN, count=2)
    need = planned(officer, Method.FRAMEWORK_TURN)
    url = f"/procurement-lots/{need.lots[0].id}"
    assert f"/procurement/{need.id}/framework" in text_of(client.get(url))
    with transaction():
        name_framework(officer, need, framework)
    for _n in range(2):
        with transaction():
            tell_turn(officer, need.lots[0], NewTurn(Outcome.DECLINED, reason="人员不足"))
    assert "均已轮候" in text_of(client.get(url))
    direct = entered(officer, Method.FRAMEWORK_DIRECT, code="KJ-2")
    need = planned(officer, Method.FRAMEWORK_DIRECT)
    with transaction():
        name_framework(officer, need, direct)
    page = text_of(client.get(f"/procurement-lots/{need.lots[0].id}/choice"))
    assert "按每个项目计价" in page
    assert "60,000.00 元" in page  # each member with its agreed price
