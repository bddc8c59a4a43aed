"""What follows for an agency: proposed by the section, decided by a leader, ended by itself."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import audit, clock
from app.accounts.models import User
from app.agencies.models import Agency
from app.assessments import queries, telling
from app.assessments.annual_models import AnnualList, AnnualRow
from app.assessments.credit_models import Consequence
from app.assessments.vocabulary import USUAL_TERM, ConsequenceKind
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid
from app.policy import Permission, require

YEAR = timedelta(days=366)
LONGEST_TERM = timedelta(days=3660)
WITH_POINTS = {ConsequenceKind.ADVERSE_RECORD: -1, ConsequenceKind.COMMENDATION: 1}


@dataclass(frozen=True)
class NewConsequence:
    """What is proposed: what happened, on which rule or document it rests, for which term."""

    kind: ConsequenceKind
    words: str
    basis: str
    starts_on: date
    ends_on: date
    points: Decimal = Decimal(0)  # of the credit record, without its sign
    engagement: Engagement | None = None


def propose(actor: User, agency: Agency, new: NewConsequence) -> Consequence:
    """The performance section proposes a measure or an entry of the credit record."""
    require(actor, Permission.CONSEQUENCE_PROPOSE, agency)
    _check(agency, new)
    made = Consequence(
        agency=agency,
        kind=new.kind,
        engagement=new.engagement,
        words=new.words.strip(),
        basis=new.basis.strip(),
        points=new.points * WITH_POINTS.get(new.kind, 0),
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        proposed_at=clock.now(),
        proposed_by_id=actor.id,
    )
    db.session.add(made)
    db.session.flush()
    telling.ask_decision(made)
    audit.record(actor, audit.Event.CONSEQUENCE_PROPOSED, made, scope=None, **_told(made))
    return made


def _check(agency: Agency, new: NewConsequence) -> None:
    if not new.words.strip():
        raise Invalid(_("Say what happened"), field="words")
    if not new.basis.strip():
        raise Invalid(_("Enter the rule or document it rests on, with its number"), field="basis")
    if abs(new.starts_on - clock.today()) > YEAR:
        raise Invalid(_("The term begins within a year of today"), field="starts_on")
    if not new.starts_on <= new.ends_on <= new.starts_on + LONGEST_TERM:
        words = _("The term ends after it begins, within ten years")
        raise Invalid(words, field="ends_on")
    _check_points(new)
    if new.engagement is not None and new.engagement.agency_id != agency.id:
        raise Invalid(_("This engagement is another agency's"), field="engagement")


def _check_points(new: NewConsequence) -> None:
    fits = new.points.is_finite() and 0 <= new.points <= 100 and not new.points * 100 % 1
    if not fits:
        raise Invalid(_("From 0 to 100 points"), field="points")
    if new.points and new.kind not in WITH_POINTS:
        words = _("Only an adverse record or a commendation moves the credit")
        raise Invalid(words, field="points")
    if new.kind is ConsequenceKind.COMMENDATION and not new.points:
        raise Invalid(_("Enter the points"), field="points")


def impose(actor: User, consequence: Consequence, words: str) -> None:
    """A leader decides that it shall be; the agency gets notice and may appeal in time."""
    require(actor, Permission.CONSEQUENCE_DECIDE, consequence)
    lock(consequence)
    _expect_undecided(consequence)
    days = queries.rules_in_force().objection_days
    consequence.objections_until = clock.add_working_days(clock.today(), days)
    consequence.decided_by_id, consequence.decision_words = actor.id, words.strip()
    consequence.imposed_at = clock.now()
    db.session.flush()
    telling.tell_imposed(consequence)
    audit.record(
        actor, audit.Event.CONSEQUENCE_IMPOSED, consequence, scope=None, **_told(consequence)
    )


def refuse(actor: User, consequence: Consequence, reason: str) -> None:
    """A leader refuses the proposal, with the reason; the agency never sees it."""
    require(actor, Permission.CONSEQUENCE_DECIDE, consequence)
    lock(consequence)
    _expect_undecided(consequence)
    if not reason.strip():
        raise Invalid(_("Give the reason"), field="words")
    consequence.decided_by_id, consequence.decision_words = actor.id, reason.strip()
    consequence.refused_at = clock.now()
    told = {"consequence_kind": consequence.kind, "reason": consequence.decision_words}
    audit.record(actor, audit.Event.CONSEQUENCE_REFUSED, consequence, scope=None, **told)


def _expect_undecided(consequence: Consequence) -> None:
    if consequence.imposed_at is not None or consequence.refused_at is not None:
        raise Conflict(_("This proposal was decided already"))


def impose_of_list(annual_list: AnnualList) -> None:
    """The consequences that a leader approved with the year's list begin on its publication.

    A part of publishing, which checks and records. 正常选取 is no measure and makes none.
    """
    until = clock.add_working_days(clock.today(), annual_list.rules.objection_days)
    for row in annual_list.rows:
        if row.consequence is ConsequenceKind.NORMAL:
            continue
        made = _of_row(annual_list, row)
        made.objections_until = until
        db.session.add(made)
        db.session.flush()
        telling.tell_imposed(made)


def _of_row(annual_list: AnnualList, row: AnnualRow) -> Consequence:
    today, label = clock.today(), annual_list.rules.label(row.grade)
    return Consequence(
        agency=row.agency,
        kind=row.consequence,
        row_id=row.id,
        words=row.consequence_words or f"{annual_list.year}年度考核等次：{label}",
        basis=annual_list.document_no,
        starts_on=today,
        ends_on=today + timedelta(days=USUAL_TERM[row.consequence] - 1),
        proposed_at=annual_list.drawn_at,
        proposed_by_id=annual_list.drawn_by_id,
        imposed_at=annual_list.published_at,
        decided_by_id=annual_list.approved_by_id,
        decision_words=annual_list.decision_words,
    )


def revoke_of_list(annual_list: AnnualList) -> None:
    """What followed from a list ends when a corrected list of the year takes its place."""
    rows = [row.id for row in annual_list.rows]
    query = select(Consequence).where(
        Consequence.row_id.in_(rows), Consequence.revoked_at.is_(None)
    )
    for one in db.session.scalars(query):
        one.revoked_at = clock.now()


def end_due() -> int:
    """The portal notes every term that is over and tells the agency; returns how many.

    That a measure no longer holds follows from its last day, not from this note.
    """
    due = db.session.scalars(
        select(Consequence).where(
            Consequence.imposed_at.is_not(None),
            Consequence.revoked_at.is_(None),
            Consequence.ended_at.is_(None),
            Consequence.ends_on < clock.today(),
        )
    ).all()
    for one in due:
        one.ended_at = clock.now()
        telling.tell_ended(one)
        told = {"consequence_kind": one.kind}
        audit.record(audit.PORTAL, audit.Event.CONSEQUENCE_ENDED, one, scope=None, **told)
    return len(due)


def _told(one: Consequence) -> dict[str, Any]:
    return {
        "basis": one.basis,
        "consequence_kind": one.kind,
        "ends_on": one.ends_on,
        "starts_on": one.starts_on,
    }
