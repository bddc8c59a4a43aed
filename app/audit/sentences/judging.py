"""What is told of reviews and rankings."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    # rankings
    Event.RANKING_ASKED: _("%(who)s had a ranking computed: %(title)s"),
    Event.RANKING_BUNDLED: _("%(who)s handed over the data of the ranking %(code)s: %(recipient)s"),
    Event.RANKING_COMPUTED: _("%(who)s computed the ranking %(code)s"),
    Event.RANKING_EXPORTED: _("%(who)s exported the ranking %(code)s as %(form)s"),
    Event.RANKING_PUBLISHED: _("%(who)s published the ranking %(code)s: %(reason)s"),
    # answers to ratings
    Event.AGENCY_REPLIED: _("The agency replied to its rating"),
    Event.APPEAL_DECIDED: _("%(who)s decided the appeal; reviews ruled on: %(rulings)s"),
    Event.APPEAL_FILED: _("The agency appealed against its rating"),
    Event.FLAG_RAISED: _("A screen raised a sign for a person to look at"),
    Event.FLAG_REMARKED: _("%(who)s settled a sign or opened it again"),
    Event.LINK_ISSUED: _("%(who)s made a one-time key to a review for %(recipient)s"),
    Event.LINK_USED: _("A one-time key was used to rate"),
    Event.LINK_WITHDRAWN: _("%(who)s ended a one-time key to a review"),
    Event.REVIEW_FORM_ISSUED: _("%(who)s made a signed review form for %(recipient)s"),
    Event.UNIT_RATED: _("%(who)s rated how a unit works with agencies"),
    # reviews
    Event.DIMENSION_ADDED: _("%(who)s added the dimension %(name)s"),
    Event.DIMENSION_WORDED: _("%(who)s changed the words of the stars of %(code)s"),
    Event.PROBLEM_ADDED: _("%(who)s added to the checklist: %(name)s"),
    Event.PROBLEM_RETIRED: _("%(who)s retired from the checklist: %(name)s"),
    Event.WEIGHTS_SET: _(
        "%(who)s set version %(version)s of the weights from %(holds_from)s: %(reason)s"
    ),
    Event.REVIEW_REWRITTEN: _("A party confirmed or changed a review that was returned to it"),
    Event.REVIEW_RULED: _("%(who)s ruled on a review after an appeal: %(reason)s"),
    Event.REVIEW_SUBMITTED: _("A party submitted its review; it stays sealed"),
    Event.ROUND_OPENED: _("Reviews opened until %(closes_on)s; parties: %(invitations)s"),
    Event.ROUND_UNSEALED: _("The reviews were opened"),
}
