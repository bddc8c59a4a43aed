"""A comparison by a panel, lived through; an agreement with its turns; questions and a change."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from app import clock
from app.clarifications import services as clarifications
from app.comparisons import panels, queries, services, stating
from app.comparisons.models import Panel
from app.comparisons.scoring import Criterion, Kind, PriceRule
from app.db import db
from app.demo import procuring
from app.demo.district import District
from app.expert_reviews.totals import Rule
from app.experts import paneling
from app.experts import services as pool
from app.experts.models import Expert, Field
from app.frameworks import services as frameworks
from app.frameworks.models import Outcome
from app.procurement import bidding, opening, sealing
from app.procurement import services as needs
from app.procurement.draws import Revealed
from app.procurement.methods import Method
from app.procurement.models import Lot, Need

WAN = 10_000 * 100
CRITERIA = (
    Criterion("报价", 20, Kind.PRICE),
    Criterion("工作方案的针对性和可行性", 35, Kind.JUDGED),
    Criterion("指标体系思路", 20, Kind.JUDGED),
    Criterion("主评人和工作组的专业能力", 25, Kind.JUDGED),
)
PLANS = (
    "一、评价思路：以补助资金流向为主线，决策、过程、产出、效益逐级核查。二、现场核查覆盖全部镇街，"
    "点位不少于30%。三、两级复核后提交初稿，预留十个工作日交换意见（演示）。",
    "一、先行梳理政策依据和绩效目标，形成指标体系初稿。二、问卷不少于三百份，访谈不少于二十人。"
    "三、每周书面报告进度，风险事项当日报告（演示）。",
    "一、组建五人工作组，主评人全程到场。二、资料核查与现场核查并行，底稿当日上传。"
    "三、八周内完成正式报告（演示）。",
)
COMPARED = "困难群众救助补助资金绩效评价（综合比选）"
COMING = "城乡居民养老保险政策绩效评价（综合比选）"
QUESTION = "现场核查是否包括已完工的上年度项目？"
ANSWER = "包括上年度完工且资金在本年度支付的项目，约占项目总数的两成。"
CHANGE = "采购需求“现场核查”一节更正：点位数量由不少于十二个调整为不少于十五个，其余不变。"


def tell(district: District) -> Iterator[datetime]:
    """Three weeks of comparing and asking, up to today."""
    today = clock.today()  # before the story dates the past
    yield from _comparison(district, today)
    yield from _agreement(district, today)
    yield from _asked(district, today)


def _comparison(district: District, today: date) -> Iterator[datetime]:
    officer, firms = district.performance[0], district.firms[:3]
    yield _at(today - timedelta(days=20), 9, 30)
    for user in (one for one in district.experts if db.session.get(Expert, one.id) is None):
        known = pool.Told([Field.BUDGET, Field.WELFARE], "高级会计师", "", [])
        pool.enter_expert(officer, user, known)
    need = procuring.place(district, COMPARED, Method.COMPARISON, 1)
    new = stating.NewScheme(CRITERIA, Rule.MEAN, PriceRule.LOWEST, is_anonymous=True)
    stating.state_criteria(officer, need, new)
    slips = _halves(district, need)
    needs.announce(officer, need, _at(today - timedelta(days=13), 17))
    lot = need.lots[0]
    for hour, (firm, plan) in enumerate(zip(firms, PLANS, strict=True)):
        yield _at(today - timedelta(days=16), 9 + 2 * hour)
        offer = procuring.sign_up(firm, lot)
        bidding.hand_in(firm.admin, offer, _sealed(lot, (74 - 5 * hour) * 1000 * 100, plan))
    yield _at(today - timedelta(days=12), 9)
    beacon = paneling.NewPanel(
        3, Field.BUDGET, "公开彩票（演示）第2026131期开奖号码", _at(today - timedelta(days=12), 22)
    )
    panel, secret = panels.freeze_panel(officer, lot, beacon)
    bidding.open_bids(officer, lot, slips)
    yield _at(today - timedelta(days=11), 9)
    panels.hold_panel(officer, panel, Revealed(procuring.NUMBERS, "公开彩票公告（演示）", secret))
    yield from _judged(panel, today - timedelta(days=10))
    yield _at(today - timedelta(days=7), 10)
    yield from _concluded(district, panel)


def _concluded(district: District, panel: Panel) -> Iterator[datetime]:
    """The comparison ends by its rule, and the lot is awarded."""
    officer = district.performance[0]
    minutes = (
        "评审小组三名成员独立打分，无异议。方案均未出现机构和人员名称，按公告规则汇总（演示）。"
    )
    services.conclude(officer, panel, minutes)
    yield clock.now() + timedelta(hours=2)
    services.award_best(officer, panel.lot)


def _judged(panel: Panel, day: date) -> Iterator[datetime]:
    """Each member states the five grounds and scores alone."""
    chance = Random(7)  # noqa: S311 - invented points, always the same
    for hour, seat in enumerate(list(panel.sitting)):
        yield _at(day, 9 + 3 * hour)
        panels.state_grounds(seat.expert, seat, [])
        yield clock.now() + timedelta(hours=2)
        judged = [one.points for one in CRITERIA if one.kind is Kind.JUDGED]
        sheet = {
            bid.id: [Decimal(points) - chance.randint(1, 8) for points in judged]
            for bid in queries.judged_bids(panel.lot)
        }
        services.submit_sheet(seat.expert, seat, sheet)


def _agreement(district: District, today: date) -> Iterator[datetime]:
    """An agreement whose members take the small re-checks in turn."""
    officer = district.performance[0]
    yield _at(today - timedelta(days=6), 10)
    members = [
        frameworks.NewMember(firm.leads[0], price * 1000 * 100)
        for firm, price in zip(district.firms[3:7], (52, 50, 49, 51), strict=True)
    ]
    framework = frameworks.enter_framework(
        officer,
        frameworks.NewFramework(
            code="KJXY-2026-01（演示）",
            name="绩效自评结果复核服务框架协议",
            way=Method.FRAMEWORK_TURN,
            unit_name="每批次",
            result_url="https://platform.invalid/ruwei/2026-01",
            starts_on=today - timedelta(days=6),
            ends_on=today + timedelta(days=359),
            members=members,
        ),
    )
    need = procuring.place(district, "绩效自评结果复核（框架协议）", Method.FRAMEWORK_TURN, 2)
    frameworks.name_framework(officer, need, framework)
    yield _at(today - timedelta(days=5), 9)
    declined = frameworks.NewTurn(Outcome.DECLINED, reason="在手项目已满，本轮放弃")
    frameworks.tell_turn(officer, need.lots[0], declined)
    yield _at(today - timedelta(days=5), 15)
    frameworks.tell_turn(officer, need.lots[0], frameworks.NewTurn(Outcome.TAKEN, 1))


def _asked(district: District, today: date) -> Iterator[datetime]:
    """A comparison that takes bids: a question is answered to all, and the notice changed."""
    officer = district.performance[0]
    yield _at(today - timedelta(days=4), 10)
    need = procuring.place(district, COMING, Method.COMPARISON, 1)
    new = stating.NewScheme(CRITERIA, Rule.MEAN, PriceRule.LOWEST, is_anonymous=True)
    stating.state_criteria(officer, need, new)
    _halves(district, need)
    needs.announce(officer, need, _at(today + timedelta(days=3), 17))
    yield _at(today - timedelta(days=3), 9)
    question = clarifications.ask(district.firms[4].admin, need, QUESTION)
    yield _at(today - timedelta(days=3), 16)
    clarifications.answer(officer, question, ANSWER)
    yield _at(today - timedelta(days=1), 9)
    clarifications.change_notice(officer, need, CHANGE)
    yield clock.now() + timedelta(hours=1)
    clarifications.ask(district.firms[5].admin, need, "方案文件是否限定页数？")


def _halves(district: District, need: Need) -> tuple[str, str]:
    first, second = (bidding.make_half(who, need)[1] for who in district.performance[:2])
    return first, second


def _sealed(lot: Lot, price_fen: int, plan: str) -> str:
    first, second = (half.public for half in bidding.halves_of(lot.need))
    return sealing.seal(sealing.Bid(price_fen, plan), (first, second), opening.lot_code(lot))


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return clock.start_of(day) + timedelta(hours=hour, minutes=minute)
