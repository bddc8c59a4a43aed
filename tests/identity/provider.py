"""A real OpenID provider on loopback, and a person's browser that goes there and comes back."""

import base64
import hashlib
import io
import threading
import warnings
from contextlib import contextmanager
from urllib.parse import parse_qs, parse_qsl, urlsplit

import requests
from werkzeug.serving import make_server
from werkzeug.wrappers import Request

with warnings.catch_warnings():  # it uses an older part of its own library
    warnings.simplefilter("ignore")
    import oidc_provider_mock

CLIENT = "xingping-portal"


class Noting:
    """The provider's application, and what the portal posted to it."""

    def __init__(self, app):
        self.app, self.posted, self.is_away = app, [], False

    def __call__(self, environ, start):
        request = Request(environ)
        if self.is_away:
            start("503 Away", [])
            return [b""]
        if request.path.endswith("/token"):
            body = request.get_data()
            self.posted.append(dict(parse_qsl(body.decode())))
            environ["wsgi.input"] = io.BytesIO(body)
        return self.app(environ, start)


@contextmanager
def provider(*users):
    """The address of a provider that knows these people, and what was posted to it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        app = oidc_provider_mock.app(require_nonce=True, user_claims=users)
    noting = Noting(app)
    server = make_server("127.0.0.1", 0, noting, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", noting
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def consent(address, subject, action="allow"):
    """Sign in there as somebody; return where the provider sends the browser."""
    told = {"sub": subject, "action": action}
    reply = requests.post(address, data=told, allow_redirects=False, timeout=5)
    assert reply.status_code == 302, reply.text[:300]
    return reply.headers["Location"]


def asked(address):
    """What the portal asked the provider for, by name."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def challenge_of(verifier):
    """The challenge of a verifier, by RFC 7636."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def person(subject, **claims):
    """Somebody whom the provider knows."""
    return oidc_provider_mock.User(sub=subject, claims=claims)
