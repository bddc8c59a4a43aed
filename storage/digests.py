"""Hashes taken while the bytes pass, each on a thread of its own: hashlib lets the others run."""

import base64
import enum
import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self


class Digests(enum.Flag):
    """The hashes to take. SHA-256 names the blob and is always there; MD5 is S3's Content-MD5."""

    SHA256 = enum.auto()
    MD5 = enum.auto()


@dataclass(frozen=True)
class Received:
    """What is known of bytes that have passed."""

    size: int
    sha256: str
    md5: bytes | None

    @property
    def content_md5(self) -> str | None:
        """The MD5 as S3 wants it in its header."""
        return base64.b64encode(self.md5).decode() if self.md5 else None

    @property
    def checksum_sha256(self) -> str:
        """The SHA-256 as S3 wants it in its header."""
        return base64.b64encode(bytes.fromhex(self.sha256)).decode()


class Hashing:
    """Running hashes of one stream. A buffer that was fed may be reused once `wait_for` returns."""

    def __init__(self, digests: Digests) -> None:
        self.size = 0
        self._sha256 = hashlib.sha256()
        self._md5 = hashlib.md5(usedforsecurity=False) if Digests.MD5 in digests else None
        self._running = [h for h in (self._sha256, self._md5) if h is not None]
        self._threads: list[ThreadPoolExecutor] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def feed(self, view: memoryview) -> list[Future[None]]:
        """Hash these bytes after those before them, while the caller goes on."""
        self.size += len(view)
        if not self._threads:
            self._threads = [
                self._stack.enter_context(ThreadPoolExecutor(1, "digest")) for _ in self._running
            ]
        return [
            thread.submit(digest.update, view)
            for thread, digest in zip(self._threads, self._running, strict=True)
        ]

    def feed_last(self, view: memoryview) -> None:
        """Hash these bytes now. Of a stream that fits one buffer it is all, without a thread."""
        self.size += len(view)
        self._stack.close()
        for digest in self._running:
            digest.update(view)

    def finish(self) -> Received:
        """Wait for every hash."""
        self._stack.close()
        md5 = self._md5.digest() if self._md5 else None
        return Received(self.size, self._sha256.hexdigest(), md5)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()


def digests_of(data: bytes, digests: Digests) -> Received:
    """What is known of a few bytes that are all here."""
    with Hashing(digests) as hashing:
        hashing.feed_last(memoryview(data))
        return hashing.finish()


def wait_for(hashed: list[Future[None]]) -> None:
    """Return when the bytes that were fed are no longer looked at."""
    for done in hashed:
        done.result()
