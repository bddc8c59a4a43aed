"""A process that writes until it is killed, and says aloud what was acknowledged."""

import os
import sys
from pathlib import Path

from storage import StoreOptions, open_store


def main(url: str, folder: str) -> None:
    store = open_store(url, StoreOptions(spool_folder=Path(folder)))
    while True:
        with store.spool(limit=1 << 30) as spool:
            spool.receive(os.urandom(1 << 20) for _ in range(4))
            stored = store.put(spool)
        sys.stdout.write(f"{stored.key}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
