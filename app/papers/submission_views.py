"""What waits for the virus scanner, shown where its sender looks for it, and kept fresh."""

from collections.abc import Sequence
from hashlib import sha256

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.engagements.models import Engagement
from app.intake import whole
from app.papers import labels, submitting
from app.papers.blueprint import bp
from app.papers.models import Submission
from app.papers.upload_views import engagement_to_fill
from app.policy import Permission, can
from app.web import actor


@bp.get("/engagements/<int:engagement_id>/papers/submissions")
def submissions(engagement_id: int) -> ResponseReturnValue:
    engagement = engagement_to_fill(engagement_id)
    found = shown(engagement, request.args.get("paper", type=whole))
    told = {"engagement": engagement, "submissions": found, "labels": labels}
    if "X-Fragment" not in request.headers:
        return render_template("papers/submissions_page.html", **told)
    fragment = render_template("papers/submission_list.html", **told)
    response = Response(fragment, mimetype="text/html")
    response.set_etag(sha256(fragment.encode()).hexdigest()[:20])
    return response.make_conditional(request)


def shown(engagement: Engagement, paper_id: int | None = None) -> Sequence[Submission]:
    """What waits in an engagement, or of one paper, and what came of it lately, for its agency."""
    if not can(actor(), Permission.PAPER_SUBMIT, engagement):
        return ()
    found = submitting.submissions_of(engagement)
    return [one for one in found if paper_id is None or one.paper_id == paper_id]
