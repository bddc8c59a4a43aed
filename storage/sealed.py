"""A store whose files have keys of their own, and whose reported files nobody reads any more."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from storage import (
    Damaged,
    Found,
    NotStored,
    ObjectStore,
    Stored,
    StoreError,
    Withheld,
    compare,
    key_of,
    sha256_of,
)
from storage.cipher import (
    HEAD,
    PIECE,
    Cipher,
    Opened,
    exactly,
    is_sealed,
    place_of,
    plain_size,
    sealed_size,
)
from storage.digests import Digests
from storage.reader import Reader, part
from storage.spool import Spool


@dataclass(frozen=True)
class Standing:
    """What is known of a content beside its bytes."""

    is_withheld: bool = False
    key: bytes | None = None


class Opening(Protocol):
    """How the bytes of a content are opened: from the store itself, or from a copy of it."""

    def __call__(self, key: str, *, start: int = 0, length: int | None = None) -> Reader: ...


class Register(Protocol):
    """Where the keys are kept, and the list of what may not be read. Asked at every opening."""

    def standing(self, sha256: str) -> Standing:
        """What holds of this content now."""

    def new_key(self, sha256: str) -> bytes:
        """The key of a content that has none; when this returns it survives a power cut."""


class SealedStore:
    """An ObjectStore around another: a content is asked for by the same key, sealed or not.

    What was kept plain before stays readable; what is kept from now on is sealed if `seals`.
    A content whose key is destroyed is noise, whoever still holds its bytes.
    """

    def __init__(self, inner: ObjectStore, register: Register, *, seals: bool) -> None:
        self.inner = inner
        self.seals = seals
        self._register = register

    def spool(self, *, limit: int) -> Spool:
        """A spool beside the store; the plain bytes need no digest of the server's."""
        spool = self.inner.spool(limit=limit)
        return Spool(spool.folder, limit=limit, digests=Digests.SHA256) if self.seals else spool

    def put(self, spool: Spool, *, key: str | None = None) -> Stored:
        """Keep the spool's bytes; Withheld where such bytes may not be kept."""
        received = spool.received
        name = key_of(received.sha256)
        if key not in (None, name):
            raise ValueError("only the inner store takes bytes under another name")
        standing = self._readable(name)
        if self._is_to_seal(name, standing):
            file_key = standing.key or self._register.new_key(received.sha256)
            self._put_sealed(spool, Cipher(file_key, received.sha256), name)
        else:
            _refuse_what_looks_sealed(spool)
            self.inner.put(spool)
        return Stored(name, received.sha256, received.size)

    def open(self, key: str, *, start: int = 0, length: int | None = None) -> Reader:
        """Read a content from byte `start`; Withheld where nobody may any more."""
        return self._open(self.inner.open, key, start, length)

    def open_near(self, key: str, *, start: int = 0, length: int | None = None) -> Reader:
        """The same from a copy, if this machine has one.

        A part from the midst comes from the store: the same content that was sealed twice has
        two heads, and a head opens none but its own pieces.
        """
        opening = self.inner.open_near if start < PIECE else self.inner.open
        return self._open(opening, key, start, length)

    def forget_near(self, key: str) -> None:
        """Drop this machine's copy, if it made one."""
        self.inner.forget_near(key)

    def _open(self, opening: Opening, key: str, start: int, length: int | None) -> Reader:
        standing = self._readable(key)
        if standing.key is None:
            return opening(key, start=start, length=length)
        reader = opening(key, length=None if 0 <= start < PIECE else HEAD)
        try:
            head = exactly(reader, HEAD)
            if is_sealed(head):
                return self._opened(
                    reader, Cipher(standing.key, sha256_of(key), head), start, length
                )
        except BaseException:
            reader.close()
            raise
        reader.close()
        return opening(key, start=start, length=length)

    def stat(self, key: str) -> Found:
        """Size of the content, and last put."""
        found = self.inner.stat(key)
        if self._register.standing(sha256_of(key)).key is None or not self._is_sealed(key):
            return found
        return replace(found, size=plain_size(found.size))

    def size(self, key: str) -> int:
        """How many bytes the content has."""
        return self.stat(key).size

    def exists(self, key: str) -> bool:
        """Whether there is something under this key, readable or not."""
        return self.inner.exists(key)

    def keys(self) -> Iterator[str]:
        """Every key, in order."""
        return self.inner.keys()

    def check(self, key: str) -> None:
        """Open the whole content and compare it with its key."""
        with self.open(key) as reader:
            compare(key, reader)

    def discard(self, key: str) -> None:
        """Remove an orphan. Its key stays: the same bytes may be on their way again."""
        self.inner.discard(key)

    def ping(self) -> None:
        """The inner store answers."""
        self.inner.ping()

    def _readable(self, key: str) -> Standing:
        standing = self._register.standing(sha256_of(key))
        if standing.is_withheld:
            raise Withheld(key)
        return standing

    def _is_to_seal(self, key: str, standing: Standing) -> bool:
        """What is there already stays as it is, if it can be read; else it makes room."""
        try:
            if not self._is_sealed(key):
                return False
        except NotStored:
            return self.seals
        if not self._opens(key, standing):
            self.inner.discard(key)
            return self.seals
        return True

    def _opens(self, key: str, standing: Standing) -> bool:
        """Whether the sealed bytes belong to the key that is known: not after an old backup."""
        if standing.key is None:
            return False
        try:
            with self.open(key) as reader:
                return bool(reader.read(1))
        except Damaged:
            return False

    def _put_sealed(self, spool: Spool, cipher: Cipher, key: str) -> None:
        size = sealed_size(spool.received.size)
        with spool.open() as source, self.inner.spool(limit=size) as sealed:
            sealed.receive(cipher.seal(source), expected=size)
            self.inner.put(sealed, key=key)

    def _opened(self, reader: Reader, cipher: Cipher, start: int, length: int | None) -> Reader:
        """The content from byte `start` on; `reader` has given its head."""
        total = plain_size(reader.total)
        size = part(total, start, length)
        number, at, into = place_of(start)
        if number:
            reader.close()
            reader = self.inner.open(key_of(cipher.sha256), start=at)
        try:
            opened = Opened(reader, cipher, first=number, total=total)
            opened.skip(into)
        except BaseException:
            reader.close()
            raise
        return Reader(opened, size=size, total=total)

    def _is_sealed(self, key: str) -> bool:
        with self.inner.open(key, length=HEAD) as reader:
            return is_sealed(exactly(reader, HEAD))


def _refuse_what_looks_sealed(spool: Spool) -> None:
    """Plain bytes with our mark could not be told from sealed ones."""
    with spool.open() as source:
        if is_sealed(source.read(HEAD)):
            raise StoreError("plain bytes that look sealed are not kept")
