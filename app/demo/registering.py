"""Agencies that apply for the register, entries that are kept true, and what experts are paid."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app import audit, clock, credit_code
from app.accreditation import deciding, queries, services
from app.accreditation.holder import Applicant
from app.accreditation.labels import PROOFS
from app.accreditation.models import Application, Requirement
from app.accreditation.told import LEAD, PRACTITIONER, Practitioner, Told
from app.agencies import related
from app.agencies.models import AgencyType
from app.agencies.related import NewAssociate, NewBranch
from app.agencies.services import Particulars
from app.db import db
from app.demo import papers
from app.demo.district import CODE_KINDS, COMPANY, District
from app.demo.pdf import pdf
from app.expert_reviews.models import ExpertReview
from app.experts import duties
from app.experts import services as experts
from app.experts.models import Expert, Field, Rank
from app.papers.files import StoredFile
from app.upkeep import services as upkeep
from app.upkeep import transfers

SERIAL = 990_001
ENTERED = "演示启明绩效咨询有限公司"
# Who applies, of which kind, and what became of it.
APPLICANTS = (
    (ENTERED, AgencyType.CONSULTANCY, "entered"),
    ("演示瓯越会计师事务所", AgencyType.ACCOUNTING, "returned"),
    ("演示东方资产评估有限公司", AgencyType.APPRAISAL, "submitted"),
    ("演示安信招标代理有限公司", AgencyType.OTHER, "refused"),
    ("演示智库研究院", AgencyType.RESEARCH, "withdrawn"),
    ("演示正平律师事务所", AgencyType.LAW, "draft"),
)
STANDARD = duties.NewStandard(
    document_no="演示财绩〔2025〕6号",
    title="演示区预算绩效评审专家劳务费标准",
    starts_on=date(2024, 1, 1),
    senior_fen=150_000,
    associate_fen=100_000,
    other_fen=80_000,
    steps=[[1, 100], [3, 80], [5, 60], [0, 50]],
)


def tell(district: District) -> Iterator[datetime]:
    """From applications two months ago to a transfer that was asked for this week."""
    today, desk = clock.today(), district.performance[0]
    yield _at(today - timedelta(days=60), 9)
    sample = papers.keep(
        "证明材料.pdf", pdf("证明材料", [["演示文件，内容为虚构。"]], seal="演示印章")
    )
    found = [_applied(district, number, sample) for number in range(len(APPLICANTS))]
    yield _at(today - timedelta(days=48), 10)
    _decided(district, found)
    yield _at(today - timedelta(days=35), 14)
    _kept_true(district, sample)
    yield _at(today - timedelta(days=3), 11)
    duties.enter_standard(desk, STANDARD)
    _ranked(district)
    _paid(district)
    first, old = district.firms[:2]
    words = "已签订劳动合同，拟于下月到岗。（演示）"
    transfers.ask_transfer(first.admin, old.agency, old.leads[-1].name, words)


def _kept_true(district: District, sample: StoredFile) -> None:
    """Most agencies give their yearly word; some documents end soon."""
    for number, firm in enumerate(district.firms):
        if number % 4 != 3:  # every fourth forgot
            upkeep.confirm_register(firm.admin, firm.agency)
        if number < 6:
            days = (20, 55, 85, 400, 5, 700)[number] + 35
            ends = {"expires_on": clock.today() + timedelta(days=days)}
            item = Requirement.PARTICULARS
            upkeep.add_proof(firm.admin, firm.agency, item, _named(item, sample), **ends)
    first = district.firms[0]
    related.enter_branch(first.admin, first.agency, NewBranch(f"{first.agency.name}瓯江分公司"))
    expert = NewAssociate(next(district.fresh_names), "教授", "演示大学公共管理学院")
    related.enter_associate(first.admin, first.agency, expert)


def _applied(district: District, number: int, sample: StoredFile) -> Application:
    name, kind, fate = APPLICANTS[number]
    told = Told(
        name=name,
        credit_code=credit_code.make(SERIAL + number, kind=CODE_KINDS.get(kind, COMPANY)),
        particulars=Particulars(
            kind,
            next(district.fresh_names),
            address=f"演示区学院路{100 + number}号",
            phone=f"0990-8100{number}00",
            established_on=date(2012 + number, 5, 18),
        ),
        login=f"shenqing{number + 1}",
        contact_name=next(district.fresh_names),
        contact_phone=f"1390000{number:04d}",
        people=[
            _person(district, LEAD, "注册会计师", 2010),
            _person(district, LEAD, "高级经济师", 2013),
            _person(district, PRACTITIONER, "", 2022),
        ],
        branches=[NewBranch(f"{name}瓯北分部")] if number % 2 == 0 else [],
        associates=[NewAssociate(next(district.fresh_names), "副教授", "演示学院")],
    )
    application, _key = services.start_application(audit.VISITOR, told)
    db.session.flush()
    holder = Applicant(application.id)
    for item in queries.NEEDED[: 2 if fate == "draft" else None]:
        ends = clock.today() + timedelta(days=800) if item is Requirement.PARTICULARS else None
        services.file_evidence(holder, application, item, _named(item, sample), expires_on=ends)
    if fate == "withdrawn":
        services.withdraw_application(holder, application)
    elif fate != "draft":
        services.submit_application(holder, application)
    return application


def _person(district: District, kind: str, title: str, year: int) -> Practitioner:
    since = date(year + 2, 3, 1) if kind == LEAD else None
    return Practitioner(kind, next(district.fresh_names), title, date(year, 7, 1), since)


def _named(item: Requirement, sample: StoredFile) -> StoredFile:
    return replace(sample, name=f"{str(PROOFS[item])[:40]}.pdf")


def _decided(district: District, found: list[Application]) -> None:
    """One of each fate; the section acts as it would."""
    desk = district.performance[0]
    for application, (_name, _kind, fate) in zip(found, APPLICANTS, strict=True):
        if fate == "entered":
            deciding.enter_applicant(desk, application, "", 14)
        elif fate == "refused":
            words = "主营业务为招标代理，未提供绩效评价服务，不属于财监〔2021〕4号第二条所列机构。"
            deciding.refuse_application(desk, application, words)
        elif fate == "returned":
            why = {
                Requirement.LEAD_EVALUATORS: "第二名主评人缺从事绩效评价三年以上的证明。",
                Requirement.TRAINING: "请补充年度培训计划。",
            }
            deciding.return_application(desk, application, why, "请在一个月内补正。")


def _ranked(district: District) -> None:
    """The pool learns which rate is whose: professors and 正高 are senior, the others associate."""
    for user in district.experts:
        known = db.session.get(Expert, user.id)
        if known is None:
            continue
        senior = any(word in known.title for word in ("正高", "教授"))
        rank = Rank.SENIOR if senior else Rank.ASSOCIATE
        fields = [Field(one) for one in known.fields]
        told = experts.Told(fields, known.title, known.employer, known.shut_out, rank)
        experts.enter_expert(district.performance[0], user, told)


def _paid(district: District) -> None:
    """One concluded review: who was there, what it costs, how they did."""
    desk = district.performance[0]
    query = select(ExpertReview).where(ExpertReview.concluded_at.is_not(None))
    review = db.session.scalar(query.order_by(ExpertReview.id.desc()).limit(1))
    if review is None:
        return
    duties.note_attendance(desk, review, {seat.id: 1 + seat.number % 2 for seat in review.seats})
    duties.issue_fee_note(desk, review)
    for seat in (one for one in review.seats if not one.is_recused):
        mark = duties.Mark(5, 5, 4, "准备充分，意见具体。（演示）")
        duties.mark_expert(desk, seat, mark)
        break


def _at(day: date, hour: int) -> datetime:
    return clock.start_of(clock.add_working_days(day, 0)) + timedelta(hours=hour)
