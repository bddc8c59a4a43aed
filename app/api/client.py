"""A small client of the API, for programs of other systems: the standard library and no more."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import urlencode, urlsplit

SECONDS, TRIES = 60, 4
AGAIN = frozenset({429, 503})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Straight(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else: the library would take the token along to wherever it is sent."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """No request; the answer is an error as any other."""


OPENER = urllib.request.build_opener(Straight)


class Refused(Exception):
    """The portal said no: `told` is its problem (RFC 9457)."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(f"{told.get('status')}: {told.get('detail')}")
        self.told = told

    @property
    def errors(self) -> list[dict[str, str]]:
        """Everything that is wrong with what was sent, by its JSON pointer."""
        return list(self.told.get("errors") or [])


class Unreachable(Exception):
    """No answer came, or none of the portal's; what was sent may be sent again under its key."""


@dataclass(frozen=True)
class Portal:
    """A portal, and the token with which another system speaks to it."""

    url: str
    token: str
    language: str = "zh"

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("a token is sent by https only")

    def get(self, path: str, **asked: object) -> Any:
        """Read what stands at a path below /api/v1."""
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        return self._asked(f"{path}?{query}" if query else path)

    def every(self, path: str, **asked: object) -> Iterator[Any]:
        """Every item of a list, page after page."""
        cursor: str | None = None
        while True:
            page = self.get(path, cursor=cursor, limit=100, **asked)
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def post(self, path: str, body: object, key: str) -> Any:
        """Send a body under its idempotency key; sent again, it is done once."""
        data = json.dumps(body, ensure_ascii=False).encode()
        heads = {"Content-Type": "application/json", "Idempotency-Key": key}
        return self._asked(path, data, heads)

    def _asked(
        self, path: str, data: bytes | None = None, more: dict[str, str] | None = None
    ) -> Any:
        heads = {"Authorization": f"Bearer {self.token}", "Accept-Language": self.language}
        address = f"{self.url.rstrip('/')}/api/v1{path}"
        for left in reversed(range(TRIES)):
            request = urllib.request.Request(address, data, heads | (more or {}))  # noqa: S310 - https, or this machine
            try:
                with OPENER.open(request, timeout=SECONDS) as reply:
                    return json.load(reply)
            except urllib.error.HTTPError as error:
                if error.code not in AGAIN or not left:
                    raise Refused(problem_of(error)) from error
                time.sleep(pause_of(error.headers))
            except (OSError, ValueError) as error:
                if not left:
                    raise Unreachable(f"{address}: {error}") from error
                time.sleep(1)
        raise Unreachable(address)


def problem_of(error: urllib.error.HTTPError) -> dict[str, Any]:
    """The problem that an answer tells; something before the portal may answer otherwise."""
    try:
        told = json.load(error)
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {"status": error.code, "detail": error.reason}


def pause_of(heads: Message) -> int:
    """How many seconds the portal asks us to wait; never longer than two minutes."""
    told = heads.get("Retry-After", "1")
    return min(int(told), 120) if told.isdigit() else 1
