"""A time-stamping authority for the tests: openssl's own, behind a small HTTP server."""

import contextlib
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[stamper]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


def openssl(*arguments: str, **more) -> bytes:
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, **more).stdout


class House:
    """Its keys and certificates, and how it answers now."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked = folder, 0
        self.spoil = lambda reply: reply
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "serial").write_text("01\n")
        self.config = folder / "tsa.cnf"
        self.config.write_text(CONFIG.format(folder=folder))
        key = ["-newkey", "rsa:2048", "-nodes", "-keyout"]
        openssl("req", "-x509", *key, f"{folder}/root.key", "-out", f"{folder}/root.pem", "-days", "2",
                "-subj", "/CN=demonstration root", "-config", "/dev/null",
                "-addext", "basicConstraints=critical,CA:TRUE",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign")  # fmt: skip
        openssl("req", "-new", *key, f"{folder}/tsa.key", "-out", f"{folder}/tsa.csr",
                "-subj", "/CN=demonstration time", "-config", "/dev/null")  # fmt: skip
        openssl("x509", "-req", "-in", f"{folder}/tsa.csr", "-CA", f"{folder}/root.pem",
                "-CAkey", f"{folder}/root.key", "-CAcreateserial", "-out", f"{folder}/tsa.pem",
                "-days", "2", "-extfile", str(self.config), "-extensions", "stamper")  # fmt: skip

    @property
    def roots(self) -> Path:
        return self.folder / "root.pem"

    def answer(self, request: bytes) -> bytes:
        self.asked += 1
        place = self.folder / f"{self.asked}.tsq"
        place.write_bytes(request)
        made = openssl("ts", "-reply", "-config", str(self.config), "-queryfile", str(place))
        return self.spoil(made)


@contextlib.contextmanager
def running(house: House) -> Iterator[str]:
    """Its address, while it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            assert self.headers["Content-Type"] == "application/timestamp-query"
            body = house.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/tsa"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
