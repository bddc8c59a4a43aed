from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.queries import names_of
from app.audit.timeline import timeline
from app.db import db, transaction
from app.engagements.models import Engagement
from app.exporting import XLSX_MIME, content_disposition
from app.intake import whole
from app.policy import Permission
from app.rectifications import item_views, ledger, queries, services
from app.rectifications.blueprint import bp
from app.rectifications.forms import NoticeForm
from app.rectifications.models import RectificationItem, RectificationNotice
from app.web import actor, fresh_token, gate, load, page_of, spend, told_in

READ, ISSUE = Permission.RECTIFICATION_READ, Permission.RECTIFICATION_ISSUE
FILTERS = {"open": queries.is_open, "overdue": queries.is_overdue}
MOST_ROWS = 5000
__all__ = ["bp", "item_views"]  # the latter adds its pages to bp


@bp.get("/rectifications")
def index() -> ResponseReturnValue:
    gate(Permission.RECTIFICATION_LIST)
    chosen = request.args.get("show", "open")
    query = queries.items_visible_to(actor())
    if chosen in FILTERS:
        query = query.where(FILTERS[chosen]())
    page = page_of(query, RectificationItem.id)
    first = db.session.scalars(queries.owed_by(actor()).limit(1)).first()
    return render_template("rectifications/index.html", page=page, chosen=chosen, first=first)


@bp.get("/rectifications/ledger")
def export() -> ResponseReturnValue:
    gate(Permission.RECTIFICATION_LIST)
    query = queries.items_visible_to(actor()).order_by(RectificationItem.id)
    items = db.session.scalars(query.limit(MOST_ROWS)).all()
    made = ledger.workbook(items)
    with transaction():
        services.record_ledger(actor(), len(items))
    reply = Response(made, mimetype=XLSX_MIME)
    name = f"{_('Ledger of rectification')}.xlsx"
    reply.headers["Content-Disposition"] = content_disposition(name)
    return reply


@bp.get("/engagements/<int:engagement_id>/rectifications")
def of_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    return render_template(
        "rectifications/engagement.html",
        engagement=engagement,
        notices=queries.notices_of(engagement, actor()),
    )


def to_issue(engagement_id: int) -> Engagement:
    """An engagement after which this person may issue notices."""
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    gate(ISSUE, engagement)
    return engagement


@bp.get("/engagements/<int:engagement_id>/rectifications/new")
def new(engagement_id: int) -> ResponseReturnValue:
    return new_page(to_issue(engagement_id), NoticeForm(data={"once": fresh_token()}))


def new_page(engagement: Engagement, form: NoticeForm) -> str:
    """The page of a new notice."""
    form.bind(engagement)
    return render_template("rectifications/new.html", engagement=engagement, form=form)


@bp.post("/engagements/<int:engagement_id>/rectifications")
def issue(engagement_id: int) -> ResponseReturnValue:
    engagement, form, made = to_issue(engagement_id), NoticeForm(), None
    if (more := request.form.get("add", type=whole)) is not None:
        form.add_rows(more)
        return new_page(engagement, form)
    if form.bind(engagement).validate_on_submit():
        with told_in(form, "findings"), transaction():
            spend(form.once.data)
            made = services.issue_notice(actor(), engagement, form.told())
    if made is None:
        return new_page(engagement, form), 422
    flash(_("The notice is issued to %(unit)s", unit=made.unit.name))
    return redirect(url_for(".show", notice_id=made.id))


def to_read(notice_id: int) -> RectificationNotice:
    """A notice that this person may read, with everything that its page shows."""
    queries.whole_notice(notice_id)
    return load(RectificationNotice, notice_id, READ)


@bp.get("/rectification-notices/<int:notice_id>")
def show(notice_id: int) -> ResponseReturnValue:
    notice = to_read(notice_id)
    return render_template(
        "rectifications/show.html",
        notice=notice,
        engagement=notice.engagement,
        people=names_of({each.sent_by_id for each in notice.reminders}),
        entries=timeline(notice, names=names_of),
    )


@bp.post("/rectification-notices/<int:notice_id>/reminders")
def remind(notice_id: int) -> ResponseReturnValue:
    notice = to_read(notice_id)
    with transaction():
        services.remind_unit(actor(), notice)
    flash(_("The unit is reminded; it counts"))
    return redirect(url_for(".show", notice_id=notice_id))
