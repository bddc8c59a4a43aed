"""Bidding (竞价) with sealed bids: halves of the key, envelopes, the opening, low prices, award."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.policy import Permission, require
from app.procurement import draws, opening, sealing, telling, times
from app.procurement.bid_models import Bid, BidFile, ReplacedBid, SealHalf
from app.procurement.models import Lot, Need, Offer
from app.procurement.opening import NO_FILES, OpenedFile, StoredBox

HALVES = (1, 2)
LONGEST = 200_000  # characters of an envelope


def make_half(actor: User, need: Need, slip: str = "") -> tuple[SealHalf, str]:
    """One of two officers makes a half of the key; its secret, on their slip, is kept nowhere."""
    lock(need)
    require(actor, Permission.PROCUREMENT_PLAN, need)
    made = halves_of(need)
    if not need.is_sealed or need.announced_at is not None or len(made) > 1:
        raise Conflict(_("The two halves of the key are made before the announcement"))
    if any(half.officer_id == actor.id for half in made):
        raise Conflict(_("You hold a half already; another officer makes the other"))
    secret = draws.secret_of(slip) if slip else sealing.new_half()[0]
    public = sealing.public_of(secret)
    half = SealHalf(
        need=need,
        number=len(made) + 1,
        officer=actor,
        public=public,
        made_at=clock.now(),
    )
    db.session.add(half)
    told: dict[str, Any] = {"need": need.code, "half": half.number, "key": public[:16]}
    audit.record(actor, audit.Event.SEAL_HALF_MADE, need, **told)
    return half, draws.with_check(secret)


def hand_in(actor: User, offer: Offer, envelope: str, box: StoredBox | None = None) -> Bid:
    """An agency that may bid hands in its envelope; one second late is late, by the database.

    Before the end another envelope takes its place; the one before is kept, and never opened.
    """
    lock(offer.lot)
    require(actor, Permission.PROCUREMENT_OFFER_WITHDRAW, offer)
    if words := times.stands_against_bid(offer):
        raise Conflict(words)
    if len(envelope) > LONGEST or not sealing.looks_sealed(envelope):
        raise Invalid(_("This isn't a sealed bid"), field="envelope")
    if (box.sha256 if box else "") != sealing.box_of(envelope):
        raise Invalid(_("The plan's sealed file isn't the one of this envelope"), field="box")
    bid, before = _laid(actor, offer, envelope)
    _keep_box(bid, box)
    told = {"agency": offer.agency.name, "lot": offer.lot.name, "sha256": bid.sha256}
    if before:
        audit.record(actor, audit.Event.BID_REPLACED, offer.lot, before=before, **told)
    else:
        audit.record(actor, audit.Event.BID_HANDED_IN, offer.lot, **told)
    return bid


def open_bids(
    actor: User, lot: Lot, slips: tuple[str, str], files: Mapping[int, OpenedFile] = NO_FILES
) -> Sequence[Bid]:
    """After the end both slips are joined, and every envelope of the lot is opened at once.

    What was changed, or sealed for another lot, is void, on record. `files` are the plans' files
    as `opening.opened_files` found them.
    """
    lock(lot)
    require(actor, Permission.PROCUREMENT_AWARD, lot)
    found, secrets = expect_closed(lot), joined(lot.need, slips)
    logged = opening.logged_digests(lot)
    for bid in found:
        known = (secrets, logged.get(bid.agency_id, ""))
        opening.open_one(bid, known, files.get(bid.id), opener=actor)
    told: dict[str, Any] = {"lot": lot.name, "bids": len(found)}
    void = sum(bool(bid.void_reason) for bid in found)
    audit.record(actor, audit.Event.BIDS_OPENED, lot, void=void, **told)
    return found


def expect_closed(lot: Lot) -> Sequence[Bid]:
    """The envelopes that may be opened now; Conflict where it is too early or too late for that."""
    found = bids_of(lot)
    if lot.need.announced_at is None or not times.is_over(lot):
        raise Conflict(_("Bids are opened after the time for bids is over"))
    if not found or found[0].opened_at is not None:
        raise Conflict(_("There is nothing to be opened"))
    return found


def ask_low(actor: User, bid: Bid, words: str, working_days: int) -> None:
    """A price that may lie below cost is asked about in writing, with a last day."""
    lock(bid)
    require(actor, Permission.PROCUREMENT_AWARD, bid)
    if not is_low(bid) or bid.query_due_on is not None:
        raise Conflict(_("This price isn't low, or it was asked about already"))
    if not words.strip() or not 1 <= working_days <= 30:
        raise Invalid(_("Write the question, and from 1 to 30 working days"), field="words")
    bid.query = words.strip()
    bid.query_due_on = clock.add_working_days(clock.today(), working_days)
    telling.tell_asked(bid)
    told = {"agency": bid.offer.agency.name, "lot": bid.lot.name, "words": bid.query}
    audit.record(actor, audit.Event.LOW_BID_ASKED, bid.lot, **told)


def answer_low(actor: User, bid: Bid, words: str) -> None:
    """The bidder explains its price in time."""
    lock(bid)
    require(actor, Permission.PROCUREMENT_OFFER_WITHDRAW, bid)
    if bid.query_due_on is None or bid.answered_at is not None or bid.verdict:
        raise Conflict(_("Nothing is asked, or it was answered"))
    if clock.today() > bid.query_due_on:
        raise Conflict(_("The time for the answer is over"))
    if not words.strip():
        raise Invalid(_("Write the answer"), field="words")
    bid.answer, bid.answered_at = words.strip(), clock.now()
    told = {"agency": bid.offer.agency.name, "lot": bid.lot.name, "words": bid.answer}
    audit.record(actor, audit.Event.LOW_BID_ANSWERED, bid.lot, **told)


def decide_low(actor: User, bid: Bid, verdict: str, reason: str) -> None:
    """A low price is accepted or rejected with reasons, after the answer or its last day."""
    lock(bid)
    require(actor, Permission.PROCUREMENT_AWARD, bid)
    if bid.query_due_on is None or bid.verdict:
        raise Conflict(_("The bidder is asked first, and the decision is made once"))
    if not bid.may_be_decided:
        raise Conflict(_("The time for the answer isn't over"))
    if verdict not in {"accepted", "rejected"} or not reason.strip():
        raise Invalid(_("Accept or reject, with the reason"), field="reason")
    bid.verdict, bid.verdict_reason, bid.decided_at = verdict, reason.strip(), clock.now()
    told = {"agency": bid.offer.agency.name, "lot": bid.lot.name, "words": bid.verdict_reason}
    audit.record(actor, audit.Event.LOW_BID_DECIDED, bid.lot, verdict=verdict, **told)


def is_low(bid: Bid) -> bool:
    """Whether an opened price lies below the share of the estimate from which it is believed."""
    return bid.price_fen is not None and bid.price_fen < low_share() * bid.lot.budget_fen


def low_share() -> float:
    """The share of a lot's budget below which a price is asked about in writing (LOW_SHARE)."""
    return float(current_app.config["LOW_SHARE"])


