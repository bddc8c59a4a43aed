from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.db import transaction
from app.documents import (
    filling,
    labels,
    layout,
    printing,
    queries,
    seal_views,
    services,
    wordings,
)
from app.documents.docx_file import docx_of
from app.documents.filling import Source
from app.documents.forms import DocumentForm, VoidForm, WordingForm
from app.documents.models import DocumentKind, OfficialDocument
from app.engagements.models import Engagement
from app.errors import Missing
from app.exporting import content_disposition
from app.policy import Permission
from app.seal_service import sealer
from app.web import actor, fresh_token, gate, load, spend, told_in

READ, ISSUE = Permission.OFFICIAL_DOCUMENT_READ, Permission.OFFICIAL_DOCUMENT_ISSUE
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
bp = Blueprint("documents", __name__)
bp.register_blueprint(seal_views.bp)
bp.context_processor(lambda: {"labels": labels, "kinds": DocumentKind})


def issuer() -> str:
    """The bureau's name, under which documents go out."""
    return str(current_app.config["BUREAU_NAME"])


@bp.get("/engagements/<int:engagement_id>/documents")
def of_engagement(engagement_id: int) -> ResponseReturnValue:
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    return render_template(
        "documents/index.html",
        engagement=engagement,
        rows=queries.documents_of(engagement, actor()),
        sources=filling.sources_of(engagement, actor()),
    )


def asked(engagement_id: int) -> tuple[Engagement, Source]:
    """The engagement and the record from which a document is drawn up."""
    engagement = load(Engagement, engagement_id, Permission.ENGAGEMENT_READ)
    gate(ISSUE, engagement)
    found = (request.args.get("kind", "task"), request.args.get("number", "0"))
    for source in filling.sources_of(engagement, actor()):
        if (source.kind.value, str(source.number)) == found:
            return engagement, source
    raise Missing


@bp.get("/engagements/<int:engagement_id>/documents/new")
def new(engagement_id: int) -> ResponseReturnValue:
    engagement, source = asked(engagement_id)
    words, today = wordings.in_force(source.kind), clock.today()
    values = filling.values_of(engagement, source)
    told = {
        "series": words.series,
        "number": queries.next_number(words.series, today.year),
        "title": layout.filled(words.title, values)[:200],
        "body": layout.filled(words.body, values),
        "dated_on": today,
        "once": fresh_token(),
    }
    return new_page(engagement, source, DocumentForm(data=told))


def new_page(engagement: Engagement, source: Source, form: DocumentForm) -> str:
    """The page on which a document is looked over before it is issued."""
    shown = {"engagement": engagement, "source": source, "form": form}
    return render_template("documents/new.html", **shown)


@bp.post("/engagements/<int:engagement_id>/documents")
def issue(engagement_id: int) -> ResponseReturnValue:
    engagement, source = asked(engagement_id)
    form, made = DocumentForm(), None
    if form.validate_on_submit():
        with told_in(form, "number"), transaction():
            spend(form.once.data)
            made = services.issue_document(actor(), engagement, form.told(source, issuer()))
    if made is None:
        return new_page(engagement, source, form), 422
    flash(_("Issued: %(number)s", number=made.document_no))
    return redirect(url_for(".show", document_id=made.id))


@bp.get("/official-documents/<int:document_id>")
def show(document_id: int) -> ResponseReturnValue:
    document = load(OfficialDocument, document_id, READ)
    return shown_page(document, VoidForm())


def shown_page(document: OfficialDocument, form: VoidForm) -> str:
    """The page of an issued document."""
    return render_template(
        "documents/show.html",
        document=document,
        engagement=document.engagement,
        parts=list(layout.parts_of(document.body)),
        day=layout.day_in_words(document.dated_on),
        intact=layout.digest(document) == document.sha256,
        form=form,
        seals=sealer() is not None,
        signs=bool(current_app.config["PDF_CERTIFICATE_FILE"]),
        once=fresh_token(),
    )


@bp.post("/official-documents/<int:document_id>/voiding")
def void(document_id: int) -> ResponseReturnValue:
    document, form = load(OfficialDocument, document_id, READ), VoidForm()
    gate(ISSUE, document)
    if form.validate_on_submit():
        with told_in(form, "reason"), transaction():
            services.void_document(actor(), document, form.reason.data)
    if form.errors:
        return shown_page(document, form), 422
    flash(_("The document is void; its number stays used"))
    return redirect(url_for(".show", document_id=document_id))


@bp.get("/official-documents/<int:document_id>/docx")
def take_docx(document_id: int) -> ResponseReturnValue:
    document = load(OfficialDocument, document_id, READ)
    return sent(document, docx_of(document), "docx", DOCX)


@bp.get("/official-documents/<int:document_id>/pdf")
def take_pdf(document_id: int) -> ResponseReturnValue:
    document = load(OfficialDocument, document_id, READ)
    return sent(document, printing.pdf(document), "pdf", "application/pdf")


def sent(document: OfficialDocument, data: bytes, ending: str, mime: str) -> Response:
    """The file, named by number and title; that it was taken is on record."""
    name = f"{document.document_no} {document.title}.{ending}"
    with transaction():
        services.record_taken(actor(), document, ending)
    reply = Response(data, mimetype=mime)
    reply.headers["Content-Disposition"] = content_disposition(name)
    return reply


@bp.get("/document-wordings")
def index() -> ResponseReturnValue:
    gate(Permission.DOCUMENT_WORDING_EDIT)
    return render_template(
        "documents/wordings.html", rows=[wordings.in_force(kind) for kind in DocumentKind]
    )


def kind_of(name: str) -> DocumentKind:
    """The kind in an address; nonsense is not found."""
    gate(Permission.DOCUMENT_WORDING_EDIT)
    if name not in set(DocumentKind):
        raise Missing
    return DocumentKind(name)


@bp.get("/document-wordings/<string:kind>")
def ask_wording(kind: str) -> ResponseReturnValue:
    words = wordings.in_force(kind_of(kind))
    told = {"series": words.series, "title": words.title, "body": words.body}
    return wording_page(words.kind, WordingForm(data=told))


def wording_page(kind: DocumentKind, form: WordingForm) -> str:
    """The page on which the usual words are changed."""
    shown = {"kind": kind, "form": form, "versions": queries.wordings_of(kind)}
    return render_template("documents/wording.html", **shown)


@bp.post("/document-wordings/<string:kind>")
def edit_wording(kind: str) -> ResponseReturnValue:
    found, form = kind_of(kind), WordingForm()
    if form.validate_on_submit():
        told = {"title": form.title.data, "body": form.body.data, "reason": form.reason.data}
        with told_in(form, "body"), transaction():
            services.edit_wording(actor(), found, form.series.data.strip(), **told)
    if form.errors:
        return wording_page(found, form), 422
    flash(_("The next version holds for documents to come"))
    return redirect(url_for(".index"))
