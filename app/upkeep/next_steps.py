"""What is left to do after people left or went to another agency, for whoever may do it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app.agencies.models import Evaluator
from app.db import db
from app.engagements.models import Engagement
from app.engagements.queries import IS_OPEN
from app.errors import Words
from app.policy import Permission, Person, can
from app.upkeep.models import Outcome, Transfer

Link = tuple[Words, str, Mapping[str, Any]]  # its words, the page, and whose


@dataclass(frozen=True)
class Step:
    """One thing to do, and the pages where it is done."""

    words: Words
    links: Sequence[Link]


def steps_after(reader: Person, transfers: Sequence[Transfer]) -> dict[int, list[Step]]:
    """What the reader may do still for each released transfer; nothing once it is done."""
    released = [one for one in transfers if one.outcome is Outcome.RELEASED]
    led = running_of([one.evaluator_id for one in released])
    return {one.id: [*_new(reader, one), *_old(reader, one.evaluator, led)] for one in released}


def steps_left(reader: Person, person: Evaluator) -> list[Step]:
    """What somebody who left leaves behind: work that they lead, an account that is open."""
    return _old(reader, person, running_of([person.id])) if person.left_at is not None else []


def running_of(evaluator_ids: Collection[int]) -> dict[int, int]:
    """How many running engagements name each of these people as lead evaluator."""
    key = Engagement.lead_evaluator_id
    query = select(key, func.count()).where(IS_OPEN, key.in_(evaluator_ids)).group_by(key)
    return {key: n for key, n in db.session.execute(query)}  # noqa: C416 - typed pairs


def _new(reader: Person, transfer: Transfer) -> list[Step]:
    person = transfer.successor
    if person is None or person.left_at is not None or person.user is not None:
        return []
    if not can(reader, Permission.EVALUATOR_REGISTER, person):
        return []
    values = {"organisation": person.agency_id}
    given = {"evaluator_id": person.id}
    told = _("The person has no account at the new agency: open one, then enter it with them.")
    opening: Link = (_("Open an account"), "accounts.new_account", values)
    return [Step(told, [opening, (_("Enter it with the person"), "upkeep.edit_evaluator", given)])]


def _old(reader: Person, person: Evaluator, led: Mapping[int, int]) -> list[Step]:
    steps, values = [], {"evaluator_id": person.id}
    if (count := led.get(person.id, 0)) and can(reader, Permission.EVALUATOR_REGISTER, person):
        told = _("Running engagements that need another lead evaluator: %(count)s.", count=count)
        steps.append(Step(told, [(_("Show them"), "upkeep.evaluator", values)]))
    account = person.user
    if account and account.is_active and can(reader, Permission.ACCOUNT_CLOSE, account):
        told = _("The person's account at the old agency is open still.")
        values = {"user_id": account.id}
        steps.append(Step(told, [(_("To the account"), "accounts.person", values)]))
    return steps
