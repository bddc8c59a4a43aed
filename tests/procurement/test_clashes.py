"""Prohibitions keep agencies out of a lot, whether they sign up or are chosen."""

import pytest

from app.conflicts import services as conflicts
from app.conflicts.rules import RelationKind
from app.conflicts.services import NewRelation
from app.db import transaction
from app.errors import Invalid
from app.procurement import awarding
from app.procurement.methods import Method
from tests.factories import EvaluatorFactory
from tests.procurement import placing

SINCE = placing.SOME_DAY.replace(year=2020)


def tie(officer, agency, kind, **changes):
    with transaction():
        conflicts.enter_relation(officer, agency, NewRelation(kind, SINCE, **changes))


def test_who_keeps_the_units_books_does_not_sign_up(session):
    officer, pair = placing.bureau(), placing.bidder()
    lot = placing.drawn_up(officer, [placing.bidder()])
    tie(officer, pair[1].agency, RelationKind.BOOKKEEPING, organisation=lot.tasks[0].unit)
    with pytest.raises(Invalid) as error:
        placing.signed_up(pair, lot)
    assert error.value.field == "evaluator"
    assert len(lot.offers) == 1


def test_of_two_under_one_head_the_first_stands(session):
    officer, first, second = placing.bureau(), placing.bidder(), placing.bidder()
    for _head, lead in (first, second):
        tie(officer, lead.agency, RelationKind.HEAD, party_name="演示负责人", party_code="演示-1")
    lot = placing.drawn_up(officer, [first])
    with pytest.raises(Invalid):
        placing.signed_up(second, lot)
    placing.signed_up(placing.bidder(), lot)
    assert len(lot.offers) == 2


def test_nobody_awards_over_a_prohibition(session):
    officer, lead = placing.bureau(), EvaluatorFactory()
    lot = placing.planned(officer, Method.DIRECT).lots[0]
    tie(officer, lead.agency, RelationKind.AUDIT, organisation=lot.tasks[0].unit)
    new = awarding.NewAward(lead, lot.budget_fen, reason="演示理由", result_url="")
    with pytest.raises(Invalid), transaction():
        awarding.award_lot(officer, lot, new)
    assert lot.awards == []
