"""How far long work is: told beside the queue, so that all see it before the work commits.

It may be lost with the queue; nothing but a page's bar hangs on it.
"""

import logging

from flask import Flask, current_app

from app.queueing.queue import open_queue

log = logging.getLogger(__name__)


def tell(work: str, number: int, **counts: int) -> None:
    """Say how far a piece of work is; a queue that is away doesn't hold the work up."""
    try:
        open_queue(_app()).put(_key(work, number), counts)
    except Exception:
        log.exception("the queue is away: nobody sees how far %s %s is", work, number)


def told(work: str, number: int) -> dict[str, int]:
    """What was said last; nothing where the work has not begun, or the queue is away."""
    try:
        found = open_queue(_app()).get(_key(work, number), peek=True)
    except Exception:
        log.exception("the queue is away: nobody knows how far %s %s is", work, number)
        return {}
    return dict(found or {})


def forget(work: str, number: int) -> None:
    """The work is over."""
    try:
        open_queue(_app()).delete(_key(work, number))
    except Exception:
        log.exception("the queue is away: it keeps how far %s %s was", work, number)


def _key(work: str, number: int) -> str:
    return f"progress {work} {number}"


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # werkzeug's proxy
    return app
