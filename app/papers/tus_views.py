"""Uploads in parts by tus 1.0: announce a file, ask how far it is, go on, give it up."""

from http import HTTPStatus

from flask import Response, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.http import http_date

from app import clock
from app.bodies import body_of
from app.db import end_read, transaction
from app.errors import Gone, Missing, OtherProtocol, wants_json
from app.papers import quarantine, submitting, tus, unpacking, uploads
from app.papers.blueprint import bp
from app.papers.models import Upload
from app.papers.upload_views import engagement_to_fill
from app.policy import Permission
from app.web import actor, load

HIGHEST_KEY = (1 << 31) - 1
ENDPOINTS = frozenset(
    f"papers.{name}"
    for name in (
        "describe_uploads",
        "create_upload",
        "override_method",
        "measure_upload",
        "continue_upload",
        "end_upload",
    )
)


@bp.after_request
def speak_tus(response: Response) -> Response:
    """Name the protocol in every reply of its addresses."""
    if request.endpoint in ENDPOINTS:
        response.headers["Tus-Resumable"] = tus.VERSION
        if response.status_code == OtherProtocol.status:
            response.headers["Tus-Version"] = tus.VERSION
    return response


@bp.route("/uploads", methods=["OPTIONS"])
def describe_uploads() -> ResponseReturnValue:
    reply = Response(status=HTTPStatus.NO_CONTENT)
    reply.headers["Tus-Version"] = tus.VERSION
    reply.headers["Tus-Extension"] = tus.EXTENSIONS
    reply.headers["Tus-Max-Size"] = str(quarantine.limits().file)
    reply.headers["Tus-Checksum-Algorithm"] = ",".join(tus.ALGORITHMS)
    return reply


@bp.post("/uploads", provide_automatic_options=False)
def create_upload() -> ResponseReturnValue:
    need_version()
    told = tus.metadata_of(request.headers.get("Upload-Metadata", ""))
    key = tus.whole_number(told.get("engagement"))
    engagement = engagement_to_fill(min(key, HIGHEST_KEY))
    with transaction():
        upload = uploads.begin_upload(actor(), engagement, announced(told), quarantine.limits())
    reply = standing(upload, HTTPStatus.CREATED, 0)
    reply.headers["Location"] = url_for(".measure_upload", upload_id=upload.id)
    return reply


@bp.route("/uploads/<string:upload_id>", methods=["HEAD"])
def measure_upload(upload_id: str) -> ResponseReturnValue:
    need_version()
    upload = upload_to_send(upload_id)
    return standing(upload, HTTPStatus.OK, quarantine.size_of(upload))


@bp.patch("/uploads/<string:upload_id>")
def continue_upload(upload_id: str) -> ResponseReturnValue:
    need_version()
    upload, part = upload_to_send(upload_id), tus.part_of(dict(request.headers))
    if upload.released_at or part.offset + part.length > upload.length:
        raise tus.OtherOffset
    gathering = quarantine.gathering_of(upload)
    end_read()
    size = gathering.add(body_of(request), part)
    if uploads.is_news(upload, size, quarantine.limits()):
        with transaction():
            uploads.note_arrival(upload, size, quarantine.limits())
    return standing(upload, HTTPStatus.NO_CONTENT, size)


@bp.delete("/uploads/<string:upload_id>")
def end_upload(upload_id: str) -> ResponseReturnValue:
    need_version()
    quarantine.drop(own_upload(upload_id))
    return Response(status=HTTPStatus.NO_CONTENT)


@bp.post("/uploads/<string:upload_id>")
def override_method(upload_id: str) -> ResponseReturnValue:
    """For senders whose way lets nothing but GET and POST pass."""
    views = {"PATCH": continue_upload, "DELETE": end_upload, "HEAD": measure_upload}
    view = views.get(request.headers.get("X-HTTP-Method-Override", ""))
    if view is None:
        raise Missing
    return view(upload_id)


@bp.post("/uploads/<string:upload_id>/check")
def check_upload(upload_id: str) -> ResponseReturnValue:
    upload = own_upload(upload_id)
    back = url_for(".intake_page", engagement_id=upload.engagement_id)
    refused = unpacking.taken_in(upload)
    if wants_json():
        return jsonify(refused=refused, **submitting.standing_of(upload))
    for one in refused:
        flash("{name}: {error}".format_map(one), "warning")
    return redirect(back)


@bp.post("/uploads/<string:upload_id>/removal")
def remove_upload(upload_id: str) -> ResponseReturnValue:
    upload = own_upload(upload_id)
    back = url_for(".intake_page", engagement_id=upload.engagement_id)
    quarantine.drop(upload)
    return redirect(back)


def own_upload(upload_id: str) -> Upload:
    """An upload that the person began; to anybody else it does not exist."""
    upload = load(Upload, upload_id, Permission.UPLOAD_CONTINUE)
    if upload.expires_at <= clock.now():
        raise Gone
    return upload


def upload_to_send(upload_id: str) -> Upload:
    """One that was not refused: the bytes of a refused file are gone for good."""
    upload = own_upload(upload_id)
    if upload.refused_at is not None:
        raise Gone
    return upload


def announced(told: dict[str, str]) -> uploads.NewUpload:
    """What the sender says of the file."""
    return uploads.NewUpload(
        name=told.get("filename", ""),
        length=tus.whole_number(request.headers.get("Upload-Length")),
        is_unclassified=told.get("unclassified") == "y",
        unpacks=told.get("unpack") == "y",
        folder=told.get("folder", ""),
    )


def need_version() -> None:
    """The sender must speak this version of the protocol."""
    if request.headers.get("Tus-Resumable") != tus.VERSION:
        raise OtherProtocol


def standing(upload: Upload, status: HTTPStatus, offset: int) -> Response:
    """How far an upload is, and until when it may pause."""
    reply = Response(status=status)
    reply.headers["Upload-Offset"] = str(offset)
    reply.headers["Upload-Length"] = str(upload.length)
    reply.headers["Upload-Expires"] = http_date(upload.expires_at)
    return reply
