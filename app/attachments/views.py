from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from app.attachments import Keeper, keepers, waiting
from app.errors import Missing
from app.papers import labels
from app.web import load

bp = Blueprint("attachments", __name__)


@bp.get("/files-in-check/<string:keeper>/<int:record_id>")
def waiting_files(keeper: str, record_id: int) -> ResponseReturnValue:
    found = keepers.get(keeper)
    if found is None:
        raise Missing
    told = shown(found, load(found.record, record_id, found.read))
    if "X-Fragment" not in request.headers:
        return render_template("attachments/waiting_page.html", **told)
    fragment = render_template("attachments/waiting_list.html", **told)
    response = Response(fragment, mimetype="text/html")
    response.set_etag(sha256(fragment.encode()).hexdigest()[:20])
    return response.make_conditional(request)


def shown(keeper: Keeper, record: Any) -> dict[str, Any]:
    """What waits of a record's files, and where the record is."""
    return {
        "checked": waiting.files_of(keeper, record.id),
        "back": keeper.address(record.id),
        "engagement": record.engagement,
        "labels": labels,
    }


@bp.app_template_global()
def refusal_words(finding: str) -> str:
    """Why a file was refused, or for what it waits."""
    return str(labels.REFUSALS.get(finding, finding))
