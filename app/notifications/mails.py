"""The line to the mail server."""

import smtplib
import ssl
from email.message import EmailMessage
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app

from app.notifications.lines import Away, Parcel, Refused, Unsure
from app.notifications.wording import letter

SECONDS = 15  # for each word of the conversation
PORTS = {"smtp": 25, "smtps": 465}


def line_for(parcel: Parcel) -> "MailLine":
    """A line for this parcel; the letter is written before anybody is called."""
    return MailLine(str(current_app.config["SMTP_URL"]), letter(parcel))


class MailLine:
    """A conversation with the mail server of the settings, up to the letter itself."""

    def __init__(self, url: str, mail: EmailMessage) -> None:
        self.url, self.mail = urlsplit(url), mail
        self.server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        if not self.url.hostname:
            raise Away("no mail server is set (SMTP_URL)")
        try:
            self.server = self._called()
        except (OSError, smtplib.SMTPException) as error:
            raise Away(f"{type(error).__name__}: {error}") from error
        return self

    def _called(self) -> smtplib.SMTP:
        host, scheme = str(self.url.hostname), self.url.scheme
        port = self.url.port or PORTS[scheme]
        secure = ssl.create_default_context()
        if scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=secure)
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS)
        try:
            if "starttls" in parse_qs(self.url.query):
                server.starttls(context=secure)
            if self.url.username:
                server.login(unquote(self.url.username), unquote(self.url.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def hand_over(self) -> None:
        """Give the letter; a refusal with a number is known, a silence is not."""
        if self.server is None:
            raise Away("nobody was called")
        try:
            self.server.send_message(self.mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise Refused(_told(code, said), for_good=code >= 500) from error
        except smtplib.SMTPResponseException as error:
            if error.smtp_code < 0:
                raise Unsure("the mail server hung up") from error
            words = _told(error.smtp_code, error.smtp_error)
            raise Refused(words, for_good=error.smtp_code >= 500) from error
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            raise Unsure(f"{type(error).__name__}: {error}") from error

    def __exit__(self, *_error: object) -> None:
        if self.server is not None:
            try:
                self.server.quit()
            except (OSError, smtplib.SMTPException):
                self.server.close()


def _told(code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return f"{code} {said}"[:300]
