"""One number a request: in the reply, on the error page, in every line that the portal writes."""

import json
import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}")
access = logging.getLogger("xingping.access")
FILES = frozenset({"static", "bootstrap.static"})


def request_id() -> str:
    """The number of the request in hand; empty outside of one."""
    return str(g.get("request_id", "")) if has_request_context() else ""


class Lines(logging.Formatter):
    """A record as one line of JSON, for what collects the lines of many machines.

    Who and what stand there by number and by endpoint: an address may hold a person's words.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def init_app(app: Flask) -> None:
    """Number every request; with LOG_FORMAT=json also write a line for each."""
    if app.config.get("LOG_FORMAT") == "json":
        write_lines()

    @app.before_request
    def number() -> None:
        told = request.headers.get("X-Request-Id", "")
        trusted = app.config.get("TRUSTED_PROXIES") and GIVEN.fullmatch(told)
        g.request_id = told if trusted else secrets.token_hex(8)
        g.request_began = time.perf_counter()

    @app.after_request
    def tell(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        if request.endpoint not in FILES:
            access.info("%s %s", request.method, request.endpoint, extra={"facts": facts(response)})
        return response

    @app.context_processor
    def reference() -> dict[str, str]:
        return {"reference": request_id()}


def facts(response: Response) -> dict[str, object]:
    """What is told of a request that was answered."""
    took = time.perf_counter() - g.get("request_began", time.perf_counter())
    return {
        "method": request.method,
        "endpoint": request.endpoint,
        "status": response.status_code,
        "milliseconds": round(took * 1000, 1),
    }


def write_lines() -> None:
    """Let the whole process write JSON lines on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
