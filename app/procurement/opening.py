"""How one envelope is opened: compared with the log, unsealed, its plan's file put in its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.attachments.models import columns_of
from app.audit.canonical import read
from app.audit.timeline import events_about
from app.db import db
from app.errors import Words
from app.papers.files import StoredFile
from app.procurement import sealing
from app.procurement.bid_models import Bid, BidFile, BidPlan
from app.procurement.models import Lot

OpenedFile = StoredFile | Words  # the file in the store, or why there is none
NO_FILES: Mapping[int, OpenedFile] = MappingProxyType({})
Secrets = tuple[bytes, bytes]


@dataclass(frozen=True)
class StoredBox:
    """A plan's encrypted file, as the store keeps it."""

    sha256: str
    size: int
    key: str


def lot_code(lot: Lot) -> str:
    """The code that is bound into every seal."""
    return f"{lot.need.code}-{lot.number:02d}"


def logged_digests(lot: Lot) -> dict[int, str]:
    """The digest of each agency's last envelope, as the log has it: nobody can edit that."""
    told: dict[int, str] = {}
    for event in db.session.scalars(events_about(lot, kinds=("bid",))):
        body = read(event.canonical)
        if "sha256" in body["facts"]:
            told.setdefault(body["org"], body["facts"]["sha256"])  # the newest comes first
    return told


def open_one(bid: Bid, told: tuple[Secrets, str], file: OpenedFile | None, *, opener: User) -> None:
    """Open an envelope with both halves, once it is the one of which the log tells."""
    secrets, logged = told
    bid.opened_at = clock.now()
    if sha256(bid.envelope.encode()).hexdigest() != bid.sha256 or bid.sha256 != logged:
        bid.void_reason = str(_("The envelope was changed after it was handed in"))
        return
    try:
        found = sealing.unseal(bid.envelope, secrets, lot_code(bid.lot))
    except sealing.BadSeal:
        bid.void_reason = str(_("The envelope can't be opened with the key of this need"))
        return
    if isinstance(file, StoredFile):
        db.session.add(BidPlan(bid_id=bid.id, **columns_of(opener, file)))
    elif found.file is not None:
        bid.void_reason = str(file or _("The plan's file wasn't opened"))
        return
    bid.price_fen, bid.plan = found.price_fen, found.plan


def box_of(bid: Bid) -> BidFile | None:
    """The encrypted file that the envelope names."""
    digest = sealing.box_of(bid.envelope)
    query = select(BidFile).where(BidFile.bid_id == bid.id, BidFile.sha256 == digest)
    return db.session.scalar(query) if digest else None


def plans_of(lot: Lot) -> dict[int, BidPlan]:
    """The opened plans' files of a lot, by bid."""
    query = select(BidPlan).join(Bid, Bid.id == BidPlan.bid_id).where(Bid.lot_id == lot.id)
    return {plan.bid_id: plan for plan in db.session.scalars(query)}
