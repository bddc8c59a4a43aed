"""A panel judges what nobody can tell the bidder of, and its totals follow from the notice."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from app import clock, drawing
from app.accounts.models import User
from app.comparisons import panels, queries, services
from app.comparisons.models import Panel, Result
from app.db import transaction
from app.demo.pdf import pdf
from app.engagements.models import Engagement
from app.errors import Conflict, Forbidden, Invalid
from app.expert_reviews.models import Ground
from app.policy import Role
from app.procurement import bidding
from app.procurement import services as procurement
from app.procurement.draws import secret_of
from app.procurement.methods import Method
from app.procurement.models import Award
from app.web import fresh_token
from tests.comparisons import comparing
from tests.comparisons.comparing import expert, frozen, held, judged, offered, stated
from tests.factories import UserFactory
from tests.procurement import placing, sealed
from tests.procurement.placing import WAN, after, planned

PLAN = pdf("演示工作方案", [["一、评价思路", "二、指标体系"]])


@pytest.fixture
def officer(session):
    return placing.bureau()


def text_of(reply):
    return reply.get_data(as_text=True)


def typed(moment):
    return moment.astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def test_from_the_need_to_the_engagement_by_a_comparison(sign_in, session, officer, audited):
    experts = [expert(officer) for _n in range(4)]
    need = planned(officer, Method.COMPARISON)
    client, url = sign_in(officer), f"/procurement/{need.id}"
    assert client.get(f"{url}/criteria").status_code == 200
    rows = [("报价", 20, "price"), ("方案", 50, "judged"), ("团队", 30, "judged")]
    told = {"rule": "mean", "price_rule": "lowest", "is_anonymous": "y"}
    for at, (name, points, kind) in enumerate(rows):
        told |= {f"criteria-{at}-name": name, f"criteria-{at}-points": points}
        told |= {f"criteria-{at}-kind": kind}
    unfair = client.post(f"{url}/criteria", data={**told, "criteria-1-name": "本地机构"})
    assert unfair.status_code == 422
    assert "本地机构" in text_of(unfair)
    assert client.post(f"{url}/criteria", data=told).status_code == 302
    assert "comparison.stated" in audited()
    slips = sealed.keyed(officer, need)
    sealed.announced(officer, need)
    with pytest.raises(Conflict):  # the notice is out
        comparing.state(officer, need)
    lot = need.lots[0]
    lot_url = f"/procurement-lots/{lot.id}"
    pairs = [
        sealed.bid(lot, price, f"第{n}份演示方案", PLAN)[0]
        for n, price in enumerate((8 * WAN, 7 * WAN), 1)
    ]
    with after(4):
        client = sign_in(officer)
        assert f"{lot_url}/panel" in text_of(client.get(lot_url))
        beacon = {"name": "演示号码", "known_from": typed(clock.now() + timedelta(hours=2))}
        panel_form = {"places": 3, "beacon": "演示号码", "known_from": beacon["known_from"]}
        assert client.get(f"{lot_url}/panel").status_code == 200
        assert client.post(f"{lot_url}/panel", data={**panel_form, "places": 4}).status_code == 422
        panel_form["slip"] = sealed.slip_in(text_of(client.get(f"{lot_url}/panel")))
        for _n in range(2):  # sent twice, the form shows the same slip twice
            secret = sealed.slip_shown(client.post(f"{lot_url}/panel", data=panel_form))
            assert secret == panel_form["slip"]
        other = {**panel_form, "slip": ""}
        assert client.post(f"{lot_url}/panel", data=other).status_code == 422
        slip = dict(zip(("first", "second"), slips, strict=True))
        assert client.post(f"{lot_url}/opening", data=slip).status_code == 302
        assert [bid.price_fen for bid in bidding.bids_of(lot)] == [8 * WAN, 7 * WAN]
    (panel,) = session.query(Panel).all()
    here = f"/comparison-panels/{panel.id}"
    with after(5):
        client = sign_in(officer)
        told = {"value": "01 02 03", "source": "演示公告", "secret": secret}
        assert client.post(f"{here}/result", data={**told, "secret": "x"}).status_code == 422
        assert client.post(f"{here}/result", data=told).status_code == 302
        assert drawing.wrong_in(json.loads(text_of(client.get(f"{here}/draw.json")))) == []
        first = panel.sitting[0]
        aside = sign_in(first.expert)
        assert "第1份演示方案" not in text_of(aside.get(here))  # the statement comes first
        assert aside.post(f"{here}/statement", data={"grounds": "kin"}).status_code == 302
        assert "第1份演示方案" not in text_of(aside.get(here))
        assert {seat.expert_id for seat in panel.seats} == {one.user_id for one in experts}
        members = [seat.expert for seat in panel.sitting]
        bids = sorted(bidding.bids_of(lot), key=lambda bid: bid.sha256)
        for at, member in enumerate(members):
            _score(sign_in(member), here, bids, at)
        client = sign_in(officer)
        assert "团队: " not in text_of(client.get(here))
        assert client.get(f"{lot_url}/comparison").status_code == 404
        assert client.post(f"{here}/conclusion", data={"minutes": ""}).status_code == 422
        assert client.post(f"{here}/conclusion", data={"minutes": "演示纪要"}).status_code == 302
        page = text_of(client.get(f"{lot_url}/comparison"))
        assert members[0].name in page
        agency = text_of(sign_in(pairs[0][0]).get(f"{lot_url}/comparison"))
        assert not [member.name for member in members if member.name in agency]
        assert pairs[1][1].agency.name in agency
        assert sign_in(members[0]).get(here).status_code == 200
        assert client.get("/comparisons").status_code == 200
        assert sign_in(members[0]).get("/comparisons").status_code == 200
        assert sign_in(officer).post(f"{lot_url}/best-award").status_code == 302
    (award,) = session.query(Award).all()
    (result,) = session.query(Result).all()
    best = result.rows[0]
    assert (award.agency_id, award.price_fen) == (best["agency_id"], best["price_fen"])
    with placing.first_day(award):
        day = clock.today()
        form = {"number": "HT-9", "signed_on": day, "starts_on": day, "ends_on": day}
        reply = sign_in(officer).post(f"/awards/{award.id}/contract", data=form)
        assert reply.status_code == 302
    (made,) = session.query(Engagement).all()
    assert made.fee_fen == award.price_fen


def _score(client, here, bids, at):
    """One member reads the plans by letters and hands in the sheet; the price isn't shown."""
    assert client.post(f"{here}/statement", data={}).status_code == 302
    page = text_of(client.get(here))
    assert not [bid.offer.agency.name for bid in bids if f"{bid.offer.agency.name}</h3>" in page]
    assert "80,000" not in page
    reply = client.get(f"{here}/plans/{bids[0].id}")
    assert (reply.status_code, reply.data) == (200, PLAN)
    told = {"once": fresh_token()}
    for row in range(len(bids)):
        told |= {f"plans-{row}-points-0": 40 + at - row, f"plans-{row}-points-1": "25.5"}
    wrong = client.post(f"{here}/sheet", data={**told, "plans-0-points-0": "51"})
    assert wrong.status_code == 422
    assert client.post(f"{here}/sheet", data={**told, "once": fresh_token()}).status_code == 302
    assert client.post(f"{here}/sheet", data={**told, "once": fresh_token()}).status_code == 422


