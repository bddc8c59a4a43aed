"""Handing in while a scanner has still to speak: the form is kept, the files wait (待检)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Stale
from app.papers import arriving, index_numbers, queries
from app.papers.files import NewPaper
from app.papers.labels import REFUSALS
from app.papers.models import Submission, Upload, WorkingPaper
from app.policy import Permission, require

PATIENCE = timedelta(days=30)  # how long files wait for a scanner that is away


def ask_check(actor: User, upload: Upload) -> None:
    """The sender of a file that has arrived whole wants it checked; the background does it."""
    require(actor, Permission.UPLOAD_CONTINUE, upload)
    if upload.check_asked_at is None:
        upload.check_asked_at = clock.now()
        upload.expires_at = clock.now() + PATIENCE
        files = upload.file_name
        audit.record(
            actor,
            audit.Event.FILES_RECEIVED,
            upload.engagement,
            scope=upload.engagement,
            files=files,
            index_no="",
        )


def hand_in_paper(
    actor: User, engagement: Engagement, new: NewPaper, files: Sequence[Upload]
) -> Submission:
    """The agency hands in a new paper whose files the scanner has still to pass.

    Its number is taken from now on, and now is when it was received.
    """
    lock(engagement)
    require(actor, Permission.PAPER_SUBMIT, engagement)
    number = index_numbers.read(new.index_no)
    arriving.belongs(engagement, new)
    if number.text in queries.taken_numbers(engagement):
        raise Conflict(_("This index number is taken in this engagement"))
    told = {"index_no": number.text, "title": new.title.strip(), "stage": new.stage}
    told |= {"task": new.task, "evidence_on": new.evidence_on, "expected": 0}
    submission = _waiting(actor, engagement, files, told)
    _record(actor, submission)
    return submission


def hand_in_version(
    actor: User,
    paper: WorkingPaper,
    files: Sequence[Upload],
    *,
    expected: int,
    evidence_on: date | None = None,
) -> Submission:
    """The agency hands in a paper's next version, of which one at a time may wait."""
    lock(paper.engagement)
    require(actor, Permission.PAPER_SUBMIT, paper)
    lock(paper)
    if paper.current_version != expected:
        raise Stale
    arriving.must_be_open(paper)
    if waiting_version_of(paper) is not None:
        raise Conflict(_("A new version of this paper is being checked already"))
    told = {"paper": paper, "index_no": paper.index_no, "title": paper.title}
    told |= {"expected": expected, "evidence_on": evidence_on}
    submission = _waiting(actor, paper.engagement, files, told)
    _record(actor, submission)
    return submission


def waiting_version_of(paper: WorkingPaper) -> Submission | None:
    """The next version of a paper that waits for the scanner."""
    return db.session.scalar(
        select(Submission).where(Submission.paper_id == paper.id, Submission.ended_at.is_(None))
    )


def submissions_of(engagement: Engagement) -> Sequence[Submission]:
    """What waits for the scanner, and what came of it within a day; newest first."""
    lately = clock.now() - timedelta(days=1)
    query = select(Submission).where(Submission.engagement_id == engagement.id)
    recent = Submission.ended_at.is_(None) | (Submission.ended_at > lately)
    return db.session.scalars(query.where(recent).order_by(Submission.id.desc()).limit(50)).all()


def standing_of(upload: Upload) -> dict[str, Any]:
    """What the page's script is told of a file: whether it waits, or why it was refused."""
    found = str(REFUSALS.get(upload.finding, upload.finding))
    if upload.refused_at:
        return {"waiting": False, "error": found}
    waits = upload.check_asked_at is not None and upload.released_at is None
    return {"waiting": waits, "held": found if waits and upload.finding else ""}


def _waiting(
    author: User, engagement: Engagement, files: Sequence[Upload], told: dict[str, Any]
) -> Submission:
    """The form's own words and its files, which wait together from now on."""
    now = clock.now()
    for position, file in enumerate(files, start=1):
        lock(file)
        if file.submission_id is not None or file.refused_at is not None:
            raise Conflict(_("A file of this table is gone; reload the page"))
        file.position, file.check_asked_at = position, file.check_asked_at or now
        file.expires_at = now + PATIENCE
    submission = Submission(
        engagement=engagement, author=author, received_at=now, uploads=list(files), **told
    )
    db.session.add(submission)
    return submission


def _record(author: User, submission: Submission) -> None:
    engagement = submission.engagement
    names = gettext(", ").join(file.file_name for file in submission.uploads)
    audit.record(
        author,
        audit.Event.FILES_RECEIVED,
        engagement,
        scope=engagement,
        index_no=submission.index_no,
        files=names[:500],
    )
