"""Agencies that bid as one (联合体) name their agreement; each takes part in a lot once."""

import pytest

from app.comparisons.queries import Ties
from app.conflicts.rules import RelationKind
from app.db import db, transaction
from app.errors import Conflict, Invalid
from app.exchange import agreeing
from app.notifications.models import Message
from app.packs import contents
from app.procurement import awarding, clashes, offering
from tests.comparisons.comparing import expert
from tests.procurement import placing
from tests.procurement.test_clashes import tie

NAME = "演示数据核查联合体"


@pytest.fixture
def officer(session):
    return placing.bureau()


def agreed(first, second, name=NAME):
    """The first agency leads an agreement to which the second has agreed."""
    parts = {first[0].organisation_id: "牵头和报告", second[0].organisation_id: "现场核查"}
    with transaction():
        made = agreeing.propose_consortium(first[0], name, "连带责任", parts)
    with transaction():
        agreeing.agree(second[0], made)
    return made


def together(pair, lot, consortium):
    head, lead = pair
    with transaction():
        return offering.sign_up(head, lot, offering.NewOffer(lead, {lead.name: []}, consortium))


def test_an_agreement_is_named_in_the_browser_and_goes_through_to_the_award(
    officer, sign_in, audited
):
    first, second, third, fourth = (placing.bidder() for _ in range(4))
    lot, made = placing.drawn_up(officer, [third, fourth]), agreed(first, second)
    url, partner = f"/procurement-lots/{lot.id}", second[1].agency.name
    agency, told = sign_in(first[0]), {"evaluator": first[1].id, "states": "y"}
    assert NAME in agency.get(f"{url}/offer").text
    assert NAME not in sign_in(second[0]).get(f"{url}/offer").text, "it leads nothing"
    assert agency.post(f"{url}/offer", data={**told, "consortium": "999"}).status_code == 422
    assert agency.post(f"{url}/offer", data={**told, "consortium": made.id}).status_code == 302
    assert {"offer.made", "offer.joined"} <= set(audited())
    heard = db.session.query(Message).filter_by(user_id=second[0].id).all()
    assert any(NAME in str(one.facts) for one in heard)
    assert f"{partner}（现场核查）" in sign_in(officer).get(url).text
    seen = sign_in(second[0]).get(url).text
    assert f"{partner}（现场核查）" in seen
    assert f"{url}/offer" not in seen, "whoever takes part already is offered nothing"
    with transaction():
        agreeing.end_consortium(second[0], made)
    with placing.after(4):
        draw, secret = placing.frozen(officer, lot)
    with placing.after(6):
        placing.held(officer, draw, secret)
        for head, _lead in (third, fourth):
            with transaction():
                own = next(one for one in lot.offers if one.agency_id == head.organisation_id)
                offering.withdraw_offer(head, own, "人手不足")
        with transaction():
            award = awarding.award_drawn(officer, lot)
        page = sign_in(officer).get(f"/awards/{award.id}").text
    assert award.agency_id == first[1].agency_id
    assert f"{partner}（现场核查）" in page, "as it stood, though it was ended since"
    row = next(
        one for one in contents.told_of_lot(lot)["considered"]
        if one["agency"] == first[1].agency_id
    )  # fmt: skip
    assert row["offer"]["consortium"] == NAME
    assert [name for _key, name, _part in row["offer"]["members"]][1:] == [partner]


def test_an_agency_takes_part_once_alone_or_with_others(officer):
    first, second, third = (placing.bidder() for _ in range(3))
    lot = placing.drawn_up(officer, [])
    made, other = agreed(first, second), agreed(third, second, "演示第二联合体")
    together(first, lot, made)
    with pytest.raises(Conflict):
        placing.signed_up(second, lot)
    with pytest.raises(Conflict):
        together(third, lot, other)
    placing.signed_up(third, lot)
    assert [sorted(clashes.members_of(one)) for one in lot.offers] == [
        sorted({first[1].agency_id, second[1].agency_id}), [third[1].agency_id]
    ]  # fmt: skip


def test_only_an_agreement_of_ones_own_that_stands_is_named(officer):
    first, second, third = (placing.bidder() for _ in range(3))
    lot, made = placing.drawn_up(officer, []), agreed(first, second)
    parts = {first[0].organisation_id: "牵头", third[0].organisation_id: "核查"}
    with transaction():
        waiting = agreeing.propose_consortium(first[0], "演示未同意联合体", "演示", parts)
    for pair, named in ((second, made), (third, made), (first, waiting)):
        with pytest.raises(Invalid) as refusal:
            together(pair, lot, named)
        assert refusal.value.field == "consortium"
    with transaction():
        agreeing.end_consortium(second[0], made)
    with pytest.raises(Invalid):
        together(first, lot, made)
    assert lot.offers == []


def test_what_bars_a_partner_bars_the_consortium(officer):
    first, second, third = (placing.bidder() for _ in range(3))
    lot, made = placing.drawn_up(officer, [third]), agreed(first, second)
    for pair in (second, third):  # a partner and another bidder under one head
        tie(officer, pair[1].agency, RelationKind.HEAD, party_name="负责人", party_code="演示-1")
    with pytest.raises(Invalid):
        together(first, lot, made)
    alone = placing.drawn_up(officer, [])
    together(first, alone, made)
    fresh = placing.drawn_up(officer, [])
    tie(officer, second[1].agency, RelationKind.BOOKKEEPING, organisation=fresh.tasks[0].unit)
    with pytest.raises(Invalid):
        together(first, fresh, made)


def test_two_of_one_head_may_be_one_consortium(officer):
    first, second, third = (placing.bidder() for _ in range(3))
    lot, made = placing.drawn_up(officer, [third]), agreed(first, second)
    for pair in (first, second):
        tie(officer, pair[1].agency, RelationKind.HEAD, party_name="负责人", party_code="演示-2")
    together(first, lot, made)
    assert len(lot.offers) == 2


def test_an_expert_with_a_tie_to_a_partner_judges_no_bid_of_the_consortium(officer):
    first, second = placing.bidder(), placing.bidder()
    lot, made = placing.drawn_up(officer, []), agreed(first, second)
    tied, free = expert(officer, [second[1].agency_id]), expert(officer)
    together(first, lot, made)
    ties = Ties.of(lot)
    assert (ties.reason_against(tied, None), ties.reason_against(free, None)) == ("bidder", "")
