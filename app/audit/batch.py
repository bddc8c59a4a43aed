"""What a seal took in: which rows, in which order, when; signed beside the checkpoint.

The checkpoint binds what the entries say. Their ids and transactions, the time of sealing and
that no checkpoint in between was removed are bound by this second note. It has a checkpoint's
form under the origin `…/batch`, its "root" being a running hash over all batches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from app.audit.canonical import stamp
from app.audit.checkpoint import BadNote, Checkpoint

START = bytes(32)


@dataclass(frozen=True)
class Batch:
    """One seal's own statement; below `horizon` every transaction was over and is sealed."""

    origin: str
    size: int
    chain: bytes
    signed_at: str
    horizon: int

    def text(self) -> str:
        """Return the lines that are signed."""
        more = (self.signed_at, str(self.horizon))
        return Checkpoint(f"{self.origin}/batch", self.size, self.chain, more).text()


def read_batch(text: str) -> Batch:
    """Read the signed lines; BadNote where they are not of the form."""
    told = Checkpoint.from_text(text)
    origin, slash, kind = told.origin.rpartition("/")
    try:
        signed_at, horizon = told.extra
        if not slash or kind != "batch" or stamp(datetime.fromisoformat(signed_at)) != signed_at:
            raise ValueError
        return Batch(origin, told.size, told.root, signed_at, int(horizon))
    except ValueError as error:
        raise BadNote("not the statement of a batch") from error


def chained(before: bytes, ids: Sequence[int], xids: Sequence[int | None]) -> bytes:
    """Return the running hash after a batch of these events and transactions, in seq order."""
    rows = f"[{_json(ids)},{_json(xids)}]"
    return sha256(before + rows.encode()).digest()


def _json(numbers: Sequence[int | None]) -> str:
    """Return the list as JSON, in a third of the time that the general encoder takes."""
    return str(list(numbers)).replace(" ", "").replace("None", "null")
