"""Names of the rules by which a best set leaves somebody out."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from app.errors import Words

LEFT_OUT: Mapping[str, Words] = {
    "barred": _("kept out by a prohibition"),
    "links": _("has a link to the parties"),
    "field": _("no engagement in this field"),
    "load": _("busy with more engagements than asked"),
    "score": _("score below what is asked"),
    "interval": _("lower end of the interval below what is asked"),
}
