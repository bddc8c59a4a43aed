from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.attachments import sending
from app.db import transaction
from app.errors import Missing
from app.headers import CONTENT_SECURITY_POLICY
from app.intake import whole
from app.papers.sending import SANDBOX
from app.policy import Permission
from app.store import object_store
from app.training import services, watching
from app.training.blueprint import bp
from app.training.models import Course, CourseFile
from app.web import actor, load

READ, LEARN = Permission.COURSE_READ, Permission.COURSE_LEARN
PIECE = 4 << 20  # bytes of one reply: whoever watches holds no thread for an hour


def video(course: Course, file_id: int) -> CourseFile:
    """A video of a course that can be watched."""
    file = next((one for one in watching.videos_of(course) if one.id == file_id), None)
    if file is None:
        raise Missing
    return file


@bp.get("/courses/<int:course_id>/videos/<int:file_id>")
def watch(course_id: int, file_id: int) -> ResponseReturnValue:
    course = load(Course, course_id, READ)
    file, known = video(course, file_id), watching.watchings(actor(), course)
    left = [each for each in watching.unwatched(actor(), course) if each.id != file_id]
    told = {"file": file, "known": known.get(file_id), "following": left[:1]}
    begins = "" if request.args.get("from") == "0" else None
    page = render_template("training/video.html", course=course, begins=begins, **told)
    policy = f"{CONTENT_SECURITY_POLICY}; media-src 'self'"
    return Response(page, headers={"Content-Security-Policy": policy})


@bp.get("/courses/<int:course_id>/videos/<int:file_id>/bytes")
def video_bytes(course_id: int, file_id: int) -> ResponseReturnValue:
    course = load(Course, course_id, READ)
    file = video(course, file_id)
    asked = request.range.range_for_length(file.size) if request.range else None
    if request.range and asked is None:
        return Response(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    answer = part_of(file, *asked) if asked else sending.download(file, course, READ)
    answer.headers["Accept-Ranges"] = "bytes"
    return answer


def part_of(file: CourseFile, first: int, end: int) -> Response:
    """The bytes that the browser's player asks for, at most four megabytes a time."""
    end = min(end, first + PIECE)
    with sending.as_kept(file):
        reader = object_store().open_near(file.store_key, start=first, length=end - first)
    response = Response(reader, 206, mimetype=file.media_type)
    response.content_length = end - first
    response.headers["Content-Range"] = f"bytes {first}-{end - 1}/{file.size}"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@bp.post("/courses/<int:course_id>/videos/<int:file_id>/places")
def note_place(course_id: int, file_id: int) -> ResponseReturnValue:
    course = load(Course, course_id, LEARN)
    file = video(course, file_id)
    minutes = request.form.get("minutes", 0, type=whole)
    with transaction():
        watching.note_place(actor(), file, request.form.get("seconds", 60 * minutes, type=whole))
    if "X-Requested-With" in request.headers:
        return "", 204
    return redirect(url_for(".watch", course_id=course_id, file_id=file_id))


@bp.post("/courses/<int:course_id>/videos/<int:file_id>")
def finish_video(course_id: int, file_id: int) -> ResponseReturnValue:
    course = load(Course, course_id, LEARN)
    file = video(course, file_id)
    with transaction():
        services.finish_video(actor(), course, file)
    left = watching.unwatched(actor(), course)
    if left:
        return redirect(url_for(".watch", course_id=course_id, file_id=left[0].id))
    flash(_("Watched"))
    return redirect(url_for(".show", course_id=course_id))
