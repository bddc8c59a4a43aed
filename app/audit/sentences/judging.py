"""What is told of reviews and rankings."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    # rankings
    Event.RANKING_COMPUTED: _("%(who)s computed the ranking %(code)s"),
    Event.RANKING_EXPORTED: _("%(who)s exported the ranking %(code)s as %(form)s"),
    Event.RANKING_PUBLISHED: _("%(who)s published the ranking %(code)s: %(reason)s"),
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
    Event.ROUND_OPENED: _("Reviews opened for %(invitations)s parties, until %(closes_on)s"),
    Event.ROUND_UNSEALED: _("The reviews were opened"),
}
