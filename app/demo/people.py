"""What the first month and the pool of experts leave: a ledger, slips, profiles, a drawn panel."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta

import openpyxl
from sqlalchemy import select

from app import clock
from app.accounts import services as accounts
from app.accounts.models import User
from app.accounts.services import NewAccount
from app.db import db
from app.demo.district import District
from app.engagements.models import Engagement
from app.experts import paneling
from app.experts import services as experts
from app.experts.models import Field, Rank
from app.onboarding import activating
from app.onboarding.ledgers import PEOPLE
from app.onboarding.services import import_ledger
from app.personal import services as personal
from app.policy import Role
from app.procurement.draws import Revealed

PROFILES = (
    ((Field.BUDGET, Field.ACCOUNTING), "正高级会计师"),
    ((Field.AGRICULTURE, Field.BUDGET), "教授"),
    ((Field.HEALTH, Field.EDUCATION, Field.BUDGET), "高级经济师"),
)
FURTHER = (
    ("zhuanjia4", "演示沈砚", (Field.ENGINEERING, Field.ENVIRONMENT), "高级工程师"),
    ("zhuanjia5", "演示裴若水", (Field.EDUCATION, Field.WELFARE), "教授"),
    ("zhuanjia6", "演示陆知远", (Field.INFORMATION, Field.LAW), "律师"),
)
BEACON = "演示公开号码第 2026135 期全部号码，按公布顺序"
NUMBERS = Revealed("03 11 17 22 29 31 + 08", "演示公告（号码为虚构）", "")


def tell(district: District) -> Iterator[datetime]:
    """Experts enter the pool, a panel is drawn; new officers wait for their slips."""
    today, officer = clock.today(), district.performance[0]

    def ago(days: int, hour: int) -> datetime:
        return clock.start_of(today - timedelta(days=days)) + timedelta(hours=hour)

    yield ago(30, 9)
    for user, (fields, title) in zip(district.experts, PROFILES, strict=False):
        told = experts.Told(fields, title, "演示大学公共管理学院", [])
        experts.enter_expert(officer, user, told)
    _further_experts(district)
    engagement = db.session.scalar(
        select(Engagement).where(Engagement.accepted_at.is_(None)).order_by(Engagement.id.desc())
    )
    if engagement is not None and len(district.experts) > 1:
        panel = paneling.NewPanel(2, Field.BUDGET, BEACON, ago(26, 20))
        draw, secret = experts.freeze_panel(officer, engagement, panel)
        yield ago(25, 9)
        told_later = Revealed(NUMBERS.value, NUMBERS.source, secret)
        experts.hold_panel(officer, draw, told_later)
    yield ago(6, 10)
    import_ledger(officer, PEOPLE, _new_officers(district))
    yield ago(6, 11)
    new = db.session.scalars(select(User).where(User.login.like("xin%")).order_by(User.id))
    activating.issue_slips(officer, list(new), 14)
    unit = district.officer_of(district.units[0].id)
    yield ago(3, 15)
    personal.ask_correction(unit, "本人姓名登记有误，请按身份证更正。（演示）")


def _further_experts(district: District) -> None:
    """Experts of other fields whose accounts nobody has activated; the last one knows an agency."""
    officer, shut_out = district.performance[0], list[int]()
    for login, name, fields, title in FURTHER:
        new = NewAccount(district.bureau, Role.EXPERT, login, name)
        user = accounts.open_account_without_password(district.security_admin, new)
        if login == FURTHER[-1][0]:
            shut_out = [district.firms[0].agency.id]
        rank = Rank.SENIOR if title == "教授" else Rank.ASSOCIATE
        told = experts.Told(fields, title, "演示市咨询研究院", shut_out, rank)
        experts.enter_expert(officer, user, told)


def _new_officers(district: District) -> bytes:
    """The ledger that the bureau brings in: one new officer for each of three units."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([column.heads[0] for column in PEOPLE.columns.values()])
    for number, unit in enumerate(district.units[:3], start=1):
        name = next(district.fresh_names)
        sheet.append([name, f"xin{number}", unit.name, "unit_officer", None])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
