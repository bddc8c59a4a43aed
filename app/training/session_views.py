from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.db import db, transaction
from app.errors import Missing
from app.policy import Permission
from app.training import lists, services
from app.training.blueprint import bp
from app.training.hour_views import workbook
from app.training.models import Course, TrainingSession
from app.web import actor, load


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
    told = {"present": lists.present_at(session), "now": clock.now(), "early": services.EARLY}
    return render_template("training/session.html", session=session, **told)


@bp.post("/training-sessions/<int:session_id>/export")
def export_session(session_id: int) -> ResponseReturnValue:
    session = session_for(session_id, Permission.COURSE_EDIT)
    with transaction():
        made = lists.export_present(actor(), session)
    return workbook(made, f"{_('Attendance')} {session.title}.xlsx")
