"""How amounts, times, sizes and digests are written for a person, in their language."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

from flask import Flask
from flask_babel import get_locale, gettext

from app import charts
from app.clock import SHANGHAI
from app.long_lists import is_long, long_list, options
from app.policy import Permission, can
from app.web import here

NOTHING = "—"


def is_chinese() -> bool:
    """Chinese is the default language: anything but an explicit other choice is Chinese."""
    locale = get_locale()
    return locale is None or locale.language == "zh"


def html_lang() -> str:
    """The value of <html lang>: zh-CN or en."""
    return "zh-CN" if is_chinese() else "en"


def _amount(value: Decimal, places: str) -> str:
    return f"{value.quantize(Decimal(places), ROUND_HALF_UP):,}"


def yuan(fen: int | None) -> str:
    """Fen as yuan with both decimals: 1,234.50 元, in English CNY 1,234.50."""
    if fen is None:
        return NOTHING
    return gettext("CNY %(amount)s", amount=_amount(Decimal(fen) / 100, "0.01"))


def wan(fen: int | None) -> str:
    """Fen as 万元 with two decimals; English has no such unit and gets whole yuan: ¥123,500."""
    if fen is None:
        return NOTHING
    if is_chinese():
        return _amount(Decimal(fen) / 1_000_000, "0.01") + " 万元"
    return "¥" + _amount(Decimal(fen) / 100, "1")


def bytes_size(count: int | None) -> str:
    """A file's size in the largest unit that keeps it at one or more: 1.8 MB."""
    if count is None:
        return NOTHING
    size, unit = float(count), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{count} B" if unit == "B" else f"{size:.1f} {unit}"


def in_shanghai(moment: datetime) -> datetime:
    """A stored moment (UTC, with or without its zone) on the clock of Beijing."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(SHANGHAI)


def local_time(moment: datetime | None) -> str:
    """A stored moment as people here read it, to the minute: 2026-11-16 14:20."""
    return NOTHING if moment is None else f"{in_shanghai(moment):%Y-%m-%d %H:%M}"


def local_date(day: date | datetime | None) -> str:
    """A day as it stands, or the day here of a stored moment: 2026-11-16."""
    if day is None:
        return NOTHING
    return (in_shanghai(day) if isinstance(day, datetime) else day).strftime("%Y-%m-%d")


def moment_told(fact: object) -> str:
    """A fact of the log as people here read it: a moment to the minute, anything else as it is."""
    try:
        moment = datetime.fromisoformat(str(fact))
    except ValueError:
        return str(fact)
    return str(fact) if moment.tzinfo is None else local_time(moment)


def iso_time(moment: datetime) -> str:
    """The machine's form of a moment, for <time datetime>."""
    return in_shanghai(moment).isoformat(timespec="seconds")


def short_digest(digest: str | None) -> str:
    """The first eight and last four characters of a digest; the full one stands beside it."""
    if not digest:
        return NOTHING
    return digest if len(digest) <= 14 else f"{digest[:8]}…{digest[-4:]}"


def percent(share: float | Decimal | None, digits: int = 0) -> str:
    """A share of one as a percentage: 0.893 is 89%."""
    return NOTHING if share is None else f"{share * 100:.{digits}f}%"


def bracketed(what: object, more: object) -> str:
    """A thing and what tells it from others, in the brackets of the reader's language."""
    return gettext("%(what)s (%(more)s)", what=what, more=more)


def stars_text(value: float | Decimal | None) -> str:
    """A number of stars in words: 4.46 星; whole numbers carry no decimals."""
    if value is None:
        return NOTHING
    number = f"{value:.2f}".rstrip("0").rstrip(".")
    return gettext("%(number)s stars", number=number)


FILTERS = (
    yuan,
    wan,
    bytes_size,
    local_time,
    local_date,
    iso_time,
    short_digest,
    percent,
    stars_text,
)


def init_app(app: Flask) -> None:
    """Give every template these filters, the charts, and the two words about this page."""
    for written in FILTERS:
        app.add_template_filter(written)
    app.jinja_env.globals.update(here=here, html_lang=html_lang, charts=charts)
    app.jinja_env.globals.update(can=can, Permission=Permission)
    app.jinja_env.globals.update(is_long=is_long, long_list=long_list, options=options)
