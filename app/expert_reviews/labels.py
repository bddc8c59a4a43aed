"""How rules and grounds are called on pages."""

from flask_babel import lazy_gettext as _

from app.expert_reviews.models import Ground
from app.expert_reviews.totals import Rule

RULES = {
    Rule.MEAN: _("Mean of all sheets"),
    Rule.TRIMMED: _("Mean without the highest and the lowest sheet (five sheets at least)"),
}
GROUNDS = {
    Ground.EMPLOYED: _("Employed by the agency or the evaluated unit within three years"),
    Ground.BOARD: _("Director or supervisor of one of them within three years"),
    Ground.CONTROL: _("Controlling shareholder or in actual control within three years"),
    Ground.KIN: _("Married or closely related to who heads one of them"),
    Ground.OTHER: _("Another relation that may keep the judgement from being fair"),
}
# What a review usually looks at, of a hundred points.
USUAL = (
    ("总体结构及文字表述", 20),
    ("项目概况与评价思路", 20),
    ("指标体系与评分依据", 30),
    ("问题分析与建议", 30),
)
