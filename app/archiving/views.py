from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.queries import names_of
from app.archiving import queries, services
from app.archiving.blueprint import bp
from app.archiving.forms import RetentionForm
from app.audit.timeline import timeline
from app.db import transaction
from app.policy import Permission
from app.web import actor, gate

__all__ = ["bp"]


@bp.get("/retention")
def retention() -> ResponseReturnValue:
    gate(Permission.RETENTION_EDIT)
    return retention_page(RetentionForm.of(queries.retention_rules()))


@bp.post("/retention")
def set_retention() -> ResponseReturnValue:
    gate(Permission.RETENTION_EDIT)
    form = RetentionForm()
    if not form.validate_on_submit():
        return retention_page(form), 422
    with transaction():
        services.set_retention(actor(), form.told())
    flash(_("The retention classes are in force"))
    return redirect(url_for(".retention"))


def retention_page(form: RetentionForm) -> str:
    return render_template(
        "archiving/retention.html",
        form=form,
        events=timeline("retention_rule:all", names=names_of),
    )
