"""How a lot is drawn (摇号): list and commitment before the beacon, the secret after it."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock, drawing
from app.accounts.models import User
from app.db import db, lock
from app.display import local_time
from app.errors import Conflict, Invalid
from app.policy import Permission, require
from app.procurement import labels, queries, telling
from app.procurement.methods import DRAWN
from app.procurement.models import Draw, DrawNumber, Lot

CHECKED = 8  # hex digits behind the secret that tell a slip of the pen from another number


@dataclass(frozen=True)
class Beacon:
    """Which public number decides, named before it exists."""

    name: str
    known_from: datetime
    by_ranking: bool = False  # weights by the newest published ranking; otherwise all weigh 100
    slip: str = ""  # the secret, where the form already carries it; otherwise one is made


@dataclass(frozen=True)
class Revealed:
    """What comes to light after the beacon: its numbers, where they stand, and the secret."""

    value: str
    source: str
    secret: str


def freeze(actor: User, lot: Lot, beacon: Beacon) -> tuple[Draw, str]:
    """List and weights are frozen and committed to; the secret is shown once and kept nowhere.

    Everybody who signed up and didn't step back is drawn, in order: the next one takes over from
    one who steps back. A statutory procurement is never decided by a draw.
    """
    lock(lot)
    require(actor, Permission.PROCUREMENT_DRAW, lot)
    _check_lot(lot)
    _check_beacon(beacon)
    draw = _frozen(actor, lot, beacon)
    nonce = secret_of(beacon.slip or fresh_slip())
    terms = terms_of(draw)
    draw.list_digest = drawing.list_digest(terms).hex()
    draw.commitment = drawing.commitment(terms, nonce).hex()
    db.session.add(draw)
    db.session.flush()
    telling.tell_listed(draw)
    told: dict[str, Any] = {"lot": lot.name, "attempt": draw.attempt, "beacon": draw.beacon_id}
    digests = {"commitment": draw.commitment, "list_digest": draw.list_digest}
    audit.record(actor, audit.Event.DRAW_FROZEN, draw, **told, **digests)
    return draw, with_check(nonce)


def add_number(actor: User, draw: Draw, words: str) -> DrawNumber:
    """A bidder adds a number of its own before the beacon; it is the SHA-256 of some words."""
    lock(draw)
    require(actor, Permission.PROCUREMENT_OFFER, draw)
    agency = actor.organisation_id
    if not draw.takes_numbers or draw.record is not None:
        raise Conflict(_("The time for bidders' own numbers is over"))
    if agency not in {key for key, _name, _weight in draw.entries}:
        raise Conflict(_("Your agency isn't on the list of this draw"))
    if any(one.agency_id == agency for one in draw.numbers):
        raise Conflict(_("Your agency has given its number already"))
    if not words.strip():
        raise Invalid(_("Write some words"), field="words")
    number = DrawNumber(
        agency_id=agency, words=words.strip(), made_at=clock.now(), made_by_id=actor.id
    )
    draw.numbers.append(number)
    told = {"draw": draw.draw_id, "number": number_of(number.words).hex()}
    audit.record(actor, audit.Event.DRAW_NUMBER_ADDED, draw, **told)
    return number


def hold(actor: User, draw: Draw, told: Revealed) -> None:
    """After the beacon its numbers and the secret are entered, and everybody can draw again.

    A secret that is whole but doesn't match the commitment voids this attempt, on record.
    """
    lock(draw)
    require(actor, Permission.PROCUREMENT_DRAW, draw)
    _expect_open(draw)
    if clock.now() < draw.beacon_from:
        raise Conflict(_("The beacon isn't known before %(at)s", at=local_time(draw.beacon_from)))
    if not (told.value.strip() and told.source.strip()):
        raise Invalid(_("Enter the numbers, and where anybody can read them"), field="value")
    terms, nonce = terms_of(draw), secret_of(told.secret)
    draw.beacon_value, draw.beacon_source = told.value.strip(), told.source.strip()
    if drawing.commitment(terms, nonce).hex() != draw.commitment:
        _void(actor, draw, str(_("The secret that was entered doesn't match the commitment")))
        return
    draw.record = drawing.record(terms, nonce, draw.beacon_value, _contributions(draw))
    draw.drawn_at, draw.drawn_by_id = clock.now(), actor.id
    facts = {"draw": draw.draw_id, "beacon_value": draw.beacon_value, "seed": draw.record["seed"]}
    audit.record(actor, audit.Event.DRAW_HELD, draw, first=draw.record["picks"][0][0], **facts)


def void(actor: User, draw: Draw, reason: str) -> None:
    """An attempt is void, with its number and the reason on record; the next one starts anew."""
    lock(draw)
    require(actor, Permission.PROCUREMENT_DRAW, draw)
    _expect_open(draw)
    if not reason.strip():
        raise Invalid(_("Enter the reason"), field="reason")
    _void(actor, draw, reason.strip())


def _void(actor: User, draw: Draw, reason: str) -> None:
    draw.voided_at, draw.void_reason = clock.now(), reason
    told: dict[str, Any] = {"draw": draw.draw_id, "attempt": draw.attempt, "reason": reason}
    audit.record(actor, audit.Event.DRAW_VOIDED, draw, **told)


def terms_of(draw: Draw) -> drawing.Terms:
    """What was frozen, as the calculation takes it; all are drawn, in order."""
    entries = {name: weight for _key, name, weight in draw.entries}
    return drawing.Terms(draw.draw_id, entries, len(entries), draw.beacon_id)


def number_of(words: str) -> bytes:
    """The number that a bidder's words stand for."""
    return sha256(words.encode()).digest()


