"""What is told of comparisons, framework agreements, questions and changes, invited bidders."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    Event.BIDDERS_INVITED: _(
        "%(who)s invited those drawn (%(draw)s) to bid for %(lot)s until %(until)s: %(agencies)s"
    ),
    Event.BID_REFUSED: _("%(who)s was refused with a bid for %(lot)s: %(words)s"),
    Event.BID_REPLACED: _(
        "%(who)s replaced the sealed bid of %(agency)s for %(lot)s (%(before)s) by another"
        " (%(sha256)s)"
    ),
    Event.COMPARISON_CONCLUDED: _(
        "%(who)s concluded the comparison for %(lot)s: %(bids)s bids by %(sheets)s sheets, the best"
        " with %(total)s points"
    ),
    Event.COMPARISON_PANEL_DRAWN: _(
        "%(who)s drew the panel for %(lot)s from %(beacon_value)s (seed %(seed)s)"
    ),
    Event.COMPARISON_PANEL_FROZEN: _(
        "%(who)s froze the list for a panel of %(places)s for %(lot)s by %(beacon)s (commitment"
        " %(commitment)s)"
    ),
    Event.COMPARISON_PANEL_VOIDED: _(
        "%(who)s voided the draw of the panel for %(lot)s: %(reason)s"
    ),
    Event.COMPARISON_SEAT_REFUSED: _(
        "Whoever was drawn at place %(seat)s for %(lot)s may not judge: %(tie)s (%(who)s)"
    ),
    Event.COMPARISON_SEAT_STATED: _(
        "%(who)s, place %(seat)s of the panel for %(lot)s, stated: %(grounds)s"
    ),
    Event.COMPARISON_SHEET_SUBMITTED: _(
        "%(who)s handed in the sheet of place %(seat)s of the panel for %(lot)s"
    ),
    Event.COMPARISON_STATED: _(
        "%(who)s stated the criteria of need %(need)s (%(total_rule)s; SHA-256 %(sha256)s)"
    ),
    Event.FRAMEWORK_ENTERED: _(
        "%(who)s entered the framework agreement %(framework)s (members: %(members)s)"
    ),
    Event.FRAMEWORK_MEMBER_LEFT: _(
        "%(who)s entered that %(agency)s left the framework agreement %(framework)s: %(reason)s"
    ),
    Event.FRAMEWORK_NAMED: _("%(who)s placed need %(need)s under the agreement %(framework)s"),
    Event.FRAMEWORK_TURN_TOLD: _(
        "%(who)s entered turn %(turn)s of %(framework)s: %(agency)s, %(lot)s, %(turn_outcome)s"
        " %(reason)s"
    ),
    Event.INVITED_PLACES_SET: _(
        "%(who)s stated that %(places)s of those drawn for need %(need)s are invited"
    ),
    Event.NEED_QUESTION_ANSWERED: _(
        "%(who)s answered question %(number)s about need %(need)s: %(words)s"
    ),
    Event.NEED_QUESTION_ASKED: _("%(who)s asked about need %(need)s: %(words)s"),
    Event.NOTICE_CHANGED: _(
        "%(who)s changed the notice of need %(need)s: %(words)s; bids until %(until)s instead of"
        " %(before)s"
    ),
}
