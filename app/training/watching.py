"""Videos of a course: where somebody stopped, and what is still to be watched."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from app import clock
from app.accounts.models import User
from app.blobs.destroying import withheld_among
from app.db import db, lock
from app.policy import Person
from app.training.models import PLAYED, Course, CourseFile, VideoWatching

LONGEST = 24 * 3600  # seconds


def videos_of(course: Course) -> Sequence[CourseFile]:
    """What there is to watch: a video that nobody may read any more is not asked for."""
    videos = [file for file in course.files if file.is_video]
    gone = withheld_among({file.sha256 for file in videos}) if videos else set()
    return [file for file in videos if file.sha256 not in gone]


def watchings(user: Person, course: Course) -> Mapping[int, VideoWatching]:
    """How far this person is with each video of a course."""
    keys = [file.id for file in course.files if file.is_video]
    query = select(VideoWatching).where(
        VideoWatching.user_id == user.id, VideoWatching.file_id.in_(keys)
    )
    return {each.file_id: each for each in db.session.scalars(query)} if keys else {}


def unwatched(user: Person, course: Course) -> Sequence[CourseFile]:
    """The videos of a course that this person has still to watch."""
    known = watchings(user, course)
    done = {key for key, each in known.items() if each.watched_at is not None}
    return [file for file in videos_of(course) if file.id not in done]


def counts(user: Person, keys: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """How many videos each of these courses has, and how many of them this person watched."""
    query = (
        select(CourseFile.course_id, func.count(), func.count(VideoWatching.watched_at))
        .outerjoin(
            VideoWatching,
            (VideoWatching.file_id == CourseFile.id) & (VideoWatching.user_id == user.id),
        )
        .where(CourseFile.course_id.in_(keys), CourseFile.media_type.in_(PLAYED))
        .where(CourseFile.voided_at.is_(None))
        .group_by(CourseFile.course_id)
    )
    return {key: (videos, watched) for key, videos, watched in db.session.execute(query)}


def note_place(user: User, file: CourseFile, seconds: int) -> VideoWatching:
    """Keep where somebody stopped; inside a transaction."""
    lock(user)
    found = db.session.get(VideoWatching, (user.id, file.id))
    if found is None:
        found = VideoWatching(user_id=user.id, file_id=file.id)
        db.session.add(found)
    found.seconds, found.kept_at = max(0, min(seconds, LONGEST)), clock.now()
    return found
