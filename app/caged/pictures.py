"""Pictures that no browser shows (TIFF, BMP) into a PDF of their pages: pictures.py FILE PDF."""

import sys
from pathlib import Path

from PIL import Image, ImageSequence

MOST_PAGES = 300
MOST_SIDE = 3500  # A4 at 300 dots an inch; larger scans are shown smaller


def pdf_of(source: Path, made: Path) -> None:
    """Write each frame of the picture as a page, no larger than a sheet at 300 dots an inch."""
    pages = []
    with Image.open(source) as picture:
        for number, frame in enumerate(ImageSequence.Iterator(picture)):
            if number == MOST_PAGES:
                break
            page = frame.convert("RGB")
            page.thumbnail((MOST_SIDE, MOST_SIDE))
            pages.append(page)
    pages[0].save(made, "PDF", resolution=200, save_all=True, append_images=pages[1:])


if __name__ == "__main__":
    pdf_of(Path(sys.argv[1]), Path(sys.argv[2]))