def valid_bids(lot: Lot) -> list[Bid]:
    """Opened bids that stand, within the budget and not rejected, the lowest first."""
    fallen = {award.agency_id for award in lot.awards if award.withdrawn_at is not None}
    found = [
        bid
        for bid in bids_of(lot)
        if bid.price_fen is not None and bid.price_fen <= lot.budget_fen
        and bid.verdict != "rejected" and bid.offer.withdrawn_at is None
        and bid.agency_id not in fallen
    ]  # fmt: skip
    return sorted(found, key=lambda bid: (bid.price_fen or 0, bid.handed_in_at, bid.id))


def halves_of(need: Need) -> Sequence[SealHalf]:
    """The halves that were made, with who holds them."""
    query = select(SealHalf).where(SealHalf.need_id == need.id).order_by(SealHalf.number)
    return db.session.scalars(query.options(joinedload(SealHalf.officer))).all()


def is_opened(need: Need) -> bool:
    """Whether a bid of any lot is open already, so that its price is known."""
    query = select(Bid.id).join(Lot, Lot.id == Bid.lot_id).where(Lot.need_id == need.id)
    return db.session.scalar(query.where(Bid.opened_at.is_not(None)).limit(1)) is not None


def bids_of(lot: Lot) -> Sequence[Bid]:
    """The envelopes of a lot, in the order in which they came."""
    query = select(Bid).where(Bid.lot_id == lot.id).order_by(Bid.id)
    query = query.options(joinedload(Bid.offer).joinedload(Offer.agency))
    return db.session.scalars(query).all()


def bid_of(offer: Offer) -> Bid | None:
    """The envelope of an offer."""
    return db.session.scalar(select(Bid).where(Bid.offer_id == offer.id))


def joined(need: Need, slips: tuple[str, str]) -> tuple[bytes, bytes]:
    """Both halves, read from their slips; Invalid where they aren't those of this need."""
    made = halves_of(need)
    first, second = (draws.secret_of(slip) for slip in slips)
    if [half.public for half in made] != [sealing.public_of(first), sealing.public_of(second)]:
        raise Invalid(_("These slips aren't the two halves of this need's key"), field="first")
    return first, second


def _laid(actor: User, offer: Offer, envelope: str) -> tuple[Bid, str]:
    """The bid with this envelope, and the digest of the one that it replaces."""
    bid, digest, now = bid_of(offer), sha256(envelope.encode()).hexdigest(), clock.now()
    if bid is None:
        bid = Bid(lot=offer.lot, offer=offer, envelope=envelope, sha256=digest,
                  handed_in_at=now, handed_in_by_id=actor.id)  # fmt: skip
        db.session.add(bid)
        db.session.flush()
        return bid, ""
    before = bid.sha256
    db.session.add(ReplacedBid(bid_id=bid.id, envelope=bid.envelope, sha256=before,
                               handed_in_at=bid.handed_in_at, replaced_at=now))  # fmt: skip
    bid.envelope, bid.sha256 = envelope, digest
    bid.handed_in_at, bid.handed_in_by_id = now, actor.id
    return bid, before


def _keep_box(bid: Bid, box: StoredBox | None) -> None:
    if box is not None:
        kept = BidFile(bid_id=bid.id, sha256=box.sha256, size=box.size, store_key=box.key)
        kept.sent_at = clock.now()
        db.session.add(kept)
