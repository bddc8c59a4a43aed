"""How kinds, formats and ways out are called on pages; never the facts of any one message."""

from flask_babel import lazy_gettext as _

from app.audit.wording import show_fact
from app.errors import Words
from app.notifications.kinds import Kind
from app.notifications.labels import BY_LABEL, SENTENCES
from app.notifications.models import Format

FORMATS: dict[Format, Words] = {
    Format.WECOM: _("WeCom group robot"),
    Format.DINGTALK: _("DingTalk group robot"),
    Format.GENERIC: _("Generic, signed JSON"),
}
PACES: dict[str, Words] = {
    "at_once": _("At once"),
    "digest": _("Once each working day, at 8:30"),
}
NO_MAIL = _("no mail")


def kind_words(kind: Kind) -> str:
    """What a kind of message is about, without the facts of any one."""
    return str(SENTENCES[kind]) % dict.fromkeys(kind.facts, "…")


def label_words(label: str) -> str:
    """The same by the name that rows keep; one of another release by that name."""
    return kind_words(BY_LABEL[label]) if label in BY_LABEL else label


def route_words(route: str) -> Words:
    """How a row of the outbox leaves."""
    return _("E-mail") if route == "mail" else _("Webhook")


def tell_the_log() -> None:
    """How the log's sentences write what this room keeps."""
    show_fact("pace", lambda pace: str(PACES.get(pace, NO_MAIL)))
    show_fact("route", lambda route: str(route_words(route)))
    show_fact("target_format", lambda form: str(FORMATS[Format(form)]))
