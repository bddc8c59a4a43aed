"""The final report: what was handed in, round by round, and handing in the next."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db, transaction
from app.engagements.models import Engagement
from app.papers import labels, queries, receiving, reports, review_queries, sending
from app.papers.blueprint import bp
from app.papers.forms import ReportForm
from app.papers.models import PaperVersion, SealKind
from app.policy import Permission
from app.web import actor, fresh_token, gate, load, spend


def report_form(engagement: Engagement) -> ReportForm:
    """The reports that may be handed in; the one that the template marks is meant, not a draft."""
    versions = list(queries.report_versions(engagement))
    marked = [one.id for one in versions if review_queries.is_marked(one.paper)]
    form = ReportForm(data={"once": fresh_token(), "version": marked[0] if marked else None})
    form.bind(versions)
    return form


@bp.get("/engagements/<int:engagement_id>/report")
def report(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.PAPER_READ)
    return report_page(engagement, report_form(engagement))


@bp.post("/engagements/<int:engagement_id>/report")
def submit_report(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.PAPER_READ)
    gate(Permission.REPORT_SUBMIT, engagement)
    form = report_form(engagement)
    with receiving.told_at(form.version) as told:
        if form.validate_on_submit():
            hand_in(engagement, form)
    if form.errors:
        return report_page(engagement, form), told.status
    flash(_("The final report is submitted and locked"))
    return redirect(url_for(".report", engagement_id=engagement.id))


def hand_in(engagement: Engagement, form: ReportForm) -> None:
    """Read the PDF first: that may take seconds, in which nothing else should wait."""
    version = db.session.get_one(PaperVersion, form.version.data)
    pdf = sending.pdf_facts(version, engagement.lead_evaluator.name)
    with transaction():
        spend(form.once.data)
        new = reports.NewReport(
            version=version,
            signed_by=engagement.lead_evaluator,
            seal=SealKind(form.seal.data),
            pdf=pdf,
            name_is_ticked=form.name_is_ticked.data,
        )
        reports.submit_report(actor(), engagement, new)


def report_page(engagement: Engagement, form: ReportForm) -> str:
    found = queries.reports_of(engagement)
    present = any(one.round == engagement.refusal_count + 1 for one in found)
    return render_template(
        "papers/report.html",
        engagement=engagement,
        reports=found,
        awaits=not present,
        form=form,
        unreviewed=[] if present else review_queries.unreviewed_papers(engagement),
        labels=labels,
    )
