"""A small real SMTP server, and a small real target of webhooks, for what the portal sends."""

import contextlib
import email
import email.policy
import socketserver
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Talk(socketserver.StreamRequestHandler):
    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")

    def handle(self):
        told, recipients = self.server.told, []
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "EHLO":
                self.say("250-test")
                self.say("250 8BITMIME")
            elif word == "RCPT" and told.refuse:
                self.say(told.refuse)
            elif word == "DATA":
                self.say("354 go on")
                data = b"".join(iter(lambda: self._line(), b".\r\n"))
                if told.hang_up_before_taking:
                    return
                told.letters.append(email.message_from_bytes(data, policy=email.policy.default))
                told.to.append(recipients)
                recipients = []
                if told.hang_up_after_taking:
                    return
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                recipients += [line.partition(":")[2]] if word == "RCPT" else []
                self.say("250 ok")

    def _line(self):
        line = self.rfile.readline()
        return line if line else b".\r\n"


class Told:
    """What a server was told, and how it is to behave."""

    def __init__(self):
        self.letters, self.to, self.posts = [], [], []
        self.refuse = ""
        self.hang_up_before_taking = self.hang_up_after_taking = False
        self.status, self.answer, self.location = 200, b'{"errcode": 0}', ""


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@contextlib.contextmanager
def _serving(server, told):
    server.told = told
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def mail_server():
    """The address of a mail server and what it was told."""
    told = Told()
    with _serving(_Threads(("127.0.0.1", 0), _Talk), told) as port:
        yield f"smtp://127.0.0.1:{port}", told


class _Target(BaseHTTPRequestHandler):
    def do_POST(self):
        told = self.server.told
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told.posts.append((self.path, dict(self.headers), body))
        self.send_response(told.status)
        if told.location:
            self.send_header("Location", told.location)
        self.send_header("Content-Length", str(len(told.answer)))
        self.end_headers()
        self.wfile.write(told.answer)

    def log_message(self, *_words):
        pass


@contextlib.contextmanager
def hook_target():
    """The address of a target and what was posted there."""
    told = Told()
    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), _Target), told) as port:
        yield f"http://127.0.0.1:{port}/robot?key=7", told
