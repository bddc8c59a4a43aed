from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.db import db, transaction
from app.errors import Missing
from app.intake import whole
from app.policy import Permission
from app.training import attendance, lists, making_up, services
from app.training.blueprint import bp
from app.training.forms import MakeUpForm
from app.training.hour_views import workbook
from app.training.models import Course, TrainingSession
from app.web import actor, load, page_of, spend, told_in


def session_for(session_id: int, permission: Permission) -> TrainingSession:
    """A training of a course on which this person may act so."""
    session = db.session.get(TrainingSession, session_id)
    if session is None:
        raise Missing
    load(Course, session.course_id, permission)
    return session


@bp.get("/training-sessions/<int:session_id>")
def show_session(session_id: int) -> ResponseReturnValue:
    session = session_for(session_id, Permission.COURSE_EDIT)
    present = attendance.present_at(session)
    told = {"now": clock.now(), "early": services.EARLY, **window_of(session)}
    return render_template("training/session.html", session=session, present=present, **told)


def window_of(session: TrainingSession) -> dict[str, object]:
    """Until when sign-ins are made up, and whether they are now."""
    until = making_up.last_day_to_make_up(session)
    return {"until": until, "may_be_made_up": making_up.may_be_made_up(session)}


@bp.post("/training-sessions/<int:session_id>/export")
def export_session(session_id: int) -> ResponseReturnValue:
    session = session_for(session_id, Permission.COURSE_EDIT)
    with transaction():
        made = lists.export_present(actor(), session)
    return workbook(made, f"{_('Attendance')} {session.title}.xlsx")


@bp.get("/training-sessions/<int:session_id>/made-up-sign-ins/new")
def new_made_up(session_id: int) -> ResponseReturnValue:
    return absent_page(session_for(session_id, Permission.COURSE_EDIT), MakeUpForm())


def absent_page(session: TrainingSession, form: MakeUpForm) -> str:
    """Those who belong to a training and have not signed in, found by name or house."""
    words = request.values.get("q", "").strip()[:80]
    page = page_of(attendance.absent_from(session, words), User.id, 30)
    chosen = request.form.getlist("person", type=whole)
    told = {"words": words, "chosen": chosen, "form": form, **window_of(session)}
    return render_template("training/make_up.html", session=session, page=page, **told)


@bp.post("/training-sessions/<int:session_id>/made-up-sign-ins")
def make_up(session_id: int) -> ResponseReturnValue:
    session, form = session_for(session_id, Permission.COURSE_EDIT), MakeUpForm()
    if form.validate_on_submit() and (people := chosen_in(form, session)):
        with told_in(form, "reason"), transaction():
            spend(form.once.data)
            for person in people:
                making_up.make_up_sign_in(actor(), session, person, form.reason.data or "")
    if form.errors:
        return absent_page(session, form), 422
    flash(_("Sign-ins made up: %(count)s", count=len(people)))
    return redirect(url_for(".show_session", session_id=session_id))


def chosen_in(form: MakeUpForm, session: TrainingSession) -> list[User]:
    """The people who were ticked; nobody if one of them is none for whom the training was."""
    keys = set(request.form.getlist("person", type=whole))
    found = db.session.scalars(select(User).where(User.id.in_(keys)).order_by(User.id))
    people = [one for one in found if attendance.belongs(one, session.course)]
    if people and len(people) == len(keys):
        return people
    form.reason.errors = [*form.reason.errors, _("Tick who was there")]
    return []
