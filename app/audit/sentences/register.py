"""What is told of applications for the register and of what keeps it true."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    Event.APPLICATION_ENTERED: _("%(who)s entered the applicant in the register (round %(round)s)"),
    Event.APPLICATION_ERASED: _("The contact's telephone was erased: its days were over"),
    Event.APPLICATION_KEY_RENEWED: _("%(who)s gave out a new key; the one before has ended"),
    Event.APPLICATION_REFUSED: _("%(who)s did not enter the applicant: %(words)s"),
    Event.APPLICATION_RETURNED: _(
        "%(who)s returned the application (round %(round)s): %(requirements)s"
    ),
    Event.APPLICATION_SAVED: _("The applicant saved the application"),
    Event.APPLICATION_STARTED: _("An agency began an application for the register"),
    Event.APPLICATION_SUBMITTED: _("The applicant handed the application in (round %(round)s)"),
    Event.APPLICATION_WITHDRAWN: _("The applicant withdrew the application"),
    Event.ASSOCIATE_ENDED: _("%(who)s ended the entry of an associated expert"),
    Event.ASSOCIATE_ENTERED: _("%(who)s entered an associated expert"),
    Event.BRANCH_ENDED: _("%(who)s ended the entry of the branch %(name)s"),
    Event.BRANCH_ENTERED: _("%(who)s entered the branch %(name)s"),
    Event.EVIDENCE_ADDED: _(
        "Proof was filed for %(requirement)s: %(file)s, good until %(expires_on)s"
        " (SHA-256 %(sha256)s)"
    ),
    Event.EVIDENCE_VOIDED: _("Proof for %(requirement)s was voided: %(file)s"),
    Event.REGISTER_CONFIRMED: _("%(who)s confirmed what the register says, for %(year)s"),
    Event.REGISTER_EXPORTED: _("%(who)s exported the register (rows: %(rows)s)"),
    Event.REGISTER_IMPORTED: _(
        "%(who)s took a workbook of the register in (rows: %(rows)s, changes: %(changes)s)"
    ),
    Event.TRANSFER_ASKED: _("%(who)s asked for a practitioner of another agency"),
    Event.TRANSFER_REFUSED: _("%(who)s refused the transfer: %(words)s"),
    Event.TRANSFER_RELEASED: _("%(who)s released the practitioner to the new agency"),
}