def test_who_is_tied_to_a_bidder_is_on_no_list_and_on_record(officer, audited):
    good = [expert(officer) for _n in range(4)]
    slips, lot, bids = offered(officer, [8 * WAN, 7 * WAN])
    agency = bids[0][0][1].agency
    tied = [
        expert(officer, shut_out=[agency.id]),
        expert(officer, employer=agency.name),
        expert(officer, shut_out=[lot.need.client_id]),
    ]
    with pytest.raises(Conflict), transaction():  # not before the time for bids is over
        panels.freeze_panel(officer, lot, None)
    with after(4):
        panel, secret = frozen(officer, lot)
        told = [name for _key, name in panel.entries] + [name for name, _why in panel.left_out]
        assert sum(tied[1].employer in name for name in told) == 1, "named with the employer"
        assert not [name for name in told if "#" in name], "the number of an account tells nobody"
        assert [why for _name, why in panel.left_out] == ["bidder", "bidder", "buyer"]
        assert {key for key, _name in panel.entries} == {one.user_id for one in good}
        with pytest.raises(Conflict):
            frozen(officer, lot)
        first = next(one for one in good if one.user_id == drawn_first(panel, secret))
        with transaction():  # tied since: found when the panel is drawn
            told = comparing.pool.Told(["budget"], "高级会计师", "", [agency.id])
            comparing.pool.enter_expert(officer, first.user, told)
        held(officer, panel, secret)
    assert len(panel.sitting) == 3
    (refused,) = [seat for seat in panel.seats if seat.refused]
    assert (refused.number, refused.expert_id) == (1, first.user_id)
    assert "comparison_seat.refused" in audited()
    with pytest.raises(Conflict), transaction():
        panels.state_grounds(refused.expert, refused, [])


def drawn_first(panel, secret):
    """Whom the public number of these tests will draw first."""
    entries = {name: 100 for _key, name in panel.entries}
    terms = drawing.Terms(panel.draw_id, entries, len(entries), panel.beacon_id)
    record = drawing.record(terms, secret_of(secret), comparing.NUMBERS, {})
    return {name: key for key, name in panel.entries}[record["picks"][0][0]]


