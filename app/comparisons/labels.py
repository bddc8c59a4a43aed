"""How criteria, rules and refusals of a comparison are called."""

from flask_babel import lazy_gettext as _

from app.comparisons.scoring import MOST_CRITERIA, MOST_RANKING, BadScheme, Kind, PriceRule
from app.errors import Words
from app.procurement import labels

KINDS: dict[Kind, Words] = {
    Kind.JUDGED: _("judged by the members"),
    Kind.PRICE: _("price, by formula"),
    Kind.RANKING: _("evidence of the ranking, by formula"),
}
PRICE_RULES: dict[PriceRule, Words] = {
    PriceRule.LOWEST: _("Lowest valid price ÷ price × points"),
    PriceRule.MEAN: _("Points less one hundredth for each per cent away from the mean price"),
}
LEFT_OUT: dict[str, Words] = {
    "rests": _("Rests"),
    "field": _("Another field"),
    "bidder": _("Related to a bidder"),
    "buyer": _("Related to the buyer or an evaluated unit"),
}
# Criteria and points that a first form offers.
USUAL = (
    ("报价", 20, Kind.PRICE),
    ("工作方案的针对性和可行性", 30, Kind.JUDGED),
    ("指标体系思路", 15, Kind.JUDGED),
    ("主评人和工作组的专业能力", 20, Kind.JUDGED),
    ("质量控制和进度安排", 15, Kind.JUDGED),
)


def bad_scheme(error: BadScheme) -> Words:
    """Why criteria can't stand in a notice."""
    if error.why in labels.UNFAIR:
        return labels.unfair(error.why, error.told)
    told: dict[str, Words] = {
        "stars": _(
            "“%(words)s”: stars give points by the ranking's criterion alone", words=error.told
        ),
        "count": _("From 1 to %(n)s criteria", n=MOST_CRITERIA),
        "points": _("Each criterion needs a name and its points"),
        "whole": _("The points must add up to 100, not to %(n)s", n=error.told),
        "kinds": _("One price, at most one ranking, and something for the members to judge"),
        "statutory": _("The ranking gives points only where the law lets the buyer choose"),
        "ranking": _("The ranking gives %(n)s points at most", n=MOST_RANKING),
    }
    return told[error.why]
