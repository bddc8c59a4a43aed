"""A process that copies a store until it is killed, and says aloud what it copied."""

import sys
import time

from app.custody.copying import copy
from storage import open_store


def main(source: str, target: str) -> None:
    origin = open_store(source)
    for key, fate in copy(origin, open_store(target), list(origin.keys())):
        sys.stdout.write(f"{fate} {key}\n")
        sys.stdout.flush()
        time.sleep(0.02)  # time to be killed in


if __name__ == "__main__":
    main(*sys.argv[1:])
