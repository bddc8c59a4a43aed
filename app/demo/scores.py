"""Indicators, scores with their evidence, and what results did to budgets, of some evaluations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from app import clock
from app.engagements.models import Stage
from app.indicators import queries, results, scoring, services
from app.indicators.grading import Grade, grade_of
from app.indicators.joining import bands
from app.indicators.models import Indicator, IndicatorSystem
from app.indicators.results import BudgetDecision, Proposal
from app.indicators.scoring import Score
from app.indicators.services import Source
from app.papers.models import WorkingPaper

if TYPE_CHECKING:
    from app.demo.planning import Plan
    from app.demo.story import Story

SHARE = 0.5  # of the fiscal evaluations
BARE = 3  # rows that have no evidence yet while the work goes on
WHY = (
    "部分季度资金拨付晚于合同约定",
    "抽查的记账凭证缺少验收单",
    "产出数量未达到年初目标",
    "满意度问卷样本量不足",
    "绩效目标未细化到可衡量的指标",
    "公示材料留存不完整",
)
CUTS = {Grade.EXCELLENT: 0, Grade.GOOD: 3, Grade.FAIR: 10, Grade.POOR: 30}  # percent of the budget


def is_scored(plan: Plan) -> bool:
    """Whether this contract's indicators are kept in the portal; always the same ones."""
    chance = Random(f"scores {plan.name}").random()  # noqa: S311 - invented data
    return plan.template == "fiscal_evaluation" and chance < SHARE


def along(story: Story, stage: Stage) -> Iterator[datetime]:
    """What a stage does to the indicators: made, approved, scored, borne out."""
    if not is_scored(story.plan):
        return
    if stage.code == "plan":
        yield story.moment()
        _begin(story)
    if stage.code in {"fieldwork", "final_report"}:
        yield story.moment()
        _score(story, bare=BARE if stage.code == "fieldwork" else 0)


def use(story: Story) -> Iterator[datetime]:
    """After acceptance a cut is proposed for the next budget, and mostly decided."""
    if not is_scored(story.plan) or story.engagement.accepted_at is None:
        return
    yield story.later(4)
    task = story.engagement.tasks[0]
    system = queries.in_force_for(task)
    if system is None:
        return
    row = results.propose_result(
        story.plan.handler, task, _proposal(system, task.amount_fen), bands()
    )
    yield story.later(9)
    number = f"演财绩〔{clock.today().year}〕{10 + task.id % 80}号"
    cut, day = row.proposed_cut_fen, clock.today() - timedelta(days=1)
    decision = BudgetDecision(cut, number, "演示区财政局局长办公会", day)
    results.decide_result(story.plan.handler, row, decision)


def _proposal(system: IndicatorSystem, amount_fen: int) -> Proposal:
    total = queries.sheet_of(system.indicators).total or Decimal(0)
    grade = grade_of(total, bands())
    cut = amount_fen * CUTS[grade] // 100 // 10**6 * 10**6
    basis = "依据绩效评价结果与预算安排挂钩办法，按评价等级核减。" if cut else ""
    return Proposal(clock.today().year + 1, cut, basis)


def _begin(story: Story) -> None:
    """The library's rows, handed in by the lead evaluator and approved for the commissioner."""
    task = story.engagement.tasks[0]
    system = services.begin_system(story.lead_user, story.engagement, task, Source.LIBRARY)
    services.submit_system(story.lead_user, system)
    services.approve_system(story.client_user, system)


def _score(story: Story, *, bare: int) -> None:
    """Scores before and after the check; of the last rows the evidence may still be missing."""
    system = queries.in_force_for(story.engagement.tasks[0])
    if system is None:
        return
    papers = [one for one in queries.evidence_papers(story.engagement) if queries.is_usable(one)]
    rng = Random(f"{story.plan.name} {bare}")  # noqa: S311 - invented data
    rows = list(system.indicators)
    told = {
        row.code: _scored(
            rng, row, story.plan.firm.skill, papers if number < len(rows) - bare else []
        )
        for number, row in enumerate(rows)
    }
    scoring.save_scores(story.lead_user, system, told, system.revision)


def _scored(rng: Random, row: Indicator, skill: float, papers: Sequence[WorkingPaper]) -> Score:
    """One row: what it lost before the check and after it, and why."""
    lost = row.points * Decimal(rng.choice((0, 0, 0, 5, 10, 20, 30 if skill < 0 else 15))) / 100
    before = row.points - lost.quantize(Decimal("0.5"))
    after = max(Decimal(0), before - rng.choice((0, 0, 0, Decimal("0.5"), 1)))
    changed = after != before
    numbers = sorted({one.index_no for one in rng.sample(papers, min(2, len(papers)))})
    return Score(
        before=before,
        after=after,
        adjustment=f"现场核查后扣减：{rng.choice(WHY)}" if changed else "",
        deduction=rng.choice(WHY) if after < row.points else "",
        evidence=numbers,
    )
