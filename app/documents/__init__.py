"""Documents that go out (公文): filled from the records, numbered, as DOCX and as PDF."""


def join() -> None:
    """Listen to the features below."""
    from app.documents import joining

    joining.join()
