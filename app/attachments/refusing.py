"""A file that is not taken: the log hears of it before anybody else does."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask_babel import gettext as _

from app import audit
from app.db import transaction
from app.errors import PortalError
from app.papers.files import RefusedUpload
from app.papers.uploading import reason_of
from app.policy import Permission, require
from app.web import actor


@contextmanager
def refusals_noted(
    permission: Permission, record: Any, name: str, length: int | None, *, sender: Any = None
) -> Iterator[None]:
    """Put a refusal in the log, and let it go on to whoever tells the sender.

    `sender` is somebody without an account, such as the holder of a key.
    """
    try:
        yield
    except PortalError as error:
        refused = RefusedUpload(name, length, reason_of(error))
        with transaction():
            note_refused_file(sender or actor(), record, permission, refused)
        raise


@contextmanager
def named_among(name: str, all_of_them: Sequence[Any]) -> Iterator[None]:
    """Say of which of several files a refusal speaks, and that the others came to nothing too."""
    try:
        yield
    except PortalError as error:
        if len(all_of_them) > 1:
            error.message = _(
                "%(file)s: %(why)s. None of the files chosen was taken",
                file=name,
                why=error.message,
            )
        raise


def note_refused_file(
    actor: Any, record: Any, permission: Permission, refused: RefusedUpload
) -> None:
    """Put in the log that a file was not taken, and why."""
    require(actor, permission, record)
    engagement = getattr(record, "engagement", None)  # a course or an application has none
    audit.record(
        actor,
        audit.Event.UPLOAD_REFUSED,
        engagement or record or actor,
        scope=engagement,
        refusal=refused.reason,
        file=refused.name[:200],
        size=refused.size,
    )
