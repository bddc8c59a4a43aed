"""The door of the cage: takes the limits upon itself and becomes the program. Imports no app.

door.py MEMORY_BYTES SECONDS OUTPUT_BYTES PROGRAM ARGUMENT… : what it starts has no network where
the kernel allows that, ends with whoever started it, and dumps no core.
"""

import ctypes
import os
import resource
import sys
from collections.abc import Sequence

NEW_NETWORK, NEW_USERS = 0x40000000, 0x10000000
DIE_WITH_PARENT, KILL = 1, 9


def shut(memory: int, seconds: int, output: int) -> None:
    """Take the limits upon this process and all that it will start."""
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(DIE_WITH_PARENT, KILL)
    kernel.unshare(NEW_NETWORK if os.geteuid() == 0 else NEW_NETWORK | NEW_USERS)
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: output,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))


def main(words: Sequence[str]) -> None:
    """Shut the door behind the program."""
    memory, seconds, output, *program = words
    shut(int(memory), int(seconds), int(output))
    os.nice(10)
    os.execv(program[0], program)  # noqa: S606 - becoming that program is the point


if __name__ == "__main__":
    main(sys.argv[1:])
