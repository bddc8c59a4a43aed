"""How activities and kinds of entries are called on pages."""

from flask_babel import lazy_gettext as _

from app.fieldwork.models import Activity

ACTIVITIES = {
    Activity.PREPARATION: _("Preparation"),
    Activity.PLAN: _("Work plan"),
    Activity.FIELDWORK: _("Work on site"),
    Activity.REPORT: _("Writing the report"),
    Activity.OTHER: _("Other work"),
}
ENTRIES = {
    "site_visit": _("Site visit"),
    "interview": _("Interview"),
    "questionnaire": _("Questionnaire rounds"),
    "person_days": _("Person-days"),
}
