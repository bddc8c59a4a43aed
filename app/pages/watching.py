"""Open boards ask every second; most answers need neither Flask, nor the ORM, nor a session.

Before the portal's own way stands a short one: a cookie that was judged a moment ago, a fragment
that the house's last change made, and the pulse that says whether it is still the last one. All
else goes the long way, which judges the session, makes the fragment and opens the short way again.
Answers of the short way stand in no list or count of requests: they are nobody's act.
"""

import gzip
import secrets
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, request, session
from flask_babel import get_locale
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.accounts.models import User
from app.db import end_read
from app.headers import standing
from app.pages.fragments import Fragment, Fragments, House, Shown, packed
from app.pages.pulse import Pulse
from app.pages.seats import Seat, Seats, held_until
from app.web import actor

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PAGES = frozenset({"/board", "/board/wall"})
LIVE = frozenset({"/board/live", "/board/wall/live"})
LEFT = "xingping.left"  # in the environment: how many had left when this request came


class Watch:
    """What one process knows of those who watch."""

    def __init__(self, app: Flask) -> None:
        self.seats = Seats()
        self.fragments = Fragments(int(app.config["LIVE_FRAGMENTS"]))
        self.pulse = Pulse(app, self.seats.leave)
        self.cookie_name = str(app.config["SESSION_COOKIE_NAME"])
        self.headers = list(standing(app).items())

    def present(self, house: House) -> Callable[[Fragment], bool]:
        """Whether a fragment of this house still shows what there is."""
        version, day = self.pulse.versions.of(house), clock.today()
        return lambda kept: (kept.version, kept.day) == (version, day)


class ShortWay:
    """Answers what is known before the portal is asked."""

    def __init__(self, watch: Watch, portal: "WSGIApplication") -> None:
        self.watch, self.portal = watch, portal

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer from what is kept, or let the portal answer."""
        path = environ.get("PATH_INFO")
        if environ["REQUEST_METHOD"] == "GET" and (path in LIVE or path in PAGES):
            environ[LEFT] = self.watch.seats.left
            fragment = self.known(environ)
            if fragment is not None and path in LIVE:
                return self.answer(fragment, environ, start_response)
        return self.portal(environ, start_response)

    def known(self, environ: "WSGIEnvironment") -> Fragment | None:
        """What this cookie may see at this address, if all that is known for sure."""
        watch = self.watch
        try:
            watch.pulse.beat()
        except SQLAlchemyError:
            return None  # the portal says in its own words that the database is away
        seat = watch.seats.of(cookie_of(environ.get("HTTP_COOKIE", ""), watch.cookie_name))
        if seat is None:
            return None
        address = address_of(environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        found = watch.fragments.known(Shown(seat.house, seat.locale, address))
        return found if found is not None and watch.present(seat.house)(found) else None

    def answer(
        self, fragment: Fragment, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """The fragment, or that the screen has it already."""
        tag = f'"{fragment.tag}"'
        headers = [*self.watch.headers, ("ETag", tag), ("X-Request-Id", secrets.token_hex(8))]
        if tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 NOT MODIFIED", headers)
            return []
        body, more = encoded(fragment, environ.get("HTTP_ACCEPT_ENCODING", ""))
        kind = ("Content-Type", "text/html; charset=utf-8")
        start_response("200 OK", [*headers, kind, ("Content-Length", str(len(body))), *more])
        return [body]


def address_of(path: str, query: str) -> str:
    """How a live address is written, as a page gives it to its own region."""
    return f"{path}?{query}" if query else path


def cookie_of(header: str, name: str) -> str:
    """The value of one cookie as it stands in the header; empty where it isn't sent."""
    start = f"{name}="
    for part in header.split(";"):
        if part.lstrip().startswith(start):
            return part.lstrip()[len(start) :].strip()
    return ""


def encoded(fragment: Fragment, accepted: str) -> tuple[bytes, list[tuple[str, str]]]:
    """The body as this browser takes it; no secret stands in a fragment that packing could tell."""
    if "gzip" in accepted:
        return fragment.packed, [("Content-Encoding", "gzip")]
    return gzip.decompress(fragment.packed), []


def init_app(app: Flask) -> None:
    """Open the short way; without kept fragments (LIVE_FRAGMENTS=0) there is none."""
    if not app.config["LIVE_FRAGMENTS"]:
        return
    watch = app.extensions["watch"] = Watch(app)
    # Flask's own documented way to wrap an application.
    app.wsgi_app = ShortWay(watch, app.wsgi_app)  # type: ignore[method-assign] # WSGI's own way


def fragment_at(address: str, make: Callable[[], str]) -> Fragment:
    """The fragment of this person's house at a live address; `make` renders it where it is old."""
    watch: Watch | None = current_app.extensions.get("watch")
    if watch is None:
        return packed(make(), (), clock.today())
    user = actor()
    house = House(user.organisation_id, user.role)
    version, fits = watch.pulse.versions.of(house), watch.present(house)

    def fresh() -> Fragment:
        end_read()  # what is read from here on is not older than the version
        return packed(make(), version, clock.today())

    return watch.fragments.get(Shown(house, str(get_locale()), address), fits, fresh)


def answer(make: Callable[[], str]) -> Response:
    """What a live region asked for: its fragment, or that it has it already."""
    query = request.query_string.decode("latin-1")
    fragment = fragment_at(address_of(request.path, query), make)
    sit(actor())
    if fragment.tag in request.if_none_match:
        reply = Response(status=304)
    else:
        body, more = encoded(fragment, request.headers.get("Accept-Encoding", ""))
        reply = Response(body, headers=more, mimetype="text/html")
    reply.set_etag(fragment.tag)
    return reply


def sit(user: User) -> None:
    """From now on this cookie goes the short way, for a while and no longer than its session."""
    watch: Watch | None = current_app.extensions.get("watch")
    cookie = watch and cookie_of(request.headers.get("Cookie", ""), watch.cookie_name)
    if not watch or not cookie:
        return
    seat = Seat(
        user.id,
        House(user.organisation_id, user.role),
        str(get_locale()),
        session_ends(current_app.config),
        held_until(),
    )
    watch.seats.take(cookie, seat, left=request.environ.get(LEFT, -1))


def session_ends(config: dict[str, Any]) -> float:
    """When the session in hand ends by itself: idle too long, or long enough in any case."""
    idle = session.get("seen", 0) + config["SESSION_IDLE_MINUTES"] * 60
    longest = session.get("began", 0) + config["SESSION_MAX_HOURS"] * 3600
    return float(min(idle, longest))
