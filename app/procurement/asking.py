"""A page that asks for one thing and does it: the same way for every act of procurement."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.db import transaction
from app.errors import Words
from app.web import told_in


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
    """Show the page; when the form was sent, act in one transaction, or show it again."""
    if form.validate_on_submit():
        with told_in(form), told.watch(), transaction():
            act()
        if not form.errors:
            flash(str(done))
            return redirect(told.back)
    page = render_template(told.template, form=form, told=told, lot=told.about_lot)
    return (page, 422) if form.errors else page
