"""What an auditor does with the log without a command line: check all of it, take it away."""

import tempfile
from pathlib import Path
from typing import IO

from flask_babel import lazy_gettext as _

from app import audit
from app.accounts.models import User
from app.audit.checking import Trust
from app.audit.exporting import export
from app.audit.keys import key_folder, known_keys
from app.audit.nodes import latest_checkpoint
from app.audit.reading import snapshot
from app.audit.rotation import followed, statements
from app.audit.rows import Broken
from app.audit.verifying import Result, verify
from app.db import db
from app.errors import Conflict
from app.policy import Permission, require
from app.reading.converting import scratch

MOST = 2_000_000  # entries: some ten seconds; who reads more waits longer than a page may take
TOO_LONG = _(
    "The log has more than %(most)s entries: it is verified and exported on the server, by"
    " `xingping audit verify` and `xingping audit export FILE`",
    most=MOST,
)


def refuse_long() -> None:
    """Stop where the log is too long for a page, and say how it is done."""
    last = latest_checkpoint(db.session.connection())
    if last is not None and last[0] > MOST:
        raise Conflict(TOO_LONG)


def checked(user: User) -> Result:
    """Whether the log is whole as it stands at this moment; if not, its first bad entry."""
    require(user, Permission.AUDIT_READ, None)
    refuse_long()
    try:
        return verify(db.engine, Trust(followed(known_keys(), statements(key_folder())), []))
    except Broken as broken:
        return Result(
            ok=False, table=broken.table, first_bad=broken.first_bad, reason=broken.reason
        )


def take(actor: User) -> IO[bytes]:
    """Write the whole log as the file that is verified anywhere; its bytes, ready to be sent."""
    require(actor, Permission.AUDIT_EXPORT, None)
    refuse_long()
    with tempfile.TemporaryDirectory(dir=scratch()) as name:
        path = Path(name) / "log.jsonl.gz"
        with snapshot(db.engine) as connection:
            size = export(connection, known_keys(), path)
        file = path.open("rb")  # stays readable when its name is gone
    audit.record(actor, audit.Event.LOG_EXPORTED, "audit_log:all", size=size)
    return file
