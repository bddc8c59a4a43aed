"""What is told of relations and conflicts of interest."""

from flask_babel import lazy_gettext as _

from app.audit.events import Event

SENTENCES = {
    Event.CONFLICT_ACCEPTED: _("%(who)s accepted a link (%(link)s): %(reason)s"),
    Event.CONFLICT_FOUND: _("Links were found at the opening: %(links)s"),
    Event.RELATION_ENTERED: _("%(who)s entered a relation of the agency (%(relation_kind)s)"),
    Event.RELATION_WITHDRAWN: _("%(who)s took back a relation of the agency: %(reason)s"),
}
