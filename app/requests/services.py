"""What people do with document requests. Each public function is one action of one person."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.attachments.models import arrived_at, columns_of
from app.db import db, lock
from app.engagements.models import Engagement, Task
from app.errors import Conflict, Invalid
from app.notifications.kinds import Kind
from app.papers.files import StoredFile
from app.policy import Permission, require
from app.requests import queries, telling
from app.requests.lateness import late_days
from app.requests.models import (
    DocumentRequest,
    ItemState,
    Phase,
    RequestFile,
    RequestItem,
    RequestReminder,
)

MOST_ITEMS = 200
# From which states an item may come into a state.
MOVES: dict[ItemState, frozenset[ItemState]] = {
    ItemState.SUPPLIED: frozenset({ItemState.WANTED, ItemState.RETURNED, ItemState.SUPPLIED}),
    ItemState.CONFIRMED: frozenset({ItemState.SUPPLIED}),
    ItemState.RETURNED: frozenset(
        {ItemState.SUPPLIED, ItemState.CONFIRMED, ItemState.NOT_APPLICABLE}
    ),
    ItemState.NOT_APPLICABLE: frozenset({ItemState.WANTED, ItemState.RETURNED}),
}


@dataclass(frozen=True)
class NewItem:
    """One thing that is asked for, and how many working days the unit has for it."""

    title: str
    description: str = ""
    working_days: int = 5


@dataclass(frozen=True)
class NewRequest:
    """A list as its author draws it up, for the unit of a task."""

    task: Task
    phase: Phase
    words: str = ""
    items: Sequence[NewItem] = ()


def draw_up_request(actor: User, engagement: Engagement, new: NewRequest) -> DocumentRequest:
    """The agency's lead draws up a list for the unit of a task; nobody else sees it yet."""
    lock(engagement)
    require(actor, Permission.DOCUMENT_REQUEST_MAKE, engagement)
    if new.task.engagement_id != engagement.id or new.task.unit is None:
        raise Invalid(_("This task has no evaluated unit"), field="task")
    request = DocumentRequest(
        engagement=engagement,
        task=new.task,
        unit=new.task.unit,
        number=queries.next_number(engagement),
        phase=new.phase,
        words=new.words.strip(),
        made_by_id=actor.id,
        made_at=clock.now(),
    )
    db.session.add(request)
    _add(request, new.items)
    _record(actor, audit.Event.REQUEST_DRAWN_UP, request, items=len(request.items))
    return request


def add_items(actor: User, request: DocumentRequest, items: Sequence[NewItem]) -> None:
    """The lead adds to a list; to one that was sent the due days count from today."""
    lock(request.engagement)
    require(actor, Permission.DOCUMENT_REQUEST_MAKE, request)
    if not items:
        raise Invalid(_("Enter at least one thing that is asked for"))
    _add(request, items)
    if request.sent_at is not None:
        telling.tell_unit(request, Kind.DOCUMENTS_REQUESTED, items=len(items))
    _record(actor, audit.Event.REQUEST_EXTENDED, request, items=len(items))


def rewrite_items(actor: User, request: DocumentRequest, items: Sequence[NewItem]) -> None:
    """The lead puts other items in the place of a draft's; a list that was sent only grows."""
    lock(request.engagement)
    require(actor, Permission.DOCUMENT_REQUEST_MAKE, request)
    if request.sent_at is not None:
        raise Conflict(_("This list was sent already"))
    for item in list(request.items):
        request.items.remove(item)
        db.session.delete(item)
    db.session.flush()
    _add(request, items)
    _record(actor, audit.Event.REQUEST_DRAWN_UP, request, items=len(items))


def send_request(actor: User, request: DocumentRequest) -> None:
    """The lead sends a list to the unit; the due day of each item is counted from today."""
    lock(request)
    require(actor, Permission.DOCUMENT_REQUEST_MAKE, request)
    if request.sent_at is not None:
        raise Conflict(_("This list was sent already"))
    if not request.items:
        raise Invalid(_("Enter at least one thing that is asked for"))
    request.sent_at, request.sent_by_id = clock.now(), actor.id
    for item in request.items:
        item.due_on = clock.add_working_days(clock.today(), item.working_days)
    telling.tell_unit(request, Kind.DOCUMENTS_REQUESTED, items=len(request.items))
    _record(actor, audit.Event.REQUEST_SENT, request, items=len(request.items))


def supply_file(actor: User, item: RequestItem, file: StoredFile) -> RequestFile:
    """The unit hands over a file for an item; how late it comes is kept with the item."""
    lock(item)
    require(actor, Permission.DOCUMENT_REQUEST_SUPPLY, item)
    if any(one.sha256 == file.sha256 for one in item.living_files):
        raise Conflict(_("This file was handed over for this item already"))
    was_owed = item.state in queries.OWED
    _move(item, ItemState.SUPPLIED)
    arrived = arrived_at(file)
    if was_owed:
        item.late_days += late_days(item.due_on, clock.day_of(arrived))
    item.supplied_at = arrived
    kept = RequestFile(item=item, **columns_of(actor, file))
    db.session.add(kept)
    if was_owed:
        telling.tell_agency(item, Kind.DOCUMENTS_SUPPLIED)
    told = {"file": file.name, "size": file.size, "sha256": file.sha256}
    told |= {"unclassified": file.is_unclassified, "late_days": item.late_days}
    _record_item(actor, audit.Event.REQUEST_SUPPLIED, item, **told)
    return kept


