"""The production server's own settings, asked of the server's own reader of requests."""

import socket

from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import create

from app import serving


def test_no_head_of_a_request_says_at_which_path_it_came_in(app, monkeypatch):
    """Not even from this machine, where the proxy stands that passes strangers' heads on."""
    caught = []
    monkeypatch.setattr(serving.Server, "run", lambda self: caught.append(self.cfg))
    serving.serve(app, "127.0.0.1", 8000, workers=1)
    here, there = socket.socketpair()
    peer, said = ("127.0.0.1", 40000), b"SCRIPT_NAME: /public\r\nPATH_INFO: /readyz\r\n"
    with here, there:
        there.sendall(b"GET /public HTTP/1.1\r\nHost: portal.test\r\n" + said + b"\r\n")
        request = next(RequestParser(caught[0], here, peer))
        _reply, environ = create(request, here, peer, ("127.0.0.1", 8000), caught[0])
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == ("", "/public")
