"""The final report of a round: a sealed PDF and its signing lead evaluator, locked from then on."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from app import audit, clock, papers
from app.accounts.models import User
from app.agencies import qualification
from app.agencies.models import Evaluator
from app.db import db, lock
from app.engagements.models import Engagement
from app.errors import Conflict, Invalid, Stale
from app.papers import queries, telling
from app.papers.models import FinalReport, IndexClass, PaperVersion, SealKind, VersionState
from app.papers.pdf_reading import PdfFacts
from app.policy import Permission, require

PDF = "application/pdf"


@dataclass(frozen=True)
class NewReport:
    """A version to hand in, what its PDF says, and the tick for a signature that is a picture."""

    version: PaperVersion
    signed_by: Evaluator
    seal: SealKind
    pdf: PdfFacts
    name_is_ticked: bool


def submit_report(actor: User, engagement: Engagement, new: NewReport) -> FinalReport:
    """The agency hands in the final report: one a round, a PDF of class H, its newest version.

    The signer is the engagement's lead evaluator and still qualified; the PDF names them, or
    somebody ticks that a scanned page does. From then on the paper is locked.
    """
    lock(engagement)
    require(actor, Permission.REPORT_SUBMIT, engagement)
    lock(new.version.paper)
    if queries.report_of_round(engagement) is not None:
        raise Conflict(_("A final report was submitted for this round already"))
    _check_version(engagement, new.version)
    for gate in papers.report_gates:
        if words := gate(new.version):
            raise Conflict(words)
    _check_signer(engagement, new)
    report = _report_of(actor, engagement, new)
    db.session.add(report)
    audit.record(
        actor, audit.Event.REPORT_SUBMITTED, report, scope=engagement, **_told(report, new)
    )
    telling.tell_of_report(engagement)
    return report


def _report_of(actor: User, engagement: Engagement, new: NewReport) -> FinalReport:
    return FinalReport(
        engagement=engagement,
        round=engagement.refusal_count + 1,
        version=new.version,
        signed_by=new.signed_by,
        seal=new.seal,
        submitted_by_id=actor.id,
        submitted_at=clock.now(),
    )


def _told(report: FinalReport, new: NewReport) -> dict[str, object]:
    return {
        "round": report.round,
        "index_no": new.version.paper.index_no,
        "number": new.version.number,
        "sha256": new.version.sha256,
        "evaluator": new.signed_by.id,
        "seal": new.seal,
        "pages": new.pdf.pages,
        "name_found": "text" if new.pdf.names_signer else "ticked",
    }


def _check_version(engagement: Engagement, version: PaperVersion) -> None:
    """The newest version of a living report paper of this engagement, and not an old report."""
    paper = version.paper
    if paper.engagement_id != engagement.id or paper.index_class is not IndexClass.H:
        raise Invalid(_("The final report is a paper of class H of this engagement"))
    if version.media_type != PDF:
        raise Invalid(_("The final report must be a PDF with signature and seal"))
    if version.number != paper.current_version:
        raise Stale
    if paper.withdrawn_at is not None or version.state is VersionState.RETURNED:
        raise Conflict(_("This version was returned or withdrawn"))
    if queries.was_reported(version):
        raise Conflict(_("This version was handed in before; upload the reworked report first"))


def _check_signer(engagement: Engagement, new: NewReport) -> None:
    """The engagement's own lead evaluator, qualified today, whose name the PDF carries."""
    if new.signed_by.id != engagement.lead_evaluator_id:
        raise Invalid(_("The report is signed by the engagement's lead evaluator"))
    problem = qualification.qualifies(new.signed_by, clock.today())
    if problem:
        raise Invalid(qualification.WORDS[problem])
    if new.pdf.names_signer:
        return
    if new.pdf.pictures == 0:
        raise Invalid(
            _("The PDF doesn't name the lead evaluator %(name)s", name=new.signed_by.name)
        )
    if not new.name_is_ticked:
        raise Invalid(
            _(
                "The name %(name)s can't be found in the text. Confirm that it stands on a"
                " scanned page",
                name=new.signed_by.name,
            )
        )
