"""Settings, read once from the environment. A missing required setting stops the start."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent
MIB = 1024 * 1024
SHORTEST_SECRET = 32
YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})
ISSUER = re.compile(r"https://[^/?#]|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/|$)")


class BadSetting(ValueError):
    """A setting that cannot be used; the message names it and says what would do."""


class MissingSetting(BadSetting):
    """A required setting that the environment does not hold."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table; required where the default is None.

    `embedded` says in words what stands in for it when XINGPING_EMBEDDED=1.
    """

    name: str
    read: Callable[[str, str], object]
    default: str | None
    meaning: str
    embedded: str = ""


def text(_name: str, raw: str) -> str:
    """Take the words as they are."""
    return raw


def switch(name: str, raw: str) -> bool:
    """Read 1 or 0 (also true/false, yes/no, on/off)."""
    if raw.lower() in YES | NO:
        return raw.lower() in YES
    raise BadSetting(f"{name} must be 1 or 0, not {raw!r}")


def maybe(name: str, raw: str) -> bool | None:
    """Read a switch that may be left to the portal."""
    return switch(name, raw) if raw else None


def whole(low: int, high: int) -> Callable[[str, str], int]:
    """Read a whole number from low to high, both allowed."""

    def read(name: str, raw: str) -> int:
        if raw.isascii() and raw.isdigit() and low <= int(raw) <= high:
            return int(raw)
        raise BadSetting(f"{name} must be a whole number from {low} to {high}, not {raw!r}")

    return read


def decimal(low: float, high: float) -> Callable[[str, str], float]:
    """Read a number from low to high, both allowed; nan and inf are refused."""

    def read(name: str, raw: str) -> float:
        with suppress(ValueError):
            if low <= float(raw) <= high:
                return float(raw)
        raise BadSetting(f"{name} must be a number from {low:g} to {high:g}, not {raw!r}")

    return read


def days(name: str, raw: str) -> tuple[int, ...]:
    """Read whole numbers of days between commas; nothing means none."""
    parts = [part.strip() for part in raw.split(",") if part.strip()]
    if all(part.isascii() and part.isdigit() and 0 < int(part) <= 250 for part in parts):
        return tuple(int(part) for part in parts)
    raise BadSetting(f"{name} must be whole numbers from 1 to 250 between commas, not {raw!r}")


def folder(_name: str, raw: str) -> Path:
    """Read the path of a folder; a relative one is taken from where the portal starts."""
    return Path(raw).expanduser().absolute()


def secret(name: str, raw: str) -> str:
    """Take a secret that is long enough, or none; never repeat it in a message."""
    if raw and len(raw) < SHORTEST_SECRET:
        raise BadSetting(f"{name} must have at least {SHORTEST_SECRET} characters")
    return raw


def database(name: str, raw: str) -> str:
    """Name the driver: a bare PostgreSQL address means psycopg 3."""
    scheme, mark, rest = raw.partition("://")
    if not mark or scheme.partition("+")[0] not in {"sqlite", "postgresql", "postgres"}:
        raise BadSetting(f"{name} must start with sqlite:/// or postgresql://")
    return f"postgresql+psycopg://{rest}" if scheme in {"postgresql", "postgres"} else raw


def address(name: str, raw: str) -> str:
    """Take an address with a scheme; it may hold a password, so it is never repeated."""
    if "://" not in raw:
        raise BadSetting(f"{name} must be an address such as file:///folder or s3://…")
    return raw


def mail_server(name: str, raw: str) -> str:
    """Take the address of a mail server; it may hold a password, so it is never repeated."""
    if raw and not raw.startswith(("smtp://", "smtps://")):
        raise BadSetting(f"{name} must be an address such as smtp://host:25 or smtps://host")
    return raw


def issuer(name: str, raw: str) -> str:
    """Take the address of a single sign-on: https, or http to this very machine."""
    if raw and not ISSUER.match(raw):
        raise BadSetting(f"{name} must begin with https://, not {raw!r}")
    return raw.rstrip("/")


def origin(name: str, raw: str) -> str:
    """Take a name that a signed checkpoint can carry: no blanks and no plus sign."""
    if any(mark.isspace() or mark == "+" for mark in raw):
        raise BadSetting(f"{name} must hold no blanks and no plus sign, not {raw!r}")
    return raw


SETTINGS: tuple[Setting, ...] = (
    Setting("XINGPING_VAR", folder, str(ROOT / "var"), "folder of all that the portal writes"),
    Setting("XINGPING_EMBEDDED", switch, "0", "1: own key, SQLite and local store under the var"),
    Setting("XINGPING_HTTPS", switch, "0", "1: reached by https, so cookies are marked Secure"),
    Setting("SECRET_KEY", secret, None, "signs sessions and forms", "made once, keys/secret_key"),
    Setting("SECRET_KEY_OLD", secret, "", "the former one, still understood while it is changed"),
    Setting("DATABASE_URL", database, None, "SQLite or PostgreSQL", "xingping.db in the var"),
    Setting("STORAGE_URL", address, None, "where files are kept", "folder store in the var"),
    Setting("STORAGE_LOCK", switch, "0", "1: an S3 bucket with Object Lock, proven each night"),
    Setting("STORAGE_ENCRYPT", maybe, "", "1: each file under a key of its own; empty: if locked"),
    Setting("STORAGE_KEY_FILE", text, "", "wraps the files' keys; empty: keys/master_key in var"),
    Setting("NEAR_COPY_BYTES", whole(0, 1 << 50), str(2048 * MIB), "S3: room here for new files"),
    Setting("STORE_READ_NIGHTLY", switch, "0", "1: every file is read each night, not a sample"),
    Setting("BACKUP_KEEP_DAYS", whole(0, 36500), "90", "after so long no backup has an old state"),
    Setting("MAX_UPLOAD_BYTES", whole(1, 1 << 40), str(200 * MIB), "largest file"),
    Setting("MAX_FORM_UPLOAD_BYTES", whole(1, 1 << 40), str(32 * MIB), "the same, no JavaScript"),
    Setting("MAX_RESUMABLE_BYTES", whole(1, 1 << 40), str(2048 * MIB), "the same, sent in parts"),
    Setting("ENGAGEMENT_QUOTA_BYTES", whole(1, 1 << 50), str(20480 * MIB), "files of a job, all"),
    Setting("SILENT_SECONDS", whole(1, 3600), "60", "a connection that stalls so long is cut"),
    Setting("UPLOAD_EXPIRES_HOURS", whole(1, 720), "48", "an upload in parts may pause so long"),
    Setting("CLAMD_SOCKET", text, "", "virus scanner: its socket or host:port; empty: no scan"),
    Setting("SOFFICE_FILE", text, "", "LibreOffice for previews; empty: soffice on the path"),
    Setting("OFD_CONVERTER", text, "", "program that takes an OFD and a PDF to write; empty: none"),
    Setting("PREVIEW_MAX_BYTES", whole(1, 1 << 40), str(64 * MIB), "largest file shown in a page"),
    Setting("PREVIEW_CACHE_BYTES", whole(1, 1 << 50), str(2048 * MIB), "room for conversions"),
    Setting("SIMILARITY_ALARM_PERCENT", whole(5, 100), "30", "likeness of texts that is an alarm"),
    Setting("SIMILARITY_COMMON_PERCENT", whole(1, 100), "10", "of engagements: words they share"),
    Setting("SESSION_IDLE_MINUTES", whole(1, 1440), "30", "sign-in ends after so long unused"),
    Setting("SESSION_MAX_HOURS", whole(1, 168), "12", "sign-in ends after so long in any case"),
    Setting("LOCKOUT_FAILURES", whole(1, 100), "5", "wrong passwords before the account locks"),
    Setting("LOCKOUT_MINUTES", whole(1, 10080), "15", "how long the account stays locked"),
    Setting("ACTIVATION_DAYS", whole(1, 90), "14", "days that a printed activation slip is good"),
    Setting("PASSWORD_MIN_LENGTH", whole(8, 128), "10", "characters in a new password"),
    Setting("PASSWORD_MAX_AGE_DAYS", whole(0, 3650), "90", "days until a change is asked; 0: off"),
    Setting("PASSWORD_KINDS", whole(1, 4), "3", "kinds of character in a new password, of four"),
    Setting("PASSWORD_HISTORY", whole(0, 24), "5", "so many former passwords may not come again"),
    Setting("SIGN_IN_ADDRESS_FAILURES", whole(1, 100000), "60", "an address's, in 15 minutes"),
    Setting("PROOF_MINUTES", whole(1, 1440), "30", "a dangerous step asks the password after it"),
    Setting("TOTP_ROLES", text, "", "roles that need a second factor, between commas; all: all"),
    Setting("OIDC_ISSUER", issuer, "", "single sign-on (OpenID Connect): its issuer; empty: none"),
    Setting("OIDC_CLIENT_ID", text, "", "by which name the single sign-on knows this portal"),
    Setting("OIDC_CLIENT_SECRET_FILE", text, "", "file with the portal's secret there"),
    Setting("OIDC_NAME", text, "", "what the single sign-on is called on the sign-in page"),
    Setting("API", switch, "1", "0: other systems get no answer under /api/"),
    Setting("API_TOKEN_DAYS", whole(1, 3650), "365", "longest life of a token for the API"),
    Setting(
        "PUBLIC_REQUESTS_A_MINUTE",
        whole(0, 100000),
        "600",
        "of public pages, by one visitor, in each process; 0: any number",
    ),  # fmt: skip
    Setting("API_REQUESTS_A_MINUTE", whole(1, 100000), "600", "with one token for the API"),
    Setting("ARGON2_TIME_COST", whole(1, 100), "3", "argon2: passes over the memory"),
    Setting("ARGON2_MEMORY_KIB", whole(8, 4 * MIB), "65536", "argon2: memory in KiB"),
    Setting("ARGON2_PARALLELISM", whole(1, 64), "4", "argon2: lanes; memory is ≥ 8 KiB for each"),
    Setting("BUREAU_NAME", text, "演示区财政局", "the bureau's name on pages and prints"),
    Setting("AUDIT_KEY_FILE", text, "", "key that signs the log; empty: keys/audit_key in the var"),
    Setting("PERSONAL_KEY_FILE", text, "", "keys of personal data; empty: keys/personal_keys"),
    Setting("PERSONAL_DATA_DAYS", whole(1, 36500), "365", "kept so long after an account ended"),
    Setting("AUDIT_ORIGIN", origin, "xingping.example/demo", "name of the log in its checkpoints"),
    Setting("SEAL_EVERY_SECONDS", decimal(0.05, 3600), "0.5", "pause between seals of the log"),
    Setting("TRUSTED_PROXIES", whole(0, 10), "0", "proxies before the portal whose word counts"),
    Setting("TSA_URL", text, "", "time-stamping authority (RFC 3161), http(s)://…; empty: none"),
    Setting("TSA_ROOTS_FILE", text, "", "PEM: root certificates of that authority, needed with it"),
    Setting("PDF_CERTIFICATE_FILE", text, "", "PKCS #12 that signs published PDFs; empty: none"),
    Setting("PDF_CERTIFICATE_PASSWORD_FILE", text, "", "file with the password of it"),
    Setting("ESEAL_URL", text, "", "service that seals official documents, https://…; empty: none"),
    Setting("ESEAL_TOKEN_FILE", text, "", "file with the token that the seal service asks for"),
    Setting("ESEAL_SECONDS", whole(1, 300), "30", "the seal service answers in so many seconds"),
    Setting("ESEAL_OWN_HOSTS", text, "", "seal service's host where it is in our own network"),
    Setting("PDF_FONT_FILE", text, "", "Chinese font for PDF; empty: the first one found"),
    Setting("REVIEW_WINDOW_WORKING_DAYS", whole(1, 250), "15", "days in which buyers may rate"),
    Setting("REVIEW_RETURN_WORKING_DAYS", whole(1, 250), "5", "days for a returned review"),
    Setting("REVIEW_LINK_DAYS", whole(1, 366), "30", "a one-time key to a review lasts so long"),
    Setting("APPEAL_WINDOW_WORKING_DAYS", whole(1, 250), "7", "days to appeal against a rating"),
    Setting("APPEAL_DECISION_WORKING_DAYS", whole(1, 250), "10", "days to decide an appeal"),
    Setting("TRAINING_HOURS_AGENCY", whole(0, 500), "24", "hours a year suggested to evaluators"),
    Setting("TRAINING_HOURS_UNIT", whole(0, 500), "12", "hours a year suggested to units"),
    Setting("UNIT_RATING_DAYS", whole(1, 730), "180", "days in which agencies may rate a unit"),
    Setting("REVIEW_REMINDERS_WORKING_DAYS", days, "5,1", "reminders so long before the last day"),
    Setting("RANKING_PRIOR_WEIGHT", decimal(0, 1000), "3", "k: jobs' worth of the overall mean"),
    Setting("RANKING_MIN_ENGAGEMENTS", whole(1, 1000), "3", "rated jobs needed for a place"),
    Setting("RANKING_BESIDE_DAYS", whole(0, 3650), "365", "days an old method is shown beside"),
    Setting("RANKING_MIN_RELIABILITY", decimal(0, 1), "0.6", "reliability needed for a place"),
    Setting("GRADE_EXCELLENT", whole(1, 100), "90", "points of a project from which it is 优"),
    Setting("GRADE_GOOD", whole(1, 100), "80", "the same for 良"),
    Setting("GRADE_FAIR", whole(1, 100), "60", "the same for 中; below it is 差"),
    Setting("TRACES_URL", text, "", "OpenTelemetry: http(s)://…/v1/traces; empty: none are made"),
    Setting("LOG_FORMAT", text, "text", "json: a line for each request and event, on stderr"),
    Setting("METRICS_TOKEN", text, "", "bearer token for /metrics; empty: there is no such page"),
    Setting("LIVE_FRAGMENTS", whole(0, 2000), "300", "live fragments a process keeps; 0: none"),
    Setting("TODO_COUNT_SECONDS", whole(0, 3600), "15", "age of the number in the mast; 0: none"),
    Setting(
        "LOW_SHARE", decimal(0, 1), "0.6", "share of the estimate; below it a bid is asked about"
    ),
    Setting("PORTAL_URL", text, "", "the portal's address in mails, https://…; empty: no links"),
    Setting("OPEN_DATA_LICENCE", text, "CC-BY-4.0", "licence of published data, by its short name"),
    Setting("OPEN_DATA_LICENCE_URL", text, "", "the licence's text, https://…; empty: not named"),
    Setting("OCID_PREFIX", text, "ocds-xxxxxx", "registered prefix of open contracting data"),
    Setting("SMTP_URL", mail_server, "", "mail server: smtp://user:password@host:25?starttls=1"),
    Setting("MAIL_FROM", text, "xingping@localhost", "the sender's address of mails"),
    Setting("WEBHOOK_OWN_HOSTS", text, "", "hosts of our own network that webhooks may reach"),
    Setting("JOBS", switch, "1", "1: background work runs in threads of the server"),
    Setting("QUEUE_URL", text, "", "queue: redis://…; empty: beside the database"),
    Setting("WORKER_THREADS", whole(1, 32), "2", "pieces of queued work at a time, in the server"),
)

# The keys that are files, and their names in the var's own folder where a setting is empty.
KEYS = {"AUDIT_KEY_FILE": "audit_key", "STORAGE_KEY_FILE": "master_key"}
KEYS |= {"PERSONAL_KEY_FILE": "personal_keys"}

FIXED: Mapping[str, object] = {
    "SESSION_COOKIE_NAME": "xingping",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_REFRESH_EACH_REQUEST": False,  # a late reply must not bring an older session back
    "WTF_CSRF_TIME_LIMIT": None,  # a long report is typed in longer than an hour
    "MAX_FORM_MEMORY_SIZE": 2 * MIB,
    "MAX_FORM_PARTS": 5000,
    "BABEL_DEFAULT_LOCALE": "zh_Hans_CN",
    "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
    "LANGUAGES": ("zh_Hans_CN", "en"),
    "BOOTSTRAP_SERVE_LOCAL": True,
}


def load_config(env: Mapping[str, str]) -> dict[str, object]:
    """Return Flask settings, or raise BadSetting naming the first that is missing or wrong.

    An empty value counts as not given. With XINGPING_EMBEDDED=1 the var folder and the secret
    key are made on first use and nothing is required; otherwise nothing is written.
    """
    embedded = switch("XINGPING_EMBEDDED", env.get("XINGPING_EMBEDDED") or "0")
    var = folder("XINGPING_VAR", env.get("XINGPING_VAR") or str(ROOT / "var"))
    try:
        stand_ins = _embedded(var, env) if embedded else {}
    except OSError as error:
        raise BadSetting(f"XINGPING_VAR can't be used: {error}") from error
    values = {setting.name: _value(setting, env, stand_ins) for setting in SETTINGS}
    numbers = {name: value for name, value in values.items() if isinstance(value, int)}
    _agree(numbers)
    return {**FIXED, **values, **_derived(values, numbers, var)}


def _value(setting: Setting, env: Mapping[str, str], stand_ins: Mapping[str, str]) -> object:
    raw = env.get(setting.name) or stand_ins.get(setting.name) or setting.default
    if raw is None:
        raise MissingSetting(f"{setting.name} is not set: {setting.meaning}")
    return setting.read(setting.name, raw)


def _embedded(var: Path, env: Mapping[str, str]) -> dict[str, str]:
    var.mkdir(parents=True, exist_ok=True)
    made = {"DATABASE_URL": f"sqlite:///{var}/xingping.db", "STORAGE_URL": f"file://{var}/store"}
    if not env.get("SECRET_KEY"):
        made["SECRET_KEY"] = _kept_secret(var / "keys" / "secret_key")
    return made


def _kept_secret(path: Path) -> str:
    """Read the key, or make it once: of several workers that start together, one wins."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="ascii").strip()


