"""The two rows above every page: the groups of work, and the pages of the group one is in."""

from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user

from app.errors import Words
from app.pages.menu import GROUPS
from app.pages.menu_parts import Page
from app.policy import Permission, Role, can


@dataclass(frozen=True)
class Tab:
    """One tab: its words, its address, whether the reader is there, and the tabs below it."""

    label: Words
    url: str
    active: bool
    below: list["Tab"] = field(default_factory=list)


def tabs() -> list[Tab]:
    """The groups of the person who is signed in; a group of one page goes by that page's name."""
    if not current_user or not current_user.is_authenticated:
        return []
    here, found = page_of(request.endpoint or ""), []
    for group in GROUPS:
        below = [
            Tab(page.label, url_for(page.endpoint), page.endpoint == here)
            for page in group.pages
            if is_offered(page)
        ]
        if below:
            label = group.label if len(below) > 1 else below[0].label
            active = any(tab.active for tab in below)
            found.append(Tab(label, below[0].url, active, below if len(below) > 1 else []))
    return found


def is_offered(page: Page) -> bool:
    """Whether this person finds the page in the menu."""
    if page.permission is not None and not can(current_user, page.permission, None):
        return False
    return current_user.role in page.roles


@cache
def page_of(endpoint: str) -> str:
    """The page of the menu under which an endpoint stands: its own, or that of its room."""
    pages = [page for group in GROUPS for page in group.pages]
    room = endpoint.partition(".")[0]
    by_name = {page.endpoint: page.endpoint for page in pages}
    by_name |= {name: page.endpoint for page in pages for name in page.holds}
    return by_name.get(endpoint) or by_name.get(room) or endpoint


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
        who = current_user.get_id() if current_user and current_user.is_authenticated else None
        if "tabs" not in g or g.tabs[0] != who:  # a page and its live part are one request
            g.tabs = who, tabs()
        return {
            "navigation": g.tabs[1],
            "can": can,
            "Permission": Permission,
            "Role": Role,
            "help_links": [
                {"label": _("Public information"), "url": url_for("openness.index")},
                {"label": _("Help"), "url": url_for("pages.help_page")},
                {"label": _("Privacy notice"), "url": url_for("personal.notice")},
            ],
            "account_url": url_for("accounts.password"),
            "build_digest": release(),
        }
