"""Where backups lie: files under the digest of what they hold, kept once for all backups."""

import hmac
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from app.errors import Invalid
from storage import Damaged
from storage.cipher import HEAD, PIECE, Cipher, Opened, exactly, plain_size
from storage.folders import flush_folder

BLOCK = 1 << 20
KEY_BYTES = 32
MANIFEST, BLOBS, BACKUPS, PART = "manifest.json", "blobs", "backups", ".part-"


class Readable(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Kept:
    """One file of the repository."""

    sha256: str
    size: int


class Repository:
    """A folder of backups. With a key everything but the names and sizes of files is sealed.

    What is to be sealed is gathered in `scratch`, on the portal's own disk.
    """

    def __init__(self, folder: Path, scratch: Path, key: bytes | None = None) -> None:
        if key is not None and len(key) != KEY_BYTES:
            raise Invalid("the key of a backup is 64 hexadecimal digits")
        self.folder, self.scratch, self.key = folder, scratch, key

    def has(self, digest: str) -> bool:
        """Whether these bytes were kept before."""
        return self._place(digest).exists()

    def keep(self, source: Readable) -> Kept:
        """Keep bytes of unknown digest: gathered first, then named, on the disk at the return."""
        with self._fresh(self.folder if self.key is None else self.scratch) as (file, name):
            digest, size = sha256(), 0
            while block := source.read(BLOCK):
                digest.update(block)
                file.write(block)
                size += len(block)
            file.flush()
            kept = Kept(digest.hexdigest(), size)
            if not self.has(kept.sha256):
                self._settle(file, name, kept)
        return kept

    def open(self, kept: Kept) -> "Checked":
        """Read a file; Damaged at its end where it is not what was kept."""
        try:
            file = self._place(kept.sha256).open("rb")
        except FileNotFoundError as error:
            raise Damaged(f"{kept.sha256} is missing in the backup") from error
        if self.key is None or kept.size == 0:
            return Checked(file, kept)
        cipher = Cipher(self._file_key(kept.sha256), kept.sha256, exactly(file, HEAD))
        total = plain_size(os.fstat(file.fileno()).st_size)
        return Checked(Opened(file, cipher, first=0, total=total), kept)

    def finish(self, stamp: str, told: Mapping[str, Any]) -> Path:
        """Write a backup's manifest, last of all: without it there is no backup."""
        place = self.folder / BACKUPS / stamp
        place.mkdir(parents=True)
        body = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
        _write(place / MANIFEST, json.dumps({"told": body, "mac": self._mac(body)}).encode())
        return place / MANIFEST

    def manifest(self, stamp: str) -> dict[str, Any]:
        """Read a manifest; Damaged where the key didn't write it."""
        try:
            both = json.loads((self.folder / BACKUPS / stamp / MANIFEST).read_bytes())
            body, mac = both["told"], both["mac"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Damaged(f"the manifest of {stamp} can't be read") from error
        if not hmac.compare_digest(mac, self._mac(body)):
            raise Damaged(f"the manifest of {stamp} was changed, or this isn't its key")
        return dict(json.loads(body))

    def stamps(self) -> list[str]:
        """The backups that are whole, oldest first."""
        return sorted(path.parent.name for path in (self.folder / BACKUPS).glob(f"*/{MANIFEST}"))

    def drop(self, stamp: str) -> None:
        """Forget a backup; its files stay until a sweep."""
        place = self.folder / BACKUPS / stamp
        (place / MANIFEST).unlink()
        place.rmdir()

    def sweep(self, wanted: Callable[[str], bool]) -> int:
        """Remove files that no backup names any more, and what a killed backup left; how many."""
        gone = 0
        for path in self.folder.glob(f"{PART}*"):
            path.unlink()
        for path in sorted((self.folder / BLOBS).glob("*/*")):
            if not wanted(path.name):
                path.unlink()
                gone += 1
        return gone

    def _settle(self, file: BinaryIO, name: Path, kept: Kept) -> None:
        place = self._place(kept.sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        if self.key is None:
            _flush(file)
            os.replace(name, place)
        else:
            file.seek(0)
            with self._fresh(self.folder) as (sealed, other):
                if kept.size:
                    for block in Cipher(self._file_key(kept.sha256), kept.sha256).seal(file):
                        sealed.write(block)
                _flush(sealed)
                os.replace(other, place)
        flush_folder(place.parent)

    @contextmanager
    def _fresh(self, folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
        folder.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=folder, prefix=PART)
        try:
            with os.fdopen(number, "w+b") as file:
                yield file, Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def _place(self, digest: str) -> Path:
        return self.folder / BLOBS / digest[:2] / digest

    def _file_key(self, digest: str) -> bytes:
        """A key for each file: the same nonce under one key for millions of files would repeat."""
        return hmac.digest(self.key or b"", b"backup/v1\0" + bytes.fromhex(digest), "sha256")

    def _mac(self, body: str) -> str:
        return hmac.new(
            self.key or b"no key", b"manifest/v1\0" + body.encode(), "sha256"
        ).hexdigest()


class Checked:
    """The bytes of a kept file; whoever reads to the end knows that they are those."""

    def __init__(self, source: Any, kept: Kept) -> None:
        self._source, self._kept, self._digest = source, kept, sha256()

    def read(self, size: int = BLOCK, /) -> bytes:
        """At most `size` bytes; Damaged at the end of what isn't the file."""
        block: bytes = self._source.read(min(size, PIECE))
        self._digest.update(block)
        if not block and self._digest.hexdigest() != self._kept.sha256:
            raise Damaged(f"{self._kept.sha256} was changed in the backup")
        return block

    def __enter__(self) -> "Checked":
        return self

    def __exit__(self, *_error: object) -> None:
        self._source.close()


def _write(path: Path, data: bytes) -> None:
    fresh = path.with_suffix(".part")
    with fresh.open("wb") as file:
        file.write(data)
        _flush(file)
    os.replace(fresh, path)
    flush_folder(path.parent)
    flush_folder(path.parent.parent)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
