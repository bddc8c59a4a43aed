"""A new master key: the key of every file is wrapped again under it, while people work.

The key itself is made by two people; this is a job. The files' own keys, and so the files, stay
as they are.
"""

from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import select, update

from app import audit
from app.accounts.models import User
from app.blobs import master
from app.blobs.master import MasterKeys
from app.blobs.models import FileKey
from app.db import db, transaction
from app.errors import Conflict
from app.identity.acts import Act
from app.identity.models import DangerousAct

BATCH = 1000
EVERY_SECONDS = 600
KIND = "store_key"


def change_store_key(_confirmer: User, _asked: DangerousAct) -> str:
    """Make a new master key; the background wraps the key of every file again under it."""
    path = _file()
    if not path.exists():
        raise Conflict(_("No file has a key yet: there is nothing to change"))
    return master.add_key(path)


ACT = Act(
    KIND,
    _("Change the key of the files"),
    _("The keys of new files are wrapped under it at once, all others by the background; older "
      "backups need the older keys, which stay in the file"),
    change_store_key,
)  # fmt: skip


def _file() -> Path:
    return Path(str(current_app.config["STORAGE_KEY_FILE"]))


def wrap_again() -> int:
    """Wrap under the newest master key what an older one wraps; how many keys it took.

    What was interrupted is finished by the next call. Old keys stay in the file: older backups
    need them.
    """
    if not _file().exists():
        return 0
    keys, count = MasterKeys.read(_file()), 0
    while number := _some(keys):
        count += number
    if count:
        with transaction():
            event, subject = audit.Event.STORE_KEY_ROTATED, f"store_key:{keys.newest.name}"
            audit.record(audit.PORTAL, event, subject, files=count)
    return count


def _some(keys: MasterKeys) -> int:
    """One batch; a file that is destroyed meanwhile keeps no key."""
    newest = keys.newest
    old = FileKey.wrapped != "", FileKey.master != newest.name
    with transaction():
        asked = select(FileKey.sha256, FileKey.master, FileKey.wrapped).where(*old).limit(BATCH)
        rows = db.session.execute(asked).all()
        for sha256, master, wrapped in rows:
            fresh = newest.wrap(keys.unwrap(master, wrapped, sha256), sha256)
            change = update(FileKey).where(FileKey.sha256 == sha256, FileKey.wrapped == wrapped)
            db.session.execute(change.values(master=newest.name, wrapped=fresh))
    return len(rows)
