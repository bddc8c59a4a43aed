"""What people do about documents that go out. Each public function is one action."""

import re
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db
from app.documents import layout, queries, telling, wordings
from app.documents.filling import Source
from app.documents.models import DocumentKind, DocumentWording, OfficialDocument
from app.engagements import moves
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.policy import Permission, require

SERIES = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,12}")
LONGEST = 20_000


@dataclass(frozen=True)
class NewDocument:
    """A document as the officer means to issue it."""

    source: Source
    series: str
    number: int
    title: str
    body: str
    dated_on: date
    issuer: str
    copies: str = ""


def issue_document(actor: User, engagement: Engagement, new: NewDocument) -> OfficialDocument:
    """The section issues a document: its number is its own for ever, its text is kept."""
    moves.hold(engagement)
    require(actor, Permission.OFFICIAL_DOCUMENT_ISSUE, engagement)
    _check(new)
    document = OfficialDocument(
        engagement=engagement,
        addressee=new.source.addressee,
        kind=new.source.kind,
        wording_version=wordings.in_force(new.source.kind).version,
        year=new.dated_on.year,
        issued_by_id=actor.id,
        issued_at=clock.now(),
        **{name: getattr(new, name) for name in ("series", "number", "dated_on", "issuer")},
        **{name: getattr(new, name).strip() for name in ("title", "body", "copies")},
    )
    document.sha256 = layout.digest(document)
    db.session.add(document)
    telling.tell_addressee(document)
    _record(actor, audit.Event.OFFICIAL_DOCUMENT_ISSUED, document, sha256=document.sha256)
    return document


def void_document(actor: User, document: OfficialDocument, reason: str) -> None:
    """The section takes a document back, says why; its number is not used again."""
    moves.hold(document.engagement)
    require(actor, Permission.OFFICIAL_DOCUMENT_ISSUE, document)
    if document.voided_at is not None:
        raise Conflict(_("This document was voided already"))
    if not reason.strip():
        raise Invalid(_("Say why"), field="reason")
    document.voided_at, document.voided_by_id = clock.now(), actor.id
    document.void_reason = reason.strip()
    _record(actor, audit.Event.OFFICIAL_DOCUMENT_VOIDED, document, reason=document.void_reason)


def record_taken(actor: User, document: OfficialDocument, form: str) -> None:
    """Somebody takes a document away, as DOCX or as PDF."""
    require(actor, Permission.OFFICIAL_DOCUMENT_READ, document)
    _record(actor, audit.Event.OFFICIAL_DOCUMENT_TAKEN, document, form=form)


def edit_wording(
    actor: User, kind: DocumentKind, series: str, *, title: str, body: str, reason: str
) -> DocumentWording:
    """The section changes the usual words of a kind: the next version, for documents to come."""
    require(actor, Permission.DOCUMENT_WORDING_EDIT, None)
    _check_words(series, title, body)
    if not reason.strip():
        raise Invalid(_("Say why"), field="reason")
    wording = DocumentWording(
        kind=kind, version=wordings.in_force(kind).version + 1, series=series, title=title.strip(),
        body=body.strip(), reason=reason.strip(), made_by_id=actor.id, made_at=clock.now(),
    )  # fmt: skip
    db.session.add(wording)
    db.session.flush()
    told = {"document_kind": kind.value, "reason": wording.reason}
    event, version = audit.Event.DOCUMENT_WORDING_EDITED, wording.version
    audit.record(actor, event, wording, version=version, scope=None, **told)
    return wording


def _check(new: NewDocument) -> None:
    _check_words(new.series, new.title, new.body)
    if left := layout.PLACE.findall(new.title + new.body):
        words = _("Fill in or take out: %(places)s", places="、".join(dict.fromkeys(left)))
        raise Invalid(words, field="body")
    if not clock.FIRST_DAY <= new.dated_on <= clock.LAST_DAY:
        raise Invalid(_("Enter days between 2000 and 2099"), field="dated_on")
    if not 1 <= new.number <= 99_999:
        raise Invalid(_("Enter a number from 1 to 99999"), field="number")
    if queries.is_used(new.series, new.dated_on.year, new.number):
        raise Conflict(_("This number is used already; take the next free one"))


def _check_words(series: str, title: str, body: str) -> None:
    if not SERIES.fullmatch(series):
        raise Invalid(_("The series is at most 12 characters without spaces"), field="series")
    if not title.strip() or len(title) > 200:
        raise Invalid(_("Enter a title"), field="title")
    if not body.strip() or len(body) > LONGEST:
        raise Invalid(_("Enter the text"), field="body")


def _record(actor: User, event: audit.Event, document: OfficialDocument, **facts: object) -> None:
    told = {"document_kind": document.kind, "document_no": document.document_no}
    audit.record(actor, event, document, scope=document.engagement, **told, **facts)
