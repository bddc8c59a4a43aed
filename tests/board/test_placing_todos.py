"""What procurement leaves to do, with its clocks."""

from datetime import timedelta

import pytest

from app import clock
from app.db import transaction
from app.pages import placing as questions
from app.pages.waiting import counted
from app.policy import Role
from app.procurement import awarding, bidding, objecting
from app.procurement.bid_models import Bid
from tests.factories import UserFactory
from tests.procurement import placing


@pytest.fixture
def officer(session):
    return placing.bureau()


def counts(user):
    """The numbers by the function that asks for them."""
    asked = questions.questions_of(user)
    return {one.__name__: counted([one(user)])[0].count for one in asked}


def test_calls_end_and_then_wait_for_a_decision(officer):
    lot = placing.drawn_up(officer, [placing.bidder()])
    assert counts(officer)["notices_ending"] == 1
    assert counts(officer)["lots_to_decide"] == 0
    with placing.after(4):
        told = counts(officer)
        assert (told["notices_ending"], told["lots_to_decide"]) == (0, 1)
    assert lot.award is None


def test_an_award_has_its_contract_its_notices_and_its_payment(officer):
    award = placing.awarded(officer)
    leader = UserFactory(role=Role.LEADER)
    assert counts(leader) == {"awards_to_approve": 1}
    assert counts(officer)["contracts_to_sign"] == 0
    with placing.after(45):  # the thirtieth day may fall into a long holiday
        told = counts(officer)
        assert (told["contracts_to_sign"], told["contracts_late"]) == (1, 1)
    with placing.first_day(award), transaction():
        awarding.sign_contract(officer, award, placing.contract(award))
    first = clock.start_of(award.signed_on) + timedelta(hours=3)
    for working_days, late in ((0, 0), (2, 0), (3, 1)):
        day = clock.add_working_days(award.signed_on, working_days) if working_days else None
        with clock.frozen(clock.start_of(day) + timedelta(hours=3) if day else first):
            told = counts(officer)
            assert (told["contracts_to_file"], told["duties_late"]) == (1, late), working_days
    with clock.frozen(first):
        for duty in ("filed_on", "noticed_on"):
            with transaction():
                awarding.note_duty(officer, award, duty, award.signed_on)
    with placing.after(90):
        told = counts(officer)
        assert (told["contracts_to_file"], told["duties_late"]) == (0, 0)


def test_objections_wait_and_are_late(officer):
    head, lead = placing.bidder()
    award = placing.awarded(officer)
    with transaction():
        found = objecting.object_to(head, award, lead.agency, "程序有误")
    assert counts(officer)["objections_to_answer"] == 1
    assert counts(officer)["objections_late"] == 0
    with placing.after(30):
        assert counts(officer)["objections_late"] == 1
        with transaction():
            objecting.answer(officer, found, "维持")
        assert counts(officer)["objections_to_answer"] == 0


def test_envelopes_and_questions_about_prices_wait(officer, session):
    pair = placing.bidder()
    lot = placing.drawn_up(officer, [pair])
    (offer,) = lot.offers
    at = {"handed_in_at": clock.now(), "handed_in_by_id": pair[0].id}
    bid = Bid(lot=lot, offer=offer, envelope="{}", sha256="0" * 64, **at)
    session.add(bid)
    session.commit()
    with placing.after(4):
        assert counts(officer)["bids_to_open"] == 1
        bid.opened_at, bid.price_fen = clock.now(), 3 * placing.WAN
        session.commit()
        with transaction():
            bidding.ask_low(officer, bid, "请说明", 2)
        assert counts(pair[0]) == {"queries_to_answer": 1}
        assert counts(placing.bidder()[0]) == {"queries_to_answer": 0}
        assert counts(officer)["low_prices"] == 0
        with transaction():
            bidding.answer_low(pair[0], bid, "人员在当地")
        assert counts(pair[0]) == {"queries_to_answer": 0}
        assert counts(officer)["low_prices"] == 1


def test_others_are_asked_nothing(session):
    for role in (Role.INSPECTOR, Role.UNIT_OFFICER, Role.SYSTEM_ADMIN):
        assert questions.questions_of(UserFactory(role=role)) == []
