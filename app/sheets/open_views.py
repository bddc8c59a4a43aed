from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.accounts import pacing
from app.db import transaction
from app.engagements.labels import PARTIES, stage_label
from app.errors import Conflict, Missing, TooLarge
from app.reviews.forms import ReviewForm
from app.reviews.views import form_of
from app.sheets import forms, queries, reading, services, workbook
from app.sheets.blueprint import bp
from app.sheets.models import ReviewLink
from app.web import spend, told_in


def opened(token: str) -> ReviewLink:
    """The live key's record; whatever else is asked for is counted, and slowed down."""
    if queries.is_slowed(pacing.here()):
        abort(429)
    link = queries.link_of(token)
    if link is None:
        with transaction():
            services.note_attempt(pacing.here())
        raise Missing
    if not link.is_live:
        raise Conflict(_("This key was used already, or has ended"))
    return link


@bp.get("/review-keys/<string:token>")
def open_link(token: str) -> ResponseReturnValue:
    link = opened(token)
    return asked(link, token, form_of(link.invitation), forms.NameForm())


def asked(link: ReviewLink, token: str, form: ReviewForm, signed: forms.NameForm) -> str:
    """The form of a review, to whoever holds the key."""
    facts = {"invitation": link.invitation, "token": token, "form": form, "signed": signed}
    words = {"parties": PARTIES, "stage_label": stage_label}
    return render_template("sheets/form.html", link=link, **facts, **words)


@bp.post("/review-keys/<string:token>")
def submit_link(token: str) -> ResponseReturnValue:
    link = opened(token)
    form, signed = form_of(link.invitation), forms.NameForm()
    if signed.validate_on_submit() & form.validate_on_submit():
        with told_in(form, "words"), transaction():
            spend(request.form.get("once"))
            holder = services.holder_of(link, signed.name.data or "")
            services.use_link(holder, link, form.answer())
    if form.errors or signed.errors:
        return asked(link, token, form, signed), 422
    return render_template("sheets/thanks.html", invitation=link.invitation)


@bp.get("/review-forms")
def upload_form() -> ResponseReturnValue:
    return render_template("sheets/upload.html", form=forms.UploadForm())


@bp.post("/review-forms")
def take_form() -> ResponseReturnValue:
    if queries.is_slowed(pacing.here()):
        abort(429)
    form = forms.UploadForm()
    if form.validate_on_submit():
        with told_in(form, "file"):
            data = read_sent(form)
            with transaction():
                taken = reading.take_form(current_app, data)
    if form.errors:
        with transaction():
            services.note_attempt(pacing.here())
        return render_template("sheets/upload.html", form=form), 422
    flash(told(taken))
    return redirect(url_for(".upload_form"))


def read_sent(form: forms.UploadForm) -> bytes:
    """The bytes of the file that was sent, no more than a form can have."""
    if not isinstance(form.file.data, FileStorage):  # words under the name of the file
        return b""
    data = form.file.data.read(workbook.MOST_BYTES + 1)
    if len(data) > workbook.MOST_BYTES:
        raise TooLarge
    return data


def told(taken: reading.Taken) -> str:
    """What came of a form, in words; nothing of what it says."""
    return _(
        "%(now)s reviews were taken and sealed; %(before)s had been taken before; %(empty)s rows"
        " were left empty",
        now=taken.now,
        before=taken.before,
        empty=taken.empty,
    )
