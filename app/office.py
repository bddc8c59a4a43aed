"""Documents into PDF by the programs that this machine has: LibreOffice, and a converter for OFD.

Both run in the cage: a profile of its own for each run, macros off, links never followed, no
network. Where a program is missing, the words say what to install.
"""

import shutil
import sys
from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _

from app.cage import CAGED, MIB, Failed, Limits, run
from app.errors import Words
from app.media import MediaType

PACKAGES = "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
INSTALL = f"apt-get install -y --no-install-recommends {PACKAGES}"
FOR_OFFICE = Limits(seconds=90, memory=2048 * MIB)
FOR_OFD = Limits(seconds=90, memory=8192 * MIB)  # such converters are Java, which reserves much
FOR_PICTURES = Limits(seconds=60, memory=1024 * MIB)
SHEETS = {MediaType.XLSX, MediaType.XLS}
OFFICE = SHEETS | {MediaType.DOCX, MediaType.DOC, MediaType.PPTX, MediaType.PPT}
PICTURES = {MediaType.TIFF, MediaType.BMP}
CONVERTED = OFFICE | PICTURES | {MediaType.OFD}
SMALL_SHEET = MIB // 2  # of these each sheet is one page, so that a wide table stays whole
WHOLE_SHEETS = 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"""  # noqa: E501 - a file of LibreOffice's, a line an item


def media_of(mime: str) -> MediaType | None:
    """The type behind the MIME name that a record keeps."""
    return next((media for media in MediaType if media.mime == mime), None)


def is_convertible(mime: str) -> bool:
    """Whether there are programs that make a PDF of this type, here or elsewhere."""
    return media_of(mime) in CONVERTED


def lacking(mime: str) -> Words | None:
    """What this machine lacks for this type, and the command that installs it."""
    media = media_of(mime)
    if media in OFFICE and not soffice():
        return _("Conversion is not available on this machine: %(command)s", command=INSTALL)
    if media is MediaType.OFD and not ofd_converter():
        return _(
            "No OFD converter is installed on this machine: the administrator names one that takes"
            " the OFD file and the PDF to be written (OFD_CONVERTER)"
        )
    return None


def soffice() -> str | None:
    """Where LibreOffice is: the one of the settings, else the one on the path."""
    return shutil.which(str(current_app.config["SOFFICE_FILE"] or "soffice"))


def ofd_converter() -> str | None:
    """The program of the settings that makes a PDF of an OFD."""
    told = str(current_app.config["OFD_CONVERTER"])
    return shutil.which(told) if told else None


def to_pdf(source: Path, mime: str, folder: Path) -> Path:
    """Make a PDF of a document in a scratch folder; Failed where the program can't."""
    media = media_of(mime)
    if media is MediaType.OFD:
        return _by_converter(source, folder)
    if media in PICTURES:
        return _by_pillow(source, folder)
    return _by_office(source, media or MediaType.DOCX, folder)


def _by_office(source: Path, media: MediaType, folder: Path) -> Path:
    program = soffice()
    if program is None:
        raise Failed("LibreOffice is not installed")
    named = folder / f"document{media.endings[0]}"  # its own ending, so that it is read as it is
    source.rename(named)
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
    form = WHOLE_SHEETS if media in SHEETS and named.stat().st_size < SMALL_SHEET else "pdf"
    words = ["--headless", "--norestore", "--nolockcheck", "--nologo", "--nodefault"]
    words += [f"-env:UserInstallation={profile.as_uri()}", "--convert-to", form]
    run([program, *words, "--outdir", out, named], folder, FOR_OFFICE)
    return _made(out / "document.pdf")


def _by_converter(source: Path, folder: Path) -> Path:
    program = ofd_converter()
    if program is None:
        raise Failed("no OFD converter is installed")
    named, made = folder / "document.ofd", folder / "document.pdf"
    source.rename(named)
    run([program, named, made], folder, FOR_OFD)
    return _made(made)


def _by_pillow(source: Path, folder: Path) -> Path:
    made = folder / "document.pdf"
    run([sys.executable, "-I", CAGED / "pictures.py", source, made], folder, FOR_PICTURES)
    return _made(made)


def _made(path: Path) -> Path:
    """LibreOffice says nothing when it can't read a document; then there is no PDF."""
    if not path.is_file() or path.read_bytes()[:5] != b"%PDF-":
        raise Failed("the document can't be read: it is damaged, or a password locks it")
    return path
