"""The body of a large upload, straight from the connection into the buffer that takes it.

Between socket and application the server and the framework copy each byte half a dozen times,
which for two hundred megabytes costs more than receiving them. Where gunicorn serves, the bytes
that it read ahead are taken over and the rest comes from the connection itself; everywhere else
(tests, other servers) the framework's own stream is used.
"""

import io
import socket
from typing import IO, Any, cast

from flask import Request
from gunicorn.http.body import Body, LengthReader
from gunicorn.http.unreader import SocketUnreader
from werkzeug.exceptions import ClientDisconnected

MOST_AT_ONCE = 1 << 20


def body_of(request: Request) -> IO[bytes]:
    """The body of a request of known length, by the shortest way that there is."""
    body = request.environ.get("wsgi.input")
    reader, line = getattr(body, "reader", None), request.environ.get("gunicorn.socket")
    if (
        not isinstance(body, Body)
        or not isinstance(reader, LengthReader)
        or not isinstance(reader.unreader, SocketUnreader)
        or not isinstance(line, socket.socket)
        or body.buf.tell()
        or "Transfer-Encoding" in request.headers
        or reader.length != request.content_length
    ):
        return request.stream
    return cast(IO[bytes], Straight(body, line))


class Straight(io.RawIOBase):
    """What the server read ahead, then the connection; gunicorn's own count is kept."""

    def __init__(self, body: Any, line: socket.socket) -> None:
        self._body = body
        self._reader = body.reader
        self._line = line

    def readable(self) -> bool:
        """A body is only read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer as far as one turn goes; ClientDisconnected before the end."""
        view = memoryview(buffer)[: min(self._reader.length, MOST_AT_ONCE)]
        if not view:
            return 0
        ahead = self._reader.unreader.take_buffered()
        if ahead:
            got = min(len(ahead), len(view))
            view[:got] = ahead[:got]
            if got < len(ahead):
                self._reader.unreader.unread(ahead[got:])
        else:
            got = self._received(view)
        self._reader.length -= got
        return got

    def _received(self, view: memoryview) -> int:
        try:
            got = self._line.recv_into(view)
        except OSError as error:
            self._body.failed = True  # where a next request would begin is unknown
            raise ClientDisconnected from error
        if not got:
            self._body.failed = True
            raise ClientDisconnected
        return got