def void_file(actor: User, file: RequestFile) -> None:
    """The unit takes back a file that was sent by mistake, before it is confirmed."""
    lock(file.item)
    require(actor, Permission.DOCUMENT_REQUEST_SUPPLY, file.item)
    if file.voided_at is not None or file.item.state is not ItemState.SUPPLIED:
        raise Conflict
    file.voided_at = clock.now()
    if not file.item.living_files:
        file.item.state = ItemState.WANTED
    told = {"file": file.file_name, "sha256": file.sha256}
    _record_item(actor, audit.Event.REQUEST_FILE_VOIDED, file.item, **told)


def declare_not_applicable(actor: User, item: RequestItem, reason: str) -> None:
    """The unit says that it has no such thing, and why; the agency may ask again."""
    lock(item)
    require(actor, Permission.DOCUMENT_REQUEST_SUPPLY, item)
    _set_aside(actor, item, reason)
    telling.tell_agency(item, Kind.DOCUMENTS_SUPPLIED)
    _record_item(actor, audit.Event.REQUEST_ITEM_SET_ASIDE, item, reason=item.words)


def waive_item(actor: User, item: RequestItem, reason: str) -> None:
    """The agency no longer asks for an item, and says why."""
    lock(item)
    require(actor, Permission.DOCUMENT_REQUEST_CONFIRM, item)
    _set_aside(actor, item, reason)
    _record_item(actor, audit.Event.REQUEST_ITEM_SET_ASIDE, item, reason=item.words)


def confirm_item(actor: User, item: RequestItem) -> None:
    """The agency confirms that what came is what was asked for."""
    lock(item)
    require(actor, Permission.DOCUMENT_REQUEST_CONFIRM, item)
    _move(item, ItemState.CONFIRMED)
    _decide(actor, item)
    _record_item(actor, audit.Event.REQUEST_ITEM_CONFIRMED, item)


def return_item(actor: User, item: RequestItem, words: str, working_days: int) -> None:
    """The agency asks for an item again, says what is wrong, and gives some working days."""
    lock(item)
    require(actor, Permission.DOCUMENT_REQUEST_CONFIRM, item)
    if not words.strip():
        raise Invalid(_("Say what is wrong or missing"), field="words")
    if not 1 <= working_days <= 250:
        raise Invalid(_("From 1 to 250 days"), field="working_days")
    _move(item, ItemState.RETURNED)
    _decide(actor, item)
    item.words, item.returned_count = words.strip(), item.returned_count + 1
    item.due_on = clock.add_working_days(clock.today(), working_days)
    telling.tell_unit(item.request, Kind.DOCUMENTS_RETURNED, items=1, item=item)
    _record_item(actor, audit.Event.REQUEST_ITEM_RETURNED, item, words=item.words)


def remind_unit(actor: User, request: DocumentRequest) -> RequestReminder:
    """The agency or the bureau reminds the unit of what it still owes, once a day; it counts."""
    lock(request)
    require(actor, Permission.DOCUMENT_REQUEST_REMIND, request)
    owed = [item for item in request.items if item.state in queries.OWED]
    if request.sent_at is None or not owed:
        raise Conflict(_("Nothing of this list is owed"))
    if queries.reminded_on(request, clock.today()):
        raise Conflict(_("The unit was reminded of this list today already"))
    reminder = RequestReminder(items=len(owed), sent_by_id=actor.id, sent_at=clock.now())
    request.reminders.append(reminder)
    telling.tell_unit(request, Kind.DOCUMENTS_REMINDED, items=len(owed))
    _record(actor, audit.Event.REQUEST_REMINDED, request, items=len(owed))
    return reminder


def record_ledger(actor: User, engagement: Engagement, rows: int) -> None:
    """Somebody takes the ledger of an engagement away."""
    require(actor, Permission.ENGAGEMENT_READ, engagement)
    audit.record(actor, audit.Event.REQUESTS_EXPORTED, engagement, scope=engagement, rows=rows)


def _add(request: DocumentRequest, items: Sequence[NewItem]) -> None:
    """Put items at the end of a list."""
    if len(request.items) + len(items) > MOST_ITEMS:
        raise Invalid(_("A list has at most %(n)s items", n=MOST_ITEMS))
    for number, new in enumerate(items, start=len(request.items) + 1):
        if not new.title.strip() or not 1 <= new.working_days <= 250:
            raise Invalid(_("Each item needs a title and from 1 to 250 working days"))
        due = clock.add_working_days(clock.today(), new.working_days)
        item = RequestItem(
            number=number,
            title=new.title.strip(),
            description=new.description.strip(),
            working_days=new.working_days,
            due_on=due if request.sent_at else None,
            state=ItemState.WANTED,
        )
        request.items.append(item)


def _set_aside(actor: User, item: RequestItem, reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("Say why it doesn't apply"), field="reason")
    _move(item, ItemState.NOT_APPLICABLE)
    _decide(actor, item)
    item.words = reason.strip()


def _move(item: RequestItem, state: ItemState) -> None:
    if item.request.sent_at is None or item.state not in MOVES[state]:
        raise Conflict
    item.state = state


def _decide(actor: User, item: RequestItem) -> None:
    item.decided_at, item.decided_by_id = clock.now(), actor.id


def _record(actor: User, event: audit.Event, request: DocumentRequest, *, items: int) -> None:
    told = {"list": request.number, "unit": request.unit.name, "items": items}
    audit.record(actor, event, request, scope=request.engagement, **told)


def _record_item(actor: User, event: audit.Event, item: RequestItem, **facts: object) -> None:
    told = {"list": item.request.number, "item": item.number, "title": item.title}
    audit.record(actor, event, item.request, scope=item.engagement, **told, **facts)
