"""What is usually asked for, by the part of the work and the kind of service: a beginning."""

from dataclasses import dataclass

from app.requests.models import Phase


@dataclass(frozen=True)
class Entry:
    """One usual thing: its title, what is meant by it, and how long a unit has for it."""

    title: str
    description: str
    working_days: int = 5


OF_PLAN = (
    Entry("项目立项依据及批复文件", "立项申请、可行性研究或论证材料、主管部门批复、会议纪要", 5),
    Entry("预算批复及绩效目标申报表", "年度预算批复、调整批复、绩效目标申报表及审核意见", 5),
    Entry("项目管理制度", "项目管理办法、资金管理办法、内部控制制度", 5),
    Entry("项目基本情况说明", "实施内容、实施主体、实施期限、受益范围，一至两页", 5),
)
OF_PRE_SURVEY = (
    Entry("项目实施方案及调整说明", "年度实施方案、计划调整的审批材料", 5),
    Entry("资金拨付台账", "按拨付批次列明时间、金额、收款单位、用途", 5),
    Entry("项目点位（受益对象）清单", "名称、地址、联系人，供抽样使用", 5),
)
OF_SURVEY = (
    Entry("资金支出明细账及会计凭证", "项目支出明细账、抽查凭证及附件（按抽样清单提供）", 5),
    Entry("采购及合同资料", "采购文件、中标（成交）通知书、合同、补充协议", 5),
    Entry("验收及产出成果资料", "验收报告、完工证明、成果清单、照片", 5),
    Entry("绩效自评报告及佐证", "自评表、自评报告、满意度调查原始记录", 5),
    Entry("审计、检查及整改资料", "近三年审计和检查报告、整改报告；没有的请选“不适用”", 8),
)
COMMON = {Phase.PLAN: OF_PLAN, Phase.PRE_SURVEY: OF_PRE_SURVEY, Phase.SURVEY: OF_SURVEY}
SPECIAL: dict[str, dict[Phase, tuple[Entry, ...]]] = {
    "ex_ante_assessment": {
        Phase.PLAN: (
            Entry("立项必要性论证材料", "政策依据、需求分析、同类项目比较", 3),
            Entry("投入经济性测算表", "投资估算、成本测算依据、资金筹措方案", 3),
            Entry("绩效目标申报表", "总体目标、年度目标和指标值的确定依据", 3),
            Entry("实施方案（草案）", "组织实施、进度计划、风险应对", 3),
        )
    },
    "result_recheck": {
        Phase.SURVEY: (
            Entry("绩效自评表和自评报告", "每个项目一份，加盖公章的扫描件", 5),
            Entry("自评得分佐证材料", "逐项指标的佐证，按指标编号归集", 5),
            Entry("预算执行情况表", "年初预算、调整预算、实际支出", 5),
        )
    },
}


def usual(service_code: str, phase: Phase) -> tuple[Entry, ...]:
    """The usual list of a kind of service for a part of the work, its own or the common one."""
    return SPECIAL.get(service_code, {}).get(phase) or COMMON[phase]
