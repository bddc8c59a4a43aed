"""How fields and the reasons for being left out of a draw are called."""

from flask_babel import lazy_gettext as _

from app.experts.models import Field, Rank

FIELDS = {
    Field.BUDGET: _("Budget management"),
    Field.ACCOUNTING: _("Accounting and audit"),
    Field.ENGINEERING: _("Construction"),
    Field.EDUCATION: _("Education"),
    Field.HEALTH: _("Health care"),
    Field.WELFARE: _("Social security"),
    Field.AGRICULTURE: _("Agriculture and villages"),
    Field.ENVIRONMENT: _("Environment"),
    Field.INFORMATION: _("Information technology"),
    Field.LAW: _("Law"),
}
RANKS = {
    Rank.SENIOR: _("Senior rank"),
    Rank.ASSOCIATE: _("Associate rank"),
    Rank.OTHER: _("Others"),
}
LEFT_OUT = {
    "rests": _("Rests"),
    "field": _("Another field"),
    "stands_aside": _("Stands aside: a party of this engagement"),
}
