"""What can go wrong, in the words of the business. Only this module knows HTTP codes."""

from collections.abc import Callable
from typing import cast

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

Words = str | LazyString


class PortalError(Exception):
    """Base of every error that a user may see."""

    status = 400
    message: Words = _("This can't be done")

    def __init__(
        self, message: Words | None = None, *, asked: str = "", about: object = None
    ) -> None:
        """`asked` names the permission that was refused, `about` the record it was asked for."""
        super().__init__(message or self.message)
        self.message = message or self.message
        self.asked, self.about = asked, about


class Invalid(PortalError):
    """What was entered breaks a rule of the field; `field` is its name in the form, if known."""

    status = 422

    def __init__(self, message: Words | None = None, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Forbidden(PortalError):
    status = 403
    message = _("You don't have the permission for this")


class Missing(PortalError):
    """The record isn't there, or isn't there for this person."""

    status = 404
    message = _("There is no such page, or it isn't yours to see")


class Conflict(PortalError):
    """The record is no longer in a state that allows the action."""

    status = 409
    message = _("The record is no longer in a state that allows this")


class SentTwice(Conflict):
    """The very form was sent before: it did its work, and nothing new is refused."""


class Stale(Conflict):
    """Somebody else changed the record between reading and sending."""

    message = _("Somebody changed this record after you opened it. Reload and look again")


class TooLarge(PortalError):
    status = 413
    message = _("The file is larger than the limit")


class Gone(PortalError):
    """It was here, and ended."""

    status = 410
    message = Missing.message


class CutShort(Invalid):
    """Fewer bytes than were announced."""

    status = 400
    message = _("The file did not arrive whole. Check the connection and send it again")


class OtherProtocol(PortalError):
    """The sender of a file speaks another version of the protocol."""

    status = 412
    message = _("The request can't be understood")


class NoPart(PortalError):
    """The body is not a part of a file."""

    status = 415
    message = _("The request can't be understood")


class ChangedOnTheWay(PortalError):
    """The part is not what its checksum says; nothing of it is kept."""

    status = 460  # the number that tus gives it
    message = _("The part was changed on its way; send it again")


class Unavailable(PortalError):
    """Something outside the portal is away for the moment."""

    status = 503
    message = _(
        "The file store can't be reached at the moment. Nothing is lost: please try again later"
    )


# The database has the last word on these; here is how to say it to a person.
REFUSALS: dict[str, Words] = {
    "uq_paper_version_paper_id_number": _(
        "This version number exists already. Reload and try again"
    ),
    "uq_working_paper_engagement_id_index_no": _("This index number is taken in this engagement"),
    "uq_ranking_request_as_of": _("A ranking up to this day is being computed already"),
    "uq_handover_giver_id": _("A hand-over of this person's work waits already"),
    "uq_user_account_login": _("This sign-in name is taken"),
    "uq_sign_on_link_issuer_subject": _("This identifier is linked to another account already"),
    "uq_sign_on_link_user_id_issuer": _("This account is linked already"),
    "uq_api_receipt_token_id_key": _("The same request is being done at this moment. Ask again"),
    "uq_yearly_confirmation_agency_id_year": _("This year is confirmed already"),
    "uq_organisation_credit_code": _("This credit code is registered already"),
    "uq_organisation_kind_name": _("An organisation of this kind and name exists already"),
    "uq_evaluator_user_id": _("This account belongs to another entry of the list already"),
    "uq_engagement_code": _("This engagement number is taken"),
    "uq_review_invitation_id_version": _("This review has been submitted already"),
    "uq_review_round_id_author_id_version": _("You have rated this engagement already"),
    "uq_appeal_round_id": _("An appeal against this rating was filed already"),
    "uq_unit_rating_engagement_id_unit_id": _(
        "Your agency has rated this unit for this engagement already"
    ),
    "uq_review_round_engagement_id": _("The rating of this engagement was opened already"),
    "uq_final_report_engagement_id_round": _("A final report was submitted for this round already"),
    "uq_indicator_system_engagement_id_task_number_version": _(
        "Somebody began this version at the same moment. Reload and look again"
    ),
    "uq_result_use_task_id_budget_year": _("This task has its row for this budget year already"),
    "uq_annual_list_year_version": _(
        "Somebody drew up this list at the same moment. Reload and look again"
    ),
    "uq_assessment_engagement_id_version": _("The assessment of this job was begun already"),
    "uq_assessment_rules_version": _(
        "Somebody began this version at the same moment. Reload and look again"
    ),
    "uq_objection_assessment_id": _("An objection to this was raised already"),
    "uq_objection_consequence_id": _("An objection to this was raised already"),
    "uq_framework_agreement_code": _("An agreement of this number is entered already"),
    "uq_procurement_award_lot_id": _("Somebody awarded this lot at the same moment"),
    "uq_procurement_offer_lot_id_agency_id": _("Your agency has signed up for this lot already"),
    "uq_procurement_need_code": _("Somebody took this number at the same moment. Try again"),
    "uq_award_objection_award_id_agency_id": _("This agency has objected already"),
    "uq_objection_row_id": _("An objection to this was raised already"),
    "uq_ranking_snapshot_code": _("A snapshot with this number exists already"),
    "uq_sent_form_token": _("This form was sent already; nothing was done twice"),
    "pk_sent_form": _("This form was sent already; nothing was done twice"),
}

_HTTP_WORDS: dict[int, Words] = {
    400: _("The request can't be understood"),
    401: _("Please sign in"),
    403: Forbidden.message,
    404: Missing.message,
    405: _("This address doesn't take such a request"),
    413: TooLarge.message,
    429: _("Too many attempts. Please wait and try again"),
    500: _("Something went wrong on our side. What you entered was not saved"),
    503: Unavailable.message,
}


# Told of every refusal after the fact, when the transaction of the refused action is over.
on_refused: list[Callable[[PortalError], None]] = []


# What can be said while the database is away.
PLAIN = (
    "系统暂时无法访问数据库，未保存任何内容，请稍后再试。\n"
    "The database can't be reached at the moment. Nothing was saved; please try again later.\n"
)


# Who tells errors in another form, by how the path begins: upper features join.
voices: dict[str, Callable[[Words, int, PortalError | None], Response]] = {}


def wants_json() -> bool:
    """Tell whether the page's own script asked, which shows the words beside its progress bar."""
    return request.headers.get("X-Requested-With") == "fetch"


def answer(
    words: Words, status: int, error: PortalError | None = None
) -> tuple[Response | str, int]:
    """Show words as a page, or as JSON to our own scripts and to other systems."""
    for start, tell in voices.items():
        if request.path.startswith(start):
            return tell(words, status, error), status
    if wants_json():
        return jsonify(error=str(words)), status
    try:
        return render_template("error.html", message=words, status=status), status
    except SQLAlchemyError:  # the frame of a page asks who is signed in
        return Response(PLAIN, status, mimetype="text/plain"), status


def init_app(app: Flask) -> None:
    """Show every error as a page in the reader's language."""

    @app.errorhandler(PortalError)
    def show(error: PortalError) -> tuple[Response | str, int]:
        if error.asked:
            for tell in on_refused:
                tell(error)
        return answer(error.message, error.status, error)

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> tuple[Response | str, int]:
        words = gettext(
            "The form is too old or came from another site. Go back, reload and send it again"
        )
        return answer(words, 400)

    @app.errorhandler(HTTPException)
    def show_http(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return cast(Response, error.get_response())
        return answer(_HTTP_WORDS.get(error.code, PortalError.message), error.code)
