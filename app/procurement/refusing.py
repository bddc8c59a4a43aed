"""A bid that was refused is on record, with the words that its bidder read."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from app import audit
from app.accounts.models import User
from app.db import transaction
from app.errors import Conflict
from app.policy import Permission, require
from app.procurement.models import Offer


def noted(actor: User, offer: Offer) -> Callable[[], AbstractContextManager[None]]:
    """For a page: whatever is refused inside is noted once its transaction is over."""
    return lambda: _watch(actor, offer)


@contextmanager
def _watch(actor: User, offer: Offer) -> Iterator[None]:
    try:
        yield
    except Conflict as error:
        with transaction():
            note_refused_bid(actor, offer, str(error.message))
        raise


def note_refused_bid(actor: User, offer: Offer, words: str) -> None:
    """That a bid was not taken, whose, when and why, goes into the log."""
    require(actor, Permission.PROCUREMENT_OFFER_WITHDRAW, offer)
    audit.record(actor, audit.Event.BID_REFUSED, offer.lot, lot=offer.lot.name, words=words)
