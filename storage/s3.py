"""Blobs in a bucket of any S3 server: production, where the store outlives a machine."""

import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import SplitResult, urlsplit

from minio import Minio
from minio.commonconfig import REPLACE, CopySource
from minio.credentials.credentials import Credentials
from minio.error import S3Error
from minio.signer import sign_v4_s3
from minio.time import to_amz_date
from urllib3 import BaseHTTPResponse, Timeout

from storage import (
    Damaged,
    Found,
    NotStored,
    Stored,
    StoreError,
    StoreUnavailable,
    compare,
    sha256_of,
)
from storage.ahead import WORTH_IT, Ahead
from storage.digests import Digests, Received, digests_of
from storage.near import NearCopies
from storage.reader import Reader
from storage.s3_line import Line, S3Place, in_words, refusal
from storage.spool import Spool

PING_SECONDS = 2
PROBE = "probe"
YOUNG = timedelta(hours=12)  # a blob kept for less needs no renewal: a sweeper waits a day


class S3Store:
    """Each blob is one object `sha256/<ab>/<hex>`, sent by one signed PUT and checked there."""

    def __init__(
        self,
        place: S3Place,
        *,
        spool_folder: Path | None = None,
        near: NearCopies | None = None,
    ) -> None:
        self._place = place
        self._near = near
        self._spool_folder = spool_folder or Path(tempfile.gettempdir())
        self._line: Line | None = None
        self._digests: Digests | None = None  # unknown until the server was met
        self._meeting = threading.Lock()

    def spool(self, *, limit: int) -> Spool:
        """A spool for this server, which has to be there: better told now than after the upload."""
        with in_words("spool"):
            digests = self._meet()
        if self._near:
            self._near.make_room(limit)
        return Spool(self._spool_folder, limit=limit, digests=digests)

    def put(self, spool: Spool, *, key: str | None = None) -> Stored:
        """Send the spool unless the bucket has it; the server refuses a body changed on its way."""
        stored = spool.named(key)
        with in_words(stored.key):
            self._meet()
            if not self._is_renewed(stored):
                self._send_spool(stored.key, spool)
        if self._near:
            self._near.keep(stored.key, spool)
        return stored

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Reader:
        """Stream the object from `start`; the connection goes back when the reader is closed."""
        sha256_of(key)
        if start < 0 or (length is not None and length < 1):
            raise ValueError(f"no part of an object: {start}, {length}")
        with in_words(key):
            reply = self._client().get_object(self._place.bucket, key, start, length or 0)
        size = int(reply.headers["Content-Length"])
        total = reply.headers.get("Content-Range", "").rpartition("/")[2]
        body = Ahead(_Body(reply)) if size >= WORTH_IT else _Body(reply)
        return Reader(body, size=size, total=int(total or size))

    def open_near(self, key: str, *, start: int = 0, length: int | None = None) -> Reader:
        """Read the copy that this machine made when the object came, or else the object."""
        copy = self._near and self._near.open(key, start=start, length=length)
        return copy or self.open(key, start=start, length=length)

    def forget_near(self, key: str) -> None:
        """Drop this machine's copy, if it made one."""
        if self._near:
            self._near.forget(key)

    def stat(self, key: str) -> Found:
        """Size and last put, by a HEAD."""
        sha256_of(key)
        with in_words(key):
            seen = self._client().stat_object(self._place.bucket, key)
        if seen.size is None or seen.last_modified is None:
            raise StoreError(f"the server tells neither size nor age: {key}")
        return Found(key, seen.size, seen.last_modified)

    def size(self, key: str) -> int:
        """How many bytes a blob has."""
        return self.stat(key).size

    def exists(self, key: str) -> bool:
        """Whether the object is there; a store that is away is an error, not an absence."""
        try:
            self.stat(key)
        except NotStored:
            return False
        return True

    def keys(self) -> Iterator[str]:
        """Every key, in order, a thousand to a request."""
        with in_words("keys"):
            self._meet()
            listed = self._client().list_objects(
                self._place.bucket, prefix="sha256/", recursive=True
            )
            for entry in listed:
                if entry.object_name:
                    yield entry.object_name

    def check(self, key: str) -> None:
        """Read the object and compare it with its key."""
        with self.open(key) as reader:
            compare(key, reader)

    def discard(self, key: str) -> None:
        """Remove an orphan; see the protocol for who may."""
        self.forget_near(key)
        self.stat(key)
        with in_words(key):
            self._client().remove_object(self._place.bucket, key)

    def ping(self) -> None:
        """The server answers a signed question within seconds."""
        with in_words("ping"):
            url = self._client().get_presigned_url("HEAD", self._place.bucket, "ping")
            reply = self._line_now().http.request(
                "HEAD", url, timeout=Timeout(PING_SECONDS), retries=False
            )
        if reply.status >= 500:
            raise StoreUnavailable(f"the server answers {reply.status}")
        if reply.status in (401, 403):
            raise StoreError("the server does not know our key")

    def _line_now(self) -> Line:
        """The line of this process: one made before a fork would be shared with the parent."""
        if self._line is None or not self._line.is_ours:
            self._line = Line.to(self._place)
        return self._line

    def _client(self) -> Minio:
        return self._line_now().client

    def _meet(self) -> Digests:
        """Once a process: see to the bucket, and learn which digests make this server check."""
        with self._meeting:  # many threads may come first: the others wait for what one learns
            if self._digests is None:
                self._make_bucket()
                checks = self._refuses_a_changed_body()
                self._digests = Digests.SHA256 if checks else Digests.SHA256 | Digests.MD5
            return self._digests

    def _make_bucket(self) -> None:
        """Make the bucket if need be; production makes it before, with its lock and rights."""
        try:
            if not self._client().bucket_exists(self._place.bucket):
                self._client().make_bucket(self._place.bucket)
        except S3Error as error:
            if error.code not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                raise

    def _refuses_a_changed_body(self) -> bool:
        """Whether the SHA-256 of the headers is compared: some servers take it for decoration.

        Where it is, the MD5 adds nothing but a tenth of the time of a large upload.
        """
        received = digests_of(b"what was sent", Digests.SHA256)
        reply = self._send(PROBE, BytesIO(b"what arrived!"), received)
        if reply.status != 200:
            return isinstance(refusal(reply, PROBE), Damaged)
        self._forget_probe()
        return False

    def _forget_probe(self) -> None:
        self._client().remove_object(self._place.bucket, PROBE)

    def _is_renewed(self, stored: Stored) -> bool:
        """Whether the object is there already; if it is old, its age begins anew."""
        try:
            found = self.stat(stored.key)
        except NotStored:
            return False
        if found.size != stored.size:
            return False
        if datetime.now(UTC) - found.kept_at > YOUNG:
            self._renew(stored.key)
        return True

    def _renew(self, key: str) -> None:
        """Let the server copy the object onto itself, which only a change of its notes allows."""
        bucket = self._place.bucket
        self._client().copy_object(
            bucket,
            key,
            CopySource(bucket, key),
            metadata={"renewed": to_amz_date(datetime.now(UTC))},
            metadata_directive=REPLACE,
        )

    def _send_spool(self, key: str, spool: Spool) -> None:
        with spool.open() as body:
            reply = self._send(key, body, spool.received)
        if reply.status != 200:
            raise refusal(reply, key)

    def _send(self, key: str, body: BinaryIO, received: Received) -> BaseHTTPResponse:
        """One PUT: the SDK's own way is forty, none of which names the whole.

        It is signed in its headers, not in its address: S3 takes no checksum beside a signed
        address that does not name it.
        """
        url = urlsplit(self._client().get_presigned_url("PUT", self._place.bucket, key))
        url = url._replace(query="")
        headers = self._signed(url, received)
        return self._line_now().http.request("PUT", url.geturl(), body=body, headers=headers)

    def _signed(self, url: SplitResult, received: Received) -> dict[str, str]:
        now = datetime.now(UTC)
        headers: dict[str, str | list[str] | tuple[str]] = {
            "Host": url.netloc,
            "Content-Length": str(received.size),
            "Content-Type": "application/octet-stream",
            "x-amz-checksum-sha256": received.checksum_sha256,
            "x-amz-content-sha256": received.sha256,
            "x-amz-date": to_amz_date(now),
        }
        if received.content_md5:
            headers["Content-MD5"] = received.content_md5
        signed = sign_v4_s3(
            method="PUT",
            url=url,
            region=self._place.region,
            headers=headers,
            credentials=Credentials(self._place.access_key, self._place.secret_key),
            content_sha256=received.sha256,
            date=now,
        )
        return {name: str(value) for name, value in signed.items()}


class _Body:
    """The body of an answer, whose troubles are told in the store's words."""

    def __init__(self, reply: BaseHTTPResponse) -> None:
        self._reply = reply

    def read(self, size: int, /) -> bytes:
        with in_words("body"):
            return self._reply.read(size, decode_content=False)  # else it is copied twice more

    def close(self) -> None:
        self._reply.close()
        self._reply.release_conn()
