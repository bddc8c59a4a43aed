"""What stands in the two rows above every page: the groups of work, and the pages of each."""

from flask_babel import lazy_gettext as _

from app.agencies.queries import READERS_OF_ALL
from app.pages.menu_of_course import COURSE
from app.pages.menu_of_growth import GROWTH
from app.pages.menu_parts import SEES_ENGAGEMENTS, Group, Page
from app.policy import AGENCY_ROLES, UNIT_ROLES, Permission, Role

READS_REVIEWS = UNIT_ROLES | {
    Role.PERFORMANCE_OFFICER,
    Role.SECTION_OFFICER,
    Role.LEADER,
    Role.INSPECTOR,
}

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
OF_ORGANISATIONS = (
    "accounts.new_organisation",
    "accounts.organisation",
    "accounts.register_organisation",
)
OF_TRANSFERS = ("upkeep.ask_transfer", "upkeep.decide_transfer", "upkeep.new_transfer")
OF_TODOS = ("pages.done_list", "pages.todo_list", "handovers", "notifications")
OF_TARGETS = (
    "notifications.add_target",
    "notifications.ask_retirement",
    "notifications.edit_target",
    "notifications.new_target",
    "notifications.target",
)


GROUPS: tuple[Group, ...] = (
    Group(_("Workbench"), (Page("pages.home", _("Workbench"), holds=OF_TODOS),)),
    Group(
        _("Oversight"),
        (
            Page(
                "pages.board",
                _("Progress board"),
                Permission.BOARD_READ,
                SEES_ENGAGEMENTS,
                ("oversight",),
            ),
            Page("alerts.index", _("Warnings"), Permission.ALERT_LIST, holds=("alerts",)),
            Page(
                "pages.statistics",
                _("Statistics"),
                Permission.STATISTICS_READ,
                holds=("pages.statistics_rows",),
            ),
        ),
    ),
    COURSE,
    Group(
        _("Procurement"),
        (
            Page(
                "procurement.index",
                _("Procurement"),
                Permission.PROCUREMENT_LIST_READ,
                holds=("clarifications", "comparisons.result", "packs", "procurement"),
            ),
            Page(
                "comparisons.index",
                _("Comparisons"),
                Permission.COMPARISON_LIST,
                holds=("comparisons",),
            ),
            Page(
                "frameworks.index",
                _("Framework agreements"),
                Permission.FRAMEWORK_READ,
                holds=("frameworks",),
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
                READERS_OF_ALL | AGENCY_ROLES,  # others would find an empty list
                holds=("agencies", "upkeep"),
            ),
            Page(
                "accreditation.index",
                _("Applications"),
                Permission.APPLICATION_READ,
                holds=("accreditation",),
            ),
            Page(
                "upkeep.transfer_index",
                _("Transfers of people"),
                Permission.TRANSFER_LIST,
                holds=OF_TRANSFERS,
            ),
            Page(
                "upkeep.workbooks",
                _("Register workbook"),
                Permission.AGENCY_REGISTER,
                holds=("upkeep.take",),
            ),
            Page(
                "accounts.organisations",
                _("Organisations"),
                Permission.ORGANISATION_LIST,
                holds=OF_ORGANISATIONS,
            ),
            Page(
                "accounts.people",
                _("People"),
                Permission.ACCOUNT_LIST,
                holds=("accounts", "identity.ask_factor_end"),
            ),
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
        _("System management"),
        (
            Page(
                "pages.log",
                _("Audit log"),
                Permission.AUDIT_READ,
                holds=("pages.check_log", "pages.score_opinions"),
            ),
            Page("pages.system", _("System"), Permission.SYSTEM_READ),
            Page("custody.store", _("File store"), Permission.STORE_READ),
            Page(
                "custody.purges.index",
                _("Ended retention"),
                Permission.PURGE_READ,
                holds=("custody.purges.show", "custody.purges.ask"),
            ),
            Page(
                "identity.acts.index",
                _("Acts of two people"),
                Permission.DANGEROUS_ACT_LIST,
                holds=("identity.acts.ask",),
            ),
            Page(
                "api.all_tokens",
                _("API tokens"),
                Permission.API_ACCESS_LIST,
                holds=("api.ask_token_end",),
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
