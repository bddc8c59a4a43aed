"""How dimensions, stars and problems are called on pages."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from app.errors import Words
from app.reviews.models import Dimension, ProblemKind, RulingKind

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
# What each star of a shipped dimension means, until the bureau words it anew.
ANCHORS_OF: dict[str, dict[int, Words]] = {
    "quality": {
        5: _("Thorough, well evidenced, with advice that was taken up at once"),
        4: _("Complete and correct, with advice that can be followed"),
        3: _("Small mistakes or gaps, put right when asked"),
        2: _("Mistakes of substance, or returned again and again"),
        1: _("Wrong in its conclusions, or not to be used"),
    },
    "efficiency": {
        5: _("Ahead of every date, and quick when something came up"),
        4: _("On time at every milestone"),
        3: _("Late once or twice, without harm"),
        2: _("Late again and again, or only after reminders"),
        1: _("So late that the result lost its use"),
    },
    "communication": {
        5: _("Told us early and clearly, and listened"),
        4: _("Clear, and answered within the day or two"),
        3: _("Answered when asked, sometimes unclear"),
        2: _("Hard to reach, or views weren't heard"),
        1: _("Didn't answer, or was improper"),
    },
    "satisfaction": {
        5: _("Beyond what was asked; we'd gladly work together again"),
        4: _("As asked; we'd work together again"),
        3: _("Acceptable on the whole"),
        2: _("Below what was asked; with reservations only"),
        1: _("Not acceptable"),
    },
}
PROBLEMS: dict[str, Words] = {
    "data": _("Mistakes or gaps in the figures"),
    "shallow": _("The analysis stays on the surface"),
    "advice": _("The advice can't be followed"),
    "evidence": _("Evidence is thin"),
    "returned": _("Returned for changes again and again"),
    "late": _("Submitted late"),
    "silent": _("Slow to answer"),
    "staff": _("Other people than agreed"),
    "absent": _("No check on the spot"),
    "discipline": _("Confidentiality or discipline"),
}
RULINGS: dict[RulingKind, Words] = {
    RulingKind.VOIDED: _("Voided"),
    RulingKind.RETURNED: _("Returned to its writer"),
}


def dimension_label(dimension: Dimension) -> Words:
    """A dimension's name in the reader's language."""
    return DIMENSIONS.get(dimension.code, dimension.name)


def problem_label(problem: ProblemKind) -> Words:
    """A line of the checklist in the reader's language."""
    return PROBLEMS.get(problem.code, problem.name)


def anchors_for(dimension: Dimension, own: Mapping[int, str]) -> dict[int, Words]:
    """What the stars of a dimension mean, the best first: the bureau's words before ours."""
    shipped = ANCHORS_OF.get(dimension.code, {})
    return {star: own.get(star) or shipped.get(star) or words for star, words in ANCHORS.items()}
