"""The rules raise warnings; people take them, pass them on and end them with words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import audit, clock
from app.accounts.models import User
from app.alerts import queries
from app.alerts.kinds import RULES
from app.alerts.models import MOVES, Alert, AlertKind, AlertRule, AlertState
from app.alerts.patterns import Finding
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import Permission, Role, require

LONGEST = 2000


def raise_alerts(found: Mapping[AlertKind, Sequence[Finding]]) -> int:
    """The portal raises what is new among what the rules found; returns how many.

    The same fact is raised once, also after it was ended. A waiting warning whose fact is no
    longer so is marked as cleared, and as not cleared where it is so again; a word is owed still.
    """
    owed: Counter[int] = Counter()
    for kind, findings in found.items():
        rule = queries.rule_in_force(kind)
        if rule is not None:
            for alert in _fresh(rule, findings):
                owed[alert.owner_id] += 1
            _clear(kind, {each.mark for each in findings})
    for owner, count in owed.items():
        send([owner], Kind.ALERTS_RAISED, {"count": str(count)}, "/alerts?show=mine")
    return owed.total()


def _fresh(rule: AlertRule, findings: Sequence[Finding]) -> list[Alert]:
    known = queries.known_marks([each.mark for each in findings])
    new = {each.mark: each for each in findings if each.mark not in known}
    owners = queries.owners_of({each.engagement_id for each in new.values()})
    spare = next(iter(people.holders_of(Role.PERFORMANCE_OFFICER)), None)
    due = clock.add_working_days(clock.today(), rule.answer_days)
    raised = []
    for mark, each in new.items():
        owner = owners.get(each.engagement_id, spare)
        if owner is None:  # nobody is there to hear it
            continue
        alert = Alert(
            rule=rule, kind=rule.kind, engagement_id=each.engagement_id, mark=mark,
            facts=dict(each.facts), state=AlertState.OPEN, owner_id=owner,
            raised_at=clock.now(), due_on=due, words="",
        )  # fmt: skip
        db.session.add(alert)
        audit.record(audit.PORTAL, audit.Event.ALERT_RAISED, alert, alert_kind=rule.kind)
        raised.append(alert)
    return raised


def _clear(kind: AlertKind, marks: set[str]) -> None:
    waiting = select(Alert).where(Alert.kind == kind, queries.is_waiting())
    for alert in db.session.scalars(waiting):
        holds = alert.mark in marks
        if holds and alert.cleared_at is not None:
            alert.cleared_at = None
        elif not holds and alert.cleared_at is None:
            alert.cleared_at = clock.now()


def escalate_due() -> int:
    """The portal tells the leaders of warnings whose owner's word is late; returns how many."""
    late = select(Alert).where(queries.is_overdue(), Alert.escalated_at.is_(None))
    found = db.session.scalars(late.order_by(Alert.id)).all()
    for alert in found:
        alert.escalated_at = clock.now()
        audit.record(audit.PORTAL, audit.Event.ALERT_ESCALATED, alert, alert_kind=alert.kind)
    if found:
        who = [*people.holders_of(Role.LEADER), *{alert.owner_id for alert in found}]
        told = {"count": str(len(found))}
        send(who, Kind.ALERTS_ESCALATED, told, "/alerts?show=escalated")
    return len(found)


def take_alert(actor: User, alert: Alert) -> None:
    """Somebody takes a warning into their own hands."""
    _hold(actor, alert)
    _move(alert, AlertState.TAKEN)
    alert.owner_id = actor.id
    audit.record(actor, audit.Event.ALERT_TAKEN, alert)


def pass_alert(actor: User, alert: Alert, officer: User) -> None:
    """A warning goes to another officer of the performance section; its day stays."""
    _hold(actor, alert)
    _move(alert, AlertState.TAKEN)
    if officer.role is not Role.PERFORMANCE_OFFICER or not officer.is_active:
        raise Invalid(_("Choose somebody of the performance section"), field="officer")
    if officer.id == alert.owner_id:
        raise Conflict(_("It is with this officer already"))
    alert.owner_id = officer.id
    told = {"count": "1"}
    send([officer], Kind.ALERTS_RAISED, told, "/alerts?show=mine")
    audit.record(actor, audit.Event.ALERT_PASSED, alert, officer=officer.id)


def end_alert(actor: User, alert: Alert, words: str) -> None:
    """A warning ends with words: what was found, and what was done."""
    _hold(actor, alert)
    if not words.strip():
        raise Invalid(_("Say what was found and what was done"), field="words")
    if len(words) > LONGEST:
        raise Invalid(_("At most 2000 characters"), field="words")
    _move(alert, AlertState.ENDED)
    alert.words, alert.ended_at, alert.ended_by_id = words.strip(), clock.now(), actor.id
    audit.record(actor, audit.Event.ALERT_ENDED, alert, words=alert.words)


def _hold(actor: User, alert: Alert) -> None:
    lock(alert)
    require(actor, Permission.ALERT_SETTLE, alert)


def _move(alert: Alert, state: AlertState) -> None:
    if state not in MOVES[alert.state]:
        raise Conflict(_("This warning was ended already"))
    alert.state = state


def edit_rule(
    actor: User,
    rule: AlertRule,
    new: Mapping[str, int],
    *,
    answer_days: int,
    is_on: bool,
    reason: str,
) -> AlertRule:
    """The performance section sets a rule anew: the next version looks from tonight on.

    The version before is kept, and so are the warnings that it raised.
    """
    lock(rule)
    require(actor, Permission.ALERT_RULE_EDIT, rule)
    _check(rule, new, answer_days)
    if not reason.strip():
        raise Invalid(_("Say why the rule is changed"), field="reason")
    rule.retired_at = clock.now()
    db.session.flush()
    made = AlertRule(
        kind=rule.kind, version=rule.version + 1, is_on=is_on, settings=dict(new),
        answer_days=answer_days, reason=reason.strip(), made_at=clock.now(), made_by_id=actor.id,
    )  # fmt: skip
    db.session.add(made)
    told: dict[str, Any] = {"alert_kind": rule.kind, "version": made.version}
    told["reason"] = made.reason
    figures = [f"{name}={value}" for name, value in sorted(new.items())]
    audit.record(actor, audit.Event.ALERT_RULE_EDITED, made, **told, settings=figures)
    return made


def _check(rule: AlertRule, new: Mapping[str, int], answer_days: int) -> None:
    if rule.retired_at is not None:
        raise Conflict(_("This rule was changed meanwhile; look at it again"))
    for setting in RULES[rule.kind]:
        if not setting.low <= new.get(setting.name, setting.low - 1) <= setting.high:
            words = _("From %(low)s to %(high)s", low=setting.low, high=setting.high)
            raise Invalid(words, field=setting.name)
    if not 1 <= answer_days <= 60:
        raise Invalid(_("From %(low)s to %(high)s", low=1, high=60), field="answer_days")
