"""A seal service for the tests: it signs and verifies for real, with a certificate of its own."""

import contextlib
import io
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from app import pdf_signing

TOKEN = "demonstration-token"


class House:
    """The service: its certificate, and how it misbehaves now."""

    def __init__(self, certificate, password) -> None:
        self.certificate, self.password = str(certificate), str(password)
        self.spoil = {}  # by the last word of the address: (status, body) → (status, body)
        self.asked = []
        self.pause = 0.0  # seconds between two bytes of an answer

    def answer(self, path: str, token: str, body: bytes) -> tuple[int, bytes]:
        what = path.rpartition("/")[2]
        self.asked.append(what)
        if token != f"Bearer {TOKEN}":
            return 401, b"who are you?"
        made = 200, self.seal(body) if what == "seals" else json.dumps(self.look(body)).encode()
        return self.spoil.get(what, lambda *same: same)(*made)

    def seal(self, pdf: bytes) -> bytes:
        signer = pdf_signing._signer(self.certificate, self.password)
        return pdf_signing._signed(pdf, "演示签章", signer)

    def look(self, pdf: bytes) -> dict:
        told = {"valid": False, "sha256": sha256(pdf).hexdigest()}
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if found:
            trusted = ValidationContext(trust_roots=[found[0].signer_cert])
            with ThreadPoolExecutor(1) as apart:
                status = apart.submit(validate_pdf_signature, found[0], trusted).result()
            told |= {
                "valid": status.intact and status.valid,
                "signer": found[0].signer_cert.subject.native["common_name"],
                "seal_no": "演示章0001",
                "sealed_at": "2026-11-23T10:00:00+08:00",
            }
        return told


@contextlib.contextmanager
def at_home(house: House):
    """The service on loopback; yields its address."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            token = self.headers.get("Authorization", "")
            status, answer = house.answer(self.path, token, body)
            with contextlib.suppress(OSError):  # the portal may have hung up
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                for byte in answer if house.pause else ():
                    self.wfile.write(bytes([byte]))
                    time.sleep(house.pause)
                self.wfile.write(b"" if house.pause else answer)

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/eseal"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
