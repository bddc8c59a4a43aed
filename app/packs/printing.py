"""The prints of a pack: they wait as files and are printed together, in a program of their own."""

from collections.abc import Iterator
from pathlib import Path

from app import pdf

TOGETHER = 10  # documents; a print leaves memory behind that only the end of its program gives back


class Prints:
    """Documents that wait for their print, with the path that each will have in the pack."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "prints"
        self.folder.mkdir()
        self.waiting: list[str] = []

    def add(self, path: str, html: str) -> None:
        """One more document waits."""
        self._file(len(self.waiting), "html").write_text(html, encoding="utf-8")
        self.waiting.append(path)

    def printed(self) -> Iterator[tuple[str, bytes]]:
        """All that wait, printed, in their order; nothing of them stays."""
        if self.waiting:
            pdf.print_folder(self.folder)
        for number, path in enumerate(self.waiting):
            made = self._file(number, "pdf")
            yield path, made.read_bytes()
            made.unlink()
            self._file(number, "html").unlink()
        self.waiting = []

    def _file(self, number: int, ending: str) -> Path:
        return self.folder / f"{number:04d}.{ending}"
