"""What people do about rectification. Each public function is one action of one person."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import Organisation, User
from app.attachments.models import columns_of
from app.attachments.waiting import is_checking
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.notifications.kinds import Kind
from app.papers.files import StoredFile
from app.policy import Permission, require
from app.rectifications import queries, telling
from app.rectifications.models import (
    RectificationFile,
    RectificationItem,
    RectificationNotice,
    RectificationReminder,
    RectificationState,
)
from app.requests.lateness import late_days

USUAL_DAYS = 10  # working days, as Zhejiang's template of a feedback letter gives
MOST_ITEMS = 100
MOST_FILES = 40
State = RectificationState
# From which states an item may come into a state.
MOVES: dict[State, frozenset[State]] = {
    State.REPORTED: frozenset({State.OPEN, State.RETURNED}),
    State.RETURNED: frozenset({State.REPORTED}),
    State.CONFIRMED: frozenset({State.REPORTED}),
}


@dataclass(frozen=True)
class NewFinding:
    """What is to be put right, with the money it is about and the working days for it."""

    finding: str
    demand: str = ""
    amount_fen: int = 0
    working_days: int = USUAL_DAYS


@dataclass(frozen=True)
class NewNotice:
    """A notice to a unit."""

    unit: Organisation
    findings: Sequence[NewFinding]
    document_no: str = ""
    words: str = ""


def issue_notice(actor: User, engagement: Engagement, new: NewNotice) -> RectificationNotice:
    """The performance section tells a unit what to put right after the work was accepted.

    Each finding is an item of its own, due in ten working days if nothing else is said.
    """
    lock(engagement)
    require(actor, Permission.RECTIFICATION_ISSUE, engagement)
    _check(engagement, new)
    notice = RectificationNotice(
        engagement=engagement,
        unit=new.unit,
        number=queries.next_number(engagement),
        document_no=new.document_no.strip(),
        words=new.words.strip(),
        issued_at=clock.now(),
        issued_by_id=actor.id,
        items=[_item(number, one) for number, one in enumerate(new.findings, start=1)],
    )
    db.session.add(notice)
    amount = sum(one.amount_fen for one in new.findings)
    told = {"items": len(notice.items), "amount_fen": amount, "document_no": notice.document_no}
    _record(actor, audit.Event.RECTIFICATION_ISSUED, notice, **told)
    telling.tell_unit(notice, Kind.RECTIFICATION_ISSUED, items=len(notice.items))
    return notice


def add_evidence(actor: User, item: RectificationItem, file: StoredFile) -> RectificationFile:
    """The unit adds a file that shows what was put right, before it reports."""
    lock(item)
    require(actor, Permission.RECTIFICATION_REPORT, item)
    if item.state not in queries.OWED:
        raise Conflict(_("This item was reported already"))
    if any(one.sha256 == file.sha256 for one in item.files):
        raise Conflict(_("This file is there already"))
    if len(item.files) >= MOST_FILES:
        raise Conflict(_("An item has at most %(n)s files", n=MOST_FILES))
    kept = RectificationFile(item=item, **columns_of(actor, file))
    db.session.add(kept)
    told = {"item": item.number, "file": file.name, "sha256": file.sha256}
    told |= {"unclassified": file.is_unclassified}
    _record(actor, audit.Event.RECTIFICATION_EVIDENCE, item.notice, **told)
    return kept


def report_item(actor: User, item: RectificationItem, measure: str) -> None:
    """The unit reports what it did and what came of it (整改报告); how late is kept."""
    lock(item)
    require(actor, Permission.RECTIFICATION_REPORT, item)
    if not measure.strip():
        raise Invalid(_("Say what was done and what came of it"), field="measure")
    if is_checking("rectification_item", item.id):
        raise Conflict(_("A file of yours is still being checked; report when it has passed"))
    _move(item, State.REPORTED)
    item.late_days += late_days(item.due_on, clock.today())
    item.measure, item.reported_at = measure.strip(), clock.now()
    item.reported_by_id = actor.id
    told = {"item": item.number, "words": item.measure, "files": len(item.files)}
    _record(actor, audit.Event.RECTIFICATION_REPORTED, item.notice, **told)
    telling.tell_bureau(item)


def confirm_item(actor: User, item: RectificationItem) -> None:
    """The performance section confirms that a finding was put right: it is closed (销号)."""
    lock(item)
    require(actor, Permission.RECTIFICATION_DECIDE, item)
    _move(item, State.CONFIRMED)
    item.decided_at, item.decided_by_id = clock.now(), actor.id
    _record(actor, audit.Event.RECTIFICATION_CONFIRMED, item.notice, item=item.number)
    telling.tell_unit(item.notice, Kind.RECTIFICATION_CONFIRMED, items=item.number)


def return_item(actor: User, item: RectificationItem, words: str, working_days: int) -> None:
    """The performance section sends a report back, says why, and gives some working days."""
    lock(item)
    require(actor, Permission.RECTIFICATION_DECIDE, item)
    if not words.strip():
        raise Invalid(_("Say what is wrong or missing"), field="words")
    if not 1 <= working_days <= 250:
        raise Invalid(_("From 1 to 250 days"), field="working_days")
    _move(item, State.RETURNED)
    item.decision_words, item.returned_count = words.strip(), item.returned_count + 1
    item.decided_at, item.decided_by_id = clock.now(), actor.id
    item.due_on = clock.add_working_days(clock.today(), working_days)
    told = {"item": item.number, "words": item.decision_words}
    _record(actor, audit.Event.RECTIFICATION_RETURNED, item.notice, **told)
    telling.tell_unit(item.notice, Kind.RECTIFICATION_RETURNED, items=item.number)


def remind_unit(actor: User, notice: RectificationNotice) -> RectificationReminder:
    """The bureau, or the department above, reminds the unit of what is owed; once a day."""
    lock(notice)
    require(actor, Permission.RECTIFICATION_REMIND, notice)
    owed = [item for item in notice.items if item.state in queries.OWED]
    if not owed:
        raise Conflict(_("Nothing of this notice is owed"))
    if queries.reminded_on(notice, clock.today()):
        raise Conflict(_("The unit was reminded of this notice today already"))
    reminder = RectificationReminder(items=len(owed), sent_by_id=actor.id, sent_at=clock.now())
    notice.reminders.append(reminder)
    _record(actor, audit.Event.RECTIFICATION_REMINDED, notice, items=len(owed))
    telling.tell_unit(notice, Kind.RECTIFICATION_REMINDED, items=len(owed))
    return reminder


def record_ledger(actor: User, rows: int) -> None:
    """Somebody takes the ledger of rectification away."""
    require(actor, Permission.RECTIFICATION_LIST, None)
    audit.record(actor, audit.Event.RECTIFICATIONS_EXPORTED, f"user_account:{actor.id}", rows=rows)


def _check(engagement: Engagement, new: NewNotice) -> None:
    if new.unit.id not in engagement.unit_ids:
        raise Invalid(_("This unit isn't evaluated in this engagement"), field="unit")
    if not new.findings:
        raise Invalid(_("Enter at least one finding"), field="findings")
    if len(new.findings) > MOST_ITEMS:
        raise Invalid(_("A notice has at most %(n)s findings", n=MOST_ITEMS), field="findings")
    for one in new.findings:
        if not one.finding.strip() or one.amount_fen < 0 or not 1 <= one.working_days <= 250:
            words = _("Each finding says what is wrong, an amount, and from 1 to 250 working days")
            raise Invalid(words, field="findings")


def _item(number: int, new: NewFinding) -> RectificationItem:
    return RectificationItem(
        number=number,
        finding=new.finding.strip(),
        demand=new.demand.strip(),
        amount_fen=new.amount_fen,
        due_on=clock.add_working_days(clock.today(), new.working_days),
        state=State.OPEN,
    )


def _move(item: RectificationItem, state: State) -> None:
    if item.state not in MOVES[state]:
        raise Conflict
    item.state = state


def _record(actor: User, event: audit.Event, notice: RectificationNotice, **facts: object) -> None:
    told = {"notice": notice.number, "unit": notice.unit.name}
    audit.record(actor, event, notice, scope=notice.engagement, **told, **facts)
