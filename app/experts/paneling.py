"""How a panel is drawn from the pool, whatever it judges: the list first, the public number later.

Whoever asks for a panel says who is left out and why, and which right it takes; what is here
neither requires nor records.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from app import clock, drawing
from app.accounts.models import User
from app.db import db, lock
from app.display import local_time
from app.errors import Conflict, Invalid
from app.experts.models import Expert, Field, PanelColumns
from app.procurement.draws import Revealed, fresh_slip, opens, secret_of, with_check

WEIGHT = 100  # everybody weighs the same


@dataclass(frozen=True)
class NewPanel:
    """A panel that is asked for: how many, of which field, by which public number."""

    places: int
    field: Field | None
    beacon: str
    known_from: datetime
    slip: str = ""  # the secret, where the form already carries it; otherwise one is made

    def expect_unknown(self) -> None:
        """The public number must not exist while the list is frozen."""
        if not self.beacon.strip() or self.known_from <= clock.now():
            raise Invalid(_("The beacon must not exist yet"), field="known_from")


def listed(asker: User, new: NewPanel, judged: Iterable[tuple[Expert, str]]) -> dict[str, Any]:
    """The columns of a frozen list: who may be drawn, and who is left out with which reason."""
    found = list(judged)
    names = _names_of(one for one, _reason in found)
    return {
        "field": new.field,
        "places": new.places,
        "entries": [[one.user_id, names[one.user_id]] for one, reason in found if not reason],
        "left_out": [[names[one.user_id], reason] for one, reason in found if reason],
        "beacon_id": new.beacon.strip(),
        "beacon_from": new.known_from,
        "frozen_at": clock.now(),
        "frozen_by_id": asker.id,
    }


def commit_to(draw: PanelColumns, slip: str = "") -> str:
    """Keep digest and commitment of the frozen list, and return the secret that opens it."""
    if len(draw.entries) < draw.places:
        words = _("Only %(n)s experts may be drawn", n=len(draw.entries))
        raise Invalid(words, field="places")
    terms, nonce = _terms_of(draw), secret_of(slip or fresh_slip())
    draw.list_digest = drawing.list_digest(terms).hex()
    draw.commitment = drawing.commitment(terms, nonce).hex()
    db.session.add(draw)
    db.session.flush()
    return with_check(nonce)


def is_opened_by(draw: PanelColumns, slip: str | None) -> bool:
    """Whether this slip is that of a list that waits: its form was sent again."""
    return draw.is_open and opens(slip, _terms_of(draw), draw.commitment)


def reveal(draw: PanelColumns, told: Revealed) -> dict[str, str]:
    """Draw with the public number and the secret; return what the log tells of it."""
    expect_open(draw)
    if clock.now() < draw.beacon_from:
        words = _("The beacon isn't known before %(at)s", at=local_time(draw.beacon_from))
        raise Conflict(words)
    terms, nonce = _terms_of(draw), secret_of(told.secret)
    if drawing.commitment(terms, nonce).hex() != draw.commitment:
        words = _("The secret that was entered doesn't match the commitment")
        raise Invalid(words, field="secret")
    draw.record = drawing.record(terms, nonce, told.value.strip(), {})
    draw.beacon_source, draw.drawn_at = told.source.strip(), clock.now()
    return {"beacon_value": told.value.strip(), "seed": draw.record["seed"]}


def end(draw: PanelColumns, reason: str) -> None:
    """An attempt is void with its reason; the next one starts anew."""
    expect_open(draw)
    if not reason.strip():
        raise Invalid(_("Enter the reason"), field="reason")
    draw.voided_at, draw.void_reason = clock.now(), reason.strip()


def expect_open(draw: PanelColumns) -> None:
    """It is neither held nor void, and nobody else is at it."""
    lock(draw)
    if not draw.is_open:
        raise Conflict(_("This draw was held or voided already"))


def _names_of(experts: Iterable[Expert]) -> dict[int, str]:
    """How each stands on the list: with the employer; of two that are called alike, numbered."""
    told, called = {}, Counter[str]()
    for one in sorted(experts, key=lambda expert: expert.user_id):
        name = f"{one.user.name}（{one.employer}）" if one.employer else one.user.name
        called[name] += 1
        told[one.user_id] = name if called[name] == 1 else f"{name}（{called[name]}）"
    return told


def _terms_of(draw: PanelColumns) -> drawing.Terms:
    """What was frozen; all are drawn in order, so that the next one replaces who can't come."""
    entries = {name: WEIGHT for _key, name in draw.entries}
    return drawing.Terms(draw.draw_id, entries, len(entries), draw.beacon_id)
