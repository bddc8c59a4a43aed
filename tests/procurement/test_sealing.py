import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from click.testing import CliRunner

from app import clock
from app.cli import main
from app.db import db, transaction
from app.errors import Conflict, Invalid
from app.policy import Role
from app.procurement import awarding, bidding, draws, opening, sealing, services, times
from app.procurement.bid_models import ReplacedBid
from app.procurement.methods import Method
from tests.factories import UserFactory
from tests.procurement import placing, sealed
from tests.procurement.placing import WAN, after, bidder, planned, signed_up

BID = sealing.Bid(7_900_000, "琥珀灯塔实施方案")


def test_only_both_halves_open_an_envelope():
    (first, a), (second, b), (third, _c) = (sealing.new_half() for _n in range(3))
    text = sealing.seal(BID, (a, b), "X2026-001-01")
    assert sealing.looks_sealed(text)
    assert "琥珀" not in text
    assert sealing.unseal(text, (first, second), "X2026-001-01") == BID
    for halves, code in (
        ((first, third), "X2026-001-01"),
        ((second, first), "X2026-001-01"),
        ((first, first), "X2026-001-01"),
        ((first, second), "X2026-001-02"),
    ):
        with pytest.raises(sealing.BadSeal):
            sealing.unseal(text, halves, code)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"v": "xingping-bid/1"}', "琥珀", '{"v":"xingping-bid/1","key":"00"}']
)
def test_nonsense_is_no_envelope(text):
    half, _public = sealing.new_half()
    assert not sealing.looks_sealed(text)
    with pytest.raises(sealing.BadSeal):
        sealing.unseal(text, (half, half), "x")


@pytest.mark.parametrize("bid", [sealing.Bid(0, "x"), sealing.Bid(1, "x" * 20_001)])
def test_an_impossible_bid_is_void(bid):
    (first, a), (second, b) = (sealing.new_half() for _n in range(2))
    with pytest.raises(sealing.BadSeal):
        sealing.unseal(sealing.seal(bid, (a, b), "x"), (first, second), "x")


@pytest.fixture
def officer(session):
    return placing.bureau()


def offered(officer, prices):
    """A need by bidding whose lot has an envelope for each price; the slips, the lot, bidders."""
    other = UserFactory(role=Role.PERFORMANCE_OFFICER, organisation=officer.organisation)
    need = planned(officer, Method.BIDDING)
    slips = []
    for who in (officer, other):
        with transaction():
            slips.append(bidding.make_half(who, need)[1])
    with transaction():
        services.announce(officer, need, clock.now() + timedelta(days=3))
    lot, pairs = need.lots[0], []
    for price in prices:
        pair = bidder()
        offer = signed_up(pair, lot)
        with transaction():
            bidding.hand_in(pair[0], offer, envelope(lot, price))
        pairs.append(pair)
    return tuple(slips), lot, pairs


def envelope(lot, price):
    publics = tuple(half.public for half in bidding.halves_of(lot.need))
    return sealing.seal(sealing.Bid(price, BID.plan), publics, opening.lot_code(lot))


def test_a_need_by_bids_is_announced_after_two_officers_made_halves(officer):
    need = planned(officer, Method.BIDDING)
    with transaction():
        bidding.make_half(officer, need)
    with pytest.raises(Conflict), transaction():  # one officer, both halves
        bidding.make_half(officer, need)
    with pytest.raises(Conflict), transaction():
        services.announce(officer, need, clock.now() + timedelta(days=3))


def test_whoever_holds_database_and_secrets_reads_no_bid(officer, session, app):
    (slip, _other), lot, _pairs = offered(officer, [7_900_000])
    plain = [str(BID.plan), "7900000"]
    held = []
    for table in db.metadata.sorted_tables:
        held += [str(value) for row in session.execute(table.select()) for value in row]
    assert not [word for word in plain if word in held]
    (bid,) = bidding.bids_of(lot)
    half = draws.secret_of(slip)  # and one slip
    keys = [half]
    for value in [*held, app.config["SECRET_KEY"], app.config["DATABASE_URL"]]:
        keys.append(sha256(str(value).encode()).digest())
    for key in keys:
        for halves in ((half, key), (key, half)):
            with pytest.raises(sealing.BadSeal):
                sealing.unseal(bid.envelope, halves, opening.lot_code(lot))
    assert bid.price_fen is None
    with pytest.raises(Conflict), transaction():
        bidding.open_bids(officer, lot, (slip, slip))


