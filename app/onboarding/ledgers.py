"""The bureau's own ledgers (台账): which columns each has, and who takes its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.errors import Words
from app.exporting import Cell, Sheet, to_xlsx
from app.onboarding import contracts, taking
from app.policy import Permission
from app.tabular import Column, Kind

MOST_YUAN = 100_000_000_000


@dataclass(frozen=True)
class Ledger:
    """One kind of ledger: its columns, an example, and how its rows are taken."""

    name: str
    label: Words
    note: Words
    permission: Permission
    taker: type[taking.Taker]
    columns: Mapping[str, Column]
    example: Sequence[Cell]
    most_rows: int = 5000

    def blank(self) -> bytes:
        """A workbook to be filled in, with one example."""
        heads = [column.heads[0] for column in self.columns.values()]
        return to_xlsx({gettext("Ledger"): Sheet(heads, [self.example])})


BODIES = Ledger(
    "organisations",
    _("Units and sections"),
    _("Departments and township offices may stand in the same ledger as their units."),
    Permission.ORGANISATION_REGISTER,
    taking.Bodies,
    {
        "name": Column(("单位名称", "Name", "名称")),
        "kind": Column(("单位类别", "Kind", "类别"), most=40),
        "credit_code": Column(
            ("统一社会信用代码", "Unified social credit code"), needed=False, most=40
        ),
        "department": Column(("主管部门", "Supervising department"), needed=False),
        "finance_office": Column(("镇街财政所", "Township finance office"), needed=False),
    },
    ("演示区某某单位", "预算单位", None, None, None),
)
AGENCIES = Ledger(
    "agencies",
    _("Agencies"),
    _("Every agency needs its unified social credit code; each is checked to GB 32100-2015."),
    Permission.AGENCY_REGISTER,
    taking.Agencies,
    {
        "name": Column(("机构名称", "Agency", "名称")),
        "credit_code": Column(("统一社会信用代码", "Unified social credit code"), most=40),
        "agency_type": Column(("机构类型", "Kind of agency"), most=40),
        "legal_representative": Column(("法定代表人", "Legal representative"), most=60),
        "address": Column(("地址", "Address"), needed=False),
        "phone": Column(("联系电话", "Telephone", "电话"), needed=False, most=40),
        "established_on": Column(("成立日期", "Established on"), Kind.DAY, needed=False),
        "platform_number": Column(
            ("财政部信用管理平台编号", "Number in the Ministry's credit platform"),
            needed=False,
            most=60,
        ),
    },
    ("演示某某咨询有限公司", "91990100MA00000000", "专业咨询机构", "演示法人"),
)
EVALUATORS = Ledger(
    "evaluators",
    _("Lead evaluators"),
    _("Whoever has title and years (5, of them 3 in evaluation) is confirmed with the ledger."),
    Permission.EVALUATOR_CONFIRM,
    taking.Evaluators,
    {
        "name": Column(("姓名", "Name of the person"), most=60),
        "agency": Column(("机构名称", "Agency", "所在机构")),
        "qualification": Column(
            ("职称或执业资格", "Professional title or licence"), needed=False, most=120
        ),
        "working_since": Column(("参加工作日期", "Working since"), Kind.DAY),
        "evaluating_since": Column(
            ("从事绩效评价日期", "In performance evaluation since"), Kind.DAY, needed=False
        ),
    },
    ("演示主评人", "演示某某咨询有限公司", "注册会计师", "2012-07-01", "2016-07-01"),
)
PEOPLE = Ledger(
    "people",
    _("People"),
    _("Nobody can sign in before a slip is printed and used: no password is made here."),
    Permission.ORGANISATION_REGISTER,
    taking.People,
    {
        "name": Column(("姓名", "Name of the person"), most=60),
        "login": Column(("登录名", "Sign-in name", "账号"), most=60),
        "organisation": Column(("单位名称", "Organisation", "单位")),
        "role": Column(("角色", "Role"), most=40),
        "access_ends_on": Column(("访问截止日", "Last day of access"), Kind.DAY, needed=False),
    },
    ("演示经办人", "demo.officer", "演示区某某单位", "预算单位绩效经办人", None),
)
CONTRACTS = Ledger(
    "engagements",
    _("Engagements and contracts"),
    _(
        "One row a project; rows with one contract number are tasks of one engagement. With a day"
        " of acceptance it comes in as finished: it is kept, and nobody is asked to rate it."
    ),
    Permission.ENGAGEMENT_OPEN,
    contracts.Contracts,
    {
        "number": Column(("合同编号", "Contract number"), most=60),
        "name": Column(("合同名称", "Engagement")),
        "template": Column(("业务模板", "Template"), most=80),
        "agency": Column(("机构名称", "Agency")),
        "lead_evaluator": Column(("主评人", "Lead evaluator"), most=60),
        "client": Column(("委托方", "Commissioning party")),
        "fee": Column(("合同金额（元）", "Fee (yuan)"), Kind.DECIMAL, most=MOST_YUAN),
        "signed_on": Column(("签订日期", "Signed on"), Kind.DAY),
        "ends_on": Column(("完成期限", "Ends on"), Kind.DAY),
        "project": Column(("评价项目", "Project")),
        "amount": Column(("项目金额（元）", "Project amount (yuan)"), Kind.DECIMAL, most=MOST_YUAN),
        "section": Column(("业务科室", "Business section")),
        "unit": Column(("被评价单位", "Evaluated unit"), needed=False),
        "starts_on": Column(("开始日期", "Starts on"), Kind.DAY, needed=False),
        "issued_by": Column(("出具名义", "Issued in the name of"), needed=False, most=40),
        "stage": Column(("当前阶段", "Present stage"), needed=False, most=40),
        "finished_on": Column(("验收日期", "Accepted on"), Kind.DAY, needed=False),
    },
    (
        "演示合同-001",
        "演示项目绩效评价",
        "财政评价",
        "演示某某咨询有限公司",
        "演示主评人",
        "演示区财政局",
        80000,
        "2026-03-02",
        "2026-12-31",
        "演示项目",
        5000000,
        "演示业务科室",
        "演示区某某单位",
    ),
    2000,
)
# In the order in which a bureau brings them in: each names what came before it.
LEDGERS = {one.name: one for one in (BODIES, AGENCIES, EVALUATORS, PEOPLE, CONTRACTS)}
