"""The lists of training as workbooks: who was there, and the hours of a year."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import extract, select

from app import audit
from app.accounts.models import Organisation, User
from app.db import db
from app.exporting import Sheet, to_xlsx
from app.policy import Permission, require
from app.training.attendance import Present, present_at
from app.training.labels import SOURCES, STATES
from app.training.models import HourRecord, TrainingSession


def export_present(actor: User, session: TrainingSession) -> bytes:
    """The list of who signed in at a training (签到表), for the file."""
    require(actor, Permission.COURSE_EDIT, session.course)
    rows = present_at(session)
    heads = [_("No."), _("Name of the person"), _("Organisation"), _("Signed in at"), _("Hours")]
    heads.append(_("Remark"))
    told = [(n, *row[:3], session.hours, remark_of(row)) for n, row in enumerate(rows, 1)]
    title = f"{session.title} · {session.place}"
    made = to_xlsx({_("Sign-in list"): Sheet(heads, told, title=title)})
    audit.record(actor, audit.Event.TRAINING_EXPORTED, session, rows=len(rows))
    return made


def remark_of(row: Present) -> str:
    """Who made a sign-in up and why; nothing for those who signed in themselves."""
    if row.made_by is None:
        return ""
    return _("Made up by %(name)s: %(reason)s", name=row.made_by, reason=row.reason)


def export_hours(actor: User, year: int) -> bytes:
    """All hours that were earned in a year, by organisation and person (学时台账)."""
    require(actor, Permission.COURSE_EDIT, None)
    rows = _hours_of(year)
    title = _("Hours of training in %(year)s", year=year)
    made = to_xlsx({str(year): Sheet(_heads(), rows, title=title)})
    audit.record(actor, audit.Event.HOURS_EXPORTED, f"user_account:{actor.id}", rows=len(rows))
    return made


def _heads() -> list[str]:
    told = [_("Organisation"), _("Name of the person"), _("For what"), _("Source")]
    told += [_("Who held it"), _("Hours"), _("Earned on"), _("Valid until"), _("State")]
    return [*told, _("Certificate number")]


def _hours_of(year: int) -> list[tuple[str | int | date, ...]]:
    query = (
        select(HourRecord, Organisation.name)
        .join(User, HourRecord.user_id == User.id)
        .join(Organisation, User.organisation_id == Organisation.id)
        .where(extract("year", HourRecord.earned_on) == year)
        .order_by(Organisation.name, User.name, HourRecord.id)
    )
    return [_row(record, home) for record, home in db.session.execute(query)]


def _row(one: HourRecord, home: str) -> tuple[str | int | date, ...]:
    state = _("Expired") if one.has_expired else str(STATES[one.state][0])
    what = (home, one.user.name, one.title, str(SOURCES[one.source]), one.provider, one.hours)
    return (*what, one.earned_on, one.expires_on, state, one.certificate or "")