def fresh_slip() -> str:
    """A slip that nobody has yet: a new secret as it is written on paper."""
    return with_check(secrets.token_bytes(drawing.NONCE_BYTES))


def frozen_with(lot: Lot, slip: str | None) -> Draw | None:
    """The draw of a lot that waits and that this very slip opens: its form was sent again."""
    draw = lot.draw
    if draw is None or draw.record is not None:
        return None
    return draw if opens(slip, terms_of(draw), draw.commitment) else None


def opens(slip: str | None, terms: drawing.Terms, commitment: str) -> bool:
    """Whether a slip is the one by which these terms were committed to."""
    try:
        nonce = secret_of(slip or "")
    except Invalid:
        return False
    return drawing.commitment(terms, nonce).hex() == commitment


def with_check(nonce: bytes) -> str:
    """The secret as it is written on paper: groups of eight, the last one checks the others."""
    whole = nonce.hex() + sha256(nonce).hexdigest()[:CHECKED]
    return "-".join(whole[at : at + 8] for at in range(0, len(whole), 8))


def secret_of(text: str) -> bytes:
    """Read a secret from paper; Invalid where its last group says that it was misread."""
    plain = "".join(text.replace("-", "").split()).lower()
    try:
        nonce, check = bytes.fromhex(plain[:-CHECKED]), plain[-CHECKED:]
    except ValueError:
        nonce, check = b"", ""
    if len(nonce) != drawing.NONCE_BYTES or sha256(nonce).hexdigest()[:CHECKED] != check:
        raise Invalid(_("Some character of the secret was misread; compare it"), field="secret")
    return nonce


def _contributions(draw: Draw) -> dict[str, bytes]:
    names = {key: name for key, name, _weight in draw.entries}
    return {names[one.agency_id]: number_of(one.words) for one in draw.numbers}


def _check_lot(lot: Lot) -> None:
    need = lot.need
    if need.method not in DRAWN or need.is_statutory:
        raise Conflict(_("This need isn't placed by a draw"))
    if need.announced_at is None or need.is_taking_offers or need.cancelled_at is not None:
        raise Conflict(_("The list is frozen after the time for signing up is over"))
    if lot.draw is not None:
        raise Conflict(_("A draw of this lot goes on already"))
    count, fewest = len(queries.standing_offers(lot)), need.rules.fewest_offers
    if count < fewest:
        raise Conflict(labels.too_few(count, fewest))


def _check_beacon(beacon: Beacon) -> None:
    if not beacon.name.strip():
        raise Invalid(_("Name the public number that decides"), field="name")
    if beacon.known_from <= clock.now():
        raise Invalid(_("The beacon must not exist yet"), field="known_from")


def _entries(lot: Lot, beacon: Beacon) -> tuple[str, list[tuple[int, str, int]]]:
    """The code of the ranking that weighs, and each agency with its name and weight."""
    names = {one.agency_id: one.agency.name for one in queries.standing_offers(lot)}
    code, found = queries.weights(list(names)) if beacon.by_ranking else ("", {})
    return code, [(key, name, found.get(key, 100)) for key, name in names.items()]


def _frozen(actor: User, lot: Lot, beacon: Beacon) -> Draw:
    attempt = len(lot.draws) + 1
    code, entries = _entries(lot, beacon)
    return Draw(
        entries=[[key, name, weight] for key, name, weight in entries],
        snapshot_code=code,
        lot=lot,
        attempt=attempt,
        draw_id=f"{lot.need.code}-{lot.number:02d}/{attempt}",
        beacon_id=beacon.name.strip(),
        beacon_from=beacon.known_from,
        frozen_at=clock.now(),
        frozen_by_id=actor.id,
    )


def _expect_open(draw: Draw) -> None:
    if draw.voided_at is not None:
        raise Conflict(_("This attempt is void"))
    if draw.record is not None:
        raise Conflict(_("This draw was held already"))