def test_a_second_late_is_late_by_the_database(officer, monkeypatch):
    _slips, lot, _pairs = offered(officer, [])
    pair = bidder()
    offer = signed_up(pair, lot)
    text, until = envelope(lot, 1), lot.need.offers_until
    monkeypatch.setattr(times, "database_now", lambda: until)
    with pytest.raises(Conflict), transaction():
        bidding.hand_in(pair[0], offer, text)
    monkeypatch.setattr(times, "database_now", lambda: until - timedelta(seconds=1))
    with after(4), pytest.raises(Conflict), transaction():  # the portal's clock is asked too
        bidding.hand_in(pair[0], offer, text)
    with pytest.raises(Invalid), transaction():
        bidding.hand_in(pair[0], offer, "明文报价")
    with transaction():
        first = bidding.hand_in(pair[0], offer, text).sha256
    with transaction():  # before the end another envelope takes its place
        assert bidding.hand_in(pair[0], offer, envelope(lot, 2)).sha256 != first
    assert [one.sha256 for one in db.session.query(ReplacedBid)] == [first]


def test_the_databases_clock_is_the_time(session):
    assert abs(times.database_now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_lowest_valid_price_reaches_the_engagement(officer, audited):
    slips, lot, pairs = offered(officer, [7_900_000, 7_500_000, 8_100_000])
    with after(4):
        with pytest.raises(Conflict), transaction():
            awarding.award_lowest(officer, lot)
        with pytest.raises(Invalid), transaction():
            bidding.open_bids(officer, lot, slips[::-1])
        with transaction():
            bidding.open_bids(officer, lot, slips)
        assert [bid.price_fen for bid in bidding.bids_of(lot)] == [7_900_000, 7_500_000, 8_100_000]
        assert [bid.price_fen for bid in bidding.valid_bids(lot)] == [7_500_000, 7_900_000]
        with pytest.raises(Conflict), transaction():
            bidding.open_bids(officer, lot, slips)
        with transaction():
            award = awarding.award_lowest(officer, lot)
    assert award.agency_id == pairs[1][1].agency_id
    assert award.price_fen == 7_500_000
    with placing.first_day(award), transaction():
        made = awarding.sign_contract(officer, award, placing.contract(award))
    assert made.fee_fen == 7_500_000
    assert "bids.opened" in audited()


def test_an_envelope_that_was_changed_is_void(officer, session):
    slips, lot, _pairs = offered(officer, [7_900_000, 7_500_000])
    first, second = bidding.bids_of(lot)
    second.envelope = envelope(lot, 1)
    session.commit()
    with after(4), transaction():
        bidding.open_bids(officer, lot, slips)
    assert second.void_reason
    assert bidding.valid_bids(lot) == [first]


def test_a_price_below_cost_is_asked_about_before_anything_is_awarded(officer):
    slips, lot, pairs = offered(officer, [3 * WAN, 7_900_000])
    with after(4):
        with transaction():
            bidding.open_bids(officer, lot, slips)
        low, fair = bidding.bids_of(lot)
        assert bidding.is_low(low)
        with pytest.raises(Conflict), transaction():
            awarding.award_lowest(officer, lot)
        with pytest.raises(Conflict), transaction():
            bidding.ask_low(officer, fair, "请说明", 2)
        with pytest.raises(Conflict), transaction():
            bidding.decide_low(officer, low, "rejected", "未询问")
        with transaction():
            bidding.ask_low(officer, low, "报价低于测算成本,请说明构成", 2)
        with pytest.raises(Conflict), transaction():
            bidding.decide_low(officer, low, "rejected", "未到期限")
        with transaction():
            bidding.answer_low(pairs[0][0], low, "人员已在当地")
        with pytest.raises(Invalid), transaction():
            bidding.decide_low(officer, low, "rejected", " ")
        with transaction():
            bidding.decide_low(officer, low, "rejected", "说明不足以证明报价合理")
        with transaction():
            assert awarding.award_lowest(officer, lot).price_fen == 7_900_000


def test_a_bid_is_sealed_offline_by_the_command(tmp_path):
    (first, a), (second, b) = (sealing.new_half() for _n in range(2))
    path = tmp_path / "bid.json"
    path.write_text(json.dumps({"price": "79000.00", "plan": BID.plan}), encoding="utf-8")
    told = ["seal-bid", str(path), "--lot", "L", "--key"]
    run = CliRunner().invoke(main, [*told, f"{a}:{b}"])
    assert run.exit_code == 0
    assert sealing.unseal(run.output.strip(), (first, second), "L") == BID
    assert CliRunner().invoke(main, [*told, "00:11"]).exit_code == 1


def test_from_the_halves_to_the_award_in_pages(sign_in, session, officer, audited):
    other = UserFactory(role=Role.PERFORMANCE_OFFICER, organisation=officer.organisation)
    need = planned(officer, Method.BIDDING)
    url, slips = f"/procurement/{need.id}", []
    for who in (officer, other):
        client = sign_in(who)
        told = {"slip": sealed.slip_in(client.get(url).get_data(as_text=True))}
        shown = [sealed.slip_shown(client.post(f"{url}/seal-half", data=told)) for _n in range(2)]
        assert set(shown) == {told["slip"]}  # sent twice, the form shows the same slip twice
        assert client.post(f"{url}/seal-half").status_code == 409
        slips.append(shown[0])
    lost = f"{url}/seal-half/replacement"  # the second slip got lost before the announcement
    told = {"slip": sealed.slip_in(client.get(lost).get_data(as_text=True)), "words": ""}
    assert client.post(lost, data=told).status_code == 422
    told["words"] = "打印机卡纸，未印出"
    shown = [sealed.slip_shown(client.post(lost, data=told)) for _n in range(2)]
    assert set(shown) == {told["slip"]} != {slips[1]}
    assert audited().count("seal_half.replaced") == 1
    slips[1] = shown[0]
    until = (clock.now() + timedelta(days=2)).astimezone(clock.SHANGHAI)
    client, lot = sign_in(officer), need.lots[0]
    told = {"until": f"{until:%Y-%m-%dT%H:%M}"}
    assert client.post(f"{url}/announcement", data=told).status_code == 302
    assert client.post(lost, data={"words": "遗失"}).status_code == 422  # bids may be sealed to it
    lot_url = f"/procurement-lots/{lot.id}"
    for price in (3 * WAN, 79 * WAN // 10):
        pair = bidder()
        offer, agency = signed_up(pair, lot), sign_in(pair[0])
        page = f"/procurement-offers/{offer.id}/bid"
        shown = agency.get(page).get_data(as_text=True)
        assert "xingping seal-bid" in shown
        assert agency.post(page, data={"envelope": "明文"}).status_code == 422
        told = {"envelope": envelope(lot, price), "once": sealed.token_in(shown)}
        assert [agency.post(page, data=told).status_code for _n in range(2)] == [302, 422]
        assert audited()[-1] == "bid.handed_in", "the same click replaces and refuses nothing"
        assert agency.get(lot_url).status_code == 200
    with after(3):
        client, low = sign_in(officer), bidding.bids_of(lot)[0]
        told = {"first": slips[0], "second": slips[1]}
        assert client.get(f"{lot_url}/opening").status_code == 200
        assert client.post(f"{lot_url}/opening", data={**told, "first": "x"}).status_code == 422
        assert client.post(f"{lot_url}/opening", data=told).status_code == 302
        here = f"/procurement-bids/{low.id}"
        head = session.get(type(officer), low.handed_in_by_id)
        asked = {"words": "请说明报价构成", "working_days": 2}
        for who, step, data in (
            (officer, "question", asked),
            (head, "answer", {"words": "人员已在当地"}),
            (officer, "decision", {"verdict": "accepted", "reason": "说明合理"}),
        ):
            assert sign_in(who).get(f"{here}/{step}").status_code == 200
            assert sign_in(who).post(f"{here}/{step}", data=data).status_code == 302
            assert client.get(lot_url).status_code == 200
        assert client.post(f"{lot_url}/lowest-award").status_code == 302
        assert lot.award.price_fen == 3 * WAN
