"""What archives and stores see: files that should not have come, a package, and a legal hold."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app import clock
from app.accounts.models import User
from app.archiving import catalogue, packing
from app.archiving.contents import contents_of
from app.archiving.services import record_package
from app.blobs.models import WithheldFile
from app.custody.services import ask_hold, confirm_hold
from app.db import db
from app.demo.district import District
from app.engagements.models import Engagement
from app.papers.models import IndexClass, PaperVersion, WorkingPaper
from app.policy import Role
from app.requests.models import RequestFile
from app.spills import services as spills
from app.spills.models import SpillKind

KEPT = timedelta(days=90)
PERSONAL = "访谈记录附件列有受访群众身份证号和手机号，未作遮盖，系经办人误传。（演示）"
CONFIRMED = "经核实属个人信息误传，同意销毁；请机构遮盖后重新报送。（演示）"
OF_UNIT = "单位报送的补贴发放名册含身份证号、银行卡号，应遮盖后再报送。（演示）"
CONFIRMED_OF_UNIT = "情况属实，同意销毁；请单位遮盖后按资料清单重新报送。（演示）"
CLASSIFIED = "附件首页疑似标有密级，已通知机构停止传播，待保密机构核实。（演示）"
HOLD = "区审计局延伸审计（演示文号：演审通〔2026〕7号）期间，相关档案暂停处置。"


def ago(days: int, hour: int) -> datetime:
    """This hour so many days ago."""
    return clock.start_of(clock.today() - timedelta(days=days)) + timedelta(hours=hour)


def tell(district: District) -> Iterator[datetime]:
    """Misplaced files were destroyed this week, one waits; one archive is under legal hold."""
    yield ago(20, 10)
    officer, leader, archivist = _people(district)
    if (engagement := _archived()) is not None:
        _take_package(archivist, engagement)
        yield ago(19, 9)
        hold = ask_hold(archivist, engagement, HOLD)
        yield ago(19, 15)
        confirm_hold(leader, hold)
    yield ago(7, 9)
    if (version := _misplaced()) is not None:
        told = spills.Report(version.sha256, SpillKind.PERSONAL, PERSONAL)
        spill = spills.report_spill(officer, version, told)
        yield ago(7, 14)
        spills.destroy_spill(district.security_admin, spill, CONFIRMED, backups_kept=KEPT)
    yield from _of_a_unit(officer, leader)
    yield ago(1, 16)
    if (version := _misplaced()) is not None:
        told = spills.Report(version.sha256, SpillKind.CLASSIFIED, CLASSIFIED)
        spills.report_spill(officer, version, told)


def _of_a_unit(officer: User, leader: User) -> Iterator[datetime]:
    """What a unit handed over by mistake is reported on the page of the request."""
    yield ago(3, 10)
    if (file := _handed_over()) is not None:
        told = spills.Report(file.sha256, SpillKind.PERSONAL, OF_UNIT)
        spill = spills.report_spill(officer, file, told)
        yield ago(3, 15)
        spills.destroy_spill(leader, spill, CONFIRMED_OF_UNIT, backups_kept=KEPT)


def _take_package(archivist: User, engagement: Engagement) -> None:
    """The archivist takes the package: from then on the files are archived."""
    found = contents_of(engagement)
    attached = {catalogue.XLSX: catalogue.workbook(found)}
    record_package(archivist, engagement, packing.manifest_of(found, attached, archivist.name))


def _people(district: District) -> tuple[User, User, User]:
    if district.leader is None:
        raise LookupError("the district has a leader")
    archivist = db.session.scalars(select(User).where(User.role == Role.ARCHIVIST)).first()
    if archivist is None:
        raise LookupError("the district has an archivist")
    return district.performance[0], district.leader, archivist


def _archived() -> Engagement | None:
    """The engagement that was closed last."""
    closed = select(Engagement).where(Engagement.closed_at.is_not(None))
    return db.session.scalar(closed.order_by(Engagement.closed_at.desc()).limit(1))


def _handed_over() -> RequestFile | None:
    """The newest file that a unit handed over and that is nothing else's, paper or file."""
    same = select(RequestFile.sha256).group_by(RequestFile.sha256).having(func.count() > 1)
    return db.session.scalar(
        select(RequestFile)
        .where(RequestFile.sha256.not_in(select(PaperVersion.sha256)))
        .where(RequestFile.sha256.not_in(same), RequestFile.voided_at.is_(None))
        .order_by(RequestFile.id.desc())
        .limit(1)
    )


def _misplaced() -> PaperVersion | None:
    """The newest interview or questionnaire whose bytes are nobody else's."""
    withheld = select(WithheldFile.sha256)
    alone = select(PaperVersion.sha256).group_by(PaperVersion.sha256).having(func.count() == 1)
    return db.session.scalar(
        select(PaperVersion)
        .join(PaperVersion.paper)
        .where(WorkingPaper.index_class.in_([IndexClass.D, IndexClass.E, IndexClass.F]))
        .where(PaperVersion.sha256.in_(alone), PaperVersion.sha256.not_in(withheld))
        .order_by(PaperVersion.id.desc())
        .limit(1)
    )
