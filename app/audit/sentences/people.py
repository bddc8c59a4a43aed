"""What is told of people and organisations."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    # acts of two people
    Event.AUDIT_KEY_CHANGED: _(
        "The key that signs the log changed from %(old_key)s to %(new_key)s (last word: %(who)s)"
    ),
    Event.DANGEROUS_ACT_ASKED: _("%(who)s asked for an act of two people: %(act)s (%(words)s)"),
    Event.DANGEROUS_ACT_DONE: _("%(who)s confirmed, and the portal did it: %(act)s"),
    Event.DANGEROUS_ACT_REFUSED: _("%(who)s refused or took back: %(act)s"),
    # access
    Event.ACCESS_REFUSED: _("%(who)s asked for what they may not have: %(permission)s"),
    # accounts
    Event.ACCOUNT_CLOSED: _("%(who)s closed the account: %(reason)s"),
    Event.ACCOUNT_OPENED: _("%(who)s opened the account as %(role)s"),
    Event.ORGANISATION_REGISTERED: _("%(who)s registered the organisation (%(kind)s)"),
    Event.PASSWORD_CHANGED: _("%(who)s changed the password"),
    Event.PASSWORD_RESET: _("%(who)s reset the password"),
    Event.PORTAL_FOUNDED: _("The portal was founded with its first account"),
    Event.ROLE_GRANTED: _("%(who)s changed the role from %(before)s to %(role)s"),
    Event.RECOVERY_CODES_MADE: _("%(who)s made new recovery codes"),
    Event.RECOVERY_CODE_USED: _("%(who)s used a recovery code; %(left)s are left"),
    Event.SECOND_FACTOR_ADDED: _("%(who)s added a second factor"),
    Event.SECOND_FACTOR_ENDED: _("%(who)s ended the second factor"),
    Event.SESSIONS_ENDED: _("%(who)s ended %(count)s sign-ins"),
    Event.SIGN_IN_HALF: _("The password of %(who)s fitted; the second step was asked for"),
    Event.SIGN_IN_PROVED: _("%(who)s gave the password again before a dangerous step"),
    Event.SIGNED_IN: _("%(who)s signed in"),
    Event.SIGNED_OUT: _("%(who)s signed out"),
    Event.SIGN_IN_REFUSED: _("A sign-in was refused: %(reason)s"),
    # hand-overs and deputies
    Event.ACTING_BEGUN: _("%(who)s acts for %(principal)s from now on"),
    Event.DEPUTY_ENDED: _("%(who)s ended the deputyship of %(deputy)s"),
    Event.DEPUTY_NAMED: _("%(who)s named %(deputy)s deputy of %(principal)s"),
    Event.HANDOVER_CONFIRMED: _("%(who)s confirmed the hand-over"),
    Event.HANDOVER_DONE: _(
        "The work of %(giver)s went to %(taker)s: %(moved)s (last word: %(who)s)"
    ),
    Event.HANDOVER_ENDED: _("%(who)s called the hand-over off"),
    Event.HANDOVER_PROPOSED: _("%(who)s proposed that %(giver)s hands their work to %(taker)s"),
    # other systems
    Event.API_REQUEST_DONE: _("%(who)s had another system do %(operation)s"),
    Event.API_TOKEN_ENDED: _("%(who)s ended a token for the API"),
    Event.API_TOKEN_MADE: _(
        "%(who)s made a token for the API, good until %(expires_on)s (scopes: %(scopes)s)"
    ),
    Event.API_TOKEN_USED: _("A token of %(who)s for the API was used on this day"),
    Event.SIGN_ON_LINKED: _("%(who)s linked the account to the single sign-on %(issuer)s"),
    Event.SIGN_ON_UNLINKED: _("%(who)s ended the account's link to the single sign-on %(issuer)s"),
    Event.SIGN_ON_USED: _("%(who)s came in through the single sign-on %(issuer)s"),
    # the first month
    Event.ACTIVATION_ISSUED: _("%(who)s printed an activation slip, good until %(expires_on)s"),
    Event.ACTIVATION_USED: _("%(who)s set the password with an activation slip"),
    Event.ENGAGEMENT_TAKEN_OVER: _(
        "%(who)s took the engagement over from the ledger (contract %(number)s; stage: %(stage)s;"
        " accepted: %(finished_on)s)"
    ),
    Event.LEDGER_IMPORTED: _("%(who)s took in a ledger: %(ledger)s; rows: %(rows)s"),
    Event.LEDGER_SENT: _("%(who)s sent in a large ledger: %(ledger)s"),
    # the pool of experts
    Event.EXPERT_CALLED_BACK: _("%(who)s called the expert back into the pool"),
    Event.ATTENDANCE_NOTED: _(
        "%(who)s noted who was at expert review %(review)s (%(present)s present)"
    ),
    Event.EXPERT_ENTERED: _("%(who)s entered what the pool keeps of the expert"),
    Event.EXPERT_MARKED: _("%(who)s judged the work of seat %(seat)s in expert review %(review)s"),
    Event.EXPERT_RESTS: _("%(who)s lets the expert rest"),
    Event.FEE_NOTE_EXPORTED: _("%(who)s took the fee note of expert review %(review)s"),
    Event.FEE_NOTE_ISSUED: _(
        "%(who)s issued the fee note of expert review %(review)s: %(total_fen)s by %(document_no)s"
    ),
    Event.FEE_NOTE_VOIDED: _("%(who)s voided the fee note of expert review %(review)s: %(reason)s"),
    Event.FEE_STANDARD_ENTERED: _("%(who)s entered the standard of expert fees %(document_no)s"),
    Event.PANEL_DRAWN: _("%(who)s held the draw of the panel (number: %(beacon_value)s)"),
    Event.PANEL_FROZEN: _(
        "%(who)s froze the list for a panel of %(places)s (decides: %(beacon)s;"
        " commitment %(commitment)s)"
    ),
    Event.PANEL_VOIDED: _("%(who)s voided the draw of the panel: %(reason)s"),
    # personal data
    Event.CORRECTION_ANSWERED: _("%(who)s answered the request for a correction"),
    Event.CORRECTION_ASKED: _("%(who)s asked for a correction of personal data"),
    Event.PERSONAL_DATA_ERASED: _("ID number and telephone were erased: their days were over"),
    Event.PERSONAL_DATA_EXPORTED: _("%(who)s took the data about themselves (%(form)s)"),
    Event.PERSONAL_DATA_SAVED: _("%(who)s changed personal data"),
    Event.PERSONAL_KEY_ROTATED: _("%(values)s values were encrypted with a new key"),
    # agencies
    Event.AGENCY_EDITED: _("%(who)s changed the agency's particulars: %(changed)s"),
    Event.AGENCY_REGISTERED: _("%(who)s registered the agency (%(type)s)"),
    Event.EVALUATOR_ARRIVED: _("%(who)s released a practitioner to this agency"),
    Event.EVALUATOR_CONFIRMED: _("%(who)s confirmed the lead evaluator"),
    Event.EVALUATOR_EDITED: _("%(who)s corrected what is entered of the person: %(changed)s"),
    Event.EVALUATOR_LEFT: _("%(who)s noted that the lead evaluator has left"),
    Event.EVALUATOR_REGISTERED: _("%(who)s entered an evaluator in the register"),
}
