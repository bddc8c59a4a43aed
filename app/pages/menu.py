"""What stands in the two rows above every page: the groups of work, and the pages of each."""

from flask_babel import lazy_gettext as _

from app.pages.menu_of_growth import GROWTH
from app.pages.menu_parts import Group, Page
from app.policy import AGENCY_ROLES, UNIT_ROLES, Permission, Role

READS_PAPERS = AGENCY_ROLES | {
    Role.PERFORMANCE_OFFICER,
    Role.SECTION_OFFICER,
    Role.LEADER,
    Role.INSPECTOR,
    Role.ARCHIVIST,
    Role.DEPARTMENT_OFFICER,
}
READS_REVIEWS = UNIT_ROLES | {
    Role.PERFORMANCE_OFFICER,
    Role.SECTION_OFFICER,
    Role.LEADER,
    Role.INSPECTOR,
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
OF_YEARS = (
    "assessments.ask_list_decision",
    "assessments.ask_notice",
    "assessments.ask_publication",
    "assessments.ask_row_consequence",
    "assessments.ask_row_objection",
    "assessments.decide_list",
    "assessments.draw",
    "assessments.give_notice",
    "assessments.object_to_row",
    "assessments.publish",
    "assessments.set_row_consequence",
    "assessments.show_row",
    "assessments.show_year",
)
OF_MEASURES = (
    "assessments.appeal",
    "assessments.ask_appeal",
    "assessments.ask_consequence_decision",
    "assessments.decide_consequence",
    "assessments.new_consequence",
    "assessments.propose",
    "assessments.show_consequence",
)
OF_TEMPLATES = (
    "engagements.edit_template",
    "engagements.save_template",
    "engagements.show_template",
)
OF_ORGANISATIONS = (
    "accounts.new_organisation",
    "accounts.organisation",
    "accounts.register_organisation",
)
OF_TODOS = ("pages.done_list", "pages.todo_list", "handovers", "notifications")
OF_TARGETS = (
    "notifications.add_target",
    "notifications.edit_target",
    "notifications.new_target",
    "notifications.target",
)


GROUPS: tuple[Group, ...] = (
    Group(_("Workbench"), (Page("pages.home", _("Workbench"), holds=OF_TODOS),)),
    Group(
        _("Oversight"),
        (
            Page("pages.board", _("Progress board"), Permission.BOARD_READ, holds=("oversight",)),
            Page("alerts.index", _("Warnings"), Permission.ALERT_LIST, holds=("alerts",)),
            Page(
                "pages.statistics",
                _("Statistics"),
                Permission.STATISTICS_READ,
                holds=("pages.statistics_rows",),
            ),
        ),
    ),
    Group(
        _("Engagements"),
        (
            Page(
                "engagements.index",
                _("Engagements"),
                Permission.BOARD_READ,
                holds=(
                    "engagements",
                    "indicators",
                    "fieldwork",
                    "consultations",
                    "requests",
                    "expert_reviews",
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
        ),
    ),
    Group(
        _("Procurement"),
        (
            Page(
                "procurement.index",
                _("Procurement"),
                Permission.PROCUREMENT_LIST_READ,
                holds=("procurement",),
            ),
            Page(
                "decisions.best_set",
                _("Choosing on merit"),
                Permission.BEST_SET_READ,
                holds=("decisions",),
            ),
            Page(
                "conflicts.index",
                _("Conflicts of interest"),
                Permission.CONFLICT_READ,
                holds=("conflicts",),
            ),
        ),
    ),
    Group(
        _("Reviews and rankings"),
        (
            Page(
                "reviews.index",
                _("Buyer reviews"),
                roles=READS_REVIEWS,
                holds=("reviews", "sheets"),
            ),
            Page("appeals.index", _("Appeals"), Permission.APPEAL_LIST, holds=("appeals",)),
            Page(
                "screening.index",
                _("Signs in the stars"),
                Permission.FLAG_LIST,
                holds=("screening",),
            ),
            Page(
                "cooperation.index",
                _("Units' cooperation"),
                Permission.UNIT_RATING_LIST,
                holds=("cooperation",),
            ),
            Page(
                "assessments.index",
                _("Quality assessment"),
                Permission.ASSESSMENT_LIST,
                holds=("assessments",),
            ),
            Page(
                "assessments.years",
                _("Year lists"),
                Permission.BOARD_READ,
                holds=OF_YEARS,
            ),
            Page(
                "assessments.measures",
                _("Measures"),
                Permission.CONSEQUENCE_LIST,
                holds=OF_MEASURES,
            ),
            Page(
                "rankings.index",
                _("Agency rankings"),
                Permission.BOARD_READ,
                holds=("rankings",),
            ),
        ),
    ),
    Group(
        _("Agencies and people"),
        (
            Page(
                "agencies.index",
                _("Agency directory"),
                Permission.AGENCY_LIST,
                holds=("agencies",),
            ),
            Page(
                "accounts.organisations",
                _("Organisations"),
                Permission.ORGANISATION_LIST,
                holds=OF_ORGANISATIONS,
            ),
            Page("accounts.people", _("People"), Permission.ACCOUNT_LIST, holds=("accounts",)),
            Page(
                "experts.index",
                _("Pool of experts"),
                Permission.EXPERT_POOL_READ,
                holds=("experts",),
            ),
            Page(
                "onboarding.index",
                _("First month"),
                Permission.ACCOUNT_LIST,
                holds=("onboarding",),
            ),
        ),
    ),
    GROWTH,
    Group(
        _("System"),
        (
            Page("pages.log", _("Audit log"), Permission.AUDIT_READ),
            Page("pages.system", _("System"), Permission.SYSTEM_READ),
            Page("custody.store", _("File store"), Permission.STORE_READ),
            Page(
                "identity.acts.index",
                _("Acts of two people"),
                Permission.DANGEROUS_ACT_LIST,
                holds=("identity.acts.ask",),
            ),
            Page("spills.index", _("Spills"), Permission.SPILL_READ, holds=("spills",)),
            Page(
                "working_days.index",
                _("Calendar of working days"),
                Permission.SYSTEM_READ,
                holds=("working_days",),
            ),
            Page(
                "notifications.targets",
                _("Message targets"),
                Permission.SYSTEM_READ,
                holds=OF_TARGETS,
            ),
            Page(
                "notifications.outbox",
                _("Outbox"),
                Permission.SYSTEM_READ,
                holds=("notifications.retry_delivery",),
            ),
            Page(
                "queueing.index", _("Background work"), Permission.SYSTEM_READ, holds=("queueing",)
            ),
        ),
    ),
)
