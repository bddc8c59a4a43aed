"""Every refusal of somebody who has signed in becomes an event of its own, after the fact."""

import logging

from flask import request
from flask_login import current_user
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from app import audit, errors
from app.audit import Event
from app.db import Base, transaction
from app.errors import PortalError

log = logging.getLogger(__name__)


def join() -> None:
    """Listen to the handler of errors; joining twice changes nothing."""
    if record_refusal not in errors.on_refused:
        errors.on_refused.append(record_refusal)


def record_refusal(error: PortalError) -> None:
    """Record who asked for what, in a transaction of its own: that of the action is rolled back.

    A log that can't be written at the moment doesn't turn a refusal into a failure.
    """
    if not current_user.is_authenticated:
        return
    person, endpoint = current_user._get_current_object(), request.endpoint or ""
    subject = asked_for(error.about) or f"user_account:{person.id}"
    try:
        with transaction():
            facts = {"endpoint": endpoint, "permission": str(error.asked)}
            audit.record(person, Event.ACCESS_REFUSED, subject, **facts)
    except SQLAlchemyError:
        log.exception("a refusal could not be recorded: %s, %s", subject, endpoint)


def asked_for(about: object) -> str:
    """The name of the record that was asked for, where there is one that is kept."""
    if not isinstance(about, Base) or inspect(about).identity is None:
        return ""
    return audit.name_of(about)
