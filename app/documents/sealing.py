"""The electronic seal of an issued document: asked of a service, kept once it is verified."""

import hashlib
import io
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.documents.models import DocumentSeal, OfficialDocument
from app.errors import Conflict
from app.policy import Permission, require
from app.seal_service import NoSeal, Sealed
from app.store import object_store
from storage import Stored


def stored(sealed: Sealed) -> Stored:
    """Keep the sealed bytes before any row names them; outside any transaction."""
    with object_store().spool(limit=len(sealed.pdf) + 1) as spool:
        spool.receive(io.BytesIO(sealed.pdf))
        return object_store().put(spool)


def seal_document(
    actor: User, document: OfficialDocument, plain: bytes, sealed: Sealed, kept: Stored
) -> DocumentSeal:
    """The section has an issued document sealed, once; what is kept was verified."""
    require(actor, Permission.OFFICIAL_DOCUMENT_ISSUE, document)
    lock(document)
    refuse_sealed(document)
    seal = _row(actor, document, sealed, kept)
    seal.plain_sha256 = hashlib.sha256(plain).hexdigest()
    db.session.add(seal)
    facts = {name: getattr(seal, name) for name in ("sha256", "plain_sha256", "signer", "seal_no")}
    _record(actor, audit.Event.OFFICIAL_DOCUMENT_SEALED, document, **facts)
    return seal


def _row(actor: User, document: OfficialDocument, sealed: Sealed, kept: Stored) -> DocumentSeal:
    return DocumentSeal(
        document_id=document.id,
        file_name=f"{document.document_no} {document.title}.pdf",
        media_type="application/pdf",
        size=kept.size,
        sha256=kept.sha256,
        store_key=kept.key,
        sent_by=actor,
        sent_at=clock.now(),
        signer=sealed.signer,
        seal_no=sealed.seal_no,
        sealed_at=sealed.sealed_at,
    )


def note_failure(actor: User, document: OfficialDocument, error: NoSeal) -> None:
    """Put on record that a seal was asked for and did not come, and why."""
    require(actor, Permission.OFFICIAL_DOCUMENT_ISSUE, document)
    event = audit.Event.OFFICIAL_DOCUMENT_UNSEALED
    _record(actor, event, document, failure=error.failure)


def refuse_sealed(document: OfficialDocument) -> None:
    """Conflict where there is nothing to seal any more."""
    if document.voided_at is not None:
        raise Conflict(_("This document was voided already"))
    if document.seal is not None:
        raise Conflict(_("This document bears its seal already"))


def _record(actor: User, event: audit.Event, document: OfficialDocument, **facts: Any) -> None:
    told = {"document_kind": document.kind, "document_no": document.document_no}
    audit.record(actor, event, document, scope=document.engagement, **told, **facts)
