from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.db import transaction
from app.policy import Permission
from app.web import actor, gate, spend
from app.working_days import folder, forms, queries, services

bp = Blueprint("working_days", __name__, url_prefix="/system/working-days")


@bp.get("")
def index() -> ResponseReturnValue:
    gate(Permission.SYSTEM_READ)
    return _shown(forms.empty_form())


@bp.post("")
def add() -> ResponseReturnValue:
    gate(Permission.SYSTEM_CONFIGURE)
    form = forms.TableForm()
    if not form.validate_on_submit():
        return _shown(form), 422
    with transaction():
        spend(form.once.data)
        services.add_table(actor(), form.asked(), folder())
    flash(_("Working days are counted by the new table from now on"))
    return redirect(url_for(".index"))


def _shown(form: forms.TableForm) -> str:
    entered = {table.year: table for table in queries.tables()}
    return render_template(
        "working_days/index.html",
        form=form,
        years=[(year, clock.source_of(year), entered.get(year)) for year in clock.years_covered()],
        missing=clock.missing_years(clock.today()),
    )
