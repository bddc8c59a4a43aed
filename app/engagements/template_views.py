"""The pages of templates and of what may be entrusted."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.queries import names_of
from app.audit.timeline import timeline
from app.db import db, transaction
from app.engagements import queries
from app.engagements import templates as services
from app.engagements.blueprint import bp
from app.engagements.models import EngagementTemplate
from app.engagements.template_forms import TemplateForm
from app.intake import whole
from app.policy import Permission
from app.web import actor, gate, load, told_in


@bp.get("/engagement-templates")
def templates() -> ResponseReturnValue:
    gate(Permission.TEMPLATE_READ)
    return render_template(
        "engagements/templates.html",
        templates=db.session.scalars(queries.templates_in_force()).all(),
        service_types=db.session.scalars(queries.service_types()).all(),
    )


@bp.get("/engagement-templates/<int:template_id>")
def show_template(template_id: int) -> ResponseReturnValue:
    template = load(EngagementTemplate, template_id, Permission.TEMPLATE_READ)
    versions = db.session.scalars(queries.versions_of(template.code)).all()
    return render_template(
        "engagements/template.html",
        template=template,
        versions=versions,
        outcome_share=services.outcome_share(template.scoring_frame),
        entries=timeline(*versions, names=names_of),
    )


@bp.get("/engagement-templates/<int:template_id>/edit")
def edit_template(template_id: int) -> ResponseReturnValue:
    template = load(EngagementTemplate, template_id, Permission.TEMPLATE_READ)
    gate(Permission.TEMPLATE_EDIT, template)
    return edit_page(template, TemplateForm.of(template))


@bp.post("/engagement-templates/<int:template_id>/edit")
def save_template(template_id: int) -> ResponseReturnValue:
    template = load(EngagementTemplate, template_id, Permission.TEMPLATE_READ)
    gate(Permission.TEMPLATE_EDIT, template)
    form, following = TemplateForm(), None
    before = request.form.get("insert", type=whole)
    if before is not None:
        form.insert_stage(before)
        return edit_page(template, form)
    if form.validate_on_submit():
        with told_in(form), transaction():
            following = services.edit_template(actor(), template, form.told())
    if following is None:
        return edit_page(template, form), 422
    flash(_("Version %(number)s is in force for new engagements", number=following.version))
    return redirect(url_for(".show_template", template_id=following.id))


def edit_page(template: EngagementTemplate, form: TemplateForm) -> str:
    """The page of the form."""
    return render_template("engagements/edit_template.html", template=template, form=form)
