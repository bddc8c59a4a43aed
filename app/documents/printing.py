"""An issued document as PDF: signed with the bureau's certificate where one is configured."""

from app import pdf_signing
from app.documents import layout
from app.documents.models import OfficialDocument
from app.pdf import pdf_of


def pdf(document: OfficialDocument) -> bytes:
    """The document as it is printed.

    A signature with a certificate of the settings is a signature of the PDF, no electronic seal:
    only what a seal service sealed and verified is called that.
    """
    parts = list(layout.parts_of(document.body))
    day = layout.day_in_words(document.dated_on)
    made = pdf_of("pdf/official_document.html", document=document, parts=parts, day=day)
    return pdf_signing.signed(made, document.title)
