"""Many people who watch the board over real connections, and what they see when something changes."""

import asyncio
import gzip
import random
import time
from dataclasses import dataclass, field
from statistics import median

EVERY = 1.0  # seconds between two questions of one screen, as static/live.js has it
LIVE = ("X-Fragment: 1", "Accept-Encoding: gzip")  # what the browser adds there


@dataclass
class Watcher:
    """One screen: it asks again and again, and notes when it first saw each change."""

    cookie: str
    address: str
    needles: tuple[str, ...]  # what a change writes into the fragment
    seen: dict[str, float] = field(default_factory=dict)
    answers: int = 0
    failures: int = 0

    async def watch(self, port: int, until: float) -> None:
        """Ask on one kept connection, each time with the mark of the last answer."""
        await asyncio.sleep(random.random() * EVERY)
        tag, line = "", None
        while time.perf_counter() < until:
            try:
                line = line or await asyncio.open_connection("127.0.0.1", port)
                status, headers, body = await ask(line, self.address, self.cookie, tag, LIVE)
            except (OSError, asyncio.IncompleteReadError):
                self.failures, line = self.failures + 1, None
                continue
            if headers.get("connection", "").lower() == "close":
                line[1].close()
                line = None
            self.note(status, headers, body)
            tag = headers.get("etag", tag)
            await asyncio.sleep(EVERY)

    def note(self, status: int, _headers: dict, body: bytes) -> None:
        """Count the answer, and what it shows for the first time."""
        self.answers += 1
        self.failures += status not in (200, 304)
        if status == 200:
            now, text = time.perf_counter(), gzip.decompress(body).decode()
            for needle in self.needles:
                if needle in text:
                    self.seen.setdefault(needle, now)


async def ask(
    line, address: str, cookie: str, tag: str = "", live: tuple[str, ...] = ()
) -> tuple[int, dict, bytes]:
    """One GET on a kept connection."""
    reader, writer = line
    asked = [f"GET {address} HTTP/1.1", "Host: portal.test", f"Cookie: {cookie}", *live]
    asked += [f"If-None-Match: {tag}"] if tag else []
    writer.write(("\r\n".join(asked) + "\r\n\r\n").encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {}
    for each in head[1:]:
        name, _colon, value = each.partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return int(head[0].split()[1]), headers, body


async def visits(port: int, cookie: str, pages: list[str], rounds: int) -> float:
    """The median seconds of other pages, fetched one after the other on one connection."""
    taken = []
    line = await asyncio.open_connection("127.0.0.1", port)
    for address in pages * rounds:
        begun = time.perf_counter()
        status, headers, _body = await ask(line, address, cookie)
        taken.append(time.perf_counter() - begun)
        assert status == 200, (address, status)
        if headers.get("connection", "").lower() == "close":
            line[1].close()
            line = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(0.02)
    line[1].close()
    return median(taken)
