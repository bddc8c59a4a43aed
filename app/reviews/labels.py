"""How dimensions and stars are called on pages."""

from flask_babel import lazy_gettext as _

from app.errors import Words
from app.reviews.models import Dimension

# Shipped dimensions have words in both languages; one that the bureau adds keeps its own name.
DIMENSIONS: dict[str, Words] = {
    "quality": _("Report quality"),
    "efficiency": _("Service efficiency"),
    "communication": _("Communication"),
    "satisfaction": _("Satisfaction"),
}
# What each star means, the best first.
ANCHORS: dict[int, Words] = {
    5: _("Very satisfied (beyond what was asked)"),
    4: _("Satisfied (as asked)"),
    3: _("Fairly satisfied (small problems, put right)"),
    2: _("Dissatisfied (returned again and again, or late)"),
    1: _("Very dissatisfied (grave faults of quality or discipline)"),
}


def dimension_label(dimension: Dimension) -> Words:
    """A dimension's name in the reader's language."""
    return DIMENSIONS.get(dimension.code, dimension.name)
