"""Needs, offers, draws and awards for tests, made by the services."""

from datetime import date, timedelta

from app import clock
from app.accounts.models import OrganisationKind
from app.db import transaction
from app.engagements.models import IssuedBy
from app.engagements.queries import template_in_force
from app.policy import Role
from app.procurement import awarding, confirming, draws, offering, queries, services
from app.procurement.methods import Method
from tests.factories import EvaluatorFactory, OrganisationFactory, UserFactory, make_task

WAN = 10_000 * 100
TEXTS = {"milestones": "三个月内提交正式报告", "payment": "按考核等次付费"}


def bureau():
    officer = UserFactory(role=Role.PERFORMANCE_OFFICER)
    confirmed(officer)
    return officer


def confirmed(officer):
    """Somebody answers for the thresholds that came with the portal."""
    rules = queries.rules_on(clock.today())
    if not confirming.is_confirmed(rules):
        with transaction():
            confirming.confirm_rules(officer, rules, "浙财采监〔2022〕13号原文（演示）")


def lot(template, budget=8 * WAN, **changes):
    told = {"name": "演示一包", "budget_fen": budget, "days": 60, "tasks": [make_task(template)]}
    return services.NewLot(**{**told, **changes})


def wanted(officer, method=Method.DRAW, **changes):
    template = template_in_force("fiscal_evaluation")
    told = {
        "name": "演示专项绩效评价",
        "method": method,
        "template": template,
        "client": officer.organisation,
        "issued_by": IssuedBy.AGENCY,
        "lots": changes.pop("lots", None) or [lot(template)],
        "reason": "金额小、时间紧",
    }
    return services.NewNeed(**{**told, **changes})


def planned(officer, method=Method.DRAW, **changes):
    confirmed(officer)
    with transaction():
        return services.plan_need(officer, wanted(officer, method, **changes))


def bidder():
    """The administrator of a new agency with a qualified lead evaluator, and that evaluator."""
    lead = EvaluatorFactory()
    head = UserFactory(role=Role.AGENCY_ADMIN, organisation=lead.agency.organisation)
    return head, lead


def signed_up(pair, found):
    head, lead = pair
    with transaction():
        return offering.sign_up(head, found, offering.NewOffer(lead, {lead.name: []}))


def drawn_up(officer, bidders, **changes):
    """A need of one lot by draw, announced, for which these bidders signed up."""
    need = planned(officer, **changes)
    with transaction():
        services.announce(officer, need, clock.now() + timedelta(days=3))
    for pair in bidders:
        signed_up(pair, need.lots[0])
    return need.lots[0]


def frozen(officer, found, **changes):
    """The list is frozen after the time for signing up."""
    beacon = draws.Beacon("福彩双色球第2026135期", clock.now() + timedelta(days=1), **changes)
    with transaction():
        return draws.freeze(officer, found, beacon)


def held(officer, draw, secret, value="03 08 15 21 27 32 + 11"):
    with transaction():
        draws.hold(officer, draw, draws.Revealed(value, "福彩官方公告", secret))
    return draw


def contract(award, **changes):
    day = award.public_until + timedelta(days=1)
    told = {
        "number": "HT-2026-001",
        "signed_on": day,
        "starts_on": day,
        "ends_on": day + timedelta(days=60),
        "texts": TEXTS,
    }
    return awarding.Contract(**{**told, **changes})


def after(days):
    """The clock so many days on."""
    return clock.frozen(clock.now() + timedelta(days=days))


def first_day(award):
    """The first moment after the public notice."""
    return clock.frozen(clock.start_of(award.public_until + timedelta(days=2)))


def awarded(officer, method=Method.DIRECT, **changes):
    """An award by the buyer's own choice."""
    lot = planned(officer, method, **changes).lots[0]
    new = awarding.NewAward(
        EvaluatorFactory(), lot.budget_fen, result_url="https://example.invalid/1"
    )
    with transaction():
        return awarding.award_lot(officer, lot, new)


def section():
    return OrganisationFactory(kind=OrganisationKind.SECTION)


SOME_DAY = date(2026, 3, 2)
