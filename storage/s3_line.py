"""The line to an S3 server: where it is, who we are there, and what its refusals mean."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, unquote
from xml.etree import ElementTree

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error
from urllib3 import BaseHTTPResponse, PoolManager, Retry, Timeout

from storage import CHUNK, Damaged, NotStored, StoreError, StoreOptions, StoreUnavailable

CONNECT_SECONDS, READ_SECONDS = 3, 60
RETRIES = 2
CONNECTIONS = 32  # at least as many as a worker has threads
_MISSING = {"NoSuchKey", "NoSuchVersion"}
_CHANGED = {"BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "BadChecksum"}
_BUSY = {"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "OperationAborted"}


@dataclass(frozen=True)
class S3Place:
    """Where the bucket is and who we are there."""

    endpoint: str
    bucket: str
    secure: bool
    region: str
    access_key: str
    secret_key: str = field(repr=False)

    @classmethod
    def of(cls, parts: SplitResult, options: StoreOptions) -> Self:
        """Read `s3+http[s]://access:secret@host:port/bucket`; options win over the address."""
        return cls(
            endpoint=parts.netloc.rpartition("@")[2],
            bucket=parts.path.strip("/"),
            secure=parts.scheme == "s3+https",
            region=options.region,
            access_key=options.access_key or unquote(parts.username or ""),
            secret_key=options.secret_key or unquote(parts.password or ""),
        )


@dataclass(frozen=True)
class Line:
    """The SDK's client and the connections below it, of one process."""

    process: int
    http: PoolManager
    client: Minio

    @classmethod
    def to(cls, place: S3Place) -> Self:
        http = PoolManager(
            maxsize=CONNECTIONS,
            blocksize=CHUNK,
            timeout=Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
            retries=Retry(
                total=RETRIES,
                read=1,  # a server that took the request and fell silent has had its minute
                backoff_factor=0.2,
                status_forcelist=[500, 502, 503, 504],
            ),
        )
        client = Minio(
            place.endpoint,
            access_key=place.access_key,
            secret_key=place.secret_key,
            secure=place.secure,
            region=place.region,
            http_client=http,
        )
        return cls(os.getpid(), http, client)

    @property
    def is_ours(self) -> bool:
        """Whether this process made it: two processes on one connection mix up their answers."""
        return self.process == os.getpid()


@contextlib.contextmanager
def in_words(key: str) -> Iterator[None]:
    """Say what the server or the line to it refuses in the store's words."""
    try:
        yield
    except S3Error as error:
        if error.code == "InvalidRange":
            raise ValueError(f"no such part of {key}") from error
        raise _word_for(error, key) from error
    except (MinioException, urllib3.exceptions.HTTPError) as error:
        raise StoreUnavailable(str(error)) from error


def refusal(reply: BaseHTTPResponse, key: str) -> StoreError:
    """The store's word for an answer to a PUT that is not a yes."""
    try:
        return _word_for(S3Error.fromxml(reply), key)
    except ElementTree.ParseError:  # a proxy speaks, not the store
        return StoreError(f"{reply.status} {reply.reason}: {key}")


def _word_for(error: S3Error, key: str) -> StoreError:
    """The store's word for an S3 error code."""
    if error.code in _MISSING:
        return NotStored(key)
    if error.code in _CHANGED:
        return Damaged(f"{error.code}: {key}")
    if error.code in _BUSY:
        return StoreUnavailable(f"{error.code}: {key}")
    return StoreError(f"{error.code}: {error.message}")
