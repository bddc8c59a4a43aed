"""The line to a robot or another system: one POST, to an address that was looked at first.

A name is resolved once, every address that it has must lie outside our own network, and the
connection goes to the address that was looked at. Redirects are refused, no proxy is asked, and
the whole conversation has an end.
"""

import contextlib
import http.client
import ipaddress
import json
import socket
import ssl
import threading
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from flask import current_app

from app.notifications.lines import Away, Parcel, Refused, Unsure
from app.notifications.models import Format
from app.notifications.robots import Sheet, accepted, sheet

SECONDS, SECONDS_IN_ALL = 5, 15
LONGEST_ANSWER = 64 * 1024
# Global by their number, but they lead to whatever IPv4 address is packed into them.
PACKED = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "2002::/16", "2001::/32")]


class NotOutside(ValueError):
    """The address leads into our own network."""


@dataclass(frozen=True)
class Robot:
    """A target as the postman takes it along."""

    format: Format
    url: str
    secret: str


def line_for(parcel: Parcel) -> "HookLine":
    """A line for this parcel."""
    hosts = str(current_app.config["WEBHOOK_OWN_HOSTS"]).replace(",", " ").split()
    return HookLine(parcel.target, sheet(parcel), frozenset(hosts))


class HookLine:
    """A connection to the one address that the target's name had when it was looked at."""

    def __init__(self, robot: Robot, words: Sheet, own_hosts: frozenset[str]) -> None:
        self.robot, self.words, self.own_hosts = robot, words, own_hosts
        self.call: http.client.HTTPConnection | None = None

    def __enter__(self) -> Self:
        parts = urlsplit(self.words.url)
        host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
        try:
            check_scheme(parts.scheme, host, self.own_hosts)
            address = outside_address(host, port, self.own_hosts)
        except NotOutside as error:
            raise Refused(str(error), for_good=True) from error
        except OSError as error:
            raise Away(f"{type(error).__name__}: {error}") from error
        try:
            self.call = connected(parts.scheme, host, port, address)
        except OSError as error:
            raise Away(f"{type(error).__name__}: {error}") from error
        return self

    def hand_over(self) -> None:
        """Post the sheet and read the answer."""
        if self.call is None:
            raise Away("nobody was called")
        ring = threading.Timer(SECONDS_IN_ALL, hang_up, [self.call.sock])
        parts = urlsplit(self.words.url)
        path = parts.path or "/"
        ring.start()
        try:
            body, headers = self.words.body, self.words.headers
            self.call.request(
                "POST", f"{path}?{parts.query}" if parts.query else path, body, headers
            )
            reply = self.call.getresponse()
            answer = reply.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unsure(f"{type(error).__name__}: {error}"[:200]) from error
        finally:
            ring.cancel()
        judge(self.robot.format, reply.status, answer)

    def __exit__(self, *_error: object) -> None:
        if self.call is not None:
            self.call.close()


def judge(form: Format, status: int, answer: bytes) -> None:
    """What an answer means: a 2xx that the format calls good, or a refusal."""
    if 300 <= status < 400:
        raise Refused(f"HTTP {status}: redirects are not followed", for_good=True)
    if not 200 <= status < 300:
        asks_again = status in {408, 425, 429} or status >= 500
        raise Refused(f"HTTP {status}", for_good=not asks_again)
    try:
        told: Any = json.loads(answer) if answer.strip() else None
    except ValueError:
        told = None
    if not accepted(form, told):
        raise Refused(f"refused: {answer[:200].decode('utf-8', 'replace')}")


def check_scheme(scheme: str, host: str, own_hosts: frozenset[str]) -> None:
    """Only https leaves the house; http is for hosts of our own network that the settings name."""
    if scheme == "https" or (scheme == "http" and host in own_hosts):
        return
    raise NotOutside(f"{scheme}://{host} is not https")


def outside_address(host: str, port: int, own_hosts: frozenset[str]) -> str:
    """The address to connect to; NotOutside if any that the name has is in our own network."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if host not in own_hosts:
        for address in addresses:
            if not is_outside(address):
                raise NotOutside(f"{host} leads into our own network ({address})")
    return addresses[0]


def is_outside(address: str) -> bool:
    """Whether an address is one of the public Internet, looked at through all its wrappings."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_outside(str(ip.ipv4_mapped))
        if any(ip in net for net in PACKED) or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def hang_up(line: socket.socket) -> None:
    """End a conversation from another thread; to close it would wait for the answer's end."""
    with contextlib.suppress(OSError):  # it is over already
        line.shutdown(socket.SHUT_RDWR)


def connected(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    """A line to the address that was looked at, and to no other."""
    line = socket.create_connection((address, port), SECONDS)
    try:
        line.settimeout(SECONDS)
        if scheme == "https":
            line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
    except BaseException:
        line.close()
        raise
    call = http.client.HTTPConnection(host, port, timeout=SECONDS)
    call.sock = line  # and never another: the library would look the name up again
    call.auto_open = 0
    return call
