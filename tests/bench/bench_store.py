"""What an upload costs beside the floor of the disk, beside the SDK's own way, and in memory.

Ours and the reference take turns in one run and on one machine, so the ratio holds where the
seconds do not. Run: python -m tests.bench.bench_store
"""

import contextlib
import hashlib
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from storage import ObjectStore, StoreOptions, open_store
from tests import servers

MIB = 1 << 20
SIZE = 200 * MIB
ROUNDS = 5
ROOT = Path(__file__).parents[2]
_numbers = itertools.count()


def figures(folder: Path) -> list[dict]:
    """The figures, each with the ratio that has to be at least its floor."""
    source = folder / "source"
    make_source(source)
    local = open_store(f"file://{folder}/local")
    rows = [
        turns("200 MB kept in a folder, beside write + SHA-256 + fsync",
              lambda: upload(local, source), lambda: disk_floor(source, folder)),
    ]  # fmt: skip
    with servers.seaweedfs(folder / "weed") as server:
        bucket = open_store(server.url, StoreOptions(spool_folder=folder / "spools"))
        client = server.client()
        upload(bucket, source)  # the bucket and its volumes are there for both
        rows += [
            turns("200 MB kept in SeaweedFS, beside the SDK's fput_object",
                  lambda: upload(bucket, source),
                  lambda: timed(client.fput_object, servers.BUCKET, f"sdk/{next(_numbers)}", source)),
            turns("200 MB read from SeaweedFS, beside the SDK's fget_object",
                  lambda: download(bucket, folder), lambda: sdk_download(client, folder)),
            memory("folder", f"file://{folder}/local", source),
            memory("SeaweedFS", server.url, source),
        ]  # fmt: skip
    return rows


def turns(name: str, ours: Callable[[], float], reference: Callable[[], float]) -> dict:
    """The median of several turns each; the first of each only warms up."""
    ours(), reference()
    times = [(ours(), reference()) for _ in range(ROUNDS)]
    mine, theirs = (median(column) for column in zip(*times, strict=True))
    return {"name": name, "ratio": round(theirs / mine, 2), "ours": round(mine, 3),
            "reference": round(theirs, 3), "unit": "s", "floor": 0.8}  # fmt: skip


def memory(where: str, url: str, source: Path) -> dict:
    """What the peak of a process grows by when it takes in 200 MB."""
    grown = {size: peak(url, source, size) for size in (MIB, SIZE)}
    added = max(0.1, grown[SIZE] - grown[MIB])
    return {"name": f"memory that 200 MB add on their way to {where}",
            "ratio": round(64 / added, 2), "ours": round(added, 1), "reference": 64,
            "unit": "MiB", "floor": 1.0}  # fmt: skip


def peak(url: str, source: Path, size: int) -> float:
    """The peak memory of a fresh process that keeps `size` bytes of the source, in MiB."""
    run = [sys.executable, "-m", "tests.bench.bench_store", "--upload", url, str(source), str(size)]
    done = subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True)
    return int(done.stdout) / 1024


def make_source(path: Path) -> None:
    with path.open("wb") as file:
        for _ in range(SIZE // MIB):
            file.write(os.urandom(MIB))
        os.fsync(file.fileno())


def timed(call: Callable, *arguments: object) -> float:
    begun = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - begun


def upload(store: ObjectStore, source: Path) -> float:
    """Receive and keep the file, as a blob that the store does not have yet."""
    mark(source)
    with source.open("rb", buffering=0) as stream, still_disk():
        begun = time.perf_counter()
        with store.spool(limit=SIZE) as spool:
            spool.receive(stream, expected=SIZE)
            stored = store.put(spool)
        taken = time.perf_counter() - begun
    store.discard(stored.key)
    return taken


def mark(source: Path) -> None:
    """Make the file another one."""
    with source.open("r+b") as file:
        file.write(next(_numbers).to_bytes(8, "big"))


@contextlib.contextmanager
def still_disk() -> Iterator[None]:
    """Nobody pays for what another one wrote."""
    os.sync()
    yield


def disk_floor(source: Path, folder: Path) -> float:
    """The least that a careful upload can cost: write, hash, flush."""
    target, digest, buffer = folder / "floor", hashlib.sha256(), bytearray(MIB)
    with source.open("rb", buffering=0) as stream, still_disk():
        begun = time.perf_counter()
        with target.open("wb", buffering=0) as file:
            while count := stream.readinto(buffer):
                file.write(memoryview(buffer)[:count])
                digest.update(memoryview(buffer)[:count])
            os.fsync(file.fileno())
        taken = time.perf_counter() - begun
    target.unlink()
    return taken


def download(store: ObjectStore, folder: Path) -> float:
    key = next(iter(store.keys()), None) or kept(store, folder)
    return timed(save, store, key, folder / "read")


def kept(store: ObjectStore, folder: Path) -> str:
    with store.spool(limit=SIZE) as spool, (folder / "source").open("rb", buffering=0) as stream:
        spool.receive(stream)
        return store.put(spool).key


def save(store: ObjectStore, key: str, path: Path) -> None:
    with store.open(key) as reader, path.open("wb", buffering=0) as file:
        for chunk in reader:
            file.write(chunk)


def sdk_download(client: servers.Minio, folder: Path) -> float:
    name = next(iter(client.list_objects(servers.BUCKET, prefix="sdk/"))).object_name
    return timed(client.fget_object, servers.BUCKET, name or name, str(folder / "read"))


def keep_and_tell(url: str, source: str, size: str) -> None:
    """In a process of its own: keep that much, and print the peak of its memory in KiB."""
    import resource

    store = open_store(url, StoreOptions(spool_folder=Path(source).parent / "spools"))
    with store.spool(limit=SIZE) as spool, Path(source).open("rb", buffering=0) as stream:
        spool.receive(stream, expected=int(size))
        stored = store.put(spool)
    store.discard(stored.key)
    sys.stdout.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def main() -> None:
    if sys.argv[1:2] == ["--upload"]:
        keep_and_tell(*sys.argv[2:])
        return
    with tempfile.TemporaryDirectory(prefix="xingping-bench-") as folder:
        for row in figures(Path(folder)):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
