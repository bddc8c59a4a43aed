from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clarifications import services
from app.clarifications.models import Question
from app.db import db
from app.errors import Missing
from app.policy import Permission
from app.procurement.asking import Ask, settle
from app.procurement.lot_forms import WordsForm
from app.procurement.models import Need
from app.web import actor, gate, load

bp = Blueprint("clarifications", __name__)


@bp.route("/procurement/<int:need_id>/questions", methods=["GET", "POST"])
def ask(need_id: int) -> ResponseReturnValue:
    need = load(Need, need_id, Permission.PROCUREMENT_READ)
    gate(Permission.PROCUREMENT_OFFER, need)
    form, back = (
        WordsForm.called(_("Question about the notice")),
        url_for("procurement.show", need_id=need_id),
    )
    note = _("The answer goes to all; nobody else learns who asked. Name nobody in your words.")
    told = Ask(_("Ask about the notice"), need.name, _("Ask it"), back, note)
    done = _("The question is asked; the answer will stand on the page of the need")
    return settle(form, told, lambda: services.ask(actor(), need, form.text), done)


@bp.route("/need-questions/<int:need_question_id>/answer", methods=["GET", "POST"])
def answer(need_question_id: int) -> ResponseReturnValue:
    question = db.session.get(Question, need_question_id)
    gate(Permission.PROCUREMENT_PLAN, question and question.need)
    if question is None:
        raise Missing
    form = WordsForm.called(_("Answer to all"))
    back = url_for("procurement.show", need_id=question.need_id)
    told = Ask(_("Answer the question"), question.need.name, _("Answer"), back, question.words)
    done = _("Answered; every agency was told")
    return settle(form, told, lambda: services.answer(actor(), question, form.text), done)


@bp.route("/procurement/<int:need_id>/notice-changes", methods=["GET", "POST"])
def change(need_id: int) -> ResponseReturnValue:
    need = load(Need, need_id, Permission.PROCUREMENT_PLAN)
    form = WordsForm.called(_("What changes"))
    note = _("Where less than five days are left, the end moves to five days from now.")
    back = url_for("procurement.show", need_id=need_id)
    told = Ask(_("Change the notice"), need.name, _("Change the notice"), back, note)
    done = _("The notice is changed; every agency was told")
    return settle(form, told, lambda: services.change_notice(actor(), need, form.text), done)
