from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, engagements
from app.accounts.lookup_views import typed
from app.accounts.lookups import Asked, Lookup, lookups, short_list
from app.accounts.models import UNIT_KINDS, User
from app.accounts.queries import names_of, organisations
from app.agencies.queries import agencies_visible_to
from app.audit.timeline import timeline
from app.db import transaction
from app.display import local_date
from app.engagements import (
    decision_views,
    labels,
    moves,
    opening,
    progress,
    queries,
    template_views,
)
from app.engagements.blueprint import bp
from app.engagements.forms import CLIENT_KINDS, EngagementForm
from app.engagements.models import Engagement, Stage
from app.engagements.progress import EngagementState
from app.intake import whole
from app.policy import Permission, can
from app.web import actor, fresh_token, gate, load, page_of, spend, told_in

WITHOUT_PAPERS = ("engagement", "stage", "round")
__all__ = ["bp", "decision_views", "template_views"]  # these two add their pages to bp
lookups["evaluated-units"] = Lookup(
    Permission.ENGAGEMENT_OPEN, lambda _user: organisations(*UNIT_KINDS)
)
lookups["clients"] = Lookup(Permission.ENGAGEMENT_OPEN, lambda _user: organisations(*CLIENT_KINDS))
lookups["engagement-agencies"] = Lookup(Permission.BOARD_READ, agencies_visible_to)


@bp.get("/engagements")
def index() -> ResponseReturnValue:
    gate(Permission.BOARD_READ)
    findable = agencies_visible_to(actor())
    agency = typed("agency", findable)
    filters = asked(agency)
    query = queries.narrowed(queries.engagements_visible_to(actor()), filters).order_by(None)
    page = page_of(queries.with_particulars(query), Engagement.id)
    return render_template(
        "engagements/index.html",
        page=page,
        filters=filters,
        years=queries.years(),
        agency=agency,
        agencies=short_list(findable),
    )


def asked(agency: Asked) -> queries.Filters:
    """What the reader asked the list for; nonsense is passed over."""
    state = request.args.get("state", "")
    return queries.Filters(
        words=request.args.get("q", "").strip()[:80],
        year=request.args.get("year", type=whole),
        agency=agency.keys,
        state=EngagementState(state) if state in set(EngagementState) else None,
        stage=state if state in queries.STAGE_STATES else "",
    )


@bp.get("/engagements/new")
def new() -> ResponseReturnValue:
    gate(Permission.ENGAGEMENT_OPEN)
    form = EngagementForm().offer()
    return render_template("engagements/new.html", form=form, once=fresh_token())


@bp.post("/engagements")
def open_engagement() -> ResponseReturnValue:
    gate(Permission.ENGAGEMENT_OPEN)
    form, engagement = EngagementForm(), None
    rows_changed = change_rows(form)
    if not rows_changed and form.offer().validate_on_submit():
        with told_in(form), transaction():
            spend(request.form.get("once"))
            engagement = opening.open_engagement(actor(), form.told())
    if engagement is None:
        once, status = request.form.get("once") or fresh_token(), 200 if rows_changed else 422
        return render_template("engagements/new.html", form=form.offer(), once=once), status
    flash(_("Engagement %(code)s is open", code=engagement.code))
    return redirect(url_for(".show", engagement_id=engagement.id))


def change_rows(form: EngagementForm) -> bool:
    """Add empty rows or drop one, as the pressed button says; nothing is saved by it."""
    added = request.form.get("add", type=whole)
    dropped = request.form.get("drop", type=whole)
    if dropped is not None and 0 <= dropped < len(form.tasks) and len(form.tasks) > 1:
        form.drop_task(dropped)
    for _row in range(min(added or 0, 20)):
        form.add_task()
    return added is not None or dropped is not None


@bp.get("/engagements/<int:engagement_id>")
def show(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    user = actor()
    return render_template(
        "engagements/show.html",
        engagement=engagement,
        current=engagement.current_stage,
        marks=marks_of(engagement),
        owed=owed(user, engagement.current_stage),
        doubts=doubts_of_days(engagement),
        noted=noted_before_approval(user, engagement.current_stage),
        panels=[panel for shown in engagements.panels if (panel := shown(engagement, user))],
        people=names_of({d.decided_by_id for d in engagement.decisions}),
        entries=timeline(engagement, names=names_of, kinds=told_to(user, engagement), reader=user),
    )


def told_to(user: User, engagement: Engagement) -> tuple[str, ...]:
    """The kinds of events on the time line: of papers and opinions only to those who read them."""
    return () if can(user, Permission.PAPER_READ, engagement) else WITHOUT_PAPERS


def marks_of(engagement: Engagement) -> list[tuple[str, str]]:
    """The strip of stages in the reader's language."""
    names = [str(labels.stage_label(stage.code, stage.name)) for stage in engagement.stages]
    current = engagement.current_stage_position
    return progress.marks(engagement.stages, current, names, clock.today())


def doubts_of_days(engagement: Engagement) -> list[str]:
    """What to know of the days to come: they run past the contract, or are not final yet."""
    stages, end = engagement.stages_to_come, engagement.ends_on
    found = [
        _("The final report is due on %(due)s, after the work's end of %(end)s",
          due=local_date(stage.due_on), end=local_date(end))
        for stage in stages if stage.code == moves.FINAL_REPORT and stage.due_on > end
    ]  # fmt: skip
    if years := {stage.due_on.year for stage in stages} - set(clock.years_covered()):
        listed = ", ".join(map(str, sorted(years)))
        found.append(
            _("Holidays of %(years)s aren't entered yet: days there may move", years=listed)
        )
    return found


def noted_before_approval(user: User, stage: Stage | None) -> list[Any]:
    """What stands beside the button that approves a stage, for those who have it."""
    if stage is None or stage.submitted_at is None or stage.approved_at is not None:
        return []
    return moves.worth_knowing(stage) if can(user, Permission.STAGE_DECIDE, stage) else []


def owed(user: User, stage: Stage | None) -> list[Any]:
    """What is missing before the next step, for those who may take it."""
    if stage is None or stage.approved_at is not None:
        return []
    if stage.code == moves.ACCEPTANCE:
        waits = can(user, Permission.ACCEPTANCE_DECIDE, stage)
        return moves.missing_for_acceptance(stage.engagement) if waits else []
    if stage.submitted_at is None and stage.code not in moves.ELSEWHERE:
        waits = can(user, Permission.STAGE_SUBMIT, stage)
        return moves.missing_for_submission(stage) if waits else []
    waits = can(user, Permission.STAGE_DECIDE, stage) or can(
        user, Permission.ENGAGEMENT_CLOSE, stage
    )
    return moves.missing_for_approval(stage) if waits and stage.code != moves.RATING else []
