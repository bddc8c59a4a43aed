"""What may be entrusted (财预〔2021〕6号) and the seven templates, as the portal ships them.

All of it is editable afterwards: an edit of a template makes its next version. The stages are
those of a usual engagement from its signed contract on; what comes before (立项、选取) belongs to
procurement, so the first stage files the contract and its pledges. After acceptance no paper is
taken in any more, so the last three stages ask for none.

Rating parties: where the bureau commissions, `unit` is each evaluated unit; in a departmental
evaluation it is the commissioning department, which is the buyer there. An indicator system and a
research study have no evaluated unit, so two parties rate them.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCOPE = "财预〔2021〕6号：列入可委托范围"
HELP_ONLY = "财预〔2021〕6号：原则上不得委托；确需协助的，仅限事务性工作，不得以第三方名义对外出具报告和结论"
BANNED = "财预〔2021〕6号：禁止预算部门或单位委托第三方对自身绩效管理工作开展评价"

# code, name, allowance, basis
SERVICE_TYPES = (
    ("ex_ante_assessment", "事前绩效评估", "allowed", SCOPE),
    ("target_review", "绩效目标审核", "allowed", SCOPE),
    ("fiscal_evaluation", "财政评价", "allowed", SCOPE),
    ("departmental_evaluation", "部门评价", "allowed", SCOPE),
    ("result_recheck", "评价结果复核（自评复评）", "allowed", SCOPE),
    ("indicator_system", "绩效指标和标准体系制定", "allowed", SCOPE),
    ("research_study", "预算绩效管理课题研究", "allowed", SCOPE),
    ("performance_monitoring", "绩效运行监控", "assistance", HELP_ONLY),
    ("target_setting", "绩效目标设定", "assistance", HELP_ONLY),
    ("unit_self_evaluation", "单位自评", "assistance", HELP_ONLY),
    ("own_management", "预算部门对自身绩效管理的评价", "forbidden", BANNED),
)

# Each stage: code|name|working days|required papers, a class of the index and a title each.
CONTRACT = "contract|委托与合同|5|A 业务委托合同;A 回避声明;A 保密协议和廉洁承诺书"
PREPARATION = "preparation|前期准备|5|A 工作组名单及分工;C 资料清单"
REVIEW = "expert_review|专家评审|5|I 专家评审意见;I 修改说明"
ENDING = ("acceptance|验收|10|", "rating|买家点评|15|", "archive|整理归档|20|")

EVALUATION_STAGES = (
    CONTRACT,
    PREPARATION,
    "plan|方案制定|10|B 评价工作方案;B 指标体系及评分标准",
    "fieldwork|评价实施|20|C 收资台账;D 现场核查记录;G 评分底稿",
    "draft|报告初稿|10|H 报告初稿;J 三级复核记录",
    "consultation|征求意见|10|I 征求意见函;I 意见采纳情况表",
    REVIEW,
    "final_report|正式报告|5|H 正式报告;A 工作总结",
    *ENDING,
)
EVALUATION_FRAME = "决策 15;过程 20;产出 35;效益 30"
EVALUATION_ITEMS = (
    "评价报告内容完整，符合合同约定和报告提纲",
    "每项指标得分均有工作底稿和佐证材料支撑",
    "被评价单位的意见已逐条回应，采纳情况清楚",
    "正式报告由主评人签名并加盖机构公章",
    "工作底稿按索引号整理齐全",
    "成果在合同约定的期限内提交",
)
ALL_THREE = ["unit", "performance", "section"]
BUREAU_TWO = ["performance", "section"]

TEMPLATES = (
    {
        "code": "fiscal_evaluation",
        "name": "财政评价",
        "service_type": "fiscal_evaluation",
        "stages": EVALUATION_STAGES,
        "frame": EVALUATION_FRAME,
        "items": EVALUATION_ITEMS,
        "parties": ALL_THREE,
    },
    {
        "code": "departmental_evaluation",
        "name": "部门评价",
        "service_type": "departmental_evaluation",
        "stages": EVALUATION_STAGES,
        "frame": EVALUATION_FRAME,
        "items": EVALUATION_ITEMS,
        "parties": ALL_THREE,
    },
    {
        "code": "recheck",
        "name": "自评复评（批量）",
        "service_type": "result_recheck",
        "is_batch": True,
        "stages": (
            CONTRACT,
            "preparation|前期准备|5|A 工作组名单及分工;C 复评项目清单",
            "plan|方案制定|5|B 复评工作方案;B 复评评分标准",
            "fieldwork|逐项复评|25|C 自评佐证材料;G 复评评分底稿",
            "draft|复评报告初稿|10|H 复评报告初稿;J 三级复核记录",
            "consultation|征求意见|10|I 意见采纳情况表",
            "final_report|正式报告|5|H 正式复评报告;A 工作总结",
            *ENDING,
        ),
        "frame": "自评材料完整性 20;绩效指标合理性 20;自评数据真实性 30;自评结论客观性 20;结果应用与整改 10",
        "items": (
            "合同所列项目全部完成复评，无遗漏",
            "每个项目的复评得分与自评得分差异均有说明",
            "复评得分均有工作底稿和佐证材料支撑",
            "正式复评报告由主评人签名并加盖机构公章",
            "成果在合同约定的期限内提交",
        ),
        "parties": ALL_THREE,
    },
    {
        "code": "ex_ante",
        "name": "事前绩效评估",
        "service_type": "ex_ante_assessment",
        "stages": (
            CONTRACT,
            "preparation|前期准备|3|A 工作组名单及分工;C 资料清单",
            "plan|方案制定|5|B 评估工作方案",
            "fieldwork|评估实施|15|C 收资台账;G 评估评分底稿",
            "draft|评估报告初稿|5|H 评估报告初稿;J 三级复核记录",
            REVIEW,
            "final_report|正式报告|5|H 正式评估报告;A 工作总结",
            *ENDING,
        ),
        "frame": "立项必要性 20;投入经济性 20;绩效目标合理性 20;实施方案可行性 20;筹资合规性 20",
        "items": (
            "评估报告内容完整，评估结论明确（予以支持、调整完善后支持、不予支持）",
            "评估结论有资料和论证支撑",
            "专家评审意见已逐条回应",
            "正式报告由主评人签名并加盖机构公章",
            "成果在合同约定的期限内提交",
        ),
        "parties": ALL_THREE,
    },
    {
        "code": "target_review",
        "name": "绩效目标审核",
        "service_type": "target_review",
        "is_batch": True,
        "stages": (
            CONTRACT,
            "preparation|前期准备|3|A 工作组名单及分工;C 送审绩效目标清单",
            "fieldwork|逐项审核|15|G 绩效目标审核底稿",
            "draft|审核意见初稿|5|H 审核意见初稿;J 三级复核记录",
            "consultation|征求意见|5|I 意见采纳情况表",
            "final_report|正式审核意见|3|H 正式审核意见;A 工作总结",
            *ENDING,
        ),
        "frame": "完整性 20;相关性 30;适当性 30;可行性 20",
        "items": (
            "合同所列绩效目标全部完成审核，无遗漏",
            "每项审核意见具体明确，修改建议可行",
            "正式审核意见由主评人签名并加盖机构公章",
            "成果在合同约定的期限内提交",
        ),
        "parties": ALL_THREE,
    },
    {
        "code": "indicator_system",
        "name": "绩效指标体系建设",
        "service_type": "indicator_system",
        "needs_unit": False,
        "stages": (
            CONTRACT,
            PREPARATION,
            "plan|方案制定|10|B 建设工作方案",
            "fieldwork|调研与编制|30|E 访谈记录;B 指标体系征求意见稿",
            "consultation|征求意见|10|I 意见采纳情况表",
            REVIEW,
            "final_report|正式成果|5|H 指标和标准体系正式稿;A 工作总结",
            *ENDING,
        ),
        "frame": "科学性 30;系统性 20;可操作性 30;规范性 20",
        "items": (
            "指标覆盖合同约定的行业领域和支出方向",
            "每项指标均有解释、计算方法、评分标准和数据来源",
            "征求意见和专家评审意见已逐条回应",
            "正式成果由主评人签名并加盖机构公章",
            "成果在合同约定的期限内提交",
        ),
        "parties": BUREAU_TWO,
    },
    {
        "code": "research",
        "name": "课题研究",
        "service_type": "research_study",
        "needs_unit": False,
        "stages": (
            CONTRACT,
            "plan|开题|10|B 研究方案",
            "fieldwork|调研与研究|40|E 调研记录;C 数据和文献资料",
            "draft|研究报告初稿|15|H 研究报告初稿",
            REVIEW,
            "final_report|结题报告|10|H 正式研究报告;A 工作总结",
            *ENDING,
        ),
        "frame": "选题与思路 20;研究方法 20;论证与数据 30;成果与应用价值 30",
        "items": (
            "研究内容覆盖合同约定的全部问题",
            "数据和引文来源清楚、可以核对",
            "专家评审意见已逐条回应",
            "正式研究报告由主评人签名并加盖机构公章",
            "成果在合同约定的期限内提交",
        ),
        "parties": BUREAU_TWO,
    },
)


def upgrade():
    types = add_service_types()
    for key, told in enumerate(TEMPLATES, start=1):
        add_template(key, told, types[told["service_type"]])
    if op.get_bind().dialect.name == "postgresql":
        for name in ("service_type", "engagement_template"):
            op.execute(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"
            )


def add_service_types():
    names = ("code", "name", "allowance", "basis")
    table = sa.table("service_type", sa.column("id"), *map(sa.column, names))
    rows = [
        {"id": key, **dict(zip(names, told, strict=True))}
        for key, told in enumerate(SERVICE_TYPES, start=1)
    ]
    op.bulk_insert(table, rows)
    return {row["code"]: row["id"] for row in rows}


def add_template(key, told, service_type_id):
    names = ("id", "code", "version", "name", "service_type_id", "needs_unit", "is_batch")
    lists = ("rating_parties", "scoring_frame", "acceptance_items")
    table = sa.table(
        "engagement_template",
        *map(sa.column, names),
        *(sa.column(name, sa.JSON()) for name in lists),
        sa.column("made_at", sa.DateTime(timezone=True)),
    )
    row = {
        "id": key,
        "code": told["code"],
        "version": 1,
        "name": told["name"],
        "service_type_id": service_type_id,
        "needs_unit": told.get("needs_unit", True),
        "is_batch": told.get("is_batch", False),
        "rating_parties": told["parties"],
        "scoring_frame": [read_points(words) for words in told["frame"].split(";")],
        "acceptance_items": list(told["items"]),
        "made_at": datetime.now(UTC),
    }
    op.bulk_insert(table, [row])
    add_stages(key, told["stages"])


def add_stages(template_id, stages):
    names = ("template_id", "position", "code", "name", "working_days")
    table = sa.table(
        "template_stage", *map(sa.column, names), sa.column("required_papers", sa.JSON())
    )
    rows = []
    for position, line in enumerate(stages, start=1):
        code, name, days, papers = line.split("|")
        told = (template_id, position, code, name, int(days))
        required = [read_paper(words) for words in papers.split(";") if words]
        rows.append({**dict(zip(names, told, strict=True)), "required_papers": required})
    op.bulk_insert(table, rows)


def read_points(words):
    name, points = words.rsplit(" ", 1)
    return {"name": name, "points": int(points)}


def read_paper(words):
    index_class, title = words.split(" ", 1)
    return {"class": index_class, "title": title}


def downgrade():
    raise NotImplementedError("a district goes forward, or back to its backup")
