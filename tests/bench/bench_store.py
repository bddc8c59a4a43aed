"""What an upload costs beside the floor of the disk, beside the SDK's own way, and in memory.

Ours and the reference take turns in one run and on one machine, so the ratio holds where the
seconds do not. Run: python -m tests.bench.bench_store
"""

import hashlib
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import psutil
from minio import Minio

from storage import ObjectStore, StoreOptions, open_store
from storage.sealed import SealedStore, Standing
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
    rows += sealed_rows(folder, source, local)
    with servers.seaweedfs(folder / "weed") as server:
        bucket = open_store(server.url, StoreOptions(spool_folder=folder / "spools"))
        client = server.client()
        key = keep(bucket, source)
        rows += [
            turns("200 MB kept in SeaweedFS, beside the SDK's fput_object",
                  lambda: upload(bucket, source), lambda: sdk_upload(client, source)),
            turns("200 MB read from SeaweedFS, beside the SDK's fget_object",
                  lambda: timed(download, bucket, key, folder / "read"),
                  lambda: timed(client.fget_object, servers.BUCKET, key, str(folder / "read"))),
            memory("folder", f"file://{folder}/local", source),
            memory("SeaweedFS", server.url, source),
        ]  # fmt: skip
    return rows


class Drawer:
    """The keys of a bench, in memory: what the database costs is measured with the pages."""

    def __init__(self) -> None:
        self.keys: dict[str, bytes] = {}

    def standing(self, sha256: str) -> Standing:
        return Standing(key=self.keys.get(sha256))

    def new_key(self, sha256: str) -> bytes:
        return self.keys.setdefault(sha256, os.urandom(32))


def sealed_rows(folder: Path, source: Path, plain: ObjectStore) -> list[dict]:
    """What a key for each file costs: another pass over the bytes, in and out."""
    inner = open_store(f"file://{folder}/sealed")
    sealed = SealedStore(inner, Drawer(), seals=True)
    keys = {store: keep(store, source) for store in (sealed, plain)}

    def reading(store: ObjectStore) -> Callable[[], float]:
        return lambda: timed(download, store, keys[store], folder / "read")

    rows = [
        turns("200 MB sealed and kept in a folder, beside plain",
              lambda: upload(sealed, source), lambda: upload(plain, source), floor=0.3),
        turns("200 MB read and opened from a folder, beside plain",
              reading(sealed), reading(plain), floor=0.25),
    ]  # fmt: skip
    for store, key in keys.items():
        store.discard(key)
    return rows


def turns(
    name: str, ours: Callable[[], float], reference: Callable[[], float], floor: float = 0.8
) -> dict:
    """The medians of several turns, who goes first changing; the first turn only warms up."""
    times: list[tuple[float, float]] = []
    for turn in range(ROUNDS + 1):
        if turn % 2:
            mine, theirs = ours(), reference()
        else:
            theirs, mine = reference(), ours()
        times.append((mine, theirs))
    mine, theirs = (median(column) for column in zip(*times[1:], strict=True))
    return {"name": name, "ratio": round(theirs / mine, 2), "ours": round(mine, 3),
            "reference": round(theirs, 3), "unit": "s", "floor": floor}  # fmt: skip


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
    """The seconds of one call that does not pay for what the call before left to be done."""
    os.sync()
    rest()
    begun = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - begun


def rest() -> None:
    """Wait until the servers that we started are idle: they tidy up for a second or two."""
    children = psutil.Process().children(recursive=True)
    for _ in range(50):
        before = sum(sum(child.cpu_times()[:2]) for child in children)
        time.sleep(0.1)
        if sum(sum(child.cpu_times()[:2]) for child in children) - before < 0.02:
            return


def keep(store: ObjectStore, source: Path) -> str:
    """Receive and keep the file the way a view does."""
    with store.spool(limit=SIZE) as spool, source.open("rb", buffering=0) as stream:
        spool.receive(stream, expected=SIZE)
        return store.put(spool).key


def upload(store: ObjectStore, source: Path) -> float:
    """Keep the file as a blob that the store does not have yet."""
    with source.open("r+b") as file:
        file.write(next(_numbers).to_bytes(8, "big"))
    keys: list[str] = []
    taken = timed(lambda: keys.append(keep(store, source)))
    store.discard(keys[0])
    return taken


def sdk_upload(client: Minio, source: Path) -> float:
    taken = timed(client.fput_object, servers.BUCKET, "sdk", str(source))
    client.remove_object(servers.BUCKET, "sdk")
    return taken


def disk_floor(source: Path, folder: Path) -> float:
    """The least that a careful upload can cost: write, hash, flush."""
    taken = timed(write_and_hash, source, folder / "floor")
    (folder / "floor").unlink()
    return taken


def write_and_hash(source: Path, target: Path) -> None:
    digest, buffer = hashlib.sha256(), bytearray(MIB)
    with source.open("rb", buffering=0) as stream, target.open("wb", buffering=0) as file:
        while count := stream.readinto(buffer):
            file.write(memoryview(buffer)[:count])
            digest.update(memoryview(buffer)[:count])
        os.fsync(file.fileno())


def download(store: ObjectStore, key: str, path: Path) -> None:
    with store.open(key) as reader, path.open("wb", buffering=0) as file:
        for chunk in reader:
            file.write(chunk)


def keep_and_tell(url: str, source: str, size: str) -> None:
    """In a process of its own: keep that much, and print the peak of its memory in KiB."""
    store = open_store(url, StoreOptions(spool_folder=Path(source).parent / "spools"))
    with store.spool(limit=SIZE) as spool, Path(source).open("rb", buffering=0) as stream:
        spool.receive(stream, expected=int(size))
        stored = store.put(spool)
    store.discard(stored.key)
    status = Path("/proc/self/status").read_text()  # getrusage also counts who started us
    sys.stdout.write(status.partition("VmHWM:")[2].split()[0])


def main() -> None:
    if sys.argv[1:2] == ["--upload"]:
        keep_and_tell(*sys.argv[2:])
        return
    with tempfile.TemporaryDirectory(prefix="xingping-bench-") as folder:
        for row in figures(Path(folder)):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
