"""Forms that come back: each row is a review, taken once; the same form again changes nothing."""

from dataclasses import dataclass

from flask import Flask
from flask_babel import lazy_gettext as _

from app.errors import Conflict, Invalid
from app.reviews.rating import NewReview
from app.sheets import queries, services, workbook
from app.sheets.models import ReviewLink
from app.sheets.workbook import Filled


@dataclass(frozen=True)
class Taken:
    """What came of a form: rows taken now, rows that were taken before, rows left empty."""

    now: int
    before: int
    empty: int


def secret_of(app: Flask) -> bytes:
    """The portal's secret, under which forms are signed."""
    return str(app.secret_key).encode()


def take_form(app: Flask, data: bytes) -> Taken:
    """Take a form as a whole: every filled row is submitted, or nothing at all is.

    A row whose review was given by this very form before is counted and left alone; another
    answer with a used key is refused.
    """
    secret, name, rows = _read(app, data)
    answered = [row for row in rows if row.answer is not None]
    if not name.strip():
        raise Invalid(_("Fill in your name at the top of the form"))
    now = sum(_take(secret, row, row.answer, name) for row in answered if row.answer)
    return Taken(now, len(answered) - now, len(rows) - len(answered))


def _read(app: Flask, data: bytes) -> tuple[bytes, str, list[Filled]]:
    """Read a form under the key of now, or the former one while that is changed: weeks go by."""
    try:
        return secret_of(app), *workbook.read(secret_of(app), data)
    except workbook.ChangedForm:
        former = str(app.config["SECRET_KEY_OLD"]).encode()
        if not former:
            raise
        return former, *workbook.read(former, data)


def _take(secret: bytes, row: Filled, answer: NewReview, name: str) -> bool:
    """Submit one row; False where exactly this was submitted before."""
    link, mark = _link_of(row), workbook.answer_mark(secret, row.token, answer)
    if link.used_at is not None and link.answer_hash == mark:
        return False
    try:
        services.use_link(services.holder_of(link, name), link, answer, answer=mark)
    except (Invalid, Conflict) as error:
        said = str(error.message)
        raise Invalid(_("Row %(number)s: %(said)s", number=row.number, said=said)) from error
    return True


def _link_of(row: Filled) -> ReviewLink:
    link = queries.link_of(row.token)
    if link is None:
        raise Invalid(
            _("Row %(number)s has a key that this portal doesn't know", number=row.number)
        )
    return link
