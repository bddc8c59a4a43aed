"""Several hosts on one machine: a network namespace each, on a bridge that is the bureau's net.

PostgreSQL and the object store stand on the bridge behind plain TCP forwarders, so that every
byte between the hosts goes through the kernel's network, and a host that dies takes its
connections with it.
"""

import contextlib
import os
import secrets
import select
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

NET = "10.77.31"


def has_namespaces() -> bool:
    """Whether this machine lets us make them (root, and a kernel that has them)."""
    name = f"xpt{secrets.token_hex(3)}"
    try:
        made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    if made.returncode == 0:
        subprocess.run(["ip", "netns", "del", name], check=False)
    return made.returncode == 0


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Network:
    """A bridge with so many hosts; the test itself is at .1."""

    def __init__(self, hosts: int) -> None:
        self.mark = secrets.token_hex(2)
        self.bridge = f"xb{self.mark}"
        self.names = [f"xh{self.mark}{n}" for n in range(hosts)]
        ip("link", "add", "name", self.bridge, "type", "bridge")
        ip("addr", "add", f"{NET}.1/24", "dev", self.bridge)
        ip("link", "set", self.bridge, "up")
        for number, name in enumerate(self.names):
            ours, theirs = f"xv{self.mark}{number}", f"xe{self.mark}{number}"
            ip("netns", "add", name)
            ip("link", "add", ours, "type", "veth", "peer", "name", theirs)
            ip("link", "set", ours, "master", self.bridge)
            ip("link", "set", ours, "up")
            ip("link", "set", theirs, "netns", name)
            ip("-n", name, "addr", "add", f"{self.address(number)}/24", "dev", theirs)
            ip("-n", name, "link", "set", theirs, "up")
            ip("-n", name, "link", "set", "lo", "up")

    def address(self, number: int) -> str:
        return f"{NET}.{11 + number}"

    def start(
        self, number: int, command: list[str], env: dict[str, str], log: Path
    ) -> subprocess.Popen:
        """Start a program on a host, in a process group of its own."""
        with log.open("ab") as out:
            return subprocess.Popen(
                ["ip", "netns", "exec", self.names[number], *command], env=env, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip

    def close(self) -> None:
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
        subprocess.run(["ip", "link", "del", self.bridge], check=False, capture_output=True)


@contextlib.contextmanager
def network(hosts: int) -> Iterator[Network]:
    made = Network(hosts)
    try:
        yield made
    finally:
        made.close()


def kill_host(process: subprocess.Popen) -> None:
    """As a power cut: everything that the host runs ends at once."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)


@contextlib.contextmanager
def forwarder(target: str | tuple[str, int]) -> Iterator[int]:
    """A port on the bridge that leads to a port or a Unix socket of this machine."""
    listener = socket.create_server((f"{NET}.1", 0), backlog=128)
    thread = threading.Thread(target=accept, args=(listener, target), daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def accept(listener: socket.socket, target: str | tuple[str, int]) -> None:
    while True:
        try:
            here, _address = listener.accept()
        except OSError:
            return
        threading.Thread(target=carry, args=(here, target), daemon=True).start()


def carry(here: socket.socket, target: str | tuple[str, int]) -> None:
    there = socket.socket(socket.AF_UNIX if isinstance(target, str) else socket.AF_INET)
    with here, there:
        try:
            there.connect(target)
            while True:
                ready, _writable, _wrong = select.select([here, there], [], [])
                for one, other in ((here, there), (there, here)):
                    if one in ready:
                        data = one.recv(1 << 16)
                        if not data:
                            return
                        other.sendall(data)
        except OSError:
            return
