"""What a practitioner has done: reports signed, engagements led, hours that are still valid."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from app import clock
from app.agencies.models import Evaluator
from app.db import db
from app.engagements.models import Engagement
from app.engagements.queries import IS_OPEN, engagements_visible_to
from app.papers.models import FinalReport
from app.policy import Person
from app.training import queries as training
from app.training.models import ClaimState, HourRecord
from app.upkeep.models import Transfer

LATELY = 20


@dataclass(frozen=True)
class Work:
    """The figures of one person, each from its rows."""

    led: int
    running: int
    signed: int
    hours_this_year: int
    hours_valid: int


def chain_of(evaluator: Evaluator) -> list[int]:
    """The person's rows at this agency and at those that they came from, the newest first."""
    found, key = [evaluator.id], evaluator.id
    for _step in range(20):
        query = select(Transfer.evaluator_id).where(Transfer.successor_id == key)
        before = db.session.scalar(query)
        if before is None or before in found:
            break
        found.append(before)
        key = before
    return found


def work_of(evaluator: Evaluator) -> Work:
    """What the person did, here and at agencies before; hours are told and condition nothing."""
    chain = chain_of(evaluator)
    led = (
        select(func.count(), func.coalesce(func.sum(case((IS_OPEN, 1), else_=0)), 0))
        .select_from(Engagement)
        .where(Engagement.lead_evaluator_id.in_(chain))
    )
    count, running = db.session.execute(led).one()
    signed = select(func.count()).where(FinalReport.signed_by_id.in_(chain))
    users = select(Evaluator.user_id).where(Evaluator.id.in_(chain), Evaluator.user_id.is_not(None))
    valid = select(func.coalesce(func.sum(HourRecord.hours), 0)).where(
        HourRecord.user_id.in_(users),
        HourRecord.state == ClaimState.ACCEPTED,
        HourRecord.expires_on >= clock.today(),
    )
    here = evaluator.user
    year = training.hours_in(here, clock.today().year) if here is not None else 0
    return Work(
        int(count),
        int(running),
        db.session.scalar(signed) or 0,
        year,
        db.session.scalar(valid) or 0,
    )


def engagements_led(evaluator: Evaluator, reader: Person) -> Sequence[Engagement]:
    """The engagements that the person leads or led and the reader may see, running ones first."""
    query = (
        engagements_visible_to(reader)
        .order_by(None)
        .where(Engagement.lead_evaluator_id.in_(chain_of(evaluator)))
        .options(joinedload(Engagement.agency), joinedload(Engagement.client))
    )
    running = case((IS_OPEN, 0), else_=1)
    return db.session.scalars(query.order_by(running, Engagement.id.desc()).limit(LATELY)).all()


def reports_signed(evaluator: Evaluator, reader: Person) -> Sequence[FinalReport]:
    """The final reports that the person signed and whose engagements the reader may see."""
    seen = engagements_visible_to(reader).with_only_columns(Engagement.id).order_by(None)
    query = (
        select(FinalReport)
        .where(FinalReport.engagement_id.in_(seen))
        .where(FinalReport.signed_by_id.in_(chain_of(evaluator)))
        .options(joinedload(FinalReport.engagement))
    )
    return db.session.scalars(query.order_by(FinalReport.id.desc()).limit(LATELY)).all()
