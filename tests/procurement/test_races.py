"""Two officers award one lot at the same moment: one award stands, the other is told so."""

from app.accounts.models import User
from app.agencies.models import Evaluator
from app.db import db
from app.policy import Role
from app.procurement import awarding
from app.procurement.methods import Method
from app.procurement.models import Award, Lot
from tests.engagements.test_races import events, race
from tests.factories import EvaluatorFactory, UserFactory
from tests.procurement import placing


def test_of_two_awards_for_one_lot_one_stands(make_district):
    portal = make_district()
    with portal.app_context():
        officer = placing.bureau()
        lot = placing.planned(officer, Method.DIRECT).lots[0]
        other = UserFactory(role=Role.PERFORMANCE_OFFICER, organisation=officer.organisation)
        leads = [EvaluatorFactory() for _n in range(2)]
        db.session.commit()
        lot_id, pairs = lot.id, [(officer.id, leads[0].id), (other.id, leads[1].id)]

    def award(officer_id, lead_id):
        return lambda: awarding.award_lot(
            db.session.get(User, officer_id),
            db.session.get(Lot, lot_id),
            awarding.NewAward(db.session.get(Evaluator, lead_id), 7 * placing.WAN, "延续性要求"),
        )

    ended = race(portal, [award(*pair) for pair in pairs])
    assert sorted(error is None for error in ended) == [False, True]
    with portal.app_context():
        assert db.session.query(Award).filter_by(lot_id=lot_id, withdrawn_at=None).count() == 1
        assert events("award.made") == 1
