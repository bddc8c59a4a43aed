"""Messages in words outside the pages: mails in the reader's language, lines for robots."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from flask import current_app
from flask_babel import force_locale, gettext

from app.notifications.labels import sentence
from app.notifications.lines import Item, Parcel

LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class Sentence:
    """One item in words, and where it leads."""

    words: str
    url: str
    item: Item


def sentences(parcel: Parcel) -> list[Sentence]:
    """The items in the language that is set."""
    return [
        Sentence(sentence(item.kind, item.facts), address_of(item.link), item)
        for item in parcel.items
    ]


def address_of(link: str) -> str:
    """The whole address of a page of ours, where the portal knows its own; else nothing."""
    base = str(current_app.config["PORTAL_URL"]).rstrip("/")
    return f"{base}{link}" if base else ""


def letter(parcel: Parcel) -> EmailMessage:
    """The mail: plain text and HTML, in the reader's language; its id is that of its key."""
    sender = str(current_app.config["MAIL_FROM"])
    with force_locale(parcel.locale or str(current_app.config["BABEL_DEFAULT_LOCALE"])):
        told = sentences(parcel)
        if len(told) == 1:
            subject = told[0].words
        else:
            subject = gettext("Messages from Xingping: %(n)s", n=len(told))
        mail = EmailMessage()
        mail["Subject"] = " ".join(subject.split())[:LONGEST_SUBJECT]
        mail["From"] = Address(gettext("Xingping"), addr_spec=sender)
        mail["To"] = Address(addr_spec=parcel.address)
        mail["Date"] = format_datetime(parcel.items[-1].made_at)
        mail["Message-ID"] = f"<{parcel.key.replace(':', '.')}@{sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        words = {"told": told, "bureau": current_app.config["BUREAU_NAME"]}
        words["choices_url"] = address_of("/messages/choices")
        mail.set_content(_rendered("mail/message.txt", words))
        mail.add_alternative(_rendered("mail/message.html", words), subtype="html")
    return mail


def line_of(parcel: Parcel) -> str:
    """What a robot says in its group: in the portal's default language, without names."""
    with force_locale(str(current_app.config["BABEL_DEFAULT_LOCALE"])):
        told = sentences(parcel)[0]
        mark = gettext("[Xingping] %(words)s", words=" ".join(told.words.split()))
    return f"{mark}\n{told.url}" if told.url else mark


def _rendered(name: str, words: dict[str, object]) -> str:
    """Without the frame of a page: nobody is signed in where mails are made."""
    return current_app.jinja_env.get_template(name).render(**words)
