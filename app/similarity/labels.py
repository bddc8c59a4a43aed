"""How likenesses are called on pages."""

from flask_babel import lazy_gettext as _

from app.similarity.models import Likeness

LIKENESSES = {
    Likeness.SAME_FILE: _("Identical file"),
    Likeness.SIMILAR_TEXT: _("Similar text"),
}
