"""A ZIP whose manifest lists its files: what can be checked of any such ZIP, whatever it holds."""

import json
import struct
import zlib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from hashlib import sha256
from lzma import LZMAError
from zipfile import BadZipFile, ZipFile

SUMS = "SHA256SUMS"
MOST_BYTES = 1 << 28  # of a manifest or a line: nothing that the portal writes comes near it
# What zipfile raises on a ZIP that was damaged, or changed with care.
UNREADABLE = (
    BadZipFile,
    EOFError,
    LZMAError,
    NotImplementedError,
    OSError,
    RuntimeError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True)
class Kind:
    """One kind of such a ZIP; its `own` files stand beside those that the manifest lists."""

    noun: str
    form: str
    manifest: str
    own: AbstractSet[str]
    needed: AbstractSet[str] = frozenset()


def sums_of(manifest: bytes, name: str) -> bytes:
    """The digests as `sha256sum -c` takes them, that of the manifest, of this name, first."""
    listed = [(sha256(manifest).hexdigest(), name)]
    listed += [(one["sha256"], one["path"]) for one in json.loads(manifest)["files"]]
    return "".join(f"{digest}  {path}\n" for digest, path in listed).encode()


class ListedZip:
    """An open ZIP with its manifest; `wrong` gathers what is wrong with it, in words."""

    def __init__(self, archive: ZipFile, kind: Kind, wrong: list[str]) -> None:
        self.archive, self.kind, self.wrong = archive, kind, wrong
        self.sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
        self.text = self.read(kind.manifest)
        self.manifest = json.loads(self.text)
        if self.manifest["format"] != kind.form or self.manifest["v"] != 1:
            raise ValueError("another format")

    def _wrong(self, words: str) -> None:
        self.wrong.append(words)

    def read(self, name: str) -> bytes:
        """A file as a whole; ValueError where it is larger than anything that the portal writes."""
        if self.sizes.get(name, 0) > MOST_BYTES:
            raise ValueError(f"{name} is larger than can be")
        return self.archive.read(name)

    def check_names(self) -> None:
        """Nothing missing, nothing added, nothing twice, and the sums are the manifest's."""
        names, own = [entry.filename for entry in self.archive.infolist()], self.kind.own
        listed = [one["path"] for one in self.manifest["files"]]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._wrong(f"{name}: stands in the {self.kind.noun} twice")
        for name in sorted((set(listed) | self.kind.needed) - set(names)):
            self._wrong(f"{name}: missing")
        for name in sorted(set(names) - set(listed) - own):
            self._wrong(f"{name}: not in the manifest")
        if len(set(listed)) != len(listed) or own & set(listed):
            self._wrong(f"{self.kind.manifest}: lists a file twice")
        if self.read(SUMS) != sums_of(self.text, self.kind.manifest):
            self._wrong(f"{SUMS}: differs from the manifest")
