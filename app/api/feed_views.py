from dataclasses import dataclass
from datetime import date
from typing import Annotated

from flask import Response, current_app, g
from flask_babel import lazy_gettext as _

from app.api import changes, importing
from app.api.declaring import reads, sent, v1, writes
from app.api.document import document_of
from app.api.models import Scope
from app.api.shaping import Told
from app.api.work_shapes import Body
from app.policy import Permission, Role
from app.web import actor, gate


@dataclass(frozen=True)
class Account:
    """Whose token this is, and what it may be used for."""

    account: Annotated[int, Told(_("The account's number"))]
    role: Annotated[Role, Told(_("The account's role"))]
    organisation: Annotated[Body, Told(_("The account's organisation"))]
    token: Annotated[str, Told(_("The token's name"))]
    scopes: Annotated[list[Scope], Told(_("What the token may be used for"))]
    expires_on: Annotated[date, Told(_("The token's last day"))]
    requests_a_minute: Annotated[int, Told(_("How many requests a minute it may make"))]


@reads("/me", Account, words=_("Whose token this is, and what it may be used for"))
def get_account() -> Account:
    user, token = actor(), g.api_token
    scopes = [Scope(one) for one in token.scopes]
    most, home = int(current_app.config["API_REQUESTS_A_MINUTE"]), Body.of(user.organisation)
    return Account(user.id, user.role, home, token.name, scopes, token.expires_on, most)


@reads(
    "/changes",
    changes.Changes,
    words=_("What happened after a place of the log, as far as you may know"),
    scope=Scope.CHANGES,
    asks=changes.ChangesAsked,
)
def list_changes(asked: changes.ChangesAsked) -> changes.Changes:
    gate(Permission.BOARD_READ)
    return changes.changes_for(actor(), asked)


@writes(
    "/engagements/imports",
    importing.Import,
    words=_("Open the engagements of a year's commissions, all of them or none"),
    scope=Scope.IMPORT,
    body=importing.ContractRows,
    needs=Permission.ENGAGEMENT_OPEN,
)
def import_engagements(told: importing.ContractRows) -> importing.Import:
    return importing.take(actor(), told)


@v1.get("/openapi.json")
def document() -> Response:
    return sent(document_of())
