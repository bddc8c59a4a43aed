"""HTML into PDF with WeasyPrint, which here reaches only our own static files and one CJK font.

Also a program of its own, whose memory ends with it: press.py FOLDER [FONT] prints each *.html of
a folder beside it. Imports no app.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

STATIC = Path(__file__).parents[1] / "static"
SCHEME = "portal:"
KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


class Refused(ValueError):
    """A document asked for something that is not ours."""


def own_file(url: str, font: Path | None) -> Path:
    """The file behind portal:static/… or portal:font/…; any other address is refused."""
    place = unquote(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else ""
    folder, _slash, name = place.partition("/")
    if folder == "font" and font is not None:
        bold = font.with_name(font.name.replace("Regular", "Bold"))
        return bold if name == "bold" and bold.is_file() else font
    path = (STATIC / name).resolve()
    if folder != "static" or not path.is_relative_to(STATIC) or path.suffix not in KINDS:
        raise Refused(f"a document may only use our own files, not {url[:200]}")
    return path


def fetcher_of(resolve: Callable[[str], Path]) -> Any:
    """WeasyPrint's fetcher, which asks for the file behind each address."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            path = resolve(url)
            kind = KINDS.get(path.suffix, "application/octet-stream")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return OwnFiles()


def main(folder: Path, font: Path | None) -> None:
    """Print every document of the folder, one after the other."""
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    fetcher, fonts = fetcher_of(lambda url: own_file(url, font)), FontConfiguration()
    for source in sorted(folder.glob("*.html")):
        html = source.read_text(encoding="utf-8")
        document = HTML(string=html, base_url=f"{SCHEME}static/", url_fetcher=fetcher)
        document.write_pdf(source.with_suffix(".pdf"), font_config=fonts)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
