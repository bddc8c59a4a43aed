"""Packs of bids, of a panel's comparison and of an agreement's turns: checked, and refused."""

import json
from datetime import timedelta
from types import SimpleNamespace as Thing

import pytest

from app import clock, create_app
from app.comparisons import services as comparisons
from app.db import db, transaction
from app.frameworks.models import Outcome
from app.openness import structure
from app.packs import building, files
from app.packs.verifying import verify_pack
from app.policy import Role
from app.procurement import awarding, inviting, refusing
from app.procurement.methods import Method
from tests.archiving.finished import packed, parts_of
from tests.comparisons import comparing
from tests.conftest import make_settings
from tests.factories import EvaluatorFactory, UserFactory
from tests.frameworks import test_frameworks as agreements
from tests.openness.test_ocds import SCHEMAS, validators
from tests.packs import making
from tests.packs.making import with_lot
from tests.procurement import placing, sealed

pytestmark = pytest.mark.database("sqlite")  # who checks a pack needs no database at all


def compared(officer):
    """Two bids that three members judged; the better one is awarded."""
    for _n in range(3):
        comparing.expert(officer)
    slips, lot, _bids = comparing.offered(officer, [7 * placing.WAN, 8 * placing.WAN])
    with placing.after(4):
        panel, secret = comparing.frozen(officer, lot)
        comparing.held(officer, panel, secret)
        sealed.opened(officer, lot, slips)
        for seat in panel.sitting:
            comparing.stated(seat)
            comparing.judged(seat, lambda bid: (40 + bid.id % 2, 20))
        with transaction():
            comparisons.conclude(officer, panel, "演示纪要")
        with transaction():
            comparisons.award_best(officer, lot)
    return lot.need


def bid_for(officer):
    """Three bids, one replaced, one over the budget; the lowest is awarded.

    One agency signed up without a bid, and one was turned away.
    """
    need = placing.planned(officer, Method.BIDDING)
    slips, lot = sealed.keyed(officer, need), need.lots[0]
    sealed.announced(officer, need)
    for price in (7, 8, 9):
        pair, bid = sealed.bid(lot, price * placing.WAN)
        if price == 8:
            sealed.handed_in(bid.offer, pair[0], sealed.sealed(lot, 6 * placing.WAN)[0])
    placing.signed_up(placing.bidder(), lot)
    with transaction():
        refusing.note_refused_offer(placing.bidder()[0], lot, "曾为被评价单位代理记账")
    with placing.after(4):
        sealed.opened(officer, lot, slips)
        with transaction():
            awarding.award_lowest(officer, lot)
    return need


def drawn_then_bid_for(officer):
    """Two ranked agencies and a newcomer signed up; of two places one is kept for a newcomer."""
    ranked = making.ranked_agencies(officer)[:2]
    need = placing.planned(officer, Method.DRAW_BIDDING)
    slips, lot = sealed.keyed(officer, need), need.lots[0]
    with transaction():
        inviting.set_places(officer, need, 2, 1)
    sealed.announced(officer, need)
    pairs = [placing.bidder()]
    for agency in ranked:
        head = UserFactory(role=Role.AGENCY_ADMIN, organisation=agency.organisation)
        pairs.append((head, EvaluatorFactory(agency=agency)))
    offers = {pair[1].agency_id: (placing.signed_up(pair, lot), pair[0]) for pair in pairs}
    with placing.after(4):
        draw, secret = placing.frozen(officer, lot)
    with placing.after(6):
        placing.held(officer, draw, secret)
        with transaction():
            made = inviting.invite(officer, lot, clock.now() + timedelta(days=2))
        assert pairs[0][1].agency_id in made.agency_ids
        for key in made.agency_ids:
            sealed.handed_in(*offers[key], sealed.sealed(lot, 6 * placing.WAN)[0])
    with placing.after(9):
        sealed.opened(officer, lot, slips)
        with transaction():
            awarding.award_lowest(officer, lot)
    return need


def in_turn(officer):
    """The first member of an agreement declined, the second one took the lot."""
    lot = agreements.placed(officer, agreements.entered(officer, Method.FRAMEWORK_TURN))
    agreements.turn(officer, lot, Outcome.DECLINED, "人手不足")
    agreements.turn(officer, lot)
    return lot.need


