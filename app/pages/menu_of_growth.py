"""The group of training and exchange in the menu."""

from flask_babel import lazy_gettext as _

from app.pages.menu_parts import Group, Page
from app.policy import AGENCY_ROLES, Permission, Role

OF_HOURS = tuple(f"training.{name}" for name in ("claim", "decide", "new_claim", "show_hours"))
OF_COOPERATION = tuple(
    f"exchange.{name}" for name in ("agree", "end_consortium", "new_consortium", "propose")
)
OF_CASES = tuple(
    f"exchange.{name}"
    for name in ("case", "new_case", "propose_case", "release_case", "withdraw_case")
)
GROWTH = Group(
    _("Training and exchange"),
    (
        Page("training.index", _("Courses"), Permission.COURSE_LIST, holds=("training",)),
        Page("training.hours", _("Hours of training"), Permission.COURSE_LIST, holds=OF_HOURS),
        Page("search.index", _("Search"), Permission.SEARCH_READ, holds=("search",)),
        Page("exchange.index", _("Exchange"), Permission.POST_LIST, holds=("exchange",)),
        Page("exchange.cases", _("Case library"), Permission.POST_LIST, holds=OF_CASES),
        Page("indicators.library", _("Indicator library"), Permission.POST_LIST),
        Page(
            "exchange.consortia",
            _("Consortia (联合体)"),
            Permission.POST_LIST,
            AGENCY_ROLES | {Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR},
            OF_COOPERATION,
        ),
    ),
)
