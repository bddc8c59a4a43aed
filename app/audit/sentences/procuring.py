"""What is told of procurement: needs, offers, draws, awards, objections."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    Event.AWARDS_APPROVED: _("%(who)s approved the awards of need %(need)s: %(lots)s"),
    Event.AWARD_ANSWERED: _("%(who)s answered the objection of %(agency)s (%(lot)s): %(words)s"),
    Event.AWARD_COMPLAINED: _("%(who)s entered a complaint of %(agency)s (%(lot)s): %(words)s"),
    Event.AWARD_CONTRACTED: _(
        "%(who)s entered contract %(contract)s of %(lot)s, %(late_days)s; it opened %(engagement)s"
    ),
    Event.AWARD_DECIDED: _(
        "%(who)s entered the decision on the complaint of %(agency)s (%(lot)s): %(words)s"
    ),
    Event.AWARD_MADE: _("%(who)s awarded %(lot)s to %(agency)s for %(price_fen)s: %(reason)s"),
    Event.AWARD_OBJECTED: _("%(who)s entered an objection of %(agency)s (%(lot)s): %(words)s"),
    Event.AWARD_WITHDRAWN: _("%(who)s withdrew the award of %(lot)s to %(agency)s: %(reason)s"),
    Event.BIDS_OPENED: _(
        "%(who)s opened the bids for %(lot)s: %(bids)s envelopes, %(void)s of them void"
    ),
    Event.BID_HANDED_IN: _(
        "%(who)s handed in the sealed bid of %(agency)s for %(lot)s (%(sha256)s)"
    ),
    Event.CHOICE_KEPT: _(
        "%(who)s kept the evidence of the choice of %(agency)s for %(lot)s: %(considered)s were"
        " considered, standing %(standing)s by ranking %(ranking)s; %(reason)s"
    ),
    Event.CHOICE_REASONED: _(
        "%(who)s said why %(agency)s was chosen for %(lot)s outside the best set: %(reason)s"
    ),
    Event.CONTRACT_DUTY_DONE: _(
        "%(who)s entered %(duty)s of the contract of %(lot)s: %(day)s, %(late_days)s"
    ),
    Event.DECISION_PACK_ASKED: _(
        "%(who)s asked for the decision pack of need %(need)s (lots: %(lots)s)"
    ),
    Event.DECISION_PACK_MADE: _(
        "%(who)s had the decision pack of need %(need)s made: %(files)s files, manifest"
        " %(manifest_sha256)s"
    ),
    Event.DECISION_PACK_TAKEN: _("%(who)s took a decision pack of need %(need)s (%(sha256)s)"),
    Event.DRAW_FROZEN: _(
        "%(who)s froze the list of %(lot)s, attempt %(attempt)s: digest %(list_digest)s,"
        " commitment %(commitment)s, beacon %(beacon)s"
    ),
    Event.DRAW_HELD: _(
        "%(who)s held draw %(draw)s by %(beacon_value)s: seed %(seed)s, first %(first)s"
    ),
    Event.DRAW_NUMBER_ADDED: _("%(who)s added a number of its own to draw %(draw)s: %(number)s"),
    Event.DRAW_VOIDED: _("%(who)s voided draw %(draw)s, attempt %(attempt)s: %(reason)s"),
    Event.LOW_BID_ANSWERED: _("%(who)s explained the price of %(agency)s (%(lot)s): %(words)s"),
    Event.LOW_BID_ASKED: _("%(who)s asked about the price of %(agency)s (%(lot)s): %(words)s"),
    Event.LOW_BID_DECIDED: _(
        "%(who)s decided on the low price of %(agency)s (%(lot)s, %(verdict)s): %(words)s"
    ),
    Event.NEED_ANNOUNCED: _("%(who)s announced need %(need)s until %(until)s"),
    Event.NEED_CANCELLED: _("%(who)s called need %(need)s off: %(reason)s"),
    Event.NEED_PLANNED: _(
        "%(who)s wrote down need %(need)s for %(budget_fen)s (lots: %(lots)s; %(method)s)"
    ),
    Event.OFFER_JOINED: _("%(who)s signed up for %(lot)s by the consortium agreement %(name)s"),
    Event.OFFER_MADE: _(
        "%(who)s signed %(agency)s up for %(lot)s; %(people)s people stated the five grounds"
    ),
    Event.OFFER_REFUSED: _("%(who)s of %(agency)s was refused for %(lot)s: %(words)s"),
    Event.OFFER_WITHDRAWN: _("%(who)s took back the offer of %(agency)s (%(lot)s): %(reason)s"),
    Event.SEAL_HALF_MADE: _(
        "%(who)s made half %(half)s of the key to the bids of need %(need)s (%(key)s…)"
    ),
    Event.SEAL_HALF_REPLACED: _(
        "%(who)s made half %(half)s of the key of %(need)s anew: %(key)s in place of %(before)s"
        " (%(reason)s)"
    ),
    Event.PLATFORM_NUMBERS_TAKEN: _(
        "%(who)s took over numbers and addresses of the province's platform for need %(need)s:"
        " %(changes)s"
    ),
    Event.PROCUREMENT_RULES_CONFIRMED: _(
        "%(who)s confirmed the thresholds of %(document_no)s, compared with %(source)s"
    ),
    Event.PROCUREMENT_RULES_SET: _(
        "%(who)s entered version %(version)s of the thresholds: limit %(limit_fen)s by"
        " %(document_no)s"
    ),
}
