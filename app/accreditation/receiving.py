"""A proof on its way in: judged, scanned and stored before any row names it."""

from typing import Any

from app import audit
from app.accreditation.models import Application
from app.attachments import receiving as attachments
from app.db import end_read, transaction
from app.errors import PortalError
from app.papers import uploading
from app.papers.files import RefusedUpload, StoredFile
from app.policy import Permission, require
from app.store import object_store


def kept(form: Any, actor: Any, permission: Permission, thing: Any) -> StoredFile:
    """Keep the file of a plain form in the store; a refusal is in the log at once."""
    source = attachments.from_form(form)
    try:
        end_read()
        return uploading.keep(object_store(), source)
    except PortalError as error:
        refused = RefusedUpload(source.name, source.length, uploading.reason_of(error))
        with transaction():
            note_refused(actor, thing, permission, refused)
        raise


def note_refused(
    actor: Any, thing: Application, permission: Permission, refused: RefusedUpload
) -> None:
    """Put in the log that a file was not taken, and why."""
    require(actor, permission, thing)
    audit.record(
        actor,
        audit.Event.UPLOAD_REFUSED,
        thing,
        refusal=refused.reason,
        file=refused.name[:200],
        size=refused.size,
    )
