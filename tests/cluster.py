"""A SeaweedFS of several processes: a master, three volume servers, and a filer that speaks S3."""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.servers import (
    ACCESS,
    BUCKET,
    SECRET,
    NoServer,
    S3Server,
    _free_ports,
    _takes_a_put,
    _weed_binary,
    end,
)

TWO_COPIES = "001"  # on two servers of one rack
S3_CONFIG = {
    "identities": [
        {
            "name": "portal",
            "credentials": [{"accessKey": ACCESS, "secretKey": SECRET}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
    ]
}


@dataclass(frozen=True)
class Cluster:
    """The S3 door, and the volume servers behind it."""

    server: S3Server
    volumes: list[subprocess.Popen]


@contextlib.contextmanager
def cluster(folder: Path, *, volumes: int = 3) -> Iterator[Cluster]:
    """Two copies of everything on three servers, ready for a put."""
    with contextlib.ExitStack() as stack:

        def weed(name: str, *arguments: str) -> subprocess.Popen:
            place = folder / name
            place.mkdir(parents=True)
            with (folder / f"{name}.log").open("wb") as log:
                command = [_weed_binary(), *arguments]
                process = subprocess.Popen(command, cwd=place, stdout=log, stderr=log)
            stack.callback(end, process, patience=0.5)
            return process

        here = ("-ip=127.0.0.1", "-ip.bind=127.0.0.1")
        base, more = _free_ports(), _free_ports()
        weed(
            "master", "master", f"-port={base}", f"-mdir={folder / 'master'}", *here,
            f"-defaultReplication={TWO_COPIES}", "-telemetry=false", "-electionTimeout=1s",
            "-volumeSizeLimitMB=64", "-heartbeatInterval=300ms",
        )  # fmt: skip
        behind = [
            weed(
                f"volume{n}", "volume", f"-port={more + n}", f"-dir={folder / f'volume{n}'}", *here,
                f"-master=127.0.0.1:{base}", "-max=40", "-preStopSeconds=0",
            )
            for n in range(volumes)
        ]  # fmt: skip
        config = folder / "s3.json"
        config.write_text(json.dumps(S3_CONFIG))
        door = weed(
            "filer", "filer", f"-port={base + 2}", *here, f"-master=127.0.0.1:{base}", "-s3",
            f"-s3.port={base + 3}", f"-s3.config={config}", f"-defaultReplicaPlacement={TWO_COPIES}",
            "-s3.port.iceberg=0", "-s3.port.lance=0",
        )  # fmt: skip
        endpoint = f"127.0.0.1:{base + 3}"
        url = f"s3+http://{ACCESS}:{SECRET}@{endpoint}/{BUCKET}"
        server = S3Server(url, endpoint, ACCESS, SECRET, door)
        if not _takes_a_put(server):
            raise NoServer((folder / "filer.log").read_text(errors="replace")[-2000:])
        yield Cluster(server, behind)
