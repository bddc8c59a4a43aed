"""Traces for a collector, where one is set: what a request did, and nothing that anybody typed."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from app import telemetry
from tests.conftest import begin
from tests.factories import UserFactory


def test_a_request_and_its_statements_are_spans(make_district):
    app, kept = make_district(), InMemorySpanExporter()
    telemetry.trace(app, lambda: SimpleSpanProcessor(kept))
    with app.app_context():
        client = begin(app.test_client(), UserFactory())
        kept.clear()
        reply = client.get("/engagements?q=演示机密")
    (request,) = [span for span in kept.get_finished_spans() if span.name != "SQL"]
    statements = [span for span in kept.get_finished_spans() if span.name == "SQL"]
    assert request.name == "GET engagements.index"
    told = dict(request.attributes)
    assert told["http.response.status_code"] == 200
    assert told["xingping.request_id"] == reply.headers["X-Request-Id"]
    assert len(statements) > 3
    assert all(span.parent.span_id == request.context.span_id for span in statements)
    assert "演示机密" not in str([span.to_json() for span in kept.get_finished_spans()])


def test_without_the_setting_nothing_is_made_and_with_it_a_collector_hears(make_district):
    received = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        make_district().test_client().get("/sign-in")
        assert received == []
        url = f"http://127.0.0.1:{server.server_address[1]}/v1/traces"
        app, processors = make_district(TRACES_URL=""), []

        def processor():
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

            processors.append(SimpleSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=5)))
            return processors[-1]

        telemetry.trace(app, processor)
        app.test_client().get("/sign-in")
        (made,) = processors
        made.shutdown()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    names = {
        span.name
        for one in received
        for resource in one.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    }
    assert "GET accounts.sign_in" in names or any(name.startswith("GET ") for name in names)


def test_a_missing_extra_is_one_line(make_district, monkeypatch, caplog):
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace.export", None)
    app = make_district(TRACES_URL="http://127.0.0.1:9/v1/traces")
    assert "isn't installed" in caplog.text
    assert app.test_client().get("/sign-in").status_code == 200
