import json

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.errors import Conflict, Missing
from app.exporting import content_disposition
from app.openness import ocds, processes, structure
from app.openness.blueprint import bp
from app.openness.publishing import publisher_at
from app.web import outside

PACKAGES = {"releases": ocds.release_package, "records": ocds.record_package}


def publisher() -> ocds.Publisher:
    """Who publishes here, at the portal's address."""
    return publisher_at(outside("pages.home"))


@bp.get("/ocds")
def contracting() -> ResponseReturnValue:
    by = publisher()
    return render_template("openness/contracting.html", publisher=by, years=processes.years())


@bp.get("/ocds/<int:year>/<string:kind>")
def contracting_file(year: int, kind: str) -> ResponseReturnValue:
    by = publisher()
    if kind not in PACKAGES or year not in processes.years():
        raise Missing
    if not by.may_publish:
        raise Conflict(_("Contracting data is not published: no prefix is registered yet"))
    package = PACKAGES[kind](by, processes.processes(year), year)
    if faults := structure.faults_of(package, by.prefix):
        current_app.logger.error("contracting data of %s: %s", year, "; ".join(faults[:20]))
        raise Conflict(_("Contracting data is not published: it failed its own check"))
    answer = Response(json.dumps(package, ensure_ascii=False), mimetype="application/json")
    answer.headers["Content-Disposition"] = content_disposition(f"ocds-{year}-{kind}.json")
    return answer
