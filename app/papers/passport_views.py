"""The passport of a version as a page, as a PDF and as a proof; and the file shown in the page."""

import json
from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from app import clock, pdf
from app.accounts.queries import names_of
from app.audit.timeline import told
from app.db import transaction
from app.errors import Missing, Unavailable
from app.exporting import content_disposition
from app.papers import labels, passports, previewing, queries, sending, services
from app.papers.blueprint import bp
from app.papers.models import PaperVersion, WorkingPaper
from app.policy import Permission
from app.web import actor, load


def version_to_read(
    paper_id: int, number: int, permission: Permission = Permission.PAPER_READ
) -> PaperVersion:
    """One version of a paper that the person may read; to anybody else it does not exist."""
    version = queries.version_of(load(WorkingPaper, paper_id, permission), number)
    if version is None:
        raise Missing
    return version


@bp.get("/papers/<int:paper_id>/versions/<int:number>")
def passport(paper_id: int, number: int) -> ResponseReturnValue:
    version = version_to_read(paper_id, number)
    return passport_page("papers/passport.html", version, sm3_at_once(version))


@bp.get("/papers/<int:paper_id>/versions/<int:number>/passport.pdf")
def passport_pdf(paper_id: int, number: int) -> ResponseReturnValue:
    version = version_to_read(paper_id, number, Permission.PAPER_DOWNLOAD)
    sm3 = passports.known_sm3(version) or computed_sm3(version)
    with transaction():
        services.record_passport(actor(), version, sm3)
    entry = passports.entry_of(version)
    proof = passports.proof_of(version, entry) if entry and entry.proof else None
    text = json.dumps(proof, ensure_ascii=False, indent=1, sort_keys=True) if proof else ""
    html = passport_page("pdf/passport.html", version, sm3, text)
    made = pdf.render_pdf(html, {"proof.json": text.encode()} if text else {})
    return sent(made, f"{version.paper.index_no} v{number}.pdf", "application/pdf")


@bp.get("/papers/<int:paper_id>/versions/<int:number>/proof.json")
def proof(paper_id: int, number: int) -> ResponseReturnValue:
    version = version_to_read(paper_id, number)
    entry = passports.entry_of(version)
    if entry is None or entry.proof is None:
        raise Missing
    text = json.dumps(passports.proof_of(version, entry), ensure_ascii=False, indent=1)
    return sent(text.encode(), f"{version.paper.index_no} v{number}.json", "application/json")


@bp.get("/papers/<int:paper_id>/versions/<int:number>/preview")
def preview(paper_id: int, number: int) -> ResponseReturnValue:
    version = version_to_read(paper_id, number, Permission.PAPER_DOWNLOAD)
    shown = render_template(
        "papers/preview.html",
        version=version,
        paper=version.paper,
        is_viewable=previewing.is_viewable(version),
        is_pdf=version.media_type == previewing.PDF,
    )
    return previewing.page_with_frame(shown)


@bp.get("/papers/<int:paper_id>/versions/<int:number>/view")
def view(paper_id: int, number: int) -> ResponseReturnValue:
    version = version_to_read(paper_id, number, Permission.PAPER_DOWNLOAD)
    if not previewing.is_viewable(version):
        raise Missing
    reader = sending.opened(version)
    try:
        with transaction():
            services.record_preview(actor(), version)
        return previewing.as_view(version, reader)
    except BaseException:
        reader.close()
        raise


def sm3_at_once(version: PaperVersion) -> str | None:
    """A small file's SM3, made while the page is; the page is shown without its store too."""
    known = passports.known_sm3(version)
    if known or version.size > passports.READY_AT_ONCE:
        return known
    try:
        return computed_sm3(version)
    except Unavailable:
        return None


def computed_sm3(version: PaperVersion) -> str | None:
    """The SM3 of the stored bytes, where this machine has it."""
    if not passports.has_sm3():
        return None
    with sending.opened(version) as reader, sending.as_unavailable(version):
        return passports.sm3_of(reader)


def passport_page(
    template: str, version: PaperVersion, sm3: str | None, proof_text: str = ""
) -> str:
    return render_template(
        template,
        version=version,
        paper=version.paper,
        sm3=sm3,
        proof_text=proof_text,
        printed_at=clock.now(),
        digest=version.sha256,
        labels=labels,
        **known_of(version),
    )


def known_of(version: PaperVersion) -> dict[str, Any]:
    """What the passport tells beside the version's own particulars."""
    return {
        "versions": (queries.whole_paper(version.paper_id) or version.paper).versions,
        "entry": passports.entry_of(version),
        "reviews": passports.reviews_of(version),
        "events": told(passports.openings(actor(), version), names_of),
        "has_sm3": passports.has_sm3(),
        "is_viewable": previewing.is_viewable(version),
    }


def sent(content: bytes, name: str, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = content_disposition(name)
    return response