@pytest.fixture(scope="module")
def packs(maker, tmp_path_factory):
    url, folder = maker.copy(), tmp_path_factory.mktemp("packs")
    app = create_app(make_settings(folder / "var", url))
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(building.pdf, "missing", lambda: ["nothing is printed here"])
        officer, told = placing.bureau(), {}
        for make in (compared, bid_for, in_turn, drawn_then_bid_for):
            path = folder / f"{make.__name__}.zip"
            told[make.__name__] = making.made(officer, make(officer), path)
        yield Thing(**told)
        db.session.remove()
        db.engine.dispose()
    maker.drop(url)


def test_every_methods_pack_verifies(packs):
    for path in vars(packs).values():
        assert verify_pack(path).wrong == [], path.name
    assert making.lot_of(parts_of(packs.compared))["comparison"]["minutes"] == "演示纪要"
    rows = making.lot_of(parts_of(packs.bid_for))["considered"]
    assert sorted(row["rule"] for row in rows) == ["", "", "no_bid", "over_budget"]
    told = making.lot_of(parts_of(packs.drawn_then_bid_for))
    assert len(told["invitation"]["newcomers"]) == told["invitation"]["kept_for_newcomers"] == 1
    assert sorted(row["rule"] for row in told["considered"]) == ["", "", "not_invited"]
    (one,) = making.lot_of(parts_of(packs.bid_for))["refused"]
    assert one["words"] == "曾为被评价单位代理记账"


def test_open_data_in_a_pack_are_valid(packs):
    """By the portal's own check everywhere, and by the standard's schema where that is there."""
    for path in vars(packs).values():
        told = json.loads(parts_of(path)["lots/001/ocds.json"])
        prefix = told["releases"][0]["ocid"].rpartition("-X")[0]
        assert structure.faults_of(told, prefix) == [], path.name
        if SCHEMAS.is_dir():
            ((_kind, validator), *_others) = validators()
            assert list(validator.iter_errors(told)) == [], path.name


def other_sheet(told):
    seat = told["comparison"]["panels"][0]["seats"][0]
    seat["sheet"] = {key: [100, 100] for key in seat["sheet"]}


def other_criteria(told):
    told["comparison"]["scheme"]["criteria"][0]["points"] += 1


def other_order(told):
    told["comparison"]["rows"].reverse()


def other_panel(told):
    told["comparison"]["panels"][0]["record"]["beacon_value"] = "01"


def other_price(told):
    told["choice"]["price_fen"] = 7 * placing.WAN


def other_envelope(told):
    next(row for row in told["considered"] if "bid" in row)["bid"]["sha256"] = "0" * 64


def bid_hidden(told):
    row = next(row for row in told["considered"] if row.get("bid"))
    del row["bid"]
    row |= {"group": "left_out", "rule": "no_bid"}


def nobody_turned_away(told):
    told["refused"] = []


def others_invited(told):
    told["invitation"]["invited"].reverse()


def other_turn(told):
    told["agreement"]["rotation"]["turns"][0]["place"] = 2


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("compared", other_sheet, "do not follow from the sheets"),
        ("compared", other_criteria, "the notice's digest"),
        ("compared", other_order, "the order of those compared"),
        ("compared", other_panel, "is not what follows"),
        ("bid_for", other_price, "the lowest valid price"),
        ("bid_for", other_envelope, "no such envelope"),
        ("bid_for", bid_hidden, "the log tells of an envelope of"),
        ("bid_for", nobody_turned_away, "others who were turned away"),
        ("drawn_then_bid_for", others_invited, "those invited do not follow from the draw"),
        ("in_turn", other_turn, "turn 1 belonged to place 1"),
    ],
)
def test_what_does_not_follow_is_refused_in_words(packs, tmp_path, name, change, words):
    parts = with_lot(parts_of(getattr(packs, name)), change)
    found = verify_pack(packed(parts, tmp_path / "tampered.zip"))
    assert any(words in line for line in found.wrong), found.wrong


def test_the_printed_sheet_of_a_comparison_tells_points_and_members(packs):
    told = making.lot_of(parts_of(packs.compared))
    need = Thing(client=Thing(name="演示区财政局"), name="演示", method=Method.COMPARISON, basis="")
    page = files.printed("pdf/decision.html", told=told, need=need, at=clock.now())
    rows, (panel,) = told["comparison"]["rows"], told["comparison"]["panels"]
    assert len(rows) > 1
    for row in rows:
        assert f"<b>{row['total']}</b>" in page
    for seat in panel["seats"]:
        assert seat["member"] in page
    assert "演示纪要" in page
    other = making.lot_of(parts_of(packs.in_turn))
    assert "各家得分" not in files.printed(
        "pdf/decision.html", told=other, need=need, at=clock.now()
    )
