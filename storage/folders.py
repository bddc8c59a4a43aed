"""Names of files that last: a folder's own list is put on the disk like any other content."""

import os
from pathlib import Path


def flush_folder(folder: Path) -> None:
    """Put the names in a folder on the disk; until then a power cut may bring back the old ones."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
