"""The section's assessments of finished jobs, the list of last year, and what followed from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from app import clock
from app.assessments import annual, consequences, objections, services
from app.assessments.consequences import NewConsequence
from app.assessments.models import Assessment, AssessmentScore
from app.assessments.objection_models import Outcome
from app.assessments.services import Filling, Line
from app.assessments.vocabulary import ConsequenceKind as Kind
from app.errors import Conflict

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.demo.district import District
    from app.demo.story import Story

SHARE = 0.5  # of this year's jobs; the others still wait
WHY = (
    "工作组一名成员与承诺不符，进场晚于计划",
    "个别三级指标不可衡量，评分标准偏粗",
    "样本安排未说明抽样依据",
    "原因分析不够深入，部分建议缺少可操作性",
    "少数评分未附佐证，索引号有缺",
    "初稿晚于计划提交",
    "答复意见平均用时较长",
    "外出调研未及时报备",
)
OBJECTION = "初稿晚交系被评价单位迟延提供资料所致，附收资台账，请予复核。"
RULED = (
    (Outcome.UPHELD, "经核对收资台账，资料已于计划前到位，维持原考核结果。"),
    (Outcome.ADJUSTED, "资料确有迟延，时效扣分应予更正。"),
)


def assess(story: Story) -> Iterator[datetime]:
    """One person fills the form in, another confirms; now and then the agency objects."""
    rng = Random(f"assess {story.plan.name}")  # noqa: S311 - invented data, always the same
    really_today = datetime.now(clock.SHANGHAI).date()
    if clock.today().year == really_today.year and rng.random() > SHARE:
        return
    filler, second = _two(story)
    yield story.later(rng.randint(1, 4))
    made = services.begin_assessment(filler, story.engagement)
    services.fill_assessment(filler, made, _filling(made, rng, story.plan.firm.skill), 0)
    services.submit_assessment(filler, made)
    yield story.later(rng.choice((0, 1, 1, 2)))
    services.confirm_assessment(second, made)
    if rng.random() < 0.06:
        yield from _object(story, made, rng)


def _two(story: Story) -> tuple[User, User]:
    others = [one for one in story.district.performance if one is not story.plan.handler]
    return story.plan.handler, others[story.plan.lead % len(others)]


def _filling(made: Assessment, rng: Random, skill: float) -> Filling:
    lines = {score.item.id: _line(score, rng, skill) for score in made.scores}
    if rng.random() < 0.08:
        return Filling(lines, Decimal(2), "承担紧急复核任务，按时完成")
    return Filling(lines)


def _line(score: AssessmentScore, rng: Random, skill: float) -> Line:
    """Points in halves; who is able loses fewer of them."""
    share = min(1.0, max(0.3, rng.gauss(0.9 + 0.08 * skill, 0.07)))
    points = (score.most * Decimal(f"{share:.3f}") * 2).quantize(Decimal(1)) / 2
    points = min(points, score.most)
    return Line(points, WHY[score.position - 1] if points < score.most else "")


def _object(story: Story, made: Assessment, rng: Random) -> Iterator[datetime]:
    yield story.later(2)
    raised = objections.raise_objection(story.plan.firm.admin, made, OBJECTION)
    yield story.later(4)
    leader, (outcome, words) = story.district.leader, rng.choice(RULED)
    if leader is None:
        return
    objections.decide_objection(leader, raised, outcome, words)
    if outcome is Outcome.ADJUSTED:
        yield story.later(2)
        _correct(story, words)


def _correct(story: Story, reason: str) -> None:
    """The next version gives the points for being in time back."""
    filler, second = _two(story)
    made = services.begin_assessment(filler, story.engagement, reason)
    lines = {
        score.item.id: Line(score.most) if score.item.name == "时效" else _kept(score)
        for score in made.scores
    }
    services.fill_assessment(filler, made, Filling(lines, made.bonus, made.bonus_words), 0)
    services.submit_assessment(filler, made)
    services.confirm_assessment(second, made)


def _kept(score: AssessmentScore) -> Line:
    return Line(score.points, score.words)


def years(district: District) -> Iterator[datetime]:
    """Last year's list from draft to publication; this year's as a trial."""
    officer, leader, today = district.performance[1], district.leader, clock.today()
    if leader is None:
        return
    yield _at(date(today.year, 1, 12))
    try:
        made = annual.draw_list(officer, today.year - 1)
    except Conflict:
        return  # of a shortened demonstration no job may have ended
    yield clock.now() + timedelta(hours=2)
    annual.give_notice(officer, made, "个别项目年末验收，点评期未满，计入下一年度。")
    last = made.rows[-1]
    yield _at(clock.add_working_days(clock.today(), 3))
    admin = next(firm.admin for firm in district.firms if firm.agency.id == last.agency_id)
    raised = objections.raise_objection(
        admin, last, "请说明点评星级的汇总办法及本机构计入的点评份数。"
    )
    yield _at(clock.add_working_days(clock.today(), 3))
    words = "点评按年度内已开启的全部点评加权平均，份数已在结果中列明，维持。"
    objections.decide_objection(leader, raised, Outcome.UPHELD, words)
    yield _at(clock.add_working_days(clock.today(), 3))
    annual.approve_list(leader, made, "局长办公会审议通过。")
    yield _at(clock.add_working_days(clock.today(), 2))
    annual.publish_list(officer, made, f"演财绩〔{today.year}〕5号")
    yield _at(today - timedelta(days=1))
    annual.draw_list(officer, today.year)


def measures(district: District) -> Iterator[datetime]:
    """An adverse record, a talk whose term is over, credit for good work, and a new proposal."""
    officer, leader, today = district.performance[0], district.leader, clock.today()
    if leader is None:
        return
    told = (
        (230, Kind.ADVERSE_RECORD, "底稿中两份现场核查记录日期不实，经查属后补。", 364, 3, 11),
        (228, Kind.TALK, "就底稿不实问题约谈机构负责人，要求一个月内整改。", 29, 0, 11),
        (120, Kind.COMMENDATION, "承担抽查复核紧急任务，质量好。", 364, 2, 2),
        (3, Kind.RECTIFICATION, "连续两个项目资料归档不及时，限期整改。", 29, 0, 7),
    )
    for ago, kind, words, days, points, place in told:
        day = clock.add_working_days(today - timedelta(days=ago), 0)
        yield _at(day)
        number = f"演财绩〔{day.year}〕{20 + place}号"
        ends_on = day + timedelta(days=days)
        firm = district.firms[place % len(district.firms)]
        new = NewConsequence(kind, words, number, day, ends_on, Decimal(points))
        made = consequences.propose(officer, firm.agency, new)
        if ago > 5:
            yield clock.now() + timedelta(hours=3)
            consequences.impose(leader, made, "同意。")
    yield _at(today - timedelta(days=1)) + timedelta(hours=8)
    consequences.end_due()


def _at(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=9, minutes=40)
