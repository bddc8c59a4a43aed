"""How retention classes are called."""

from flask_babel import lazy_gettext as _

from app.archiving.models import Retention

RETENTIONS = {
    Retention.TEN_YEARS: _("10 years"),
    Retention.FIFTEEN_YEARS: _("15 years"),
    Retention.THIRTY_YEARS: _("30 years"),
    Retention.PERMANENT: _("Permanent"),
}
