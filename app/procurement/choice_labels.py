"""Where a chosen one stands beside the best set, in words."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from app.errors import Words

STANDINGS: Mapping[str, Words] = {
    "unweighed": _("the ranking plays no part in this method"),
    "no_ranking": _("no best set: no ranking was in force, or it placed nobody"),
    "best": _("in the best set"),
    "behind": _("outside the best set: proven to be behind"),
    "unranked": _("outside the best set: without a rank"),
    "left_out": _("outside the best set: left out"),
}
