"""How grades, states and first-level indicators are called on pages."""

from decimal import Decimal

from flask_babel import lazy_gettext as _

from app.engagements.labels import reads_chinese
from app.errors import Words
from app.indicators.grading import Grade
from app.indicators.models import IndicatorSystem
from app.indicators.services import Source

# Of a project, never of an agency: pages show them under the words 项目评价等次.
GRADES = {
    Grade.EXCELLENT: _("Excellent"),
    Grade.GOOD: _("Good"),
    Grade.FAIR: _("Fair"),
    Grade.POOR: _("Poor"),
}
GRADE_TONES = {
    Grade.EXCELLENT: "green",
    Grade.GOOD: "blue",
    Grade.FAIR: "amber",
    Grade.POOR: "red",
}
SOURCES = {
    Source.LIBRARY: _("The library of common indicators (财预〔2020〕10号)"),
    Source.FRAME: _("The lines of the template's scoring frame"),
    Source.NOTHING: _("An empty table"),
}
# First-level indicators are Chinese data; these are their names for other readers.
LEVEL1: dict[str, Words] = {
    "决策": _("Decision-making"),
    "过程": _("Process"),
    "产出": _("Output"),
    "效益": _("Effect"),
}


def level1_label(name: str) -> Words:
    """A first-level indicator's own name, or its English one for a reader of English."""
    return name if reads_chinese() else LEVEL1.get(name, name)


def state_of(system: IndicatorSystem) -> tuple[Words, str]:
    """The state of a version in words, and its tone."""
    if system.retired_at is not None:
        return _("Superseded"), "grey"
    if system.approved_at is not None:
        return _("In force"), "green"
    if system.submitted_at is not None:
        return _("Awaiting review"), "amber"
    return (_("Returned"), "red") if system.returned_at is not None else (_("Draft"), "blue")


def points_text(value: Decimal | None) -> str:
    """Points without idle noughts: 4, 2.5, 91.8."""
    return "—" if value is None else f"{value.normalize():f}"
