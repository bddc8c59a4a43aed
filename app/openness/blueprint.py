"""The room's one blueprint, and the frame that its pages stand in."""

from typing import Any

from flask import Blueprint, current_app, has_request_context, request, url_for
from flask_babel import lazy_gettext as _

bp = Blueprint("openness", __name__, url_prefix="/public")
PAGES = {
    "openness.index": _("Overview"),
    "openness.register": _("Agency directory"),
    "openness.calls": _("Calls and results"),
    "openness.rankings": _("Published rankings"),
    "openness.method": _("The method"),
    "openness.contracting": _("Open contracting data"),
    "training.check_certificate": _("Check a certificate of hours"),
}
UNDER = {"openness.profile": "openness.register"} | {
    "openness.ranking": "openness.rankings",
    "openness.call": "openness.calls",
}


@bp.app_context_processor
def frame() -> dict[str, Any]:
    """The tabs of the public pages, whoever reads them, and whose pages they are.

    One of them is at home in another room.
    """
    if not has_request_context() or not (request.blueprint == bp.name or request.endpoint in PAGES):
        return {}
    here = UNDER.get(request.endpoint or "", request.endpoint)
    tabs = [
        {"label": words, "url": url_for(endpoint), "active": endpoint == here, "below": []}
        for endpoint, words in PAGES.items()
    ]
    return {"public_tabs": tabs, "bureau": current_app.config["BUREAU_NAME"]}
