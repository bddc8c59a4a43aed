"""Comparisons for tests, made by the services: criteria, bids, a panel, its sheets."""

from datetime import timedelta
from decimal import Decimal

from app import clock
from app.comparisons import panels, queries, services, stating
from app.comparisons.scoring import Criterion, Kind, PriceRule
from app.db import transaction
from app.expert_reviews.totals import Rule
from app.experts import paneling
from app.experts import services as pool
from app.experts.models import Field
from app.policy import Role
from app.procurement.draws import Revealed
from app.procurement.methods import Method
from tests.factories import UserFactory
from tests.procurement import sealed
from tests.procurement.placing import planned

NUMBERS = "03 11 17"
CRITERIA = (
    Criterion("报价", 20, Kind.PRICE),
    Criterion("工作方案", 50, Kind.JUDGED),
    Criterion("主评人和工作组", 30, Kind.JUDGED),
)


def scheme(criteria=CRITERIA, rule=Rule.MEAN, price=PriceRule.LOWEST, **changes):
    told = {"is_anonymous": True, **changes}
    return stating.NewScheme(criteria, rule, price, **told)


def state(officer, need, **changes):
    with transaction():
        return stating.state_criteria(officer, need, scheme(**changes))


def expert(officer, shut_out=(), employer=""):
    user = UserFactory(role=Role.EXPERT)
    with transaction():
        return pool.enter_expert(
            officer, user, pool.Told([Field.BUDGET], "高级会计师", employer, shut_out)
        )


def offered(officer, prices, pdf=b""):
    """A need by comparison whose lot has an envelope for each price; slips, lot and bids."""
    need = planned(officer, Method.COMPARISON)
    state(officer, need)
    slips = sealed.keyed(officer, need)
    sealed.announced(officer, need)
    lot = need.lots[0]
    bids = [sealed.bid(lot, price, f"第{n}份演示方案", pdf) for n, price in enumerate(prices, 1)]
    return slips, lot, bids


def frozen(officer, lot, places=3):
    with transaction():
        new = paneling.NewPanel(
            places, None, "演示公开号码第 7 期", clock.now() + timedelta(hours=1)
        )
        return panels.freeze_panel(officer, lot, new)


def held(officer, panel, secret):
    with clock.frozen(clock.now() + timedelta(hours=2)), transaction():
        panels.hold_panel(officer, panel, Revealed(NUMBERS, "演示公告", secret))


def stated(seat, grounds=()):
    with transaction():
        panels.state_grounds(seat.expert, seat, grounds)


def judged(seat, points):
    """A member's sheet: of each bid in the order of the envelopes' digests, these points."""
    bids = queries.judged_bids(seat.panel.lot)
    sheet = {bid.id: [Decimal(one) for one in points(bid)] for bid in bids}
    with transaction():
        services.submit_sheet(seat.expert, seat, sheet)
