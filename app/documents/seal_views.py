from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.attachments import sending
from app.db import end_read, transaction
from app.documents import printing, sealing
from app.documents.models import OfficialDocument
from app.errors import Missing
from app.policy import Permission
from app.seal_service import NoSeal, sealer
from app.web import actor, gate, load, spend

READ, ISSUE = Permission.OFFICIAL_DOCUMENT_READ, Permission.OFFICIAL_DOCUMENT_ISSUE
bp = Blueprint("seals", __name__)


@bp.post("/official-documents/<int:document_id>/seal")
def seal(document_id: int) -> ResponseReturnValue:
    document = load(OfficialDocument, document_id, READ)
    gate(ISSUE, document)
    try:
        sealed_now(document)
    except NoSeal as error:
        with transaction():
            sealing.note_failure(actor(), document, error)
        flash(str(error.message), "error")
    else:
        flash(_("Sealed, and the seal is verified"))
    return redirect(url_for("documents.show", document_id=document_id))


def sealed_now(document: OfficialDocument) -> None:
    """Ask the service, keep the bytes, then write the row; no transaction waits for the service."""
    service = sealer()
    if service is None:
        raise Missing
    sealing.refuse_sealed(document)
    plain = printing.pdf(document)
    end_read()
    made = service.seal(plain)
    kept = sealing.stored(made)
    with transaction():
        spend(request.form.get("once"))
        sealing.seal_document(actor(), document, plain, made, kept)


@bp.get("/official-documents/<int:document_id>/sealed-pdf")
def take(document_id: int) -> ResponseReturnValue:
    document = load(OfficialDocument, document_id, READ)
    if document.seal is None:
        raise Missing
    return sending.download(document.seal, document, READ)
