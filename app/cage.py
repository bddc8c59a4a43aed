"""Foreign files are read by processes of their own: bounded in time and memory, no network."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

CAGED = Path(__file__).with_name("caged")
DOOR = CAGED / "door.py"
MIB = 1 << 20
SEEN = ("PATH", "LD_LIBRARY_PATH")  # nothing else of our environment: it may hold secrets
_places = BoundedSemaphore(3)  # at once in one process of the portal


@dataclass(frozen=True)
class Limits:
    """What a caged program may use."""

    seconds: int = 60
    memory: int = 1024 * MIB
    output: int = 256 * MIB


class Failed(Exception):
    """The program ended with an error, or was ended; the message is its own last line."""


class TooLong(Failed):
    """The program did not come to an end in its time."""


def run(program: Sequence[str | Path], folder: Path, limits: Limits = Limits()) -> None:
    """Run a program in `folder`, which is its home too; Failed where it doesn't end well.

    Whatever it has started ends with it.
    """
    numbers = (limits.memory, limits.seconds, limits.output)
    door = [sys.executable, "-I", "-S", str(DOOR), *map(str, numbers)]
    with _places, (folder / "errors.txt").open("w+b") as errors:
        process = subprocess.Popen(  # noqa: S603 - the programs are ours or the administrator's
            [*door, *map(str, program)],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
        try:
            code = process.wait(limits.seconds + 2)
        except subprocess.TimeoutExpired as late:
            raise TooLong(f"not done in {limits.seconds} seconds") from late
        finally:
            _end(process)
        errors.seek(0)
        if code:
            raise Failed(_last_line(errors.read(MIB)) or f"ended with {code}")


def run_script(name: str, folder: Path, *arguments: str | Path, limits: Limits = Limits()) -> None:
    """Run one of our own caged scripts."""
    run([sys.executable, "-E", "-s", CAGED / name, *arguments], folder, limits)


def _environment(folder: Path) -> dict[str, str]:
    told = {name: os.environ[name] for name in SEEN if name in os.environ}
    return {**told, "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program with everything that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_line(told: bytes) -> str:
    lines = told.decode(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else ""
