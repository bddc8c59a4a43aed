"""What is told of reviews and rankings."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    # rankings
    Event.RANKING_COMPUTED: _("%(who)s computed the ranking %(code)s"),
    Event.RANKING_EXPORTED: _("%(who)s exported the ranking %(code)s as %(form)s"),
    Event.RANKING_PUBLISHED: _("%(who)s published the ranking %(code)s: %(reason)s"),
    # reviews
    Event.REVIEW_SUBMITTED: _("A party submitted its review; it stays sealed"),
    Event.ROUND_OPENED: _("Reviews opened for %(invitations)s parties, until %(closes_on)s"),
    Event.ROUND_UNSEALED: _("The reviews were opened"),
}
