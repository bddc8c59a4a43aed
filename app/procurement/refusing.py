"""An offer or a bid that was refused is on record, with the words that its agency read."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from app import audit
from app.accounts.models import User
from app.db import transaction
from app.errors import Conflict, Invalid, SentTwice
from app.policy import Permission, require
from app.procurement.models import Lot, Offer

Watch = Callable[[], AbstractContextManager[None]]
Note = Callable[[str], None]


def noted(actor: User, offer: Offer) -> Watch:
    """For a page: a bid that is refused inside is noted once its transaction is over."""
    return lambda: _watch(lambda words: note_refused_bid(actor, offer, words), (Conflict,))


def noted_offer(actor: User, lot: Lot) -> Watch:
    """For a page: likewise an offer, also one that a prohibition refuses."""
    refusals = (Conflict, Invalid)
    return lambda: _watch(lambda words: note_refused_offer(actor, lot, words), refusals)


@contextmanager
def _watch(note: Note, refusals: tuple[type[Conflict | Invalid], ...]) -> Iterator[None]:
    try:
        yield
    except SentTwice:
        raise
    except refusals as error:
        with transaction():
            note(str(error.message))
        raise


def note_refused_bid(actor: User, offer: Offer, words: str) -> None:
    """That a bid was not taken, whose, when and why, goes into the log."""
    require(actor, Permission.PROCUREMENT_OFFER_WITHDRAW, offer)
    audit.record(actor, audit.Event.BID_REFUSED, offer.lot, lot=offer.lot.name, words=words)


def note_refused_offer(actor: User, lot: Lot, words: str) -> None:
    """That an agency was not let in, when and by which rule, goes into the log."""
    require(actor, Permission.PROCUREMENT_OFFER, lot)
    told = {"agency": actor.organisation.name, "lot": lot.name, "words": words}
    audit.record(actor, audit.Event.OFFER_REFUSED, lot, **told)
