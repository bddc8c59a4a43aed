"""A page that asks for one thing and does it: the same way for every act of procurement."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.db import transaction
from app.errors import Words
from app.web import fresh_token, spend, told_in


@dataclass(frozen=True)
class Ask:
    """What the page says: its heading, whom it is about, the button, the way back."""

    heading: Words
    about: Words
    submit: Words
    back: str
    note: Words = ""
    template: str = "procurement/ask.html"
    about_lot: Any = None
    until: datetime | None = None
    watch: Callable[[], AbstractContextManager[None]] = nullcontext  # notes what is refused


def settle(
    form: FlaskForm, told: Ask, act: Callable[[], object], done: Words
) -> ResponseReturnValue:
    """Show the page; when the form was sent, act in one transaction, or show it again.

    The page's token is spent with the act: the same page sent twice does its work once.
    """
    token = request.form.get("once", "")
    if form.validate_on_submit():
        with told_in(form), told.watch(), transaction():
            if token:
                spend(token)
            act()
        if not form.errors:
            flash(str(done))
            return redirect(told.back)
    shown = {"told": told, "lot": told.about_lot, "once": token or fresh_token()}
    page = render_template(told.template, form=form, **shown)
    return (page, 422) if form.errors else page
