"""Adding a paper and adding a version: the page, the plain form, and the raw body."""

from collections.abc import Sequence

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import transaction
from app.engagements.models import Engagement
from app.papers import labels, quarantine, queries, receiving, services, submitting, uploads
from app.papers.blueprint import bp
from app.papers.files import StoredFile
from app.papers.forms import PaperForm, VersionForm, paper_form, version_form
from app.papers.models import WorkingPaper
from app.papers.quarantine import Source
from app.policy import Permission
from app.web import actor, gate, load, spend


def engagement_to_fill(engagement_id: int) -> Engagement:
    """An engagement whose papers the person reads, and to which they may add."""
    engagement = load(Engagement, engagement_id, Permission.PAPER_READ)
    gate(Permission.PAPER_SUBMIT, engagement)
    return engagement


def paper_to_continue(paper_id: int) -> WorkingPaper:
    """A paper that the person reads, and to which they may add a version."""
    paper = load(WorkingPaper, paper_id, Permission.PAPER_READ)
    gate(Permission.PAPER_SUBMIT, paper)
    return paper


@bp.get("/engagements/<int:engagement_id>/papers/new")
def new_paper(engagement_id: int) -> ResponseReturnValue:
    engagement = engagement_to_fill(engagement_id)
    return new_paper_page(engagement, paper_form(engagement, asked=request.args.to_dict()))


@bp.post("/engagements/<int:engagement_id>/papers")
def submit_paper(engagement_id: int) -> ResponseReturnValue:
    engagement = engagement_to_fill(engagement_id)
    form, place = paper_form(engagement), ""
    with receiving.told_at(form.file) as told:
        if form.validate_on_submit():
            place = added_paper(engagement, form, receiving.from_form(form))
    if not place:
        return new_paper_page(engagement, form), told.status
    return redirect(place)


@bp.post("/engagements/<int:engagement_id>/papers/uploads")
def receive_paper(engagement_id: int) -> ResponseReturnValue:
    engagement = engagement_to_fill(engagement_id)
    form = paper_form(engagement, receiving.sent_fields())
    receiving.check(form)
    return jsonify(location=added_paper(engagement, form, receiving.from_body(form))), 201


@bp.get("/papers/<int:paper_id>/versions/new")
def new_version(paper_id: int) -> ResponseReturnValue:
    paper = paper_to_continue(paper_id)
    return new_version_page(paper, version_form(paper))


@bp.post("/papers/<int:paper_id>/versions")
def submit_version(paper_id: int) -> ResponseReturnValue:
    paper = paper_to_continue(paper_id)
    form = version_form(paper)
    with receiving.told_at(form.file) as told:
        if form.validate_on_submit():
            add_version(paper, form, receiving.from_form(form))
    if form.errors:
        form.look_again(paper.current_version)
        return new_version_page(paper, form), told.status
    return redirect(url_for(".show", paper_id=paper.id))


@bp.post("/papers/<int:paper_id>/versions/uploads")
def receive_version(paper_id: int) -> ResponseReturnValue:
    paper = paper_to_continue(paper_id)
    form = version_form(paper, receiving.sent_fields())
    receiving.check(form)
    add_version(paper, form, receiving.from_body(form))
    return jsonify(location=url_for(".show", paper_id=paper.id)), 201


def added_paper(engagement: Engagement, form: PaperForm, sources: list[Source]) -> str:
    """Keep the bytes first, then write the row that names them; the address that shows it.

    With a scanner the files wait in quarantine, and what is said of them waits with them.
    """
    if quarantine.scanner():
        with quarantine.waiting(sources, engagement) as here, transaction():
            spend(form.once.data)
            submitting.hand_in_paper(actor(), engagement, form.told(), here)
        flash(_("Received; it becomes a paper as soon as the virus scanner has passed it"))
        return url_for(".listing", engagement_id=engagement.id)
    files = quarantine.all_kept(sources, engagement)
    with transaction():
        spend(form.once.data)
        quarantine.taken_over(sources, engagement, files)
        paper = services.submit_paper(actor(), engagement, form.told(), *files)
    flash(_("Submitted: %(paper)s", paper=f"{paper.index_no} {paper.title}") + several(files))
    return url_for(".show", paper_id=paper.id)


def add_version(paper: WorkingPaper, form: VersionForm, sources: list[Source]) -> None:
    """Keep the bytes first, then write the row that names them; with a scanner both wait."""
    if quarantine.scanner():
        told = {"expected": form.expected.data, "evidence_on": form.evidence_on.data}
        with quarantine.waiting(sources, paper.engagement) as here, transaction():
            spend(form.once.data)
            submitting.hand_in_version(actor(), paper, here, **told)
        flash(_("Received; it becomes a version as soon as the virus scanner has passed it"))
        return
    files = quarantine.all_kept(sources, paper.engagement)
    with transaction():
        spend(form.once.data)
        quarantine.taken_over(sources, paper.engagement, files)
        services.submit_version(
            actor(), paper, form.expected.data, *files, evidence_on=form.evidence_on.data
        )
    flash(_("Version %(n)s submitted", n=paper.current_version) + several(files))


def several(files: Sequence[StoredFile]) -> str:
    """Of several files of one version: how many, and which."""
    if len(files) == 1:
        return ""
    names = _(", ").join(file.name for file in files)
    return _(" (files: %(count)s: %(files)s)", count=len(files), files=names)


def new_paper_page(engagement: Engagement, form: PaperForm) -> str:
    found = queries.papers_of(engagement)
    missing = [r for r in queries.required_papers(engagement.stages, found) if r.paper is None]
    return render_template(
        "papers/new.html",
        engagement=engagement,
        form=form,
        missing=missing,
        labels=labels,
        room=room_of(engagement),
        **limits(),
    )


def new_version_page(paper: WorkingPaper, form: VersionForm) -> str:
    room = room_of(paper.engagement)
    return render_template("papers/new_version.html", paper=paper, form=form, room=room, **limits())


def room_of(engagement: Engagement) -> dict[str, int]:
    """What the engagement's files take up, and what they may."""
    return {"used": uploads.bytes_of(engagement), "allowed": quarantine.limits().engagement}


def limits() -> dict[str, int]:
    """How large a file may be, with scripts and without, in whole megabytes."""
    config = current_app.config
    return {
        "limit_mb": config["MAX_UPLOAD_BYTES"] >> 20,
        "form_limit_mb": config["MAX_FORM_UPLOAD_BYTES"] >> 20,
        "parts_limit_mb": config["MAX_RESUMABLE_BYTES"] >> 20,
    }
