"""What the district places: by a draw, by the province, by choice; one need is announced."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from app import clock
from app.accounts.models import Organisation
from app.demo import deciding
from app.demo.district import District, Firm, section_of
from app.engagements.models import EngagementTemplate, IssuedBy
from app.engagements.opening import NewTask
from app.procurement import (
    awarding,
    bidding,
    confirming,
    draws,
    objecting,
    offering,
    opening,
    queries,
    sealing,
    services,
)
from app.procurement.methods import Method
from app.procurement.models import Lot, Need, Offer

WAN = 10_000 * 100
NUMBERS = "03 08 15 21 27 32 + 11（演示）"
TEAM = ("刘演示", "沈演示")


def tell(district: District) -> Iterator[datetime]:
    """Three weeks of procurement, up to today."""
    officer, firms, today = district.performance[0], district.firms[:6], clock.today()
    yield _at(today - timedelta(days=21), 9)
    drawn = _first_need(district, "2026年部门整体支出绩效评价（随机抽取）", Method.DRAW, 2)
    services.announce(officer, drawn, _at(today - timedelta(days=16), 17))
    for hours, firm in enumerate(firms, start=1):
        yield _at(today - timedelta(days=20), 8 + hours)
        sign_up(firm, drawn.lots[0])
    yield _at(today - timedelta(days=15), 10)
    beacon = draws.Beacon(
        "公开彩票（演示）第2026128期开奖号码", _at(today - timedelta(days=14), 22)
    )
    draw, secret = draws.freeze(officer, drawn.lots[0], beacon)
    yield _at(today - timedelta(days=15), 14)
    draws.add_number(firms[1].admin, draw, f"{firms[1].agency.name}见证抽取")
    yield _at(today - timedelta(days=13), 10)
    draws.hold(officer, draw, draws.Revealed(NUMBERS, "公开彩票公告（演示）", secret))
    yield _at(today - timedelta(days=13), 11)
    awarding.award_drawn(officer, drawn.lots[0])
    yield _at(today - timedelta(days=6), 9)
    place(district, "全区涉农专项资金绩效评价", Method.CONSULTATION, 1, budget=72)
    yield _at(today - timedelta(days=4), 15)
    coming = place(district, "2026年绩效自评结果复核（第三批）", Method.DRAW, 3)
    services.announce(officer, coming, _at(today + timedelta(days=5), 17))
    yield _at(today - timedelta(days=3), 10)
    sign_up(firms[0], coming.lots[0])
    yield from _bidding(district, firms)
    yield from _decided(district, firms, drawn)


def _bidding(district: District, firms: list[Firm]) -> Iterator[datetime]:
    """Sealed bids, the first of them handed in; the officers' slips lie in their envelopes."""
    yield _at(clock.today() - timedelta(days=2), 9)
    need = place(district, "重点项目绩效评价（密封竞价）", Method.BIDDING, 1)
    for officer in district.performance[:2]:
        bidding.make_half(officer, need)
    services.announce(district.performance[0], need, _at(clock.today() + timedelta(days=6), 17))
    yield clock.now() + timedelta(hours=5)
    lot = need.lots[0]
    offer = sign_up(firms[1], lot)
    first, second = (half.public for half in bidding.halves_of(need))
    bid = sealing.Bid(7 * WAN, "三人工作组，两个月内提交报告（演示）。")
    sealed = sealing.seal(bid, (first, second), opening.lot_code(lot))
    bidding.hand_in(firms[1].admin, offer, sealed)


def _decided(district: District, firms: list[Firm], drawn: Need) -> Iterator[datetime]:
    """A direct choice; then the drawn need's results are approved and its pack is asked for."""
    yield from _chosen(district, firms)
    yield from deciding.tell(district, drawn)


def _chosen(district: District, firms: list[Firm]) -> Iterator[datetime]:
    """A direct choice, to which an agency objects; the answer is awaited."""
    officer, day = district.performance[0], clock.today()
    yield _at(day - timedelta(days=1), 10) if clock.is_working_day(day) else _at(day, 1)
    need = place(district, "养老服务补贴政策延续性评估", Method.DIRECT, 1)
    new = awarding.NewAward(firms[2].leads[0], need.lots[0].budget_fen, need.reason)
    award = awarding.award_lot(officer, need.lots[0], new)
    yield clock.now() + timedelta(hours=3)
    words = "我机构亦承担过同类评估，建议说明未公开选取的理由。"
    objecting.object_to(firms[3].admin, award, firms[3].agency, words)


def _first_need(district: District, name: str, method: Method, lots: int) -> Need:
    """The first need is placed after somebody compared the thresholds with their source."""
    officer, rules = district.performance[0], queries.rules_on(clock.today())
    confirming.confirm_rules(officer, rules, "省财政厅网站公布的目录及标准原文（演示）")
    return place(district, name, method, lots)


def sign_up(firm: Firm, lot: Lot) -> Offer:
    """A firm signs up with its first lead evaluator and two more people."""
    lead = firm.leads[0]
    people: dict[str, list[str]] = {name: [] for name in (lead.name, *TEAM)}
    return offering.sign_up(firm.admin, lot, offering.NewOffer(lead, people))


def place(district: District, name: str, method: Method, lots: int, *, budget: int = 8) -> Need:
    """A need with a lot for each of so many units."""
    template = district.templates["fiscal_evaluation"]
    units = [unit for unit in district.units if unit.department_id][: lots + 2]
    new = services.NewNeed(
        name=name,
        method=method,
        template=template,
        client=district.bureau,
        issued_by=IssuedBy.AGENCY,
        lots=[_lot(district, template, unit, budget) for unit in units[:lots]],
        reason="延续上年度评估口径，时间紧且金额在限额标准以下。",
        service_area="全区范围内现场核查",
        qualification="主评人从事绩效评价三年以上，具有中级以上职称或相应执业资格",
        plan_no="临[2026]0388号（演示）" if method is Method.CONSULTATION else "",
    )
    return services.plan_need(district.performance[0], new)


def _lot(
    district: District, template: EngagementTemplate, unit: Organisation, budget: int
) -> services.NewLot:
    section = section_of(district, unit)
    task = NewTask(
        f"{unit.name}专项资金", 320 * WAN, section, unit if template.needs_unit else None
    )
    return services.NewLot(f"{unit.name}绩效评价", budget * WAN, 75, [task])


def _at(day: date, hour: int) -> datetime:
    return clock.start_of(day) + timedelta(hours=hour)