def test_nothing_is_concluded_before_all_sheets_and_low_prices(officer):
    for _n in range(3):
        expert(officer)
    slips, lot, bids = offered(officer, [3 * WAN, 7 * WAN, 9 * WAN])
    with after(4):
        panel, secret = frozen(officer, lot)
        held(officer, panel, secret)
        seats = panel.sitting
        stated(seats[0])
        with pytest.raises(Conflict), transaction():  # still sealed
            services.submit_sheet(seats[0].expert, seats[0], {})
        sealed.opened(officer, lot, slips)
        low, fair, over = bidding.bids_of(lot)
        assert {bid.id for bid in queries.judged_bids(lot)} == {low.id, fair.id}  # over budget
        for seat in seats[1:]:
            stated(seat)
        with pytest.raises(Invalid), transaction():
            services.submit_sheet(seats[0].expert, seats[0], {fair.id: [Decimal(1), Decimal(1)]})
        judged(seats[0], lambda bid: ("50", "30") if bid is low else ("40", "20"))
        with pytest.raises(Forbidden), transaction():
            services.submit_sheet(seats[0].expert, seats[1], {})
        with pytest.raises(Conflict, match="2"), transaction():
            services.conclude(officer, panel, "演示纪要")
        for seat in seats[1:]:
            judged(seat, lambda bid: ("50", "30") if bid is low else ("40", "20"))
        with pytest.raises(Conflict), transaction():  # the low price is not decided
            services.conclude(officer, panel, "演示纪要")
        with transaction():
            bidding.ask_low(officer, low, "请说明报价构成", 2)
        with transaction():
            bidding.answer_low(bids[0][0][0], low, "人员已在当地")
        with transaction():
            bidding.decide_low(officer, low, "rejected", "说明不足")
        with transaction():
            result = services.conclude(officer, panel, "演示纪要")
        assert [row["agency_id"] for row in result.rows] == [fair.agency_id]
        assert (result.rows[0]["judged"], result.rows[0]["price"]) == ("60.00", "20.00")
        with pytest.raises(Conflict), transaction():
            services.conclude(officer, panel, "演示纪要")
        with transaction():
            award = services.award_best(officer, lot)
        assert award.agency_id == fair.agency_id


def test_a_comparison_is_announced_with_its_criteria_and_drawn_anew_when_nobody_is_left(officer):
    need = planned(officer, Method.COMPARISON)
    sealed.keyed(officer, need)
    with pytest.raises(Conflict), transaction():
        procurement.announce(officer, need, clock.now() + timedelta(days=3))
    for _n in range(3):
        expert(officer)
    slips, lot, _bids = offered(officer, [8 * WAN])
    with after(4):
        panel, secret = frozen(officer, lot)
        held(officer, panel, secret)
        seats = list(panel.sitting)
        sealed.opened(officer, lot, slips)
        stated(seats[0], [Ground.KIN])
        for seat in seats[1:]:
            stated(seat)
            judged(seat, lambda _bid: ("40", "20"))
        with pytest.raises(Conflict), transaction():  # a member is missing
            services.conclude(officer, panel, "演示纪要")


def test_who_has_no_seat_reads_no_panel(sign_in, officer):
    for _n in range(3):
        expert(officer)
    _slips, lot, bids = offered(officer, [8 * WAN])
    with after(4):
        panel, _secret = frozen(officer, lot)
        here = f"/comparison-panels/{panel.id}"
        others = [UserFactory(role=Role.EXPERT), bids[0][0][0], UserFactory(role=Role.UNIT_OFFICER)]
        for who in others:
            assert sign_in(who).get(here).status_code in (403, 404)
        assert isinstance(others[0], User)
        assert sign_in(officer).get(here).status_code == 200
        assert sign_in(officer).post(f"{here}/void", data={"reason": ""}).status_code == 422
        assert sign_in(officer).post(f"{here}/void", data={"reason": "演示"}).status_code == 302


def test_pages_cost_the_same_however_many_bid(sign_in, officer, session, statements):
    for _n in range(3):
        expert(officer)
    counted = []
    for prices in ([8 * WAN, 7 * WAN], [(80 - n) * WAN // 10 for n in range(6)]):
        slips, lot, _bids = offered(officer, prices)
        with after(4):
            panel, secret = frozen(officer, lot)
            held(officer, panel, secret)
            sealed.opened(officer, lot, slips)
            for seat in panel.sitting:
                stated(seat)
                judged(seat, lambda _bid: ("40", "20"))
            with transaction():
                services.conclude(officer, panel, "演示纪要")
            urls = [f"/comparison-panels/{panel.id}", f"/procurement-lots/{lot.id}/comparison"]
            client, seen = sign_in(officer), []
            for url in (*urls, "/comparisons"):
                session.expire_all()
                with statements() as sent:
                    assert client.get(url).status_code == 200
                seen.append(len(sent))
            counted.append(seen)
    assert counted[0] == counted[1]
