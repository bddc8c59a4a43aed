"""OpenTelemetry for those who collect traces: a span a request, and one for each SQL statement.

Off without TRACES_URL, and then nothing of it is imported. What a person typed never leaves: a
span carries the endpoint, the status, the request's number and a statement without its values.
"""

import logging
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy import event

from app.db import db
from app.tracing import FILES, request_id

log = logging.getLogger(__name__)
LONGEST = 2000  # characters of a statement


def init_app(app: Flask) -> None:
    """Send traces where the setting says; a missing extra is told in one line."""
    url = str(app.config.get("TRACES_URL") or "")
    if not url:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning("TRACES_URL is set, but the extra 'telemetry' isn't installed: no traces")
        return
    trace(app, lambda: BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=5)))


def trace(app: Flask, processor: Callable[[], Any]) -> None:
    """Make spans of requests and statements; `processor` is what takes them.

    It is made at the first request: its thread would not live through the fork of a worker.
    """
    kept: dict[str, Any] = {}

    def tracer() -> Any:
        if not kept:
            kept["tracer"] = _tracer(processor())
        return kept["tracer"]

    @app.before_request
    def begin() -> None:
        if request.endpoint not in FILES:
            g.span = tracer().start_span(f"{request.method} {request.endpoint}")

    @app.after_request
    def end(response: Response) -> Response:
        span = g.pop("span", None)
        if span is not None:
            span.set_attribute("http.request.method", request.method)
            span.set_attribute("http.route", str(request.url_rule or ""))
            span.set_attribute("http.response.status_code", response.status_code)
            span.set_attribute("xingping.request_id", request_id())
            span.end()
        return response

    with app.app_context():
        _trace_statements(db.engine, tracer)


def _tracer(processor: Any) -> Any:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    try:
        release = version("xingping")
    except PackageNotFoundError:
        release = "checkout"
    named = {"service.name": "xingping", "service.version": release}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(processor)
    return provider.get_tracer("xingping")


def _trace_statements(engine: Any, tracer: Callable[[], Any]) -> None:
    """One span a statement, below its request's; nothing outside of a request."""
    from flask import has_request_context
    from opentelemetry.trace import set_span_in_context

    def before(_connection: Any, _cursor: Any, statement: str, *more: Any) -> None:
        context = more[1]
        parent = g.get("span") if has_request_context() else None
        if parent is not None and context is not None:
            span = tracer().start_span("SQL", context=set_span_in_context(parent))
            span.set_attribute("db.query.text", statement[:LONGEST])
            context.xingping_span = span

    def after(_connection: Any, _cursor: Any, _statement: str, *more: Any) -> None:
        span = getattr(more[1], "xingping_span", None)
        if span is not None:
            span.end()

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
