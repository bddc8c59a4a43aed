"""The background's part of an upload: files that wait are scanned, then released or refused.

Files lie in this machine's own quarantine, so each machine looks after its own.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import force_locale
from sqlalchemy import Select, select

from app import audit, clock, papers
from app.db import db, end_read, lock, transaction
from app.engagements.models import Engagement
from app.errors import CutShort, PortalError, Unavailable
from app.media import MediaType
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.papers import quarantine, services, unpacking, uploading, uploads
from app.papers.files import NewPaper, RefusedUpload
from app.papers.models import PaperVersion, Submission, Upload
from app.papers.scanning import TooLargeToScan

EVERY_SECONDS = 1
LANGUAGE = "zh_Hans_CN"  # of what the background writes down for people


def check_waiting() -> int:
    """Scan what waits, oldest first, and make versions of what is whole and clean; a job.

    Raises Unavailable where scanner or store is away: then nothing is released, and the files
    wait and say for what.
    """
    waiting = select(Upload.id).where(
        Upload.check_asked_at.is_not(None),
        Upload.released_at.is_(None),
        Upload.refused_at.is_(None),
    )
    done = sum(_check(key) for key in _keys(waiting.order_by(Upload.check_asked_at)))
    pending = select(Submission.id).where(Submission.ended_at.is_(None))
    done += sum(_finish(key) for key in _keys(pending.order_by(Submission.id)))
    passed = select(Upload.id).where(
        Upload.record_kind != "", Upload.released_at.is_not(None), Upload.refused_at.is_(None)
    )
    return done + sum(_hand_over(key) for key in _keys(passed.order_by(Upload.created_at)))


def _keys(query: Select[Any]) -> Sequence[Any]:
    found = db.session.scalars(query).all()
    end_read()
    return found


def _check(key: str) -> int:
    """Release a file or refuse it; tell how many were judged."""
    upload = db.session.get(Upload, key)
    if upload is None or quarantine.gathering_of(upload).size != upload.length:
        return 0  # given up meanwhile, or on another machine
    try:
        _release(upload)
    except TooLargeToScan as error:
        _refuse(key, error)
    except Unavailable as error:
        with transaction():
            db.session.get_one(Upload, key).finding = uploading.reason_of(error)
        raise
    except PortalError as error:
        _refuse(key, error)
    return 1


def _release(upload: Upload) -> None:
    """Promote a clean file into the store, or the files of a clean archive one by one."""
    if upload.unpacks and quarantine.scanned(upload).media is MediaType.ZIP:
        author, engagement = upload.author, upload.engagement
        refused = unpacking.take_apart(upload)
        with transaction():
            for one in refused:
                _tell(author.id, engagement.id, one["name"], one["error"])
        return
    key, file = upload.id, quarantine.promoted(upload)
    gathering = quarantine.gathering_of(upload)
    with transaction():
        present = db.session.get(Upload, key)
        if present is not None:
            uploads.note_release(present, file)
    gathering.discard()


def _refuse(key: str, error: PortalError) -> None:
    """A file that fails goes at once, its form with it; the form's other files stay to be used."""
    with transaction():
        upload = db.session.get_one(Upload, key)
        words, engagement = _words(error), upload.engagement
        upload.refused_at, upload.finding = clock.now(), uploading.reason_of(error)
        told = RefusedUpload(upload.file_name, upload.length, upload.finding)
        if upload.submission:
            _end(upload.submission, f"{upload.file_name}: {words}")
        _tell(upload.author_id, engagement.id, upload.file_name, words, _place_of(upload))
        audit.record(
            upload.author,
            audit.Event.UPLOAD_REFUSED,
            engagement,
            scope=engagement,
            refusal=told.reason,
            file=told.name[:200],
            size=told.size,
        )
    quarantine.gathering_of(upload).discard()


def _end(submission: Submission, words: str) -> None:
    """It becomes no version; the files that passed wait where many are submitted at once."""
    submission.ended_at, submission.refusal = clock.now(), words
    for file in submission.uploads:
        if file.refused_at is None:
            file.submission = None
            file.expires_at = clock.now() + quarantine.limits().pause


def _finish(key: int) -> int:
    """Make the version when every file of it is released; what forbids it now is told."""
    submission = db.session.get_one(Submission, key)
    if any(file.released_at is None for file in submission.uploads):
        return 0
    try:
        with transaction():
            lock(submission)
            submission.version = _submitted(submission)
    except Unavailable:
        raise
    except PortalError as error:
        with transaction():
            submission, words = db.session.get_one(Submission, key), _words(error)
            _tell(submission.author_id, submission.engagement_id, submission.index_no, words)
            _end(submission, words)
    return 1


def _hand_over(key: str) -> int:
    """Give a file that passed to the record that it was sent for; what forbids it now is told."""
    upload = db.session.get_one(Upload, key)
    try:
        take = papers.takers[upload.record_kind].prepare(upload)
        with transaction():
            present = db.session.get(Upload, key, with_for_update=True)
            if present is None:  # another machine was faster
                return 0
            take(present)
            db.session.delete(present)
    except Unavailable:
        raise
    except PortalError as error:
        _refuse(key, error)
    return 1


def _submitted(submission: Submission) -> PaperVersion:
    """Do for the sender what the form asked for, now that its files are in the store."""
    submission.ended_at = clock.now()  # its number is its own from here on
    db.session.flush()
    if not submission.uploads:
        raise CutShort
    files = [uploads.stored_file(upload) for upload in submission.uploads]
    for upload in list(submission.uploads):
        db.session.delete(upload)
    if submission.paper is not None:
        return services.submit_version(
            submission.author,
            submission.paper,
            submission.expected,
            *files,
            evidence_on=submission.evidence_on,
        )
    paper = services.submit_paper(
        submission.author, submission.engagement, _new_paper(submission), *files
    )
    return paper.versions[0]


def _new_paper(submission: Submission) -> NewPaper:
    if submission.stage is None:
        raise LookupError("a new paper belongs to a stage")
    return NewPaper(
        index_no=submission.index_no,
        title=submission.title,
        stage=submission.stage,
        task=submission.task,
        evidence_on=submission.evidence_on,
    )


def _words(error: PortalError) -> str:
    with force_locale(LANGUAGE):
        return str(error.message)


def _place_of(upload: Upload) -> str:
    """Where the sender of a file looks for it; of a paper's, where its other files are left."""
    taker = papers.takers.get(upload.record_kind)
    return taker.address(upload) if taker else ""


def _tell(author_id: int, engagement_id: int, file: str, words: str, place: str = "") -> None:
    """The sender finds a line in the inbox, and behind it the files that are left."""
    engagement = db.session.get_one(Engagement, engagement_id)
    facts = {"engagement": engagement.name, "file": file, "reason": words}
    intake = f"/engagements/{engagement_id}/papers/intake"
    send([author_id], Kind.UPLOAD_REFUSED, facts, place or intake)
