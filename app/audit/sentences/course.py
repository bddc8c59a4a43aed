"""What is told of changes of a contract, its money and its documents."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event
from app.errors import Words

SENTENCES: dict[Event, Words] = {
    # changes in the course of an engagement
    Event.AMENDMENT_APPROVED: _(
        "%(who)s agreed to change %(number)s (%(amendment_kind)s) %(words)s"
    ),
    Event.AMENDMENT_REFUSED: _(
        "%(who)s did not agree to change %(number)s (%(amendment_kind)s): %(words)s"
    ),
    Event.ENTRY_CORRECTED: _(
        "%(who)s corrected an entry (%(corrected)s) from %(before)s to %(now)s: %(reason)s"
    ),
    Event.EXTENSION_ASKED: _(
        "%(who)s asked to extend %(stage)s from %(before)s to %(until)s: %(reason)s"
    ),
    Event.EXTENSION_GRANTED: _(
        "%(who)s extended %(stage)s from %(before)s to %(until)s of their own accord: %(reason)s"
    ),
    Event.LEAD_CHANGE_ASKED: _(
        "%(who)s asked to change the lead evaluator from %(before)s to %(evaluator)s: %(reason)s"
    ),
    Event.SUCCESSOR_NAMED: _(
        "%(who)s named %(successor)s as the contract that follows: %(reason)s"
    ),
    Event.SUPPLEMENT_ADDED: _(
        "%(who)s entered the supplementary agreement %(basis)s: fee from %(before_fen)s to"
        " %(new_fen)s, work until %(until)s"
    ),
    Event.WORK_RESUMED: _(
        "%(who)s let the work go on from %(until)s; suspended since %(since)s,"
        " %(days)s working days"
    ),
    Event.WORK_SUSPENDED: _("%(who)s suspended the work from %(since)s: %(reason)s"),
    # instalments, invoices, payments
    Event.INSTALMENTS_ADDED: _(
        "%(who)s entered %(instalments)s instalments, in all %(amount_fen)s, invoices payable"
        " within %(days)s days"
    ),
    Event.INVOICE_HANDED_IN: _(
        "%(who)s handed in invoice %(invoice)s over %(amount_fen)s, to be paid until %(due_on)s"
    ),
    Event.INVOICE_VOIDED: _("%(who)s gave back invoice %(invoice)s: %(reason)s"),
    Event.PAYMENT_RECORDED: _(
        "%(who)s recorded a payment of %(paid_fen)s on %(paid_on)s for invoice %(invoice)s"
    ),
    # documents that go out
    Event.DOCUMENT_WORDING_EDITED: _(
        "%(who)s changed the usual words of %(document_kind)s (version %(version)s): %(reason)s"
    ),
    Event.OFFICIAL_DOCUMENT_ISSUED: _("%(who)s issued %(document_no)s (%(document_kind)s)"),
    Event.OFFICIAL_DOCUMENT_SEALED: _(
        "%(who)s had %(document_no)s sealed electronically; the seal of %(signer)s was verified"
    ),
    Event.OFFICIAL_DOCUMENT_UNSEALED: _(
        "The electronic seal that %(who)s asked for %(document_no)s did not come: %(failure)s"
    ),
    Event.OFFICIAL_DOCUMENT_TAKEN: _(
        "%(who)s took away %(document_no)s (%(document_kind)s) as %(form)s"
    ),
    Event.OFFICIAL_DOCUMENT_VOIDED: _(
        "%(who)s voided %(document_no)s (%(document_kind)s): %(reason)s"
    ),
}
