from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.api import door, feed_views, judging_views, labels, problems, queries, services, work_views
from app.api.declaring import v1
from app.api.document import document_of
from app.api.forms import TokenForm
from app.api.models import ApiToken, Scope
from app.db import transaction
from app.policy import Permission
from app.web import actor, fresh_token, gate, load, outside, page_of, spend, told_in

__all__ = ["bp", "feed_views", "judging_views", "work_views"]  # the last three declare addresses
bp = Blueprint("api", __name__)
bp.register_blueprint(v1)


@bp.record_once
def stand_apart(state: BlueprintSetupState) -> None:
    """Under /api/ nobody is known by a cookie, so no form's token is asked for."""
    state.app.extensions["csrf"].exempt(v1)
    labels.join()


@v1.after_request
def remember_nothing(reply: Response) -> Response:
    reply.headers.remove("Set-Cookie")
    return reply


@bp.get("/api-tokens")
def tokens() -> ResponseReturnValue:
    gate(Permission.API_ACCESS_MAKE)
    return tokens_page(TokenForm().offer(actor()))


def tokens_page(form: TokenForm, status: int = 200) -> ResponseReturnValue:
    """One's own tokens, and the form of another one."""
    form.once.data = fresh_token()
    page = page_of(queries.tokens_of(actor()), ApiToken.id, size=20)
    return render_template("api/tokens.html", page=page, form=form, **words()), status


def words() -> dict[str, Any]:
    """What both lists say."""
    return {"scopes_in_words": labels.scopes_in_words, "today": clock.today()}


@bp.post("/api-tokens")
def make_token() -> ResponseReturnValue:
    gate(Permission.API_ACCESS_MAKE)
    form, made = TokenForm().offer(actor()), None
    if form.validate_on_submit():
        chosen = {Scope(one) for one in form.scopes.data or ()}
        days = {
            "expires_on": form.expires_on.data,
            "most_days": current_app.config["API_TOKEN_DAYS"],
        }
        with told_in(form, "name"), transaction():
            spend(form.once.data)
            made = services.make_token(actor(), form.name.data or "", chosen, **days)
    if made is None:
        return tokens_page(form, 422)
    return render_template("api/token.html", token=made[0], key=made[1], **words())


@bp.get("/api-tokens/all")
def all_tokens() -> ResponseReturnValue:
    gate(Permission.API_ACCESS_LIST)
    page = page_of(queries.tokens(), ApiToken.id)
    return render_template("api/all_tokens.html", page=page, **words())


@bp.get("/api-tokens/<int:token_id>/ends/new")
def ask_token_end(token_id: int) -> ResponseReturnValue:
    token = load(ApiToken, token_id, Permission.API_ACCESS_END)
    return render_template("api/token_end.html", token=token, back=list_of(token), **words())


def list_of(token: ApiToken) -> str:
    """The list that its reader came from: one's own tokens, or everybody's."""
    return url_for(".tokens" if token.user_id == actor().id else ".all_tokens")


@bp.post("/api-tokens/<int:token_id>/ends")
def end_token(token_id: int) -> ResponseReturnValue:
    token = load(ApiToken, token_id, Permission.API_ACCESS_END)
    with transaction():
        services.end_token(actor(), token)
    flash(_("The token is ended"))
    return redirect(list_of(token))


@bp.get("/help/api")
def reference() -> ResponseReturnValue:
    told = document_of()
    return render_template(
        "api/reference.html",
        document=told,
        tags=labels.TAGS,
        scopes=labels.SCOPES,
        problems=problems.TITLES,
        type_words=labels.type_words,
        reference_of=labels.reference_of,
        start=outside("pages.home") + door.START.strip("/") + "/v1",
    )