def _agree(number: Mapping[str, int]) -> None:
    """Refuse settings that are each fine and cannot hold together."""
    if number["MAX_FORM_UPLOAD_BYTES"] > number["MAX_UPLOAD_BYTES"]:
        raise BadSetting("MAX_FORM_UPLOAD_BYTES must not be over MAX_UPLOAD_BYTES")
    if number["SESSION_IDLE_MINUTES"] > number["SESSION_MAX_HOURS"] * 60:
        raise BadSetting("SESSION_IDLE_MINUTES must not be longer than SESSION_MAX_HOURS")
    if number["ARGON2_MEMORY_KIB"] < number["ARGON2_PARALLELISM"] * 8:
        raise BadSetting("ARGON2_MEMORY_KIB must be at least 8 for each of ARGON2_PARALLELISM")
    if not number["GRADE_EXCELLENT"] > number["GRADE_GOOD"] > number["GRADE_FAIR"]:
        raise BadSetting("GRADE_EXCELLENT must be over GRADE_GOOD, and that over GRADE_FAIR")


def _derived(
    values: Mapping[str, object], number: Mapping[str, int], var: Path
) -> dict[str, object]:
    """Say in Flask's names what follows; a raw upload raises MAX_CONTENT_LENGTH for itself."""
    return {
        "SQLALCHEMY_DATABASE_URI": values["DATABASE_URL"],
        "SESSION_COOKIE_SECURE": values["XINGPING_HTTPS"],
        "PREFERRED_URL_SCHEME": "https" if values["XINGPING_HTTPS"] else "http",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=number["SESSION_MAX_HOURS"]),
        "MAX_CONTENT_LENGTH": number["MAX_FORM_UPLOAD_BYTES"] + MIB,
        **{name: Path(str(values[name]) or var / "keys" / own) for name, own in KEYS.items()},
        "PDF_FONT_FILE": Path(str(values["PDF_FONT_FILE"])) if values["PDF_FONT_FILE"] else None,
    }
