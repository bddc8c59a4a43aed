"""What views share: the signed-in person, loading with permission, one-time forms, paging."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from flask import Response, current_app, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy import Select, String, delete
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from app import clock
from app.db import Base, db
from app.errors import REFUSALS, Conflict, Invalid, Missing, SentTwice
from app.intake import whole
from app.policy import Permission, Person, can, require

T = TypeVar("T", bound=Base)
KEEP_SPENT = timedelta(days=8)  # SESSION_MAX_HOURS is a week at most, and a form dies with it
NO_TOKEN = _("This form is incomplete. Reload the page and fill it in again")


class SentForm(Base):
    """A form's one-time token: the same form sent twice does its work once."""

    __tablename__ = "sent_form"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    sent_at: Mapped[datetime]


def load(model: type[T], key: int | str, permission: Permission) -> T:
    """Fetch a record that the signed-in person may see; to anybody else it does not exist."""
    found = db.session.get(model, key)
    if found is None:
        raise Missing
    if not can(current_user, permission, found):
        raise Missing(asked=permission, about=found)
    return found


def actor() -> Any:
    """The signed-in person as a real record: services never see Flask-Login's proxy."""
    return cast(Person, current_user._get_current_object())


def gate(permission: Permission, thing: Any = None) -> None:
    """Stop a page that is not about one record unless the person may see it."""
    require(current_user, permission, thing)


@contextmanager
def told_in(form: Any, field: str = "") -> Iterator[None]:
    """Turn a refusal of the business into an error of the form, which keeps what was typed.

    It stands at the field that the error names, else at `field`. The caller shows the form again
    where form.errors is not empty afterwards.
    """
    try:
        yield
    except (Invalid, Conflict) as error:
        places = (getattr(error, "field", ""), field, next(iter(form)).short_name)
        shown = form[next(place for place in places if place in form)]
        shown.errors = [*shown.errors, error.message]


def fresh_token() -> str:
    """A token for a form that must not do its work twice."""
    return secrets.token_urlsafe(24)


def spend(token: str | None) -> None:
    """Use up a form's token inside the transaction; the second sending of the form is refused.

    Every form that must not act twice carries one: a request without it came from no form of ours.
    """
    if not token or len(token) > 64:
        raise Invalid(NO_TOKEN)
    if db.session.get(SentForm, token) is not None:
        raise SentTwice(REFUSALS["uq_sent_form_token"])
    db.session.add(SentForm(token=token, sent_at=clock.now()))
    db.session.flush()


def forget_spent() -> None:
    """Forget tokens whose forms nobody can send any more: no session lasts so long."""
    old = delete(SentForm).where(SentForm.sent_at < clock.now() - KEEP_SPENT)
    db.session.execute(old)


@dataclass(frozen=True)
class Page:
    """One page of a list by keyset, with the addresses of its neighbours."""

    items: Sequence[Any]
    next_url: str | None
    previous_url: str | None


def fragment(template: str, **told: Any) -> Response:
    """A part of a page that is asked for again and again: sent only where it has changed."""
    answer = Response(render_template(template, **told))
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def page_of(query: Select[Any], key: InstrumentedAttribute[int], size: int = 50) -> Page:
    """Cut a page out of a list ordered by a falling integer key: ?before=… or ?after=…."""

    def asked(before: int | None, after: int | None, most: int) -> Sequence[Any]:
        if after is not None:
            return db.session.scalars(query.where(key > after).order_by(key).limit(most)).all()
        found = query if before is None else query.where(key < before)
        return db.session.scalars(found.order_by(key.desc()).limit(most)).all()

    return page_by(asked, size)


def page_by(asked: Callable[[int | None, int | None, int], Sequence[Any]], size: int) -> Page:
    """The same of a list that is asked by the caller: before or after a key, and how many rows.

    Those after a key come in rising order, all others in falling order.
    """
    before, after = request.args.get("before", type=whole), request.args.get("after", type=whole)
    found = asked(before, after, size + 1)
    rows, more = found[:size], len(found) > size
    if after is not None:
        rows = rows[::-1]
    more_up, more_down = (more, True) if after is not None else (before is not None, more)
    return Page(
        rows,
        here(before=rows[-1].id, after=None) if rows and more_down else None,
        here(after=rows[0].id, before=None) if rows and more_up else None,
    )


def outside(endpoint: str, **values: Any) -> str:
    """An address to be printed or sent: the portal's own as others know it (PORTAL_URL).

    Where that is not set, the one under which this request came in.
    """
    base = str(current_app.config["PORTAL_URL"]).rstrip("/")
    return (
        base + url_for(endpoint, **values) if base else url_for(endpoint, _external=True, **values)
    )


def here(endpoint: str = "", **changes: Any) -> str:
    """This page's own address with some of its arguments changed (or another's, with them).

    What a reader put in the address stays an argument: never a word of url_for's own (_scheme).
    """
    asked = request.args.to_dict().items()
    plain = {name: value for name, value in asked if name != "endpoint" and name[:1] != "_"}
    arguments = {**plain, **(request.view_args or {}), **changes}
    kept = {name: value for name, value in arguments.items() if value not in (None, "")}
    return url_for(endpoint or request.endpoint or "pages.home", **kept)
