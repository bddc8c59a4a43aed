"""The tabs above every page: what this person may open, in the order of their work."""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user

from app.errors import Words
from app.policy import AGENCY_ROLES, UNIT_ROLES, Permission, Role, can


@dataclass(frozen=True)
class Tab:
    """One tab: its words, its address, whether the reader is there."""

    label: Words
    url: str
    active: bool


# endpoint, words, permission asked without a record (None: everybody who is signed in)
TABS: tuple[tuple[str, Words, Permission | None], ...] = (
    ("pages.home", _("Workbench"), None),
    ("pages.board", _("Progress board"), Permission.BOARD_READ),
    ("engagements.index", _("Engagements"), Permission.BOARD_READ),
    ("papers.index", _("Working papers"), None),
    ("reviews.index", _("Buyer reviews"), None),
    ("rankings.index", _("Agency rankings"), Permission.BOARD_READ),
    ("indicators.result_index", _("Use of results"), Permission.RESULT_LIST),
    ("agencies.index", _("Agency directory"), Permission.AGENCY_LIST),
    ("engagements.templates", _("Templates"), Permission.TEMPLATE_READ),
    ("accounts.organisations", _("Organisations"), Permission.ORGANISATION_LIST),
    ("accounts.people", _("People"), Permission.ACCOUNT_LIST),
    ("pages.log", _("Audit log"), Permission.AUDIT_READ),
    ("pages.system", _("System"), Permission.SYSTEM_READ),
)
# Tabs for the roles whose work they hold; the pages behind them ask the policy record by record.
ONLY_FOR = {
    "papers.index": AGENCY_ROLES
    | {
        Role.PERFORMANCE_OFFICER,
        Role.SECTION_OFFICER,
        Role.LEADER,
        Role.INSPECTOR,
        Role.ARCHIVIST,
        Role.DEPARTMENT_OFFICER,
    },
    "reviews.index": UNIT_ROLES | {Role.PERFORMANCE_OFFICER, Role.SECTION_OFFICER},
}


def tabs() -> list[Tab]:
    """The tabs of the person who is signed in."""
    if not current_user or not current_user.is_authenticated:
        return []
    found, here = [], tab_of(request.endpoint or "")
    for endpoint, label, permission in TABS:
        if permission is not None and not can(current_user, permission, None):
            continue
        if current_user.role not in ONLY_FOR.get(endpoint, {current_user.role}):
            continue
        found.append(Tab(label, url_for(endpoint), endpoint == here))
    return found


def tab_of(endpoint: str) -> str:
    """The tab under which a page stands: its own, or that of its room's list."""
    room, _dot, name = endpoint.partition(".")
    if "template" in name:
        return "engagements.templates"
    if room == "accounts":
        return "accounts.organisations" if "organisation" in name else "accounts.people"
    if room == "indicators":
        of_results = "result" in name or name in {"propose", "decide", "void"}
        return "indicators.result_index" if of_results else "engagements.index"
    if room == "guidance":
        return "papers.index"
    return (
        f"{room}.index"
        if room in {"reviews", "rankings", "agencies", "engagements", "papers"}
        else endpoint
    )


@cache
def release() -> str:
    """Which release this is; an operator is asked for it first."""
    try:
        return version("xingping")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "—"


def init_app(app: Flask) -> None:
    """Give every page its tabs and the links of the mast and the foot."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        return {
            "navigation": tabs(),
            "can": can,
            "Permission": Permission,
            "Role": Role,
            "help_links": [{"label": _("Help"), "url": url_for("pages.help_page")}],
            "account_url": url_for("accounts.password"),
            "build_digest": release(),
        }
