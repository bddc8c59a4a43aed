"""How the district's people hear of things, who stands in for whom, whose work changed hands."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.db import db
from app.demo.district import District
from app.handovers import services as handovers
from app.handovers.queries import colleagues
from app.notifications import choosing, targeting
from app.notifications.kinds import Kind
from app.notifications.models import Format
from app.policy import Role

# Reserved by RFC 2606: nobody is reached there.
ROBOTS = "https://robot.example.invalid"


def tell(district: District) -> Iterator[datetime]:
    """A change of posts, a leave that goes on today, a robot, and one's own choice of mails."""
    giver, taker = district.performance[-1], district.performance[0]
    today = clock.today()
    yield _at(today - timedelta(days=12), 9)
    moved = handovers.propose_handover(giver, giver, taker, "科室内部分工调整，原经办事项移交。")
    yield _at(today - timedelta(days=11), 10)
    handovers.confirm_handover(taker, moved)
    yield _at(today - timedelta(days=2), 11)
    _targets()
    choosing.choose(taker, choosing.NewChoice("", (), is_digest=True, quiet_from=21, quiet_until=7))
    yield _at(today - timedelta(days=1), 15)
    _leave(taker, giver, today + timedelta(days=6))
    yield _at(today - timedelta(days=1), 16)
    _of_an_agency(district)


def _leave(principal: User, deputy: User, until: date) -> None:
    leave = handovers.Leave(clock.today(), until, "年休假")
    handovers.name_deputy(principal, principal, deputy, leave)


def _targets() -> None:
    admin = db.session.scalars(select(User).where(User.role == Role.SYSTEM_ADMIN)).first()
    if admin is None:
        return
    kinds = (Kind.RANKING_PUBLISHED.label, Kind.STORE_ALARM.label)
    for name, form, secret in (
        ("绩效科工作群（演示）", Format.WECOM, ""),
        ("局内值班群（演示，已停用）", Format.DINGTALK, "SEC-demo"),
    ):
        new = targeting.NewTarget(
            name=name, format=form, url=f"{ROBOTS}/{form.value}", secret=secret, kinds=kinds,
            organisation=None,
        )  # fmt: skip
        target = targeting.add_target(admin, new)
    targeting.retire_target(admin, target)


def _of_an_agency(district: District) -> None:
    """A member of an agency asks a colleague, whose word is awaited."""
    for firm in district.firms:
        for member in firm.members:
            colleague = db.session.scalars(colleagues(member).limit(1)).first()
            if colleague is not None:
                handovers.propose_handover(member, member, colleague, "项目组成员调整。")
                return


def _at(day: date, hour: int) -> datetime:
    return clock.start_of(day) + timedelta(hours=hour)
