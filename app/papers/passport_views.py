"""The passport of a version as a page, as a PDF and as a proof."""

import json
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app import clock, pdf
from app.accounts.queries import names_of
from app.audit.timeline import told
from app.db import transaction
from app.errors import Missing, Unavailable
from app.exporting import content_disposition
from app.intake import whole
from app.papers import labels, passports, queries, sending, services
from app.papers.blueprint import bp
from app.papers.models import KeptFile, PaperVersion, WorkingPaper
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


def file_to_read(
    paper_id: int, number: int, permission: Permission = Permission.PAPER_READ
) -> KeptFile:
    """The file of a version that the address names, ?file=2; the first where it names none."""
    version = version_to_read(paper_id, number, permission)
    file = queries.file_of(version, request.args.get("file", 1, type=whole))
    if file is None:
        raise Missing
    sending.refuse_withheld(file)
    return file


@bp.get("/papers/<int:paper_id>/versions/<int:number>")
def passport(paper_id: int, number: int) -> ResponseReturnValue:
    file = file_to_read(paper_id, number)
    return passport_page("papers/passport.html", file, sm3_at_once(file))


@bp.get("/papers/<int:paper_id>/versions/<int:number>/passport.pdf")
def passport_pdf(paper_id: int, number: int) -> ResponseReturnValue:
    file = file_to_read(paper_id, number, Permission.PAPER_DOWNLOAD)
    sm3 = passports.known_sm3(file) or computed_sm3(file)
    with transaction():
        services.record_passport(actor(), file, sm3)
    entry = passports.entry_of(file)
    proof = passports.proof_of(file, entry) if entry and entry.proof else None
    text = json.dumps(proof, ensure_ascii=False, indent=1, sort_keys=True) if proof else ""
    html = passport_page("pdf/passport.html", file, sm3, text)
    made = pdf.render_pdf(html, {"proof.json": text.encode()} if text else {})
    return sent(made, f"{called(file)}.pdf", "application/pdf")


@bp.get("/papers/<int:paper_id>/versions/<int:number>/proof.json")
def proof(paper_id: int, number: int) -> ResponseReturnValue:
    file = file_to_read(paper_id, number)
    entry = passports.entry_of(file)
    if entry is None or entry.proof is None:
        raise Missing
    text = json.dumps(passports.proof_of(file, entry), ensure_ascii=False, indent=1)
    return sent(text.encode(), f"{called(file)}.json", "application/json")


def sm3_at_once(file: KeptFile) -> str | None:
    """A small file's SM3, made while the page is; the page is shown without its store too."""
    known = passports.known_sm3(file)
    if known or file.size > passports.READY_AT_ONCE:
        return known
    try:
        return computed_sm3(file)
    except Unavailable:
        return None


def computed_sm3(file: KeptFile) -> str | None:
    """The SM3 of the stored bytes, where this machine has it."""
    if not passports.has_sm3():
        return None
    with sending.opened(file) as reader, sending.as_unavailable(file):
        return passports.sm3_of(reader, file.sha256)


def called(file: KeptFile) -> str:
    """How what is told of a file is called: G-B21 v2, G-B21 v2-3 for the third of several."""
    place = f"-{file.position}" if file.position > 1 else ""
    return f"{file.version.paper.index_no} v{file.version.number}{place}"


def passport_page(template: str, file: KeptFile, sm3: str | None, proof_text: str = "") -> str:
    return render_template(
        template,
        file=file,
        version=file.version,
        paper=file.version.paper,
        sm3=sm3,
        proof_text=proof_text,
        printed_at=clock.now(),
        digest=file.sha256,
        labels=labels,
        **known_of(file),
    )


def known_of(file: KeptFile) -> dict[str, Any]:
    """What the passport tells beside the file's own particulars."""
    version = file.version
    return {
        "versions": (queries.whole_paper(version.paper_id) or version.paper).versions,
        "entry": passports.entry_of(file),
        "reviews": passports.reviews_of(version),
        "events": told(passports.openings(actor(), version), names_of),
        "has_sm3": passports.has_sm3(),
    }


def sent(content: bytes, name: str, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = content_disposition(name)
    return response
