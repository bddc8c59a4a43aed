"""Hours of the portal's own courses and trainings."""

import secrets

from app import clock
from app.accounts.models import User
from app.db import db
from app.training.models import ClaimState, Course, HourRecord, Source, TrainingSession
from app.training.reckoning import months_after


def grant(person: User, course: Course, session: TrainingSession | None = None) -> HourRecord:
    """Hours of the portal's own, with a certificate whose number nobody can guess.

    Those of a training are earned on its day, also where the sign-in was made up later.
    """
    day = clock.day_of(session.starts_at) if session else clock.today()
    record = HourRecord(
        user=person,
        source=Source.SESSION if session else Source.COURSE,
        course_id=None if session else course.id,
        session_id=session.id if session else None,
        title=session.title if session else course.title,
        provider="",
        hours=session.hours if session else course.hours,
        earned_on=day,
        expires_on=months_after(day, course.valid_months),
        state=ClaimState.ACCEPTED,
        certificate=f"XS{day:%Y}-{secrets.token_hex(10).upper()}",
        made_at=clock.now(),
        decision_words="",
    )
    db.session.add(record)
    return record
