"""The portal. create_app() is the only place where the parts are joined."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from flask import Flask, has_request_context, request, session
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_login import current_user
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    clock,
    db,
    display,
    errors,
    handovers,
    headers,
    intake,
    store,
    summary,
    telemetry,
    tracing,
    working_days,
)
from app.accounts import login
from app.operations import counting
from config import BadSetting

FEATURES = (
    "pages",
    "operations",
    "accounts",
    "agencies",
    "engagements",
    "conflicts",
    "experts",
    "onboarding",
    "personal",
    "papers",
    "reading",
    "similarity",
    "indicators",
    "attachments",
    "requests",
    "fieldwork",
    "consultations",
    "expert_reviews",
    "rectifications",
    "amendments",
    "guidance",
    "archiving",
    "custody",
    "spills",
    "reviews",
    "appeals",
    "sheets",
    "cooperation",
    "training",
    "accreditation",
    "upkeep",
    "exchange",
    "search",
    "assessments",
    "payments",
    "documents",
    "rankings",
    "screening",
    "procurement",
    "comparisons",
    "frameworks",
    "clarifications",
    "oversight",
    "alerts",
    "decisions",
    "openness",
    "packs",
    "api",
    "notifications",
    "queueing",
    "timestamps",
    "working_days",
    "handovers",
    "identity",
)
MIGRATIONS = Path(__file__).parent.parent / "migrations"


def create_app(settings: Mapping[str, object]) -> Flask:
    """Build one portal from its settings."""
    app = Flask(__name__)
    app.config.from_mapping(settings)
    if old := app.config["SECRET_KEY_OLD"]:  # what it signed still counts; the last one signs
        now = app.config["SECRET_KEY"]
        app.config.update(SECRET_KEY_FALLBACKS=[old], WTF_CSRF_SECRET_KEY=[old, now])
    add_years(Path(str(app.config["XINGPING_VAR"])) / "holidays.json")
    if hops := app.config.get("TRUSTED_PROXIES"):
        # Flask's own documented way to wrap the server's side of an application.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign] # as Flask's documentation says
    tracing.init_app(app)
    intake.init_app(app)
    db.init_app(app)
    Migrate(app, db.db, directory=str(MIGRATIONS))
    CSRFProtect(app)
    Bootstrap5(app)
    Babel(app, locale_selector=chosen_locale)
    for part in (login, errors, headers, display, store, summary, working_days):
        part.init_app(app)
    join_features(app)
    counting.init_app(app)
    telemetry.init_app(app)
    return app


def add_years(path: Path) -> None:
    """Take in further years of holidays; a file that is no table of them stops the start."""
    try:
        clock.add_years(path)
    except (ValueError, LookupError, TypeError, AttributeError, OSError) as error:
        raise BadSetting(f"{path} is no table of holidays: {error}") from error


def join_features(app: Flask) -> None:
    """Register every feature's pages, and let the upper ones listen to the lower ones."""
    for feature in FEATURES:
        app.register_blueprint(import_module(f"app.{feature}.views").bp)
    from app import (
        alerts,
        amendments,
        api,
        appeals,
        archiving,
        assessments,
        attachments,
        clarifications,
        comparisons,
        conflicts,
        consultations,
        custody,
        documents,
        exchange,
        expert_reviews,
        experts,
        fieldwork,
        frameworks,
        guidance,
        identity,
        indicators,
        notifications,
        onboarding,
        oversight,
        packs,
        papers,
        payments,
        procurement,
        rankings,
        reading,
        rectifications,
        requests,
        reviews,
        similarity,
        spills,
        timestamps,
        training,
        upkeep,
    )
    from app.pages import evidence, navigation, watching

    navigation.init_app(app)
    watching.init_app(app)
    handovers.join()
    for joined in (
        conflicts,
        papers,
        reading,
        similarity,
        indicators,
        attachments,
        requests,
        fieldwork,
        consultations,
        expert_reviews,
        rectifications,
        amendments,
        guidance,
        reviews,
        appeals,
        archiving,
        custody,
        spills,
        timestamps,
        notifications,
        assessments,
        payments,
        documents,
        rankings,
        procurement,
        experts,
        comparisons,
        frameworks,
        clarifications,
        packs,
        evidence,
        training,
        upkeep,
        exchange,
        oversight,
        identity,
        onboarding,
        alerts,
        api,
    ):
        joined.join()


def chosen_locale() -> str | None:
    """The person's own language, else the one chosen in this session, else the default."""
    if not has_request_context():
        return None  # a command or a job speaks the default language
    if (tongue := login.tongue_of(request.path)) is not None:
        return tongue()  # another system is known by no session
    if current_user and current_user.is_authenticated and current_user.locale:
        return str(current_user.locale)
    return session.get("locale")
