"""The group of engagements in the menu: the work itself and what happens in its course."""

from flask_babel import lazy_gettext as _

from app.pages.menu_parts import SEES_ENGAGEMENTS, Group, Page
from app.policy import AGENCY_ROLES, UNIT_ROLES, Permission, Role

READS_PAPERS = AGENCY_ROLES | {
    Role.PERFORMANCE_OFFICER,
    Role.SECTION_OFFICER,
    Role.LEADER,
    Role.INSPECTOR,
    Role.ARCHIVIST,
    Role.DEPARTMENT_OFFICER,
}
OF_RESULTS = (
    "indicators.ask_decision",
    "indicators.ask_result",
    "indicators.ask_void",
    "indicators.decide",
    "indicators.engagement_results",
    "indicators.propose",
    "indicators.void",
)
OF_TEMPLATES = (
    "engagements.edit_template",
    "engagements.save_template",
    "engagements.show_template",
)
CHANGES = Page(
    "amendments.index",
    _("Changes to decide"),
    Permission.BOARD_READ,
    UNIT_ROLES | {Role.PERFORMANCE_OFFICER},
    ("amendments.ask_decision", "amendments.decide"),
)
PAYMENTS = Page(
    "payments.index",
    _("Invoices to pay"),
    Permission.BOARD_READ,
    AGENCY_ROLES
    | UNIT_ROLES
    | {Role.PERFORMANCE_OFFICER, Role.SECTION_OFFICER, Role.LEADER, Role.INSPECTOR},
)
WORDINGS = Page(
    "documents.index",
    _("Usual words of documents"),
    Permission.DOCUMENT_WORDING_EDIT,
    holds=("documents.ask_wording", "documents.edit_wording"),
)
COURSE = Group(
    _("Engagements"),
    (
        Page(
            "engagements.index",
            _("Engagements"),
            Permission.BOARD_READ,
            SEES_ENGAGEMENTS,
            holds=(
                "engagements",
                "indicators",
                "fieldwork",
                "consultations",
                "requests",
                "expert_reviews",
                "amendments",
                "payments",
                "documents",
            ),
        ),
        Page(
            "requests.index",
            _("Material requests"),
            roles=UNIT_ROLES | AGENCY_ROLES,
        ),
        Page(
            "expert_reviews.index",
            _("Expert reviews"),
            roles=frozenset({Role.EXPERT, Role.PERFORMANCE_OFFICER, Role.LEADER}),
        ),
        Page("experts.own_fees", _("My fees"), Permission.EXPERT_FEE_LIST),
        Page(
            "papers.index",
            _("Working papers"),
            roles=READS_PAPERS,
            holds=("papers", "reading", "guidance", "archiving"),
        ),
        Page(
            "similarity.index",
            _("Similarity alarms"),
            Permission.SIMILARITY_READ,
            holds=("similarity",),
        ),
        Page(
            "reading.reading_rules",
            _("Reading copies"),
            Permission.READING_EDIT,
            holds=("reading.reading_rules", "reading.set_reading_rules"),
        ),
        Page(
            "rectifications.index",
            _("Rectification"),
            Permission.RECTIFICATION_LIST,
            holds=("rectifications",),
        ),
        CHANGES,
        PAYMENTS,
        Page(
            "indicators.result_index",
            _("Use of results"),
            Permission.RESULT_LIST,
            holds=OF_RESULTS,
        ),
        Page(
            "engagements.templates",
            _("Templates"),
            Permission.TEMPLATE_READ,
            holds=OF_TEMPLATES,
        ),
        WORDINGS,
    ),
)
