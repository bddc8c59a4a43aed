"""Two papers of different agencies that are suspiciously alike, and a text that all quote."""

from app import clock
from app.db import db, transaction
from app.demo import files
from app.demo.district import District
from app.demo.papers import keep
from app.engagements.models import Engagement
from app.papers.files import NewPaper
from app.papers.models import PaperVersion
from app.papers.services import submit_paper
from app.similarity import comparing, services, taking_in
from app.similarity.models import LikenessCheck

POLICY = (
    "项目支出绩效评价办法（演示摘录）",
    "绩效评价应当遵循科学公正、统筹兼顾、激励约束、公开透明的原则。绩效评价指标的确定应当符合与评价对象"
    "密切相关、全面反映项目决策、项目和资金管理、产出和效益的要求。评价结果是安排预算、完善政策和改进管理"
    "的重要依据。（演示文本，以官方文件为准）",
)
OPENING = (
    "本次问卷面向项目受益群众和一线经办人员，采用分层随机抽样，共发放二百六十份，收回有效问卷二百四十一份。",
    "调研组先后走访四个街道、十一个村居，与项目主管人员、施工单位和监理单位分别座谈，并查阅了招标文件、合同"
    "台账和支付凭证。",
)
COPIED = (
    "从问卷结果看，受访者对设施完好率和响应及时性的评价较高，对日常养护频次和信息公开的评价偏低，认为夜间照明"
    "不足、报修渠道不清的占三成以上。",
    "座谈中，基层经办人员反映项目资金下达较晚，全年有效实施期不足七个月，部分工序集中在雨季施工，影响了"
    "工程质量和群众观感。",
    "调研组认为，项目单位应当在年初完成方案编制和采购准备，建立按月通报的进度台账，并将养护责任落实到具体"
    "班组，同时通过村居公告栏公开维修电话和处理时限。",
    "对照年初绩效目标，数量指标总体完成，时效指标存在偏差，社会效益指标缺少可核实的基础数据，建议下一年度将"
    "满意度调查前移并留存原始记录。",
)
OWN = (
    "本报告的调研范围还包括两所学校周边道路，家长代表普遍肯定护学岗设置，但希望延长早高峰值守时间。",
    "项目组另行抽查了三处停车引导设施，其中一处标识脱落，已现场通知管护单位当日修复。",
)


def plant(district: District) -> None:
    """Two agencies hand in papers of which one repeats the other; the portal has noticed."""
    with transaction():
        services.add_boilerplate(district.performance[0], *POLICY)
    told = [(*OPENING, *COPIED), (*OWN, *COPIED)]
    versions = [_paper(*each) for each in zip(_open_work(), told, strict=True)]
    _pass_over_samples()
    taking_in.take_in(versions)
    for version in versions:
        comparing.compare(version)


def _pass_over_samples() -> None:
    """What old engagements share are the demonstration's own samples, and no likeness."""
    shared = db.select(PaperVersion.sha256).group_by(PaperVersion.sha256)
    shared = shared.having(db.func.count() > 1)
    found = db.select(PaperVersion.id).where(PaperVersion.sha256.in_(shared))
    rows = [{"version_id": one, "checked_at": clock.now()} for one in db.session.scalars(found)]
    with transaction():
        db.session.execute(db.insert(LikenessCheck), rows)


def _open_work() -> list[Engagement]:
    """The newest work under way of two different agencies."""
    found: dict[int, Engagement] = {}
    query = db.select(Engagement).order_by(Engagement.id.desc())
    for engagement in db.session.scalars(query):
        if engagement.is_open and engagement.current_stage:
            found.setdefault(engagement.agency_id, engagement)
        if len(found) == 2:
            break
    return list(found.values())


def _paper(engagement: Engagement, paragraphs: tuple[str, ...]) -> PaperVersion:
    """A questionnaire's analysis in the agency's own lead evaluator's name."""
    name, stage = "问卷调查分析", engagement.current_stage
    person = engagement.lead_evaluator.user
    if stage is None or person is None:
        raise LookupError("work under way has its stage and its lead evaluator")
    file = keep(f"F-90 {name}.docx", files.docx(name, paragraphs))
    with transaction():
        new = NewPaper("F-90", name, stage, evidence_on=clock.today())
        return submit_paper(person, engagement, new, file).versions[0]
