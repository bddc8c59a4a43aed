"""Sealed bids for tests: the halves of the key, envelopes with and without a plan's file."""

import io
from datetime import timedelta
from hashlib import sha256

from werkzeug.datastructures import FileStorage

from app import clock
from app.db import transaction
from app.policy import Role
from app.procurement import bidding, boxes, opening, sealing, services
from tests.factories import UserFactory
from tests.procurement.placing import bidder, signed_up


def keyed(officer, need):
    """Both halves are made; the slips."""
    other = UserFactory(role=Role.PERFORMANCE_OFFICER, organisation=officer.organisation)
    slips = []
    for who in (officer, other):
        with transaction():
            slips.append(bidding.make_half(who, need)[1])
    return tuple(slips)


def announced(officer, need, days=3):
    with transaction():
        services.announce(officer, need, clock.now() + timedelta(days=days))


def sealed(lot, price, plan="演示方案", pdf=b""):
    """An envelope and, for a plan's file, the encrypted box."""
    publics = tuple(half.public for half in bidding.halves_of(lot.need))
    code = opening.lot_code(lot)
    file, box = sealing.seal_file("演示方案.pdf", pdf, code) if pdf else (None, b"")
    digest = sha256(box).hexdigest() if pdf else ""
    return sealing.seal(sealing.Bid(price, plan, file), publics, code, digest), box


def handed_in(offer, head, envelope, box=b""):
    sent = FileStorage(io.BytesIO(box), "plan.sealed") if box else None
    kept = boxes.kept_box(sent)
    with transaction():
        return bidding.hand_in(head, offer, envelope, kept)


def bid(lot, price, plan="演示方案", pdf=b"", pair=None):
    """A new agency signs up and hands in its envelope."""
    pair = pair or bidder()
    offer = signed_up(pair, lot)
    envelope, box = sealed(lot, price, plan, pdf)
    return pair, handed_in(offer, pair[0], envelope, box)


def opened(officer, lot, slips):
    files = boxes.opened_files(lot, slips)
    with transaction():
        return bidding.open_bids(officer, lot, slips, files)


def token_in(page):
    """The token of the form on a page."""
    return page.split('name="once" value="')[1].split('"')[0]


def slip_in(page):
    """The slip that the form of a page carries, so that it is shown however often it is sent."""
    (field,) = (one for one in page.split("<input") if 'name="slip"' in one)
    return field.split('value="')[1].split('"')[0]


def slip_shown(reply):
    """The slip on the page that follows."""
    assert reply.status_code == 200
    page = reply.get_data(as_text=True)
    return page.split('class="first-password mb-3"><code>')[1].split("</code>")[0]
