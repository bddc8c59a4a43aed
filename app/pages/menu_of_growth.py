"""The group of training and exchange in the menu."""

from flask_babel import lazy_gettext as _

from app.pages.menu_parts import Group, Page
from app.policy import Permission

OF_HOURS = tuple(f"training.{name}" for name in ("claim", "decide", "new_claim", "show_hours"))
GROWTH = Group(
    _("Training and exchange"),
    (
        Page("training.index", _("Courses"), Permission.COURSE_LIST, holds=("training",)),
        Page("training.hours", _("Hours (学时)"), Permission.COURSE_LIST, holds=OF_HOURS),
    ),
)
