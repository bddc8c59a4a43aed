"""What changed since a moment ago: one look at the log for every open board of this process."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.accounts.models import Organisation
from app.audit.models import AuditEvent
from app.db import db
from app.engagements.models import Engagement, Task
from app.pages.fragments import House, Version
from app.policy import AGENCY_ROLES, UNIT_ROLES, Role

BEAT = 0.25  # seconds: no process looks at the log more often
PATIENCE = 1.0  # older than this nothing is answered without a look
WINDOW = 400  # so many of the newest entries tell whether something changed

# Things of which many sessions hang, and of which boards tell too.
HOMES = frozenset({"organisation"})
# Who sees the engagements of one organisation; all others see more than one house's.
BOUND_ROLES = AGENCY_ROLES | UNIT_ROLES | {Role.SECTION_OFFICER}
# Things whose events tell of who somebody is: their seats are asked for anew.
PEOPLE = frozenset(
    {"account", "deputy", "password", "role", "second_factor", "sign_in", "sign_in_sessions"}
)
# Things that no board shows: whatever is not named here moves one.
QUIET = PEOPLE | frozenset(
    {
        "access", "acting", "activation", "annual_list", "annual_row", "api_request", "api_token",
        "appeal", "archive", "assessment", "assessment_form", "assessment_rules", "attachment",
        "audit_key", "award", "backup", "bid", "bids", "board", "board_view", "boilerplate", "case",
        "conflict", "consequence", "consortium", "consultation", "correction", "course",
        "course_file", "course_page", "dangerous_act", "delivery", "dimension", "document",
        "document_request", "draw", "evaluator", "expert", "expert_review", "flag", "hours",
        "indicators", "invoice", "job", "legal_hold", "log", "low_bid", "message", "message_choice",
        "message_target", "need", "objection", "offer", "panel", "passport", "payment",
        "personal_data", "personal_key", "post", "problem", "procurement_rules", "question", "quiz",
        "ranking", "reading_rules", "recovery_code", "recovery_codes", "rectification", "relation",
        "result", "results", "retention", "review", "review_form", "review_link", "scores",
        "seal_half", "similarity", "statistics", "store", "training", "unit", "weights",
    }
)  # fmt: skip
READING = frozenset({"paper.downloaded", "paper.previewed", "paper.read_copy"})

_NEWEST = select(AuditEvent.id).order_by(AuditEvent.id.desc()).limit(WINDOW).subquery()
# Two entries may be committed in the other order than they were numbered: so the sum is taken too.
LATEST = select(func.max(_NEWEST.c.id), func.count(), func.sum(_NEWEST.c.id))
TOLD = (
    select(AuditEvent.id, AuditEvent.event, AuditEvent.subject, AuditEvent.scope)
    .order_by(AuditEvent.id.desc())
    .limit(WINDOW)
)
Told = tuple[str, str, str | None]  # event, subject, scope


class Versions:
    """How often something changed: for everybody, for those who see much, for one house."""

    def __init__(self) -> None:
        self.everybody = self.wide = self.alerts = 0
        self.houses: Counter[int] = Counter()

    def of(self, house: House) -> Version:
        """What a fragment of this house must have been made of to be the present one."""
        own = self.houses[house.organisation_id] if house.role in BOUND_ROLES else self.wide
        reads_alerts = house.role not in BOUND_ROLES or house.role is Role.SECTION_OFFICER
        return self.everybody, own, self.alerts if reads_alerts else 0


class Pulse:
    """Looks at the log for all who ask, at most once a beat."""

    def __init__(self, app: Flask, leave: Callable[[str], None]) -> None:
        self.app, self.leave = app, leave
        self.versions = Versions()
        self.turn = threading.Lock()
        self.looked_at = -PATIENCE
        self.mark: object = None
        self.known: frozenset[int] = frozenset()

    def beat(self) -> None:
        """Look, unless somebody just did.

        While one looks the others go on with what was known, unless that is long ago.
        """
        age = time.monotonic() - self.looked_at
        if age < BEAT or not self.turn.acquire(blocking=age >= PATIENCE):
            return
        try:
            if time.monotonic() - self.looked_at >= BEAT:
                began = time.monotonic()
                with self.app.app_context():
                    self._look()
                self.looked_at = began
        finally:
            self.turn.release()

    def _look(self) -> None:
        mark = tuple(db.session.execute(LATEST).one())
        if mark == self.mark:
            return
        newest = db.session.execute(TOLD).all()
        fresh = [(row.event, row.subject, row.scope) for row in newest if row.id not in self.known]
        if self.known and len(fresh) == len(newest) == WINDOW:
            self._forget()  # more happened than one look shows
        elif self.known:
            self._note(fresh)
        self.known, self.mark = frozenset(row.id for row in newest), mark

    def _forget(self) -> None:
        self.versions.everybody += 1
        self.leave("")

    def _note(self, fresh: Sequence[Told]) -> None:
        touched = set()
        for event, subject, scope in fresh:
            thing = event.partition(".")[0]
            if thing in PEOPLE | HOMES:
                self.leave(subject)
            if thing in QUIET or event in READING:
                continue
            if thing == "alert":
                self.versions.alerts += 1
            elif (key := engagement_of(scope or subject)) and thing != "amendment":
                touched.add(key)
            else:
                self.versions.everybody += 1
        if touched:
            self.versions.wide += 1
            self.versions.houses.update(houses_of(touched))


def engagement_of(name: str) -> int:
    """The engagement that the log names so; nought for anything else."""
    thing, _colon, key = name.partition(":")
    return int(key) if thing == "engagement" and key.isdigit() else 0


def houses_of(engagements: Iterable[int]) -> set[int]:
    """The organisations whose own boards show any of these engagements."""
    unit = aliased(Organisation)
    found = db.session.execute(
        select(
            Engagement.agency_id,
            Engagement.client_id,
            Task.unit_id,
            Task.section_id,
            unit.department_id,
            unit.finance_office_id,
        )
        .outerjoin(Task, Task.engagement_id == Engagement.id)
        .outerjoin(unit, unit.id == Task.unit_id)
        .where(Engagement.id.in_(sorted(engagements)))
    )
    return {key for row in found for key in row if key is not None}
